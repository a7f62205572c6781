"""What reading a page adds to what its engine gives, and that every engine goes on with what the second reader read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from core.records import Attachment, PageRef, PublishedPost
from crawler.engines import ENGINES
from crawler.errors import PageError
from crawler.links import links_in
from crawler.page import Document, Engine, Parsed
from crawler.reading import kind_of, read
from tests.crawler.conftest import pages_of

URL = "http://board.example/b/1"
RECORDINGS = Path(__file__).parent.parent / "recordings"
HTML_BOARDS = (
    "communities", "flarum", "fluxbb", "foolfuuka", "futaba", "invision", "jschan", "lynxchan", "phpbb", "smf",
    "tinyib", "vbulletin", "voat", "xenforo",
)  # fmt: skip
"""Recorded engines whose threads are pages."""


def test_links_in_the_names_of_files_are_the_posts_too_each_once() -> None:
    post = PublishedPost(
        board="b", thread=1, number=1, url=URL, posted_at=None, links=links_in("one.example"),
        attachments=(Attachment(filename="one.example.png"), Attachment(filename="two[.]example.png")),
    )  # fmt: skip
    plain = post.model_copy(update={"attachments": ()})
    given = Parsed([post, plain], parts=3)
    engine = Engine("stub", lambda _: 1, lambda _: (), lambda _: None, {"thread": lambda _, __: given})
    parsed = read(engine, PageRef(URL, "thread"), Document(URL, b""))
    assert [[link.url for link in one.links] for one in parsed.posts] == [
        ["https://one.example/", "https://two.example/"], ["https://one.example/"],
    ]  # fmt: skip
    assert parsed.parts == 3


@pytest.mark.parametrize("name", HTML_BOARDS)
def test_every_engine_goes_on_with_a_page_too_deep_for_the_first_reader(name: str) -> None:
    """Old boards do that: a tag that each post leaves open."""
    document, ref, posts = next(threads(ENGINES[name], pages_of(RECORDINGS / name / "snapshot-1.warc.gz").values()))
    deep = re.sub("(?i)<body[^>]*>", lambda body: body[0] + "<font>" * 3000, document.text)
    document = replace(document, body=deep.encode(), content_type="text/html; charset=utf-8")
    assert read(ENGINES[name], ref, document).posts == posts


def threads(
    engine: Engine, documents: Iterable[Document]
) -> Iterator[tuple[Document, PageRef, Sequence[PublishedPost]]]:
    """The pages of threads, with what is read from them."""
    for document in documents:
        with suppress(PageError):
            ref = kind_of(engine, document)
            if ref is not None and ref.kind == "thread" and document.has_html_tag:
                yield document, ref, read(engine, ref, document).posts
