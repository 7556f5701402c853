"""Legal powers at /api/v1: the law, when it is in force, who may use it, and which agreements rely on it."""

from datetime import date

from flask import Blueprint, Response

from register.powers.described import power_bodies, power_history, power_numbers
from register.powers.models import Power
from register.powers.read import find_power, powers_table, search_powers
from register.powers.table import PowersTable
from register.powers.uses import agreements_by_power
from schemas.canonical import Json
from schemas.cleaning import clean_text
from web.api.access import check_token
from web.api.answers import open_to_readers, public, with_next
from web.api.requests import number_argument, refuse_unknown_arguments, text_argument
from web.context import session, site_address, today

blueprint = Blueprint("api_powers", __name__, url_prefix="/api/v1")
blueprint.before_request(check_token)
blueprint.after_request(open_to_readers)

PAGE = 100
LONGEST_PAGE = 1000


@blueprint.get("/powers")
def powers() -> Response:
    """The powers in the order of their ids, or those with some words; the `Link` header leads to the next page."""
    refuse_unknown_arguments("q", "limit", "cursor")
    limit = number_argument("limit", PAGE, 1, LONGEST_PAGE) or PAGE
    found = sorted(search_powers(session(), text_argument("q") or ""), key=lambda power: power.id)
    cursor = text_argument("cursor") or ""
    behind = [power for power in found if power.id > cursor]
    table = powers_table(session())
    lines = [_line(power, table, today()) for power in behind[:limit]]
    response = public({"total": len(found), "items": lines})
    return with_next(response, cursor=behind[limit - 1].id) if len(behind) > limit else response


@blueprint.get("/powers/<name>")
def power(name: str) -> Response:
    """One power, by its id or `scheme:number` of another list, also where it is law no longer."""
    refuse_unknown_arguments()
    found = find_power(session(), clean_text(name)[0])
    response = public(_described(found, today()))
    response.headers["Content-Location"] = f"/api/v1{found.address}"
    return response


def _line(power: Power, table: PowersTable, day: date) -> Json:
    standing = table.standing({"power": power.id}, day)
    return {
        "id": power.id,
        "title": power.title,
        "instrument": power.instrument,
        "provision": power.provision,
        "url": power.url,
        "jurisdiction": power.jurisdiction,
        "kind": power.document.get("kind"),
        "identifiers": power_numbers(power),
        "standing": str(standing.standing),
        "standingSentence": standing.sentence,
        "bodiesComplete": power.bodies_complete,
        "revision": power.revision,
        "changedAt": power.changed_at.isoformat(),
        "address": f"{site_address()}{power.address}",
        "record": f"{site_address()}/api/v1{power.address}",
    }


def _described(power: Power, day: date) -> Json:
    table = powers_table(session())
    relying = agreements_by_power(session(), table)[power.id]
    site = site_address()
    return {
        **_line(power, table, day),
        "document": power.document,
        "bodies": power_bodies(power, table),
        "reliedOnBy": [
            {
                "id": one.id,
                "title": one.title,
                "address": f"{site}{one.address}",
                "record": f"{site}/api/v1{one.address}",
            }
            for one in relying
        ],
        "history": power_history(session(), power),
    }
