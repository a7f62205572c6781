"""Pages that are no board: shops, news, what stands in for a site that is gone, and whatever else is on the web."""

from html import escape
from random import Random

from tests.world import names
from tests.world.model import Place, Site
from tests.world.speech import Speech
from tests.world.view import FORMS, HTML, TEXT, Answer, answer, frame, missing


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
    before, between, after, prefix = frame(skin.variant)
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
