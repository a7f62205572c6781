"""Pages of the worlds' sites, in the manner of several board softwares, account pages and whatever else is on the web.

Everything shown was published by the asked time. Markup is written after what such software shows, not copied from it.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from random import Random
from typing import Any
from urllib.parse import parse_qs, quote

from tests.world import keys, names
from tests.world.model import Account, Board, Place, Post, Site, Skin, Stream, Thread, hyperlinks
from tests.world.speech import Speech

Answer = tuple[int, dict[str, str], bytes]
HTML, JSON, TEXT = "text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"
Shown = list[tuple[Thread, list[Post]]]


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(int(at), UTC)


def iso(at: float) -> str:
    """As JSON interfaces write a time."""
    return _time(at).strftime("%Y-%m-%dT%H:%M:%SZ")


def answer(status: int, kind: str, body: str | bytes, **headers: str) -> Answer:
    """A response."""
    raw = body if isinstance(body, bytes) else body.encode()
    return status, {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}, raw


def missing() -> Answer:
    """What a site says of a page that it does not have."""
    return answer(
        404, HTML, "<!doctype html><html><head><title>404</title></head><body><h1>Not found</h1></body></html>"
    )


# What stands in for a site.


def instead(place: Place, state: str, detail: str, path: str) -> Answer:
    """What a host in a state other than up answers."""
    host, rng = place.host, Random(place.host)
    match state:
        case "502":
            return answer(
                502,
                HTML,
                f"<html><head><title>{host} | 502: Bad gateway</title></head><body><h1>Bad gateway</h1><p>The web server of {host} reported an error.</p></body></html>",
            )
        case "403" | "blocked":
            return answer(
                403,
                HTML,
                "<html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1><p>Your address may not visit this site.</p></body></html>",
            )
        case "challenge":
            return answer(
                503,
                HTML,
                f'<html><head><title>Just a moment...</title></head><body><h1>Checking your browser before you reach {host}</h1><form id="challenge-form" action="/" method="post"><input type="hidden" name="r" value="{rng.getrandbits(60):x}"></form></body></html>',
                Retry_After="5",
            )
        case "parked":
            words = names.pick(
                rng,
                (
                    "This domain is for sale",
                    "The domain has expired",
                    f"{host} is parked free of charge",
                    "Buy this domain",
                ),
            )
            return answer(
                200,
                HTML,
                f'<html><head><title>{host}</title></head><body><h1>{host}</h1><p>{words}.</p><ul><li><a href="/r?1">Cheap hosting</a></li><li><a href="/r?2">Insurance</a></li></ul></body></html>',
            )
        case "seized":
            return answer(
                200,
                HTML,
                "<html><head><title>This website has been seized</title></head><body><h1>THIS WEBSITE HAS BEEN SEIZED</h1><p>The domain was seized by the Office for Network Matters under a warrant of a district court.</p></body></html>",
            )
        case "maintenance":
            return answer(
                503,
                HTML,
                f"<html><head><title>{host}</title></head><body><p>We are down for maintenance and will be back soon.</p></body></html>",
                Retry_After="3600",
            )
        case "soon":
            words = names.pick(
                rng, ("Coming soon.", "Welcome to your new web server!", "It works!", "Site not configured yet.")
            )
            return answer(200, HTML, f"<html><head><title>{host}</title></head><body><h1>{words}</h1></body></html>")
        case "farewell":
            speech = Speech(rng)
            title = place.site.skin.title if place.site else host
            said = (
                speech.say("farewellto", x=f'<a href="http://{detail}/">{detail}</a>', old=title)
                if detail
                else speech.say("farewell", old=title)
            )
            return answer(
                200, HTML, f"<html><head><title>{escape(title)}</title></head><body><p>{said}</p></body></html>"
            )
        case "redirect":
            return answer(
                301,
                HTML,
                f'<html><body><a href="http://{detail}{escape(path)}">Moved</a></body></html>',
                Location=f"http://{detail}{path}",
            )
    raise ValueError(state)


# How a site's operators frame their pages.


@lru_cache(maxsize=4096)
def _frame(variant: int) -> tuple[str, str, str, str]:
    """Before the title, between navigation and content, after the content, and the prefix of an operator's classes."""
    if not variant:
        return '<div class="header">', '<div class="main">', "</div><footer>", ""
    rng = Random(variant)
    prefix = "".join(rng.choice("abcdefghklmnoprst") for _ in range(3))
    tags = ("div", "section", "header", "table", "span", "nav", "aside", "ul")

    def block() -> str:
        made = ""
        for _ in range(rng.randint(1, 4)):
            tag = rng.choice(tags)
            inner = {"table": "<tr><td>{}</td></tr>", "ul": "<li>{}</li><li><em></em></li>"}.get(tag, "{}")
            words = rng.choice(("", "<b></b>", "<i></i><i></i>", "<p></p>", "<img src='/static/a.png' alt=''>", "<hr>"))
            made += f'<{tag} class="{prefix}-{rng.choice(names.LAST)}">{inner.format(words)}</{tag}>'
        return made

    wrap = rng.choice(("div", "main", "article", "section"))
    before = f'{block()}<{rng.choice(("div", "header"))} class="{prefix}-top">'
    between = f'{block()}<{wrap} class="{prefix}-page">'
    return before, between, f'</{wrap}>{block()}<footer class="{prefix}-foot">', prefix


SOFTWARE = {
    "vichan": ("vichan", "https://github.com/vichan-devel/vichan", "5.1.4"),
    "lynxchan": ("LynxChan", "https://gitgud.io/LynxChan/LynxChan", "2.8"),
    "jschan": ("jschan", "https://gitgud.io/fatchan/jschan/", "1.7"),
    "mybb": ("MyBB", "https://mybb.com", "1.8"),
    "phpbb": ("phpBB", "https://www.phpbb.com/", "3.3"),
    "fluxbb": ("FluxBB", "https://fluxbb.org/", "1.5"),
    "smf": ("SMF", "https://www.simplemachines.org/", "2.1"),
    "tinyib": ("TinyIB", "https://code.rocket9labs.com/tslocum/tinyib", "1"),
    "quill": ("quill", "/about", "3"),
    "harbour": ("harbour", "/colophon", "0.9"),
}  # fmt: skip
BODY = {
    "vichan": '<body class="8chan vichan is-not-moderator active-page">', "mybb": "<body>", "fluxbb": '<body><div id="punwrap" class="pun">',
    "phpbb": '<body id="phpbb" class="nojs notouch section-{page} ltr">', "smf": '<body id="smf" class="action_{page}">',
}  # fmt: skip


def _page(view: "View", title: str, inner: str, *, page: str = "index", head: str = "") -> Answer:
    skin = view.skin
    before, between, after, _ = _frame(skin.variant)
    product, url, version = SOFTWARE[skin.software]
    tracker = (
        f'<script async src="https://stats.example/tag.js?id={skin.analytics}"></script><script>analytics("{skin.analytics}")</script>'
        if skin.analytics
        else ""
    )
    proof = f'<meta name="site-verification" content="{skin.verification}">' if skin.verification else ""
    generator = f'<meta name="generator" content="{product} {version}">' if skin.generator else ""
    boards = " / ".join(
        f'<a href="{view.board_path(board)}">{escape(board.uri if not view.stream.forum else board.title)}</a>'
        for board in view.boards()
    )
    form = FORMS.get(skin.form or "", "")
    foot = [f"<p>{escape(link)}</p>" for link in ()]
    if skin.contact:
        foot.append(f'<p>Contact: <a href="mailto:{skin.contact}">{skin.contact}</a></p>')
    if skin.links:
        foot.append("<p>Friends: " + ", ".join(f'<a href="http://{link}/">{link}</a>' for link in skin.links) + "</p>")
    if skin.wallets:
        foot.append("<p>Donate: " + " ".join(f"<code>{wallet}</code>" for wallet in skin.wallets) + "</p>")
    if skin.key:
        foot.append('<p><a href="/pgp.txt">PGP</a></p>')
    if skin.generator:
        foot.append(f'<p class="unimportant">- <a href="{url}">{product}</a> -</p>')
    html = (
        f'<!DOCTYPE html><html lang="{view.site.language}"><head><meta charset="utf-8"><title>{escape(title)}</title>{generator}{proof}'
        f'<link rel="shortcut icon" href="/favicon.ico">{head}{tracker}</head>{BODY.get(skin.software, "<body>").format(page=page)}'
        f'{before}<span class="boardlist">[ {boards} ]</span><h1>{escape(skin.title)}</h1><p class="motto">{escape(skin.motto)}</p>'
        f"{'</header>' if '<header class' in before[-40:] else '</div>'}{form}{between}{inner}{after}{''.join(foot)}</footer></body></html>"
    )
    return answer(200, HTML, html, **view.headers())


