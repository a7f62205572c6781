"""One look at a place, against a web in memory: what is asked for, in which state it is found, where it points."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from pysequoia import SignatureMode, Tsk, sign

from core.probes import Pointer, PointerKind, Probe, ProbeState
from crawler.probe import MOST_PAGES, Answer, look

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ONION = "kjtxncbc5zre2sh44fpmlstzzplafs37jqqvpjiwkvuzd4ro7dd3l33d.onion"
Page = str | bytes | tuple[int, dict[str, str], str | bytes] | Answer


class Web:
    """Pages by address: a body, an answer's parts, or an answer; anything else is 404 on known hosts."""

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def __call__(self, url: str) -> Answer:
        self.asked.append(url)
        scheme, _, rest = url.partition("://")
        origin = f"{scheme}://{rest.partition('/')[0]}"
        match self.pages.get(url):
            case Answer() as answer:
                return answer
            case (status, headers, body):
                return Answer(url, status, headers, body.encode() if isinstance(body, str) else body)
            case str() | bytes() as body:
                raw = body.encode() if isinstance(body, str) else body
                kind = "application/json" if raw[:1] in (b"{", b"[") else "text/html"
                return Answer(url, 200, {"content-type": "text/plain" if url.endswith(".txt") else kind}, raw)
        if not any(known.startswith(origin) for known in self.pages):
            return Answer(url, error="no such name")
        return Answer(url, 404, {"content-type": "text/html"}, b"<h1>404</h1>")


def seen(
    pages: Mapping[str, Page], place: str = "harbor.example", url: str = "https://harbor.example/", **given: Any
) -> Probe:
    return look(place, url, Web(pages), b"key", NOW, **given)


