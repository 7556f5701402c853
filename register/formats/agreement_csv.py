"""The agreements as one table: a row each, with plain columns. What the source does not say is empty."""

from collections.abc import Iterable, Iterator

from catalogue.formats.plain_table import MARK, table_cell, table_line
from register.agreements.proceedings import dates_in_force
from register.formats.exported import Exported
from schemas.canonical import Json
from schemas.codelists import title_of

COLUMNS = (
    *("id", "address", "title", "state", "stateTitle", "standing", "version", "registeredOn", "changedAt"),
    *("effectiveFrom", "endsOn", "nextReviewOn", "parties", "senders", "receivers", "organisations", "summary"),
    *("purpose", "purposes", "legalPowers", "datasets", "identifiability", "type", "source"),
)
"""The columns, in their order."""

_SENDS, _RECEIVES = "discloser", "recipient"


def agreement_table(exported: Iterable[Exported], site: str) -> Iterator[str]:
    """The whole file, line by line: a byte order mark, the columns, the agreements. `site` begins their addresses."""
    yield MARK + table_line(COLUMNS)
    for one in exported:
        row = _row(one, site)
        yield table_line(table_cell(row.get(name)) for name in COLUMNS)


def _row(one: Exported, site: str) -> dict[str, object]:
    deal = one.document
    dates = dates_in_force(deal, one.proceedings)
    parties: list[Json] = deal.get("parties", [])
    data = [item for flow in deal.get("flows", ()) for item in flow.get("datasets", ())]
    return {
        "id": one.id,
        "address": f"{site}{one.address}",
        "title": deal.get("title"),
        "state": one.state,
        "stateTitle": title_of("agreement-state", one.state),
        "standing": one.standing,
        "version": one.version,
        "registeredOn": one.registered_on.isoformat(),
        "changedAt": one.changed_at.isoformat(),
        "effectiveFrom": deal.get("effectiveFrom"),
        "endsOn": dates.get("endsOn"),
        "nextReviewOn": dates.get("nextReviewOn"),
        "parties": [party["name"] for party in parties],
        "senders": [party["name"] for party in parties if _SENDS in party.get("flowRole", ())],
        "receivers": [party["name"] for party in parties if _RECEIVES in party.get("flowRole", ())],
        "organisations": [slug for slug in one.organisations if slug],
        "summary": deal.get("summary"),
        "purpose": deal.get("purpose"),
        "purposes": deal.get("purposeCategories"),
        "legalPowers": [_power(power) for power in deal.get("legalPowers", ())],
        "datasets": _once(item.get("title") or item.get("description") for item in data),
        "identifiability": _once(item.get("identifiability") for item in data),
        "type": deal.get("agreementType"),
        "source": deal.get("provenance", {}).get("source"),
    }


def _power(power: Json) -> str:
    cited = " ".join(str(power[name]) for name in ("instrument", "provision") if name in power)
    return cited or str(power.get("title") or power.get("text") or power.get("url") or "")


def _once(texts: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
