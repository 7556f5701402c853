"""Officials at their own machines: a data folder and a configuration of their own each, and one server between them."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from click.testing import CliRunner

from catalogue.search.tantivy_engine import TantivyPlace
from cli import main
from schemas.clock import system_clock
from schemas.database.engine import open_database
from schemas.settings import Settings, sqlite_url
from tests.services.commands import Invoke, Outcome
from tests.serving import served_on_loopback
from web.app import create_app
from web.client.device_flow import Pairing, begin_pairing
from web.client.http import HttpClient

BODIES = """name,slug
Example Revenue Agency,example-revenue-agency
Example City Council,example-city-council
Example Data Services Agency,example-data-services
"""


@dataclass
class Server:
    """A register with a server in front of it, and its administrator at the machine."""

    administrator: Invoke
    address: str
    codes: list[str] = field(default_factory=list)

    def official(self, name: str, organisation: str, folder: Path) -> "Official":
        """An account for an official, who then sits at a machine of their own."""
        added = self.administrator(
            "accounts", "add", name, "--organisation", organisation, "--role", "editor", "--role", "approver"
        )
        assert added.code == 0, added.stderr
        return Official(self, name, Invoke(main, folder / "data", CliRunner()), folder)

    def approve(self, name: str) -> None:
        """What an official does in the browser: open the address, sign in, type the code, approve the device."""
        linked = self.administrator("accounts", "link", name, environ={"GAZETTE_PUBLIC_URL": self.address})
        with requests.Session() as browser:
            page = browser.get(linked.stdout.strip(), timeout=30).text
            browser.post(f"{self.address}/sign-in", data=_hidden(page), timeout=30)
            page = browser.get(f"{self.address}/device", timeout=30).text
            sent = _hidden(page) | {"user_code": self.codes[-1]}
            page = browser.post(f"{self.address}/device", data=sent, timeout=30).text
            sent = _hidden(page) | {"answer": "approve"}
            assert "Device approved" in browser.post(f"{self.address}/device/answer", data=sent, timeout=30).text


@dataclass
class Official:
    """Somebody at a terminal, signed in on the server once they have run `gazette login`."""

    server: Server
    name: str
    invoke: Invoke
    folder: Path

    def run(self, *arguments: str | Path, stdin: str = "") -> Outcome:
        environ = {"XDG_CONFIG_HOME": str(self.folder / "config"), "GAZETTE_SERVER": self.server.address}
        return self.invoke(*arguments, stdin=stdin, environ=environ)

    def does(self, *arguments: str | Path) -> str:
        """What a command that must work prints."""
        ended = self.run(*arguments)
        assert ended.code == 0, ended.stdout + ended.stderr
        return ended.stdout


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


@contextmanager
def serving(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A register with three bodies, served; whoever logs in finds that the browser's part is done while they wait."""
    administrator = Invoke(main, folder / "register", CliRunner())
    (folder / "bodies.csv").write_text(BODIES, encoding="utf-8")
    assert administrator("init").code == 0
    assert administrator("organisations", "import", folder / "bodies.csv", "--from", "csv").code == 0
    settings = Settings(folder / "register", sqlite_url(folder / "register"), folder / "register" / "search")
    with (
        closing(open_database(settings.database_url)) as database,
        served_on_loopback(
            create_app(settings, database, TantivyPlace(settings.search_path).reader, system_clock)
        ) as address,
    ):
        server = Server(administrator, address)

        def ask(client: HttpClient, device_name: str) -> Pairing:
            pairing = begin_pairing(client, device_name)
            server.codes.append(pairing.user_code)
            return pairing

        waited: list[float] = []
        monkeypatch.setattr("web.client.credentials.system_keyring", lambda: None)
        monkeypatch.setattr("web.commands.signing_in.begin_pairing", ask)
        monkeypatch.setattr("web.commands.signing_in.time", SimpleNamespace(sleep=waited.append))
        yield server