def html(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head><title>Harbor</title>{head}</head><body>{body}</body></html>"


FRONT = html("<h1>Harbor</h1><p>A board about lamps and tides, kept by its readers.</p>" + "<p>Lamps burn.</p>" * 40)
SITE = "https://harbor.example"


def pointers(probe: Probe, kind: PointerKind) -> list[Pointer]:
    assert probe.facts is not None
    return [pointer for pointer in probe.facts.pointers if pointer.kind is kind]


def test_https_before_http_and_robots_before_each() -> None:
    web = Web({"http://harbor.example/": FRONT})
    probe = look("harbor.example", "http://harbor.example/tea/res/5.html", web, b"key", NOW)
    assert probe.state is ProbeState.UP
    assert web.asked[:3] == [f"{SITE}/robots.txt", "http://harbor.example/robots.txt", "http://harbor.example/"]
    assert list(probe.pages) == web.asked


def test_an_onion_is_asked_over_http_alone() -> None:
    web = Web({f"http://{ONION}/": FRONT})
    assert look(ONION, f"https://{ONION}/", web, b"key", NOW).state is ProbeState.UP
    assert not any(url.startswith("https:") for url in web.asked)


def test_a_place_on_a_host_of_many_is_its_page_alone() -> None:
    page = html('<div class="tgme_channel_info"><div class="tgme_channel_info_header_title">Harbor</div>'
                '<div class="tgme_channel_info_header_username">@harbor_desk</div>'
                '<div class="tgme_channel_info_description">New board: https://new-harbor.example</div></div>')  # fmt: skip
    web = Web({"https://t.me/s/harbor_desk": page})
    probe = look("t.me/harbor_desk", "https://t.me/harbor_desk", web, b"key", NOW)
    assert web.asked == ["https://t.me/robots.txt", "https://t.me/s/harbor_desk"]
    assert [pointer.url for pointer in pointers(probe, PointerKind.BIO)] == ["https://new-harbor.example/"]


def test_a_place_whose_name_is_written_with_an_at_is_its_own() -> None:
    place, url = "tiktok.com/@harbor", "https://tiktok.com/@harbor"
    other = "https://www.tiktok.com/@Harbor"
    assert seen({url: (301, {"location": other}, ""), other: FRONT}, place, url).state is ProbeState.UP


def test_a_name_that_nobody_has_on_telegram_is_not_reachable_and_a_group_without_preview_is_up() -> None:
    nobody = html('<div class="tgme_page"><div class="tgme_page_description">If you have Telegram, you can</div></div>')
    group = html('<div class="tgme_page"><div class="tgme_page_title">Harbor</div><div class="tgme_page_description">'
                 'Next: new-harbor.example</div></div>')  # fmt: skip
    place, url = "t.me/harbor_desk", "https://t.me/harbor_desk"
    assert seen({"https://t.me/s/harbor_desk": nobody}, place, url).state is ProbeState.UNREACHABLE
    probe = seen({"https://t.me/s/harbor_desk": (302, {"location": url}, ""), url: group}, place, url)
    assert probe.state is ProbeState.UP
    assert [pointer.url for pointer in pointers(probe, PointerKind.BIO)] == ["https://new-harbor.example/"]


def test_an_account_says_where_it_is_now_in_its_profile() -> None:
    profile = {"id": "5", "acct": "desk", "username": "desk", "display_name": "Harbor desk", "url": "https://social.example/@desk",
               "note": "<p>New: <a href='https://new-harbor.example/'>here</a></p>", "fields": []}  # fmt: skip
    web = Web({
        "https://social.example/@desk": html('<div id="mastodon"></div>'),
        "https://social.example/api/v1/accounts/lookup?acct=desk": json.dumps(profile),
    })  # fmt: skip
    probe = look("social.example/desk", "https://social.example/@desk", web, b"key", NOW)
    assert [pointer.url for pointer in pointers(probe, PointerKind.BIO)] == ["https://new-harbor.example/"]


@pytest.mark.parametrize("url", ["zero://1Harbor/", "magnet:?xt=1", "https://[", "", "https://session/05ab"])
def test_what_is_no_address_of_the_web_is_recorded_and_never_asked(url: str) -> None:
    web = Web({})
    assert look("harbor", url, web, b"key", NOW).state is ProbeState.UNREACHABLE
    assert web.asked == []


@pytest.mark.parametrize(
    ("front", "state"),
    [
        (FRONT, ProbeState.UP),
        ((500, {}, ""), ProbeState.FAILING),
        ((404, {}, ""), ProbeState.FAILING),
        ((502, {}, ""), ProbeState.UNREACHABLE),
        ((522, {}, ""), ProbeState.UNREACHABLE),
        ((403, {}, ""), ProbeState.BLOCKED),
        ((429, {}, ""), ProbeState.BLOCKED),
        ((451, {}, ""), ProbeState.BLOCKED),
        ((403, {"content-type": "text/html"}, "<html><title>Just a moment...</title>"), ProbeState.CHALLENGED),
        ((503, {"cf-mitigated": "challenge"}, ""), ProbeState.CHALLENGED),
        (html('<div class="h-captcha" data-sitekey="1"></div>'), ProbeState.CHALLENGED),
        (html("<form action='/login'><input name=user><input type=password name=pw> Log in</form>"), ProbeState.CHALLENGED),
        (html("<p>This domain is for sale. Buy this domain today.</p>"), ProbeState.PARKED),
        (html("<p>Down for maintenance.</p>"), ProbeState.FAILING),
        (html("<h1>Welcome to nginx!</h1><a href='http://nginx.org/'>nginx.org</a>"), ProbeState.PARKED),
        (html("<h1>This website has been seized</h1>"), ProbeState.SEIZED),
        (html("<p>Diese Domain wurde durch die Staatsanwaltschaft beschlagnahmt.</p>"), ProbeState.SEIZED),
        (html("<p>Ce site a été saisi par la gendarmerie.</p>"), ProbeState.SEIZED),
        (html("<p>Этот сайт изъят сотрудниками полиции.</p>"), ProbeState.SEIZED),
        (html('<img src="banner.jpg" alt="This domain has been seized">'), ProbeState.SEIZED),
        (html("<p>Доступ к сайту ограничен по решению суда.</p>"), ProbeState.BLOCKED),
        ((301, {"location": "https://new-harbor.example/"}, ""), ProbeState.MOVED),
        (html("", '<meta http-equiv="refresh" content="0; url=https://new-harbor.example/">'), ProbeState.MOVED),
        (html('<script>window.location.href = "https://new-harbor.example/";</script>'), ProbeState.MOVED),
        ((200, {"content-type": "image/png"}, b"\x89PNG"), ProbeState.FAILING),
        (Answer(f"{SITE}/", error="connection refused"), ProbeState.UNREACHABLE),
    ],
)  # fmt: skip
def test_the_state_of_a_place_by_its_front_page(front: Page, state: ProbeState) -> None:
    probe = seen(
        {f"{SITE}/": front, "http://harbor.example/x": ""}
        if state is not ProbeState.UNREACHABLE
        else {f"{SITE}/": front}
    )
    assert probe.state is state, probe.why
    assert (probe.why is None) == (state is ProbeState.UP)


@pytest.mark.parametrize(
    ("robots", "state"),
    [
        ("User-agent: *\nDisallow: /", ProbeState.FORBIDDEN),
        ((503, {}, ""), ProbeState.FAILING),
        ((429, {}, ""), ProbeState.BLOCKED),
        ((403, {}, ""), ProbeState.UP),
        ("User-agent: *\nDisallow: /secret", ProbeState.UP),
    ],
)
def test_robots_are_obeyed_and_a_refusal_is_told_from_an_outage(robots: Page, state: ProbeState) -> None:
    web = Web({f"{SITE}/robots.txt": robots, f"{SITE}/": FRONT})
    probe = look("harbor.example", SITE, web, b"key", NOW)
    assert probe.state is state
    assert (f"{SITE}/" in web.asked) == (state is ProbeState.UP)


def test_what_robots_forbid_of_a_place_is_left_out() -> None:
    front = html("<p>x</p>", '<link rel="icon" href="/secret/icon.png">') + '<a href="/secret/rules">Rules</a>'
    web = Web({f"{SITE}/robots.txt": "User-agent: *\nDisallow: /secret", f"{SITE}/": front})
    look("harbor.example", SITE, web, b"key", NOW)
    assert not any("secret" in url for url in web.asked)


def test_redirects_are_followed_within_the_place_alone() -> None:
    web = Web({
        f"{SITE}/": (302, {"location": "https://www.harbor.example/"}, ""),
        "https://www.harbor.example/": (301, {"location": "/home"}, ""),
        "https://www.harbor.example/home": FRONT,
    })  # fmt: skip
    assert look("harbor.example", SITE, web, b"key", NOW).state is ProbeState.UP
    assert "https://www.harbor.example/robots.txt" in web.asked


def test_a_redirect_elsewhere_is_a_pointer_and_never_followed() -> None:
    web = Web(
        {f"{SITE}/": (301, {"location": "https://new-harbor.example/b/"}, ""), "https://new-harbor.example/": FRONT}
    )
    probe = look("harbor.example", SITE, web, b"key", NOW)
    assert [pointer.url for pointer in pointers(probe, PointerKind.REDIRECT)] == ["https://new-harbor.example/b/"]
    assert not any("new-harbor" in url for url in web.asked)


def test_redirects_without_end_are_given_up() -> None:
    web = Web(
        {f"{SITE}/": (302, {"location": "/1"}, "")}
        | {f"{SITE}/{n}": (302, {"location": f"/{n + 1}"}, "") for n in range(50)}
    )
    probe = look("harbor.example", SITE, web, b"key", NOW)
    assert probe.state is ProbeState.FAILING
    assert "redirects" in (probe.why or "")
    assert len(web.asked) <= 2 * MOST_PAGES


def test_a_redirect_to_itself_is_followed_once() -> None:
    web = Web({f"{SITE}/": (302, {"location": "/"}, "")})
    assert look("harbor.example", SITE, web, b"key", NOW).state is ProbeState.FAILING
    assert web.asked.count(f"{SITE}/") == 2


def board_link(name: str) -> str:
    return f'<a href="/{name}/index.html">{name}</a>'


def vichan(boards: Iterable[str] = ("tea", "cake")) -> dict[str, Page]:
    """A small board by vichan's pages."""
    names = list(boards)
    links = "".join(map(board_link, names))
    front = html(f'<div class="boardlist">{links}</div><h1>Harbor</h1><p>Whoever holds the lamp keeps the night watch.</p>'
                 '<footer><p class="unimportant">- <a href="https://github.com/vichan-devel/vichan">vichan</a> -</p></footer>'
                 '<script>var active_page = "index", configRoot="/";</script>')  # fmt: skip
    pages: dict[str, Page] = {f"{SITE}/": front}
    for at, name in enumerate(names[:3]):
        threads = [
            {"no": 10 * at + n, "time": 1763500000 + n, "last_modified": 1763500000 + n, "replies": 2}
            for n in (3, 2, 1)
        ]
        pages[f"{SITE}/{name}/catalog.json"] = json.dumps([{"page": 0, "threads": threads}])
        for thread in threads:
            text = " ".join(f"lamp-{thread['no']}-{word}" for word in range(10))
            posts = [
                {"no": thread["no"], "resto": 0, "time": thread["time"], "com": text, "name": "Wren", "trip": "!aB3dE"}
            ]
            pages[f"{SITE}/{name}/res/{thread['no']}.json"] = json.dumps({"posts": posts})
    return pages


def test_a_board_shows_boards_threads_posts_and_authors() -> None:
    probe = seen(vichan())
    facts = probe.facts
    assert facts is not None
    assert (facts.engine, facts.boards, facts.threads) == ("vichan", ("tea", "cake"), 6)
    assert len(facts.posts) == 3
    assert len({mark for mark, _ in facts.authors}) == 1
    assert facts.newest_post_at == datetime.fromtimestamp(1763500003, UTC)
    assert {"/mirrors.txt", "/pgp.txt", "/webring.json"} <= {url.removeprefix(SITE) for url in probe.pages}


def test_software_that_the_front_page_does_not_show_is_told_by_a_board() -> None:
    links = '<ul class="boards"><li><a href="/tea/">/tea/ - Kettles</a></li><li><a href="/cake/">/cake/ - Ovens</a></li></ul>'
    pages = vichan()
    board = str(pages[f"{SITE}/"])
    probe = seen(pages | {f"{SITE}/": html(links), f"{SITE}/tea/": board})
    assert probe.facts is not None
    assert (probe.facts.engine, probe.facts.boards) == ("vichan", ("tea", "cake"))
    assert len(probe.facts.posts) >= 2


def test_boards_and_threads_of_software_that_nobody_knows() -> None:
    rooms = '<dl class="rooms"><dt><a href="/room/tea">Kettles</a></dt><dt><a href="/room/cake">Ovens</a></dt></dl>'
    talks = "".join(f'<li><a href="/talk/{n}">Which kettle, part {n}?</a></li>' for n in (7, 8, 9, 10))
    notes = "".join(
        f'<div class="note" id="note{n}"><b class="author">Wren</b> <time datetime="2026-11-20T10:0{n}:00Z">then</time>'
        f'<div class="said">{" ".join(f"kettle-{n}-{word}" for word in range(12))}</div></div>' for n in range(4)
    )  # fmt: skip
    pages = {f"{SITE}/": html(rooms), f"{SITE}/room/tea": html(f"<ul>{talks}</ul>"), f"{SITE}/talk/7": html(notes)}
    facts = seen(pages).facts
    assert facts is not None
    assert (facts.engine, facts.boards, facts.threads) == (None, ("Kettles", "Ovens"), 5)
    assert len(facts.posts) == 4
    assert facts.newest_post_at == datetime(2026, 11, 20, 10, 3, tzinfo=UTC)


def test_a_glance_takes_the_front_page_and_the_lists_of_other_places() -> None:
    asked = [url.removeprefix(SITE) for url in seen(vichan(), glance=True).pages]
    assert asked == ["/robots.txt", "/", "/mirrors.txt", "/pgp.txt", "/webring.json"]


def test_the_newest_thread_is_read_and_the_longest() -> None:
    pages = vichan(["tea"])
    catalog = json.loads(str(pages[f"{SITE}/tea/catalog.json"]))
    for thread in catalog[0]["threads"]:
        thread["replies"] = {3: 1, 2: 5, 1: 90}[thread["no"]]
    read = [url for url in seen(pages | {f"{SITE}/tea/catalog.json": json.dumps(catalog)}).pages if "/res/" in url]
    assert read == [f"{SITE}/tea/res/{number}.json" for number in (3, 1, 2)]


def test_ten_thousand_boards_cost_no_more_pages_than_two() -> None:
    probe = seen(vichan(f"b{n}" for n in range(10_000)))
    assert probe.state is ProbeState.UP
    assert probe.facts is not None
    assert len(probe.facts.boards) <= 2_000
    assert len([url for url in probe.pages if not url.endswith("robots.txt")]) <= MOST_PAGES


def test_a_site_of_unknown_software_is_asked_for_nothing_that_it_does_not_link() -> None:
    probe = seen({f"{SITE}/": FRONT})
    assert {url.removeprefix(SITE) for url in probe.pages} == {"/robots.txt", "/", "/favicon.ico"}
    assert not any("favicon" in url for url in seen({f"{SITE}/": FRONT}, favicons=False).pages)


def test_an_icon_is_asked_for_on_the_pages_own_host_alone() -> None:
    front = html(
        "<p>x</p>" * 99, '<link rel="shortcut icon" href="https://cdn.example/i.png"><link rel="icon" href="/i.gif">'
    )
    gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    probe = seen(
        {
            f"{SITE}/": front,
            f"{SITE}/i.gif": (200, {"content-type": "image/gif"}, gif),
            "https://cdn.example/i.png": gif,
        }
    )
    assert probe.facts is not None
    assert probe.facts.favicon is not None
    assert "https://cdn.example/i.png" not in probe.pages


def test_onion_location_by_header_and_by_page() -> None:
    front = (200, {"content-type": "text/html", "onion-location": f"http://{ONION}/"}, FRONT)
    assert [p.url for p in pointers(seen({f"{SITE}/": front}), PointerKind.ONION_LOCATION)] == [f"http://{ONION}/"]
    meta = html("<p>x</p>", f'<meta http-equiv="Onion-Location" content="http://{ONION}/b/">')
    assert [p.url for p in pointers(seen({f"{SITE}/": meta}), PointerKind.ONION_LOCATION)] == [f"http://{ONION}/b/"]


@pytest.mark.parametrize(
    "notice",
    [
        'We have moved: <a href="https://new-harbor.example/">here</a>.',
        "Our new domain is new-harbor.example",
        "Мы переехали, новый адрес: https://new-harbor.example",
        "Wir sind umgezogen: new-harbor[.]example",
        "Nueva dirección: hxxps://new-harbor.example/",
        "Find us on https://new-harbor.example from now on",
        "Mirrors: new-harbor.example",
    ],
)
def test_a_front_page_says_where_the_place_is_now(notice: str) -> None:
    told = pointers(seen({f"{SITE}/": FRONT.replace("<h1>", f"<p>{notice}</p><h1>")}), PointerKind.NOTICE)
    assert [pointer.url for pointer in told] == ["https://new-harbor.example/"]
    assert told[0].text


@pytest.mark.parametrize(
    "line",
    [
        'Back to <a href="https://portal.example/">the portal</a>',
        'Friends: <a href="https://friend.example/">friend.example</a>',
        'Follow what is now trending on <a href="https://news.example/">the news</a>',
        'A moving film on <a href="https://films.example/">films.example</a>',
    ],
)
def test_a_link_is_no_notice_by_itself(line: str) -> None:
    assert pointers(seen({f"{SITE}/": FRONT.replace("<h1>", f"<p>{line}</p><h1>")}), PointerKind.NOTICE) == []
    rooms = '<ul class="boards"><li><a href="/room/tea">Kettles</a></li></ul>'
    assert pointers(seen({f"{SITE}/": html(f"{rooms}<p>{line}</p>")}), PointerKind.NOTICE) == []


def test_a_farewell_is_a_notice_and_a_list_of_links_is_none() -> None:
    farewell = seen({f"{SITE}/": html('<p>It was a good time.</p><a href="https://new-harbor.example/">.</a>')})
    assert [pointer.url for pointer in pointers(farewell, PointerKind.NOTICE)] == ["https://new-harbor.example/"]
    links = "".join(f'<li><a href="https://site{n}.example/">Site {n}</a></li>' for n in range(40))
    assert pointers(seen({f"{SITE}/": FRONT.replace("</body>", f"{links}</body>")}), PointerKind.NOTICE) == []


@pytest.fixture(scope="module")
def key() -> Tsk:
    return Tsk.generate("Harbor desk <desk@harbor.example>")


def test_mirrors_that_the_old_key_signed_say_so(key: Tsk) -> None:
    signed = sign(key.signer(), b"https://new-harbor.example/\n", mode=SignatureMode.CLEAR).decode()
    public = str(key.extract_certificate())
    pages = vichan() | {f"{SITE}/mirrors.txt": f"https://claimed.example/\n{signed}", f"{SITE}/pgp.txt": public}
    probe = seen(pages, known_keys=[public])
    assert {pointer.url: pointer.signed_by for pointer in pointers(probe, PointerKind.MIRRORS)} == {
        "https://new-harbor.example/": key.extract_certificate().fingerprint,
        "https://claimed.example/": None,
    }
    assert probe.facts is not None
    assert probe.facts.keys == (key.extract_certificate().fingerprint,)
    assert {pointer.signed_by for pointer in pointers(seen(pages), PointerKind.MIRRORS)} == {None}
    again = seen(pages, known_keys=probe.facts.public_keys)
    assert pointers(again, PointerKind.MIRRORS) == pointers(probe, PointerKind.MIRRORS)


def test_a_webring_and_peers_are_pointers() -> None:
    ring = {"name": "Harbor", "following": ["https://far.example/webring.json"], "known": [], "boards": []}
    probe = seen(vichan() | {f"{SITE}/webring.json": json.dumps(ring)})
    assert [pointer.url for pointer in pointers(probe, PointerKind.WEBRING)] == ["https://far.example/webring.json"]
    server = {f"{SITE}/": html('<div id="mastodon"></div>'), f"{SITE}/api/v1/instance/peers": '["one.example", "two.example"]',
              f"{SITE}/api/v1/instance": json.dumps({"title": "Harbor", "short_description": "Lamps and tides for all", "email": "desk@harbor.example"})}  # fmt: skip
    probe = seen(server)
    assert [pointer.url for pointer in pointers(probe, PointerKind.PEER)] == [
        "https://one.example/",
        "https://two.example/",
    ]
    assert probe.facts is not None
    assert probe.facts.contacts == ("email:desk@harbor.example",)


def test_the_servers_that_a_lemmy_server_links_are_pointers() -> None:
    linked = {"federated_instances": {"linked": [{"domain": "three.example"}], "allowed": [], "blocked": []}}
    front = html('<div id="root"><div class="lemmy-site"></div></div>')
    probe = seen({f"{SITE}/": front, f"{SITE}/api/v3/federated_instances": json.dumps(linked)})
    assert [pointer.url for pointer in pointers(probe, PointerKind.PEER)] == ["https://three.example/"]


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ("<form action='https://catch.example/'><input name=user><input type=password name=pw></form>" + "<p>Lamps</p>" * 400, ("password",)),
        ("<form><textarea name=body></textarea><input type=password name=password></form>" + "<p>Lamps</p>" * 400, ()),
        ("<p>Enter your 12 word recovery phrase to sync your wallet</p>", ("wallet",)),
        ('<a href="/Harbor-Setup.exe">Get our app</a>', ("download",)),
        ('<div class="post"><a href="/src/1.apk">app.apk</a> my seed phrase</div>' + "<p>Lamps</p>" * 400, ()),
        ('<form><input name="cardnumber" autocomplete="cc-number"></form>', ("payment",)),
    ],
)  # fmt: skip
def test_what_a_front_page_asks_for(body: str, asked: tuple[str, ...]) -> None:
    probe = seen({f"{SITE}/": html(body)})
    assert probe.facts is not None
    assert probe.facts.asks_for == asked


