"""Requests that were answered, by the key their sender gave them, so that a repeat is answered and not done again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "answered_request",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_sha256", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account", "key", name=op.f("pk_answered_request")),
    )
    op.create_index(op.f("ix_answered_request_answered_at"), "answered_request", ["answered_at"], unique=False)
