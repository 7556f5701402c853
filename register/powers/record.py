"""Putting powers into the register and changing them: what was recorded before stays, as a revision or a closed row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.organisations.models import Organisation
from catalogue.organisations.record import organisation_by_identifier, organisation_by_name
from catalogue.slugs import free_slug
from register.powers.models import Power, PowerBody, PowerNumber, PowerRevision
from register.powers.read import power_numbered
from schemas.actor import Actor, Role
from schemas.canonical import Json
from schemas.checking import check
from schemas.clock import Clock, Ids
from schemas.dates import first_day, last_day
from schemas.errors import InvalidInput, Refused
from schemas.outcomes import Action
from schemas.problems import Problem, errors_in

POWER_VERSION = "1.0.0"
"""The version of the schema `power` that a power's record is checked against."""

OWN_RECORD = "record"
"""The source of bodies that were written down here, in the power's own record."""

_OWN = ("title", "instrument", "provision", "url", "jurisdiction")


@dataclass(frozen=True, slots=True)
class PowerSource:
    """Where a record of a power comes from: the entry's name in its source, and the moment the source gives it."""

    entry: str | None = None
    registered_on: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedBody:
    """A body as a list has it: its row, the source that lists it, and from when until when it did."""

    body: Json
    source: str
    listed_on: datetime
    unlisted_on: datetime | None = None


def check_power(document: Json) -> list[Problem]:
    """Every problem of a power's record: with its schema, and with the order of its days."""
    problems = check(document, "power", POWER_VERSION)
    if errors_in(problems):
        return problems
    for place, rows in (("inForce", document.get("inForce", ())), ("bodies", document.get("bodies", ()))):
        for number, row in enumerate(rows):
            if "from" in row and "until" in row and last_day(row["until"]) < first_day(row["from"]):
                message = f"It ends on {row['until']}, before it begins on {row['from']}."
                problems.append(Problem(f"/{place}/{number}/until", message, "Correct one of the two.", "Until"))
    if document.get("notCommenced") and document.get("inForce"):
        message = "It has times in force, and is said never to have been brought into force."
        problems.append(Problem("/notCommenced", message, "Leave one of the two out.", "Not commenced"))
    return problems


def record_power(
    session: Session, actor: Actor, document: Json, source: PowerSource, *, clock: Clock, ids: Ids
) -> tuple[Action, Power]:
    """Put a power in, or record what is now said of it; the same again changes nothing.

    It is known by its short name (`id`), else by a number. `bodies`, where they are given, are the whole list that
    this record states; bodies that other lists state stay. Raises Refused where the actor may not or a number belongs
    to another power, InvalidInput with every problem where the record is not right.
    """
    require_keeper(actor)
    if problems := errors_in(check_power(document)):
        raise InvalidInput(" ".join(str(problem) for problem in problems))
    power = _held(session, document)
    action = Action.UNCHANGED
    content = {name: value for name, value in document.items() if name not in {"id", "bodies"}}
    if power is None:
        power = _new(session, document, content, clock)
        action = Action.ADDED
    elif power.document != content:
        action = Action.CHANGED
    if action is not Action.UNCHANGED:
        _revise(session, power, str(action), content, source, None, clock)
    if "bodies" in document:
        moment = source.registered_on or clock()
        wanted = [ListedBody(body, OWN_RECORD, moment) for body in document["bodies"]]
        if _sync_bodies(session, power, wanted, moment, ids) and action is Action.UNCHANGED:
            action = Action.CHANGED
            power.changed_at = clock()
    session.flush()
    return action, power


def retire_power(session: Session, actor: Actor, power: Power, on: date, reason: str, *, clock: Clock) -> Power:
    """Record the last day on which a power was law, and why it ended. Its page and its history stay.

    Raises Refused where the actor may not, or the power had ended before that day.
    """
    require_keeper(actor)
    if not reason.strip():
        raise InvalidInput("No reason is given.", "Say by what the power was repealed, replaced or stopped.")
    periods = [dict(period) for period in power.document.get("inForce", ())] or [{}]
    last = periods[-1]
    if "until" in last:
        raise Refused(f"The power {power.id} ended on {last['until']} already.", "Change its record to correct that.")
    if "from" in last and last_day(last["from"]) > on:
        raise Refused(f"The power {power.id} came into force on {last['from']}, after {on}.", "Give a later day.")
    last |= {"until": on.isoformat(), "reason": reason.strip()}
    document = {name: value for name, value in power.document.items() if name != "notCommenced"}
    content = {**document, "inForce": periods}
    _revise(session, power, "retired", content, PowerSource(), reason.strip(), clock)
    session.flush()
    return power


def list_bodies(session: Session, power: Power, listed: Iterable[ListedBody], *, clock: Clock, ids: Ids) -> Action:
    """Add rows of a list with their own times; a row that is there and has since been taken out of the list is closed.

    Nothing is taken away. The caller has asked `require_keeper`.
    """
    action = Action.UNCHANGED
    for one in listed:
        row = _same_row(power, one)
        if row is None:
            action = Action.ADDED if action is not Action.CHANGED else action
            _add_row(session, power, one, ids)
        elif row.unlisted_on is None and one.unlisted_on is not None:
            action = Action.CHANGED
            row.unlisted_on = one.unlisted_on
        if row is not None and row.organisation_id is None and not row.is_class:
            row.organisation_id = _organisation_id(session, one.body)
    if action is not Action.UNCHANGED:
        power.changed_at = clock()
    session.flush()
    return action


