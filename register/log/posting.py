"""Sending a few bytes to an address that the operator named, and what is answered: witnesses, timestamp authorities."""

import http.client
import urllib.parse

from schemas.errors import InvalidInput, Unreachable

TIMEOUT_SECONDS = 20
_MAX_BYTES = 200_000


def post(address: str, data: bytes, kind: str, what: str) -> tuple[int, str, bytes]:
    """Send bytes of a media type by POST; gives the status, media type and body of the answer.

    `what` names the other side in messages (“witness”). Raises InvalidInput for an address that is none, Unreachable
    where nothing answers.
    """
    try:
        parts = urllib.parse.urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = urllib.parse.urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidInput(f"“{address}” is no address of a {what}.", "Give one that begins with https://.")
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = connect(parts.hostname, port, timeout=TIMEOUT_SECONDS)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, data, {"Content-Type": kind})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type", ""), answer.read(_MAX_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"The {what} {address} does not answer: {error}.", "Try again later.") from None
    finally:
        connection.close()
