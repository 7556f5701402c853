"""Keeping the runs of a harvest: begun, written down record by record, finished, read back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.harvest.models import HarvestOutcome, HarvestRun, HarvestSource
from schemas.clock import Clock, Ids
from schemas.outcomes import Outcome


def begin_run(session: Session, source: HarvestSource, clock: Clock, ids: Ids) -> str:
    """The number of a new run."""
    run = HarvestRun(id=ids(), source_id=source.id, started_at=clock(), state="running")
    session.add(run)
    session.flush()
    return run.id


def finish_run(session: Session, run_id: str, *, complete: bool, listed: int, message: str, clock: Clock) -> None:
    """Say how a run ended."""
    run = session.get_one(HarvestRun, run_id)
    run.state = "complete" if complete else "incomplete"
    run.listed, run.message, run.finished_at = listed, message or None, clock()


@dataclass(slots=True)
class Journal:
    """Writes the outcomes of one run down, each in the transaction of its change."""

    run_id: str
    _positions: Iterator[int]

    @classmethod
    def of(cls, run_id: str) -> "Journal":
        """The journal of a run that has no outcomes yet."""
        return cls(run_id, count(1))

    def write(self, session: Session, outcome: Outcome) -> None:
        """Write one outcome down."""
        session.add(
            HarvestOutcome(
                run_id=self.run_id,
                position=next(self._positions),
                action=str(outcome.action),
                place=outcome.place,
                identifier=outcome.identifier,
                title=outcome.title,
                address=outcome.address,
                problems=[problem.as_json() for problem in outcome.problems],
                notes=list(outcome.notes),
            )
        )


def newest_run(session: Session, source: HarvestSource) -> HarvestRun | None:
    """The run that was begun last."""
    return session.scalar(
        select(HarvestRun)
        .where(HarvestRun.source_id == source.id)
        .order_by(HarvestRun.started_at.desc(), HarvestRun.id.desc())
        .limit(1)
    )


def outcomes_of(session: Session, run: HarvestRun) -> Sequence[HarvestOutcome]:
    """What became of every record in a run, in the order in which it was done."""
    return session.scalars(
        select(HarvestOutcome).where(HarvestOutcome.run_id == run.id).order_by(HarvestOutcome.position)
    ).all()
