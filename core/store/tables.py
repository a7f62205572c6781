"""The store's tables. Nothing here that PostgreSQL could not do; migrations in core/migrations follow them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes, also in databases that keep no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC; refuses a datetime without a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("the store takes aware datetimes only")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """As aware UTC."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


Serial = BigInteger().with_variant(Integer, "sqlite")
"""A growing key: SQLite numbers rows only where the type is exactly INTEGER."""


def _serial(name: str = "id") -> Column[Any]:
    return Column(name, Serial, primary_key=True, autoincrement=True)


# The change log: one row a change, numbered without gaps in commit order (see core/store/log.py).
log_head = Table(
    "log_head", metadata, Column("id", Integer, primary_key=True), Column("seq", BigInteger, nullable=False)
)
log = Table(
    "log",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("subject", String(64), nullable=False),
)
cursors = Table(
    "cursors",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("moved_at", UTCDateTime),
)

crawls = Table(
    "crawls",
    metadata,
    _serial(),
    Column("source", String(128), nullable=False, index=True),
    Column("engine", String(32)),
    Column("started_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    Column("pages", Integer, nullable=False, default=0),
    Column("posts_new", Integer, nullable=False, default=0),
    Column("posts_changed", Integer, nullable=False, default=0),
    Column("posts_deleted", Integer, nullable=False, default=0),
    Column("links", Integer, nullable=False, default=0),
    Column("errors", JSON, nullable=False, default=list),
)
pages = Table(
    "pages",
    metadata,
    _serial(),
    Column("source", String(128), nullable=False),
    Column("url", Text, nullable=False),
    Column("host", String(255), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("board", Text),
    Column("thread", String(255)),
    Column("part", Integer, nullable=False, default=1),
    Column("alternate", Text),
    Column("hint", Text),
    Column("fetched_hint", Text),
    Column("priority", Integer, nullable=False),
    Column("due_at", UTCDateTime),
    Column("gone", Boolean, nullable=False, default=False),
    Column("lease_owner", String(128)),
    Column("lease_until", Float),
    Column("attempts", Integer, nullable=False, default=0),
    Column("crawl", Serial),
    Column("status", Integer),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("content_sha256", String(64)),
    Column("fetched_at", UTCDateTime),
    Column("changed_at", UTCDateTime),
    UniqueConstraint("source", "url"),
    Index("ix_pages_due", "source", "priority", "due_at"),
    Index("ix_pages_thread", "source", "board", "thread"),
)
hosts = Table(
    "hosts",
    metadata,
    Column("host", String(255), primary_key=True),
    Column("next_at", Float, nullable=False),
)

posts = Table(
    "posts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("source", String(128), nullable=False),
    Column("platform", String(128), nullable=False),
    Column("board", Text),
    Column("thread", String(255)),
    Column("number", String(255), nullable=False),
    Column("posted_at", UTCDateTime, index=True),
    Column("first_seen_at", UTCDateTime, nullable=False, index=True),
    Column("page", Serial, ForeignKey("pages.id"), index=True),
    Column("crawl", Serial),
    Column("revision", Integer, nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("deleted_seen_at", UTCDateTime),
    Column("record", JSON, nullable=False),
    Index("ix_posts_thread", "source", "board", "thread"),
)
revisions = Table(
    "revisions",
    metadata,
    Column("post", String(64), ForeignKey("posts.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("seen_at", UTCDateTime, nullable=False),
    Column("record", JSON, nullable=False),
)
links = Table(
    "links",
    metadata,
    Column("post", String(64), ForeignKey("posts.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("domain", Text, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("service", String(64)),
    Column("handle", Text),
)
tags = Table(
    "tags",
    metadata,
    Column("post", String(64), ForeignKey("posts.id"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("language", String(16)),
    Column("tags", JSON, nullable=False),
    Column("scores", JSON),
)

evidence = Table(
    "evidence",
    metadata,
    _serial(),
    Column("url", Text, nullable=False),
    Column("fetched_at", UTCDateTime, nullable=False),
    Column("file", Text, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("chain", String(64), nullable=False),
)
quarantine = Table(
    "quarantine",
    metadata,
    _serial(),
    Column("source", String(128), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("seen_at", UTCDateTime, nullable=False),
    Column("evidence", Serial, ForeignKey("evidence.id")),
)

sightings = Table(
    "sightings",
    metadata,
    Column("candidate", String(255), primary_key=True),
    Column("post", String(64), primary_key=True, index=True),
    Column("template", String(16), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("platform", String(128), nullable=False),
    Column("source", String(255), nullable=False),
    Column("board", Text),
    Column("thread", String(255)),
    Column("author", Text),
    Column("mark", String(64)),
    Column("staff", Boolean, nullable=False),
    Column("official", Boolean, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("url", Text, nullable=False),
    Column("disguised", Boolean, nullable=False),
    Column("signed", Boolean, nullable=False),
    Column("calls", JSON, nullable=False),
    Column("appeal", Float, nullable=False),
    Column("names", JSON, nullable=False),
    Column("deleted", Boolean, nullable=False),
)
candidates = Table(
    "candidates",
    metadata,
    Column("host", String(255), primary_key=True),
    Column("touched", Boolean, nullable=False, default=True, index=True),
    Column("state", String(32), nullable=False),
    Column("probability", Float, nullable=False, default=0.0),
    Column("probe_at", UTCDateTime, index=True),
    Column("record", JSON),
    Column("signals", JSON(none_as_null=True)),
)
candidate_history = Table(
    "candidate_history",
    metadata,
    _serial(),
    Column("host", String(255), nullable=False, index=True),
    Column("at", UTCDateTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("state", String(32), nullable=False),
    Column("reason", String(16)),
    Column("note", Text),
    # Of people's decisions: what they say about the two questions, and the values of the signals they rested on.
    Column("going", Boolean),
    Column("operator", Boolean),
    Column("signals", JSON(none_as_null=True)),
    Column("files", JSON(none_as_null=True)),
)
probes = Table(
    "probes",
    metadata,
    Column("place", String(255), primary_key=True),
    Column("at", UTCDateTime, primary_key=True),
    Column("state", String(32), nullable=False),
    Column("record", JSON, nullable=False),
)
prints = Table(
    "prints",
    metadata,
    Column("place", String(255), primary_key=True),
    Column("record", JSON, nullable=False),
)
traits = Table(
    "traits",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("value", String(255), primary_key=True),
    Column("place", String(255), primary_key=True),
)
texts = Table(
    "texts",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("platform", String(128), primary_key=True),
)
marks = Table(
    "marks",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("platform", String(128), primary_key=True),
    Column("staff", Boolean, nullable=False),
)
alerts = Table(
    "alerts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("host", String(255), nullable=False, index=True),
    Column("status", String(32), nullable=False, index=True),
    Column("created_at", UTCDateTime, nullable=False),
    Column("revision", Integer, nullable=False, default=1),
    Column("record", JSON, nullable=False),
)
alert_history = Table(
    "alert_history",
    metadata,
    _serial(),
    Column("alert", String(64), ForeignKey("alerts.id"), nullable=False, index=True),
    Column("at", UTCDateTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("status", String(32), nullable=False),
    Column("note", Text),
)
deliveries = Table(
    "deliveries",
    metadata,
    Column("alert", String(64), ForeignKey("alerts.id"), primary_key=True),
    Column("channel", String(64), primary_key=True),
    Column("seen", Integer, nullable=False),
    Column("tellings", Integer, nullable=False, default=0),
    Column("told", JSON(none_as_null=True)),
    Column("told_at", UTCDateTime),
    Column("changes", JSON(none_as_null=True)),
    Column("waiting_since", UTCDateTime),
)
messages = Table(
    "messages",
    metadata,
    Column("channel", String(64), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("parts", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("made_at", UTCDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", UTCDateTime),
    Column("error", Text),
    Column("sent_at", UTCDateTime),
    Index("ix_messages_state", "channel", "state"),
    Index("ix_messages_sent", "channel", "sent_at"),
)
