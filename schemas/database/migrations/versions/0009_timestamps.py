"""Timestamps (RFC 3161) over checkpoints of the log: added, and never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "log_timestamp",
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("stamped_at", MOMENT, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["size"], ["log_checkpoint.size"], name=op.f("fk_log_timestamp_size_log_checkpoint")),
        sa.PrimaryKeyConstraint("size", "number", name=op.f("pk_log_timestamp")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER log_timestamp_refuses_{change.lower()} BEFORE {change} ON log_timestamp "
                "BEGIN SELECT RAISE(ABORT, 'log_timestamp is append-only'); END"
            )
        op.execute(  # INSERT OR REPLACE walks past delete triggers
            "CREATE TRIGGER log_timestamp_refuses_replace BEFORE INSERT ON log_timestamp WHEN EXISTS "
            "(SELECT 1 FROM log_timestamp WHERE size = NEW.size AND number = NEW.number) "
            "BEGIN SELECT RAISE(ABORT, 'log_timestamp is append-only'); END"
        )
    else:
        op.execute(
            "CREATE TRIGGER log_timestamp_refuses_change BEFORE UPDATE OR DELETE ON log_timestamp "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER log_timestamp_refuses_truncate BEFORE TRUNCATE ON log_timestamp "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
