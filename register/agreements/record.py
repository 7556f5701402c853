"""Putting agreements into the register and changing them: each change an event with a body."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.contacts import is_role_address
from register.agreements.body import seal
from register.agreements.events import NewEvent, append, events_of, locked_head, next_agreement_id
from register.agreements.life import VERSION_EVENTS
from register.agreements.models import Agreement, AgreementEvent, AgreementNumber
from register.agreements.projection import content_of, project
from schemas.actor import Actor, Role
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.checking import is_email
from schemas.clock import Clock, Ids, Randomness
from schemas.contract import check_agreement_document
from schemas.errors import InvalidInput, NotFound, Refused
from schemas.problems import Problem, errors_in
from schemas.upgrades import older_version, upgrade


@dataclass(frozen=True, slots=True)
class Source:
    """Where an imported version comes from: the entry's name in its source, and the time the source gives it."""

    entry: str | None = None
    registered_on: datetime | None = None


def check_agreement(document: Json, version: str = AGREEMENT_VERSION) -> list[Problem]:
    """Every problem of an agreement: with the published schema, names that lead nowhere, and addresses of people.

    One that has no number yet is a draft. A body cannot change and so holds no person: a contact in it is plainly a
    role's mailbox.
    """
    return [
        *check_agreement_document(document, version, draft="id" not in document),
        *_dangling_names(document),
        *_personal_addresses(document),
    ]


def check_any_version(document: Json) -> list[Problem]:
    """Every problem of an agreement with the version of the schema that it says it is in.

    One in an older version that can be brought up, and conforms, is told what the newest finds in it once it is.
    """
    older = older_version(document)
    if older is None:
        return check_agreement(document)
    problems = check_agreement(document, older)
    if errors_in(problems):
        return problems
    lacking = check_agreement(upgrade(document))
    return [
        replace(problem, message=f"Once brought up to version {AGREEMENT_VERSION}: {problem.message}")
        for problem in lacking
    ]


def sign_agreement(
    session: Session, actor: Actor, document: Json, source: Source, *, clock: Clock, ids: Ids, randomness: Randomness
) -> Agreement:
    """Put a new agreement into the register and give it its number.

    Raises Refused where the actor may not, or a number elsewhere belongs to another agreement; InvalidInput with
    every problem where the document breaks the schema.
    """
    _require_registrar(actor)
    _require_valid(document)
    head = locked_head(session)
    _require_free_numbers(session, document, None)
    document = {"id": next_agreement_id(head), **{name: value for name, value in document.items() if name != "id"}}
    event = NewEvent(
        agreement_id=document["id"],
        event="signed",
        version=1,
        body=seal(document, randomness),
        schema_version=document["schemaVersion"],
        registered_on=source.registered_on,
        effective=document.get("effectiveFrom"),
        actor_organisation=actor.organisation,
        source_entry=source.entry,
    )
    append(session, head, event, clock)
    return project(session, document["id"], clock, ids)


def revise_agreement(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    event: str,
    document: Json,
    source: Source,
    *,
    clock: Clock,
    ids: Ids,
    randomness: Randomness,
) -> Agreement:
    """Make a new version: `amended` where the deal changed, `corrected` where the record was wrong.

    Raises as `sign_agreement` does.
    """
    _require_registrar(actor)
    if event not in VERSION_EVENTS - {"signed"}:
        raise Refused(f"The event “{event}” makes no new version.", "New versions are made by amending or correcting.")
    _require_valid(document)
    head = locked_head(session)
    session.refresh(agreement)  # another may have revised it before the lock was ours
    if agreement.standing in {"withdrawn", "rejected"}:
        raise Refused(
            f"The agreement {agreement.id} is {agreement.standing}; its text is fixed.", "Register a new one."
        )
    _require_free_numbers(session, document, agreement.id)
    document = {"id": agreement.id, **{name: value for name, value in document.items() if name != "id"}}
    append(
        session,
        head,
        NewEvent(
            agreement_id=agreement.id,
            event=event,
            version=agreement.version + 1,
            body=seal(document, randomness),
            previous_body_sha256=_newest_body(session, agreement.id),
            schema_version=document["schemaVersion"],
            registered_on=source.registered_on,
            effective=document.get("effectiveFrom"),
            actor_organisation=actor.organisation,
            source_entry=source.entry,
        ),
        clock,
    )
    return project(session, agreement.id, clock, ids)


def _newest_body(session: Session, agreement_id: str) -> str | None:
    """The hash of the newest version's body; later events may have none."""
    hashes = [event.body_sha256 for event in events_of(session, agreement_id) if event.body_sha256]
    return hashes[-1] if hashes else None


