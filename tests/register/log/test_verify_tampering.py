"""The stand-alone check finds and names every tampering that a copy alone shows."""

import hashlib
import json
import random
from collections.abc import Callable

import pytest

from tests.register.log.checking import Files, faults
from tests.register.log.copies import (
    SCHEMA,
    MadeLog,
    SigningKey,
    canonical,
    small_log,
    tiles_of,
)


@pytest.fixture
def log() -> MadeLog:
    return small_log()


@pytest.fixture
def files(log: MadeLog) -> Files:
    return log.files()


# --- tampering that the copy alone shows


def altered_body(log: MadeLog, files: Files) -> None:
    name = f"bodies/{log.entries[2]['body_sha256']}"
    files[name] = files[name].replace(b"Bridge loads", b"Bridge roads")


def swapped_entries(log: MadeLog, files: Files) -> None:
    log.entries[3], log.entries[4] = log.entries[4], log.entries[3]
    files |= tiles_of(log.encoded())


def dropped_entry(log: MadeLog, files: Files) -> None:
    del log.entries[6]
    for name in [name for name in files if name.startswith("tile/")]:
        del files[name]
    files |= log.files()  # and signed again by a publisher who hides it


def dated_before(log: MadeLog, files: Files) -> None:
    log.entries[5]["recorded_at"] = "2026-03-01T00:00:00.000000Z"
    files |= log.files()


def wrong_schema_version(log: MadeLog, files: Files) -> None:
    files[f"schemas/agreement/{SCHEMA}.json"] = canonical({**log.contract, "version": "1.0.1"})


def body_of_another_schema(log: MadeLog, files: Files) -> None:
    name = log.entries[2]["body_sha256"]
    files[f"bodies/{name}"] = canonical({**log.bodies[name], "schema": "0.9.0"})


def tile_of_another_log(log: MadeLog, files: Files) -> None:
    other = small_log()
    other.entries[4]["actor_org"] = "ministry-of-bridges"
    files["tile/0/000.p/10"] = other.files()["tile/0/000.p/10"]


def swapped_bodies(log: MadeLog, files: Files) -> None:
    first, second = (f"bodies/{log.entries[place]['body_sha256']}" for place in (1, 2))
    files[first], files[second] = files[second], files[first]


def body_of_another_agreement(log: MadeLog, files: Files) -> None:
    log.entries[2]["body_sha256"] = log.body({"id": "dg-9", "schemaVersion": SCHEMA, "title": "Another"})
    files |= log.files()


def missing_body(log: MadeLog, files: Files) -> None:
    del files[f"bodies/{log.entries[2]['body_sha256']}"]


def skipped_version(log: MadeLog, files: Files) -> None:
    log.entries[6]["version"] = 3
    files |= log.files()


def broken_chain(log: MadeLog, files: Files) -> None:
    log.entries[6]["prev_body_sha256"] = log.entries[2]["body_sha256"]
    files |= log.files()


def blanked_in_silence(log: MadeLog, files: Files) -> None:
    log.blank(log.entries[6]["body_sha256"], "/title")
    files |= log.files()


def blanked_again_there(log: MadeLog, files: Files) -> None:
    name = f"bodies/{log.entries[1]['body_sha256']}"
    files[name] = MadeLog.files(fresh())[name]


def fresh() -> MadeLog:
    """The log before anything was blanked."""
    log = MadeLog()
    log.name_codelists()
    parties = [{"name": "Ministry of Rivers"}, {"name": "Ämter"}]
    log.event("dg-1", "signed", {"title": "Flood levels", "parties": parties})
    return log


def unknown_schema_value(log: MadeLog, files: Files) -> None:
    log.event("dg-2", "reviewed", details={"note": "no outcome"})
    for name in [name for name in files if name.startswith("tile/")]:
        del files[name]
    files |= log.files()


def other_codelists(log: MadeLog, files: Files) -> None:
    files["codelists/method.csv"] = b"code,title\nfile,Another\n"
    lists = {"method": hashlib.sha256(files["codelists/method.csv"]).hexdigest()}
    files["codelists.json"] = canonical({**json.loads(files["codelists.json"]), **lists})


TAMPERINGS: list[tuple[Callable[[MadeLog, Files], None], list[str]]] = [
    (altered_body, [r"entry 2 (dg-2 version 1, proposed)", "altered"]),
    (swapped_entries, ["entry 3 ", "says it is entry 4", "entry 4 ", "says it is entry 3", "its root is not"]),
    (dropped_entry, ["entry 6 ", "says it is entry 7: one was dropped"]),
    (dated_before, ["entry 5 (dg-1, amendment-proposed): dated 2026-03-01", "before the entry in front of it"]),
    (wrong_schema_version, [f"entry 1 (dg-1 version 1, signed): schemas/agreement/{SCHEMA}.json: altered"]),
    (body_of_another_schema, ["entry 2 (dg-2 version 1, proposed): bodies/", "not in version 1.0.0"]),
    (tile_of_another_log, ["tile/0/000.p/10: not the tile of these entries, from number 4 on"]),
    (swapped_bodies, ["entry 1 ", "entry 2 ", "altered"]),
    (body_of_another_agreement, ["entry 2 (dg-2 version 1, proposed)", "of another agreement"]),
    (missing_body, ["entry 2 (dg-2 version 1, proposed): bodies/", "not there"]),
    (skipped_version, ["entry 6 (dg-1 version 3, amended): it does not follow version 1"]),
    (broken_chain, ["entry 6 (dg-1 version 2, amended): it does not follow version 1, or does not name its body"]),
    (blanked_in_silence, ["dg-1 version 2: /title is blanked, and no entry"]),
    (blanked_again_there, ["dg-1 version 1: /parties/1/name is declared blanked, and is not"]),
    (unknown_schema_value, ["entry 10 (dg-2, reviewed)", "'outcome' is a required property"]),
    (other_codelists, ["codelists.json: altered"]),
]


@pytest.mark.parametrize(("tamper", "told"), TAMPERINGS, ids=lambda case: getattr(case, "__name__", ""))
def test_tampering_is_found_and_named(
    tamper: Callable[[MadeLog, Files], None], told: list[str], log: MadeLog, files: Files
) -> None:
    tamper(log, files)
    found = "\n".join(faults(files, *log.keys))
    assert [words for words in told if words not in found] == [], found


def test_all_faults_are_told_and_not_the_first_alone(log: MadeLog, files: Files) -> None:
    for tamper in (altered_body, wrong_schema_version, tile_of_another_log, other_codelists):
        tamper(log, files)
    found = faults(files)
    assert len(found) >= 4
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("name", sorted(small_log().files()))
def test_one_changed_byte_in_any_file_is_found(name: str, files: Files) -> None:
    chance = random.Random(name)
    places = sorted(set(chance.sample(range(len(files[name])), min(12, len(files[name])))))
    for place in places:
        changed = bytearray(files[name])
        changed[place] ^= 1 << chance.randrange(8)
        assert faults({**files, name: bytes(changed)}), f"byte {place} of {name}"
    for worse in (files[name][:-1], files[name] + b"\n", b""):
        assert faults({**files, name: worse}), name
    del files[name]
    assert faults(files), f"{name} is missing"


def test_a_signature_of_a_witness_is_let_stand(log: MadeLog, files: Files) -> None:
    text = files["checkpoint"].decode()
    witness = SigningKey("a witness", "witness.example")
    files["checkpoint"] = f"{text}— witness.example {witness.signature(text.split(chr(10) * 2)[0])}\n".encode()
    assert faults(files, *log.keys) == []
