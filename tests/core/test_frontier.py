"""The frontier: every page once a crawl, lists before threads, no host asked before its time, whatever is killed."""

import time
from pathlib import Path

import pytest

from core.records import PageRef
from core.store import Store, frontier
from core.store.frontier import Lease
from tests.core.conftest import NOW, Crawling, post

ENTRY = PageRef("http://harbor.example/", "entry")
CATALOG = PageRef("http://harbor.example/b/catalog", "index", "b")
THREADS = [PageRef(f"http://harbor.example/b/{n}", "thread", "b", n, hint=f"{n} replies") for n in (1, 2, 3)]


def test_the_entry_comes_first_then_lists_then_threads_then_known_pages_in_their_turn(crawling: Crawling) -> None:
    crawling.begin(ENTRY)
    crawling.read(crawling.page(), found=[*THREADS[:2], CATALOG])
    assert crawling.pages() == [CATALOG.url, THREADS[0].url, THREADS[1].url]
    crawling.end()
    crawling.begin(ENTRY, recheck=10)
    crawling.read(crawling.page(), found=[THREADS[2]])
    first, *known = crawling.pages()
    assert (first, set(known)) == (THREADS[2].url, {CATALOG.url, THREADS[0].url, THREADS[1].url})


def test_a_trial_takes_threads_before_further_lists(crawling: Crawling) -> None:
    crawling.begin(ENTRY)
    crawling.read(crawling.page(), found=[CATALOG, THREADS[0]])
    got = frontier.lease(crawling.store, "harbor", crawling.crawl, "me", 0, NOW, deepest=True)
    assert isinstance(got, Lease)
    assert got.found == THREADS[0]


def test_a_page_is_handed_out_once_and_asked_for_once_a_crawl(crawling: Crawling) -> None:
    crawling.begin(ENTRY)
    lease = crawling.page()
    assert crawling.lease("somebody else") is None
    crawling.read(lease, found=[ENTRY])
    assert crawling.lease() is None


def test_only_threads_whose_hint_changed_are_due_again(crawling: Crawling) -> None:
    crawling.begin(CATALOG)
    crawling.read(crawling.page(), found=THREADS)
    crawling.pages()
    crawling.end()
    changed = PageRef(THREADS[1].url, "thread", "b", 2, hint="17 replies")
    crawling.begin(CATALOG)
    crawling.read(crawling.page(), found=[THREADS[0], changed, THREADS[2]])
    assert crawling.pages() == [changed.url]


def test_a_crawl_that_was_cut_short_goes_on_and_gives_lost_leases_back(crawling: Crawling) -> None:
    first = crawling.begin(CATALOG)
    crawling.read(crawling.page(), found=THREADS)
    lost = crawling.page()
    again = crawling.begin(CATALOG)
    assert (again.id, again.resumed) == (first.id, True)
    assert lost.found.url in crawling.pages()
    assert crawling.begin(CATALOG).id == first.id
    crawling.end()
    assert crawling.begin(CATALOG).resumed is False


def test_a_lease_that_ran_out_is_handed_out_again(crawling: Crawling, monkeypatch: pytest.MonkeyPatch) -> None:
    crawling.begin(ENTRY)
    crawling.page()
    later = time.time() + frontier.LEASE_SECONDS + 1
    assert crawling.lease() is None
    monkeypatch.setattr("core.store.frontier.time.time", lambda: later)
    assert crawling.page().found == ENTRY


def test_a_host_is_not_asked_before_its_delay_whichever_process_asks(crawling: Crawling, tmp_path: Path) -> None:
    elsewhere = PageRef("http://other.example/", "entry")
    crawling.begin(ENTRY, CATALOG)
    assert isinstance(crawling.lease(delay=100), Lease)
    wait = crawling.lease(delay=100)
    assert isinstance(wait, float)
    assert 90 < wait <= 100
    second = Store.open(tmp_path)
    assert isinstance(frontier.lease(second, "harbor", crawling.crawl, "other", 100, NOW), float)
    begun = frontier.begin_crawl(second, "other", [elsewhere], NOW, recheck=0)
    assert isinstance(frontier.lease(second, "other", begun.id, "other", 100, NOW), Lease)  # another host
    second.close()


def test_two_sources_on_one_host_share_its_delay(crawling: Crawling) -> None:
    crawling.begin(ENTRY)
    begun = frontier.begin_crawl(crawling.store, "twin", [CATALOG], NOW, recheck=0)
    assert isinstance(crawling.lease(delay=100), Lease)
    assert isinstance(frontier.lease(crawling.store, "twin", begun.id, "me", 0, NOW), float)


def test_a_host_that_asked_to_be_left_in_peace_is(crawling: Crawling) -> None:
    crawling.begin(ENTRY)
    frontier.leave_in_peace(crawling.store, "harbor.example", 500)
    frontier.leave_in_peace(crawling.store, "harbor.example", 5)  # a shorter wish does not shorten it
    wait = crawling.lease()
    assert isinstance(wait, float)
    assert wait > 400


def test_validators_of_the_last_fetch_come_with_the_lease(crawling: Crawling) -> None:
    crawling.begin(ENTRY)
    lease = crawling.page()
    assert (lease.etag, lease.last_modified) == (None, None)
    crawling.read(lease, etag='"v1"', last_modified="Tue, 24 Nov 2026 12:00:00 GMT")
    crawling.end()
    crawling.begin(ENTRY)
    again = crawling.page()
    assert (again.etag, again.last_modified) == ('"v1"', "Tue, 24 Nov 2026 12:00:00 GMT")


def test_known_pages_are_looked_at_again_in_turn_the_longest_unvisited_first(crawling: Crawling) -> None:
    crawling.begin(*THREADS)
    crawling.pages()
    crawling.end()
    turns = []
    for _ in range(3):
        crawling.begin(recheck=2)
        turns.append(set(crawling.pages()))
        crawling.end()
    urls = [thread.url for thread in THREADS]
    assert turns[0] == {urls[0], urls[1]}
    assert urls[2] in turns[1]
    assert urls[1] in turns[2]


def test_a_thread_number_beyond_integers_comes_back_as_it_was(crawling: Crawling) -> None:
    crawling.begin(PageRef("http://harbor.example/t/0017-x", "thread", None, "0017-x"))
    assert crawling.page().found.thread == "0017-x"
    crawling.begin(PageRef("http://harbor.example/t/17", "thread", None, 17))


def test_a_found_engine_is_known_to_the_next_crawl(crawling: Crawling) -> None:
    crawling.begin(ENTRY)
    frontier.keep_engine(crawling.store, crawling.crawl, "vichan")
    crawling.end()
    assert crawling.begin(ENTRY).engine == "vichan"


def test_a_lost_thread_that_is_listed_again_is_asked_for_again(crawling: Crawling) -> None:
    crawling.crawl_thread(post(1))
    crawling.begin(THREADS[0])
    crawling.commit(crawling.page(), gone=True)
    crawling.end()
    crawling.begin(CATALOG)
    crawling.read(crawling.page(), found=[THREADS[0]])
    assert crawling.page().found == THREADS[0]


def test_a_host_has_one_turn_at_a_time_for_looks_and_crawls_alike(crawling: Crawling) -> None:
    store = crawling.store
    assert frontier.take_turn(store, "harbor.example", 60) == 0
    assert 59 < frontier.take_turn(store, "harbor.example", 60) <= 60
    assert frontier.take_turn(store, "other.example", 60) == 0
    crawling.begin(ENTRY)
    got = frontier.lease(store, "harbor", crawling.crawl, "me", 0, NOW)
    assert isinstance(got, float)
    assert got > 59
