"""A page's commit: all or nothing, repeatable, and never at the cost of what was there."""

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from core.records import PageRef
from core.store import commits, frontier
from core.store.commits import Counts, PageResult, commit_page
from core.store.log import POST, backlog
from core.store.tables import evidence, links, log, pages, quarantine, revisions
from tests.core.conftest import Crawling, link, post


def test_a_commit_keeps_posts_links_revisions_pages_evidence_and_log_together(crawling: Crawling) -> None:
    further = PageRef("http://harbor.example/b/2", "thread", "b", 2)
    kept = post(1, links=(link("http://newharbor.example/"), link("http://other.example/x")))
    counts = crawling.crawl_thread(kept, post(2), found=[further])
    assert (counts.posts_new, counts.links, counts.changed_ids) == (2, 2, [kept.id, post(2).id])
    assert crawling.stored() == {1: kept, 2: post(2)}
    assert crawling.begin().resumed is False
    assert crawling.pages() == [further.url]
    with crawling.store.read() as view:
        assert view.execute(select(links.c.url).order_by(links.c.position)).scalars().all() == [
            "http://newharbor.example/", "http://other.example/x",
        ]  # fmt: skip
        assert view.execute(select(func.count()).select_from(revisions)).scalar() == 2
        assert backlog(view, "tag", POST) == 2


