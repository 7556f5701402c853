"""The life of agreements: what each event says, drafts, and references that may come before their dataset."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    # Plain DDL: Alembic does not add a column with its foreign key to a table of SQLite's.
    op.execute(
        "ALTER TABLE agreement_event ADD COLUMN details_sha256 TEXT "
        "CONSTRAINT fk_agreement_event_details_sha256_agreement_body REFERENCES agreement_body (sha256)"
    )
    op.add_column("agreement", sa.Column("proceedings", JSON, nullable=True))
    op.create_table(
        "agreement_draft",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_draft_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_draft")),
    )
    op.create_index(op.f("ix_agreement_draft_organisation_id"), "agreement_draft", ["organisation_id"], unique=False)
    references_by_name()


def references_by_name() -> None:
    """A reference names its dataset: one that is catalogued later finds what was said of it before."""
    op.create_table(
        "dataset_reference",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset_reference")),
        sa.UniqueConstraint("slug", "relation", "address", name=op.f("uq_dataset_reference_slug_relation_address")),
    )
    op.create_index(op.f("ix_dataset_reference_address"), "dataset_reference", ["address"], unique=False)
    op.execute(
        "INSERT INTO dataset_reference (id, slug, relation, address, title, state) "
        "SELECT held.id, resource.slug, held.relation, held.address, held.title, held.state "
        "FROM resource_reference AS held JOIN catalogued_resource AS resource ON resource.id = held.resource_id"
    )
    op.drop_table("resource_reference")
