"""An agreement with all that happened to it, read for its pages with a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from catalogue.organisations.models import Organisation
from register.agreements.events import events_of
from register.agreements.happenings import history_of, surroundings_of
from register.agreements.models import Agreement, AgreementEvent, AgreementParty
from register.agreements.proceedings import dates_in_force
from register.agreements.projection import party_organisation
from register.agreements.read import state_now
from register.powers.table import PowersTable
from register.timeline import Happening, Surroundings, Timeline, timeline_of
from schemas.bundle import load_schema
from schemas.canonical import Json
from schemas.cleaning import clean_text
from schemas.errors import NotFound
from web.accounts.read import approver_organisations
from web.context import session, today
from web.listings import organisation_names
from web.presentation.agreement_blanks import with_blanks
from web.presentation.agreement_events import EventLine, event_line
from web.presentation.agreement_happened import Telling, actors_in
from web.presentation.changes import Change, changes_between


@dataclass(frozen=True)
class Life:
    """An agreement, its events oldest first, what they come to today, and the names of the bodies that acted.

    `timeline` is None where its source dates everything in time to come.
    """

    agreement: Agreement
    events: Sequence[AgreementEvent]
    history: Sequence[Happening]
    names: Mapping[str, str]
    state: str
    timeline: Timeline | None

    @property
    def proceedings(self) -> Json:
        """What happened beside the deal."""
        return self.agreement.proceedings or {}

    @property
    def codes(self) -> dict[int, str]:
        """The codes of its events by their numbers."""
        return {event.number: event.event for event in self.events}

    @property
    def telling(self) -> Telling:
        """The same in words, as of today."""
        return Telling(self.proceedings, self.names, today(), self.codes)

    @property
    def entered(self) -> date:
        """The day on which the newest text was put on the record."""
        return [one for one in self.history if one.version is not None][-1].registered_on.date()

    @property
    def dates(self) -> Json:
        """`endsOn`, `endCondition` and `nextReviewOn` in force."""
        return dates_in_force(self.agreement.document, self.proceedings)

    @property
    def is_over(self) -> bool:
        """Whether it cannot be reviewed or amended any more."""
        return self.state in {"ended", "rejected", "withdrawn"}

    def document(self, version: int) -> Json:
        """What one version says, in the newest schema, with marks where values were blanked. Raises NotFound."""
        for happening in self.history:
            if happening.version == version and happening.document is not None:
                blanked = self.proceedings.get("redactions", ())
                pointers = [entry.get("pointer", "") for entry in blanked if entry.get("version") == version]
                return with_blanks(happening.document, pointers, schema_of(happening.document))
        raise NotFound(f"Agreement {self.agreement.id} has no version {version}.")

    def lines(self) -> list[EventLine]:
        """Every event for a list, oldest first, each version with its differences from the one before."""
        texts = {one.version: one.document for one in self.history if one.document is not None}
        lines = []
        for event, said in zip(self.events, self.history, strict=True):
            before = texts.get((event.version or 0) - 1)
            changes = _changes(before, said.document) if before and said.document else ()
            lines.append(event_line(event, said, changes, self.names, self.codes))
        return lines


def schema_of(document: Json) -> Json:
    """The schema that a record is in."""
    return load_schema("agreement", document["schemaVersion"])


def _changes(before: Json, after: Json) -> tuple[Change, ...]:
    return tuple(changes_between(before, after, schema_of(after)))


def find(number: str) -> Agreement:
    """An agreement with its parties and their organisations. Raises NotFound."""
    parties = selectinload(Agreement.parties).selectinload(AgreementParty.organisation)
    found = session().scalar(select(Agreement).where(Agreement.id == clean_text(number)[0]).options(parties))
    if found is None:
        raise NotFound(f"There is no agreement “{number}”.")
    return found


def life_of(agreement: Agreement) -> Life:
    """All that happened to an agreement."""
    events, history = events_of(session(), agreement.id), history_of(session(), agreement)
    timeline = timeline_of(history, agreement.standing, today())
    acted = {event.actor_organisation for event in events if event.actor_organisation}
    registered_by = {agreement.document.get("provenance", {}).get("registeredBy", "")}
    known = acted | actors_in(agreement.proceedings or {}) | _slugs(agreement) | registered_by
    names = organisation_names(session(), known)
    return Life(agreement, events, history, names, state_now(agreement, today()), timeline)


def _slugs(agreement: Agreement) -> set[str]:
    return {party.organisation.slug for party in agreement.parties if party.organisation}


def around(life: Life, powers: PowersTable) -> Surroundings:
    """What is known around it: powers, the agreements it carries on, who its parties are and which could confirm."""
    can_confirm = approver_organisations(session())
    return surroundings_of(session(), [life.agreement], powers=powers, can_confirm=can_confirm)[life.agreement.id]


def party_addresses(agreement: Agreement, document: Json) -> dict[str, str]:
    """The addresses of the parties that are organisations here, by the names they bear in the record."""
    known = {party.name: party.organisation for party in agreement.parties}
    found: dict[str, Organisation | None] = {
        party["name"]: known[party["name"]] if party["name"] in known else party_organisation(session(), party)
        for party in document["parties"]
    }
    return {name: f"/organisations/{body.slug}" for name, body in found.items() if body}