def require_keeper(actor: Actor) -> None:
    """Raises Refused unless the actor is the registrar or an administrator."""
    if not actor.roles & {Role.REGISTRAR, Role.ADMINISTRATOR}:
        raise Refused("Only the registrar can change the list of powers.", "Ask the registrar.")


def _held(session: Session, document: Json) -> Power | None:
    """The power that a record is about. Raises Refused where its numbers are those of several."""
    by_name = session.get(Power, document["id"], with_for_update=True) if "id" in document else None
    for number in document.get("identifiers", ()):
        holder = power_numbered(session, number["scheme"], number["id"])
        if holder is None:
            continue
        if "id" in document and holder is not by_name:
            raise Refused(
                f"The number {number['scheme']}:{number['id']} belongs to the power {holder.id}.",
                f"Give this record the short name {holder.id}, or leave the number out.",
            )
        by_name = holder
    return by_name


def _new(session: Session, document: Json, content: Json, clock: Clock) -> Power:
    power = Power(
        id=document.get("id") or free_slug(session, Power.id, document["title"]),
        title=content["title"],
        bodies_complete=False,
        document=content,
        revision=0,
        added_at=clock(),
        changed_at=clock(),
        bodies=[],
    )
    session.add(power)
    session.flush()
    return power


def _revise(
    session: Session, power: Power, event: str, content: Json, source: PowerSource, reason: str | None, clock: Clock
) -> None:
    """Write what is now said of a power: a revision, and its row read out of it."""
    now = clock()
    power.revision += 1
    power.changed_at = now
    power.document = content
    for name in _OWN:
        setattr(power, name, content.get(name))
    power.bodies_complete = bool(content.get("bodiesComplete"))
    numbers = [(number["scheme"], number["id"]) for number in content.get("identifiers", ())]
    power.scheme, power.code = numbers[0] if numbers else (None, None)
    for held in session.scalars(select(PowerNumber).where(PowerNumber.power_id == power.id)):
        if (held.scheme, held.value) not in numbers:
            session.delete(held)
    session.flush()
    for scheme, value in dict.fromkeys(numbers):
        if session.get(PowerNumber, (scheme, value)) is None:
            session.add(PowerNumber(scheme=scheme, value=value, power_id=power.id))
    session.add(
        PowerRevision(
            power_id=power.id,
            revision=power.revision,
            event=event,
            document=content,
            reason=reason,
            source_entry=source.entry,
            registered_on=source.registered_on or now,
            recorded_at=now,
        )
    )
    session.flush()


def _sync_bodies(session: Session, power: Power, wanted: list[ListedBody], moment: datetime, ids: Ids) -> bool:
    """Make the open rows of one source those that it now states: new ones are added, those left out are closed."""
    changed = False
    kept = set()
    for one in wanted:
        row = next((row for row in power.bodies if row.unlisted_on is None and _says(row, one)), None)
        if row is None:
            row = _add_row(session, power, one, ids)
            changed = True
        kept.add(row.id)
    for row in power.bodies:
        if row.source == OWN_RECORD and row.unlisted_on is None and row.id not in kept:
            row.unlisted_on = moment
            changed = True
    return changed


def _same_row(power: Power, one: ListedBody) -> PowerBody | None:
    return next((row for row in power.bodies if _says(row, one) and row.listed_on == one.listed_on), None)


def _says(row: PowerBody, one: ListedBody) -> bool:
    """Whether a row says what a list says of a body. The organisation it was found to be does not count."""
    return row.source == one.source and all(getattr(row, name) == value for name, value in _values(one.body).items())


def _values(body: Json) -> Json:
    number = (body.get("identifiers") or [{}])[0]
    return {
        "name": body["name"],
        "is_class": bool(body.get("class")),
        "members": body.get("members"),
        "note": body.get("note"),
        "scheme": number.get("scheme"),
        "code": number.get("id"),
        "from_on": body.get("from"),
        "until_on": body.get("until"),
    }


def _add_row(session: Session, power: Power, one: ListedBody, ids: Ids) -> PowerBody:
    row = PowerBody(
        id=ids(),
        organisation_id=_organisation_id(session, one.body),
        source=one.source,
        listed_on=one.listed_on,
        unlisted_on=one.unlisted_on,
        **_values(one.body),
    )
    power.bodies.append(row)
    return row


def _organisation_id(session: Session, body: Json) -> str | None:
    """The organisation a body is: by its short name, a number, else its name where one organisation alone bears it."""
    if slug := body.get("organisation"):
        named = session.scalar(select(Organisation.id).where(Organisation.slug == slug))
        if named is None:
            raise InvalidInput(f"There is no organisation “{slug}”.", "See “gazette organisations list”.")
        return named
    for number in body.get("identifiers", ()):
        if found := organisation_by_identifier(session, number["scheme"], number["id"]):
            return found.id
    if body.get("class"):
        return None
    by_name = organisation_by_name(session, body["name"])
    return by_name.id if by_name else None
