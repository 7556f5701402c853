"""The device's side of the device flow of OAuth 2.0 (RFC 8628): ask for a code, then ask until somebody answered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schemas.cleaning import clean_text
from schemas.errors import Refused, Unreachable
from web.client.http import HttpClient, Reply

CLIENT_ID = "gazette"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
SLOWER_BY = 5
_PAUSE = 5


@dataclass(frozen=True, slots=True)
class Pairing:
    """A code to type, where to type it, and how often to ask meanwhile (seconds)."""

    device_code: str
    user_code: str
    page: str
    whole_page: str
    lasts: int
    pause: int


def begin_pairing(client: HttpClient, device_name: str, scopes: str = "") -> Pairing:
    """Ask a server for a code. Raises Refused, Unreachable."""
    fields = {"client_id": CLIENT_ID, "device_name": device_name}
    reply = client.post_form("/oauth/device_authorization", fields | ({"scope": scopes} if scopes else {}))
    if reply.status != 200:
        raise _refused(client, reply)
    page = _text(client, reply, "verification_uri")
    return Pairing(
        device_code=_text(client, reply, "device_code"),
        user_code=_text(client, reply, "user_code"),
        page=page,
        whole_page=str(reply.json.get("verification_uri_complete") or page),
        lasts=_number(reply, "expires_in", 900),
        pause=_number(reply, "interval", _PAUSE),
    )


def wait_for_token(client: HttpClient, pairing: Pairing, sleep: Callable[[float], None]) -> str:
    """Ask until somebody answered, and give the token. Raises Refused where there will be none, Unreachable.

    A server that does not answer is asked again, more slowly each time, as long as the code lasts (RFC 8628, 3.5).
    """
    pause, waited = pairing.pause, 0
    fields = {"grant_type": GRANT_TYPE, "device_code": pairing.device_code, "client_id": CLIENT_ID}
    while waited < pairing.lasts:
        sleep(pause)
        waited += pause
        try:
            reply = client.post_form("/oauth/token", fields)
        except Unreachable:
            if waited + 2 * pause >= pairing.lasts:
                raise
            pause *= 2
            continue
        if reply.status == 200:
            return _text(client, reply, "access_token")
        error = reply.json.get("error") if isinstance(reply.json, dict) else None
        if error == "slow_down":
            pause += SLOWER_BY
        elif error != "authorization_pending":
            raise _refused(client, reply)
    raise Refused("Nobody approved this device in time.", "Run “gazette login” again for a new code.")


def _refused(client: HttpClient, reply: Reply) -> Refused:
    said: dict[str, Any] = reply.json if isinstance(reply.json, dict) else {}
    known = {
        "access_denied": "The request was refused on the page.",
        "expired_token": "Nobody approved this device in time.",
    }
    described = said.get("error_description")
    message = known.get(str(said.get("error"))) or (clean_text(described)[0] if isinstance(described, str) else "")
    return Refused(
        message or f"{client.server} refused to sign this device in ({reply.status}).",
        "Run “gazette login” again for a new code.",
    )


def _text(client: HttpClient, reply: Reply, name: str) -> str:
    found = reply.json.get(name) if isinstance(reply.json, dict) else None
    if not isinstance(found, str) or not found or not found.isprintable():
        raise Unreachable(f"{client.server} does not answer as a register does.", "Check the address after --server.")
    return found


def _number(reply: Reply, name: str, default: int) -> int:
    found = reply.json.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) and 1 <= found <= 86_400 else default
