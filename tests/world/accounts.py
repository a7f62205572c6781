"""Channels and accounts: previews in the manner of t.me, the interface of Mastodon."""

import json
import re
from functools import lru_cache
from html import escape
from random import Random
from typing import Any
from urllib.parse import parse_qs

from tests.world.model import DAY, FIRST_DAY, Account, Person, Place, Post
from tests.world.speech import Speech
from tests.world.view import HTML, JSON, Answer, answer, iso, linked, when


def account_page(place: Place, path: str, query: str, now: float) -> Answer | None:
    """A page of a host of accounts; None where it is not one of theirs."""
    if place.host != "t.me":
        return mastodon(place, path, query, now)
    found = re.fullmatch(r"/(?:s/)?([A-Za-z0-9_]{3,64})/?", path)
    if found is None:
        return None
    account = place.accounts.get(found[1].lower()) or _stranger(found[1].lower())
    if account is None or account.bios[0][0] > now:
        return NO_PREVIEW
    before = parse_qs(query).get("before", [""])[0]
    return telegram(account, int(before) if before.isdecimal() else None, now)


NO_PREVIEW = answer(
    200,
    HTML,
    '<html><body class="no_transition"><div class="tgme_page"><div class="tgme_page_extra"></div></div></body></html>',
)


@lru_cache(maxsize=1024)
def _stranger(handle: str) -> Account | None:
    """A channel that somebody linked for no reason; some are not there or show no preview."""
    rng = Random(handle)
    if rng.random() < 0.35:
        return None
    speech, owner = Speech(rng), Person(0, handle)
    account = Account("telegram", "t.me", handle, handle.replace("_", " ").title(), official=False)
    account.bios.append((FIRST_DAY - DAY, speech.everyday("en", "good", "somebody")))
    times = sorted(FIRST_DAY + rng.random() * 1000 * DAY for _ in range(rng.randint(20, 200)))
    account.messages += [
        Post(at, owner, speech.everyday("en", "good", "somebody"), number=number) for number, at in enumerate(times, 2)
    ]
    return account


def forwarded(post: Post) -> str:
    """The line above a message that is another channel's."""
    if post.forwarded is None:
        return ""
    account, original = post.forwarded
    return f'<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from <a class="tgme_widget_message_forwarded_from_name" href="https://t.me/{account.handle}/{original.number}"><span dir="auto">{escape(account.title)}</span></a></div>'


def telegram(account: Account, before: int | None, now: float) -> Answer:
    """A channel's preview page: its latest twenty messages, or those before a number."""
    there = [post for post in account.messages if post.at <= now and (post.deleted is None or post.deleted > now)]
    shown = [post for post in there if before is None or post.number < before]
    first = shown[-20].number if len(shown) > 20 else None
    more = (
        f'<a class="tme_messages_more js-messages_more" href="/s/{account.handle}?before={first}" data-before="{first}"></a>'
        if first
        else ""
    )
    messages = "".join(
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="{account.handle}/{post.number}">{forwarded(post)}<div class="tgme_widget_message_text js-message_text" dir="auto">{_lines(post.text_at(now), "<br/>")}</div>'
        f'<div class="tgme_widget_message_footer"><a class="tgme_widget_message_date" href="https://t.me/{account.handle}/{post.number}"><time datetime="{iso(post.at).replace("Z", "+00:00")}" class="time">{when(post.at):%H:%M}</time></a></div></div></div>'
        for post in shown[-20:]
    )
    html = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(account.title)} – Telegram</title></head><body class="widget_frame_base tgme_page"><div class="tgme_channel_info"><div class="tgme_channel_info_header"><div class="tgme_channel_info_header_title"><span dir="auto">{escape(account.title)}</span></div>'
        f'<div class="tgme_channel_info_header_username"><a href="https://t.me/{account.handle}">@{account.handle}</a></div></div><div class="tgme_channel_info_description">{_lines(account.bio(now)[1], "<br/>")}</div></div><section class="tgme_channel_history">{more}{messages}</section></body></html>'
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


def _lines(text: str, end: str) -> str:
    return linked(text).replace("\n", end)


def _html(text: str) -> str:
    return f"<p>{_lines(text, '<br />')}</p>"


def _profile(account: Account, now: float) -> dict[str, Any]:
    return {"id": _account_id(account), "username": account.handle, "acct": account.handle, "display_name": account.title, "locked": False, "bot": False, "note": _html(account.bio(now)[1]),
            "url": f"http://{account.host}/@{account.handle}", "uri": f"http://{account.host}/users/{account.handle}", "fields": [], "followers_count": 0, "created_at": "2019-01-01T00:00:00.000Z"}  # fmt: skip


def _status(account: Account, post: Post, now: float) -> dict[str, Any]:
    number = str(status_id(post))
    return {"id": number, "created_at": iso(post.at).replace("Z", ".000Z"), "in_reply_to_id": None, "sensitive": False, "spoiler_text": "", "visibility": "public", "language": "en", "url": f"http://{account.host}/@{account.handle}/{number}",
            "uri": f"http://{account.host}/users/{account.handle}/statuses/{number}", "edited_at": None, "content": _html(post.text_at(now)), "reblog": None, "account": _profile(account, now), "media_attachments": [], "mentions": [], "tags": [], "emojis": [], "card": None, "poll": None}  # fmt: skip
