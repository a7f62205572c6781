"""Imageboards with a JSON interface are found by their front page and crawled to their last post."""

import pytest

from tests.conftest import Program, Site
from tests.crawler.test_engines_json_boards import js_thread, lynx_thread

BASE = "http://chan.example"
FRONTS = {
    "lynxchan": '<a href="https://gitgud.io/LynxChan/LynxChan">LynxChan 2.8</a>',
    "jschan": '<a href="https://gitgud.io/fatchan/jschan/">jschan</a> 1.2',
}


def publish(site: Site, engine: str) -> None:
    site.pages[f"{BASE}/"] = (
        f"<!doctype html><html><body><h1>Chan</h1><a href='/tea/'>/tea/</a><footer>{FRONTS[engine]}</footer></body></html>"
    )
    if engine == "lynxchan":
        thread = lynx_thread()
        site.pages[f"{BASE}/boards.js?json=1"] = {
            "status": "ok",
            "data": {"pageCount": 1, "boards": [{"boardUri": "tea"}]},
        }
        site.pages[f"{BASE}/tea/catalog.json"] = [{"threadId": 17, "message": "x", "postCount": 2, "lastBump": "a"}]
        site.pages[f"{BASE}/tea/res/17.json"] = thread
    else:
        site.pages[f"{BASE}/boards.json?local_first=true&sites="] = {
            "boards": [{"_id": "tea", "settings": {}}],
            "page": 1,
            "maxPage": 1,
        }
        site.pages[f"{BASE}/tea/catalog.json"] = [{"postId": 17, "board": "tea", "nomarkup": "", "replyposts": 1}]
        site.pages[f"{BASE}/tea/thread/17.json"] = js_thread()


@pytest.mark.parametrize("engine", FRONTS)
def test_a_board_is_found_by_its_front_page_and_crawled(engine: str, program: Program, site: Site) -> None:
    publish(site, engine)
    added = program.json("source", "add", f"{BASE}/", "--name", "chan", "--proxy", site.url)
    assert (added["engine"], added["posts"], added["errors"]) == (engine, 2, [])
    crawled = program.json("crawl", "chan", "--proxy", site.url)["sources"]["chan"]
    assert (crawled["posts_new"], crawled["errors"]) == (2, [])
    assert {hit["number"] for hit in program.json("search", "board:tea")["hits"]} == {17, 18}
