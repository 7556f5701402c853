"""The log in the database: an entry for every event, in its transaction, and the files read back from it."""

import json
from base64 import b64decode
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from register.agreements.events import locked_head
from register.agreements.models import AgreementBody, AgreementEvent, RegisterHead
from register.log.checkpoint import open_checkpoint
from register.log.checkpoints import (
    add_first_key,
    catch_up_all,
    checkpoint_now,
    latest_checkpoint,
    latest_note,
    proof_of_version,
    public_keys,
    rotate_key,
    standing_of,
)
from register.log.contract_files import contract_files
from register.log.leaf import CodelistsLeaf, EventLeaf, KeyLeaf, read_leaf, rotation_text
from register.log.models import LogEntry, LogNode
from register.log.note import read_vkey
from register.log.proof import read_proof, verify_proof
from register.log.signing import keep_only_newest, last_signed_path, make_key_file, read_key_file
from register.log.store import catch_up, nodes_in, read_body, read_entries, read_tile, root_at
from register.log.tree import root_of
from schemas.canonical import sha256_hex
from schemas.contract import contract_sha256
from schemas.database.engine import Database
from schemas.errors import Conflict, NotFound, Refused
from schemas.merkle import leaf_hash, root_hash
from tests.fakes import FakeClock, SeededRandomness
from tests.register.making import Register, agreement

ORIGIN = "register.example/log"
COUNT = 11
SIZE = COUNT + 1
"""The entries of so many events, with the one in front that names the codelists."""


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "log-key"


@pytest.fixture
def filled(open_database: Database, register: Register, key_file: Path) -> Database:
    """A log with a name, a key and some events of two agreements."""
    with open_database.write() as session:
        locked_head(session).origin = ORIGIN
        signer = make_key_file(key_file, ORIGIN, register.randomness)
        add_first_key(session, signer.verifier.vkey, register.clock)
    grow(open_database, register, COUNT)
    return open_database


def grow(database: Database, register: Register, count: int) -> None:
    for number in range(count):
        with database.write() as session:
            register.clock.advance(minutes=1)
            if number % 3 == 2:
                register.happen(session, "dg-1", "suspended")
            else:
                register.sign(session, agreement(title=f"Agreement {number}", effectiveFrom="2026-04-01"))


def entries(database: Database) -> list[bytes]:
    with database.read() as session:
        return [row.entry.encode() for row in session.scalars(select(LogEntry).order_by(LogEntry.seq))]


def test_every_event_has_its_entry(filled: Database, register: Register) -> None:
    first, *leaves = [read_leaf(data) for data in entries(filled)]
    with filled.read() as session:
        events = session.scalars(select(AgreementEvent).order_by(AgreementEvent.number)).all()
        head = session.get_one(RegisterHead, 1)
        assert (head.log_size, head.logged_event) == (SIZE, COUNT)
    assert isinstance(first, CodelistsLeaf)
    assert first.codelists_sha256 == sha256_hex(contract_files()["codelists.json"])
    assert [leaf.seq for leaf in leaves] == list(range(1, SIZE))
    for leaf, event in zip(leaves, events, strict=True):
        assert isinstance(leaf, EventLeaf)
        assert (leaf.agreement, leaf.event, leaf.version) == (event.agreement_id, event.event, event.version)
        assert (leaf.recorded_at, leaf.registered_on) == (event.recorded_at, event.registered_on)
        assert (leaf.body_sha256, leaf.effective) == (event.body_sha256, event.effective)
        assert (leaf.schema_sha256 is not None) == (event.body_sha256 is not None)
    assert leaves[0].schema_sha256 == contract_sha256("1.0.0")  # type: ignore[union-attr]


def test_the_root_is_that_of_the_entries_at_every_size(filled: Database) -> None:
    leaves = [leaf_hash(data) for data in entries(filled)]
    with filled.read() as session:
        for size in range(SIZE + 1):
            assert root_at(session, size) == root_hash(leaves[:size])
        assert read_tile(session, 0, 0, SIZE) == b"".join(leaves)
        assert read_entries(session, 3, 4) == entries(filled)[3:7]
        for missing in (lambda: read_tile(session, 0, 0, SIZE + 1), lambda: read_entries(session, SIZE, 1)):
            with pytest.raises(NotFound):
                missing()


def test_only_complete_subtrees_are_kept(filled: Database) -> None:
    with filled.read() as session:
        nodes = {(node.level, node.idx) for node in session.scalars(select(LogNode))}
    assert nodes == {(level, index) for level in range(1, 4) for index in range(SIZE >> level)}


def test_a_body_is_read_as_its_file(filled: Database) -> None:
    with filled.read() as session:
        event = session.get_one(AgreementEvent, 1)
        assert event.body_sha256
        body = json.loads(read_body(session, event.body_sha256))
        assert body["sha256"] == event.body_sha256
        assert body["schema"] == "1.0.0"
        pointers = [item[0] for item in body["values"]]
        assert pointers == sorted(pointers)
        assert "/parties/0/name" in pointers
        with pytest.raises(NotFound):
            read_body(session, "0" * 64)


