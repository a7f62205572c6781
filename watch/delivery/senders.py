"""How each kind of channel is reached: file, feed, screen, e-mail, webhook, and through apprise whatever it knows.

One function a kind: it returns when the channel has accepted the message, and raises NotSent otherwise. Where the
setting does not allow it no address that is not public is connected to, and redirects are never followed.
"""

import base64
import hashlib
import hmac
import http.client
import ipaddress
import json
import logging
import os
import re
import smtplib
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from xml.etree import ElementTree as ET

import apprise

from core.records import Alert
from watch.delivery.wording import Message, as_document, as_html, as_json, cut, entry, for_chat, plain, title

logger = logging.getLogger(__name__)

SECONDS = 15.0
"""How long a channel may take to connect, and to answer."""
FEED_ENTRIES = 100
ATOM = "http://www.w3.org/2005/Atom"
NEVER_AGAIN = {400, 404, 410, 413, 422}
"""HTTP statuses that say something about the message or the address, not about the moment."""
REDIRECTS = range(300, 400)


class NotSent(Exception):
    """A channel did not accept a message: why, without secrets."""

    def __init__(self, why: str, *, wait: float = 0.0, final: bool = False) -> None:
        super().__init__(why)
        self.wait = wait
        """Seconds that the channel asked to be left alone."""
        self.final = final
        """Whether trying again is unlikely to help."""


Show = Callable[[Alert, Sequence[str]], None]
"""Shows an alert on a screen, and what has changed where it was shown before."""


@dataclass(frozen=True)
class Target:
    """Where to, as the configuration says it."""

    url: str
    secret: str | None = None
    allow_private: bool = False

    @property
    def scheme(self) -> str:
        """What its URL begins with."""
        return self.url.partition(":")[0].lower()

    @property
    def path(self) -> str:
        """What its URL holds after the scheme."""
        return self.url.partition(":")[2]


@dataclass(frozen=True)
class Means:
    """What the program gives its senders."""

    home: Path
    """What a relative path is relative to."""
    is_public: Callable[[str], bool]
    """Whether an IP address belongs to the public internet."""
    show: Show | None = None
    """None where there is no screen to show anything on."""


def send(message: Message, target: Target, means: Means) -> None:
    """Hands a message to its channel; NotSent where it was not accepted."""
    sender = _sender(target)
    if sender in LOCAL:
        try:
            sender(message, target, means)
        except OSError as error:
            raise NotSent(f"cannot be written: {error.strerror}") from None
        return
    with _connections(None if target.allow_private else means.is_public) as refused:
        try:
            sender(message, target, means)
        except Exception as error:  # whatever a library raises, the message did not get through
            if refused:
                why = f"{refused[0]} is not a public address; if it is meant, set `allow_private: true`"
                raise NotSent(why) from None
            if isinstance(error, NotSent):
                raise
            raise NotSent(_without_secrets(f"{type(error).__name__}: {error}", target)) from None


def check_path(target: Target, means: Means) -> None:
    """Whether a file or feed can be written, nothing being written; NotSent where not."""
    path = means.home / target.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotSent(f"cannot be written: {error.strerror or error}") from None
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise NotSent("cannot be written: permission denied")


def complaint(target: Target) -> str | None:
    """What a URL lacks to be a channel; None where nothing."""
    sender, parts = _sender(target), _split(target.url)
    if sender is _through_apprise:
        known = _service(target.url) is not None
        return None if known else "no kind of channel, or not all of its URL; docs/alerts.md lists what there is"
    if sender is _to_screen:
        return None
    if sender in LOCAL:
        return None if target.path else "expected a path after the colon, such as file:alerts.ndjson"
    host = parts and parts.hostname
    if sender is _to_webhook:
        try:
            _key(target.secret or "")
        except ValueError:
            return "`secret` begins with whsec_, but is not base64 after it"
        return None if host and target.secret else "a webhook needs a host, and `secret` to sign with"
    given = parse_qs(parts.query) if parts else {}
    from_whom = given.get("from") or "@" in unquote((parts and parts.username) or "")
    return (
        None
        if host and from_whom and given.get("to")
        else "expected smtps://user:password@host/?from=ADDRESS&to=ADDRESS"
    )


def _sender(target: Target) -> Callable[[Message, Target, Means], None]:
    """The function for a URL; a page of a service that apprise knows (hooks.slack.com) is that service's."""
    sender = SENDERS.get(target.scheme, _through_apprise)
    return _through_apprise if sender is _to_webhook and _service(target.url) is not None else sender


