"""A site at one time, and what pages of all softwares share: frames, links, names, times."""

from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from random import Random
from urllib.parse import quote

from tests.world import names
from tests.world.model import LINKED, Board, Post, Site, Skin, Stream, Thread, hyperlinks

Answer = tuple[int, dict[str, str], bytes]
HTML, JSON, TEXT = "text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"
Shown = list[tuple[Thread, list[Post]]]


def when(at: float) -> datetime:
    return datetime.fromtimestamp(int(at), UTC)


def iso(at: float) -> str:
    """As JSON interfaces write a time."""
    return when(at).strftime("%Y-%m-%dT%H:%M:%SZ")


def answer(status: int, kind: str, body: str | bytes, **headers: str) -> Answer:
    """A response."""
    raw = body if isinstance(body, bytes) else body.encode()
    return status, {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}, raw


def missing() -> Answer:
    """What a site says of a page that it does not have."""
    return answer(
        404, HTML, "<!doctype html><html><head><title>404</title></head><body><h1>Not found</h1></body></html>"
    )


@lru_cache(maxsize=4096)
def frame(variant: int) -> tuple[str, str, str, str]:
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


def framed(view: "View", title: str, inner: str, *, page: str = "index", head: str = "") -> Answer:
    skin = view.skin
    before, between, after, _ = frame(skin.variant)
    product, url, version = SOFTWARE[skin.software]
    proof = (
        f'<meta name="{PROOFS[int(skin.verification[-1], 16) % 2]}-verification" content="{skin.verification}">'
        if skin.verification
        else ""
    )
    generator = f'<meta name="generator" content="{product} {version}">' if skin.generator else ""
    boards = " / ".join(
        f'<a href="{view.board_path(board)}">{escape(board.uri if not view.stream.forum else board.title)}</a>'
        for board in view.boards()
    )
    form = FORMS.get(skin.form or "", "")
    foot: list[str] = []
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
        f'<link rel="shortcut icon" href="/favicon.ico">{head}{counter(skin)}</head>{BODY.get(skin.software, "<body>").format(page=page)}'
        f'{before}<span class="boardlist">[ {boards} ]</span><h1>{escape(skin.title)}</h1><p class="motto">{escape(skin.motto)}</p>'
        f"{'</header>' if '<header class' in before[-40:] else '</div>'}{form}{between}{inner}{after}{''.join(foot)}</footer></body></html>"
    )
    return answer(200, HTML, html, **view.headers())


PROOFS = ("google-site", "yandex")


def counter(skin: Skin) -> str:
    """What a page holds for the service that counts its visitors."""
    number = skin.analytics or ""
    if number.startswith("ym"):
        return f'<script>ym({number[2:]}, "init", {{clickmap:true}});</script>'
    if number.startswith("cf"):
        return f'<script defer src="https://static.cloudflareinsights.com/beacon.min.js" data-cf-beacon=\'{{"token": "{number[2:]}"}}\'></script>'
    tag = f'<script async src="https://www.googletagmanager.com/gtag/js?id={number}"></script>'
    return f"{tag}<script>gtag('config', '{number}');</script>" if number else ""


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
        told = [onion for at, onion in self.site.onions if at <= self.now]
        return {"Onion_Location": f"http://{told[-1]}/"} if told and not self.host.endswith(".onion") else {}

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


def linked(text: str) -> str:
    """A text as markup, its addresses as hyperlinks."""
    made, at = "", 0
    for found in LINKED.finditer(text):
        [link] = hyperlinks(found[0])
        made += f'{escape(text[at : found.start()], quote=False)}<a href="{escape(link)}" rel="nofollow">{escape(link, quote=False)}</a>'
        at = found.start() + len(link)
    return made + escape(text[at:], quote=False)


def body(view: View, post: Post) -> str:
    """A post's text as markup: links, quotes, line ends. Boards without names quote by number, forums by block."""
    text = linked(post.text_at(view.now))
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
