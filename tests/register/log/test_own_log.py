"""The log of the database itself, on each engine: every column that it vouches for, rows too few and rows too many."""

import json
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from register.agreements.events import NewEvent, append, locked_head
from register.agreements.models import Agreement
from register.agreements.projection import project
from register.agreements.rebuild import differing_agreements
from register.agreements.record import Source
from register.lifecycle.acting import Tools
from register.log.checkpoints import add_cosignatures, add_first_key, checkpoint_now, rotate_key
from register.log.cosignature import Cosigner, new_cosigner
from register.log.last_seen import LastSeen
from register.log.note import split_note
from register.log.own_log import verify_own_log
from register.log.redaction import Redaction, redact
from register.log.signing import make_key_file
from register.log.vouching import NOT_VOUCHED, VOUCHED
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.base import Base
from schemas.database.engine import Database
from schemas.errors import NotFound
from tests.fakes import FIRST_MOMENT, CountingIds
from tests.register.making import Register, agreement
from tests.services.commands import ROOT

ORIGIN = "register.example/log"
IN_ROWS = {table: columns for table, columns in VOUCHED.items() if table != "log_timestamp"}
"""Timestamps are files with a signature of their own: see test_timestamps_in_copies.py."""

KEYS = {"log_node": ("level", "idx"), "log_cosignature": ("size", "line"), "agreement_event": ("number",),
        "agreement_body": ("sha256",), "log_entry": ("seq",), "log_checkpoint": ("size",), "log_key": ("number",),
        "register_head": ("id",)}  # fmt: skip
NAMED = {
    "agreement_event": r"event ",
    "agreement_body": r"bod(y|ies)",
    "log_entry": r"entry ",
    "log_node": r"node |tile/",
    "log_checkpoint": r"checkpoint",
    "log_cosignature": r"cosignature",
    "log_key": r"key",
    "register_head": r"register_head",
}
"""What a fault of each table's rows says."""


@pytest.fixture
def witness(register: Register) -> Cosigner:
    return new_cosigner("witness.example", register.randomness)


@pytest.fixture
def filled(open_database: Database, register: Register, witness: Cosigner, tmp_path: Path) -> Database:
    """Imported agreements, a revision, a blanked value, two keys, two checkpoints, a cosignature, an unsigned tail."""
    key, clock = tmp_path / "log-key", register.clock
    with open_database.write() as session:
        locked_head(session).origin = ORIGIN
        signer = make_key_file(key, ORIGIN, register.randomness)
        add_first_key(session, signer.verifier.vkey, clock)
        for number in range(3):
            clock.advance(minutes=1)
            source = Source(f"list:{number}@{number:064x}") if number else Source()
            register.sign(session, agreement(title=f"Agreement {number}", effectiveFrom="2026-04-01"), source)
        register.revise(session, session.get_one(Agreement, "dg-2"), agreement(title="Agreement 1, changed"))
        tools = Tools(clock, register.ids, register.randomness)
        redact(session, LOCAL_REGISTRAR, session.get_one(Agreement, "dg-1"), Redaction("/parties/0/name", "x y"), tools)
    checkpoint_now(open_database, key, clock)
    rotate_key(open_database, key, clock, register.randomness)
    clock.advance(minutes=1)
    newest = checkpoint_now(open_database, key, clock)
    with open_database.write() as session:
        line = witness.cosign(split_note(newest.note)[0], 1_790_000_000)
        add_cosignatures(session, newest.size, [line], clock)
        clock.advance(minutes=1)
        new = NewEvent(agreement_id="dg-3", event="suspended", actor_organisation="ministry-of-rivers")
        append(session, locked_head(session), new, clock)
        project(session, "dg-3", clock, register.ids)
    return open_database


@contextmanager
def unlocked(database: Database) -> Iterator[tuple[Session, Any]]:
    """A session of whoever owns the database, with no trigger or key in the way; nothing of it stays."""
    with database.writing() as session:
        if database.is_sqlite:
            for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.execute(text(f'DROP TRIGGER "{name}"'))
            session.execute(text("PRAGMA defer_foreign_keys = ON"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))

        def alter(change: str, **values: Any) -> tuple[str, ...]:
            with session.begin_nested() as savepoint:
                assert session.execute(text(change), values).rowcount > 0, change  # type: ignore[attr-defined]
                session.expire_all()
                faults = verify_own_log(session, quick=True).faults
                savepoint.rollback()
            return faults

        yield session, alter
        session.rollback()


def rows_of(session: Session, table: str) -> list[dict[str, Any]]:
    order = ", ".join(KEYS[table])
    return [dict(row._mapping) for row in session.execute(text(f"SELECT * FROM {table} ORDER BY {order}"))]


