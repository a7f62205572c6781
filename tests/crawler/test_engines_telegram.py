"""Channel previews: messages with their own words, forwards and replies apart, the description as a record of its own."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.detect import detect
from crawler.engines import telegram
from crawler.errors import GonePage, UnexpectedPage
from crawler.page import Document, Parsed
from crawler.reading import read

URL = "https://t.me/s/Harbor_Desk"


def message(number: int, inside: str, time: str = "2026-11-24T14:00:00+02:00") -> str:
    return (
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message text_not_supported_wrap" data-post="Harbor_Desk/{number}" data-view="x">'
        f'<div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author"><a class="tgme_widget_message_owner_name" href="https://t.me/Harbor_Desk">'
        f'<span dir="auto">Harbor Desk</span></a></div>{inside}<div class="tgme_widget_message_footer"><div class="tgme_widget_message_info">'
        f'<span class="tgme_widget_message_views">1.2K</span><span class="tgme_widget_message_meta"><a class="tgme_widget_message_date" href="https://t.me/Harbor_Desk/{number}">'
        f'<time datetime="{time}" class="time">14:00</time></a></span></div></div></div></div></div>'
    )


def text(inside: str) -> str:
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{inside}</div>'


INFO = """<div class="tgme_channel_info"><div class="tgme_channel_info_header"><div class="tgme_channel_info_header_title"><span dir="auto">Harbor Desk</span></div>
<div class="tgme_channel_info_header_username"><a href="https://t.me/Harbor_Desk">@Harbor_Desk</a></div></div>
<div class="tgme_channel_info_description">News of the harbor.<br/>Mirror: <a href="https://newharbor.example/">newharbor.example</a></div></div>"""


def page(*messages: str, info: str = INFO, more: str = "") -> Document:
    return Document(
        URL,
        f"<!DOCTYPE html><html><body>{info}<section>{more}{''.join(messages)}</section></body></html>".encode(),
        "text/html; charset=utf-8",
    )


def parsed(document: Document) -> Parsed:
    return read(telegram.ENGINE, telegram.entry(URL)[0], document)


def test_a_message_has_its_own_words_time_and_place() -> None:
    body = text(
        'We move <i class="emoji"><b>🔥</b></i> to <a href="https://newharbor.example/b/?x=1">newharbor.example</a><br/>see you <tg-spoiler>there</tg-spoiler>'
    )
    _, post = parsed(page(message(17, body))).posts
    assert (post.board, post.number, post.url, post.thread) == ("harbor_desk", 17, "https://t.me/Harbor_Desk/17", None)
    assert post.posted_at == datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert post.text == "We move 🔥 to newharbor.example\nsee you there"
    assert "https://newharbor.example/b/?x=1" in {link.url for link in post.links}


def test_what_it_answers_forwards_and_previews_is_not_its_text_but_its_links() -> None:
    reply = '<a class="tgme_widget_message_reply" href="https://t.me/Harbor_Desk/12"><div class="tgme_widget_message_text">the old words</div></a>'
    forward = '<div class="tgme_widget_message_forwarded_from">Forwarded from <a class="tgme_widget_message_forwarded_from_name" href="https://t.me/lantern_desk/4">Lantern</a></div>'
    preview = '<a class="tgme_widget_message_link_preview" href="https://press.example/a"><div class="link_preview_title">A title</div></a>'
    _, post = parsed(page(message(18, f"{forward}{reply}{text('mine')}{preview}"))).posts
    assert (post.text, post.quotes, post.forwarded_from) == ("mine", (12,), "Lantern")
    assert {(link.service, link.handle) for link in post.links if link.service} == {("telegram", "lantern_desk")}
    assert "press.example" in {link.host for link in post.links}


def test_messages_without_words_are_kept() -> None:
    photo = '<a class="tgme_widget_message_photo_wrap" href="https://t.me/Harbor_Desk/19"></a>'
    file = '<a class="tgme_widget_message_document_wrap"><div class="tgme_widget_message_document"><div class="tgme_widget_message_document_title">plan.pdf</div></div></a>'
    poll = (
        '<div class="tgme_widget_message_poll"><div class="tgme_widget_message_poll_question">Move or stay?</div></div>'
    )
    _, first, second, third = parsed(page(message(19, photo), message(20, file), message(21, poll))).posts
    assert [len(first.attachments), [file.filename for file in second.attachments]] == [1, ["plan.pdf"]]
    assert (first.text, third.text) == ("", "Move or stay?")


def test_the_description_is_a_record_whose_changes_show() -> None:
    (about,) = parsed(page()).posts
    assert (about.number, about.board, about.subject) == ("about", "harbor_desk", "Harbor Desk")
    assert about.text == "News of the harbor.\nMirror: newharbor.example"
    assert [link.host for link in about.links] == ["newharbor.example"]


def test_the_description_is_the_same_on_every_page_of_a_channel() -> None:
    newest = page()
    assert parsed(newest).posts == parsed(replace(newest, url=f"{newest.url}?before=12")).posts


def test_earlier_messages_are_further_pages_that_are_not_asked_for_again() -> None:
    more = '<a href="/s/Harbor_Desk?before=12" class="tme_messages_more js-messages_more" data-before="12"></a>'
    (ref,) = parsed(page(message(17, text("x")), more=more)).pages
    assert (ref.url, ref.kind, ref.board, ref.part) == (
        "https://t.me/s/Harbor_Desk?before=12",
        "channel",
        "harbor_desk",
        2,
    )


def test_channels_are_found_however_their_address_is_written() -> None:
    for url in ("https://t.me/Harbor_Desk", "https://t.me/s/Harbor_Desk/", "http://t.me/s/Harbor_Desk"):
        assert telegram.entry(url)[0].url.endswith("://t.me/s/Harbor_Desk")
    assert detect([page(message(1, text("x")))]) is telegram.ENGINE


def test_a_channel_without_a_preview_says_so() -> None:
    contact = '<div class="tgme_page"><div class="tgme_page_title">Harbor</div><a class="tgme_action_button_new">View in Telegram</a></div>'
    with pytest.raises(GonePage, match="no public preview"):
        parsed(page(info=contact))
    with pytest.raises(UnexpectedPage):
        parsed(Document(URL, b"<html><body>Something else</body></html>"))