def test_a_shops_pages_are_no_boards() -> None:
    links = (
        '<nav class="categories"><a href="/lamps/">Lamps</a> <a href="/about/">about</a></nav>' + "<p>Lamps</p>" * 400
    )
    facts = seen({f"{SITE}/": html(links)}).facts
    assert facts is not None
    assert (facts.boards, facts.threads) == ((), 0)


@pytest.mark.parametrize("content", ["30", "30;", "0; url=/", "nonsense"])
def test_a_page_that_renews_itself_leads_nowhere(content: str) -> None:
    refresh = f'<meta http-equiv="refresh" content="{content}">'
    probe = seen({f"{SITE}/": html("<p>Lamps</p>" * 400, refresh)})
    assert {url.removeprefix(SITE) for url in probe.pages} == {"/robots.txt", "/", "/favicon.ico"}


def test_a_form_beside_the_boards_is_no_wall() -> None:
    form = "<form action='/enter'>Log in <input name=user><input type=password name=pw></form>"
    boards = '<ul class="boards"><li><a href="/tea/">/tea/ - Kettles</a></li></ul>'
    probe = seen({f"{SITE}/": html(form + boards)})
    assert probe.state is ProbeState.UP
    assert probe.facts is not None
    assert (probe.facts.boards, probe.facts.asks_for) == (("tea",), ("password",))
    assert f"{SITE}/tea/" in probe.pages
    challenge = seen({f"{SITE}/": html(boards, "<title>Just a moment...</title>").replace("<title>Harbor</title>", "")})
    assert challenge.state is ProbeState.CHALLENGED