def other_values(database: Database, held: Any, chance: random.Random) -> Iterator[Any]:
    """A value that differs from what is held by one character or number, and on SQLite one of another kind."""
    if isinstance(held, bytes):
        yield bytes([held[0] ^ 1]) + held[1:]
    elif isinstance(held, int):
        yield held + chance.choice([1_000, 2**40 if database.is_sqlite else 2**30])
    elif isinstance(held, str):
        place = chance.randrange(len(held))
        yield held[:place] + chr(ord(held[place]) ^ 1) + held[place + 1 :]
    elif isinstance(held, datetime):
        yield held + timedelta(microseconds=1)
    elif isinstance(held, list):
        yield json.dumps([*held[:-1], [*held[-1][:2], "another"]])
    if database.is_sqlite:
        yield chance.choice([b"\xff\xfe", 7.5, "\N{SNOWMAN}", "x" if held is None else None])


def test_a_log_that_nobody_altered_is_good(filled: Database, witness: Cosigner, tmp_path: Path) -> None:
    seen = LastSeen({"XDG_STATE_HOME": str(tmp_path / "state")})
    for _visit in range(2):
        with filled.read() as session:
            done = verify_own_log(session, seen=seen, key_file=tmp_path / "log-key", witnesses=[witness.verifier])
        assert done.faults == ()
        assert (done.events, done.agreements, done.blanked, done.size) == (6, 3, 1, 7)
        assert "1 entries are not under a signed checkpoint yet." in done.remarks
    with filled.read() as session:
        remarks = verify_own_log(session).remarks
    assert "The signature of witness.example was not checked: --witness-key FILE checks it." in remarks


def change(database: Database, table: str, column: str) -> tuple[str, tuple[str, ...]]:
    """What alters a column in the row with these keys, and the keys."""
    value = "CAST(:value AS jsonb)" if column == "sealed" and not database.is_sqlite else ":value"
    where = " AND ".join(f"{name} = :key_{name}" for name in KEYS[table])
    return f"UPDATE {table} SET {column} = {value} WHERE {where}", KEYS[table]


@pytest.mark.parametrize("rows", ["one", pytest.param("all", marks=pytest.mark.long)])
def test_a_change_in_any_column_that_is_vouched_for_is_named(filled: Database, rows: str) -> None:
    chance, tried = random.Random(4), set()
    with unlocked(filled) as (session, alter):
        for table, columns in IN_ROWS.items():
            held = rows_of(session, table)
            for column in columns.keys() - ({"line"} if table == "log_cosignature" else set()):
                for row in held if rows == "all" else [chance.choice([row for row in held if row[column] is not None])]:
                    for value in other_values(filled, row[column], chance):
                        statement, keys = change(filled, table, column)
                        try:
                            faults = alter(statement, value=value, **{f"key_{name}": row[name] for name in keys})
                        except DBAPIError as error:  # what the database itself does not take
                            if not re.search("NOT NULL|mismatch|FOREIGN KEY", str(error)):
                                raise
                            continue
                        assert any(re.search(NAMED[table], fault) for fault in faults), (table, column, value, faults)
                        tried.add((table, column))
    assert tried >= {(table, column) for table in IN_ROWS for column in IN_ROWS[table]} - {("log_cosignature", "line")}


def test_a_witness_s_line_is_checked_with_its_key(filled: Database, witness: Cosigner) -> None:
    with unlocked(filled) as (_session, alter):
        statement = "UPDATE log_cosignature SET line = replace(line, ' AAAA', ' AAAA') || :value"
        assert any("cosignature" in fault for fault in alter(statement, value="x"))
    with unlocked(filled) as (session, _alter):
        other = witness.cosign("another text\n", 1_790_000_000)
        session.execute(text("UPDATE log_cosignature SET line = :line"), {"line": other.line})
        assert verify_own_log(session, quick=True).faults == ()  # of an unknown witness nobody can tell
        faults = verify_own_log(session, quick=True, witnesses=[witness.verifier]).faults
    assert "cosignature of the checkpoint of 7 entries: witness.example did not give it" in faults