FORMS = {
    "login": '<form action="/account/enter" method="post"><h3>Confirm your account</h3><input name="user"><input type="password" name="password"><button>Log in</button></form>',
    "payment": '<form action="/pay" method="post"><h3>Unlock posting: 5 a month</h3><input name="card" autocomplete="cc-number"><input name="cvc" autocomplete="cc-csc"><button>Pay</button></form>',
}  # fmt: skip


class View:
    """A site at one time."""

    def __init__(self, site: Site, host: str, now: float) -> None:
        self.site, self.host, self.now = site, host, now
        self.skin: Skin = site.skin
        assert site.stream is not None
        self.stream: Stream = site.stream
        self.until = site.until

    def boards(self) -> list[Board]:
        """In their order."""
        return list(self.stream.boards.values())

    def shown(self, board: Board) -> Shown:
        """Its threads, last answered first."""
        return [pair for pair in board.living(self.now, self.until) if pair[0].posts[0].at >= self.site.since]

    def thread(self, board: str, number: int) -> tuple[Thread, list[Post]] | None:
        """A thread with what shows of it."""
        thread = self.stream.index.get(("" if self.stream.forum else board, number))
        if thread is None or thread.posts[0].at < self.site.since:
            return None
        posts = thread.visible(self.now, self.until)
        return (thread, posts) if posts and posts[0] is thread.posts[0] else None

    def headers(self) -> dict[str, str]:
        """Those of every page."""
        onion = self.site.onion
        return (
            {"Onion_Location": f"http://{onion[1]}/"}
            if onion and onion[0] <= self.now and self.host != onion[1]
            else {}
        )

    def board_path(self, board: Board) -> str:
        """Where a board is on this site."""
        return BOARD_PATH[self.skin.software].format(uri=quote(board.uri), place=board.place)

    def thread_path(self, thread: Thread) -> str:
        """Where a thread is on this site."""
        return THREAD_PATH[self.skin.software].format(uri=quote(thread.board.uri), number=thread.number)


BOARD_PATH = {
    "vichan": "/{uri}/index.html", "tinyib": "/{uri}/", "lynxchan": "/{uri}/", "jschan": "/{uri}/index.html",
    "mybb": "/forumdisplay.php?fid={place}", "phpbb": "/viewforum.php?f={place}", "fluxbb": "/viewforum.php?id={place}",
    "smf": "/index.php?board={place}.0", "quill": "/forum/{uri}", "harbour": "/boards/{uri}/",
}  # fmt: skip
THREAD_PATH = {
    "vichan": "/{uri}/res/{number}.html", "tinyib": "/{uri}/res/{number}.html", "lynxchan": "/{uri}/res/{number}.html",
    "jschan": "/{uri}/thread/{number}.html", "mybb": "/showthread.php?tid={number}", "phpbb": "/viewtopic.php?t={number}",
    "fluxbb": "/viewtopic.php?id={number}", "smf": "/index.php?topic={number}.0", "quill": "/topic/{number}",
    "harbour": "/thread/{number}",
}  # fmt: skip
IMAGEBOARD = re.compile(
    r"/(?P<board>[^/.]+)/(?:(?:res|thread)/(?P<thread>\d+)\.(?P<form>html|json)|(?P<list>index\.html|index\.json|catalog\.html|catalog\.json|catalog|\d+\.json|))"
)
FORUM_LIST = re.compile(r"[?&](?:fid|f|id|board)=(\d+)")
FORUM_TOPIC = re.compile(r"[?&](?:tid|t|id|topic)=(\d+)")


def body(view: View, post: Post) -> str:
    """A post's text as markup: links, quotes, line ends. Boards without names quote by number, forums by block."""
    text = escape(post.text_at(view.now), quote=False)
    for link in sorted(set(hyperlinks(post.text_at(view.now))), key=len, reverse=True):
        safe = escape(link, quote=False)
        text = re.sub(
            rf"{re.escape(safe)}(?![\w/.-])", lambda found: f'<a href="{found[0]}" rel="nofollow">{found[0]}</a>', text
        )
    lines = [f'<span class="quote">{line}</span>' if line.startswith("&gt;") else line for line in text.split("\n")]
    if not view.stream.forum:
        lines = [*(cite(view, post, quoted) for quoted in post.quoted), *lines]
    return "<br>".join(lines)


def cite(view: View, post: Post, quoted: Post) -> str:
    """A link to another post of the thread."""
    assert post.thread is not None
    path = view.thread_path(post.thread)
    if view.skin.software == "lynxchan":
        return f'<a class="quoteLink" href="{path}#{quoted.number}">&gt;&gt;{quoted.number}</a>'
    if view.skin.software == "jschan":
        return f'<a class="quote" href="{path}#{quoted.number}">&gt;&gt;{quoted.number}</a>'
    return f'<a onclick="highlightReply(\'{quoted.number}\')" href="{path}#{quoted.number}">&gt;&gt;{quoted.number}</a>'


def signed(post: Post, stream: Stream) -> tuple[str, str | None, str | None]:
    """Name, tripcode and capcode as shown."""
    if stream.forum:
        return post.person.name, None, post.person.capcode if post.staff else None
    if not post.signed:
        return "Anonymous", None, None
    return post.person.name, post.person.trip, post.person.capcode if post.staff else None


def poster_id(post: Post, stream: Stream) -> str | None:
    """What a board with ids shows for one poster in one thread."""
    if not stream.ids or stream.forum or post.thread is None:
        return None
    return f"{(post.person.key * 2_654_435_761 ^ post.thread.number * 40_503) & 0xFFFFFF:06x}"


# Imageboards.


def vichan_json(view: View, post: Post, thread: Thread) -> dict[str, Any]:
    """A post as vichan and its like give it."""
    name, trip, capcode = signed(post, view.stream)
    raw: dict[str, Any] = {
        "no": post.number,
        "name": escape(name),
        "time": int(post.at),
        "resto": 0 if post is thread.posts[0] else thread.number,
        "com": body(view, post),
    }
    raw |= {
        key: value
        for key, value in (
            ("trip", trip),
            ("capcode", capcode),
            ("id", poster_id(post, view.stream)),
            ("sub", post.subject and escape(post.subject)),
        )
        if value
    }
    for index, (file, size, md5) in enumerate(post.files):
        stem, _, ending = file.rpartition(".")
        told = {
            "filename": stem,
            "ext": f".{ending}",
            "fsize": size,
            "md5": md5,
            "tim": f"{int(post.at)}",
            "w": 640,
            "h": 480,
        }
        if index == 0:
            raw |= told
        else:
            raw.setdefault("extra_files", []).append(told)
    if post is thread.posts[0]:
        raw |= {"sticky": 0, "locked": 0, "cyclical": "0"}
    return raw | {"last_modified": int(post.at)}


def vichan_post(view: View, post: Post, thread: Thread) -> str:
    """A post on vichan's page."""
    name, trip, capcode = signed(post, view.stream)
    op = post is thread.posts[0]
    kind, path, number = ("op" if op else "reply"), view.thread_path(thread), post.number
    poster = poster_id(post, view.stream)
    files = "".join(
        f'<div class="file"><p class="fileinfo">File: <a href="/{thread.board.uri}/src/{int(post.at)}.{file.rpartition(".")[2]}">{int(post.at)}.{file.rpartition(".")[2]}</a> '
        f'<span class="unimportant">({size} B, 640x480, <span class="postfilename" title="{escape(file)}">{escape(file)}</span>)</span></p></div>'
        for file, size, _ in post.files
    )
    files = f'<div class="files">{files}</div>'
    intro = (
        f'<p class="intro"><input type="checkbox" class="delete" name="delete_{number}" id="delete_{number}"><label for="delete_{number}">'
        + (f'<span class="subject">{escape(post.subject)}</span> ' if post.subject else "")
        + f'<span class="name">{escape(name)}</span>'
        + (f'<span class="trip">{trip}</span>' if trip else "")
        + (f' <span class="capcode">## {capcode}</span>' if capcode else "")
        + f' <time datetime="{iso(post.at)}">{_time(post.at):%m/%d/%y (%a) %H:%M:%S}</time></label>&nbsp;'
        + (f'ID: <span class="poster_id">{poster}</span>&nbsp;' if poster else "")
        + f'<a class="post_no" id="post_no_{number}" href="{path}#{number}">No.</a><a class="post_no" href="{path}#q{number}">{number}</a></p>'
    )
    inner = f'<div class="post {kind}" id="{kind}_{number}">{intro}{"" if op else files}<div class="body">{body(view, post)}</div></div>'
    return (files if op else "") + inner + ("" if op else "<br/>")


