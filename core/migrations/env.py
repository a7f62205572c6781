"""Alembic's entry: migrates over the connection it is handed, in that connection's transaction."""

from typing import Any, Literal

from alembic import context

from core.store.tables import UTCDateTime, metadata


def plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration must not change when our own types do: it names the database's."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_item=plain_type)
context.run_migrations()