def agreement_numbered(session: Session, scheme: str, value: str) -> Agreement | None:
    """The agreement that another list calls by a number."""
    return session.scalar(
        select(Agreement)
        .join(AgreementNumber, AgreementNumber.agreement_id == Agreement.id)
        .where(AgreementNumber.scheme == scheme, AgreementNumber.value == value)
    )


def entries_taken(session: Session, agreement: Agreement) -> set[str]:
    """The entries of its source that an agreement already has events for."""
    query = select(AgreementEvent.source_entry).where(AgreementEvent.agreement_id == agreement.id)
    return {entry for entry in session.scalars(query) if entry}


def find_agreement(session: Session, text: str) -> Agreement:
    """The agreement that a number of ours, or `scheme:number` of another list, means. Raises NotFound."""
    text = text.removeprefix("/agreements/")
    agreement = session.get(Agreement, text)
    if agreement is None and ":" in text:
        scheme, _, value = text.partition(":")
        agreement = agreement_numbered(session, scheme, value)
    if agreement is None:
        raise NotFound(f"There is no agreement “{text}”.", "See “gazette register list” for those there are.")
    return agreement


def has_same_content(agreement: Agreement, document: Json) -> bool:
    """Whether a document says what the agreement's present version says, whichever version of the schema that is in."""
    content = content_of(document)
    return content in {agreement.content_sha256, content_of(upgrade(agreement.document))}


def _require_registrar(actor: Actor) -> None:
    if Role.REGISTRAR not in actor.roles:
        raise Refused("Only the registrar can import or transcribe agreements.", "Ask the registrar.")


def _require_valid(document: Json) -> None:
    problems = errors_in(check_agreement(document))
    if problems:
        raise InvalidInput(" ".join(str(problem) for problem in problems))


def _require_free_numbers(session: Session, document: Json, agreement_id: str | None) -> None:
    for number in document.get("externalIds", ()):
        holder = session.get(AgreementNumber, (number["scheme"], number["id"]))
        if holder is not None and holder.agreement_id != agreement_id:
            raise Refused(
                f"The number {number['scheme']}:{number['id']} belongs to agreement {holder.agreement_id}.",
                "Revise that agreement, or correct the number.",
            )


def _personal_addresses(document: Json) -> list[Problem]:
    return [
        Problem(
            pointer,
            f"“{address}” may be a person’s address; a record that cannot be changed holds a role’s mailbox.",
            "Write for example data.protection@department.gov.uk, or leave it out.",
            title="Contact",
        )
        for pointer, address in _contacts(document)
        if is_email(address) and not is_role_address(address)
    ]


def _contacts(document: Json) -> Iterator[tuple[str, str]]:
    """Every mailbox that a record gives, whatever shape the record has, with its place."""
    parties, rights = document.get("parties"), document.get("rightsHandling")
    addresses = rights.get("contact") if isinstance(rights, dict) else None
    groups = [(f"/parties/{position}", party) for position, party in enumerate(_listed(parties))]
    groups += [(f"/{name}", document.get(name)) for name in ("jointControllerEssence", "complaints")]
    stated = [
        (f"{place}/{name}", group[name])
        for place, group in groups
        for name in ("contact", "dpoContact")
        if isinstance(group, dict) and name in group
    ]
    stated += [(f"/rightsHandling/contact/{position}", text) for position, text in enumerate(_listed(addresses))]
    yield from ((place, address) for place, address in stated if isinstance(address, str))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _dangling_names(document: Json) -> list[Problem]:
    """Parties with one name, and flows that name nobody among the parties."""
    parties, flows = document.get("parties"), document.get("flows")
    listed = parties if isinstance(parties, list) else []
    stated = [party.get("name") if isinstance(party, dict) else None for party in listed]
    names = [name for name in stated if isinstance(name, str)]
    twice = [
        Problem(
            f"/parties/{position}/name",
            f"Another party is called “{name}” too.",
            "Name each body once with all its roles, or write what tells the two apart.",
            title="Name",
        )
        for position, name in enumerate(stated)
        if isinstance(name, str) and name in stated[:position]
    ]
    return twice + [
        Problem(
            f"/flows/{position}/{end}",
            f"“{flow[end]}” is none of the parties.",
            f"Write one of: {', '.join(sorted(set(names)))}.",
            title=end.capitalize(),
        )
        for position, flow in enumerate(flows if isinstance(flows, list) else ())
        for end in ("from", "to")
        if isinstance(flow, dict) and isinstance(flow.get(end), str) and names and flow[end] not in names
    ]
