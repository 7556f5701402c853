"""The rows that are read out of events and bodies, and what the catalogue and the search are told of them.

The writing services call `project` after every event; making the whole register anew is the same function over all
agreements.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalogue.datasets.references import ReferenceDetails, replace_references
from catalogue.organisations.models import Organisation
from catalogue.organisations.record import organisation_by_identifier
from catalogue.search.service import enqueue_document, enqueue_removal
from register.agreements.events import body_document, events_of
from register.agreements.life import Record, fold
from register.agreements.models import Agreement, AgreementNumber, AgreementParty
from register.agreements.search_documents import agreement_search_document, agreement_search_id
from schemas.canonical import Json, fingerprint
from schemas.clock import Clock, Ids

SHARED_UNDER = "shared-under"
"""The relation of a dataset to an agreement under which it is shared."""


def project(session: Session, agreement_id: str, clock: Clock, ids: Ids) -> Agreement:
    """Make the rows of one agreement what its events say, and tell the datasets it names and the search."""
    record = fold(events_of(session, agreement_id), lambda sha256: body_document(session, sha256))
    agreement = _row(session, agreement_id, record)
    _project_parties(session, agreement)
    _project_numbers(session, agreement)
    session.flush()
    replace_references(session, agreement.address, list(_references(agreement)), ids)
    enqueue_document(session, agreement_search_document(agreement), clock)
    return agreement


def remove_row(session: Session, agreement_id: str, clock: Clock, ids: Ids) -> None:
    """Take away a row that no event calls for, and all that was told of it."""
    agreement = session.get_one(Agreement, agreement_id)
    session.execute(delete(AgreementNumber).where(AgreementNumber.agreement_id == agreement_id))
    replace_references(session, agreement.address, [], ids)
    enqueue_removal(session, agreement_search_id(agreement), agreement.last_event, clock)
    session.delete(agreement)
    session.flush()


def content_of(document: Json) -> str:
    """What two records with the same content have in common, whatever number they bear."""
    return fingerprint({name: value for name, value in document.items() if name != "id"})


def values_of(record: Record) -> dict[str, Any]:
    """The columns of an agreement's row, from what its events leave it as."""
    document, dates = record.document, record.dates
    return {
        "title": document["title"],
        "standing": record.standing,
        "version": record.version,
        "document": document,
        "proceedings": record.proceedings or None,
        "content_sha256": content_of(document),
        "last_event": record.last_event,
        "effective_from": document.get("effectiveFrom"),
        "ends_on": dates.get("endsOn"),
        "next_review_on": dates.get("nextReviewOn"),
        "registered_on": record.registered_on,
        "changed_at": record.changed_at,
    }


def _row(session: Session, agreement_id: str, record: Record) -> Agreement:
    values = values_of(record)
    agreement = session.get(Agreement, agreement_id)
    if agreement is None:
        serial = int(agreement_id.rpartition("-")[2])
        agreement = Agreement(id=agreement_id, serial=serial, parties=[], **values)
        session.add(agreement)
    else:
        for name, value in values.items():
            setattr(agreement, name, value)
    session.flush()
    return agreement


def parties_in(document: Json) -> list[dict[str, Any]]:
    """The columns of the rows of an agreement's parties, but for the organisation each is found to be."""
    flows = document.get("flows", ())
    senders = {flow["from"] for flow in flows if "from" in flow}
    receivers = {flow["to"] for flow in flows if "to" in flow}
    return [
        {
            "position": position,
            "name": party["name"],
            "sends": "discloser" in party.get("flowRole", ()) or party["name"] in senders,
            "receives": "recipient" in party.get("flowRole", ()) or party["name"] in receivers,
        }
        for position, party in enumerate(document["parties"])
    ]


def numbers_in(document: Json) -> set[tuple[str, str]]:
    """What other lists call an agreement, as (scheme, value)."""
    return {(number["scheme"], number["id"]) for number in document.get("externalIds", ())}


def _project_parties(session: Session, agreement: Agreement) -> None:
    agreement.parties.clear()
    session.flush()
    for party, values in zip(agreement.document["parties"], parties_in(agreement.document), strict=True):
        agreement.parties.append(AgreementParty(organisation=party_organisation(session, party), **values))


def party_organisation(session: Session, party: Json) -> Organisation | None:
    """The organisation a party is, by its short name, else by a number it bears. Names alone do not decide."""
    slug = party.get("organisation")
    if slug and (named := session.scalar(select(Organisation).where(Organisation.slug == slug))):
        return named
    for identifier in party.get("identifiers", ()):
        if body := organisation_by_identifier(session, identifier["scheme"], identifier["id"]):
            return body
    return None


def _project_numbers(session: Session, agreement: Agreement) -> None:
    session.execute(delete(AgreementNumber).where(AgreementNumber.agreement_id == agreement.id))
    session.add_all(
        AgreementNumber(scheme=scheme, value=value, agreement_id=agreement.id)
        for scheme, value in sorted(numbers_in(agreement.document))
    )


def _references(agreement: Agreement) -> Iterator[ReferenceDetails]:
    """One for each dataset that a flow names, catalogued already or not yet."""
    slugs = {
        link["catalogueId"]
        for flow in agreement.document.get("flows", ())
        for link in flow.get("datasets", ())
        if "catalogueId" in link
    }
    for slug in sorted(slugs):
        yield ReferenceDetails(slug, SHARED_UNDER, agreement.title, agreement.standing)
