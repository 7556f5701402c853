"""Where a copy of a register may lie: a folder, a zip, a site. All of them read as `verify.Copy` does."""

import hashlib
import ipaddress
import os
import re
import shutil
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from catalogue.harvest.fetch import Answer, GuardedSession, Limits, guarded_session
from register.log.verify import Checkpoint, Copy
from schemas.errors import InvalidInput, Unreachable

Fetch = Callable[[str], bytes | None]
"""Gives what an address answers, None where there is nothing. Raises Unreachable."""

LARGEST_BUNDLE = 8 * 1024**3
"""The most bytes of a bundle that is fetched: a million entries with their bodies are about two thousand million."""

_BUNDLE_SECONDS = 3_600.0
LOG_PATH = "/register/log"
_LIMIT = 1 << 25


class FileCopy(Copy):
    """A folder or a zip."""

    is_live = False

    def within(self, folder: str) -> Sequence[str]:
        """The names of the files in a folder of the copy; of a zip none, where no reader is shown them."""
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
        return taken(data, sha256, limit)

    def names(self, folder: str = "") -> Iterator[str]:  # noqa: ARG002
        """A site does not tell what else it holds."""
        return iter(())

    def within(self, folder: str) -> Sequence[str]:  # noqa: ARG002
        """As above."""
        return ()


def taken(data: bytes | None, sha256: str, limit: int) -> bytes:
    """What was read of a file, None where there is none. Raises ValueError for its fault."""
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
        "Name the site (https://data.example.gov.uk) or where the log lies on it, or a bundle (…/bundle.zip).",
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
        answer = _answer(session, url)
        return answer.content if answer is not None else None

    return fetch


def is_zip_address(address: str) -> bool:
    """Whether an address is that of a bundle, and not of a site."""
    return "://" in address and urllib.parse.urlsplit(address).path.endswith(".zip")


@contextmanager
def fetched_bundle(address: str, largest: int = LARGEST_BUNDLE) -> Iterator[Path]:
    """Where a bundle lies that was fetched, until the end of the block.

    Raises as `guarded_fetch` does, Unreachable also where there is nothing or more than `largest` bytes.
    """
    guarded_fetch(address)  # the same addresses are refused
    limits = Limits(size=largest, seconds=_BUNDLE_SECONDS)
    session = guarded_session(allow_private=_is_loopback(_parts(address).hostname or ""), limits=limits)
    with TemporaryDirectory(prefix="gazette-bundle-") as folder:
        path = Path(folder, "bundle.zip")
        answer = _answer(session, address)
        if answer is None:
            raise Unreachable(f"There is nothing at {address}.", "Name the bundle, such as …/register/bundle.zip.")
        with answer.raw, path.open("wb") as file:
            shutil.copyfileobj(answer.raw, file)
        yield path


def _answer(session: GuardedSession, url: str) -> Answer | None:
    try:
        answer = session.get(url, allow_redirects=False, stream=True)  # it is not taken into memory
    except OSError as error:  # what requests raises is one
        raise Unreachable(f"{url} does not answer: {error}.", "Check the address, and try again later.") from None
    if answer.status_code != 200:
        answer.raw.close()
    if answer.status_code in {404, 410}:
        return None
    if answer.is_redirect:
        raise Unreachable(f"{url} leads to {answer.headers['Location']}.", "Name that address.")
    if answer.status_code != 200:
        raise Unreachable(f"{url} answers with status {answer.status_code}.", "Try again later.")
    return answer


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
