"""The log: an entry for every event, the tree over them, checkpoints and keys; and values that may be blanked.

All of it is added and never changed. A body's trigger lets one change through: a value whose blanking an event of the
log declares loses its salt and itself and leaves its digest.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

UNIQUE = {
    "log_entry": ("seq", "event_number"),
    "log_node": ("level, idx",),
    "log_checkpoint": ("size",),
    "log_cosignature": ("size, line", "rowid"),
    "log_key": ("number", "vkey"),
}
"""The keys of each table, by which INSERT OR REPLACE would take rows away on SQLite."""


def upgrade() -> None:
    op.add_column("register_head", sa.Column("origin", sa.Text(), nullable=True))
    op.add_column("register_head", sa.Column("log_size", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("register_head", sa.Column("logged_event", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("register_head", sa.Column("codelists_sha256", sa.Text(), nullable=True))
    entries_and_nodes()
    checkpoints_and_keys()
    if op.get_bind().dialect.name == "sqlite":
        for table, keys in UNIQUE.items():
            refuse_changes_on_sqlite(table, keys)
        op.execute("DROP TRIGGER agreement_body_refuses_update")
        op.execute(BLANKING_ON_SQLITE)
    else:
        for table in UNIQUE:
            refuse_changes_on_postgresql(table)
        op.execute("DROP TRIGGER agreement_body_refuses_change ON agreement_body")
        op.execute(
            "CREATE TRIGGER agreement_body_refuses_delete BEFORE DELETE ON agreement_body "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(BLANKING_ON_POSTGRESQL)
        op.execute(
            "CREATE TRIGGER agreement_body_refuses_update BEFORE UPDATE ON agreement_body "
            "FOR EACH ROW EXECUTE FUNCTION refuse_body_change()"
        )


def entries_and_nodes() -> None:
    op.create_table(
        "log_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("event_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_number"], ["agreement_event.number"], name=op.f("fk_log_entry_event_number_agreement_event")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_log_entry")),
        sa.UniqueConstraint("event_number", name=op.f("uq_log_entry_event_number")),
    )
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "idx", name=op.f("pk_log_node")),
        sqlite_with_rowid=False,
    )


def checkpoints_and_keys() -> None:
    op.create_table(
        "log_checkpoint",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoint")),
    )
    op.create_table(
        "log_cosignature",
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["size"], ["log_checkpoint.size"], name=op.f("fk_log_cosignature_size_log_checkpoint")),
        sa.PrimaryKeyConstraint("size", "line", name=op.f("pk_log_cosignature")),
    )
    op.create_table(
        "log_key",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("vkey", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["log_entry.seq"], name=op.f("fk_log_key_seq_log_entry")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_key")),
        sa.UniqueConstraint("vkey", name=op.f("uq_log_key_vkey")),
    )


def refuse_changes_on_sqlite(table: str, keys: tuple[str, ...]) -> None:
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    # INSERT OR REPLACE deletes every row that has one of the new row's keys, without asking delete triggers unless
    # the connection says recursive_triggers, so each key must be new.
    known = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE ({key}) = ({new_key(key)}))"  # noqa: S608 - the names are our own
        for key in keys
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table} WHEN {known} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def new_key(key: str) -> str:
    return ", ".join(f"NEW.{column}" for column in key.split(", "))


def refuse_changes_on_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


# A body is a list of [pointer, salt, value]. Every item stays as it is, or becomes [pointer, null, null, digest] where
# an event `redacted` of the same agreement, which has its entry in the log, names the pointer and the version: of the
# version that the body is, or of any where the body is only proposed. A pointer into what an event says begins with
# /events/ and the event's number; the pointer and the version that a redaction itself names stay for ever.
BLANKING_ON_SQLITE = """
CREATE TRIGGER agreement_body_refuses_update BEFORE UPDATE ON agreement_body
WHEN NOT COALESCE(
  NEW.sha256 = OLD.sha256 AND NEW.schema_version = OLD.schema_version AND NEW.rowid = OLD.rowid
  AND json_valid(NEW.sealed) AND json_type(NEW.sealed) = 'array'
  AND json_array_length(NEW.sealed) = json_array_length(OLD.sealed)
  AND NOT EXISTS (
    SELECT 1 FROM json_each(OLD.sealed) AS was JOIN json_each(NEW.sealed) AS becomes ON becomes.key = was.key
    WHERE becomes.value IS NOT was.value AND NOT COALESCE(
      json_array_length(was.value) = 3 AND becomes.type = 'array' AND json_array_length(becomes.value) = 4
      AND json_type(becomes.value, '$[0]') = 'text'
      AND json_extract(becomes.value, '$[0]') = json_extract(was.value, '$[0]')
      AND json_type(becomes.value, '$[1]') = 'null' AND json_type(becomes.value, '$[2]') = 'null'
      AND json_type(becomes.value, '$[3]') = 'text' AND length(json_extract(becomes.value, '$[3]')) = 64
      AND json_extract(becomes.value, '$[3]') NOT GLOB '*[^0-9a-f]*'
      AND EXISTS (
        SELECT 1 FROM agreement_event AS held
        JOIN agreement_event AS redaction
          ON redaction.agreement_id = held.agreement_id AND redaction.event = 'redacted'
        JOIN log_entry ON log_entry.event_number = redaction.number
        JOIN agreement_body AS said ON said.sha256 = redaction.details_sha256
        WHERE (
          held.body_sha256 = OLD.sha256
          AND EXISTS (
            SELECT 1 FROM json_each(said.sealed) AS member
            WHERE json_extract(member.value, '$[0]') = '/pointer'
            AND json_extract(member.value, '$[2]') = json_extract(was.value, '$[0]')
          )
          AND (held.version IS NULL OR EXISTS (
            SELECT 1 FROM json_each(said.sealed) AS member
            WHERE json_extract(member.value, '$[0]') = '/version'
            AND json_extract(member.value, '$[2]') = held.version
          ))
        ) OR (
          held.details_sha256 = OLD.sha256
          AND NOT (held.event = 'redacted' AND json_extract(was.value, '$[0]') IN ('/pointer', '/version'))
          AND EXISTS (
            SELECT 1 FROM json_each(said.sealed) AS member
            WHERE json_extract(member.value, '$[0]') = '/pointer'
            AND json_extract(member.value, '$[2]') = '/events/' || held.number || json_extract(was.value, '$[0]')
          )
        )
      ), 0)
  ), 0)
