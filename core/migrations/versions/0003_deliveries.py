"""Deliveries with what was told, messages with their state; alerts count their changes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alerts", sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
    with op.batch_alter_table("deliveries") as table:
        table.alter_column("delivered_at", new_column_name="told_at", nullable=True)
        table.add_column(sa.Column("seen", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("tellings", sa.Integer(), server_default="1", nullable=False))
        table.add_column(sa.Column("told", sa.JSON(), nullable=True))
        table.add_column(sa.Column("changes", sa.JSON(), nullable=True))
        table.add_column(sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "messages",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("channel", "id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_state", "messages", ["channel", "state"], unique=False)
    op.create_index("ix_messages_sent", "messages", ["channel", "sent_at"], unique=False)


def downgrade() -> None:
    op.drop_table("messages")
    op.execute("DELETE FROM deliveries WHERE told_at IS NULL")
    with op.batch_alter_table("deliveries") as table:
        for column in ("waiting_since", "changes", "told", "tellings", "seen"):
            table.drop_column(column)
        table.alter_column("told_at", new_column_name="delivered_at", nullable=False)
    op.drop_column("alerts", "revision")