def forget_the_log(database: Database) -> None:
    """Make it a database from before the log, as the migration finds one."""
    with database.write() as session:
        for table in ("log_node", "log_entry"):
            if database.is_sqlite:
                session.execute(text(f"DROP TRIGGER {table}_refuses_delete"))
            else:
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            session.execute(text(f"DELETE FROM {table}"))
        session.execute(text("UPDATE register_head SET log_size = 0, logged_event = 0, codelists_sha256 = NULL"))


@pytest.mark.parametrize("how", ["upgrade", "first append", "in parts"])
def test_events_from_before_the_log_get_their_entries(filled: Database, register: Register, how: str) -> None:
    before = entries(filled)
    forget_the_log(filled)
    assert entries(filled) == []
    if how == "upgrade":
        assert catch_up_all(filled, register.clock) == COUNT
        assert catch_up_all(filled, register.clock) == 0
    elif how == "in parts":
        while True:
            with filled.write() as session:
                if not catch_up(session, locked_head(session), 4):
                    break
    else:
        with filled.write() as session:
            register.happen(session, "dg-1", "resumed")
        assert len(entries(filled)) == SIZE + 1
    assert entries(filled)[:SIZE] == before


def test_a_checkpoint_covers_what_is_committed(filled: Database, register: Register, key_file: Path) -> None:
    signed = checkpoint_now(filled, key_file, register.clock)
    with filled.read() as session:
        verifiers = [read_vkey(vkey) for vkey in public_keys(session)]
        checkpoint, _ = open_checkpoint(latest_note(session), verifiers)
        assert (checkpoint.origin, checkpoint.size) == (ORIGIN, SIZE)
        assert checkpoint.root == root_hash([leaf_hash(data) for data in entries(filled)])
        assert standing_of(session).waiting == 0
    assert checkpoint_now(filled, key_file, register.clock).note == signed.note
    with filled.writing() as session:  # begun, and never committed
        register.sign(session, agreement(title="Undone"))
        session.rollback()
    grow(filled, register, 1)
    with filled.read() as session:
        assert (standing_of(session).signed, standing_of(session).waiting) == (SIZE, 1)
    assert checkpoint_now(filled, key_file, register.clock).size == SIZE + 1


def test_a_proof_shows_that_a_version_stands_in_the_log(filled: Database, register: Register, key_file: Path) -> None:
    with filled.read() as session, pytest.raises(Conflict, match="not under a signed checkpoint"):
        proof_of_version(session, "dg-2", 1)
    checkpoint_now(filled, key_file, register.clock)
    with filled.read() as session:
        verifiers = [read_vkey(vkey) for vkey in public_keys(session)]
        proof = read_proof(proof_of_version(session, "dg-2", 1))
        assert verify_proof(proof, leaf_hash(entries(filled)[2]), verifiers).size == SIZE
        with pytest.raises(NotFound):
            proof_of_version(session, "dg-2", 2)


def test_a_database_put_back_to_an_older_state_is_not_signed(
    filled: Database, register: Register, key_file: Path
) -> None:
    checkpoint_now(filled, key_file, register.clock)
    forget_the_log(filled)
    with filled.write() as session:  # and with it its checkpoints
        if filled.is_sqlite:
            session.execute(text("DROP TRIGGER log_checkpoint_refuses_delete"))
        else:
            session.execute(text("ALTER TABLE log_checkpoint DISABLE TRIGGER USER"))
        session.execute(text("DELETE FROM log_checkpoint"))
    with pytest.raises(Refused, match="put back to an older state") as caught:
        checkpoint_now(filled, key_file, register.clock)
    assert str(last_signed_path(key_file)) in caught.value.advice
    catch_up_all(filled, register.clock)  # the same entries once more
    assert checkpoint_now(filled, key_file, register.clock).size == SIZE


def test_an_entry_that_was_altered_is_not_signed_over(filled: Database, register: Register, key_file: Path) -> None:
    checkpoint_now(filled, key_file, register.clock)
    grow(filled, register, 1)
    with filled.write() as session:
        if filled.is_sqlite:
            session.execute(text("DROP TRIGGER log_node_refuses_update"))
        else:
            session.execute(text("ALTER TABLE log_node DISABLE TRIGGER USER"))
        session.execute(LogNode.__table__.update().values(hash=b"\x07" * 32))  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="altered"):
        checkpoint_now(filled, key_file, register.clock)


def test_a_new_key_is_an_entry_and_the_old_one_goes_on_verifying(
    filled: Database, register: Register, key_file: Path
) -> None:
    checkpoint_now(filled, key_file, register.clock)
    with filled.read() as session:
        (old,) = public_keys(session)
    new = rotate_key(filled, key_file, register.clock, register.randomness)
    leaf = read_leaf(entries(filled)[-1])
    assert isinstance(leaf, KeyLeaf)
    assert leaf.key == new
    vouched = b64decode(leaf.signature or "")
    assert vouched[:4] == read_vkey(old).key_id
    assert read_vkey(old).verify(rotation_text(new), vouched[4:])
    with filled.read() as session:
        assert public_keys(session) == [new, old]
    checkpoint_now(filled, key_file, register.clock)
    for vkey in (old, new):
        with filled.read() as session:
            assert open_checkpoint(latest_note(session), [read_vkey(vkey)])[0].size == SIZE + 1
    assert keep_only_newest(key_file) == 1
    grow(filled, register, 1)
    checkpoint_now(filled, key_file, register.clock)
    with filled.read() as session:
        open_checkpoint(latest_note(session), [read_vkey(new)])
        with pytest.raises(ValueError, match="no key that is trusted"):
            open_checkpoint(latest_note(session), [read_vkey(old)])


