"""Legal powers: what they are, what each was said to be before, and the bodies that may use them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    powers()
    bodies()
    keep_revisions()


def powers() -> None:
    op.create_table(
        "power",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=True),
        sa.Column("provision", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("jurisdiction", sa.Text(), nullable=True),
        sa.Column("scheme", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("bodies_complete", sa.Boolean(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_power")),
    )
    op.create_table(
        "power_number",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("power_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["power_id"], ["power.id"], name=op.f("fk_power_number_power_id_power")),
        sa.PrimaryKeyConstraint("scheme", "value", name=op.f("pk_power_number")),
    )
    op.create_index(op.f("ix_power_number_power_id"), "power_number", ["power_id"], unique=False)
    op.create_table(
        "power_revision",
        sa.Column("power_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("source_entry", sa.Text(), nullable=True),
        sa.Column("registered_on", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["power_id"], ["power.id"], name=op.f("fk_power_revision_power_id_power")),
        sa.PrimaryKeyConstraint("power_id", "revision", name=op.f("pk_power_revision")),
    )


def bodies() -> None:
    op.create_table(
        "power_body",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("power_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_class", sa.Boolean(), nullable=False),
        sa.Column("members", JSON, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("scheme", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("from_on", sa.Text(), nullable=True),
        sa.Column("until_on", sa.Text(), nullable=True),
        sa.Column("listed_on", MOMENT, nullable=False),
        sa.Column("unlisted_on", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_power_body_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["power_id"], ["power.id"], name=op.f("fk_power_body_power_id_power")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_power_body")),
    )
    op.create_index(op.f("ix_power_body_organisation_id"), "power_body", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_power_body_power_id"), "power_body", ["power_id"], unique=False)
    op.create_index(op.f("ix_power_body_scheme_code"), "power_body", ["scheme", "code"], unique=False)


def keep_revisions() -> None:
    """What was said of a power stays: the database refuses every change of it."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER power_revision_refuses_{change.lower()} BEFORE {change} ON power_revision "
                "BEGIN SELECT RAISE(ABORT, 'power_revision is append-only'); END"
            )
        # INSERT OR REPLACE deletes the row that has one of the new row's keys without asking delete triggers.
        op.execute(
            "CREATE TRIGGER power_revision_refuses_replace BEFORE INSERT ON power_revision WHEN EXISTS "
            "(SELECT 1 FROM power_revision WHERE (power_id, revision) = (NEW.power_id, NEW.revision)) "
            "OR EXISTS (SELECT 1 FROM power_revision WHERE rowid = NEW.rowid) "
            "BEGIN SELECT RAISE(ABORT, 'power_revision is append-only'); END"
        )
        return
    op.execute(
        "CREATE TRIGGER power_revision_refuses_change BEFORE UPDATE OR DELETE ON power_revision "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER power_revision_refuses_truncate BEFORE TRUNCATE ON power_revision "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
