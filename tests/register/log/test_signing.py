"""The key file and the log's name: made once, read by its owner alone, and never lost half-way."""

import stat
from pathlib import Path

import pytest

from register.log.note import read_skey
from register.log.signing import (
    DEFAULT_ORIGIN,
    finish_rotation,
    keep_only_newest,
    make_key_file,
    origin_for,
    prepare_rotation,
    read_key_file,
    require_origin,
)
from schemas.errors import InvalidInput, NotFound, Refused
from tests.fakes import SeededRandomness

ORIGIN = "register.example/log"


def test_a_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path, randomness: SeededRandomness) -> None:
    path = tmp_path / "keys" / "log-key"
    signer = make_key_file(path, ORIGIN, randomness)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key_file(path) == (signer,)
    assert read_skey(path.read_text(encoding="ascii")).verifier == signer.verifier
    with pytest.raises(Refused, match="already"):
        make_key_file(path, ORIGIN, randomness)
    assert read_key_file(path) == (signer,)
    assert [one.name for one in path.parent.iterdir()] == ["log-key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666, 0o610])
def test_a_key_that_others_may_read_or_write_is_refused(
    tmp_path: Path, randomness: SeededRandomness, mode: int
) -> None:
    path = tmp_path / "log-key"
    make_key_file(path, ORIGIN, randomness)
    path.chmod(mode)
    with pytest.raises(Refused) as caught:
        read_key_file(path)
    assert f"chmod 600 {path}" in caught.value.advice


@pytest.mark.parametrize("content", [b"", b"\n", b"hello", b"\xff\xfe", b"PRIVATE+KEY+x+00000000+AAAA"])
def test_a_file_that_holds_no_key_is_refused_without_showing_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log-key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(InvalidInput) as caught:
        read_key_file(path)
    assert "AAAA" not in str(caught.value)


def test_keys_of_two_logs_do_not_go_together(tmp_path: Path, randomness: SeededRandomness) -> None:
    path = tmp_path / "log-key"
    lines = [make_key_file(tmp_path / name, name, randomness).skey for name in ("one", "two")]
    path.write_text("\n".join(lines), encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(InvalidInput, match="several logs"):
        read_key_file(path)


def test_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        read_key_file(tmp_path / "log-key")
    assert "GAZETTE_LOG_KEY" in caught.value.advice


def test_a_rotation_takes_place_only_once_the_log_names_its_key(tmp_path: Path, randomness: SeededRandomness) -> None:
    path = tmp_path / "log-key"
    old = make_key_file(path, ORIGIN, randomness)
    new = make_key_file(tmp_path / "other", ORIGIN, randomness)
    prepare_rotation(path, [new, old])
    finish_rotation(path, old.verifier.vkey)  # the log did not come to name it
    assert read_key_file(path) == (old,)
    finish_rotation(path, new.verifier.vkey)
    assert read_key_file(path) == (new, old)
    finish_rotation(path, new.verifier.vkey)  # a second time, with nothing left to do
    assert keep_only_newest(path) == 1
    assert read_key_file(path) == (new,)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {one.name for one in tmp_path.iterdir()} == {"log-key", "other"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://data.example",
        "Data.Example",
        "data example",
        "a+b",
        "/register",
        "register/",
        "a//b",
        "x" * 201,
        "é",
    ],
)
def test_what_cannot_name_a_log(text: str) -> None:
    with pytest.raises(InvalidInput):
        require_origin(text)


def test_the_name_comes_from_what_the_operator_set_and_from_nothing_else() -> None:
    assert origin_for(None) == DEFAULT_ORIGIN == require_origin(DEFAULT_ORIGIN)
    assert origin_for("https://Data.Example/") == "data.example/register"
    assert origin_for("http://clerk:sesame@data.example:8080/gazette") == "data.example:8080/gazette/register"