def vichan(view: View, path: str, query: str) -> Answer | None:
    """A vichan site: front page, boards, threads, by page and JSON."""
    del query
    if path in ("/", "/index.html"):
        return front(view)
    if path == "/boards.json":
        return None
    found = IMAGEBOARD.fullmatch(path)
    board = view.stream.boards.get(found["board"]) if found else None
    if not found or not board or path.split("/")[2:3] == ["thread"]:
        return None
    if found["thread"]:
        shown = view.thread(board.uri, int(found["thread"]))
        if shown is None:
            return None
        thread, posts = shown
        if found["form"] == "json":
            return answer(
                200, JSON, json.dumps({"posts": [vichan_json(view, post, thread) for post in posts]}), **view.headers()
            )
        inner = "".join(vichan_post(view, post, thread) for post in posts)
        return _page(
            view,
            f"/{board.uri}/ - {thread.subject}",
            _post_form(board.uri, thread.number)
            + f'<form name="postcontrols" action="/post.php" method="post"><input type="hidden" name="board" value="{board.uri}"><div class="thread" id="thread_{thread.number}" data-board="{board.uri}">{inner}<br class="clear"></div></form>',
            page="thread",
        )
    threads = view.shown(board)
    if found["list"] in ("catalog.json", "0.json", "index.json"):
        listed = [
            vichan_json(view, posts[0], thread)
            | {
                "replies": len(posts) - 1,
                "images": 0,
                "omitted_posts": 0,
                "omitted_images": 0,
                "last_modified": int(posts[-1].at),
            }
            for thread, posts in threads
        ]
        pages = [{"page": at // 10, "threads": listed[at : at + 10]} for at in range(0, len(listed), 10)] or [
            {"page": 0, "threads": []}
        ]
        return answer(
            200,
            JSON,
            json.dumps(
                pages if found["list"] == "catalog.json" else {"threads": [{"posts": [one]} for one in listed[:10]]}
            ),
            **view.headers(),
        )
    if found["list"] in ("catalog.html", "catalog"):
        tiles = "".join(
            f'<div class="mix" data-reply="{len(posts) - 1}" data-bump="{int(posts[-1].at)}" data-time="{int(thread.posts[0].at)}" data-id="{thread.number}" data-sticky="false" data-locked="false"><div class="thread grid-li"><a href="{view.thread_path(thread)}">#</a><div class="replies"><strong>R: {len(posts) - 1}</strong><p class="intro"><span class="subject">{escape(thread.subject)}</span></p>{body(view, posts[0])}</div></div></div>'
            for thread, posts in threads
        )
        return _page(
            view,
            f"/{board.uri}/ - Catalog",
            f'<div class="theme-catalog"><div class="threads"><div id="Grid">{tiles}</div></div></div>',
            page="catalog",
        )
    inner = "".join(
        f'<div class="thread" id="thread_{thread.number}" data-board="{board.uri}">'
        + "".join(vichan_post(view, post, thread) for post in [posts[0], *posts[1:][-4:]])
        + ('<span class="omitted">Posts omitted. Click reply to view.</span>' if len(posts) > 5 else "")
        + '<br class="clear"><hr></div>'
        for thread, posts in threads[:10]
    )
    return _page(
        view,
        f"/{board.uri}/ - {board.title}",
        _post_form(board.uri, None)
        + f'<form name="postcontrols" action="/post.php" method="post"><input type="hidden" name="board" value="{board.uri}">{inner}</form>',
    )


def _post_form(board: str, thread: int | None) -> str:
    answering = f'<input type="hidden" name="thread" value="{thread}">' if thread else ""
    return f'<form name="post" action="/post.php" method="post"><input type="hidden" name="board" value="{board}">{answering}<textarea name="body"></textarea></form>'


def front(view: View) -> Answer:
    """An imageboard's front page."""
    rows = "".join(
        f'<li><a href="{view.board_path(board)}">/{board.uri}/ - {escape(board.title)}</a></li>'
        for board in view.boards()
    )
    rules = "".join(f"<li>{escape(rule)}</li>" for rule in view.skin.rules)
    return _page(
        view,
        view.skin.title,
        f'<h2>Boards</h2><ul class="boards">{rows}</ul><h2>Rules</h2><ol class="rules">{rules}</ol>',
        head='<script>var active_page = "index";</script>' if view.skin.software == "vichan" else "",
    )


def lynx_json(view: View, post: Post, *, op: bool) -> dict[str, Any]:
    """A post as LynxChan gives it."""
    name, trip, capcode = signed(post, view.stream)
    files = [
        {"originalName": escape(file), "path": f"/.media/{post.number:x}.png", "size": size, "mime": "image/png"}
        for file, size, _ in post.files
    ]
    text = body(view, post)
    raw = {"name": escape(name) + (f"#{trip.lstrip('!')}" if trip else ""), "signedRole": capcode, "email": None, "id": poster_id(post, view.stream), "subject": post.subject and escape(post.subject),
           "creation": iso(post.at).replace("Z", ".000Z"), "message": post.text_at(view.now), "markdown": text, "files": files}  # fmt: skip
    return raw | ({"threadId": post.number} if op else {"postId": post.number})


def lynx_post(view: View, post: Post, *, op: bool) -> str:
    """What a LynxChan page shows of a post."""
    name, trip, capcode = signed(post, view.stream)
    poster = poster_id(post, view.stream)
    head = (
        (f'<span class="labelSubject">{escape(post.subject)}</span> ' if post.subject else "")
        + f'<a class="linkName noEmailName">{escape(name)}{"#" + trip.lstrip("!") if trip else ""}</a> '
        + (f'<span class="labelRole">{capcode}</span> ' if capcode else "")
        + f'<span class="labelCreated">{_time(post.at):%m/%d/%Y (%a) %H:%M:%S}</span> '
        + (f'<span class="spanId">Id: <span class="labelId">{poster}</span></span> ' if poster else "")
        + f'<a class="linkSelf" href="#{post.number}">No.</a><a class="linkQuote" href="#q{post.number}">{post.number}</a>'
    )
    files = "".join(
        f'<figure class="uploadCell"><a class="originalNameLink" download="{escape(file)}" href="/.media/{post.number:x}.png">{escape(file)}</a><span class="sizeLabel">{size} B</span></figure>'
        for file, size, _ in post.files
    )
    inner = f'<div class="{"opHead" if op else "postInfo"} title">{head}</div><div class="panelUploads">{files}</div><div class="divMessage">{body(view, post)}</div>'
    return (
        f'<div class="innerOP">{inner}</div>'
        if op
        else f'<div class="postCell" id="{post.number}"><div class="innerPost">{inner}</div></div>'
    )


def lynxchan(view: View, path: str, query: str) -> Answer | None:
    """A LynxChan site."""
    if path in ("/", "/index.html"):
        return front(view)
    if path == "/boards.js":
        boards = view.boards()
        if "json" in query:
            listed = [
                {"boardUri": board.uri, "boardName": board.title, "boardDescription": board.title, "totalPosts": 0}
                for board in boards
            ]
            listed += [
                {"boardUri": "all", "boardName": site, "ibName": site, "absPath": f"{site}/all/"}
                for site in _ring(view)
            ]
            return answer(200, JSON, json.dumps({"status": "ok", "data": {"pageCount": 1, "boards": listed}}))
        cells = "".join(
            f'<div class="boardsCell"><a class="linkBoard" href="/{board.uri}/">/{board.uri}/ - {escape(board.title)}</a></div>'
            for board in boards
        )
        return _page(view, "Boards", f'<div id="divBoards">{cells}</div>' + ring_link(view))
    found = IMAGEBOARD.fullmatch(path)
    board = view.stream.boards.get(found["board"]) if found else None
    if not found or not board or "/thread/" in path:
        return None
    if found["thread"]:
        shown = view.thread(board.uri, int(found["thread"]))
        if shown is None:
            return None
        thread, posts = shown
        if found["form"] == "json":
            raw = lynx_json(view, posts[0], op=True) | {
                "boardUri": board.uri,
                "locked": False,
                "pinned": False,
                "posts": [lynx_json(view, post, op=False) for post in posts[1:]],
            }
            return answer(200, JSON, json.dumps(raw), **view.headers())
        inner = (
            lynx_post(view, posts[0], op=True)
            + '<div class="divPosts">'
            + "".join(lynx_post(view, post, op=False) for post in posts[1:])
            + "</div>"
        )
        return _page(
            view,
            f"/{board.uri}/ - {thread.subject}",
            f'<div id="threadList"><div class="opCell" id="{thread.number}" data-boarduri="{board.uri}">{inner}</div></div><form action="/replyThread.js" method="post"></form>',
        )
    threads = view.shown(board)
    if found["list"] == "catalog.json":
        listed = [
            lynx_json(view, posts[0], op=True)
            | {
                "postCount": len(posts) - 1,
                "lastBump": iso(posts[-1].at),
                "locked": False,
                "pinned": False,
                "page": 1 + at // 10,
            }
            for at, (_, posts) in enumerate(threads)
        ]
        return answer(200, JSON, json.dumps(listed), **view.headers())
    if found["list"] in ("catalog.html", "catalog"):
        cells = "".join(
            f'<div class="catalogCell"><a class="linkThumb" href="{view.thread_path(thread)}">{escape(thread.subject)}</a><div class="threadStats"><span class="labelReplies">{len(posts) - 1}</span></div><div class="divMessage">{body(view, posts[0])}</div></div>'
            for thread, posts in threads
        )
        return _page(view, f"/{board.uri}/ - Catalog", f'<div id="divThreads">{cells}</div>')
    cells = "".join(
        f'<div class="opCell" id="{thread.number}" data-boarduri="{board.uri}">{lynx_post(view, posts[0], op=True)}<div class="divPosts">{"".join(lynx_post(view, post, op=False) for post in posts[1:][-3:])}</div></div>'
        for thread, posts in threads[:10]
    )
    return _page(
        view,
        f"/{board.uri}/ - {board.title}",
        f'<div id="divThreads">{cells}</div><form action="/newThread.js" method="post"></form>',
    )


def ring_link(view: View) -> str:
    """A link to the list of the webring, where the site is in one."""
    return '<a href="/webring.json">Webring</a>' if view.stream.ring else ""


def _ring(view: View) -> tuple[str, ...]:
    """The sites that this one names in its webring now."""
    told = [sites for at, sites in view.stream.ring if at <= (view.now if view.until is None else view.until)]
    return told[-1] if told else ()


def webring(view: View) -> Answer | None:
    """The list of a webring's sites."""
    sites = _ring(view)
    if not sites:
        return None
    boards = [
        {"uri": board.uri, "title": board.title, "subtitle": "", "path": f"http://{view.host}/{board.uri}/"}
        for board in view.boards()
    ]
    listed = {
        "name": view.skin.title,
        "url": f"http://{view.host}",
        "endpoint": f"http://{view.host}/webring.json",
        "logo": [],
        "following": [f"{site}/webring.json" for site in sites],
        "known": [f"{site}/webring.json" for site in sites],
        "blacklist": [],
        "boards": boards,
    }
    return answer(200, JSON, json.dumps(listed))


def jschan_json(view: View, post: Post, thread: Thread) -> dict[str, Any]:
    """A post as jschan gives it."""
    name, trip, capcode = signed(post, view.stream)
    files = [
        {"originalFilename": file, "filename": f"{post.number:x}.png", "size": size, "mimetype": "image/png"}
        for file, size, _ in post.files
    ]
    return {"date": iso(post.at).replace("Z", ".000Z"), "u": int(post.at * 1000), "name": name, "country": None, "board": thread.board.uri, "tripcode": trip, "capcode": f"## {capcode}" if capcode else None,
            "subject": post.subject, "message": body(view, post).replace("<br>", "\n"), "nomarkup": post.text_at(view.now), "thread": None if post is thread.posts[0] else thread.number, "files": files,
            "userId": poster_id(post, view.stream), "quotes": [], "postId": post.number, "edited": None}  # fmt: skip


def jschan_post(view: View, post: Post, thread: Thread) -> str:
    """What a jschan page shows of a post."""
    name, trip, capcode = signed(post, view.stream)
    op, poster = post is thread.posts[0], poster_id(post, view.stream)
    told = {
        "post-id": post.number,
        "board": thread.board.uri,
        "name": name,
        "tripcode": trip,
        "user-id": poster,
        "subject": post.subject,
    }
    data = " ".join(f'data-{key}="{escape(str(value))}"' for key, value in told.items() if value)
    head = (
        (f'<span class="post-subject">{escape(post.subject)}</span> ' if post.subject else "")
        + f'<span class="post-name">{escape(name)}</span> '
        + (f'<span class="post-tripcode">{trip}</span> ' if trip else "")
        + (f'<span class="post-capcode">## {capcode}</span> ' if capcode else "")
    )
    files = "".join(
        f'<div class="post-file"><span class="post-file-info"><a class="filename" download="{escape(file)}" href="/file/{post.number:x}.png">{escape(file)}</a> ({size}B, 640x480)</span></div>'
        for file, size, _ in post.files
    )
    text = body(view, post).replace("<br>", "\n")
    return f'<div class="anchor" id="{post.number}"></div><div class="post-container{" op" if op else ""}" {data}><div class="post-info">{head}<time class="post-date" datetime="{iso(post.at).replace("Z", ".000Z")}">{_time(post.at):%d/%m/%Y %H:%M:%S}</time> <span class="post-quoters"><a href="{view.thread_path(thread)}#{post.number}">No.{post.number}</a></span></div><div class="post-data"><div class="post-files">{files}</div><pre class="post-message">{text}</pre></div></div>'


def jschan(view: View, path: str, query: str) -> Answer | None:
    """A jschan site."""
    del query
    if path in ("/", "/index.html"):
        return front(view)
    boards = view.boards()
    if path == "/boards.json":
        listed = [
            {
                "_id": board.uri,
                "webring": False,
                "settings": {"name": board.title, "description": board.title, "sfw": True, "unlistedLocal": False},
                "sequence_value": 1,
            }
            for board in boards
        ]
        listed += [
            {"uri": "all", "title": site, "siteName": site, "path": f"{site}/all/", "webring": True}
            for site in _ring(view)
        ]
        return answer(200, JSON, json.dumps({"boards": listed, "page": 1, "maxPage": 1}))
    if path == "/boards.html":
        rows = "".join(
            f'<tr><td><a href="/{board.uri}/index.html">/{board.uri}/ - {escape(board.title)}</a></td></tr>'
            for board in boards
        )
        return _page(
            view,
            "Boards",
            f'<div class="table-container"><table class="boardtable">{rows}</table></div>' + ring_link(view),
        )
    found = IMAGEBOARD.fullmatch(path)
    board = view.stream.boards.get(found["board"]) if found else None
    if not found or not board or "/res/" in path:
        return None
    if found["thread"]:
        shown = view.thread(board.uri, int(found["thread"]))
        if shown is None:
            return None
        thread, posts = shown
        if found["form"] == "json":
            raw = jschan_json(view, posts[0], thread) | {
                "sticky": 0,
                "locked": 0,
                "cyclic": 0,
                "replyposts": len(posts) - 1,
                "replyfiles": 0,
                "bumped": iso(posts[-1].at),
                "replies": [jschan_json(view, post, thread) for post in posts[1:]],
            }
            return answer(200, JSON, json.dumps(raw), **view.headers())
        return _page(
            view,
            f"/{board.uri}/ - {thread.subject}",
            f'<form class="form-post" action="/forms/board/{board.uri}/post" method="post"></form><div class="thread">{"".join(jschan_post(view, post, thread) for post in posts)}</div>',
        )
    threads = view.shown(board)
    if found["list"] == "catalog.json":
        return answer(
            200,
            JSON,
            json.dumps(
                [
                    jschan_json(view, posts[0], thread)
                    | {
                        "replyposts": len(posts) - 1,
                        "replyfiles": 0,
                        "bumped": iso(posts[-1].at),
                        "sticky": 0,
                        "locked": 0,
                        "cyclic": 0,
                    }
                    for thread, posts in threads
                ]
            ),
            **view.headers(),
        )
    if found["list"] in ("catalog.html", "catalog"):
        tiles = "".join(
            f'<div class="catalog-tile" data-board="{board.uri}" data-post-id="{thread.number}" data-replies="{len(posts) - 1}" data-bump="{iso(posts[-1].at)}"><a href="{view.thread_path(thread)}">{escape(thread.subject)}</a></div>'
            for thread, posts in threads
        )
        return _page(view, f"/{board.uri}/ - Catalog", f'<div class="catalog">{tiles}</div>')
    inner = "".join(
        f'<div class="thread">{"".join(jschan_post(view, post, thread) for post in [posts[0], *posts[1:][-4:]])}</div>'
        for thread, posts in threads[:10]
    )
    return _page(
        view,
        f"/{board.uri}/ - {board.title}",
        f'<form class="form-post" action="/forms/board/{board.uri}/post" method="post"></form>{inner}',
    )


def tiny_json(view: View, post: Post, thread: Thread) -> dict[str, Any]:
    """A post as TinyIB gives it."""
    name, trip, _ = signed(post, view.stream)
    file, size, _ = post.files[0] if post.files else ("", 0, "")
    return {"id": post.number, "parent": 0 if post is thread.posts[0] else thread.number, "timestamp": int(post.at), "bumped": int(post.at), "name": "" if name == "Anonymous" else name, "tripcode": (trip or "").lstrip("!"),
            "email": "", "subject": post.subject or "", "message": body(view, post), "file": f"{int(post.at)}.png" if file else "", "file_hex": f"{post.number:032x}" if file else "", "file_original": file, "file_size": size,
            "image_width": 0, "image_height": 0, "thumb": "", "stickied": 0, "locked": 0}  # fmt: skip


def tinyib(view: View, path: str, query: str) -> Answer | None:
    """A TinyIB site of several boards."""
    del query
    if path in ("/", "/index.html"):
        return front(view)
    found = IMAGEBOARD.fullmatch(path)
    board = view.stream.boards.get(found["board"]) if found else None
    if not found or not board or "/thread/" in path:
        return None
    if found["thread"]:
        shown = view.thread(board.uri, int(found["thread"]))
        if shown is None:
            return None
        thread, posts = shown
        if found["form"] == "json":
            return answer(
                200, JSON, json.dumps({"posts": [tiny_json(view, post, thread) for post in posts]}), **view.headers()
            )
        return _page(view, f"{board.title} - {thread.subject}", _tiny_threads(view, board, [(thread, posts)]))
    threads = view.shown(board)
    if found["list"] == "catalog.json":
        listed = [
            tiny_json(view, posts[0], thread) | {"replies": len(posts) - 1, "images": 0, "bumped": int(posts[-1].at)}
            for thread, posts in threads
        ]
        return answer(200, JSON, json.dumps({"threads": listed}), **view.headers())
    return _page(
        view,
        board.title,
        _tiny_threads(view, board, [(thread, posts[:1] + posts[1:][-3:]) for thread, posts in threads[:20]]),
    )


def _tiny_threads(view: View, board: Board, threads: Shown) -> str:
    made = ""
    for thread, posts in threads:
        for post in posts:
            name, trip, _ = signed(post, view.stream)
            op = post is thread.posts[0]
            head = f'<label><input type="checkbox" name="delete[]" value="{post.number}"> <span class="filetitle">{escape(post.subject or "")}</span> <span class="postername">{escape(name)}</span>{f"<span class=postertrip>{trip}</span>" if trip else ""} {_time(post.at):%Y/%m/%d(%a)%H:%M:%S}</label> <span class="reflink"><a href="res/{thread.number}.html#{post.number}">No.</a><a href="res/{thread.number}.html#q{post.number}">{post.number}</a></span>'
            message = f'<div class="message">{body(view, post)}</div>'
            made += (
                f'<div id="post{post.number}" class="op">{head}{message}</div>'
                if op
                else f'<table><tbody><tr><td class="doubledash">&#0168;</td><td class="reply" id="post{post.number}">{head}{message}</td></tr></tbody></table>'
            )
        made += "<hr>"
    return f'<form id="delform" action="/{board.uri}/imgboard.php?delete" method="post"><input type="hidden" name="board" value="{board.uri}">{made}</form>'


# Forums.


def _date(at: float) -> str:
    return f"{_time(at):%Y-%m-%d, %H:%M:%S}"


def _quoted(view: View, post: Post, form: str) -> str:
    return "".join(
        form.format(
            name=escape(quoted.person.name),
            text=escape(quoted.text_at(view.now), quote=False).replace("\n", "<br>"),
            number=quoted.number,
        )
        for quoted in post.quoted
    )


def forum(view: View, path: str, query: str) -> Answer | None:
    """A site of any of the forum softwares."""
    style = FORUMS[view.skin.software]
    whole = f"{path}?{query}" if query else path
    number = None
    if style.topic.search(whole) and (found := FORUM_TOPIC.search(whole)):
        number, kind = int(found[1]), "topic"
    elif style.board.search(whole) and (found := FORUM_LIST.search(whole)):
        number, kind = int(found[1]), "board"
    if number is None:
        if path not in ("/", "/index.php", "/index.html"):
            return None
        rows = "".join(
            style.board_row.format(path=escape(view.board_path(board)), title=escape(board.title), place=board.place)
            for board in view.boards()
        )
        rules = "".join(f"<li>{escape(rule)}</li>" for rule in view.skin.rules)
        return _page(
            view, view.skin.title, style.index.format(rows=rows) + f'<ol class="rules">{rules}</ol>', page="index"
        )
    if kind == "topic":
        shown = view.thread("", number)
        if shown is None:
            return answer(404, HTML, style.gone)
        thread, posts = shown
        crumbs = style.crumbs.format(
            home=escape(view.skin.title),
            path=escape(view.board_path(thread.board)),
            title=escape(thread.board.title),
            here=escape(thread.subject),
        )
        made = "".join(
            style.post.format(
                number=post.number,
                nth=nth,
                name=escape(post.person.name),
                date=_date(post.at),
                iso=iso(post.at),
                role=f"<br>{post.person.capcode}" if post.staff else "",
                text=_quoted(view, post, style.quote) + body(view, post),
                subject=("" if nth == 1 else "Re: ") + escape(thread.subject),
                topic=thread.number,
                here=escape(view.thread_path(thread)),
                edited=style.edited.format(date=_date(max(at for at, _ in post.edits if at <= view.now)))
                if post.edits and post.edits[0][0] <= view.now
                else "",
            )
            for nth, post in enumerate(posts, 1)
        )
        return _page(
            view,
            f"{thread.subject} - {view.skin.title}",
            crumbs
            + style.topic_page.format(
                posts=made, number=thread.number, title=escape(thread.subject), path=escape(view.thread_path(thread))
            ),
            page="viewtopic",
        )
    board = next((board for board in view.boards() if board.place == number), None)
    if board is None:
        return answer(404, HTML, style.gone)
    rows = "".join(
        style.row.format(
            number=thread.number,
            path=escape(view.thread_path(thread)),
            title=escape(thread.subject),
            replies=len(posts) - 1,
            name=escape(thread.posts[0].person.name),
            last=_date(posts[-1].at),
            lastnumber=posts[-1].number,
        )
        for thread, posts in view.shown(board)
    )
    crumbs = style.crumbs_list.format(
        home=escape(view.skin.title), here=escape(board.title), path=escape(view.board_path(board))
    )
    return _page(
        view,
        f"{board.title} - {view.skin.title}",
        crumbs + style.list_page.format(rows=rows or style.nothing, title=escape(board.title)),
        page="viewforum",
    )


class Style:
    """How a forum software writes its pages."""

    def __init__(self, **told: str) -> None:
        self.topic, self.board = re.compile(told.pop("topic")), re.compile(told.pop("board"))
        self.index = self.board_row = self.crumbs = self.crumbs_list = self.topic_page = self.post = self.quote = ""
        self.edited = self.list_page = self.row = self.nothing = self.gone = ""
        for name, value in told.items():
            setattr(self, name, value)


FORUMS = {
    "mybb": Style(
        topic=r"/showthread\.php\?", board=r"/forumdisplay\.php\?",
        index='<table class="tborder"><tbody>{rows}</tbody></table><a href="archive/index.php">Lite</a>', board_row='<tr><td class="trow1"><strong><a href="{path}">{title}</a></strong></td></tr>',
        crumbs='<div class="navigation"><a href="/index.php">{home}</a> &rsaquo; <a href="{path}">{title}</a><br><span class="active">{here}</span></div>',
        crumbs_list='<div class="navigation"><a href="/index.php">{home}</a> &rsaquo; <span class="active">{here}</span></div>',
        topic_page='<div id="posts">{posts}</div><a href="/printthread.php?tid={number}">Printable</a><input type="hidden" name="my_post_key" value="0">',
        post='<div class="post" id="post_{number}"><div class="post_author"><div class="author_information"><strong><span class="largetext"><a href="/member.php?u">{name}</a></span></strong><span class="smalltext">{role}</span></div></div>'
        '<div class="post_content"><div class="post_head"><div class="float_right"><strong><a href="{here}&amp;pid={number}#pid{number}" title="{subject}">#{nth}</a></strong></div><span class="post_date">{date}{edited}</span></div><div class="post_body scaleimages" id="pid_{number}">{text}</div></div></div>',
        quote='<blockquote class="mycode_quote"><cite><span> (x)</span>{name} Wrote:  <a href="/showthread.php?pid={number}#pid{number}" class="quick_jump"></a></cite>{text}</blockquote>',
        edited='<span class="post_edit" id="edited_by_1"> (This post was last modified: {date} by <a href="#">it</a>.)</span>',
        list_page='<table class="tborder"><tbody>{rows}</tbody></table><form><select name="datecut"></select></form>',
        row='<tr class="inline_row"><td class="trow1"><span class="subject_new" id="tid_{number}"><a href="{path}">{title}</a></span><div class="author smalltext">{name}</div></td><td><a href="javascript:;" onclick="MyBB.whoPosted({number})" data-href="whoposted">{replies}</a></td><td class="trow1"><span class="lastpost smalltext">{last}</span></td></tr>',
        nothing="", gone="<html><body><table><tr><td class=trow1>The specified thread does not exist.</td></tr></table></body></html>",
    ),
    "phpbb": Style(
        topic=r"/viewtopic\.php\?", board=r"/viewforum\.php\?",
        index='<div id="page-body"><div class="forabg"><ul class="topiclist forums">{rows}</ul></div></div>', board_row='<li class="row"><dl class="row-item"><dt><div class="list-inner"><a href="{path}" class="forumtitle">{title}</a></div></dt></dl></li>',
        crumbs='<ul id="nav-breadcrumbs" class="nav-breadcrumbs linklist navlinks"><li class="breadcrumbs"><span class="crumb"><a href="/index.php">{home}</a></span><span class="crumb"><a href="{path}">{title}</a></span></li></ul>',
        crumbs_list='<ul id="nav-breadcrumbs" class="nav-breadcrumbs linklist navlinks"><li class="breadcrumbs"><span class="crumb"><a href="/index.php">{home}</a></span><span class="crumb"><a href="{path}">{here}</a></span></li></ul>',
        topic_page='<div id="page-body"><h2 class="topic-title"><a href="{path}">{title}</a></h2>{posts}</div><div id="page-footer"><li class="rightside">All times are <span title="UTC">UTC</span></li></div>',
        post='<div id="p{number}" class="post has-profile bg2"><div class="inner"><dl class="postprofile"><dt><a href="/memberlist.php?u" class="username">{name}</a></dt><dd class="profile-rank">{role}</dd></dl><div class="postbody"><div id="post_content{number}"><h3><a href="{here}#p{number}">{subject}</a></h3>'
        '<p class="author"><span class="responsive-hide">by <strong><a href="/memberlist.php?u" class="username">{name}</a></strong> &raquo; </span><time datetime="{iso}">{date}</time></p><div class="content">{text}</div>{edited}</div></div></div></div>',
        quote='<blockquote><div><cite><a href="/memberlist.php">{name}</a> wrote: <a href="#p{number}" data-post-id="{number}">x</a></cite>{text}</div></blockquote>',
        edited='<div class="notice">Last edited by it on <time>{date}</time>, edited 1 time in total.</div>',
        list_page='<div id="page-body"><h2 class="forum-title">{title}</h2><div class="forumbg"><ul class="topiclist topics">{rows}</ul></div></div>',
        row='<li class="row bg1"><dl class="row-item topic_read"><dt><div class="list-inner"><a href="{path}" class="topictitle">{title}</a><br>by {name}</div></dt><dd class="posts">{replies}</dd><dd class="lastpost"><span><a href="{path}#p{lastnumber}">{last}</a></span></dd></dl></li>',
        nothing="", gone='<html><body id="phpbb"><div id="message"><p>The requested topic does not exist.</p></div></body></html>',
    ),
    "fluxbb": Style(
        topic=r"/viewtopic\.php\?", board=r"/viewforum\.php\?",
        index='<div id="brdheader"></div><div id="punindex" class="pun"><div class="blocktable"><table><tbody>{rows}</tbody></table></div></div>', board_row='<tr><td class="tcl"><div class="tclcon"><h3><a href="{path}">{title}</a></h3></div></td></tr>',
        crumbs='<div id="brdheader"></div><ul class="crumbs"><li><a href="/index.php">{home}</a></li><li><span>»&#160;</span><a href="{path}">{title}</a></li><li><strong>{here}</strong></li></ul>',
        crumbs_list='<div id="brdheader"></div><ul class="crumbs"><li><a href="/index.php">{home}</a></li><li><strong><a href="{path}">{here}</a></strong></li></ul>',
        topic_page='<div id="punviewtopic" class="pun">{posts}</div>',
        post='<div id="p{number}" class="blockpost rowodd"><h2><span><span class="conr">#{nth}</span> <a href="/viewtopic.php?pid={number}#p{number}">{date}</a></span></h2><div class="box"><div class="inbox"><div class="postbody"><div class="postleft"><dl><dt><strong>{name}</strong></dt><dd class="usertitle">{role}</dd></dl></div><div class="postright"><h3>{subject}</h3><div class="postmsg"><p>{text}</p>{edited}</div></div></div></div></div></div>',
        quote='<div class="quotebox"><cite>{name} wrote:</cite><blockquote><div><p>{text}</p></div></blockquote></div>',
        edited='<p class="postedit"><em>Last edited by it ({date})</em></p>',
        list_page='<div id="punviewforum" class="pun"><div class="blocktable"><h2><span>{title}</span></h2><table><tbody>{rows}</tbody></table></div></div>',
        row='<tr class="rowodd"><td class="tcl"><div class="tclcon"><div><a href="{path}">{title}</a> <span class="byuser">by {name}</span></div></div></td><td class="tc2">{replies}</td><td class="tcr"><a href="/viewtopic.php?pid={lastnumber}#p{lastnumber}">{last}</a></td></tr>',
        nothing='<tr class="rowodd inone"><td class="tcl">Forum is empty.</td></tr>', gone='<html><body><div id="punwrap" class="pun"><div id="msg"><div class="inbox"><p>Bad request. The link you followed is incorrect or outdated.</p></div></div></div></body></html>',
    ),
    "smf": Style(
        topic=r"[?;]topic=", board=r"[?;]board=",
        index='<div id="boardindex_table"><table><tbody>{rows}</tbody></table></div>', board_row='<tr id="board_{place}"><td class="info"><a class="subject" href="{path}">{title}</a></td></tr>',
        crumbs='<div class="navigate_section"><ul><li><a href="/index.php"><span>{home}</span></a></li><li><a href="{path}"><span>{title}</span></a></li><li class="last"><a href="#"><span>{here}</span></a></li></ul></div>',
        crumbs_list='<div class="navigate_section"><ul><li><a href="/index.php"><span>{home}</span></a></li><li class="last"><a href="{path}"><span>{here}</span></a></li></ul></div>',
        topic_page='<div id="display_head"><h2><span id="top_subject">{title}</span></h2></div><div id="forumposts">{posts}</div><a href="/index.php?action=printpage;topic={number}.0">Print</a>',
        post='<div class="windowbg" id="msg{number}"><div class="post_wrapper"><div class="poster"><h4><a href="#">{name}</a></h4><ul><li>{role}</li></ul></div><div class="postarea"><div class="keyinfo"><div id="subject_{number}" class="subject_title subject_hidden"><a href="{here}">{subject}</a></div><div class="postinfo"><a href="{here}" class="smalltext">{date}</a></div></div><div class="post"><div class="inner" data-msgid="{number}" id="msg_{number}">{text}</div></div>{edited}</div></div></div>',
        quote='<blockquote class="bbc_standard_quote"><cite><a href="/index.php?msg={number}">Quote from: {name}</a></cite>{text}</blockquote>',
        edited='<div class="smalltext modified floatleft" id="modified_1">Last Edit: {date} by it</div>',
        list_page='<div id="messageindex"><div id="topic_container">{rows}</div></div>',
        row='<div class="windowbg"><div class="info"><div class="message_index_title"><span class="preview" id="msg_{number}"><a href="{path}">{title}</a></span></div><p>Started by {name}</p></div><div class="board_stats centertext"><p>Replies: {replies}</p></div><div class="lastpost"><p><a href="{path}#msg{lastnumber}">{last}</a></p></div></div>',
        nothing="", gone="<html><body><div id=fatal_error><div class=padding>The topic or board you are looking for appears to be missing</div></div></body></html>",
    ),
}  # fmt: skip


# Softwares that nobody else runs.


def quill(view: View, path: str, query: str) -> Answer | None:
    """A home-made forum: rooms and talks."""
    del query
    if path == "/":
        rows = "".join(
            f'<dt><a href="/forum/{board.uri}">{escape(board.title)}</a></dt><dd>{len(view.shown(board))} talks</dd>'
            for board in view.boards()
        )
        rules = "".join(f"<p>{escape(rule)}</p>" for rule in view.skin.rules)
        return _page(
            view, view.skin.title, f'<dl class="rooms">{rows}</dl><section class="house-rules">{rules}</section>'
        )
    if found := re.fullmatch(r"/forum/([^/]+)", path):
        board = view.stream.boards.get(found[1])
        if board is None:
            return None
        rows = "".join(
            f'<li><a href="/topic/{thread.number}">{escape(thread.subject)}</a> <small>{len(posts)} notes, last {iso(posts[-1].at)}</small></li>'
            for thread, posts in view.shown(board)
        )
        return _page(view, board.title, f'<ul class="talks">{rows}</ul>')
    if found := re.fullmatch(r"/topic/(\d+)", path):
        shown = view.thread("", int(found[1]))
        if shown is None:
            return None
        thread, posts = shown
        notes = "".join(
            f'<article class="note" id="note-{post.number}"><header><b class="by">{escape(post.person.name)}</b>{" <i>staff</i>" if post.staff else ""} <time datetime="{iso(post.at)}">{iso(post.at)}</time> <a href="#note-{post.number}">{post.number}</a></header>{_quoted(view, post, "<blockquote cite=#note-{number}>{text}</blockquote>")}<div class="said">{body(view, post)}</div></article>'
            for post in posts
        )
        return _page(view, thread.subject, f"<h2>{escape(thread.subject)}</h2>{notes}")
    return None


def harbour(view: View, path: str, query: str) -> Answer | None:
    """Another home-made forum, of one long table."""
    del query
    if path == "/":
        rows = "".join(
            f'<tr><th><a href="/boards/{board.uri}/">{escape(board.title)}</a></th></tr>' for board in view.boards()
        )
        return _page(
            view,
            view.skin.title,
            f"<table>{rows}</table>" + "".join(f"<p>{escape(rule)}</p>" for rule in view.skin.rules),
        )
    if found := re.fullmatch(r"/boards/([^/]+)/", path):
        board = view.stream.boards.get(found[1])
        if board is None:
            return None
        return _page(
            view,
            board.title,
            "<table>"
            + "".join(
                f'<tr><td>{len(posts)}</td><td><a href="/thread/{thread.number}">{escape(thread.subject)}</a></td><td>{_date(posts[-1].at)}</td></tr>'
                for thread, posts in view.shown(board)
            )
            + "</table>",
        )
    if found := re.fullmatch(r"/thread/(\d+)", path):
        shown = view.thread("", int(found[1]))
        if shown is None:
            return None
        thread, posts = shown
        rows = "".join(
            f'<tr id="m{post.number}"><td class="user">{escape(post.person.name)}</td><td class="date"><time datetime="{iso(post.at)}">{_date(post.at)}</time></td><td class="message">{_quoted(view, post, "<blockquote>{text}</blockquote>")}{body(view, post)}</td></tr>'
            for post in posts
        )
        return _page(view, thread.subject, f'<h2>{escape(thread.subject)}</h2><table class="messages">{rows}</table>')
    return None


Renderer = Callable[[View, str, str], Answer | None]
RENDERERS: dict[str, Renderer] = {
    "vichan": vichan, "lynxchan": lynxchan, "jschan": jschan, "tinyib": tinyib, "mybb": forum, "phpbb": forum, "fluxbb": forum, "smf": forum,
    "quill": quill, "harbour": harbour,
}  # fmt: skip


def board_site(site: Site, host: str, path: str, query: str, now: float) -> Answer:
    """Any page of a site with boards."""
    view = View(site, host, now)
    if path == "/pgp.txt" and site.skin.key:
        return answer(
            200, TEXT, keys.public_key(site.skin.key, f"{site.skin.title} <{site.skin.contact or 'staff@' + host}>")
        )
    if path == "/mirrors.txt" and site.skin.key and site.skin.signed_mirrors:
        told = [(at, hosts) for at, hosts in view.stream.mirrors if at <= (now if site.until is None else site.until)]
        if told:
            at, hosts = told[-1]
            text = f"Addresses of {site.skin.title}, {iso(at)}\n" + "\n".join(f"http://{one}/" for one in hosts)
            return answer(200, TEXT, keys.signed(site.skin.key, text, int(at)))
    if path == "/webring.json" and view.stream.ring:
        return webring(view) or missing()
    if path == "/robots.txt":
        return answer(200, TEXT, "User-agent: *\nDisallow: /admin/\nDisallow: /mod.php\n")
    if path == "/favicon.ico":
        return answer(200, "image/x-icon", names.icon(site.skin.icon), ETag=f'"{site.skin.icon:x}"')
    if path == "/rules.html" and site.skin.rules:
        return _page(
            view,
            f"Rules of {site.skin.title}",
            "<ol>" + "".join(f"<li>{escape(rule)}</li>" for rule in site.skin.rules) + "</ol>",
        )
    if path == "/sitemap.xml":
        urls = "".join(
            f"<url><loc>http://{host}{escape(view.board_path(board))}</loc></url>" for board in view.boards()
        )
        return answer(
            200,
            "application/xml",
            f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://{host}/</loc></url>{urls}</urlset>',
        )
    if path == "/feed.xml" and view.stream.forum:
        return _feed(view)
    if site.skin.hidden and (path not in ("/", "/index.html", "/index.php") or query):
        return answer(
            403,
            HTML,
            "<html><head><title>Members only</title></head><body><p>You must be logged in to read here.</p></body></html>",
        )
    return RENDERERS[site.skin.software](view, path, query) or missing()


def _feed(view: View) -> Answer:
    latest = sorted(
        (pair for board in view.boards() for pair in view.shown(board)[:10]), key=lambda pair: -pair[1][-1].at
    )[:20]
    items = "".join(
        f"<item><title>{escape(thread.subject)}</title><link>http://{view.host}{escape(view.thread_path(thread))}</link><pubDate>{_time(posts[-1].at):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for thread, posts in latest
    )
    return answer(
        200,
        "application/rss+xml",
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{escape(view.skin.title)}</title><link>http://{view.host}/</link>{items}</channel></rss>',
    )


# Accounts.


def account_page(place: Place, path: str, query: str, now: float) -> Answer | None:
    """A page of a host of accounts; None where it is not one of theirs."""
    if place.host == "t.me":
        found = re.fullmatch(r"/(?:s/)?([A-Za-z0-9_]{3,64})/?", path)
        account = place.accounts.get(found[1].lower()) if found else None
        if account is None or account.bios[0][0] > now:
            return (
                answer(
                    200,
                    HTML,
                    '<html><body class="no_transition"><div class="tgme_page"><div class="tgme_page_extra"></div></div></body></html>',
                )
                if found
                else None
            )
        return telegram(account, now)
    return mastodon(place, path, query, now)


def forwarded(post: Post) -> str:
    """The line above a message that is another channel's."""
    if post.forwarded is None:
        return ""
    account, original = post.forwarded
    return f'<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from <a class="tgme_widget_message_forwarded_from_name" href="https://t.me/{account.handle}/{original.number}"><span dir="auto">{escape(account.title)}</span></a></div>'


def telegram(account: Account, now: float) -> Answer:
    """A channel's preview page."""

    def linked(text: str) -> str:
        made = escape(text, quote=False)
        for link in set(hyperlinks(text)):
            safe = escape(link, quote=False)
            made = made.replace(safe, f'<a href="{safe}" target="_blank" rel="noopener">{safe}</a>')
        return made.replace("\n", "<br/>")

    shown = [
        message
        for message in account.messages
        if message.at <= now and (message.deleted is None or message.deleted > now)
    ]
    messages = "".join(
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="{account.handle}/{post.number}">{forwarded(post)}<div class="tgme_widget_message_text js-message_text" dir="auto">{linked(post.text_at(now))}</div>'
        f'<div class="tgme_widget_message_footer"><a class="tgme_widget_message_date" href="https://t.me/{account.handle}/{post.number}"><time datetime="{iso(post.at).replace("Z", "+00:00")}" class="time">{_time(post.at):%H:%M}</time></a></div></div></div>'
        for post in shown[-20:]
    )
    html = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(account.title)} – Telegram</title></head><body class="widget_frame_base tgme_page"><div class="tgme_channel_info"><div class="tgme_channel_info_header"><div class="tgme_channel_info_header_title"><span dir="auto">{escape(account.title)}</span></div>'
        f'<div class="tgme_channel_info_header_username"><a href="https://t.me/{account.handle}">@{account.handle}</a></div></div><div class="tgme_channel_info_description">{linked(account.bio(now)[1])}</div></div><section class="tgme_channel_history">{messages}</section></body></html>'
    )
    return answer(200, HTML, html)


