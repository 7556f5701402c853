"""Where a copy of a register may lie: a folder, a zip, a site, the database. All of them read as `verify.Copy` does."""

import hashlib
import ipaddress
import os
import re
import urllib.parse
from collections.abc import Callable, Sequence
from pathlib import Path

from catalogue.harvest.fetch import guarded_session
from register.log.bundle import LogCopy, codelists_file
from register.log.tiles import read_path
from register.log.verify import Checkpoint, Copy
from schemas.errors import InvalidInput, NotFound, Unreachable

Fetch = Callable[[str], bytes | None]
"""Gives what an address answers, None where there is nothing. Raises Unreachable."""

LOG_PATH = "/register/log"
_LIMIT = 1 << 25


class FileCopy(Copy):
    """A folder or a zip."""

    is_live = False

    def names(self, folder: str) -> Sequence[str]:
        """The names of the files in a folder of the copy: of those a reader of a zip is not shown there are none."""
        path = Path(self.root, folder)
        return [] if self.zip or not path.is_dir() or path.resolve() != path else sorted(os.listdir(path))  # noqa: PTH208


class SiteCopy(FileCopy):
    """A site that serves the log. The checkpoint is asked for once: the log may grow meanwhile."""

    is_live = True

    def __init__(self, base: str, fetch: Fetch, checkpoint: bytes) -> None:
        self._base, self._fetch, self._checkpoint = base, fetch, checkpoint

    def read(self, name: str, sha256: str = "", limit: int = _LIMIT) -> bytes:
        """The bytes of a file of the log. Raises ValueError for its fault, Unreachable where the site is none."""
        data = self._checkpoint if name == "checkpoint" else self._fetch(f"{self._base}/{urllib.parse.quote(name)}")
        return _taken(data, sha256, limit)

    def names(self, folder: str) -> Sequence[str]:  # noqa: ARG002
        """A site does not tell what else it holds."""
        return ()


class DatabaseCopy(FileCopy):
    """A log in the database, as it would be served."""

    is_live = True

    def __init__(self, log: LogCopy) -> None:
        self._log = log

    def read(self, name: str, sha256: str = "", limit: int = _LIMIT) -> bytes:
        """The bytes of a file of the log. Raises ValueError for its fault."""
        try:
            data: bytes | None = self._read(name)
        except (KeyError, NotFound):
            data = None
        return _taken(data, sha256, limit)

    def names(self, folder: str) -> Sequence[str]:  # noqa: ARG002
        """There are no files but those that are asked for."""
        return ()

    def _read(self, name: str) -> bytes:
        folder, _, rest = name.partition("/")
        match folder:
            case "checkpoint":
                return self._log.checkpoint.encode()
            case "key":
                return self._log.keys.encode()
            case "codelists.json":
                return codelists_file(self._log)
            case "bodies":
                return self._log.body(rest)
            case "tile":
                tile = read_path(name)
                if tile.level is None:
                    return self._log.entries(tile.n, tile.width)
                return self._log.tile(tile.level, tile.n, tile.width)
            case "codelists":
                return self._log.codelist(rest.removesuffix(".csv"))
            case "schemas":
                return self._log.schema(rest.removeprefix("agreement/").removesuffix(".json"))
        raise KeyError(name)


def _taken(data: bytes | None, sha256: str, limit: int) -> bytes:
    if data is None:
        raise ValueError("not there")
    if len(data) > limit:
        raise ValueError("too large")
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"altered: its SHA-256 is not {sha256}")
    return data


def site_copy(address: str, fetch: Fetch) -> SiteCopy:
    """The log that a site serves: at the address itself, or below it at /register/log.

    Raises Unreachable where there is none.
    """
    base = address.rstrip("/")
    for candidate in dict.fromkeys((base, f"{base.removesuffix(LOG_PATH)}{LOG_PATH}")):
        checkpoint = fetch(f"{candidate}/checkpoint")
        if checkpoint is not None and _is_checkpoint(checkpoint):
            return SiteCopy(candidate, fetch, checkpoint)
    raise Unreachable(
        f"There is no log of a register at {address}.",
        "Name the site (https://data.example.gov.uk) or where the log lies on it; a bundle is to be fetched first.",
    )


def guarded_fetch(address: str) -> Fetch:
    """What fetches from a site and from no other place: over https, or http on this machine itself.

    Raises InvalidInput for another address.
    """
    parts = _parts(address)
    own = _is_loopback(parts.hostname or "")
    if parts.scheme != "https" and not (own and parts.scheme == "http"):
        raise InvalidInput(
            f"“{address}” is not fetched: on the way anybody could change what it says.",
            "Name an address that begins with https://.",
        )
    session = guarded_session(allow_private=own)

    def fetch(url: str) -> bytes | None:
        try:
            answer = session.get(url, allow_redirects=False)
        except OSError as error:  # what requests raises is one
            raise Unreachable(f"{url} does not answer: {error}.", "Check the address, and try again later.") from None
        if answer.status_code in {404, 410}:
            return None
        if answer.is_redirect:
            raise Unreachable(f"{url} leads to {answer.headers['Location']}.", "Name that address.")
        if answer.status_code != 200:
            raise Unreachable(f"{url} answers with status {answer.status_code}.", "Try again later.")
        return answer.content

    return fetch


def _parts(address: str) -> urllib.parse.SplitResult:
    try:
        parts = urllib.parse.urlsplit(address)
        _ = parts.port
    except ValueError:
        raise InvalidInput(f"“{address}” is no address.", "Name one that begins with https://.") from None
    if not parts.hostname or parts.query or parts.fragment or re.search(r"\s", address):
        raise InvalidInput(f"“{address}” is no address of a site.", "Name one such as https://data.example.gov.uk.")
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def _is_checkpoint(data: bytes) -> bool:
    try:
        Checkpoint(data)
    except ValueError:
        return False
    return True