def test_a_failure_inside_a_commit_leaves_nothing_behind(crawling: Crawling, monkeypatch: pytest.MonkeyPatch) -> None:
    crawling.begin(PageRef("http://harbor.example/b/1", "thread", "b", 1))
    lease = crawling.page()
    with monkeypatch.context() as broken:
        broken.setattr(commits, "_done", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            crawling.read(lease, post(1))
    assert crawling.stored() == {}
    with crawling.store.read() as view:
        for table in (evidence, log, revisions):
            assert view.execute(select(func.count()).select_from(table)).scalar() == 0
    assert crawling.read(lease, post(1)).posts_new == 1


def test_the_same_page_committed_twice_changes_nothing(crawling: Crawling) -> None:
    crawling.begin(PageRef("http://harbor.example/b/1", "thread", "b", 1))
    lease = crawling.page()
    crawling.read(lease, post(1), post(2))
    again = crawling.read(lease, post(1), post(2))
    assert again == Counts()
    assert {one.revision for one in crawling.stored().values()} == {1}


def test_an_edit_is_a_revision_and_the_old_text_stays(crawling: Crawling) -> None:
    crawling.crawl_thread(post(1, "before", links=(link("http://old.example/"),)))
    counts = crawling.crawl_thread(post(1, "after", links=(link("http://new.example/"),)))
    assert (counts.posts_new, counts.posts_changed) == (0, 1)
    assert (crawling.stored()[1].text, crawling.stored()[1].revision) == ("after", 2)
    with crawling.store.read() as view:
        kept = view.execute(select(revisions.c.record).order_by(revisions.c.revision)).scalars()
        assert [record["text"] for record in kept] == ["before", "after"]
        assert view.execute(select(links.c.url)).scalars().all() == ["http://new.example/"]


def test_when_a_post_was_first_seen_survives_its_edits(crawling: Crawling) -> None:
    first = crawling.now
    crawling.crawl_thread(post(1, "before"))
    crawling.crawl_thread(post(1, "after").model_copy(update={"first_seen_at": crawling.now}))
    assert crawling.stored()[1].first_seen_at == first


def test_a_post_that_is_missing_from_its_thread_is_marked_and_kept(crawling: Crawling) -> None:
    crawling.crawl_thread(post(1), post(2))
    seen = crawling.now
    assert crawling.crawl_thread(post(1)).posts_deleted == 1
    assert crawling.stored()[2].deleted_seen_at == seen
    assert crawling.stored()[2].text == "The kettle"
    assert crawling.stored()[1].deleted_seen_at is None
    assert crawling.crawl_thread(post(1)).posts_deleted == 0  # noted once


def test_a_post_that_is_back_is_no_longer_deleted_and_is_news(crawling: Crawling) -> None:
    crawling.crawl_thread(post(1), post(2))
    crawling.crawl_thread(post(1))
    counts = crawling.crawl_thread(post(1), post(2))
    assert (counts.posts_changed, counts.changed_ids) == (1, [post(2).id])
    assert crawling.stored()[2].deleted_seen_at is None


def test_a_thread_that_is_gone_marks_all_its_posts(crawling: Crawling) -> None:
    crawling.crawl_thread(post(1), post(2))
    crawling.begin(PageRef("http://harbor.example/b/1", "thread", "b", 1))
    assert crawling.commit(crawling.page(), gone=True).posts_deleted == 2
    assert {one.deleted_seen_at for one in crawling.stored().values()} == {crawling.now}
    crawling.end()
    crawling.begin(recheck=100)
    assert crawling.pages() == []  # what is gone is not asked for again


def test_where_one_spelling_of_a_page_is_gone_the_other_is_asked_before_anything_is_deleted(
    crawling: Crawling,
) -> None:
    crawling.crawl_thread(post(1))
    both = PageRef("http://harbor.example/b/1", "thread", "b", 1, alternate="http://harbor.example/b/1.html")
    crawling.begin(both)
    assert crawling.commit(crawling.page(), gone=True).posts_deleted == 0
    assert crawling.page().found.url == "http://harbor.example/b/1.html"


def test_a_failed_page_touches_nothing_is_kept_aside_and_asked_for_again(crawling: Crawling) -> None:
    crawling.crawl_thread(post(1))
    crawling.begin(PageRef("http://harbor.example/b/1", "thread", "b", 1))
    crawling.read(crawling.page(), failure="expected JSON")
    assert crawling.lease() is None  # not by this crawl
    crawling.end()
    assert crawling.stored() == {1: post(1)}
    with crawling.store.read() as view:
        (kept,) = view.execute(select(quarantine)).all()
    assert (kept.url, kept.why) == ("http://harbor.example/b/1", "expected JSON")
    crawling.begin()
    assert crawling.page().found.url == "http://harbor.example/b/1"


def test_a_thread_over_several_pages_loses_a_post_only_when_all_were_seen(crawling: Crawling) -> None:
    first, second = (PageRef(f"http://harbor.example/b/1?page={n}", "thread", "b", 1, n) for n in (1, 2))
    crawling.begin(first, second)
    crawling.read(crawling.page(), post(1), post(2), parts=2)
    crawling.read(crawling.page(), post(3), parts=2)
    crawling.end()
    crawling.begin(first, second)
    assert crawling.read(crawling.page(), post(1), post(3), parts=2).posts_deleted == 0  # 2 may be on page two now
    assert crawling.read(crawling.page(), parts=2).posts_deleted == 1
    assert [number for number, one in crawling.stored().items() if one.deleted_seen_at] == [2]


def test_a_thread_that_shrank_to_one_page_forgets_its_second(crawling: Crawling) -> None:
    first, second = (PageRef(f"http://harbor.example/b/1?page={n}", "thread", "b", 1, n) for n in (1, 2))
    crawling.begin(first, second)
    crawling.read(crawling.page(), post(1), parts=2)
    crawling.read(crawling.page(), post(2), parts=2)
    crawling.end()
    crawling.begin(first)
    assert crawling.read(crawling.page(), post(1), parts=1).posts_deleted == 1
    with crawling.store.read() as view:
        assert view.execute(select(pages.c.url).where(pages.c.gone)).scalars().all() == [second.url]


def test_threads_that_a_complete_list_no_longer_names_are_looked_at_at_once(crawling: Crawling) -> None:
    catalog = PageRef("http://harbor.example/b/catalog", "index", "b")
    threads = [PageRef(f"http://harbor.example/b/{n}", "thread", "b", n, hint="same") for n in (1, 2)]
    crawling.begin(catalog)
    crawling.read(crawling.page(), found=threads, lists_board="b")
    assert crawling.pages() == [thread.url for thread in threads]
    crawling.end()
    crawling.begin(catalog)
    crawling.read(crawling.page(), found=threads[:1], lists_board="b")
    assert crawling.pages() == [threads[1].url]


def test_a_board_that_vanished_has_its_threads_asked(crawling: Crawling) -> None:
    catalog = PageRef("http://harbor.example/b/catalog", "index", "b")
    crawling.begin(catalog)
    crawling.read(crawling.page(), found=[PageRef("http://harbor.example/b/1", "thread", "b", 1, hint="same")])
    crawling.read(crawling.page(), post(1))
    crawling.end()
    crawling.begin(catalog)
    assert crawling.commit(crawling.page(), gone=True).posts_deleted == 0  # the threads say it themselves
    assert crawling.commit(crawling.page(), gone=True).posts_deleted == 1


def test_an_unchanged_page_keeps_its_posts_alive(crawling: Crawling) -> None:
    crawling.crawl_thread(post(1))
    crawling.begin(PageRef("http://harbor.example/b/1", "thread", "b", 1))
    assert crawling.commit(crawling.page(), unchanged=True) == Counts()
    assert crawling.stored()[1].deleted_seen_at is None


def test_a_result_that_comes_after_its_lease_was_lost_counts_all_the_same(crawling: Crawling) -> None:
    crawling.begin(PageRef("http://harbor.example/b/1", "thread", "b", 1))
    late = crawling.page()
    crawling.begin()  # another process took over and gave the leases back
    crawling.read(crawling.page(), post(1))
    assert crawling.read(late, post(1)) == Counts()
    assert list(crawling.stored()) == [1]


def test_each_evidence_record_is_chained_to_all_before_it(crawling: Crawling) -> None:
    crawling.crawl_thread(post(1))
    crawling.crawl_thread(post(1), post(2))
    with crawling.store.read() as view:
        first, second = view.execute(select(evidence.c.chain, evidence.c.sha256).order_by(evidence.c.id)).all()
    assert first.chain == hashlib.sha256(first.sha256.encode()).hexdigest()
    assert second.chain == hashlib.sha256(f"{first.chain}{second.sha256}".encode()).hexdigest()


def test_the_same_number_on_two_boards_is_two_posts(crawling: Crawling) -> None:
    crawling.begin(
        PageRef("http://harbor.example/b/1", "thread", "b", 1), PageRef("http://harbor.example/c/1", "thread", "c", 1)
    )
    crawling.read(crawling.page(), post(1, "on b"))
    crawling.read(crawling.page(), post(1, "on c", board="c"))
    with crawling.store.read() as view:
        assert view.execute(select(func.count()).select_from(revisions)).scalar() == 2


def test_a_crawl_counts_what_its_pages_brought(crawling: Crawling) -> None:
    crawling.crawl_thread(post(1), post(2))
    crawling.begin(PageRef("http://harbor.example/b/1", "thread", "b", 1))
    lease = crawling.page()
    commit_page(crawling.store, replace(PageResult(lease), failure="HTTP 500"), crawling.now)
    with crawling.store.read() as view:
        row = frontier.last_crawl(view, "harbor")
    assert row is not None
    assert (row.pages, row.posts_new, row.errors) == (1, 0, [{"url": lease.found.url, "why": "HTTP 500"}])
