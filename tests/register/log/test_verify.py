"""The stand-alone check finds a good copy good, knows who signed it, and compares it with an older checkpoint."""

import ast
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from register.log import verify
from tests.register.log.checking import VERIFY, Files, checked, faults, run
from tests.register.log.copies import (
    ORIGIN,
    MadeLog,
    SigningKey,
    small_log,
    unpacked,
    zipped,
)


@pytest.fixture
def log() -> MadeLog:
    return small_log()


@pytest.fixture
def files(log: MadeLog) -> Files:
    return log.files()


# --- good copies


def test_a_good_copy_has_no_fault(log: MadeLog, files: Files) -> None:
    done = checked(files, *log.keys)
    assert done.faults == []
    assert done.events == 9
    assert sum((done.blanked & done.declared).values()) == 2


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 700])
def test_logs_of_every_shape_are_found_good(size: int) -> None:
    log = MadeLog()
    for number in range(size):
        log.event(f"dg-{number % 7 + 1}", "confirmed")
    assert faults({**log.files(), "codelists.json": b"{}"}, *log.keys) == []


@pytest.mark.long
def test_a_log_of_three_levels_is_found_good_and_a_changed_tile_of_the_top_is_not() -> None:
    log = MadeLog()
    log.entries = [log.enter("confirmed", agreement="dg-1") for _ in range(65_536 + 300)]
    files = {**log.files(), "codelists.json": b"{}"}
    assert faults(files) == []
    files["tile/2/000.p/1"] = bytes(32)
    assert [fault.split(":")[0] for fault in faults(files)] == ["tile/2/000.p/1"]


def test_it_is_one_short_file_that_imports_nothing_of_ours() -> None:
    lines = VERIFY.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 300
    assert max(map(len, lines)) <= 120
    tree = ast.walk(ast.parse("\n".join(lines)))
    imported = {name.name.split(".")[0] for node in tree if isinstance(node, ast.Import) for name in node.names}
    imported |= {line.split()[1] for line in lines if line.startswith("from ")}
    assert imported > {"hashlib", "typing"}
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("pack", [unpacked, zipped])
def test_it_runs_on_a_bare_python(
    log: MadeLog, files: Files, tmp_path: Path, pack: Callable[[Files, Path], Path]
) -> None:
    copy = pack(files, tmp_path / "copy")
    key = tmp_path / "key"
    key.write_text(f"{log.keys[0].line}\n", encoding="utf-8")
    code, out, err = run(VERIFY, copy)
    assert (code, err) == (0, "")
    assert "shows that it is whole, not who made it" in out
    assert out.splitlines()[-1] == "9 events, 2 agreements, 0 altered, 2 values blanked as declared"
    code, out, _ = run(VERIFY, copy, "--key", key)
    assert code == 0
    assert "not who made it" not in out
    assert "jsonschema" in out  # what it could not check, it says


def test_without_a_path_it_checks_the_folder_it_lies_in(files: Files, tmp_path: Path) -> None:
    unpacked({**files, "verify.py": VERIFY.read_bytes()}, tmp_path / "copy")
    code, out, _ = run(tmp_path / "copy" / "verify.py", cwd=tmp_path)
    assert (code, out.splitlines()[-1].split(",")[0]) == (0, "9 events")


def test_a_fault_is_exit_code_1_and_misuse_2(files: Files, tmp_path: Path) -> None:
    copy = unpacked({**files, "codelists/theme.csv": b"code\n"}, tmp_path / "copy")
    code, out, _ = run(VERIFY, copy)
    assert code == 1
    assert "ALTERED  codelists/theme.csv" in out
    (tmp_path / "empty").write_text("", encoding="utf-8")
    for wrong in (
        ["nowhere"],
        [copy, "--key", "nowhere"],
        [copy, "--key", tmp_path / "empty"],
        [copy, "--since", "no"],
    ):
        assert run(VERIFY, *wrong)[0] == 2


# --- signatures


def plainly(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        return verify.is_signed(public, signature, message)
    except ValueError:
        return False


def test_the_plain_python_agrees_with_cryptography() -> None:
    chance = random.Random(5)
    for length in (0, 300):
        key, message = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)), chance.randbytes(length)
        public, signature = key.public_key().public_bytes_raw(), key.sign(message)
        assert plainly(public, signature, message)
        assert not plainly(public, signature, message + b"!")
        for place in (0, 31, 32, 63):
            changed = bytearray(signature)
            changed[place] ^= 1
            assert not plainly(public, bytes(changed), message)
        assert not plainly(public[::-1], signature, message)
        beyond = int.from_bytes(signature[32:], "little") + verify.ORDER  # the same number, in another spelling
        assert not plainly(public, signature[:32] + beyond.to_bytes(32, "little"), message)


def test_the_known_answer_of_rfc_8032() -> None:
    public = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
    signature = bytes.fromhex(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )
    assert verify.is_signed(public, signature, bytes.fromhex("af82"))


