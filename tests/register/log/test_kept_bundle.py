"""The bundle that a site keeps: made once for a checkpoint, and never with what was blanked."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from register.agreements.events import locked_head
from register.agreements.models import Agreement
from register.lifecycle.acting import Tools
from register.log import kept_bundle as keeping
from register.log.checkpoints import add_first_key, checkpoint_now
from register.log.kept_bundle import forget_bundles, kept_bundle
from register.log.redaction import Redaction, redact
from register.log.signing import make_key_file
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from schemas.errors import NotFound
from tests.register.making import Register, agreement

ORIGIN = "register.example/log"
CONTACT = b"privacy.office@rivers.example"


@pytest.fixture
def filled(open_sqlite: Database, register: Register, tmp_path: Path) -> Database:
    with open_sqlite.write() as session:
        locked_head(session).origin = ORIGIN
        signer = make_key_file(tmp_path / "log-key", ORIGIN, register.randomness)
        add_first_key(session, signer.verifier.vkey, register.clock)
        parties = [{"name": "Ministry of Rivers", "contact": CONTACT.decode()}, {"name": "Bridges Office"}]
        register.sign(session, agreement(parties=parties))
    checkpoint_now(open_sqlite, tmp_path / "log-key", register.clock)
    return open_sqlite


@contextmanager
def read(database: Database, data: Path) -> Iterator[tuple[bytes, str]]:
    kept = kept_bundle(database, data)
    with kept.file as file:
        content = file.read()
    assert len(content) == kept.size
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield b"".join(archive.read(name) for name in archive.namelist()), kept.tag


def blank(database: Database, register: Register) -> None:
    tools = Tools(register.clock, register.ids, register.randomness)
    with database.write() as session:
        wanted = Redaction("/parties/0/contact", "Names a person")
        redact(session, LOCAL_REGISTRAR, session.get_one(Agreement, "dg-1"), wanted, tools)


def test_it_is_made_once_for_a_checkpoint(filled: Database, register: Register, tmp_path: Path) -> None:
    with read(filled, tmp_path) as (content, tag):
        assert CONTACT in content
    (path,) = (tmp_path / "bundles").iterdir()
    made = path.stat().st_ino
    with read(filled, tmp_path) as (again, same):
        assert (again, same, path.stat().st_ino) == (content, tag, made)
    with filled.write() as session:
        register.happen(session, "dg-1", "suspended")
    checkpoint_now(filled, tmp_path / "log-key", register.clock)
    with read(filled, tmp_path) as (_, other):
        assert other != tag
    assert [one.name for one in (tmp_path / "bundles").iterdir()] == [f"{other}.zip"]


def test_one_that_took_long_is_served_on_but_never_past_a_redaction(
    filled: Database, register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_QUICK_SECONDS", 0.0)
    monkeypatch.setattr(keeping, "_REST", 1e6)
    with read(filled, tmp_path) as (_, tag):
        pass
    with filled.write() as session:
        register.happen(session, "dg-1", "suspended")
    checkpoint_now(filled, tmp_path / "log-key", register.clock)
    with read(filled, tmp_path) as (_, same):
        assert same == tag
    blank(filled, register)  # on another machine, say: nobody took the file away here
    with read(filled, tmp_path) as (content, other):
        assert other != tag
        assert CONTACT not in content


def test_a_redaction_takes_it_away(filled: Database, register: Register, tmp_path: Path) -> None:
    with read(filled, tmp_path):
        pass
    (tmp_path / "bundles" / "draft").write_bytes(CONTACT)  # of one whose making died
    blank(filled, register)
    forget_bundles(tmp_path)
    assert list((tmp_path / "bundles").iterdir()) == []
    forget_bundles(tmp_path / "nowhere")


def test_without_a_checkpoint_there_is_none(open_sqlite: Database, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        kept_bundle(open_sqlite, tmp_path)
