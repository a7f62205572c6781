"""Links of a post: every way people write them, and what only looks like one."""

import time

import pytest

from core.records import LinkKind
from crawler.links import links_in, normalise

ONION = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx"
CHECKED_ONION = "aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dyp3kead"

WRITTEN = [
    ("https://newboard.example/b/", "https://newboard.example/b/"),
    ("http://newboard.example", "http://newboard.example/"),
    ("HTTP://NewBoard.EXAMPLE/B/", "http://newboard.example/B/"),
    ("https://newboard.example:443/x", "https://newboard.example/x"),
    ("https://newboard.example:8443/x", "https://newboard.example:8443/x"),
    ("(https://wiki.example/Harbor_(site))", "https://wiki.example/Harbor_(site)"),
    ("see https://newboard.example/a.", "https://newboard.example/a"),
    ("https://newboard.example/a, and more", "https://newboard.example/a"),
    ("“https://newboard.example/a”", "https://newboard.example/a"),
    ("<https://newboard.example/a>", "https://newboard.example/a"),
    ("[url]https://newboard.example/a[/url]", "https://newboard.example/a"),
    ("[here](https://newboard.example/a)", "https://newboard.example/a"),
    ("**https://newboard.example/a**", "https://newboard.example/a"),
    ("https://newboard.example/a?x=1&y=2#p3!", "https://newboard.example/a?x=1&y=2#p3"),
    ("https://newboard.example/a%20b.pdf", "https://newboard.example/a%20b.pdf"),
    ("https://name:secret@newboard.example/a", "https://newboard.example/a"),
    ("https://пример.test/доска", "https://xn--e1afmkfd.test/%D0%B4%D0%BE%D1%81%D0%BA%D0%B0"),
    ("https://xn--bcher-kva.example/katalog", "https://xn--bcher-kva.example/katalog"),
    ("http://203.0.113.9:8080/b/", "http://203.0.113.9:8080/b/"),
    ("http://[2001:db8::1]/b/", "http://[2001:db8::1]/b/"),
    ("www.newboard.example", "http://www.newboard.example/"),
    ("www.newboard.md now", "http://www.newboard.md/"),
    ("newboard.example", "https://newboard.example/"),
    ("newboard.example.", "https://newboard.example/"),
    ("newboard.example/board?", "https://newboard.example/board"),
    ("newboard.example:8080", "https://newboard.example:8080/"),
    ("NEWBOARD.NET", "https://newboard.net/"),
    ("16newboard.us is up", "https://16newboard.us/"),
    ("новая-доска.рф", "https://xn----7sbbfm0bqie4a4m.xn--p1ai/"),
    ("板はnewboard.exampleです", "https://newboard.example/"),
    ("t.me/harbor_desk", "https://t.me/harbor_desk"),
    ("t[.]me/harbor_desk", "https://t.me/harbor_desk"),
    ("tg://resolve?domain=harbor_desk", "https://t.me/harbor_desk"),
    (f"{ONION}.onion", f"http://{ONION}.onion/"),
    (f"http://{ONION}.onion/b/", f"http://{ONION}.onion/b/"),
    (f"http://{ONION}[.]onion/b/", f"http://{ONION}.onion/b/"),
    (f"key {CHECKED_ONION}", f"http://{CHECKED_ONION}.onion/"),
    ("hxxp://newboard.example/x", "http://newboard.example/x"),
    ("hXXps://newboard[.]example/x", "https://newboard.example/x"),
    ("h**ps://newboard.example", "https://newboard.example/"),
    ("https[:]//newboard[.]example/a", "https://newboard.example/a"),
    ("https[://]newboard[.]example/a", "https://newboard.example/a"),
    ("newboard[.]example", "https://newboard.example/"),
    ("newboard(.)example", "https://newboard.example/"),
    ("newboard{.}example/b", "https://newboard.example/b"),
    ("newboard[dot]example", "https://newboard.example/"),
    ("newboard(dot)example/welcome", "https://newboard.example/welcome"),
    ("newboard (dot) example", "https://newboard.example/"),
    ("newboard dot example", "https://newboard.example/"),
    ("it is newboard DOT example now", "https://newboard.example/"),
    ("www dot newboard dot example", "http://www.newboard.example/"),
    ("newboard dot example slash b", "https://newboard.example/b"),
    ("new\u200bboard.exam\u00adple", "https://newboard.example/"),
    ("newboard.example.Come along", "https://newboard.example/"),
    ("newboard[.]to is up", "https://newboard.to/"),
    ("newboard . example", "https://newboard.example/"),
    ("newboard . com is up", "https://newboard.com/"),
    ("newboard punto com", "https://newboard.com/"),
    ("newboard punkt de", "https://newboard.de/"),
    ("www . newboard . example", "http://www.newboard.example/"),
    ("n e w b o a r d . example", "https://newboard.example/"),
    ("h t t p s : / / n e w b o a r d . e x a m p l e / b", "https://newboard.example/b"),
    ("newboard[.]example[/]b", "https://newboard.example/b"),
    ("ttp://newboard.example/", "http://newboard.example/"),
    ("https:/newboard.example/x", "https://newboard.example/x"),
    ("https//newboard.example", "https://newboard.example/"),
    ("://www.newboard.example", "http://www.newboard.example/"),
    ("ｎｅｗｂｏａｒｄ．ｅｘａｍｐｌｅ", "https://newboard.example/"),
    ("newboard.i2p", "http://newboard.i2p/"),
    ("newboard.eth", "https://newboard.eth/"),
    ("newboard.co.uk", "https://newboard.co.uk/"),
    ("BelfastBoard.co.uk", "https://belfastboard.co.uk/"),
    ("go to newboard.la", "https://newboard.la/"),
    ("https://wiki.example/polka-dot-com", "https://wiki.example/polka-dot-com"),
    ("https://web.archive.org/web/2026/http:/old.example/", "https://web.archive.org/web/2026/http:/old.example/"),
    ("https://12ft.io/https://newboard.example/a", "https://newboard.example/a"),
    ("https://forum.example/leave.php?u=https%3A%2F%2Fnewboard.example%2Fa", "https://newboard.example/a"),
    ("https://forum.example/redirect?to=aHR0cHM6Ly9uZXdib2FyZC5leGFtcGxlL2E", "https://newboard.example/a"),
    ("https://href.li/?https://anonym.to/?https://newboard.example/a", "https://newboard.example/a"),
    ("https://href.li/?https://newboard.example/a", "https://newboard.example/a"),
    ("https://www.google.com/url?q=https%3A%2F%2Fnewboard.example%2Fa&sa=D", "https://newboard.example/a"),
]