@pytest.mark.parametrize("with_library", [True, False])
def test_a_checkpoint_of_another_key_is_refused(
    files: Files, log: MadeLog, monkeypatch: pytest.MonkeyPatch, *, with_library: bool
) -> None:
    if not with_library:
        monkeypatch.setattr(verify, "library", None)
    stranger = SigningKey("a stranger")
    assert faults(files, *log.keys) == []
    assert faults(files, stranger) == ["checkpoint: not signed by the key you gave"]
    forged = {**files, "checkpoint": log.checkpoint(None, stranger)}
    assert faults(forged) == ["checkpoint: not signed by the newest key in the copy"]
    # a copy that brings a stranger's key along is whole, and yet not of the register whose key is known
    forged["key"] = f"{stranger.line}\n".encode()
    assert faults(forged) == []
    assert faults(forged, *log.keys) == ["checkpoint: not signed by the key you gave"]


def test_a_key_of_another_name_does_not_sign_for_this_log(log: MadeLog, files: Files) -> None:
    other = SigningKey(name="other.example/log")
    files |= {"checkpoint": log.checkpoint(None, other), "key": f"{other.line}\n".encode()}
    assert faults(files) == ["checkpoint: not signed by the newest key in the copy"]


def test_a_new_key_is_taken_where_the_old_one_vouches_for_it(log: MadeLog) -> None:
    first = log.keys[0]
    log.rotate("second")
    log.event("dg-2", "confirmed")
    third = log.rotate("third")
    files = log.files()
    assert faults(files) == faults(files, first) == faults(files, third) == []
    assert faults({**files, "checkpoint": log.checkpoint(None, first)}, first) != []  # an old key signs no more
    swapped = b"".join(reversed(files["key"].splitlines(keepends=True)))
    assert any(fault.startswith("key: ") for fault in faults({**files, "key": swapped}))


def test_a_new_key_that_nobody_vouched_for_is_not_taken_from_the_old_one(log: MadeLog) -> None:
    first = log.keys[0]
    second = log.rotate("second", vouched=False)
    files = log.files()
    assert faults(files, first) == ["checkpoint: not signed by the key you gave"]
    assert faults(files, second) == faults(files) == []


def test_a_stranger_cannot_rotate_the_key(log: MadeLog) -> None:
    first, stranger = log.keys[0], SigningKey("a stranger")
    log.enter("key-rotated", key=stranger.line, signature=stranger.signature(f"key-rotated\n{stranger.line}\n"))
    log.keys.insert(0, stranger)
    found = faults(log.files(), first)
    assert found == [
        "key: entry 10 names a new key, and the key before it did not sign that",
        "checkpoint: not signed by the key you gave",
    ]


# --- with an older checkpoint


def test_a_log_that_grew_is_consistent_with_every_checkpoint_before(log: MadeLog) -> None:
    for _ in range(300):
        log.event("dg-2", "confirmed")
    files = log.files()
    for size in [*range(12), 255, 256, 257, 309, 310]:
        assert faults(files, *log.keys, since=log.checkpoint(size)) == []


def test_a_shorter_tree_signed_again_is_found(log: MadeLog) -> None:
    since = log.checkpoint()
    log.entries = log.entries[:7]
    found = faults(log.files(), *log.keys, since=since)
    assert "older checkpoint: its 10 entries are not the first of the 7 here" in found


def test_a_fork_is_found(log: MadeLog) -> None:
    other = small_log()
    other.event("dg-2", "confirmed")
    log.event("dg-1", "confirmed")
    assert faults(log.files(), *log.keys) == []
    told = ["older checkpoint: its 11 entries are not the first of the 11 here"]
    assert faults(log.files(), *log.keys, since=other.checkpoint()) == told


def test_an_entry_rewritten_and_signed_again_is_found(log: MadeLog) -> None:
    since = log.checkpoint()
    log.entries[4]["actor_org"] = "ministry-of-bridges"
    log.event("dg-2", "confirmed")
    assert faults(log.files(), *log.keys) == []
    told = ["older checkpoint: its 10 entries are not the first of the 11 here"]
    assert faults(log.files(), *log.keys, since=since) == told


def test_an_older_checkpoint_must_be_signed_and_of_this_log(log: MadeLog, files: Files) -> None:
    assert "older checkpoint: not a signed checkpoint" in faults(files, since=b"nonsense")
    forged = log.checkpoint(3, SigningKey("a stranger"))
    assert any("not signed by a key of this log" in fault for fault in faults(files, *log.keys, since=forged))
    other = log.checkpoint(3).replace(ORIGIN.encode(), b"other.example/log")
    assert any("of other.example/log" in fault for fault in faults(files, *log.keys, since=other))


def test_an_older_checkpoint_signed_by_the_key_before_still_counts(log: MadeLog) -> None:
    since = log.checkpoint(5)
    log.rotate("second")
    assert faults(log.files(), *log.keys, since=since) == []
