"""Where tokens lie: the keyring where one works, else a file for one pair of eyes."""

import json
import os
import stat
from pathlib import Path

import keyring.errors
import pytest

from schemas.errors import InvalidInput, NotFound, Refused
from web.client.credentials import Credentials, Keyring, read_token, system_keyring

SERVER = "https://register.example"


@pytest.fixture(autouse=True)
def _no_keyring_of_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.client.credentials.system_keyring", lambda: None)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path)}


class Ring:
    """A keyring in memory; `broken` ones fail, `forgetful` ones keep nothing and do not say so."""

    def __init__(self, *, broken: bool = False, forgetful: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.broken, self.forgetful = broken, forgetful

    def get_password(self, service_name: str, username: str) -> str | None:
        if self.broken:
            raise keyring.errors.KeyringLocked
        return self.kept.get((service_name, username))

    def set_password(self, service_name: str, username: str, password: str) -> None:
        if self.broken:
            raise keyring.errors.NoKeyringError
        if not self.forgetful:
            self.kept[service_name, username] = password

    def delete_password(self, service_name: str, username: str) -> None:
        if self.broken or (service_name, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError
        del self.kept[service_name, username]


def test_a_file_is_for_its_owner_alone_and_holds_a_token_for_each_server(environ: dict[str, str]) -> None:
    credentials = Credentials(environ)
    assert credentials.token(SERVER) is None
    assert not credentials.path.parent.exists()
    where = credentials.keep(SERVER, "dgz_one")
    credentials.keep("http://localhost:8000/", "dgz_two")
    assert where == str(credentials.path) == f"{environ['XDG_CONFIG_HOME']}/data-gazette/credentials.json"
    assert stat.S_IMODE(credentials.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(credentials.path.parent.stat().st_mode) == 0o700
    again = Credentials(environ)
    assert (again.token(SERVER + "/"), again.token("http://localhost:8000")) == ("dgz_one", "dgz_two")
    again.forget(SERVER)
    again.forget(SERVER)
    assert (again.token(SERVER), again.token("http://localhost:8000")) == (None, "dgz_two")
    assert [path.name for path in credentials.path.parent.iterdir()] == ["credentials.json"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_can_read_is_refused(environ: dict[str, str], mode: int) -> None:
    credentials = Credentials(environ)
    credentials.keep(SERVER, "dgz_one")
    credentials.path.chmod(mode)
    with pytest.raises(Refused, match="Others") as caught:
        credentials.token(SERVER)
    assert "chmod 600" in caught.value.advice
    with pytest.raises(Refused):
        credentials.keep(SERVER, "dgz_two")


@pytest.mark.parametrize("content", ["", "[]", '{"tokens": []}', '{"tokens": {"a": 1}}', "\x00", "[" * 100_000])
def test_a_file_of_another_kind_is_told(environ: dict[str, str], content: str) -> None:
    credentials = Credentials(environ)
    credentials.keep(SERVER, "dgz_one")
    credentials.path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match="gazette login"):
        credentials.token(SERVER)


@pytest.mark.parametrize("home", ["", "relative/folder"])
def test_without_a_whole_path_it_is_the_home_folder(home: str, tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": home, "HOME": str(tmp_path)}
    assert Credentials(environ).path == tmp_path / ".config" / "data-gazette" / "credentials.json"


def test_a_keyring_that_works_is_used_and_the_file_emptied(environ: dict[str, str]) -> None:
    Credentials(environ).keep(SERVER, "dgz_old")
    ring = Ring()
    credentials = Credentials(environ, ring)
    assert "keyring" in credentials.keep(SERVER, "dgz_new")
    assert ring.kept == {("data-gazette", SERVER): "dgz_new"}
    assert json.loads(credentials.path.read_text(encoding="utf-8")) == {"tokens": {}}
    assert credentials.token(SERVER) == "dgz_new"
    credentials.forget(SERVER)
    assert (ring.kept, credentials.token(SERVER)) == ({}, None)


@pytest.mark.parametrize("ring", [Ring(broken=True), Ring(forgetful=True)], ids=["broken", "forgetful"])
def test_a_keyring_that_fails_leaves_it_to_the_file(environ: dict[str, str], ring: Keyring) -> None:
    credentials = Credentials(environ, ring)
    assert credentials.keep(SERVER, "dgz_one") == str(credentials.path)
    assert credentials.token(SERVER) == "dgz_one"
    credentials.forget(SERVER)
    assert credentials.token(SERVER) is None


@pytest.mark.parametrize(("priority", "used"), [(0, False), (-1, False), (5, True)])
def test_only_a_real_keyring_counts(monkeypatch: pytest.MonkeyPatch, priority: float, used: bool) -> None:
    monkeypatch.undo()
    ring = type("Backend", (), {"priority": priority})()
    monkeypatch.setattr("keyring.get_keyring", lambda: ring)
    assert (system_keyring() is ring) is used


def test_the_file_named_goes_before_the_variable_and_that_before_what_was_kept(
    environ: dict[str, str], tmp_path: Path
) -> None:
    Credentials(environ).keep(SERVER, "dgz_kept")
    path = tmp_path / "token"
    path.write_text("dgz_file\n", encoding="utf-8")
    given = environ | {"GAZETTE_TOKEN": " dgz_given "}
    assert read_token(given, path, SERVER) == "dgz_file"
    assert read_token(given, None, SERVER) == "dgz_given"
    assert read_token(environ, None, SERVER) == "dgz_kept"
    assert read_token(environ, None, "https://other.example") is None


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"two words", b"two\nlines", b"\xff\xfe", "dgz_é".encode(), b"a" * 2_000]
)
def test_what_cannot_be_a_token_is_told_and_never_shown(
    tmp_path: Path, environ: dict[str, str], content: bytes
) -> None:
    path = tmp_path / "token"
    path.write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        read_token(environ, path, SERVER)
    assert str(path) in caught.value.message
    assert "two" not in str(caught.value)


def test_a_variable_that_cannot_be_a_token_is_named(environ: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match="GAZETTE_TOKEN"):
        read_token(environ | {"GAZETTE_TOKEN": "a\r\nX-Evil: 1"}, None, SERVER)


def test_a_token_file_that_is_not_there(environ: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        read_token(environ, tmp_path / "nowhere", SERVER)


def test_a_file_of_another_user_is_refused(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = Credentials(environ)
    credentials.keep(SERVER, "dgz_one")
    monkeypatch.setattr("os.geteuid", lambda: os.getuid() + 1)
    with pytest.raises(Refused):
        credentials.token(SERVER)
