"""One numbered list of everything that changes: revisions of datasets and events of agreements.

The database itself notes each change, so that no writer can forget to. On PostgreSQL it does so at the very end of the
transaction, under a lock that the next one waits for: numbers are given in the order in which transactions become
visible, and who has read up to one has missed nothing before it. Nothing is asked for behind that lock, so it cannot
take part in a deadlock. SQLite has one writer at a time, and so the same order by itself.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SOURCES = (
    ("dataset", "resource_revision", "resource_id", "revision"),
    ("agreement", "agreement_event", "agreement_id", "number"),
)
"""What changes: its kind, the table that grows with every change, and there the record’s id and the change’s number."""

LOCK = 0x6761_7A63_6866_64


def upgrade() -> None:
    op.create_table(
        "change_feed",
        sa.Column("number", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_change_feed")),
        sa.UniqueConstraint("kind", "record_id", "step", name=op.f("uq_change_feed_kind_record_id_step")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_change_feed_recorded_at"), "change_feed", ["recorded_at"], unique=False)
    before = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, {record} AS record_id, {step} AS step, recorded_at FROM {table}"  # noqa: S608 - the names are our own
        for kind, table, record, step in SOURCES
    )
    op.execute(
        f"INSERT INTO change_feed (kind, record_id, step, recorded_at) SELECT * FROM ({before}) AS happened "  # noqa: S608
        "ORDER BY recorded_at, kind, step, record_id"
    )
    for source in SOURCES:
        if op.get_bind().dialect.name == "sqlite":
            note_on_sqlite(*source)
        else:
            note_on_postgresql(*source)


def note_on_sqlite(kind: str, table: str, record: str, step: str) -> None:
    # What is noted already stays as it is: a backup brings both the changes and their numbers, in any order.
    op.execute(
        f"CREATE TRIGGER {table}_is_noted AFTER INSERT ON {table} "  # noqa: S608
        "WHEN NOT EXISTS (SELECT 1 FROM change_feed "
        f"WHERE kind = '{kind}' AND record_id = NEW.{record} AND step = NEW.{step}) "
        "BEGIN INSERT INTO change_feed (kind, record_id, step, recorded_at) "
        f"VALUES ('{kind}', NEW.{record}, NEW.{step}, NEW.recorded_at); END"
    )


def note_on_postgresql(kind: str, table: str, record: str, step: str) -> None:
    op.execute(
        f"CREATE FUNCTION note_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608
        f"PERFORM pg_advisory_xact_lock({LOCK}); "
        "INSERT INTO change_feed (kind, record_id, step, recorded_at) "
        f"VALUES ('{kind}', NEW.{record}, NEW.{step}, NEW.recorded_at) ON CONFLICT DO NOTHING; "
        "RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE CONSTRAINT TRIGGER {table}_is_noted AFTER INSERT ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_{table}()"
    )
