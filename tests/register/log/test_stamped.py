"""Timestamps in a copy: in the bundle, the folder and the database, checked with a certificate and else told."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from register.agreements.events import locked_head
from register.log.bundle import write_bundle
from register.log.checkpoints import add_first_key, checkpoint_now
from register.log.copies import FileCopy
from register.log.own_log import verify_own_log
from register.log.publish import publish
from register.log.signing import make_key_file
from register.log.stored_copy import StoredCopy
from register.log.timestamps import add_timestamp, ask_timestamp
from register.log.verification import Verification, verify_copy
from schemas.database.engine import Database
from tests.register.log.authority import Authority, make_authority, serving
from tests.register.making import Register, agreement

pytest.importorskip("rfc3161_client", reason="the extra “timestamp” is not installed")
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
ORIGIN = "register.example/log"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with serving(make_authority(tmp_path_factory.mktemp("authority") / "tsa")) as authority:
        yield authority


@pytest.fixture
def stamped(open_sqlite: Database, register: Register, authority: Authority, tmp_path: Path) -> Database:
    """A log of two entries under a timestamped checkpoint, and one of three without."""
    with open_sqlite.write() as session:
        locked_head(session).origin = ORIGIN
        signer = make_key_file(tmp_path / "log-key", ORIGIN, register.randomness)
        add_first_key(session, signer.verifier.vkey, register.clock)
        register.sign(session, agreement())
    first = checkpoint_now(open_sqlite, tmp_path / "log-key", register.clock)
    with open_sqlite.write() as session:
        stamp = ask_timestamp(authority.address, first.note, [authority.certificate.read_bytes()])
        add_timestamp(session, first.size, stamp, authority.address, register.clock)
        register.happen(session, "dg-1", "suspended")
    checkpoint_now(open_sqlite, tmp_path / "log-key", register.clock)
    return open_sqlite


def test_a_timestamp_is_checked_wherever_it_lies(stamped: Database, authority: Authority, tmp_path: Path) -> None:
    roots = [authority.certificate.read_bytes()]
    with stamped.read() as session:
        publish(session, tmp_path / "www")
        with (tmp_path / "bundle.zip").open("wb") as out:
            write_bundle(StoredCopy(session), out)
        own = [verify_own_log(session, certificates=roots), verify_own_log(session)]

    def checked(path: Path, certificates: list[bytes]) -> Verification:
        return verify_copy(lambda: FileCopy(str(path)), certificates=certificates)

    for path in (tmp_path / "www", tmp_path / "bundle.zip", None):
        with_roots, without = own if path is None else (checked(path, roots), checked(path, []))
        assert (with_roots.faults, without.faults) == ((), ())
        assert any(remark.startswith("The first 2 entries stood so on 2") for remark in with_roots.remarks)
        told = "1 timestamp not checked: --timestamp-certificate FILE names whom you trust."
        assert told in without.remarks
    for name, told in (("2-1.tsr", "timestamps/2-1.tsr: "), ("2.checkpoint", "older checkpoint")):
        file = tmp_path / "www" / "timestamps" / name
        whole = file.read_bytes()
        file.write_bytes(whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:])
        faults = checked(tmp_path / "www", roots).faults
        assert any(told in fault for fault in faults), (name, faults)
        file.write_bytes(whole)
    (tmp_path / "www" / "timestamps.json").write_text('[{"checkpoint":"../key","token":"x"}]', encoding="utf-8")
    assert "names a file that is no timestamp" in checked(tmp_path / "www", roots).faults[0]
