"""Pages of the worlds' sites. Everything shown was published by the asked time.

Markup is written after what such software shows, not copied from it.
"""

from collections.abc import Callable
from html import escape

from tests.world import keys, names
from tests.world.forums import forum, harbour, quill
from tests.world.imageboards import jschan, lynxchan, tinyib, vichan, webring
from tests.world.model import Site
from tests.world.view import HTML, TEXT, Answer, View, answer, framed, iso, missing, when

Renderer = Callable[[View, str, str], Answer | None]
RENDERERS: dict[str, Renderer] = {
    "vichan": vichan, "lynxchan": lynxchan, "jschan": jschan, "tinyib": tinyib, "mybb": forum, "phpbb": forum, "fluxbb": forum, "smf": forum,
    "quill": quill, "harbour": harbour,
}  # fmt: skip


def board_site(site: Site, host: str, path: str, query: str, now: float) -> Answer:
    """Any page of a site with boards."""
    view = View(site, host, now)
    if beside := BESIDE.get(path):
        return beside(view) or missing()
    if site.skin.hidden and (path not in ("/", "/index.html", "/index.php") or query):
        words = "<html><head><title>Members only</title></head><body><p>You must be logged in to read here.</p></body></html>"
        return answer(403, HTML, words)
    if not site.skin.interface and (path.endswith(".json") or "json=1" in query):
        return missing()
    return RENDERERS[site.skin.software](view, path, query) or missing()


def _key(view: View) -> Answer | None:
    skin = view.skin
    return (
        answer(200, TEXT, keys.public_key(skin.key, f"{skin.title} <{skin.contact or 'staff@mail.example'}>"))
        if skin.key
        else None
    )


def _mirrors(view: View) -> Answer | None:
    """The operators' own list of addresses, signed when it was last changed; a copy has the one that it copied."""
    until = view.now if view.until is None else view.until
    told = [(at, hosts) for at, hosts in view.stream.mirrors if at <= until]
    if not told or not view.skin.key or not view.skin.signed_mirrors:
        return None
    at, hosts = told[-1]
    text = f"Addresses of {view.skin.title}, {iso(at)}\n" + "\n".join(f"http://{one}/" for one in hosts)
    return answer(200, TEXT, keys.signed(view.skin.key, text, int(at)))


def _robots(_: View) -> Answer:
    return answer(200, TEXT, "User-agent: *\nDisallow: /admin/\nDisallow: /mod.php\n")


def _icon(view: View) -> Answer:
    return answer(200, "image/x-icon", names.icon(view.skin.icon), ETag=f'"{view.skin.icon:x}"')


def _rules(view: View) -> Answer | None:
    rules = "".join(f"<li>{escape(rule)}</li>" for rule in view.skin.rules)
    return framed(view, f"Rules of {view.skin.title}", f"<ol>{rules}</ol>") if rules else None


def _sitemap(view: View) -> Answer:
    urls = "".join(
        f"<url><loc>http://{view.host}{escape(view.board_path(board))}</loc></url>" for board in view.boards()
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return answer(200, "application/xml", f"{head}<url><loc>http://{view.host}/</loc></url>{urls}</urlset>")


def _feed(view: View) -> Answer | None:
    if not view.stream.forum or view.skin.hidden:
        return None
    latest = sorted(
        (pair for board in view.boards() for pair in view.shown(board)[:10]), key=lambda pair: -pair[1][-1].at
    )[:20]
    items = "".join(
        f"<item><title>{escape(thread.subject)}</title><link>http://{view.host}{escape(view.thread_path(thread))}</link><pubDate>{when(posts[-1].at):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for thread, posts in latest
    )
    return answer(
        200,
        "application/rss+xml",
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{escape(view.skin.title)}</title><link>http://{view.host}/</link>{items}</channel></rss>',
    )


BESIDE: dict[str, Callable[[View], Answer | None]] = {
    "/pgp.txt": _key, "/mirrors.txt": _mirrors, "/webring.json": webring, "/robots.txt": _robots, "/favicon.ico": _icon,
    "/rules.html": _rules, "/sitemap.xml": _sitemap, "/feed.xml": _feed,
}  # fmt: skip
"""What sites of any software have beside their boards."""
