"""Looks at places; texts and marks that candidates are compared with."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "probes",
        sa.Column("place", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("place", "at", name=op.f("pk_probes")),
    )
    # What posts point at is taken from them again: sightings have columns of their own now.
    op.drop_table("sightings")
    op.execute("DELETE FROM cursors WHERE name = 'watch'")
    op.execute("UPDATE candidates SET touched = true")
    op.create_table(
        "sightings",
        sa.Column("candidate", sa.String(length=255), nullable=False),
        sa.Column("post", sa.String(length=64), nullable=False),
        sa.Column("template", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("platform", sa.String(length=128), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("board", sa.Text(), nullable=True),
        sa.Column("thread", sa.String(length=255), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("mark", sa.String(length=64), nullable=True),
        sa.Column("staff", sa.Boolean(), nullable=False),
        sa.Column("official", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("disguised", sa.Boolean(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("calls", sa.JSON(), nullable=False),
        sa.Column("appeal", sa.Float(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("candidate", "post", name=op.f("pk_sightings")),
    )
    op.create_index(op.f("ix_sightings_post"), "sightings", ["post"], unique=False)
    op.create_index(op.f("ix_sightings_template"), "sightings", ["template"], unique=False)
    op.create_table(
        "prints",
        sa.Column("place", sa.String(length=255), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_prints")),
    )
    op.create_table(
        "traits",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.Column("place", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", "place", name=op.f("pk_traits")),
    )
    op.create_table(
        "texts",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("platform", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("hash", "platform", name=op.f("pk_texts")),
    )
    op.create_table(
        "marks",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=128), nullable=False),
        sa.Column("staff", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "platform", name=op.f("pk_marks")),
    )
    op.add_column("tags", sa.Column("scores", sa.JSON(), nullable=True))
    op.add_column("candidates", sa.Column("probe_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_candidates_probe_at"), "candidates", ["probe_at"], unique=False)
