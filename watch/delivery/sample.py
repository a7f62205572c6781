"""A sample alert, to see whether a channel is reached."""

from datetime import datetime

from core.records import Alert, AlertKind, Evidence, Relation
from watch.delivery.senders import Means, NotSent, Target, check_path, send
from watch.delivery.wording import Message, Telling


def send_sample(target: Target, means: Means, now: datetime) -> str | None:
    """Sends a sample that says that it is one; None, or why it did not arrive.

    To a file or a feed, which programs read, nothing is written: whether they could be is looked at.
    """
    said = Evidence(signal="sample", weight=0.0, detail="This is a test of this channel: nothing has happened.")
    alert = Alert(
        id="sample", kind=AlertKind.NEW_PLATFORM, created_at=now, host="sample.example", domain="sample.example",
        platform=None, relation=Relation.UNRELATED, probability=0.5, same_operator=0.5, first_mention_at=now,
        mentions=0, evidence=(said,),
    )  # fmt: skip
    message = Message(f"sample-{now:%Y%m%dT%H%M%S}", [Telling(alert, 0, (), (), now)], now)
    try:
        if target.scheme in {"file", "feed"}:
            check_path(target, means)
        else:
            send(message, target, means)
    except NotSent as error:
        return str(error)
    return None
