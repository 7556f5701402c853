"""Agreements: the list, each one's page, its versions and its history."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from catalogue.contacts import contact_numbered
from catalogue.organisations.models import Organisation
from register import timeline
from register.agreements.events import events_of
from register.agreements.happenings import history_of, surroundings_of
from register.agreements.models import Agreement, AgreementEvent, AgreementParty
from register.agreements.projection import party_organisation
from register.agreements.read import Version, agreement_count, state_now, versions_of
from register.flags import Flag, flags_of
from register.powers.read import powers_table
from register.powers.table import PowersTable
from schemas.bundle import load_schema
from schemas.canonical import Json
from schemas.cleaning import clean_text
from schemas.codelists import title_of
from schemas.errors import NotFound
from schemas.upgrades import upgrade
from web.accounts.read import approver_organisations
from web.context import session, today
from web.listings import agreements_page, agreements_with_ids, dataset_titles
from web.pages.datasets import number_in_address
from web.presentation import agreement_terms as terms
from web.presentation import agreements as shown
from web.presentation.changes import Change, changes_between
from web.presentation.record import entries_of, fields_of, titles_of
from web.presentation.search import PAGE_SIZE, page_count, read_page
from web.presentation.summaries import agreement_line

blueprint = Blueprint("agreements", __name__)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event in the life of an agreement, with what the version it made says and what that changed."""

    event: AgreementEvent
    title: str
    said: timeline.Happening
    changes: tuple[Change, ...]

    @property
    def document(self) -> Json | None:
        """What the version that it made says."""
        return self.said.document

    @property
    def was_imported(self) -> bool:
        """Whether it stood in another register before it was recorded here."""
        return self.event.registered_on.date() != self.event.recorded_at.date()


@blueprint.get("/agreements")
def agreements() -> ResponseReturnValue:
    """Every agreement, those last registered first, twenty a page. It works without the search index."""
    total = agreement_count(session())
    pages = page_count(total)
    page = min(read_page(request.args.to_dict(flat=False)), pages)
    found = agreements_page(session(), (page - 1) * PAGE_SIZE, PAGE_SIZE)
    lines = [agreement_line(agreement, today()) for agreement in found]
    return render_template("agreements.html", lines=lines, total=total, page=page, pages=pages)


@blueprint.get("/agreements/<number>")
def agreement(number: str) -> ResponseReturnValue:
    """An agreement as it now is; a withdrawn one keeps its page (status 200)."""
    found = _agreement(number)
    return _page(found, upgrade(found.document), None)


@blueprint.get("/agreements/<number>/versions/<version>")
def version(number: str, version: str) -> ResponseReturnValue:
    """An agreement as one version has it."""
    found = _agreement(number)
    wanted = number_in_address(version)
    for held in versions_of(session(), found):
        if held.number == wanted:
            return _page(found, upgrade(held.document), held)
    raise NotFound(f"Agreement {found.id} has no version {wanted}.")


@blueprint.get("/agreements/<number>/history")
def history(number: str) -> ResponseReturnValue:
    """What happened so far, newest first, with what each version changed."""
    found = _agreement(number)
    return render_template("agreement_history.html", agreement=found, happenings=_happenings(found)[::-1])


def _agreement(number: str) -> Agreement:
    parties = selectinload(Agreement.parties).selectinload(AgreementParty.organisation)
    found = session().scalar(select(Agreement).where(Agreement.id == clean_text(number)[0]).options(parties))
    if found is None:
        raise NotFound(f"There is no agreement “{number}”.")
    return found


def _page(agreement: Agreement, document: Json, version: Version | None) -> str:
    code = state_now(agreement, today())
    happenings = _happenings(agreement)
    reviewed = [h.event.recorded_at.date() for h in happenings if h.event.event == "reviewed"]
    addresses = _party_addresses(agreement, document)
    schema = load_schema("agreement", document["schemaVersion"])
    powers = powers_table(session()) if "legalPowers" in document else terms.NO_POWERS
    return render_template(
        "agreement.html",
        agreement=agreement,
        document=document,
        version=version,
        newest=version is None or version.number == agreement.version,
        state=shown.show_state(code, upgrade(agreement.document)),
        people=shown.show_people(document),
        identifiability=shown.show_identifiability(document),
        opt_outs=shown.opt_outs(document),
        flows=shown.show_flows(document, addresses, dataset_titles(session(), shown.catalogued(document))),
        parties=shown.show_parties(document, addresses),
        end_condition=shown.show_end_condition(document),
        terms=terms,
        laws=terms.show_laws(document, powers, terms.day_in_force(document, today())),
        review=terms.review_sentence(document, code, reviewed, today()),
        related=terms.show_related(document, _titles(terms.numbers_related(document))),
        withheld=terms.show_withheld(document, titles_of(schema)),
        happenings=happenings,
        noticed=_noticed(agreement, happenings, powers),
        fields=fields_of(terms.without_told(document), schema),
        rights_contact=contact_numbered(session(), document.get("rightsHandling", {}).get("contactRecord")),
        entries=entries_of(document, schema),
    )


def _titles(numbers: Sequence[str]) -> dict[str, str]:
    """The titles of agreements of this register by their numbers."""
    return {number: found.title for number, found in agreements_with_ids(session(), numbers).items()}


def _party_addresses(agreement: Agreement, document: Json) -> dict[str, str]:
    """The addresses of the parties that are organisations here, by the names they bear in the record."""
    known = {party.name: party.organisation for party in agreement.parties}
    found: dict[str, Organisation | None] = {
        party["name"]: known[party["name"]] if party["name"] in known else party_organisation(session(), party)
        for party in document["parties"]
    }
    return {name: f"/organisations/{body.slug}" for name, body in found.items() if body}


def _happenings(agreement: Agreement) -> list[Happening]:
    """The events, oldest first, each version with its differences from the one before."""
    return _with_changes(events_of(session(), agreement.id), history_of(session(), agreement))


def _with_changes(events: Sequence[AgreementEvent], history: Sequence[timeline.Happening]) -> list[Happening]:
    documents = {happening.version: happening.document for happening in history if happening.document is not None}
    happenings = []
    for event, said in zip(events, history, strict=True):
        before = documents.get((event.version or 0) - 1)
        changes = _changes(before, said.document) if before and said.document else []
        happenings.append(Happening(event, title_of("agreement-event", event.event), said, tuple(changes)))
    return happenings


def _noticed(agreement: Agreement, happenings: Sequence[Happening], powers: PowersTable) -> list[Flag]:
    """What the record says of itself as of today."""
    can_confirm = approver_organisations(session())
    around = surroundings_of(session(), [agreement], powers=powers, can_confirm=can_confirm)
    history = [happening.said for happening in happenings]
    return flags_of(history, agreement.standing, today(), around[agreement.id])


def _changes(before: Json, after: Json) -> list[Change]:
    return changes_between(before, after, load_schema("agreement", after["schemaVersion"]))
