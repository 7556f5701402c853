"""Made-up agreements, and a register to put them in."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from register.agreements.events import NewEvent, append, locked_head, open_register
from register.agreements.models import Agreement, AgreementEvent
from register.agreements.projection import project
from register.agreements.record import Source, revise_agreement, sign_agreement
from register.importing import Importer
from schemas.actor import LOCAL_REGISTRAR
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.database.engine import Database
from tests.fakes import CountingIds, FakeClock, SeededRandomness


def agreement(**members: Any) -> Json:
    """A record with what every source can give, and these members; a member given as None is left out."""
    document = {
        "schemaVersion": AGREEMENT_VERSION,
        "title": "Finding people who are owed a refund",
        "parties": [
            {"name": "Ministry of Rivers", "flowRole": ["discloser"]},
            {"name": "Bridges Office", "flowRole": ["recipient"]},
        ],
        "provenance": {"source": "official"},
        **members,
    }
    return {name: value for name, value in document.items() if value is not None}


@dataclass
class Register:
    """The services of the register with their clock and chance, for one session at a time."""

    clock: FakeClock
    ids: CountingIds
    randomness: SeededRandomness = field(default_factory=SeededRandomness)

    def open(self, database: Database) -> None:
        with database.write() as session:
            open_register(session)

    @property
    def importer(self) -> Importer:
        return Importer(LOCAL_REGISTRAR, self.clock, self.ids, self.randomness)

    def sign(self, session: Session, document: Json, source: Source | None = None) -> Agreement:
        return sign_agreement(
            session,
            LOCAL_REGISTRAR,
            document,
            source or Source(),
            clock=self.clock,
            ids=self.ids,
            randomness=self.randomness,
        )

    def revise(
        self, session: Session, found: Agreement, document: Json, event: str = "amended", source: Source | None = None
    ) -> Agreement:
        return revise_agreement(
            session,
            LOCAL_REGISTRAR,
            found,
            event,
            document,
            source or Source(),
            clock=self.clock,
            ids=self.ids,
            randomness=self.randomness,
        )

    def happen(self, session: Session, agreement_id: str, event: str) -> Agreement:
        """Append an event that makes no version."""
        append(session, locked_head(session), NewEvent(agreement_id=agreement_id, event=event), self.clock)
        return project(session, agreement_id, self.clock, self.ids)


def numbers_and_times(session: Session) -> list[tuple[int, datetime]]:
    """The number and recorded time of every event."""
    query = session.query(AgreementEvent).order_by(AgreementEvent.number)
    return [(event.number, event.recorded_at) for event in query]
