"""Imageboards told apart by structure alone, page by page: none is taken for another, nor a forum for one of them."""

from crawler.detect import SURE_ENOUGH, sureness
from tests.crawler.test_detect import OWN, nameless, recorded_sites

TOLD_APART = ("fourchan", "jschan", "lynxchan", "vichan")


def test_pages_without_a_name_are_their_own_softwares_and_no_others() -> None:
    for own, pages in recorded_sites(OWN):
        for page in pages:
            sure = {name: found for name, found in sureness(nameless(page, own)).items() if name in TOLD_APART}
            assert [name for name, found in sure.items() if found >= SURE_ENOUGH and name != own] == [], page.url
            if own in TOLD_APART and not (page.url or "").endswith("/webring.json"):  # three softwares write it alike
                assert sure[own] >= SURE_ENOUGH, page.url