def _to_file(message: Message, target: Target, means: Means) -> None:
    """Appends a line of JSON an alert. What an attempt that was cut short has written is seen by its id and number."""
    path = means.home / target.path
    path.parent.mkdir(parents=True, exist_ok=True)
    had = _whole_lines(path) if message.repeated else set()
    lines = [json.dumps(as_json(telling), ensure_ascii=False) for telling in message.tellings
             if (telling.alert.id, telling.number) not in had]  # fmt: skip
    with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(line + "\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())


def _whole_lines(path: Path) -> set[tuple[str, int]]:
    """Ids and numbers in the file's lines; what follows the last newline was torn by a crash and is cut off."""
    if not path.exists():
        return set()
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    had = set()
    for line in whole.splitlines():
        try:
            told = json.loads(line)
            had.add((told["id"], told.get("update", 0)))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # somebody else's line: not ours to judge
    return had


def _to_feed(message: Message, target: Target, means: Means) -> None:
    """Writes the feed (Atom, RFC 4287) anew: each alert an entry, replaced where it has changed."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _text(feed, "id", "urn:fringewatch:alerts")
    _text(feed, "title", "Fringewatch alerts")
    _text(feed, "updated", message.at.isoformat())
    _text(ET.SubElement(feed, f"{{{ATOM}}}author"), "name", "Fringewatch")
    for telling in message.recent:
        headline, content = entry(telling)
        item = ET.SubElement(feed, f"{{{ATOM}}}entry")
        _text(item, "id", f"urn:fringewatch:alert:{telling.alert.id}")
        _text(item, "title", headline)
        _text(item, "published", telling.alert.created_at.isoformat())
        _text(item, "updated", telling.at.isoformat())
        _text(item, "content", content, type="html")
    path = means.home / target.path
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    with new.open("wb") as file:
        ET.ElementTree(feed).write(file, encoding="utf-8", xml_declaration=True)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = text


def _to_screen(message: Message, _target: Target, means: Means) -> None:
    for telling in message.tellings:
        if means.show:
            means.show(telling.alert, telling.changes)


def _by_mail(message: Message, target: Target, _means: Means) -> None:
    """Over smtps, or smtp that turns to TLS; `starttls=no` in the URL says that the server needs none."""
    parts = urlsplit(target.url)
    given = parse_qs(parts.query)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    sender = given.get("from", [user])[0]
    recipients = [one.strip() for field in given["to"] for one in field.split(",") if one.strip()]
    mail, domain = _mail(message, sender, recipients), sender.rpartition("@")[2]
    try:
        with _server(parts, domain, plainly=given.get("starttls") == ["no"]) as server:
            if user and password:
                server.login(user, password)
            refused = server.send_message(mail, sender, recipients)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise NotSent(f"all recipients were refused ({codes[0]})", final=min(codes) >= 500) from None  # noqa: PLR2004
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise NotSent(f"refused ({error.smtp_code})", final=error.smtp_code >= 500) from None  # noqa: PLR2004
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(f"the server does not accept user and password ({error.smtp_code})") from None
    except smtplib.SMTPNotSupportedError:
        raise NotSent("the server offers no STARTTLS or no login; `starttls=no` in the URL does without TLS") from None
    if refused:
        logger.warning("a mail went out, but %s of its %s recipients were refused", len(refused), len(recipients))


def _server(parts: SplitResult, domain: str, *, plainly: bool) -> smtplib.SMTP:
    host, context = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, parts.port or 465, domain, timeout=SECONDS, context=context)
    server = smtplib.SMTP(host, parts.port or 587, domain, timeout=SECONDS)
    if not plainly:
        try:
            server.starttls(context=context)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
    return server


def _mail(message: Message, sender: str, recipients: Sequence[str]) -> EmailMessage:
    """The mail: its Message-ID is the message's, and an update answers the mail that told its alert first."""
    domain = sender.rpartition("@")[2]
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, ", ".join(recipients)
    mail["Subject"] = cut(f"[fringewatch] {title(message)}")
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.kind == "update":
        first = f"<{message.tellings[0].alert.id}-0@{domain}>"
        mail["In-Reply-To"] = mail["References"] = first
    mail.set_content(plain(message), cte="quoted-printable")
    page = f"<html><body><p>{as_html(plain(message))}</p></body></html>"
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    return mail


def _to_webhook(message: Message, target: Target, _means: Means) -> None:
    """Posts JSON, signed as standardwebhooks.com specifies it; `webhook-id` is the same however often it is sent."""
    parts = urlsplit(target.url)
    body = json.dumps(as_document(message), ensure_ascii=False).encode()
    kind = http.client.HTTPSConnection if parts.scheme.lower() == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, _signed(message.id, body, target.secret or "", datetime.now(UTC)))
        response = connection.getresponse()
        status, wait = response.status, retry_after(response.getheader("Retry-After"), datetime.now(UTC))
    finally:
        connection.close()
    if status in REDIRECTS:
        raise NotSent(f"answers {status}: redirects are not followed, put the address it leads to into `url`")
    if not 200 <= status < 300:  # noqa: PLR2004
        raise NotSent(f"answers {status}", wait=wait, final=status in NEVER_AGAIN)