def test_a_stock_login_of_a_forum_is_no_sign() -> None:
    form = "<form action='{}member.php' method=post><input type=password name=quick_password></form>"
    signs = '<a href="forumdisplay.php?fid=2">Tea</a><a href="https://mybb.com">MyBB</a><script src="/jscripts/general.js"></script>'
    for action, asked in (("/", ()), ("https://catch.example/", ("password",))):
        probe = seen({f"{SITE}/": html(signs + form.format(action))})
        assert probe.facts is not None
        assert (probe.facts.engine, probe.facts.asks_for) == ("mybb", asked)


def test_wallets_and_contacts_of_posts_are_not_the_sites() -> None:
    wallet = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    page = html(
        f'<div class="post" id="post_1">Send to {wallet} or me@visitor.example</div><p>Desk: desk@harbor.example</p>'
    )
    facts = seen({f"{SITE}/": page}).facts
    assert facts is not None
    assert (facts.wallets, facts.contacts) == ((), ("email:desk@harbor.example",))


@pytest.mark.parametrize("body", [b"", b"\0" * 1000, b"{", b"[]", b"<", "<div>" * 3000, "<p " + "a=1 " * 5000 + ">"])
def test_a_front_page_that_is_none_is_looked_at_without_harm(body: str | bytes) -> None:
    assert seen({f"{SITE}/": (200, {"content-type": "text/html"}, body)}).state in (ProbeState.UP, ProbeState.FAILING)


def test_a_look_is_the_same_each_time() -> None:
    assert seen(vichan()) == seen(vichan())
