"""The one HTTP client of the commands that work on a server.

It sends the token to that server alone: over https, or to this very machine; it follows no redirect; certificates
are checked. The errors that a server tells (RFC 9457) become the errors a command would meet on the data folder.
"""

import ipaddress
import json as json_module
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from schemas.checking import is_web_address
from schemas.cleaning import clean_text
from schemas.errors import GazetteError, InvalidInput, InvalidRecord, NotFound, Refused, Unreachable
from schemas.problems import Problem

CONNECT_SECONDS = 10
ANSWER_SECONDS = 60
_LONGEST_TEXT = 2_000
_NOT_OURS = frozenset({404, 405, 410, 501})
"""Without a word of what is wrong, they say that the address is no register's: ours tells what is not there."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered. `headers` are found whatever their case; `json` is None where the body is no JSON."""

    status: int
    headers: Mapping[str, str]
    json: Any


def checked_server(address: str) -> str:
    """A server's address in its one form: without a slash at its end.

    Raises InvalidInput for what is no web address, Refused for http:// to another machine than this one.
    """
    if not is_web_address(address) or urllib.parse.urlsplit(address).query or "#" in address:
        raise InvalidInput(
            f"“{address[:200]}” is not the address of a server.", "Write it whole, like https://register.example."
        )
    parts = urllib.parse.urlsplit(address)
    if parts.scheme.lower() == "http" and not _is_this_machine(parts.hostname or ""):
        raise Refused(
            f"{address} is not encrypted: whoever listens on the way could take your token.",
            "Write https:// instead. Plain http:// is only for a server on this machine.",
        )
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


class HttpClient:
    """Asks one server, with a token or without."""

    def __init__(self, server: str, token: str | None) -> None:
        """Raises as `checked_server` does."""
        self.server = checked_server(server)
        self._session = requests.Session()
        self._session.auth = _Bearer(token)
        self._session.headers["User-Agent"] = "data-gazette"

    def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | list[str]] | None = None,
    ) -> Reply:
        """Ask for a path of the server, with a JSON body where `json` is given.

        Raises what the server tells: InvalidRecord where it lists problems (400, 409, 422), Refused (401, 403, 409,
        412, 428), NotFound (404, 410), InvalidInput (400, 413, 415, 422), and Unreachable where no usable answer comes.
        """
        body = None if json is None else json_module.dumps(json, ensure_ascii=False).encode("utf-8")
        sent = {"Accept": "application/json", **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        reply = self._ask(method, path, headers=sent, params=params, data=body)
        if reply.status >= 400:
            raise self._error(reply)
        return reply

    def post_form(self, path: str, fields: Mapping[str, str]) -> Reply:
        """Send a form to an OAuth endpoint (RFC 6749). A refusal that says `error` is a reply and is not raised."""
        reply = self._ask("POST", path, headers={"Accept": "application/json"}, params=None, data=dict(fields))
        said = reply.json.get("error") if isinstance(reply.json, dict) else None
        if reply.status >= 400 and not isinstance(said, str):
            raise self._error(reply)
        return reply

    def _ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str | list[str]] | None,
        data: bytes | dict[str, str] | None,
    ) -> Reply:
        try:
            answer = self._session.request(
                method,
                self.server + path,
                headers=dict(headers),
                params=dict(params) if params else None,
                data=data,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
            )
        except requests.exceptions.SSLError:
            raise Unreachable(
                f"{self.server} could not prove that it is the one (its certificate is not valid here).",
                "Check the address. If your organisation uses certificates of its own, name their file in "
                "REQUESTS_CA_BUNDLE.",
            ) from None
        except requests.RequestException as error:
            raise self._no_answer(error) from None
        if 300 <= answer.status_code < 400 and answer.status_code != 304:
            raise self._moved(answer)
        return Reply(answer.status_code, answer.headers, _json_of(answer))

    def _no_answer(self, error: requests.RequestException) -> Unreachable:
        if isinstance(error, requests.Timeout):
            return Unreachable(f"{self.server} took too long to answer.", "Try again later.")
        return Unreachable(
            f"{self.server} does not answer.", "Check the address and the connection, and that the server runs."
        )

    def _moved(self, answer: requests.Response) -> Unreachable:
        place = urllib.parse.urlsplit(_shown(answer.headers.get("Location", "")))
        where = f"{place.scheme}://{place.netloc}" if place.scheme and place.netloc else "another address"
        return Unreachable(
            f"{self.server} sends on to {where}; your token is not sent there.",
            "If that is the server you mean, name it with --server.",
        )

    def _error(self, reply: Reply) -> GazetteError:
        said = reply.json if isinstance(reply.json, dict) else {}
        message = _shown(said.get("detail") or said.get("title") or "")
        advice = _shown(said.get("advice") or "")
        status = reply.status
        if status in _NOT_OURS and not message:
            return Unreachable(f"{self.server} answers, but not as a register of this kind does.", "Check the address.")
        if status >= 500 or status == 429:
            return Unreachable(
                message or f"{self.server} cannot answer just now ({status}).", advice or _when(reply.headers)
            )
        if status == 401:
            return Refused(
                message or f"{self.server} does not know who you are.", f"Run “gazette login --server {self.server}”."
            )
        if status in {404, 410}:
            return NotFound(message, advice)
        problems = _problems(said.get("problems")) if status in {400, 409, 422} else []
        if problems:
            return InvalidRecord(message or "The record is not valid.", problems, advice)
        if status in {400, 413, 415, 422}:
            return InvalidInput(message or f"{self.server} could not read what was sent.", advice)
        return Refused(message or f"{self.server} refused it ({status}).", advice)


class _Bearer(requests.auth.AuthBase):
    """Puts the token on a request, or nothing; either way requests then looks into no .netrc."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _json_of(answer: requests.Response) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json_module.loads(answer.content)
    except (ValueError, RecursionError):
        return None


def _problems(said: object) -> list[Problem]:
    members = ("message", "advice", "title", "clause")
    return [
        Problem(
            pointer=_shown(one.get("pointer", "")),
            severity="warning" if one.get("severity") == "warning" else "error",
            **{name: _shown(one.get(name, "")) for name in members},
        )
        for one in (said if isinstance(said, list) else [])
        if isinstance(one, dict)
    ]


def _shown(said: object) -> str:
    """What a server says, fit for a terminal: no control characters that would drive it."""
    return clean_text(said)[0][:_LONGEST_TEXT] if isinstance(said, str) else ""


def _when(headers: Mapping[str, str]) -> str:
    seconds = headers.get("Retry-After", "")
    return f"Try again in {seconds} seconds." if seconds.isascii() and seconds.isdecimal() else "Try again later."
