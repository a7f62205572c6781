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
        sa.PrimaryKeyConstraint("mark", "platform", name=op.f("pk_marks")),
    )
    op.add_column("candidates", sa.Column("probe_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_candidates_probe_at"), "candidates", ["probe_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_candidates_probe_at"), table_name="candidates")
    op.drop_column("candidates", "probe_at")
    op.drop_table("marks")
    op.drop_table("texts")
    op.drop_table("probes")
