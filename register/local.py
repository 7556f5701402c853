"""The register of a data folder: the services, each call one unit of work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast, get_args

from sqlalchemy.orm import Session

from catalogue.organisations.models import Organisation
from register.agreements.described import agreement_line, described, described_draft, draft_line, event_lines
from register.agreements.models import Agreement
from register.agreements.read import all_agreements
from register.agreements.record import find_agreement
from register.checks.record import check_records
from register.checks.tables import tables_for
from register.forms.lookup import DatabaseLookup, Lookup, Sought
from register.lifecycle.acting import Act, Tools, act_on, enter, facts_of_document, loaded
from register.lifecycle.drafts import discard_draft, draft_of, drafts_of, publish_draft, save_draft
from register.lifecycle.receipts import next_steps, sentence_of
from register.reports import due_in, flag_line, flags_in
from schemas.actor import Actor
from schemas.canonical import Json
from schemas.database.engine import Database
from schemas.errors import InvalidInput
from schemas.problems import Problem

WAITING_WITHIN = 30
"""Days: what is due later does not wait for anybody yet."""

SOUGHT: tuple[str, ...] = get_args(Sought)
"""What can be looked for by name."""


@dataclass(frozen=True)
class LocalRegister:
    """One register in a database, as one actor sees it.

    `written` is called after every change, outside of it; `confirming` gives the organisations (slugs) with an
    account that can confirm.
    """

    database: Database
    actor: Actor
    tools: Tools
    written: Callable[[], None] = lambda: None
    confirming: Callable[[Session], frozenset[str]] = lambda _session: frozenset()

    def agreements(self, *, state: str | None = None, organisation: str | None = None) -> list[Json]:
        """See `RegisterApi`."""
        with self.database.read() as session:
            lines = [agreement_line(agreement, self._today()) for agreement in all_agreements(session)]
        return [
            line
            for line in lines
            if state in {None, line["stateCode"]} and (organisation is None or organisation in line["organisations"])
        ]

    def agreement(self, name: str, version: int | None = None) -> Json:
        """See `RegisterApi`."""
        with self.database.read() as session:
            return described(session, find_agreement(session, name), version, self._today())

    def history(self, name: str) -> list[Json]:
        """See `RegisterApi`."""
        with self.database.read() as session:
            return event_lines(session, find_agreement(session, name))

    def whoami(self) -> Json:
        """See `RegisterApi`."""
        with self.database.read() as session:
            return described_actor(session, self.actor, self._today(), self.confirming(session))

    def flags(self, name: str | None = None, as_of: str | None = None) -> list[Json]:
        """See `RegisterApi`."""
        day = date.fromisoformat(as_of) if as_of else self._today()
        with self.database.read() as session:
            chosen = [find_agreement(session, name)] if name else all_agreements(session)
            found = flags_in(session, chosen, day, self.confirming(session))
            return [flag_line(agreement, flag) for agreement, flag in found]

    def due(self, *, organisation: str | None = None, within: int | None = None) -> list[Json]:
        """See `RegisterApi`."""
        with self.database.read() as session:
            found = due_in(session, organisation, within, self._today(), self.confirming(session))
        return [one.as_json() for one in found]

    def check(self, documents: Sequence[Json], profiles: Sequence[str]) -> list[list[Json]]:
        """See `RegisterApi`."""
        with self.database.read() as session:
            tables = tables_for(session, documents)
        found = check_records(documents, tables, profiles=profiles, today=self._today())
        return [problems_as_json(problems) for problems in found]

    def lookup(self, kind: str, text: str) -> list[Json]:
        """See `RegisterApi`."""
        return found_by_name(DatabaseLookup(self.database), kind, text)

    def drafts(self) -> list[Json]:
        """See `RegisterApi`."""
        with self.database.read() as session:
            return [draft_line(draft) for draft in drafts_of(session, self.actor)]

    def draft(self, draft: str) -> Json:
        """See `RegisterApi`."""
        with self.database.read() as session:
            return described_draft(draft_of(session, self.actor, draft))

    def save_draft(self, document: Json, draft: str | None = None, on_revision: int | None = None) -> Json:
        """See `RegisterApi`."""
        with self.database.write() as session:
            return saved(session, self.actor, document, draft, on_revision, self.tools)

    def discard_draft(self, draft: str) -> None:
        """See `RegisterApi`."""
        with self.database.write() as session:
            discard_draft(session, self.actor, draft)

    def publish(self, draft: str, event: str, details: Json, on_revision: int | None = None) -> Json:
        """See `RegisterApi`."""
        with self.database.write() as session:
            agreement = publish_draft(session, self.actor, draft, event, details, on_revision, self.tools)
            receipt = receipt_of(session, agreement, event, self._today(), self.confirming(session))
        self.written()
        return receipt

    def propose(self, document: Json, details: Json) -> Json:
        """See `RegisterApi`."""
        with self.database.write() as session:
            agreement = enter(session, self.actor, "proposed", document, details, self.tools)
            receipt = receipt_of(session, agreement, "proposed", self._today(), self.confirming(session))
        self.written()
        return receipt

    def act(self, name: str, act: Act) -> Json:
        """See `RegisterApi`."""
        with self.database.write() as session:
            found = loaded(session, find_agreement(session, name).id)
            agreement = act_on(session, self.actor, found, act, self.tools)
            receipt = receipt_of(session, agreement, act.event, self._today(), self.confirming(session))
        self.written()
        return receipt

    def _today(self) -> date:
        return self.tools.clock().date()


def described_actor(session: Session, actor: Actor, today: date, can_confirm: frozenset[str]) -> Json:
    """An account as it may see itself, with what waits for its organisation."""
    own = session.get(Organisation, actor.organisation) if actor.organisation else None
    waiting = due_in(session, own.slug, WAITING_WITHIN, today, can_confirm) if own else []
    return {
        "account": actor.account,
        "organisation": {"slug": own.slug, "name": own.name} if own else None,
        "roles": sorted(actor.roles),
        "waiting": [one.as_json() for one in waiting],
    }


def found_by_name(lookup: Lookup, kind: str, text: str) -> list[Json]:
    """What a lookup finds, as JSON. Raises InvalidInput for a kind of thing that there is not."""
    if kind not in SOUGHT:
        raise InvalidInput(f"There is nothing called “{kind[:60]}” to look for.", f"Look for: {', '.join(SOUGHT)}.")
    found = lookup.search(cast(Sought, kind), text)
    return [{"code": one.code, "title": one.title, "note": one.note, "fills": dict(one.fills)} for one in found]


def receipt_of(session: Session, agreement: Agreement, event: str, today: date, can_confirm: frozenset[str]) -> Json:
    """What an act brought about: the agreement, a sentence, and what waits to be done at once, for whom."""
    return {
        "agreement": described(session, agreement, None, today),
        "sentence": sentence_of(agreement, event),
        "next": next_steps(session, agreement, today, can_confirm),
    }


def saved(
    session: Session, actor: Actor, document: Json, draft: str | None, on_revision: int | None, tools: Tools
) -> Json:
    """Save a draft, and what comes next: signing it, or proposing it where another party leads."""
    held, warnings = save_draft(session, actor, document, draft, on_revision, tools)
    own = session.get_one(Organisation, held.organisation_id)
    leads = any(party.leads and party.organisation == own.id for party in facts_of_document(session, held.document))
    if leads:
        step = {"sentence": f"{held.id} waits to be signed.", "command": f"gazette register sign {held.id}"}
    else:
        sentence = f"Another party leads and signs; make {held.id} public, so that it can."
        step = {"sentence": sentence, "command": f"gazette register submit {held.id} --proposed"}
    return {
        "draft": described_draft(held),
        "sentence": f"Saved as {held.id}, revision {held.revision}: only your organisation sees it.",
        "warnings": problems_as_json(warnings),
        "next": [{"who": [own.name], "organisations": [own.slug], **step}],
    }


def problems_as_json(problems: Sequence[Problem]) -> list[Json]:
    """Problems as flat JSON objects."""
    return [problem.as_json() for problem in problems]
