"""The bundle: what our modules write is, byte for byte, what the standards' words make of the same log."""

import io
import os
import subprocess
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from register.log.bundle import write_bundle
from register.log.checkpoint import Checkpoint, sign_checkpoint
from register.log.leaf import CodelistsLeaf, EventLeaf, KeyLeaf, Leaf, leaf_bytes
from register.log.note import Signer
from register.log.tiles import entry_bundle, tile_bytes
from register.log.tree import root_of
from schemas.merkle import leaf_hash
from tests.register.log.checking import VERIFY, Files, run
from tests.register.log.copies import CODELISTS, ORIGIN, SCHEMA, MadeLog, canonical, small_log, unpacked
from tests.register.log.trees import grown


def as_leaf(entry: dict[str, Any]) -> Leaf:
    """An entry that was written by hand, through our own types."""
    members = {name: value for name, value in entry.items() if name != "v"}
    for name in ("recorded_at", "registered_on"):
        if name in members:
            members[name] = datetime.fromisoformat(members[name])
    event = members.pop("event")
    if event == "key-rotated":
        return KeyLeaf(**members)
    return CodelistsLeaf(**members) if event == "codelists-changed" else EventLeaf(event=event, **members)


class OurCopy:
    """A log that was made by hand, written down by our own modules."""

    def __init__(self, log: MadeLog) -> None:
        self._log = log
        self._entries = [leaf_bytes(as_leaf(entry)) for entry in log.entries]
        self._tree = grown([leaf_hash(entry) for entry in self._entries])
        self.size = len(self._entries)
        signers = [Signer(key.name, key.private.private_bytes_raw()) for key in log.keys]
        self.checkpoint = sign_checkpoint(
            Checkpoint(ORIGIN, self.size, root_of(self.size, self._tree.node)), signers[0]
        )
        self.keys = "".join(f"{signer.verifier.vkey}\n" for signer in signers)

    def tile(self, level: int, index: int, width: int) -> bytes:
        return tile_bytes(level, index, width, self._tree.node)

    def entries(self, index: int, width: int) -> bytes:
        return entry_bundle(self._entries[256 * index : 256 * index + width])

    def bodies(self) -> Iterable[tuple[str, bytes]]:
        return [(sha256, canonical(body)) for sha256, body in sorted(self._log.bodies.items())]

    def timestamps(self) -> Mapping[str, bytes]:
        return {}

    def schema(self, version: str) -> bytes:
        assert version == SCHEMA
        return canonical(self._log.contract)

    def schema_versions(self) -> Sequence[str]:
        return [SCHEMA]

    def codelist(self, name: str) -> bytes:
        return CODELISTS[name]

    def codelist_names(self) -> Sequence[str]:
        return list(CODELISTS)


def long_log() -> MadeLog:
    log = small_log()
    for number in range(600):
        log.event(f"dg-{number % 2 + 1}", "confirmed")
    log.rotate("second")
    return log


def bundled(log: MadeLog) -> bytes:
    out = io.BytesIO()
    write_bundle(OurCopy(log), out)
    return out.getvalue()


def members(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        assert bundle.testzip() is None
        return {name: bundle.read(name) for name in bundle.namelist()}


@pytest.mark.parametrize("make", [small_log, long_log])
def test_our_modules_write_what_the_standards_say(make: Any) -> None:
    log = make()
    files = members(bundled(log))
    beside = {"README.txt", "verify.py", "SHA256SUMS"}
    assert {name: data for name, data in files.items() if name not in beside} == log.files()
    assert files["verify.py"] == VERIFY.read_bytes()


def test_the_same_log_gives_the_same_zip() -> None:
    assert bundled(small_log()) == bundled(small_log())


def test_it_can_be_written_into_a_pipe() -> None:
    log = small_log()
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as end:
        if os.fork() == 0:
            os.close(reading)
            with os.fdopen(writing, "wb") as out:
                write_bundle(OurCopy(log), out)
                out.flush()
                os._exit(0)
        os.close(writing)
        data = end.read()
    os.wait()
    assert members(data) == members(bundled(log))


def test_a_reader_without_us_checks_it_in_two_ways(tmp_path: Path) -> None:
    copy = unpacked(members(bundled(long_log())), tmp_path / "copy")
    code, out, err = run(copy / "verify.py")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "609 events, 2 agreements, 0 altered, 2 values blanked as declared"
    sums = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=copy, capture_output=True)
    assert sums.returncode == 0, sums.stderr
    listed = {line.split("  ")[1] for line in (copy / "SHA256SUMS").read_text(encoding="utf-8").splitlines()}
    assert {"README.txt", "verify.py", "key", "codelists.json", f"schemas/agreement/{SCHEMA}.json"} <= listed


def test_the_readme_says_how_in_lines_that_fit_a_terminal() -> None:
    text = members(bundled(small_log()))["README.txt"].decode()
    assert text.startswith(f"{ORIGIN}: a copy")
    assert "python3 verify.py --key FILE" in text
    assert max(map(len, text.splitlines())) <= 120
