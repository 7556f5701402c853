"""What people do to single datasets by hand: adding one, giving it a new revision, withdrawing it."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.contacts import contact_numbered, is_role_address
from catalogue.datasets.importing import import_dataset
from catalogue.datasets.models import CataloguedResource
from catalogue.datasets.record import withdraw_dataset
from schemas.actor import Actor, Role
from schemas.canonical import Json
from schemas.checking import is_email
from schemas.cleaning import clean_text
from schemas.clock import Clock, Ids
from schemas.errors import Conflict, InvalidInput, NotFound, Refused
from schemas.outcomes import Action, Outcome
from schemas.reading import Read

OWN = "own"
"""The source of datasets that are added one by one."""

_AROUND_ADDRESSES = "()[]{}<>.,;:!?'\"“”‘’"


def add_dataset(
    session: Session, actor: Actor, read: Read, clock: Clock, ids: Ids, *, restore: bool = False
) -> Outcome:
    """Add one dataset that is not here yet; with `restore`, bring the withdrawn one with its identifier back.

    Raises Refused where the actor may not, or one with its identifier is here already; InvalidInput where it names a
    contact that is not held, NotFound where there is none to restore. What breaks the schema is refused in the outcome.
    """
    held = session.scalar(
        select(CataloguedResource)
        .where(CataloguedResource.identifier == read.identifier)
        .order_by(CataloguedResource.state)  # one that is not withdrawn comes first
        .limit(1)
    )
    if held is None and restore:
        raise NotFound(f"There is no dataset “{read.identifier}” to restore.", "Leave out --restore to add it.")
    if held is not None:
        _require_restorable(held, restore=restore)
        _require_keeper(actor, held.publisher_id, held.title)
        read = replace(read, document=_with_same_publisher(held, read.document or {}))
    _require_contact(session, read.document or {})
    source = held.source if held else OWN
    outcome = import_dataset(session, actor, read, source, clock, ids)
    return _still_kept_by(session, actor, outcome, source)


def revise_dataset(
    session: Session,
    actor: Actor,
    resource: CataloguedResource,
    read: Read,
    clock: Clock,
    ids: Ids,
    *,
    from_revision: int | None = None,
) -> Outcome:
    """Give a dataset a new revision with what a file says; the same content changes nothing.

    `from_revision` is the revision that the file was made from, where that is known. Raises Refused where the actor
    may not; Conflict where the dataset is withdrawn or has gone on since `from_revision`; InvalidInput where the file
    is of another dataset or names a contact that is not held. What breaks the schema is refused in the outcome.
    """
    _lock(session, resource)
    _require_keeper(actor, resource.publisher_id, resource.title)
    if resource.state == "withdrawn":
        raise Conflict(
            f"“{resource.title}” is withdrawn: {resource.withdrawn_reason}",
            "Its last record stays as it is. “gazette catalogue add FILE --restore” brings it back as FILE says.",
        )
    before, document = resource.revision, read.document or {}
    _require_same_identifier(resource, document)
    _require_contact(session, document)
    revised = replace(read, identifier=resource.identifier, document=_with_same_publisher(resource, document))
    outcome = import_dataset(session, actor, revised, resource.source, clock, ids)
    if outcome.action is Action.CHANGED and from_revision not in {None, before}:
        raise Conflict(
            f"The file was made from revision {from_revision}; the dataset is at revision {before} now.",
            "Nothing was changed. Take the newest record, and make your change in it.",
        )
    return _still_kept_by(session, actor, outcome, resource.source)


def withdraw_by_hand(session: Session, actor: Actor, resource: CataloguedResource, reason: str, clock: Clock) -> None:
    """Withdraw a dataset for a reason that everyone can read from then on.

    Raises Refused where the actor may not, it is withdrawn already, or the reason is empty; InvalidInput where the
    reason has the address of a person.
    """
    _lock(session, resource)
    _require_keeper(actor, resource.publisher_id, resource.title)
    said = " ".join(clean_text(reason)[0].split())
    for word in said.split():
        address = word.strip(_AROUND_ADDRESSES)
        if is_email(address) and not is_role_address(address):
            raise InvalidInput(
                f"The reason has an e-mail address that may be a person’s: {address}.",
                "Leave it out: the reason cannot be changed later, so it must not name a person.",
            )
    if resource.state == "withdrawn" and resource.withdrawn_reason:
        raise Conflict(
            f"“{resource.title}” is withdrawn already: {resource.withdrawn_reason}",
            "Nothing was changed, and the reason given first stays.",
        )
    withdraw_dataset(session, actor, resource, said, clock)


def _lock(session: Session, resource: CataloguedResource) -> None:
    """Have the dataset as it is now, and nobody else change it until the transaction ends."""
    session.refresh(resource, with_for_update=True)


def _require_keeper(actor: Actor, publisher: str | None, title: str) -> None:
    """A registrar may, and so may an approver of the body that publishes the dataset."""
    if Role.REGISTRAR in actor.roles:
        return
    if Role.APPROVER in actor.roles and actor.organisation and actor.organisation == publisher:
        return
    raise Refused(
        f"The account {actor.account} may not change “{title}”.",
        "Ask a registrar of this register, or an approver of the body that publishes it.",
    )


def _still_kept_by(session: Session, actor: Actor, outcome: Outcome, source: str) -> Outcome:
    """The outcome, where the dataset as it became is one that the actor may keep. Raises Refused."""
    if outcome.action is Action.REFUSED:
        return outcome
    publisher = session.scalar(
        select(CataloguedResource.publisher_id).where(
            CataloguedResource.source == source, CataloguedResource.identifier == outcome.identifier
        )
    )
    _require_keeper(actor, publisher, outcome.title)
    return outcome


def _require_restorable(held: CataloguedResource, *, restore: bool) -> None:
    if held.state != "withdrawn":
        raise Refused(
            f"“{held.title}” ({held.identifier}) is in the catalogue already, at {held.address}.",
            f"Nothing was added. To change it, use “gazette catalogue revise {held.slug} FILE”; "
            "give a new dataset an identifier of its own.",
        )
    if not restore:
        raise Refused(
            f"“{held.title}” ({held.identifier}), at {held.address}, was withdrawn: {held.withdrawn_reason}",
            "Nothing was added. With --restore it comes back at its address, as the file says; "
            "give a new dataset an identifier of its own.",
        )


def _require_contact(session: Session, document: Json) -> None:
    """Refuse a contact that is written out instead of pointed to."""
    contact = document.get("contactPoint")
    if contact is not None and contact_numbered(session, contact) is None:
        raise InvalidInput(
            f"There is no contact with the number “{contact}”.",
            "Leave contactPoint out: a record that cannot be changed must not name a person.",
        )


def _require_same_identifier(resource: CataloguedResource, document: Json) -> None:
    """The identifier stays for good: it is how a dataset is known again. Where none was stated, its key may be."""
    here = resource.document.get("identifier")
    stated = document.get("identifier")
    if stated == here or (here is None and stated == resource.identifier):
        return
    says = f"The file is of the dataset “{stated}”" if stated else "The file states no identifier"
    raise InvalidInput(
        f"{says}; “{resource.title}” has the identifier “{here or resource.identifier}”.",
        "Nothing was changed. An identifier stays the same for good: check that this is the right file.",
    )


def _with_same_publisher(resource: CataloguedResource, document: Json) -> Json:
    """The document; where it only repeats the publisher's name, with the body that this name stands for here."""
    before, after = resource.document.get("publisher", {}), document.get("publisher", {})
    same = "organisation" in before and "organisation" not in after and before["name"] == after.get("name")
    return {**document, "publisher": {**after, "organisation": before["organisation"]}} if same else document