def _signed(message: str, body: bytes, secret: str, now: datetime) -> dict[str, str]:
    """Headers: identity, time (Unix seconds, the machine's: receivers refuse old ones) and signature."""
    at = str(int(now.timestamp()))
    signature = hmac.new(_key(secret), f"{message}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json", "User-Agent": "Fringewatch", "webhook-id": message, "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }  # fmt: skip


def _key(secret: str) -> bytes:
    """The key that a secret is: `whsec_` and base64, or any text; ValueError where the former is none."""
    encoded = secret.removeprefix("whsec_")
    return secret.encode() if encoded == secret else base64.b64decode(encoded, validate=True)


def retry_after(given: str | None, now: datetime) -> float:
    """Seconds that a Retry-After header (RFC 9110, 10.2.3: seconds or a date) asks for; 0 without, or for nonsense."""
    try:
        if given is None:
            return 0.0
        if given.strip().isdecimal():
            return float(given)
        at = parsedate_to_datetime(given)
        return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())
    except (ValueError, OverflowError):
        return 0.0


ASSET = apprise.AppriseAsset(
    app_id="Fringewatch", app_desc="Fringewatch alerts", app_url="", image_url_mask="", image_url_logo="",
    http_redirects=False, storage_mode="memory",
)  # fmt: skip
"""No pictures from elsewhere, nothing kept on disk, no redirect followed."""


class _Reasons(logging.Filter):
    """Hears what apprise logs, which tells its reasons nowhere else, and keeps it from the log: it may hold secrets."""

    heard = threading.local()
    """`lines`, of this thread."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never: the line goes no further."""
        if record.levelno >= logging.WARNING:
            self.heard.lines = [*getattr(self.heard, "lines", ()), record.getMessage()]
        return False


logging.getLogger("apprise").addFilter(_Reasons())


def _service(url: str) -> apprise.NotifyBase | None:
    """Apprise's own object for a URL; None where it knows none such."""
    service = apprise.Apprise.instantiate(url, asset=ASSET, suppress_exceptions=True)
    return service if isinstance(service, apprise.NotifyBase) else None


def _through_apprise(message: Message, target: Target, _means: Means) -> None:
    service = _service(target.url)
    if service is None:
        raise NotSent("apprise does not know this URL")
    service.redirects = False  # whatever the URL says
    service.overflow_mode = apprise.OverflowMode.TRUNCATE
    _Reasons.heard.lines = []
    accepted = service.notify(
        body=for_chat(plain(message)), title=for_chat(title(message)), notify_type="warning", body_format="text"
    )  # fmt: skip
    if not accepted:
        raise NotSent(_without_secrets("; ".join(_Reasons.heard.lines) or "not accepted", target))


_guarded = threading.local()


@contextmanager
def _connections(is_public: Callable[[str], bool] | None) -> Iterator[list[str]]:
    """Has every connection that this thread makes meanwhile refused where `is_public` says no of its address.

    What was refused is in the list. It acts on the address that is connected to, whatever library connects: a name
    that resolves otherwise the second time, or a redirect, comes by here too.
    """
    _looked_after()
    refused: list[str] = []
    _guarded.by = (is_public, refused) if is_public else None
    try:
        yield refused
    finally:
        _guarded.by = None


def _look(event: str, args: tuple[Any, ...]) -> None:
    """Python's audit hook (PEP 578): sees every connection before it is made."""
    if event != "socket.connect" or not (by := getattr(_guarded, "by", None)):
        return
    is_public, refused = by
    address = args[1][0] if isinstance(args[1], tuple) else args[1]
    try:
        public = is_public(str(ipaddress.ip_address(str(address))))
    except ValueError:
        public = False
    if not public:
        refused.append(str(address))
        raise ConnectionRefusedError(f"{address} is not a public address")


@cache
def _looked_after() -> None:
    sys.addaudithook(_look)


def _without_secrets(text: str, target: Target) -> str:
    """A text in which whatever of the URL follows its scheme is hidden."""
    parts = {part for raw in (target.url.partition(":")[2], unquote(target.url.partition(":")[2]), target.secret or "")
             for part in [raw, *re.split(r"[/:@?&=,\s]+", raw)] if len(part) > 3}  # fmt: skip  # noqa: PLR2004
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, "…")
    return " ".join(text.split())[:300]


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # ValueError where it is no port
    except ValueError:
        return None
    return parts


SENDERS: Mapping[str, Callable[[Message, Target, Means], None]] = {
    "file": _to_file, "feed": _to_feed, "screen": _to_screen, "smtp": _by_mail, "smtps": _by_mail,
    "http": _to_webhook, "https": _to_webhook,
}  # fmt: skip
"""By the scheme of the URL; every other scheme is apprise's to know."""
LOCAL = {_to_file, _to_feed, _to_screen}