NO_LINKS = [
    "e.g. this", "i.e. that", "file.txt", "photo.jpg", "setup.py", "README.md", "run.sh", "backup.zip", "main.rs",
    "1.2.3", "v1.2.3.4", "127.0.0.1", "3.14", "and.then", "...", "wait...what", "well..no", "a.b.c.d", "U.S.A.",
    "we left.it was late", "done.So we go", "stop.Now", "it works.No", "no.1", "at 5.pm", "10.am sharp",
    "name@new-board.example", "a@mail.newboard.example", "me [at] newboard [dot] com", "user.id", "self.app", "ja.de man",
    "asp.net", "app.config.me", "este punto es claro", "votre point de vue", "nesse ponto com ela", "we left . top comment",
    "HTTP/1.1 200 OK", "http:// 5.pm", "www. It was late", "node.js 18.2.0.window.location.is", "oud.om 7.30",
    "telegram: down", "my telegram is broken", "name@newboard.example", "first.last@newboard.example", "asp.net", "node.js", "self.name", "os.path",
    "subprocess.run(command)", "plt.show()", "C:\\newboard.com", "connect the dot on the left", "a polka dot dress",
    "the dot in the middle", "polka dot shoes", "http://", "https:// ", "http://localhost/x", "http:///x", "www.",
    "https://[nonsense/", "e.g.,and so on", "(.)(.)", "?.!", "@handle", "#tag", ">>123", "12:30", "$5.00",
]  # fmt: skip


@pytest.mark.parametrize(("text", "url"), WRITTEN, ids=[text for text, _ in WRITTEN])
def test_a_written_link_is_found_and_normalised(text: str, url: str) -> None:
    assert [link.url for link in links_in(text)] == [url]