def test_a_rotation_that_died_before_its_file_was_in_place_is_finished(
    filled: Database, register: Register, key_file: Path
) -> None:
    before = key_file.read_bytes()
    new = rotate_key(filled, key_file, register.clock, register.randomness)
    key_file.replace(key_file.with_name("log-key.next"))
    key_file.write_bytes(before)
    key_file.chmod(0o600)
    checkpoint_now(filled, key_file, register.clock)
    assert read_key_file(key_file)[0].verifier.vkey == new


def test_another_key_than_the_log_s_own_signs_nothing(filled: Database, register: Register, tmp_path: Path) -> None:
    make_key_file(tmp_path / "other", ORIGIN, SeededRandomness(9))
    with pytest.raises(Refused, match="not the one that the log names"):
        checkpoint_now(filled, tmp_path / "other", register.clock)
    with filled.read() as session:
        assert latest_checkpoint(session) is None


def test_a_register_without_a_key_says_what_to_do(open_database: Database, clock: FakeClock, key_file: Path) -> None:
    with pytest.raises(Refused) as caught:
        checkpoint_now(open_database, key_file, clock)
    assert "gazette init" in caught.value.advice
    with open_database.read() as session:
        assert standing_of(session).entries == 0
        with pytest.raises(NotFound):
            latest_note(session)


EVERYWHERE = [
    "UPDATE log_entry SET entry = '{}'",
    "UPDATE log_entry SET seq = seq + 100",
    "DELETE FROM log_entry WHERE seq = 3",
    "DELETE FROM log_node",
    "UPDATE log_node SET idx = idx + 100",
    "DELETE FROM log_checkpoint",
    "UPDATE log_checkpoint SET note = 'x'",
    "UPDATE log_key SET vkey = 'x'",
    "DELETE FROM log_key",
    "INSERT INTO log_entry (seq, entry, leaf_hash) VALUES (3, '{}', '')",
    "INSERT INTO log_entry (seq, entry, leaf_hash, event_number) VALUES (99, '{}', '', 2)",
    "INSERT INTO log_node (level, idx, hash) VALUES (1, 0, '')",
    "INSERT INTO log_entry (seq, entry, leaf_hash) VALUES (3, '{}', '') ON CONFLICT (seq) DO UPDATE SET entry = '{}'",
]
ON_SQLITE = [
    "INSERT OR REPLACE INTO log_entry (seq, entry, leaf_hash) VALUES (3, '{}', '')",
    "INSERT OR REPLACE INTO log_entry (seq, entry, leaf_hash, event_number) VALUES (99, '{}', '', 2)",
    "REPLACE INTO log_node (level, idx, hash) VALUES (1, 0, '')",
    "REPLACE INTO log_checkpoint (size, note, signed_at) VALUES (12, 'x', '2026-01-01')",
    "REPLACE INTO log_key (number, vkey, added_at) VALUES (1, 'x', '2026-01-01')",
    "UPDATE OR REPLACE log_entry SET seq = 1 WHERE seq = 2",
]
ON_POSTGRESQL = ["TRUNCATE log_node", "TRUNCATE log_entry CASCADE", "TRUNCATE log_checkpoint CASCADE"]


def test_entries_nodes_checkpoints_and_keys_cannot_be_changed(
    filled: Database, register: Register, key_file: Path
) -> None:
    checkpoint_now(filled, key_file, register.clock)

    def everything() -> list[tuple[object, ...]]:
        tables = ("log_entry", "log_node", "log_checkpoint", "log_key")
        with filled.engine.connect() as connection:
            return [tuple(row) for name in tables for row in connection.execute(text(f"SELECT * FROM {name}"))]

    before = everything()
    for statement in [*EVERYWHERE, *(ON_SQLITE if filled.is_sqlite else ON_POSTGRESQL)]:
        with pytest.raises(DBAPIError), filled.write() as session:
            session.execute(text(statement))
        assert everything() == before, statement


def test_adding_reads_no_more_however_long_the_log_is(open_sqlite: Database, register: Register) -> None:
    """The nodes that are asked for while the log grows: one for each subtree that is completed."""
    asked = 0
    with open_sqlite.write() as session:
        for number in range(64):
            register.sign(session, agreement(title=f"Agreement {number}"))
        real = nodes_in(session)

        def counted(level: int, index: int) -> bytes:
            nonlocal asked
            asked += 1
            return real(level, index)

        root_of(63, counted)
        assert asked == 6
        assert session.scalar(select(func.count()).select_from(LogNode)) == 32 + 16 + 8 + 4 + 2 + 1
        assert session.scalar(select(func.count()).select_from(AgreementBody)) == 64
