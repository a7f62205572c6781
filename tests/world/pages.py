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
        return framed(
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
        f"<item><title>{escape(thread.subject)}</title><link>http://{view.host}{escape(view.thread_path(thread))}</link><pubDate>{when(posts[-1].at):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for thread, posts in latest
    )
    return answer(
        200,
        "application/rss+xml",
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{escape(view.skin.title)}</title><link>http://{view.host}/</link>{items}</channel></rss>',
    )
