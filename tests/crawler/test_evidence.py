"""Evidence: every stored post can be traced to the bytes it came from, and a kill leaves the file readable."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from warcio.archiveiterator import ArchiveIterator

from core.store import Store
from core.store.commits import read_post
from core.store.tables import evidence, posts
from crawler.evidence import EvidenceWriter
from tests.conftest import Program, Site

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_every_post_leads_to_the_bytes_it_was_read_from(program: Program, site: Site) -> None:
    thread = {"posts": [{"no": 1, "resto": 0, "time": 1_764_000_000, "com": "The kettle"}]}
    site.pages |= {
        "http://harbor.example/b/catalog.json": [{"page": 0, "threads": [{"no": 1, "last_modified": 1}]}],
        "http://harbor.example/b/res/1.json": thread,
    }
    program.source("harbor", platform="harbor", engine="vichan", url="http://harbor.example/b/")
    program.json("crawl", "harbor", "--proxy", site.url)
    store = Store.open(program.home)
    with store.read() as view:
        (post,) = map(read_post, view.execute(select(posts)))
        kept = view.execute(select(evidence).order_by(evidence.c.id)).all()
    store.close()
    assert post.evidence is not None
    with (program.home / "evidence" / post.evidence.file).open("rb") as file:
        file.seek(post.evidence.offset)
        record = next(iter(ArchiveIterator(file)))
        assert record.rec_headers.get_header("WARC-Target-URI") == "http://harbor.example/b/res/1.json"
        payload = record.content_stream().read()
    assert json.loads(payload) == thread
    assert hashlib.sha256(payload).hexdigest() == post.evidence.sha256
    chain = ""
    for row in kept:
        chain = hashlib.sha256(f"{chain}{row.sha256}".encode()).hexdigest()
        assert row.chain == chain


def test_a_record_cut_off_by_a_kill_harms_no_other(tmp_path: Path) -> None:
    killed = EvidenceWriter(tmp_path, "harbor")
    first = killed.write("http://harbor.example/1", 200, [("Content-Type", "text/html")], b"<p>one</p>", NOW)
    killed.write("http://harbor.example/2", 200, [], b"<p>two</p>" * 100, NOW)
    path = tmp_path / first.file
    path.write_bytes(path.read_bytes()[:-20])
    following = EvidenceWriter(tmp_path, "harbor")
    third = following.write("http://harbor.example/3", 200, [], b"<p>three</p>", NOW)
    following.close()
    killed.close()
    assert third.file != first.file
    for ref, url in ((first, "http://harbor.example/1"), (third, "http://harbor.example/3")):
        with (tmp_path / ref.file).open("rb") as file:
            file.seek(ref.offset)
            assert next(iter(ArchiveIterator(file))).rec_headers.get_header("WARC-Target-URI") == url


def test_a_record_claims_no_encoding_that_was_removed(tmp_path: Path) -> None:
    writer = EvidenceWriter(tmp_path, "harbor")
    ref = writer.write(
        "http://harbor.example/",
        200,
        [("Content-Encoding", "br"), ("Transfer-Encoding", "chunked"), ("ETag", "x")],
        b"hi",
        NOW,
    )
    writer.close()
    with (tmp_path / ref.file).open("rb") as file:
        record = next(iter(ArchiveIterator(file)))
        assert record.content_stream().read() == b"hi"
        assert dict(record.http_headers.headers).keys() == {"ETag"}


def test_a_crawl_that_fetched_nothing_leaves_no_file(tmp_path: Path) -> None:
    EvidenceWriter(tmp_path / "evidence", "harbor").close()
    assert list(tmp_path.iterdir()) == []
