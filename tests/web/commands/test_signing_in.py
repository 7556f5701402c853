"""`gazette login`, `whoami` and `logout` on a server that is really there, and a person at a browser."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

from catalogue.search.tantivy_engine import TantivyPlace
from schemas.clock import system_clock
from schemas.database.engine import open_database
from schemas.settings import Settings, sqlite_url
from tests.fakes import FakeClock
from tests.services.commands import Invoke, Outcome
from tests.serving import served_on_loopback
from web.app import create_app
from web.client.device_flow import Pairing, begin_pairing
from web.client.http import HttpClient


@dataclass
class Person:
    """Somebody at a browser, on a served data folder, with a terminal whose waiting is the server's time."""

    invoke: Invoke
    address: str
    clock: FakeClock
    environ: dict[str, str]
    waiting: list[Callable[[], None]]
    code: str = ""

    def run(self, *arguments: str | Path, **environ: str) -> Outcome:
        return self.invoke(*arguments, environ=self.environ | environ)

    def wait(self, seconds: float) -> None:
        """What the terminal does between two questions: time goes by, and the person does the next thing."""
        self.clock.advance(seconds=seconds)
        if self.waiting:
            self.waiting.pop(0)()

    def answer(self, answer: str) -> None:
        """Sign in with a new address, type the code of the newest device, and answer."""
        with requests.Session() as browser:
            linked = self.run("accounts", "link", "rivers-team", GAZETTE_PUBLIC_URL=self.address).stdout.strip()
            page = browser.get(linked).text
            page = browser.post(f"{self.address}/sign-in", data=_hidden(page)).text
            assert "Your account" in page
            code = self.code
            page = browser.get(f"{self.address}/device").text
            page = browser.post(f"{self.address}/device", data=_hidden(page) | {"user_code": code}).text
            page = browser.post(f"{self.address}/device/answer", data=_hidden(page) | {"answer": answer}).text
            assert "Device approved" in page or "Device refused" in page


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


