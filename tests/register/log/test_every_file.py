"""Every file of a copy, spoilt in every way: found and named by `gazette register verify` and by verify.py alone."""

import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from register.log.copies import FileCopy
from register.log.verification import verify_copy
from tests.register.log.checking import VERIFY, Files
from tests.register.log.copies import SigningKey, small_log, unpacked, zipped
from tests.register.log.spoiling import PROGRAM, named, spoilt
from tests.register.log.test_bundle import bundled, members


def bundle() -> Files:
    log = small_log()
    log.rotate("second")
    log.event("dg-2", "confirmed")
    return members(bundled(log))


def test_each_spoilt_file_of_a_bundle_is_named_by_us(tmp_path: Path) -> None:
    whole = bundle()
    copy = unpacked(whole, tmp_path / "copy")
    assert verify_copy(lambda: FileCopy(str(copy)), quick=True).faults == ()
    for name, how, changed in random.Random(3).sample(list(spoilt(whole)), 40):  # all of them: see below
        path = copy / name
        path.unlink() if changed is None else path.write_bytes(changed)
        faults = verify_copy(lambda: FileCopy(str(copy)), quick=True).faults
        assert named(name, faults), (name, how, faults)
        path.write_bytes(whole[name])


def test_each_spoilt_file_is_named_by_the_program_alone_on_a_bare_python(tmp_path: Path) -> None:
    whole = bundle()
    copy = unpacked(whole, tmp_path / "copy")
    cases = list(spoilt(whole))
    plan = [(name, None if changed is None else changed.hex()) for name, _how, changed in cases]
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    (tmp_path / "verify.py").write_bytes(VERIFY.read_bytes())
    command = [sys.executable, "-I", "-S", "-c", PROGRAM, str(tmp_path), str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert results.pop(0) == {"code": 0, "lines": []}
    assert len(results) == len(cases)
    for (name, how, _), result in zip(cases, results, strict=True):
        faults = [line.removeprefix("ALTERED  ") for line in result["lines"]]
        assert result["code"] == 1, (name, how)
        assert named(name, faults), (name, how, faults)


def test_what_was_added_to_a_bundle_is_named(tmp_path: Path) -> None:
    whole = bundle()
    for name in ("bodies/" + "0" * 64, "tile/0/001", "codelists/more.csv", "schemas/agreement/9.9.9.json"):
        files = {**whole, name: b"{}"}
        for copy in (unpacked(files, tmp_path / name[:7]), zipped(files, tmp_path / "copy.zip")):
            faults = verify_copy(lambda copy=copy: FileCopy(str(copy)), quick=True).faults  # type: ignore[misc]
            assert [fault for fault in faults if fault.startswith(f"{name}: added")], faults
        (tmp_path / name[:7] / name).unlink()
    (tmp_path / "bodies/" / "notes of a reader.txt").write_text("mine", encoding="utf-8")
    assert verify_copy(lambda: FileCopy(str(tmp_path / "bodies/")), quick=True).faults == ()


def test_a_spoilt_body_that_sums_are_made_to_fit_is_named_all_the_same(tmp_path: Path) -> None:
    whole = bundle()
    name = "bodies/" + "0" * 64
    sums = (
        whole["SHA256SUMS"] + f"{'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'}  {name}\n".encode()
    )
    path = zipped({**whole, "SHA256SUMS": sums, name: b""}, tmp_path / "copy.zip")
    faults = verify_copy(lambda: FileCopy(str(path)), quick=True).faults
    assert [fault for fault in faults if fault.startswith(f"{name}: added")], faults


def test_each_line_of_a_checkpoint_signed_with_two_keys_counts(tmp_path: Path) -> None:
    log = small_log()
    old = log.keys[0]
    log.rotate("second")
    files = {**log.files(), "checkpoint": log.checkpoint(None, *log.keys)}
    copy = unpacked(files, tmp_path / "copy")
    assert verify_copy(lambda: FileCopy(str(copy))).faults == ()
    lines = files["checkpoint"].decode().splitlines(keepends=True)
    other = SigningKey("another").signature("other text")
    for place, line in ((5, f"— {old.name} {old.signature('other text')}\n"), (4, f"— {old.name} {other}\n")):
        (copy / "checkpoint").write_text("".join([*lines[:place], line, *lines[place + 1 :]]), encoding="utf-8")
        assert any(fault.startswith("checkpoint: ") for fault in verify_copy(lambda: FileCopy(str(copy))).faults)


def hostile_zips(folder: Path, whole: Files) -> Iterator[tuple[str, Path]]:
    """Zips that are not made to be read."""
    names = {"absolute": "/etc/passwd", "climbing": "../../passwd", "windows": "C:\\passwd", "bare": ".."}
    for kind, name in names.items():
        yield kind, zipped({**whole, name: b"root"}, folder / f"{kind}.zip")
    with zipfile.ZipFile(folder / "locked.zip", "w") as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    data = bytearray((folder / "locked.zip").read_bytes())
    for sign, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(sign) + place] |= 1  # says that it is encrypted
    (folder / "locked.zip").write_bytes(data)
    yield "locked", folder / "locked.zip"


@pytest.mark.parametrize("kind", ["absolute", "climbing", "windows", "bare", "locked"])
def test_a_hostile_zip_is_a_named_fault_and_no_crash(kind: str, tmp_path: Path) -> None:
    path = dict(hostile_zips(tmp_path, bundle()))[kind]
    faults = verify_copy(lambda: FileCopy(str(path)), quick=True).faults
    assert faults, kind
    assert all("Traceback" not in fault and ": " in fault for fault in faults)