@pytest.mark.parametrize("text", NO_LINKS)
def test_what_only_looks_like_a_link_is_none(text: str) -> None:
    assert links_in(text) == ()


@pytest.mark.parametrize(
    ("url", "kind", "service", "handle"),
    [
        ("https://t.me/harbor_desk", LinkKind.ACCOUNT, "telegram", "harbor_desk"),
        ("https://t.me/s/harbor_desk/12", LinkKind.ACCOUNT, "telegram", "harbor_desk"),
        ("https://t.me/+Ab3dExampleHash", LinkKind.INVITE, "telegram", "Ab3dExampleHash"),
        ("https://t.me/joinchat/AAAAAExample", LinkKind.INVITE, "telegram", "AAAAAExample"),
        ("https://t.me/share/url?url=x", LinkKind.WEB, None, None),
        ("https://x.com/lantern_example", LinkKind.ACCOUNT, "twitter", "lantern_example"),
        ("https://mobile.twitter.com/lantern_example/status/1", LinkKind.ACCOUNT, "twitter", "lantern_example"),
        ("https://twitter.com/search?q=x", LinkKind.WEB, None, None),
        ("https://discord.gg/exampleinv", LinkKind.INVITE, "discord", "exampleinv"),
        ("https://discord.com/invite/exampleinv", LinkKind.INVITE, "discord", "exampleinv"),
        ("https://discord.com/channels/1/2", LinkKind.WEB, None, None),
        ("https://gab.com/harbor_example", LinkKind.ACCOUNT, "gab", "harbor_example"),
        ("https://www.youtube.com/@lantern", LinkKind.ACCOUNT, "youtube", "lantern"),
        ("https://www.youtube.com/watch?v=abcDEF_1234&t=42s", LinkKind.MEDIA, None, None),
        ("https://youtu.be/abcDEF_1234", LinkKind.MEDIA, None, None),
        ("https://odysee.com/@harbor-example:3/evening:b", LinkKind.ACCOUNT, "odysee", "harbor-example"),
        ("https://www.bitchute.com/channel/lantern/", LinkKind.ACCOUNT, "bitchute", "lantern"),
        ("https://www.bitchute.com/video/abc/", LinkKind.MEDIA, None, None),
        ("https://lantern.substack.com/p/moving", LinkKind.ACCOUNT, "substack", "lantern"),
        ("https://archive.ph/ExMp1", LinkKind.ARCHIVE, None, None),
        ("https://web.archive.org/web/2026/http://oldboard.example/b/", LinkKind.ARCHIVE, None, None),
        ("https://bit.ly/3example", LinkKind.SHORTENER, None, None),
        ("https://files.catbox.moe/abc.png", LinkKind.MEDIA, None, None),
        ("https://t.me/harbor_desk#about", LinkKind.ACCOUNT, "telegram", "harbor_desk"),
        ("https://t.me/Harbor_Desk", LinkKind.ACCOUNT, "telegram", "harbor_desk"),
        ("@harbor_desk on Telegram", LinkKind.ACCOUNT, "telegram", "harbor_desk"),
        ("telegram: harbor_desk", LinkKind.ACCOUNT, "telegram", "harbor_desk"),
        ("Our Truth Social is @Harbor", LinkKind.ACCOUNT, "truthsocial", "harbor"),
        (
            "https://www.youtube.com/channel/UCabcdefghijKLMNopqrstuv",
            LinkKind.ACCOUNT,
            "youtube",
            "UCabcdefghijKLMNopqrstuv",
        ),
        ("https://matrix.to/#/#room:newboard.example", LinkKind.INVITE, "matrix", "#room:newboard.example"),
        ("https://matrix.to/#/%23room:newboard.example", LinkKind.INVITE, "matrix", "#room:newboard.example"),
        ("#room:newboard.example", LinkKind.INVITE, "matrix", "#room:newboard.example"),
        ("@tea:newboard.example", LinkKind.ACCOUNT, "matrix", "@tea:newboard.example"),
        ("xmpp:tea@muc.newboard.example?join", LinkKind.INVITE, "xmpp", "tea@muc.newboard.example"),
        ("jabber: tea@newboard.example", LinkKind.ACCOUNT, "xmpp", "tea@newboard.example"),
        ("ircs://irc.newboard.example:6697/#tea", LinkKind.INVITE, "irc", "irc.newboard.example/#tea"),
        ("https://signal.group/#CjQKIExample", LinkKind.INVITE, "signal", "CjQKIExample"),
        ("Session: 05" + "ab" * 32, LinkKind.ACCOUNT, "session", "05" + "ab" * 32),
        ("briar://" + "a2" * 26 + "b", LinkKind.ACCOUNT, "briar", "a2" * 26 + "b"),
        ("ipfs://Qm" + "a" * 44 + "/x", LinkKind.WEB, None, None),
        (f"http://{ONION}.onion/b/", LinkKind.ONION, None, None),
        ("https://newboard.example/t.me/x", LinkKind.WEB, None, None),
        ("https://nott.me/x", LinkKind.WEB, None, None),
    ],
)
def test_what_a_link_leads_to(url: str, kind: LinkKind, service: str | None, handle: str | None) -> None:
    [link] = links_in(url)
    assert (link.kind, link.service, link.handle) == (kind, service, handle)


