"""A platform of unknown software is added by its address and read as posts at once."""

from tests.conftest import Program, Site


def forum(site: Site, threads: int) -> None:
    site.pages["http://tomorrow.example/"] = (
        '<!doctype html><html><body><h1>Tomorrow</h1><p>Welcome, have a look around.</p>'
        '<a href="/forum/3-tea">Tea</a><a href="/login">Log in</a></body></html>'
    )  # fmt: skip
    rows = "".join(
        f'<tr><td><a href="/topic/{n}-kettles">Kettles, part {n}</a></td><td>2026-11-20 10:0{n}</td></tr>'
        for n in range(1, threads + 1)
    )
    site.pages["http://tomorrow.example/forum/3-tea"] = (
        f"<!doctype html><html><body><table>{rows}</table></body></html>"
    )
    for n in range(1, threads + 1):
        posts = "".join(
            f'<div class="msg" id="msg{n}{at}"><b class="author">Wren</b> <span class="when">2026-11-20 10:0{at}</span>'
            f'<div class="said">{"Tea and cake. " * at}Thread {n}, message {at}.</div></div>'
            for at in range(1, 4)
        )
        site.pages[f"http://tomorrow.example/topic/{n}-kettles"] = (
            f"<!doctype html><html><body><h1>Kettles</h1>{posts}</body></html>"
        )


def test_its_threads_are_found_read_and_followed(program: Program, site: Site) -> None:
    forum(site, threads=2)
    added = program.json("source", "add", "http://tomorrow.example/", "--name", "tomorrow", "--proxy", site.url)
    assert added["engine"] == "generic"
    program.source("tomorrow", platform="tomorrow", engine="generic", url="http://tomorrow.example/")
    first = program.json("crawl", "tomorrow", "--proxy", site.url, "--now", "2026-11-24T10:00:00Z")["sources"][
        "tomorrow"
    ]
    assert (first["posts_new"], first["errors"]) == (7, [])  # six messages, and the front page's own words
    hit = program.json("search", '"thread 2, message 3"')["hits"][0]
    assert (hit["number"], hit["posted_at"]) == (23, "2026-11-20T10:03:00Z")
    assert hit["text"] == "Tea and cake. Tea and cake. Tea and cake. Thread 2, message 3."

    forum(site, threads=3)
    second = program.json("crawl", "tomorrow", "--proxy", site.url, "--now", "2026-11-24T11:00:00Z")["sources"][
        "tomorrow"
    ]
    assert (second["posts_new"], second["posts_deleted"]) == (3, 0)
    assert not [url for url, _ in site.requests if "login" in url]