LESS_AND_MORE = [
    ("DELETE FROM agreement_event WHERE number = 2", "event 2: it is missing; entry 2 tells of it"),
    ("DELETE FROM agreement_event WHERE number = 6", "event 6: it is missing; entry 7 tells of it"),
    ("DELETE FROM log_entry WHERE seq = 3", "entry 3: it is missing"),
    ("DELETE FROM log_entry WHERE seq = 7", "event 6 (dg-3, suspended): it has no entry in the log"),
    ("DELETE FROM agreement_body WHERE sha256 = (SELECT body_sha256 FROM agreement_event WHERE number = 3)", "bodies/"),
    ("DELETE FROM log_node WHERE level = 2 AND idx = 1", "the tree’s node 1 at level 2: it is missing"),
    ("DELETE FROM log_checkpoint WHERE size = 7", "cosignature of a checkpoint of 7 entries: there is no such"),
    ("DELETE FROM log_key WHERE number = 1", "key 1 of the log: it is missing"),
    ("DELETE FROM log_key WHERE number = 2", "key 2 of the log: it is missing"),
    ("DELETE FROM register_head", "register_head: it has 0 rows"),
    (
        """INSERT INTO agreement_event (number, agreement_id, event, recorded_at, registered_on)
        SELECT 7, 'dg-3', 'resumed', recorded_at, registered_on FROM agreement_event WHERE number = 6""",
        "event 7 (dg-3, resumed): it has no entry",
    ),
    ("INSERT INTO log_entry (seq, entry, leaf_hash) SELECT 8, entry, leaf_hash FROM log_entry WHERE seq = 7",
     "entry 8 (dg-3, suspended): its row names event None, and it tells of event 7"),
    ("INSERT INTO agreement_body (sha256, schema_version, sealed) VALUES ('ab', '1.0.0', '[]')",
     "body ab: no event names it"),
    ("INSERT INTO log_node (level, idx, hash) SELECT 3, 1, hash FROM log_node WHERE level = 3", "node 1 at level 3"),
    ("INSERT INTO log_checkpoint (size, note, signed_at) SELECT 8, note, signed_at FROM log_checkpoint WHERE size = 7",
     "checkpoint of 8 entries: its note is of 7 entries"),
    ("INSERT INTO log_key (number, vkey, added_at) SELECT 3, 'x', added_at FROM log_key WHERE number = 1",
     "key 3 of the log: no entry names it"),
    ("INSERT INTO register_head (id, prefix, next_serial, last_number) VALUES (2, 'dg', 1, 0)", "it has 2 rows"),
]  # fmt: skip


def test_rows_too_few_and_too_many_are_named(filled: Database) -> None:
    with unlocked(filled) as (_session, alter):
        for statement, told in LESS_AND_MORE:
            faults = alter(statement)
            assert any(told in fault for fault in faults), (statement, faults)


def test_what_is_not_vouched_for_is_compared_with_the_events_or_has_a_reason(filled: Database) -> None:
    tables = {
        str(mapper.class_.__tablename__)
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith("register.")
    }
    ours = {name: {column.name for column in Base.metadata.tables[name].columns} for name in tables}
    for table, columns in ours.items():
        declared = set(VOUCHED.get(table, {})) | {one.partition(".")[2] for one in NOT_VOUCHED if f"{table}." in one}
        assert table in NOT_VOUCHED or declared == columns, table
    page = (ROOT / "docs" / "log.md").read_text(encoding="utf-8")
    for name in [*NOT_VOUCHED, *(f"{table}.{column}" for table, columns in VOUCHED.items() for column in columns)]:
        assert f"`{name.partition('.')[0]}`" in page, name
        assert f"`{name.partition('.')[2]}`" in page or "." not in name, name
    with unlocked(filled) as (session, alter):
        for table, column in (("log_checkpoint", "signed_at"), ("log_key", "added_at")):
            (row, *_) = rows_of(session, table)
            other = "2026-05-05 05:05:05.000000" if filled.is_sqlite else row[column] + timedelta(days=1)
            statement, keys = change(filled, table, column)
            values = {f"key_{name}": row[name] for name in keys}
            assert alter(statement, value=other, **values) == ()
            if filled.is_sqlite:
                assert any(f"its {column} cannot be read" in fault for fault in alter(statement, value="May", **values))
        for statement in (
            "UPDATE agreement SET title = 'Another' WHERE id = 'dg-2'",
            "UPDATE agreement SET standing = 'withdrawn' WHERE id = 'dg-2'",
            "UPDATE agreement_party SET name = 'Another' WHERE agreement_id = 'dg-2' AND position = 1",
            "INSERT INTO agreement_number (scheme, value, agreement_id) VALUES ('a', 'b', 'dg-2')",
        ):
            session.execute(text(statement))
            session.expire_all()
            assert differing_agreements(session) == ["dg-2"], statement
            project(session, "dg-2", lambda: FIRST_MOMENT, CountingIds())
            session.flush()
            assert differing_agreements(session) == []


def test_the_key_file_is_compared_with_the_log(filled: Database, register: Register, tmp_path: Path) -> None:
    path = tmp_path / "log-key"
    whole = path.read_text(encoding="utf-8")
    with filled.read() as session:
        for told, content in (("no key file of a log", whole.replace("+", "-", 1)), ("it is not the key", None)):
            path.unlink()
            if content is None:
                make_key_file(path, ORIGIN, register.randomness)
            else:
                path.write_text(content, encoding="utf-8")
                path.chmod(0o600)
            assert any(told in fault for fault in verify_own_log(session, quick=True, key_file=path).faults), told
        path.unlink()
        assert verify_own_log(session, quick=True, key_file=path).faults == ()  # the key may lie elsewhere
        last = tmp_path / "log-key.last"
        last.write_text(last.read_text(encoding="utf-8").replace("\n7\n", "\n6\n"), encoding="utf-8")
        assert any("older checkpoint" in one for one in verify_own_log(session, quick=True, key_file=path).faults)


def test_without_a_checkpoint_there_is_nothing_to_check(open_database: Database) -> None:
    with open_database.read() as session, pytest.raises(NotFound):
        verify_own_log(session)
