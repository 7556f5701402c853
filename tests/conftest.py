"""What every test may ask for.

The rule: a test takes the smallest thing that can prove its point. Pure functions take nothing; services take
`database` (both engines) or `sqlite_database` (where the engine cannot matter); commands take `invoke`, and `gazette`
only where the process itself is the point; pages take `chromium`. Nothing is mocked that can be run.
"""

import compileall
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, sync_playwright

from cli import main
from schemas.database.engine import Database, open_database
from schemas.database.upgrade import upgrade
from schemas.settings import VARIABLES, sqlite_url
from tests.fakes import CountingIds, FakeClock, SeededRandomness
from tests.services import opensearch as opensearch_service
from tests.services import postgres as postgres_service
from tests.services.chromium import ARGUMENTS, chromium_path
from tests.services.commands import ROOT, Gazette, Invoke, end
from tests.services.need import Need, lacking
from tests.services.postgres import PostgresMissing, PostgresServer
from tests.services.shared import SharedFolder, new_shared_folder
from tests.services.summary import not_run

pytest_plugins = ["pytester"]

SHARED = pytest.StashKey[SharedFolder]()
OPERATORS_DATABASE = pytest.StashKey[str]()

# The suite tries the same cases in every run, so that it fails only when the code changed; `make test-long` looks
# further.
hypothesis.settings.register_profile("suite", deadline=None, print_blob=True, derandomize=True)
hypothesis.settings.register_profile("long", deadline=None, print_blob=True, max_examples=2_000)
hypothesis.settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Begin a run: its shared folder, and an environment without the operator's own settings."""
    workerinput: dict[str, str] | None = getattr(config, "workerinput", None)
    if workerinput is None:
        config.stash[SHARED] = new_shared_folder()
        _compile_sources()
        address = os.environ.get("GAZETTE_DATABASE_URL", "")
        config.stash[OPERATORS_DATABASE] = address if postgres_service.is_postgres(address) else ""
        if os.environ.get("GAZETTE_SEARCH_URL"):
            opensearch_service.use_operators(config.stash[SHARED], os.environ["GAZETTE_SEARCH_URL"])
    else:
        config.stash[SHARED] = SharedFolder(Path(workerinput["gazette_shared"]))
        config.stash[OPERATORS_DATABASE] = workerinput["gazette_operators_database"]
    for variable in VARIABLES:
        os.environ.pop(variable, None)
    os.environ[opensearch_service.SHARED] = str(config.stash[SHARED].path)


def _compile_sources() -> None:
    """Leave bytecode beside the sources: every command that a test starts would else compile all of them again."""
    for package in ("catalogue", "register", "schemas", "web"):
        compileall.compile_dir(ROOT / package, quiet=2)
    compileall.compile_file(ROOT / "cli.py", quiet=2)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of this run where the shared folder is."""
    node.workerinput["gazette_shared"] = str(node.config.stash[SHARED].path)
    node.workerinput["gazette_operators_database"] = node.config.stash[OPERATORS_DATABASE]


def pytest_unconfigure(config: pytest.Config) -> None:
    """End a run: stop what it started, and leave nothing behind."""
    if hasattr(config, "workerinput") or SHARED not in config.stash:
        return
    shared = config.stash[SHARED]
    with shared.locked("postgres") as folder:
        if config.stash[OPERATORS_DATABASE] and (folder / "template").exists():
            server = postgres_service.server_at(config.stash[OPERATORS_DATABASE])
            server.drop_all(f"gazette_{shared.name}_")
        postgres_service.stop(folder)
    opensearch_service.stop(shared)
    shutil.rmtree(shared.path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that the workers end together (with xdist’s --no-loadscope-reorder)."""
    items.sort(key=lambda item: item.get_closest_marker("heavy") is None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each suite that could not run here, and why."""
    lines = not_run(terminalreporter.stats.get("skipped", []))
    if lines:
        terminalreporter.section("not run on this machine", yellow=True)
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until the test moves it."""
    return FakeClock()


@pytest.fixture
def ids() -> CountingIds:
    """Identifiers in order, from 1."""
    return CountingIds()


@pytest.fixture
def randomness() -> SeededRandomness:
    """The same random bytes in every run."""
    return SeededRandomness()


@pytest.fixture(scope="session")
def shared(pytestconfig: pytest.Config) -> SharedFolder:
    """The folder that all workers of this run share."""
    return pytestconfig.stash[SHARED]


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config, shared: SharedFolder) -> PostgresServer:
    """A PostgreSQL server to make databases on: the operator's (GAZETTE_DATABASE_URL), else a cluster of this run."""
    try:
        if pytestconfig.stash[OPERATORS_DATABASE]:
            return postgres_service.server_at(pytestconfig.stash[OPERATORS_DATABASE])
        with shared.locked("postgres") as folder:
            return postgres_service.server_in(folder)
    except PostgresMissing as missing:
        lacking(Need.POSTGRES, str(missing))


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer, shared: SharedFolder) -> str:
    """The name of a database with every migration applied, which tests copy."""
    name = f"gazette_{shared.name}_template"
    with shared.locked("postgres") as folder:
        if not (folder / "template").exists():
            with closing(open_database(postgres.create(name))) as database:
                upgrade(database)
            (folder / "template").touch()
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every migration applied, which tests copy."""
    folder = tmp_path_factory.mktemp("template")
    with closing(open_database(sqlite_url(folder))) as database:
        upgrade(database)
    return folder / "gazette.db"


@pytest.fixture(scope="session")
def postgres_names(shared: SharedFolder) -> Iterator[str]:
    """Names of databases that no other worker of this run gives."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return (f"gazette_{shared.name}_{worker}_{number}" for number in count(1))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Which database engine the test runs on: each in turn."""
    name: str = request.param
    return name


