"""What the search hears of an agreement."""

from collections.abc import Collection, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from catalogue.datasets.search_documents import aliases_of, names_digest
from catalogue.organisations.models import Organisation
from catalogue.search.document import InState, SearchDocument
from catalogue.search.periods import period, years_of
from catalogue.search.place_names import place_name
from register.agreements.life import states_in_time
from register.agreements.models import Agreement, AgreementParty
from register.powers.models import Power
from schemas.canonical import Json
from schemas.codelists import title_of

KIND = "agreement"


def agreement_search_id(agreement: Agreement) -> str:
    """The id of an agreement in the index."""
    return f"agreement:{agreement.id}"


def agreement_search_document(agreement: Agreement) -> SearchDocument:
    """An agreement as the index holds it. Its revision is the number of its last event."""
    document = agreement.document
    powers, areas = document.get("legalPowers", ()), document.get("areas", ())
    covered = period(agreement.effective_from, agreement.ends_on)
    bodies = [party.organisation for party in agreement.parties if party.organisation]
    return SearchDocument(
        id=agreement_search_id(agreement),
        revision=agreement.last_event,
        kind=KIND,
        title=agreement.title,
        summary=document.get("summary") or document.get("purpose", ""),
        text=" \n".join(word for word in _words(document) if word),
        address=agreement.address,
        organisations=tuple(dict.fromkeys(body.slug for body in bodies)),
        organisation_names=tuple(dict.fromkeys(party["name"] for party in document["parties"])),
        organisation_aliases=aliases_of(bodies),
        themes=(),
        purposes=tuple(document.get("purposeCategories", ())),
        keywords=(),
        formats=(),
        access=None,
        licence=None,
        covers=(covered,) if covered else (),
        years=years_of([covered] if covered else ()),
        powers=tuple(dict.fromkeys(map(_power_value, powers))),
        power_names=tuple(dict.fromkeys(name for power in powers for name in _power_names(power))),
        places=tuple(dict.fromkeys(name for area in areas if (name := place_name(area)))),
        place_codes=tuple(area["code"] for area in areas if "code" in area),
        states=tuple(InState(*one) for one in states_in_time(document, agreement.standing, agreement.proceedings)),
        issued=agreement.registered_on.date().isoformat(),
        modified=agreement.changed_at.date().isoformat(),
        recorded_at=agreement.changed_at.isoformat(),
        first_recorded_at=agreement.registered_on.isoformat(),
    )


def _power_value(power: Json) -> str:
    """What a power is counted by: its short name where it is one that is known here, else what the record calls it."""
    return power.get("power") or _power_name(power)


def _power_names(power: Json) -> Iterator[str]:
    """What a reader may call it: all of it, its law, its law and provision, its title."""
    law, provision = power.get("instrument"), power.get("provision")
    names = (_power_name(power), law, " ".join((law, provision)) if law and provision else None, power.get("title"))
    yield from (name for name in names if name and name != _power_value(power))


def _power_name(power: Json) -> str:
    parts = [power.get("instrument"), power.get("provision"), power.get("title")]
    return ", ".join(part for part in parts if part)


def _words(document: Json) -> Iterator[str]:
    yield document["id"]
    yield from (number["id"] for number in document.get("externalIds", ()))
    yield from (document.get(name, "") for name in ("purpose", "effectOnIndividuals", "postProcessing", "scale"))
    yield from (benefit["text"] for benefit in document.get("expectedBenefits", ()))
    yield from (title_of("purpose-category", code) for code in document.get("purposeCategories", ()))
    yield from (_power_name(power) for power in document.get("legalPowers", ()))
    yield from (party["name"] for party in document["parties"])
    yield from (area.get("name", "") for area in document.get("areas", ()))
    yield document.get("method", {}).get("text", "")
    for flow in document.get("flows", ()):
        for link in flow.get("datasets", ()):
            yield from (link.get("title", ""), link.get("description", ""))
            yield from (item["name"] for item in link.get("dataItems", ()))


class AgreementDocuments:
    """Every agreement that belongs into the index, for a rebuild and for finding drift.

    A withdrawn agreement stays in it: it keeps its page, and readers look for it.
    """

    prefix = "agreement:"

    def documents(self, session: Session, ids: Collection[str] | None) -> Iterator[SearchDocument]:
        """The search documents of all agreements, or of those with these index ids."""
        parties = selectinload(Agreement.parties).selectinload(AgreementParty.organisation)
        query = select(Agreement).options(parties.selectinload(Organisation.names)).order_by(Agreement.serial)
        if ids is not None:
            query = query.where(Agreement.id.in_([number.removeprefix(self.prefix) for number in ids]))
        for agreement in session.scalars(query.execution_options(yield_per=500)):
            yield agreement_search_document(agreement)

    def revisions(self, session: Session) -> Iterator[tuple[str, int]]:
        """The index id and revision of every agreement."""
        query = select(Agreement.id, Agreement.last_event)
        for number, revision in session.execute(query.execution_options(yield_per=5000)):
            yield f"{self.prefix}{number}", revision

    def basis(self, session: Session) -> str:
        """The names of all organisations, and the powers as they now are."""
        powers = session.execute(select(func.count(), func.max(Power.changed_at)).select_from(Power)).one()
        return f"{names_digest(session)} {powers[0]} {powers[1]}"
