"""Timestamps (RFC 3161) of checkpoints: from a real authority (OpenSSL), checked by us and by OpenSSL."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from register.agreements.events import locked_head
from register.log import timestamp as timestamping
from register.log.checkpoints import add_first_key, checkpoint_now
from register.log.models import LogCheckpoint
from register.log.signing import make_key_file
from register.log.timestamp import check_timestamp, read_answer, timestamp_query
from register.log.timestamps import Stamp, add_timestamp, ask_timestamp, timestamp_file, timestamp_files
from schemas.database.engine import Database
from schemas.errors import InvalidInput, NotFound, Refused, Unreachable
from tests.fakes import FakeClock
from tests.register.log.authority import Authority, make_authority, serving
from tests.register.making import Register, agreement
from tests.services.commands import Invoke

pytest.importorskip("rfc3161_client", reason="the extra “timestamp” is not installed")
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
NOTE = "rivers.example/register\n2\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— x y\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with serving(make_authority(tmp_path_factory.mktemp("authority") / "tsa")) as authority:
        yield authority


@pytest.fixture
def authority(running: Authority) -> Authority:
    running.mood = "well"
    return running


def test_what_the_authority_signs_is_checked_by_us_and_by_openssl(authority: Authority, tmp_path: Path) -> None:
    roots = [authority.certificate.read_bytes()]
    stamp = ask_timestamp(authority.address, NOTE, roots)
    assert abs(stamp.moment - datetime.now(UTC)) < timedelta(minutes=1)
    assert check_timestamp(stamp.token, NOTE.encode(), roots) == stamp.moment
    (tmp_path / "2-1.tsr").write_bytes(stamp.token)
    (tmp_path / "2.checkpoint").write_text(NOTE, encoding="utf-8")
    command = [
        "openssl",
        "ts",
        "-verify",
        "-data",
        "2.checkpoint",
        "-in",
        "2-1.tsr",
        "-CAfile",
        str(authority.certificate),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, "Verification: OK" in done.stdout + done.stderr) == (0, True)


def test_each_spoilt_timestamp_is_named(authority: Authority, tmp_path: Path) -> None:
    roots = [authority.certificate.read_bytes()]
    token = ask_timestamp(authority.address, NOTE, roots).token
    with pytest.raises(ValueError, match="something else"):
        check_timestamp(token, NOTE.replace("2", "3").encode(), roots)
    with pytest.raises(ValueError, match="vouch for"):
        check_timestamp(token, NOTE.encode(), [make_authority(tmp_path / "other").certificate.read_bytes()])
    signature_end = token[:-3] + bytes([token[-3] ^ 1]) + token[-2:]
    with pytest.raises(ValueError, match="vouch for"):
        check_timestamp(signature_end, NOTE.encode(), roots)
    for spoilt in (b"", b"hello", token[:40], token + b"x"):
        with pytest.raises(ValueError, match="no timestamp"):
            check_timestamp(spoilt, NOTE.encode(), roots)
    with pytest.raises(InvalidInput):
        check_timestamp(token, NOTE.encode(), [b"hello"])
    query = timestamp_query(NOTE.encode())
    with pytest.raises(ValueError, match="nonce"):
        read_answer(token, query, NOTE.encode())


@pytest.mark.parametrize(
    ("mood", "why"),
    [("replays", "nonce"), ("refuses", "refused"), ("garbled", "no timestamp"), ("down", "answered 503")],
)
def test_an_authority_that_does_not_answer_as_it_must_is_told(authority: Authority, mood: str, why: str) -> None:
    ask_timestamp(authority.address, NOTE, ())
    authority.mood = mood
    with pytest.raises(Unreachable, match=why):
        ask_timestamp(authority.address, NOTE, [authority.certificate.read_bytes()])


def test_an_authority_that_another_vouches_for_is_not_taken(authority: Authority, tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="vouch for"):
        ask_timestamp(authority.address, NOTE, [make_authority(tmp_path / "other").certificate.read_bytes()])


def test_without_the_library_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, ready: Invoke) -> None:
    monkeypatch.setattr(timestamping, "HAS_TIMESTAMPS", False)
    with pytest.raises(Refused, match="rfc3161-client"):
        timestamp_query(b"x")
    ended = ready("register", "checkpoint", "--timestamp", "https://clocks.example")
    assert ended.code == 1
    assert "data-gazette[timestamp]" in ended.stderr
    assert ready("register", "checkpoint").code == 0


def test_they_are_kept_and_never_changed(database: Database, register: Register, tmp_path: Path) -> None:
    register.open(database)
    with database.write() as session:
        locked_head(session).origin = "rivers.example/register"
        signer = make_key_file(tmp_path / "log-key", "rivers.example/register", register.randomness)
        add_first_key(session, signer.verifier.vkey, register.clock)
        register.sign(session, agreement())
    size = checkpoint_now(database, tmp_path / "log-key", register.clock).size
    with database.read() as session:
        assert timestamp_files(session, size) == {}
        with pytest.raises(NotFound):
            timestamp_file(session, "timestamps.json")
    for token in (b"one", b"two"):
        with database.write() as session:
            add_timestamp(session, size, Stamp(token, FakeClock()()), "https://clocks.example", register.clock)
    with database.read() as session:
        files = timestamp_files(session, size)
        note = session.scalar(select(LogCheckpoint.note))
        assert files.keys() == {
            "timestamps.json",
            "timestamps/2.checkpoint",
            "timestamps/2-1.tsr",
            "timestamps/2-2.tsr",
        }
        assert (files["timestamps/2.checkpoint"].decode(), files["timestamps/2-2.tsr"]) == (note, b"two")
        assert {path: timestamp_file(session, path) for path in files} == files
        assert timestamp_files(session, size - 1) == {}
        for missing in ("timestamps/1.checkpoint", "timestamps/2-3.tsr", "timestamps/..", "timestamps/02-1.tsr"):
            with pytest.raises(NotFound):
                timestamp_file(session, missing)
    changes = ["UPDATE log_timestamp SET size = 2", "DELETE FROM log_timestamp"]
    if database.is_sqlite:
        columns = "2, 1, x'00', '2026-03-02 10:00:00', 'x', '2026-03-02 10:00:00'"
        changes.append(f"INSERT OR REPLACE INTO log_timestamp VALUES ({columns})")
    else:
        changes.append("TRUNCATE log_timestamp")
    for change in changes:
        with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
            session.execute(text(change))


def test_checkpoint_asks_once_and_publishes_what_it_got(
    authority: Authority, ready: Invoke, data_folder: Path, tmp_path: Path
) -> None:
    deal = tmp_path / "deal.json"
    deal.write_text(json.dumps(agreement()), encoding="utf-8")
    assert ready("register", "import", deal, "--from", "json").code == 0
    asked = authority.asked
    trusting = ("--timestamp", authority.address, "--timestamp-certificate", authority.certificate)
    first = ready("register", "checkpoint", *trusting, "--publish", tmp_path / "www")
    assert first.code == 0, first.stderr
    assert "Timestamped by" in first.stderr
    assert "not checked" not in first.stderr
    again = ready("register", "checkpoint", *trusting)
    assert (again.code, "already" in again.stderr, authority.asked) == (0, True, asked + 1)
    (listed,) = json.loads((tmp_path / "www" / "timestamps.json").read_bytes())
    note, token = ((tmp_path / "www" / listed[name]).read_bytes() for name in ("checkpoint", "token"))
    assert note == (tmp_path / "www" / "checkpoint").read_bytes()
    moment = check_timestamp(token, note, [authority.certificate.read_bytes()])
    assert listed["time"] == f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    authority.mood = "down"
    deal.write_text(json.dumps(agreement(purpose="To count bridges")), encoding="utf-8")
    assert ready("register", "import", deal, "--from", "json").code == 0
    failed = ready("register", "checkpoint", *trusting)
    assert failed.code == 5, "the checkpoint is signed all the same"
    assert failed.stdout.splitlines()[1] == "3"
