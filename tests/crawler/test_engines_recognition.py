"""Imageboards told apart by structure alone: pages of every recording without generator, comments, footers and their makers' links."""

import re
from pathlib import Path

import pytest
from lxml import html

from crawler.detect import SURE_ENOUGH, sureness
from crawler.markup import drop, select
from crawler.page import Document
from tests.crawler.conftest import pages_of

RECORDINGS = sorted((Path(__file__).parents[1] / "recordings").glob("*/*.warc.gz"))
TOLD_APART = ("fourchan", "jschan", "lynxchan", "vichan")
MAKERS = re.compile(r"(?i)lynxchan|jschan|vichan-devel|vichan\.net|tinyboard|penumbra|4chan\.org")
TEXTS = ("text/html", "application/json")


def nameless(document: Document) -> Document:
    """The page without what names its software."""
    if document.is_json:
        return document
    page = document.html
    named = [link for link in select(page, "a[href]") if MAKERS.search(link.get("href", "").partition(".example")[0])]
    drop(page, *select(page, "meta[name='generator'], footer, .footer, .unimportant, #linkEngine"), *named)
    kept = re.sub(r"(?s)<!--.*?-->", "", html.tostring(page, encoding="unicode"))
    return Document(document.url, kept.encode(), "text/html; charset=utf-8")


@pytest.mark.parametrize("warc", RECORDINGS, ids=lambda warc: f"{warc.parent.name}-{warc.name.partition('.')[0]}")
def test_pages_without_a_name_are_their_own_softwares_and_no_others(warc: Path) -> None:
    own = warc.parent.name
    for url, page in pages_of(warc).items():
        if page.status != 200 or not (page.content_type or "").startswith(TEXTS):
            continue
        document = nameless(page)
        sure = {name: found for name, found in sureness(document).items() if name in TOLD_APART}
        assert [name for name, found in sure.items() if found >= SURE_ENOUGH and name != own] == [], url
        if own in TOLD_APART and not url.endswith("/webring.json"):
            assert sure[own] >= SURE_ENOUGH, url
