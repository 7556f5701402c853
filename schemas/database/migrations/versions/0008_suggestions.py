"""What helps a reader to the right words: titles with their words and terms, and the registrar's synonyms.

`gazette catalogue reindex` fills the first three from the records there are; from then on every change does.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
BYTE_ORDER = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "suggested_record",
        sa.Column("number", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("folded", BYTE_ORDER, nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_suggested_record")),
        sa.UniqueConstraint("document_id", name=op.f("uq_suggested_record_document_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_suggested_record_folded"), "suggested_record", ["folded"], unique=False)
    op.create_table(
        "suggested_word",
        sa.Column("word", BYTE_ORDER, nullable=False),
        sa.Column("rank", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("word", "rank", "number", name=op.f("pk_suggested_word")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "suggested_term",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", BYTE_ORDER, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "number", name=op.f("pk_suggested_term")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "synonym",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("also", sa.Text(), nullable=False),
        sa.Column("both_ways", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym")),
    )
    counted = op.create_table(
        "synonym_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym_revision")),
    )
    op.bulk_insert(counted, [{"id": 1, "number": 0}])