@pytest.fixture
def empty_database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it, on each engine in turn."""
    if engine_name == "sqlite":
        yield sqlite_url(tmp_path / "database")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name: str = next(request.getfixturevalue("postgres_names"))
    yield server.create(name)
    server.drop(name)


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with every migration applied, on each engine in turn."""
    if engine_name == "sqlite":
        yield _sqlite_copy(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    template: str = request.getfixturevalue("postgres_template")
    name: str = next(request.getfixturevalue("postgres_names"))
    yield server.create(name, template)
    server.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database, on each engine in turn."""
    with closing(open_database(database_url)) as opened:
        yield opened


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A fresh, migrated SQLite database, for tests to which the engine cannot matter."""
    with closing(open_database(_sqlite_copy(sqlite_template, tmp_path))) as opened:
        yield opened


def _sqlite_copy(template: Path, tmp_path: Path) -> str:
    folder = tmp_path / "database"
    folder.mkdir()
    shutil.copyfile(template, folder / template.name)
    return sqlite_url(folder)


@pytest.fixture(scope="session")
def trial_data() -> Path:
    """The folder of real trial files."""
    chosen = os.environ.get("GAZETTE_TEST_DATA")
    if not chosen:
        lacking(Need.DATA, "GAZETTE_TEST_DATA is not set, so there are no real trial files to read.")
    folder = Path(chosen).absolute()
    if not folder.is_dir():
        lacking(Need.DATA, f"GAZETTE_TEST_DATA names a folder that is not there: {folder}")
    return folder


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The text of axe-core, to be run in a page with `page.evaluate`: `make assets` puts it under tests/vendor."""
    return (ROOT / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium. Each test opens contexts or pages of its own, and closes them."""
    path = chromium_path()
    if path is None:
        lacking(Need.BROWSER, "Chromium is not installed; GAZETTE_TEST_CHROMIUM may name one elsewhere.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """Where the data folder of `invoke` and `gazette` will be: nothing is there yet."""
    return tmp_path / "data"


@pytest.fixture
def invoke(data_folder: Path) -> Invoke:
    """Runs a command in this process: `invoke("organisations", "list")`."""
    return Invoke(main, data_folder, CliRunner())


@pytest.fixture(scope="session")
def made_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `gazette init` leaves it, which tests copy: to make one takes ten times as long."""
    folder = tmp_path_factory.mktemp("made") / "data"
    assert Invoke(main, folder, CliRunner())("init").code == 0
    return folder


@pytest.fixture
def ready(invoke: Invoke, made_folder: Path) -> Invoke:
    """Runs a command in this process, on a data folder that is made."""
    shutil.copytree(made_folder, invoke.data, symlinks=True)
    return invoke


@pytest.fixture
def gazette(data_folder: Path, tmp_path: Path) -> Gazette:
    """Runs a command as a separate program: `gazette("organisations", "list")`."""
    return Gazette(data_folder, tmp_path)


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[str]]]:
    """Append what `gazette.start` gives: whatever still runs at the end of the test is ended."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        end(process)
