"""Every setting there is, read from the environment in this one place."""

import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from schemas.checking import is_web_address
from schemas.errors import InvalidInput

CC_BY_4 = "https://creativecommons.org/licenses/by/4.0/"
DEFAULT_SITE_ADDRESS = "http://127.0.0.1:8000"
SEARCH_ENGINES = ("tantivy", "whoosh", "opensearch")
"""The search engines there are, the default first."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator chose. `data` is the data folder; `database_url` and `search_path` default into it."""

    data: Path
    database_url: str
    search_path: Path
    service_name: str = "Data Gazette"
    publisher: str = "Data Gazette"
    records_licence: str = CC_BY_4
    samples: bool = False
    workers: int = 2
    public_url: str | None = None
    log_key: Path | None = None
    search_engine: str = SEARCH_ENGINES[0]
    search_url: str | None = field(default=None, repr=False)

    @property
    def log_key_path(self) -> Path:
        """Where the key is that signs the register's log: apart from the database, and best on another disk."""
        return self.log_key or self.data / "log-key"

    @property
    def site_address(self) -> str:
        """Where people reach the site, without a slash at its end, as far as a command can know."""
        return self.public_url or DEFAULT_SITE_ADDRESS

    def in_folder(self, data: Path) -> "Settings":
        """The same settings with another data folder, database and index inside it; an index on a server is left."""
        inside = replace(self, data=data, database_url=sqlite_url(data), search_path=data / "search", log_key=None)
        if self.search_url is None:
            return inside
        return replace(inside, search_engine=SEARCH_ENGINES[0], search_url=None)

    @property
    def search_url_shown(self) -> str:
        """The address of the search server as people may see it: without the password."""
        if self.search_url is None:
            return ""
        before, sign, host = self.search_url.rpartition("@")
        return f"{before.partition('://')[0]}://***@{host}" if sign else self.search_url


VARIABLES = {
    "GAZETTE_DATA": "the data folder (default: ./data)",
    "GAZETTE_DATABASE_URL": "the database as an SQLAlchemy address (default: SQLite in the data folder)",
    "GAZETTE_SERVICE_NAME": "the name in the header of every page (default: Data Gazette)",
    "GAZETTE_PUBLISHER": "the body that publishes the catalogue, as exports name it (default: the name of the service)",
    "GAZETTE_RECORDS_LICENCE": "the licence of the records, as an address (default: CC BY 4.0)",
    "GAZETTE_WORKERS": "how many web workers `gazette serve` starts (default: 2)",
    "GAZETTE_PUBLIC_URL": "where people reach the site, as an address (default: http://127.0.0.1:8000)",
    "GAZETTE_LOG_KEY": "the file with the key that signs the register’s log (default: log-key in the data folder)",
    "GAZETTE_SEARCH_ENGINE": "the search engine: tantivy, whoosh (no native library) or opensearch (default: tantivy)",
    "GAZETTE_SEARCH_URL": "the OpenSearch server and index, as an address that may hold account and password",
    "GAZETTE_SERVER": "the server that commands work on instead of the data folder, as an address",
    "GAZETTE_TOKEN": "the access token of a program that works on a server; never shown",
}
"""Every variable that is read, with its meaning; `gazette settings` and the documentation list it."""


def read_settings(environ: Mapping[str, str], data: Path | None = None) -> Settings:
    """The settings of an environment; `data` (from `--data`) goes before `GAZETTE_DATA`.

    Raises InvalidInput naming the variable that cannot be read.
    """
    folder = _folder(data or Path(environ.get("GAZETTE_DATA") or "data"))
    engine = _one_of(environ, "GAZETTE_SEARCH_ENGINE", SEARCH_ENGINES)
    service_name = environ.get("GAZETTE_SERVICE_NAME") or "Data Gazette"
    return Settings(
        data=folder,
        database_url=environ.get("GAZETTE_DATABASE_URL") or sqlite_url(folder),
        search_path=folder / "search",
        service_name=service_name,
        publisher=environ.get("GAZETTE_PUBLISHER") or service_name,
        records_licence=_address(environ, "GAZETTE_RECORDS_LICENCE", CC_BY_4),
        workers=_positive(environ, "GAZETTE_WORKERS", 2),
        public_url=_address(environ, "GAZETTE_PUBLIC_URL", "").rstrip("/") or None,
        log_key=_folder(Path(environ["GAZETTE_LOG_KEY"])) if environ.get("GAZETTE_LOG_KEY") else None,
        search_engine=engine,
        search_url=_search_url(environ) if engine == "opensearch" else None,
    )


def sqlite_url(folder: Path) -> str:
    """The address of the database file in a data folder."""
    # An address gives a meaning to % and ?, which may stand in the name of a folder.
    return "sqlite:///" + urllib.parse.quote(str(folder / "gazette.db"), safe="/ :\\")


def _folder(path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        raise InvalidInput(
            f"“{path}” (GAZETTE_DATA, GAZETTE_LOG_KEY or --data) begins with ~ and a name that is no account here.",
            "Write the whole path.",
        ) from None


def _address(environ: Mapping[str, str], name: str, default: str) -> str:
    text = environ.get(name) or default
    if text and not is_web_address(text):
        raise InvalidInput(f"{name} is “{text}”.", "Give a whole address that begins with http:// or https://.")
    return text


def _search_url(environ: Mapping[str, str]) -> str:
    """The address of the search server. No message repeats it: there may be a password in it."""
    text = environ.get("GAZETTE_SEARCH_URL", "")
    if not text.startswith(("http://", "https://")):
        raise InvalidInput(
            f"GAZETTE_SEARCH_URL {'is no address' if text else 'is not set'}; the search engine opensearch needs it.",
            "Give an address such as https://account:password@search.example.org:9200/data-gazette.",
        )
    return text


def _one_of(environ: Mapping[str, str], name: str, choices: Sequence[str]) -> str:
    text = environ.get(name) or choices[0]
    if text not in choices:
        raise InvalidInput(f"{name} is “{text}”.", f"Choose from {', '.join(choices)}.")
    return text


def _positive(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and 1 <= len(text.lstrip("0")) <= 4):
        raise InvalidInput(f"{name} is “{text}”.", "Give a whole number from 1 to 9999.")
    return int(text)
