"""A power as JSON, the same for commands and the API: who may use it, and what was recorded of it before."""

from sqlalchemy.orm import Session

from register.powers.models import Power
from register.powers.read import revisions_of
from register.powers.table import PowersTable
from schemas.canonical import Json


def power_numbers(power: Power) -> list[str]:
    """What other lists call it, as `scheme:number`."""
    return [f"{one['scheme']}:{one['id']}" for one in power.document.get("identifiers", ())]


def power_bodies(power: Power, table: PowersTable) -> list[Json]:
    """The bodies that may use it, in their order: each with its organisation here, where it is known, and its time."""
    (facts,) = table.known({"power": power.id})
    return [
        {
            "name": row.name,
            "class": row.is_class,
            "organisation": body.organisation or None,
            "from": row.from_on,
            "until": row.until_on,
            "note": row.note,
            "number": f"{row.scheme}:{row.code}" if row.scheme else None,
            "listedOn": row.listed_on.isoformat(),
            "unlistedOn": row.unlisted_on.isoformat() if row.unlisted_on else None,
        }
        for row, body in zip(power.bodies, facts.bodies, strict=True)
    ]


def power_history(session: Session, power: Power, record: str = "document") -> list[Json]:
    """Every revision, oldest first. `record` is what the member is called that holds the power as it was then."""
    return [
        {
            "revision": one.revision,
            "event": one.event,
            "reason": one.reason,
            "registeredOn": one.registered_on.isoformat(),
            "recordedAt": one.recorded_at.isoformat(),
            record: one.document,
        }
        for one in revisions_of(session, power)
    ]
