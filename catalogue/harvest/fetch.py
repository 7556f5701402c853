"""Fetching from strangers: checked and pinned addresses, http and https alone, limits on size, time and redirects."""

import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from catalogue.harvest.addresses import checked_addresses
from schemas.errors import Unreachable

GuardedSession = requests.Session
Answer = requests.Response
MOST_REDIRECTS = 5
_PIECE = 65_536
_IN_MEMORY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may cost: seconds to connect and between pieces, seconds and bytes in all (unpacked)."""

    pause: float = 30.0
    seconds: float = 120.0
    size: int = 64 * 1024 * 1024


def guarded_session(*, allow_private: bool = False, limits: Limits | None = None) -> requests.Session:
    """A session that asks only machines it may ask, and reads only so much.

    Every hop of a redirect is a request of its own and checked like the first. Proxies and passwords of the
    environment are not used.
    """
    session = requests.Session()
    session.trust_env = False
    session.max_redirects = MOST_REDIRECTS
    session.adapters.clear()
    adapter = _GuardedAdapter(allow_private=allow_private, limits=limits or Limits())
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class _GuardedAdapter(HTTPAdapter):
    def __init__(self, *, allow_private: bool, limits: Limits, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._allow_private = allow_private
        self._limits = limits
        self._monotonic = monotonic
        self._pinned = ""
        super().__init__()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002 - requests' own signature
        timeout: Any = None,  # noqa: ANN401, ARG002
        verify: Any = True,  # noqa: ANN401
        cert: Any = None,  # noqa: ANN401
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> requests.Response:
        """Send to a checked address, and read the whole answer within the limits."""
        parts = urlsplit(request.url or "")
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        started = self._monotonic()
        # The connection goes to the number that was checked; the name stays in the header and the certificate.
        request.headers["Host"] = parts.netloc.rpartition("@")[2]
        addresses = checked_addresses(host, port, allow_private=self._allow_private)
        for position, address in enumerate(addresses, start=1):
            self._pinned = address
            try:
                response = super().send(
                    request, stream=True, timeout=(self._limits.pause, self._limits.pause), verify=verify, cert=cert
                )
            except requests.ConnectionError:
                if position == len(addresses):
                    raise
            else:
                return self._read(response, host, started)
        raise Unreachable(f"“{host}” has no address.", "Check the address, and the connection.")

    def build_connection_pool_key_attributes(  # type: ignore[override] # requests' own types are private
        self,
        request: requests.PreparedRequest,
        verify: Any,  # noqa: ANN401
        cert: Any = None,  # noqa: ANN401
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The pinned address instead of the name, which the certificate must still be for."""
        host_params, pool_kwargs = super().build_connection_pool_key_attributes(request, verify, cert)
        where, how = dict(host_params), dict(pool_kwargs)
        if where["scheme"] == "https":
            how |= {"server_hostname": where["host"], "assert_hostname": where["host"]}
        return {**where, "host": self._pinned}, how

    def _read(self, response: requests.Response, host: str, started: float) -> requests.Response:
        # What may be too large for the memory goes into a file, for the caller to read in pieces and to close.
        body = TemporaryFile() if self._limits.size > _IN_MEMORY else io.BytesIO()  # noqa: SIM115
        try:
            self._take(response, body, host, started)
        except BaseException:
            body.close()
            raise
        finally:
            response.raw.close()
            response.raw.release_conn()
        body.seek(0)
        response.raw = body
        return response

    def _take(self, response: requests.Response, body: IO[bytes], host: str, started: float) -> None:
        size = 0
        try:
            while piece := response.raw.read1(_PIECE, decode_content=True):
                body.write(piece)
                size += len(piece)
                if size > self._limits.size:
                    raise Unreachable(
                        f"The answer of “{host}” is larger than {self._limits.size:,} bytes.",
                        "Ask the site for less at a time, for example with a filter.",
                    )
                if self._monotonic() - started > self._limits.seconds:
                    message = f"“{host}” took longer than {self._limits.seconds:g} seconds to answer."
                    raise Unreachable(message, "Try again later.")
        except urllib3.exceptions.ReadTimeoutError:
            raise Unreachable(f"“{host}” stopped in the middle of its answer.", "Try again later.") from None
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(f"The answer of “{host}” broke off: {error}.", "Try again later.") from None