def mastodon(place: Place, path: str, query: str, now: float) -> Answer | None:
    """The interface of a server of accounts, and an account's page."""
    asked = parse_qs(query)
    if path == "/api/v1/accounts/lookup":
        account = place.accounts.get(asked.get("acct", [""])[0].lower())
        return (
            answer(200, JSON, json.dumps(_profile(account, now)))
            if account
            else answer(404, JSON, '{"error":"Record not found"}')
        )
    if found := re.fullmatch(r"/api/v1/accounts/(\d+)/statuses", path):
        account = next((one for one in place.accounts.values() if _account_id(one) == found[1]), None)
        if account is None:
            return answer(404, JSON, '{"error":"Record not found"}')
        before = float(asked["max_id"][0]) if "max_id" in asked else float("inf")
        shown = (
            []
            if asked.get("pinned") == ["true"]
            else [post for post in reversed(account.messages) if post.at <= now and status_id(post) < before]
        )
        return answer(200, JSON, json.dumps([_status(account, post, now) for post in shown[:40]]))
    if path == "/api/v1/timelines/public":
        return answer(200, JSON, "[]")
    if found := re.fullmatch(r"/@([A-Za-z0-9_.-]+)/?", path):
        account = place.accounts.get(found[1].lower())
        if account is None:
            return None
        return answer(
            200,
            HTML,
            f'<!DOCTYPE html><html><head><title>{escape(account.title)} (@{account.handle}@{place.host})</title><meta property="og:description" content="{escape(account.bio(now)[1])}"></head><body><div id="mastodon"></div></body></html>',
        )
    if path == "/":
        return answer(
            200,
            HTML,
            f'<!DOCTYPE html><html><head><title>{place.host}</title></head><body><div id="mastodon"></div></body></html>',
        )
    return answer(404, JSON, '{"error":"Not found"}') if path.startswith("/api/") else None


