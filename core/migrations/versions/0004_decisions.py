"""Candidates' states with their history, and what decisions rested on."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("candidates", sa.Column("signals", sa.JSON(), nullable=True))
    # Signals are known once a candidate is judged again.
    op.execute("UPDATE candidates SET touched = true")
    op.create_table(
        "candidate_history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("going", sa.Boolean(), nullable=True),
        sa.Column("operator", sa.Boolean(), nullable=True),
        sa.Column("signals", sa.JSON(), nullable=True),
        sa.Column("files", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_history")),
    )
    op.create_index("ix_candidate_history_host", "candidate_history", ["host"], unique=False)


def downgrade() -> None:
    op.drop_table("candidate_history")
    op.drop_column("candidates", "signals")