BEGIN SELECT RAISE(ABORT, 'agreement_body is append-only'); END
"""

# The same, and PostgreSQL can hash: the digest must be that of the value which goes. Its text of a string or a whole
# number is that of RFC 8785.
BLANKING_ON_POSTGRESQL = """
CREATE FUNCTION refuse_body_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sha256 = OLD.sha256 AND NEW.schema_version = OLD.schema_version
    AND jsonb_typeof(NEW.sealed) = 'array'
    AND jsonb_array_length(NEW.sealed) = jsonb_array_length(OLD.sealed)
    AND NOT EXISTS (
      SELECT 1 FROM jsonb_array_elements(OLD.sealed) WITH ORDINALITY AS was (item, place)
      JOIN jsonb_array_elements(NEW.sealed) WITH ORDINALITY AS becomes (item, place) ON becomes.place = was.place
      WHERE becomes.item IS DISTINCT FROM was.item AND NOT COALESCE(
        jsonb_array_length(was.item) = 3
        AND becomes.item = jsonb_build_array(was.item -> 0, NULL, NULL, encode(sha256(convert_to(
          '[' || (was.item -> 0)::text || ',' || (was.item -> 1)::text || ',' || (was.item -> 2)::text || ']', 'UTF8'
        )), 'hex'))
        AND EXISTS (
          SELECT 1 FROM agreement_event AS held
          JOIN agreement_event AS redaction
            ON redaction.agreement_id = held.agreement_id AND redaction.event = 'redacted'
          JOIN log_entry ON log_entry.event_number = redaction.number
          JOIN agreement_body AS said ON said.sha256 = redaction.details_sha256
          WHERE (
            held.body_sha256 = OLD.sha256
            AND EXISTS (
              SELECT 1 FROM jsonb_array_elements(said.sealed) AS member
              WHERE member ->> 0 = '/pointer' AND member ->> 2 = was.item ->> 0
            )
            AND (held.version IS NULL OR EXISTS (
              SELECT 1 FROM jsonb_array_elements(said.sealed) AS member
              WHERE member ->> 0 = '/version' AND member ->> 2 = held.version::text
            ))
          ) OR (
            held.details_sha256 = OLD.sha256
            AND NOT (held.event = 'redacted' AND was.item ->> 0 IN ('/pointer', '/version'))
            AND EXISTS (
              SELECT 1 FROM jsonb_array_elements(said.sealed) AS member
              WHERE member ->> 0 = '/pointer' AND member ->> 2 = '/events/' || held.number || (was.item ->> 0)
            )
          )
        ), false)
    )
  THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'agreement_body is append-only';
END $$
"""