def _account_id(account: Account) -> str:
    return str(Random(account.handle).randrange(10**12, 10**13))


def status_id(post: Post) -> int:
    """A post's number as such servers give it: from its time."""
    return (int(post.at) << 16) + post.number


def _html(text: str) -> str:
    made = escape(text, quote=False)
    for link in set(hyperlinks(text)):
        safe = escape(link, quote=False)
        made = made.replace(safe, f'<a href="{safe}" rel="nofollow">{safe}</a>')
    return "<p>" + made.replace("\n", "<br />") + "</p>"


def _profile(account: Account, now: float) -> dict[str, Any]:
    return {"id": _account_id(account), "username": account.handle, "acct": account.handle, "display_name": account.title, "locked": False, "bot": False, "note": _html(account.bio(now)[1]),
            "url": f"http://{account.host}/@{account.handle}", "uri": f"http://{account.host}/users/{account.handle}", "fields": [], "followers_count": 0, "created_at": "2019-01-01T00:00:00.000Z"}  # fmt: skip


def _status(account: Account, post: Post, now: float) -> dict[str, Any]:
    number = str(status_id(post))
    return {"id": number, "created_at": iso(post.at).replace("Z", ".000Z"), "in_reply_to_id": None, "sensitive": False, "spoiler_text": "", "visibility": "public", "language": "en", "url": f"http://{account.host}/@{account.handle}/{number}",
            "uri": f"http://{account.host}/users/{account.handle}/statuses/{number}", "edited_at": None, "content": _html(post.text_at(now)), "reblog": None, "account": _profile(account, now), "media_attachments": [], "mentions": [], "tags": [], "emojis": [], "card": None, "poll": None}  # fmt: skip


