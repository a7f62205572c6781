"""Pages that are no board: shops, news, what stands in for a site that is gone, and whatever else is on the web."""

from collections.abc import Callable
from html import escape
from random import Random

from tests.world import names
from tests.world.model import Place, Site
from tests.world.speech import Speech
from tests.world.view import FORMS, HTML, TEXT, Answer, answer, counter, frame, missing


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


def plain_site(site: Site, host: str, path: str) -> Answer:
    """A page of a site that is no board: made of its own dice, the same whenever it is asked for."""
    skin = site.skin
    if path == "/favicon.ico":
        return answer(200, "image/x-icon", names.icon(skin.icon)) if site.seed % 5 else missing()
    if path == "/robots.txt":
        return answer(200, TEXT, "User-agent: *\nAllow: /\n") if site.seed % 3 else missing()
    if path.endswith((".json", ".txt", ".xml", ".php")) or (path != "/" and site.seed % 7 == 0):
        return missing()
    rng = Random(site.seed ^ _number(path))
    if site.kind == "shortener":
        leads = f"https://{rng.choice(('www.youtube.com', 'en.wikipedia.org', 'github.com'))}/{rng.getrandbits(30):x}"
        return answer(302, HTML, "", Location=leads)
    before, between, after, _ = frame(skin.variant)
    inner = CONTENTS.get(site.kind, _entries)(site, host, Speech(rng))
    links = "".join(
        f'<a href="/{rng.choice(names.LAST)}">{rng.choice(names.LAST)}</a> ' for _ in range(rng.randint(2, 6))
    )
    title = skin.title if path == "/" else f"{path.strip('/').replace('/', ' ')} - {skin.title}"
    html = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}</title><link rel="icon" href="/favicon.ico">{counter(skin)}</head>'
        f"<body>{before}{links}</div>{between}{inner}{after}<p>{escape(skin.motto)}</p></footer></body></html>"
    )
    return answer(200, HTML, html)


def _number(path: str) -> int:
    """A number of a path, the same in every process."""
    value = 0
    for letter in path:
        value = (value * 31 + ord(letter)) & 0x3FFFFFFF
    return value


def _said(speech: Speech, count: int, form: str) -> str:
    return "".join(form.format(escape(speech.everyday("en", "good", "somebody"))) for _ in range(count))


def _entries(site: Site, _: str, speech: Speech) -> str:
    prefix = frame(site.skin.variant)[3]
    said = _said(speech, speech.rng.randint(2, 12), f'<div class="{prefix}-entry"><p>{{}}</p></div>')
    return f"<h1>{escape(site.skin.title)}</h1><h2>{site.kind}</h2>{said}"


def _news(site: Site, _: str, speech: Speech) -> str:
    old, host = escape(site.about.get("old", "the site")), site.about.get("host")
    said = "".join(
        f"<p>{escape(speech.say('article', old=old, x='another board'))}</p>" for _ in range(speech.rng.randint(5, 14))
    )
    return f"<h1>What became of {old}?</h1>{said}" + (f'<p><a href="http://{host}/">{host}</a></p>' if host else "")


def _directory(site: Site, _: str, speech: Speech) -> str:
    rng = speech.rng
    listed = [f"{rng.choice(names.FIRST)}{rng.choice(names.LAST)}.example" for _ in range(rng.randint(8, 30))]
    listed += [site.about["host"]] if "host" in site.about else []
    rows = "".join(f'<li><a href="http://{one}/">{one}</a> {escape(speech.say("judge"))}</li>' for one in listed)
    return f"<h1>Alternatives</h1><ul>{rows}</ul>"


def _status(site: Site, _: str, speech: Speech) -> str:
    rng = speech.rng
    rows = "".join(f"<tr><td>{hour}:00</td><td>{rng.randint(0, 90)} reports</td></tr>" for hour in range(12))
    state = rng.choice(("no answer", "slow", "reports are rising"))
    return f"<h1>Is {escape(site.about['old'])} down?</h1><p>{site.about['host']}: {state}</p><table>{rows}</table>"


def _parody(site: Site, host: str, speech: Speech) -> str:
    old = site.about["old"]
    joke = escape(speech.say("joke", x=host, old=old))
    return f"<h1>{escape(old)} 2: now with 40% more hay</h1><p>{joke}</p><marquee>under construction</marquee>"


def _wiki(site: Site, _: str, speech: Speech) -> str:
    old = escape(site.about["old"])
    said = _said(speech, speech.rng.randint(3, 8), f"<h2>{speech.rng.choice(names.LAST)}</h2><p>{{}}</p>")
    return f"<h1>{old}</h1><p>{old} is an internet board.</p>{said}"


def _tribute(site: Site, _: str, speech: Speech) -> str:
    said = _said(speech, speech.rng.randint(3, 9), "<blockquote>{}</blockquote>")
    return f"<h1>In memory of {escape(site.about['old'])}</h1><p>We will not forget the threads.</p>{said}"


def _coin(site: Site, _: str, speech: Speech) -> str:
    wallet = names.wallet(speech.rng)
    return f"<h1>{escape(site.about['old'])} coin</h1><p>Buy before the others do. Send to <code>{wallet}</code></p>{FORMS['payment']}"


def _petition(site: Site, _: str, speech: Speech) -> str:
    form = "<form method=post><input name=name><input name=email><button>Sign</button></form>"
    return f"<h1>Bring back {escape(site.about['old'])}</h1><p>{speech.rng.randint(20, 900)} have signed.</p>{form}"


def _storage(_: Site, __: str, speech: Speech) -> str:
    files = [f"{speech.rng.getrandbits(34)}.png" for _ in range(12)]
    return "<h1>Index of /src/</h1><pre>" + "\n".join(f'<a href="/src/{file}">{file}</a>' for file in files) + "</pre>"


def _archive(site: Site, _: str, speech: Speech) -> str:
    host = site.about.get("host", "")
    return f'<div class="saved">Saved from <a href="http://{host}/">{host}</a></div>{_said(speech, 4, "<p>{}</p>")}'


def _flood(site: Site, _: str, __: Speech) -> str:
    return f'<h1>{escape(site.skin.title)}</h1><p>{escape(site.skin.motto)}</p><ul class="boards"></ul><p>No posts yet.</p>'


def _shop(_: Site, __: str, speech: Speech) -> str:
    rng = speech.rng
    items = [
        f'<div class="item"><b>{escape(speech.say("n"))}</b> <span>{rng.randint(3, 300)}.00</span> <button>Add to basket</button></div>'
        for _ in range(rng.randint(4, 16))
    ]
    return f"<h1>Offers</h1>{''.join(items)}"


CONTENTS: dict[str, Callable[[Site, str, Speech], str]] = {
    "news": _news, "directory": _directory, "status": _status, "parody": _parody, "wiki": _wiki, "tribute": _tribute,
    "coin": _coin, "petition": _petition, "storage": _storage, "archive": _archive, "flood": _flood, "shop": _shop,
}  # fmt: skip
"""What sites of a kind show; others have entries."""