@pytest.fixture
def person(ready: Invoke, data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    (tmp_path / "bodies.csv").write_text("name,slug\nMinistry of Rivers,ministry-of-rivers\n", encoding="utf-8")
    ready("organisations", "import", tmp_path / "bodies.csv", "--from", "csv")
    ready(*"accounts add rivers-team --organisation ministry-of-rivers --role editor --role approver".split())
    clock = FakeClock(system_clock())
    settings = Settings(data_folder, sqlite_url(data_folder), data_folder / "search")
    with (
        closing(open_database(settings.database_url)) as database,
        served_on_loopback(create_app(settings, database, TantivyPlace(settings.search_path).reader, clock)) as address,
    ):
        environ = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
        made = Person(ready, address, clock, environ, [])
        monkeypatch.setattr("web.client.credentials.system_keyring", lambda: None)
        monkeypatch.setattr("web.commands.signing_in.time", SimpleNamespace(sleep=made.wait))
        monkeypatch.setattr("web.commands.signing_in.begin_pairing", _reading(made))
        yield made


def _reading(person: Person) -> Callable[[HttpClient, str], Pairing]:
    """Asks for a code as ever; the person reads it off the screen."""

    def ask(client: HttpClient, device_name: str) -> Pairing:
        pairing = begin_pairing(client, device_name)
        person.code = pairing.user_code
        return pairing

    return ask


def credentials(person: Person) -> Path:
    return Path(person.environ["XDG_CONFIG_HOME"]) / "data-gazette" / "credentials.json"


def test_a_device_signs_in_knows_who_it_is_and_signs_out(person: Person) -> None:
    person.waiting = [lambda: None, lambda: person.answer("approve")]
    ended = person.run("login", "--server", person.address + "/", "--name", "desk 4")
    assert ended.code == 0, ended.stderr
    assert f"Open {person.address}/device\n" in ended.stdout
    assert f"code {person.code}\n" in ended.stdout
    assert re.fullmatch(r"[B-Z]{4}-[B-Z]{4}", person.code)
    assert f"signed in on {person.address}" in ended.stdout
    assert str(credentials(person)) in ended.stderr
    token = re.search(r"dgz_\w+", credentials(person).read_text(encoding="utf-8"))
    assert token is not None
    assert token[0] not in ended.stdout + ended.stderr

    shown = person.run("whoami", "--server", person.address)
    assert shown.code == 0, shown.stderr
    for expected in ("rivers-team", "Ministry of Rivers (ministry-of-rivers)", "approver, editor", person.address):
        assert expected in shown.stdout
    assert person.run("whoami", GAZETTE_SERVER=person.address).stdout == shown.stdout
    assert '"kind": "device"' in person.run("accounts", "list", "--tokens", "--format", "json").stdout

    left = person.run("logout", "--server", person.address)
    assert (left.code, "signed out" in left.stdout) == (0, True)
    assert "dgz_" not in credentials(person).read_text(encoding="utf-8")
    assert '"state": "revoked"' in person.run("accounts", "list", "--tokens", "--format", "json").stdout
    assert "not signed in" in person.run("logout", "--server", person.address).stdout
    refused = person.run("whoami", "--server", person.address)
    assert refused.code == 1
    assert f"gazette login --server {person.address}" in refused.stderr
    given = person.run("whoami", "--server", person.address, GAZETTE_TOKEN=token[0])
    assert given.code == 1
    assert "revoked" in given.stderr


def test_a_second_login_ends_the_token_of_the_first(person: Person) -> None:
    for _ in range(2):
        person.waiting = [lambda: person.answer("approve")]
        assert person.run("login", "--server", person.address).code == 0
    states = re.findall(r'"state": "([^"]+)"', person.run("accounts", "list", "--tokens", "--format", "json").stdout)
    assert sorted(states) == ["in force", "revoked"]
    assert person.run("whoami", "--server", person.address).code == 0


def test_who_refuses_on_the_page_is_told_in_the_terminal(person: Person) -> None:
    person.waiting = [lambda: person.answer("refuse")]
    ended = person.run("login", "--server", person.address)
    assert ended.code == 1
    assert "refused on the page" in ended.stderr
    assert not credentials(person).exists()


def test_who_never_answers_is_told_after_fifteen_minutes(person: Person) -> None:
    began = person.clock.now
    ended = person.run("login", "--server", person.address)
    assert ended.code == 1
    assert "Nobody approved this device in time" in ended.stderr
    assert (person.clock.now - began).total_seconds() <= 16 * 60


def test_a_program_brings_its_token_in_a_variable_or_a_file(person: Person, tmp_path: Path) -> None:
    token = person.run("accounts", "token", "rivers-team", "--scope", "editor").stdout
    path = tmp_path / "token"
    path.write_text(token, encoding="utf-8")
    by_file = person.run("whoami", "--server", person.address, "--token-file", path, "--format", "json")
    by_variable = person.run("whoami", "--server", person.address, "--format", "json", GAZETTE_TOKEN=token.strip())
    assert by_file.code == by_variable.code == 0, by_file.stderr
    assert by_file.stdout == by_variable.stdout
    assert '"editor"' in by_file.stdout
    assert '"approver"' not in by_file.stdout
    assert person.run("whoami", "--server", person.address, "--token-file", tmp_path / "none").code == 2


def test_on_the_data_folder_one_is_whom_one_says(person: Person) -> None:
    mine = person.run("whoami", "--as", "rivers-team")
    assert mine.code == 0, mine.stderr
    assert "Ministry of Rivers (ministry-of-rivers)" in mine.stdout
    assert "Data folder" in mine.stdout
    nobody = person.run("whoami")
    assert "whoever can write to the data folder" in nobody.stdout
    assert person.run("whoami", "--as", "river-team").code == 3


@pytest.mark.parametrize("command", ["login", "logout", "whoami"])
def test_a_server_that_is_none_or_not_encrypted(person: Person, command: str) -> None:
    refused = person.run(command, "--server", "http://register.example")
    assert refused.code == 1
    assert "not encrypted" in refused.stderr
    assert person.run(command, "--server", "register.example").code == 4
    if command != "whoami":
        assert "--server" in person.run(command).stderr
        assert person.run(command).code == 1


def test_a_server_that_is_away(person: Person) -> None:
    token = person.run("accounts", "token", "rivers-team").stdout.strip()
    away = "http://127.0.0.1:9"
    credentials(person).parent.mkdir(parents=True)
    credentials(person).touch(mode=0o600)
    credentials(person).write_text(f'{{"tokens": {{"{away}": "{token}"}}}}', encoding="utf-8")
    assert person.run("login", "--server", away).code == 5
    assert person.run("whoami", "--server", away).code == 5
    left = person.run("logout", "--server", away)
    assert left.code == 5
    assert "could not be told" in left.stderr
    assert token not in credentials(person).read_text(encoding="utf-8")
