"""Talking to an OpenSearch server (part of the adapter): its address, its client, and what its failures mean."""

import logging
import re
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    ConflictError,
    ConnectionTimeout,
    NotFoundError,
    OpenSearchException,
    SSLError,
    TransportError,
)
from opensearchpy.exceptions import ConnectionError as NoConnection

from catalogue.search.engine import SearchTimedOut, SearchUnavailable
from catalogue.search.index_folder import REINDEX
from schemas.errors import InvalidInput

DEFAULT_NAME = "data-gazette"
"""The name of the index where the address names none."""

ANSWERS_WITHIN = 30
"""Seconds after which a request is given up."""

READ_WITHIN = 10
"""Seconds after which who only reads gives up: a person waits for it."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_MOST_CONNECTIONS = 32

logging.getLogger("opensearch").addHandler(logging.NullHandler())  # what fails is told by whoever asked


class TakenOver(SearchUnavailable):
    """Another process has changed what this one was writing."""

    def __init__(self) -> None:
        super().__init__(
            "Another process has taken over writing to the search index, because this one was silent for too long.",
            "Nothing is lost: changes wait in the database. Try again.",
        )


@dataclass(frozen=True, slots=True)
class Address:
    """A server and the name of an index on it. `shown` is the address as people may see it, without a password."""

    shown: str
    host: str
    port: int
    secure: bool
    name: str
    account: tuple[str, str] | None = field(default=None, repr=False)

    def client(self, within: int = ANSWERS_WITHIN) -> OpenSearch:
        """A client of the server. It connects when it is first used; certificates are always checked."""
        secured: dict[str, Any] = {"use_ssl": True, "verify_certs": True} if self.secure else {}
        return OpenSearch(
            hosts=[{"host": self.host, "port": self.port}],
            http_auth=self.account,
            http_compress=self.secure,
            timeout=within,
            max_retries=0,
            pool_maxsize=_MOST_CONNECTIONS,
            **secured,
        )


def read_address(text: str) -> Address:
    """The address of a setting, `https://ACCOUNT:PASSWORD@HOST:PORT/NAME`; all but scheme and host may be left out.

    Raises InvalidInput, which never repeats the text: there may be a password in it.
    """
    try:
        parts = urllib.parse.urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urllib.parse.SplitResult("", "", "", "", ""), None
    name = parts.path.strip("/") or DEFAULT_NAME
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or port == 0:
        raise InvalidInput(
            "GAZETTE_SEARCH_URL is not the address of an OpenSearch server.",
            "Give one such as https://account:password@search.example.org:9200/data-gazette; signs with a meaning in "
            "addresses are written with % in a password.",
        )
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"GAZETTE_SEARCH_URL ends in “{name}”, which cannot be the name of an index.",
            "Use up to 100 lower-case letters, digits, - and _, a letter or digit first.",
        )
    secure = parts.scheme == "https"
    port = port or (443 if secure else 80)
    account = None
    if parts.username is not None:
        account = (urllib.parse.unquote(parts.username), urllib.parse.unquote(parts.password or ""))
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    shown = f"{parts.scheme}://{host}:{port}/{name}"
    return Address(shown, parts.hostname, port, secure, name, account)


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Whatever the server or the way to it does wrong becomes SearchUnavailable with advice."""
    try:
        yield
    except OpenSearchException as error:
        raise unavailable(address, error) from error
    except InvalidInput as error:
        raise SearchUnavailable("The search index holds what this program cannot read.", REINDEX) from error
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise SearchUnavailable(
            f"What answers at {address.shown} does not answer as OpenSearch does.", "See GAZETTE_SEARCH_URL."
        ) from error


def unavailable(address: Address, error: OpenSearchException) -> SearchUnavailable:
    """What a failure means, and what to do about it."""
    where = f"The search server at {address.shown}"
    match error:
        case SSLError():
            return SearchUnavailable(
                f"{where} has no certificate that can be trusted.",
                "See that its name is the one in the certificate; SSL_CERT_FILE may name a file with your own "
                "authority’s certificate.",
            )
        case ConnectionTimeout():
            return SearchTimedOut(f"{where} did not answer in time.", "See how busy it is, and try again.")
        case NoConnection():
            return SearchUnavailable(
                f"{where} cannot be reached.", "See that it runs, and that GAZETTE_SEARCH_URL is right."
            )
        case AuthenticationException():
            return SearchUnavailable(
                f"{where} does not accept the account.", "See the account and password in GAZETTE_SEARCH_URL."
            )
        case NotFoundError():
            return SearchUnavailable("There is no search index yet.", REINDEX)
        case ConflictError():
            return TakenOver()
        case TransportError():
            return _refused(where, error)
    return SearchUnavailable(f"{where} gave an answer that cannot be read.", "See GAZETTE_SEARCH_URL.")


def _refused(where: str, error: TransportError) -> SearchUnavailable:
    status, kind = error.status_code, str(error.error)
    if kind == "cluster_block_exception":
        return SearchUnavailable(
            f"{where} takes no changes to the index.",
            "Its disk is perhaps too full, or the index was made read-only: see its log.",
        )
    if status == 403:
        return SearchUnavailable(
            f"{where} does not allow it.",
            "Allow its account to read, write, create and delete indexes whose names begin with the index’s name.",
        )
    if status == 429 or status == 503:
        return SearchUnavailable(f"{where} is too busy or is starting.", "Wait a little, and try again.")
    return SearchUnavailable(f"{where} refused: {kind[:200]} ({status}).", f"See its log. {REINDEX}")
