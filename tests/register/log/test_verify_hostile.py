"""Whatever a copy holds, the stand-alone check tells a fault and never crashes."""

import os
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.log.verify import Check, Copy
from tests.register.log.checking import Files, faults
from tests.register.log.copies import ORIGIN, MadeLog, leaf, small_log, unpacked, zipped


@pytest.fixture
def log() -> MadeLog:
    return small_log()


@pytest.fixture
def files(log: MadeLog) -> Files:
    return log.files()


# --- hostile copies


HOSTILE = [
    b"",
    b"\xff\xfe",
    b"[" * 200_000,
    b'{"a":' * 100_000,
    b"1" * 100_000,
    b'{"v":1,"seq":1e999}',
    b'{"values":[[1,2,3]],"sha256":"","schema":""}',
    b'{"values":[["/a",null,null]]}',
    b'{"values":[["/a",null,null,"zz"]],"schema":"1.0.0","sha256":""}',
    b"null",
    b'"\xed\xa0\x80"',
    b'{"recorded_at":NaN,"seq":true,"event":{},"v":1}',
    ORIGIN.encode() + b"\n999999999999999999\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 x AAAA\n",
    ORIGIN.encode() + b"\n" + b"9" * 5000 + b"\n\n",
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda data: repr(data[:24]))
def test_nonsense_in_any_file_is_a_fault_and_no_crash(hostile: bytes, files: Files) -> None:
    for name in files:
        assert faults({**files, name: hostile}), name


@given(st.binary(max_size=300), st.sampled_from(sorted(small_log().files())))
def test_any_bytes_in_any_file_are_a_fault_and_no_crash(data: bytes, name: str) -> None:
    files = small_log().files()
    assert faults({**files, name: data}) or data == files[name]


def test_what_cannot_be_hashed_or_stored_in_an_entry_is_a_fault(log: MadeLog) -> None:
    wrong: list[tuple[str, Any]] = [
        ("agreement", ["x"]), ("agreement", None), ("version", 2**70), ("version", "1"), ("schema", "../../etc/passwd"),
        ("schema_sha256", {}), ("body_sha256", "../" * 9 + "etc/passwd"), ("details_sha256", 5), ("v", True),
        ("seq", 2**80), ("event", "signed\x1b[31m"), ("extra", "x" * 2_000),
    ]  # fmt: skip
    for member, value in wrong:
        bad = small_log()
        bad.entries[2][member] = value
        found = faults(bad.files())
        assert found, member
        assert "\x1b" not in "".join(found)


def test_faults_without_number_do_not_fill_the_memory(log: MadeLog) -> None:
    for number in range(2_000):
        log.enter("signed", agreement=f"dg-{number + 9}", version=1, body_sha256=f"{number:064x}", schema="9.9.9")
    assert len(faults(log.files())) == 1_000


def test_only_plain_files_inside_the_folder_are_read(files: Files, tmp_path: Path, log: MadeLog) -> None:
    copy = unpacked(files, tmp_path / "copy")
    name = f"bodies/{log.entries[2]['body_sha256']}"
    outside = tmp_path / "outside"
    (copy / name).rename(outside)
    for make in (
        lambda path: path.symlink_to(outside),
        lambda path: path.symlink_to("/dev/zero"),
        os.mkfifo,
        Path.mkdir,
    ):
        make(copy / name)
        done = Check(lambda: Copy(str(copy)), [], []).run()
        assert [fault for fault in done.faults if "not a plain file" in fault], done.faults
        (copy / name).rmdir() if (copy / name).is_dir() else (copy / name).unlink()
    (copy / "bodies").rename(tmp_path / "moved")
    (copy / "bodies").symlink_to(tmp_path / "moved")
    assert Check(lambda: Copy(str(copy)), [], []).run().faults


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "bodies/../../secret", "..", "bodies/./x", "\0"])
def test_no_name_leads_out_of_the_copy(name: str, files: Files, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    copy = Copy(str(unpacked(files, tmp_path / "copy")))
    with pytest.raises(ValueError, match=r"not there|null"):
        copy.read(name)


def test_a_file_that_unpacks_without_end_is_a_fault(files: Files, tmp_path: Path, log: MadeLog) -> None:
    bomb = {**files, f"bodies/{log.entries[2]['body_sha256']}": b" " * (40 << 20)}
    done = Check(lambda: Copy(str(zipped(bomb, tmp_path / "copy.zip"))), [], []).run()
    assert [fault for fault in done.faults if fault.endswith("too large")]


def test_two_files_of_one_name_in_a_zip_are_a_fault(files: Files, tmp_path: Path) -> None:
    path = zipped(files, tmp_path / "copy.zip")
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as bundle:
        bundle.writestr("checkpoint", files["checkpoint"])
    found = Check(lambda: Copy(str(path)), [], []).run().faults
    assert found == ["copy: two files in the zip have the same name"]


def test_a_damaged_zip_never_crashes_it(files: Files, tmp_path: Path) -> None:
    whole = zipped(files, tmp_path / "copy.zip").read_bytes()
    chance = random.Random(8)
    for turn in range(150):
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        (tmp_path / "copy.zip").write_bytes(
            bytes(changed[: chance.randrange(len(whole))]) if turn % 5 == 0 else changed
        )
        done: Any = Check(lambda: Copy(str(tmp_path / "copy.zip")), [], []).run()
        assert turn % 5 or done.faults


def test_the_leaf_hashes_are_those_of_the_standard(log: MadeLog, files: Files) -> None:
    assert files["tile/0/000.p/10"] == b"".join(leaf(entry) for entry in log.encoded())