# Everything else.


def plain_site(site: Site, host: str, path: str, now: float) -> Answer:
    """A page of a site that is no board: made of its own dice, the same whenever it is asked for."""
    del now
    skin = site.skin
    if path == "/favicon.ico":
        return answer(200, "image/x-icon", names.icon(skin.icon)) if site.seed % 5 else missing()
    if path == "/robots.txt":
        return answer(200, TEXT, "User-agent: *\nAllow: /\n") if site.seed % 3 else missing()
    if path.endswith((".json", ".txt", ".xml", ".php")) or (path != "/" and site.seed % 7 == 0):
        return missing()
    rng = Random(site.seed ^ hash_of(path))
    speech = Speech(rng)
    before, between, after, prefix = _frame(skin.variant)
    tracker = (
        f'<script async src="https://stats.example/tag.js?id={skin.analytics}"></script>' if skin.analytics else ""
    )
    old, old_host = site.about.get("old", "the site"), site.about.get("host", "")
    match site.kind:
        case "news":
            paragraphs = [speech.say("article", old=old, x="another board") for _ in range(rng.randint(5, 14))]
            inner = (
                f"<h1>What became of {escape(old)}?</h1>"
                + "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
                + (f'<p><a href="http://{old_host}/">{old_host}</a></p>' if old_host else "")
            )
        case "directory":
            listed = [
                f"{rng.choice(names.FIRST)}{rng.choice(names.LAST)}.example" for _ in range(rng.randint(8, 30))
            ] + ([old_host] if old_host else [])
            inner = (
                "<h1>Alternatives</h1><ul>"
                + "".join(f'<li><a href="http://{one}/">{one}</a> {escape(speech.say("judge"))}</li>' for one in listed)
                + "</ul>"
            )
        case "status":
            inner = (
                f"<h1>Is {escape(old)} down?</h1><p>{old_host}: {rng.choice(('no answer', 'slow', 'reports are rising'))}</p><table>"
                + "".join(f"<tr><td>{n}:00</td><td>{rng.randint(0, 90)} reports</td></tr>" for n in range(12))
                + "</table>"
            )
        case "parody":
            inner = f"<h1>{escape(old)} 2: now with 40% more hay</h1><p>{escape(speech.say('joke', x=host, old=old))}</p><marquee>under construction</marquee>"
        case "wiki":
            inner = f"<h1>{escape(old)}</h1><p>{escape(old)} is an internet board.</p>" + "".join(
                f"<h2>{escape(rng.choice(names.LAST))}</h2><p>{escape(speech.everyday('en', 'old', 'somebody'))}</p>"
                for _ in range(rng.randint(3, 8))
            )
        case "tribute":
            inner = f"<h1>In memory of {escape(old)}</h1><p>We will not forget the threads.</p>" + "".join(
                f"<blockquote>{escape(speech.everyday('en', 'good', 'somebody'))}</blockquote>"
                for _ in range(rng.randint(3, 9))
            )
        case "coin":
            inner = f"<h1>{escape(old)} coin</h1><p>Buy before the others do. Send to <code>{names.wallet(rng)}</code></p>{FORMS['payment']}"
        case "petition":
            inner = f"<h1>Bring back {escape(old)}</h1><p>{rng.randint(20, 900)} have signed.</p><form method=post><input name=name><input name=email><button>Sign</button></form>"
        case "storage":
            inner = (
                "<h1>Index of /src/</h1><pre>"
                + "\n".join(
                    f'<a href="/src/{rng.getrandbits(34)}.png">{rng.getrandbits(34)}.png</a>' for _ in range(12)
                )
                + "</pre>"
            )
        case "archive":
            inner = (
                f'<div class="saved">Saved from <a href="http://{old_host}/">{old_host}</a></div><h2>{escape(old)}</h2>'
                + "".join(f"<p>{escape(speech.everyday('en', 'good', 'somebody'))}</p>" for _ in range(4))
            )
        case "flood":
            inner = (
                f'<h1>{escape(skin.title)}</h1><p>{escape(skin.motto)}</p><ul class="boards"></ul><p>No posts yet.</p>'
            )
        case "shop":
            inner = "<h1>Offers</h1>" + "".join(
                f'<div class="item"><b>{escape(speech.say("n"))}</b> <span>{rng.randint(3, 300)}.00</span> <button>Add to basket</button></div>'
                for _ in range(rng.randint(4, 16))
            )
        case "shortener":
            return answer(
                302,
                HTML,
                "",
                Location=f"https://{rng.choice(('www.youtube.com', 'en.wikipedia.org', 'github.com'))}/{rng.getrandbits(30):x}",
            )
        case kind:
            pages = [speech.everyday("en", "good", "somebody") for _ in range(rng.randint(2, 12))]
            inner = f"<h1>{escape(skin.title)}</h1><h2>{kind}</h2>" + "".join(
                f'<div class="{prefix}-entry"><p>{escape(one)}</p></div>' for one in pages
            )
    links = "".join(
        f'<a href="/{rng.choice(names.LAST)}">{rng.choice(names.LAST)}</a> ' for _ in range(rng.randint(2, 6))
    )
    title = skin.title if path == "/" else f"{path.strip('/').replace('/', ' ')} - {skin.title}"
    html = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}</title><link rel="icon" href="/favicon.ico">{tracker}</head><body>{before}{links}</div>{between}{inner}{after}<p>{escape(skin.motto)}</p></footer></body></html>'
    return answer(200, HTML, html)


def hash_of(path: str) -> int:
    """A number of a path, the same in every process."""
    value = 0
    for letter in path:
        value = (value * 31 + ord(letter)) & 0x3FFFFFFF
    return value