def test_a_link_says_how_it_was_written_and_whether_a_machine_would_follow_it() -> None:
    plain, disguised = links_in("https://one.example/a then hxxps://two[.]example/b.")
    assert (plain.raw, plain.disguised) == ("https://one.example/a", False)
    assert (disguised.raw, disguised.disguised) == ("hxxps://two[.]example/b", True)
    assert (disguised.host, disguised.domain) == ("two.example", "two.example")


@pytest.mark.parametrize(
    ("archive", "target"),
    [
        ("https://archive.ph/https://oldboard.example/b/", "https://oldboard.example/b/"),
        ("https://web.archive.org/web/20260101000000/http://oldboard.example/b/", "http://oldboard.example/b/"),
        ("https://web.archive.org/web/2026*/oldboard.example/", "http://oldboard.example/"),
        ("https://archive.ph/ExMp1", None),
    ],
)
def test_a_copy_in_an_archive_says_what_it_is_a_copy_of(archive: str, target: str | None) -> None:
    [link] = links_in(archive)
    assert (link.kind, link.target) == (LinkKind.ARCHIVE, target)


def test_each_address_comes_once_and_in_order() -> None:
    links = links_in("two.example one.example https://two.example/", ["https://three.example/", "https://one.example"])
    assert [link.url for link in links] == ["https://two.example/", "https://one.example/", "https://three.example/"]


def test_a_link_that_the_page_ended_elsewhere_is_not_taken_twice() -> None:
    text = "(https://wiki.example/Harbor_(site)) and http://abc[.]example/"
    links = links_in(text, ["https://wiki.example/Harbor_(site", "http://abc[.]example/"])
    assert [link.url for link in links] == ["https://wiki.example/Harbor_(site)", "http://abc.example/"]


def test_a_shorter_address_than_one_in_the_text_is_an_address_of_its_own() -> None:
    links = links_in("https://newboard.example/t/41", ["https://newboard.example/"])
    assert [link.url for link in links] == ["https://newboard.example/t/41", "https://newboard.example/"]


@pytest.mark.parametrize(
    "href",
    ["http://abc[.]", "http://[::1", "//", "javascript:void(0)", "mailto:a@b.example", "/b/res/1.html", "", "#top"],
)
def test_an_href_that_leads_nowhere_is_left_out(href: str) -> None:
    assert links_in("nothing", [href]) == ()


def test_a_defanged_href_is_followed_as_it_was_meant() -> None:
    assert [link.url for link in links_in("", ["http://newboard[.]example/", "//two.example/a"])] == [
        "http://newboard.example/", "https://two.example/a",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["a." * 100_000, "a dot " * 40_000, "http://a.example/" + ")" * 200_000, "a[.]" * 50_000, "ж.ж" * 50_000]
)
def test_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    began = time.process_time()
    links_in(text)
    assert time.process_time() - began < 2


def test_normalising_twice_changes_nothing() -> None:
    for _, url in WRITTEN:
        assert normalise(url) == url
