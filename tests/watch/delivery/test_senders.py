"""Each kind of channel against a far side on loopback."""

import base64
import hashlib
import hmac
import json
import logging
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from core.records import AlertStatus
from core.store import deliveries
from crawler.guard import is_public
from tests.watch.delivery.conftest import NOON, Desk, alert, channel
from tests.watch.delivery.receivers import MailBox, Receiver, certified, http_receiver, mail_server
from watch.delivery.sample import send_sample
from watch.delivery.senders import Means, Target, retry_after

ATOM = "{http://www.w3.org/2005/Atom}"


def lines(path: Path) -> list[tuple[str, int]]:
    return [(told["id"], told.get("update", 0)) for told in map(json.loads, path.read_text().splitlines())]


def test_a_line_torn_by_a_crash_is_cut_off_and_others_lines_stay(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.means.home / "told.ndjson"
    path.write_text('{"id": "somebody-elses"}\nnot JSON at all\n')
    desk.save(alert("a"))

    def torn(_: int) -> None:
        whole = path.read_text()
        path.write_text(whole[:-20])
        raise KeyboardInterrupt

    with monkeypatch.context() as crash:
        crash.setattr("os.fsync", torn)
        with pytest.raises(KeyboardInterrupt):
            desk.tell(channel("file:told.ndjson"))
    desk.tell(channel("file:told.ndjson"))
    kept = path.read_text().splitlines()
    assert kept[:2] == ['{"id": "somebody-elses"}', "not JSON at all"]
    assert [json.loads(line)["id"] for line in kept[2:]] == ["a"]


def test_an_alert_file_has_each_alert_as_it_is_and_its_updates(desk: Desk) -> None:
    to = channel("file:out/told.ndjson")
    desk.save(alert("a"))
    desk.tell(to)
    desk.save(alert("a", 0.5))
    desk.tell(to)
    path = desk.means.home / "out/told.ndjson"
    assert lines(path) == [("a", 0), ("a", 1)]
    first = json.loads(path.read_text().splitlines()[0])
    assert first == alert("a").model_dump(mode="json")


def test_half_a_letter_is_written_as_json_can(desk: Desk) -> None:
    desk.save(alert("a", evidence=[{"signal": "call", "weight": 1.0, "detail": "half \ud800"}]))
    assert desk.tell(channel("file:told.ndjson")) is None
    (told,) = (desk.means.home / "told.ndjson").read_text().splitlines()
    assert json.loads(told)["evidence"][0]["detail"] == "half \ud800"


def test_a_folder_that_cannot_be_written_is_said_and_tried_again(desk: Desk) -> None:
    desk.save(alert("a"))
    (desk.means.home / "taken").write_text("")
    said = desk.tell(channel("file:taken/told.ndjson"))
    assert said is not None
    assert said.startswith("cannot be written:")


def feed(desk: Desk) -> list[dict[str, str]]:
    root = ET.fromstring((desk.means.home / "told.atom").read_text())
    return [{part.tag.removeprefix(ATOM): part.text or "" for part in entry} for entry in root.iter(f"{ATOM}entry")]


def test_a_feed_has_an_entry_an_alert_the_last_told_first(desk: Desk) -> None:
    to = channel("feed:told.atom")
    desk.save(alert("a"), alert("b", evidence=[{"signal": "call", "weight": 1.0, "detail": "<b>tea</b> \x00 ok"}]))
    desk.tell(to)
    desk.save(alert("a", 0.5))
    desk.tell(to, hours=1)
    first, second = feed(desk)
    assert (first["id"], second["id"]) == ("urn:fringewatch:alert:a", "urn:fringewatch:alert:b")
    assert first["title"] == "update: new-platform: a[.]example, successor of harbor, 50%"
    assert (first["published"], first["updated"]) == ("2026-11-24T12:00:00+00:00", "2026-11-24T13:00:00+00:00")
    assert "&lt;b&gt;tea&lt;/b&gt; ok" in second["content"]


def mail_to(box: MailBox, query: str = "&starttls=no") -> str:
    return f"smtp://127.0.0.1:{box.port}/?from=watch@lab.example&to=desk@lab.example,lead@lab.example{query}"


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def test_a_mail_says_it_twice_and_an_update_answers_the_first(desk: Desk, mailbox: MailBox) -> None:
    to = channel(mail_to(mailbox))
    desk.save(alert("a", evidence=[{"signal": "call", "weight": 1.0, "detail": "<b>tea</b>\r\nBcc: x@y.example ö"}]))
    assert desk.tell(to) is None
    desk.save(alert("a", 0.5))
    desk.tell(to)
    first, update = mailbox.mails
    assert first["Subject"] == "[fringewatch] new-platform: a[.]example, successor of harbor, 90%"
    assert first["Message-ID"] == "<a-0@lab.example>"
    assert (update["Message-ID"], update["In-Reply-To"]) == ("<a-1@lab.example>", "<a-0@lab.example>")
    assert first["Bcc"] is None
    assert "<b>tea</b> Bcc: x@y[.]example ö" in part(first, "plain")
    assert "&lt;b&gt;tea&lt;/b&gt; Bcc" in part(first, "html")
    assert "Changed: going there: 90% → 50%" in part(update, "plain")
    assert len(mailbox.recipients) == 4


def test_a_mail_that_nobody_noted_comes_once_more_as_the_same(
    desk: Desk, mailbox: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.save(alert("a"), alert("b"))
    with monkeypatch.context() as crash:
        crash.setattr(deliveries, "sent", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            desk.tell(channel(mail_to(mailbox)))
    assert desk.tell(channel(mail_to(mailbox)), minutes=5) is None
    assert [mail["Message-ID"].partition("@")[0] for mail in mailbox.mails] == ["<a-0", "<a-0", "<b-0"]
    assert mailbox.mails[0].as_string().split("boundary")[0] == mailbox.mails[1].as_string().split("boundary")[0]


@pytest.mark.parametrize(
    ("replies", "said"),
    [
        ({"RCPT": "550 no such desk"}, "all recipients were refused (550)"),
        ({"RCPT": "450 later"}, "all recipients were refused (450)"),
        ({"MAIL": "421 busy"}, "refused (421)"),
        ({"DATA": "554 spam"}, "refused (554)"),
    ],
)
def test_a_refused_mail_says_why_and_is_kept(replies: dict[str, str], said: str, desk: Desk, mailbox: MailBox) -> None:
    mailbox.replies = replies
    desk.save(alert("a"))
    failure = desk.tell(channel(mail_to(mailbox)))
    assert failure is not None
    assert failure.startswith(f"{said}; tried again at")
    mailbox.replies = {}
    assert desk.tell(channel(mail_to(mailbox)), minutes=1) is None
    assert len(mailbox.mails) == 1


def test_a_server_without_tls_gets_no_mail_unless_the_url_says_so(desk: Desk, mailbox: MailBox) -> None:
    desk.save(alert("a"))
    failure = desk.tell(channel(mail_to(mailbox, "")))
    assert failure is not None
    assert "`starttls=no` in the URL does without TLS" in failure
    assert mailbox.mails == []


def test_a_webhook_is_signed_as_standard_webhooks_specify(desk: Desk, receiver: Receiver) -> None:
    key = base64.b64encode(b"0123456789abcdef").decode()
    desk.save(alert("a"))
    assert desk.tell(channel(f"http://127.0.0.1:{receiver.port}/in?x=1", secret=f"whsec_{key}")) is None
    ((path, headers, body),) = receiver.requests
    assert path == "/in?x=1"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(b"0123456789abcdef", signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    told = json.loads(body)
    assert (told["id"], told["kind"], told["alerts"][0]["host"]) == ("a-0", "alert", "a[.]example")


def test_a_server_is_believed_only_with_a_certificate_that_is_trusted(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = certified(tmp_path)
    with http_receiver(tls) as receiver, mail_server(tls) as mailbox:
        targets = [
            Target(f"https://localhost:{receiver.port}/x", "s", allow_private=True),
            Target(f"smtps://localhost:{mailbox.port}/?from=a@lab.example&to=b@lab.example", None, allow_private=True),
        ]
        said = [send_sample(target, desk.means, NOON) or "" for target in targets]
        assert ["CERTIFICATE_VERIFY_FAILED" in why for why in said] == [True, True]
        assert (receiver.requests, mailbox.mails) == ([], [])
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        assert [send_sample(target, desk.means, NOON) for target in targets] == [None, None]
        assert (len(receiver.requests), len(mailbox.mails)) == (1, 1)


def test_a_redirect_is_not_followed(desk: Desk, receiver: Receiver) -> None:
    receiver.answers = [(302, {"Location": f"http://127.0.0.1:{receiver.port}/inner"})]
    desk.save(alert("a"))
    failure = desk.tell(channel(f"http://127.0.0.1:{receiver.port}/x", secret="s"))
    assert failure is not None
    assert failure.startswith("answers 302: redirects are not followed")
    assert [path for path, _, _ in receiver.requests] == ["/x"]


@pytest.mark.parametrize("url", ["http://{}/x", "json://{}/x", "smtp://{}/?from=a@b.example&to=c@d.example"])
def test_a_private_address_is_reached_only_where_the_setting_says_so(
    url: str, desk: Desk, receiver: Receiver, mailbox: MailBox
) -> None:
    port = mailbox.port if url.startswith("smtp") else receiver.port
    target = Target(url.format(f"localhost:{port}"), "s")
    failure = send_sample(target, Means(desk.means.home, is_public), NOON)
    assert failure is not None
    assert failure.endswith("is not a public address; if it is meant, set `allow_private: true`")
    assert (receiver.requests, mailbox.recipients) == ([], [])


def test_a_receiver_that_does_not_answer_in_time_is_left(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.hang = True
    desk.save(alert("a"))
    to = channel(f"http://127.0.0.1:{receiver.port}/x", secret="s")
    with monkeypatch.context() as hurry:
        hurry.setattr("watch.delivery.senders.SECONDS", 0.05)
        failure = desk.tell(to)
    assert failure is not None
    assert failure.startswith("TimeoutError")
    receiver.hang = False
    assert desk.tell(to, minutes=1) is None
    assert receiver.ids[-1] == "a-0"


def test_apprise_carries_to_whatever_it_knows(desk: Desk, receiver: Receiver) -> None:
    to = channel(f"json://127.0.0.1:{receiver.port}/x")
    desk.save(alert("a", evidence=[{"signal": "call", "weight": 1.0, "detail": "*tea* @everyone <!here>"}]))
    assert desk.tell(to) is None
    (told,) = receiver.bodies
    assert told["title"] == "new-platform: a[.]example, successor of harbor, 90%"
    assert "∗tea∗ ＠everyone ‹!here›" in told["message"]


def test_apprise_that_is_refused_is_tried_again_and_follows_no_redirect(
    desk: Desk, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    receiver.answers = [(302, {"Location": f"http://127.0.0.1:{receiver.port}/inner"}), (500, {})]
    to = channel(f"json://me:hushhush@127.0.0.1:{receiver.port}/x?redirect=yes")
    desk.save(alert("a"))
    for answer in ("302", "500"):
        failure = desk.tell(to, hours=1)
        assert failure is not None
        assert f"error={answer}" in failure
        assert "hushhush" not in failure + caplog.text
    assert desk.tell(to, hours=1) is None
    assert [path for path, _, _ in receiver.requests] == ["/x"] * 3


@pytest.mark.parametrize(
    "url",
    [
        "json://me:hushhush@127.0.0.1:9/hushhush",
        "smtp://me:hushhush@127.0.0.1:9/?from=a@b.example&to=c@d.example&starttls=no",
        "http://me:hushhush@127.0.0.1:9/hushhush",
    ],
)
def test_a_failure_never_shows_a_secret(url: str, desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    failure = send_sample(Target(url, "hushhush", allow_private=True), desk.means, NOON)
    assert failure
    assert "hushhush" not in failure + caplog.text


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (None, 0), ("120", 120), ("Tue, 24 Nov 2026 12:02:00 GMT", 120), ("Tue, 24 Nov 2026 11:00:00 GMT", 0),
        ("soon", 0), ("-5", 0),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(given: str | None, seconds: float) -> None:
    assert retry_after(given, datetime(2026, 11, 24, 12, tzinfo=UTC)) == seconds


def test_a_sample_says_what_it_is_and_writes_nothing_that_programs_read(desk: Desk, receiver: Receiver) -> None:
    target = Target(f"http://127.0.0.1:{receiver.port}/x", "s", allow_private=True)
    assert send_sample(target, desk.means, NOON) is None
    assert "This is a test of this channel" in receiver.bodies[0]["text"]
    assert send_sample(Target("file:told.ndjson"), desk.means, NOON) is None
    assert send_sample(Target("feed:told.atom"), desk.means, NOON) is None
    assert sorted(path.name for path in desk.means.home.glob("told*")) == []
    (desk.means.home / "taken").write_text("")
    assert "cannot be written" in (send_sample(Target("file:taken/x"), desk.means, NOON) or "")


def test_an_escalated_alert_reaches_a_quiet_channel(desk: Desk, mailbox: MailBox) -> None:
    to = channel(mail_to(mailbox), quiet={"from": "11:00", "to": "14:00", "unless": 0.99})
    desk.save(alert("a"))
    desk.tell(to)
    assert mailbox.mails == []
    desk.decide("a", AlertStatus.ESCALATED, "now")
    desk.tell(to, minutes=1)
    assert len(mailbox.mails) == 1
