"""One run of a harvest: what the source lists is taken in, and what has left it is withdrawn, never deleted."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.datasets.importing import Feed, import_datasets
from catalogue.datasets.models import CataloguedResource
from catalogue.datasets.record import withdraw_dataset
from catalogue.formats.ckan import why_not_taken
from catalogue.formats.ckan_feed import read_package
from catalogue.harvest.ckan import Page
from schemas.actor import Actor
from schemas.clock import Clock, Ids
from schemas.outcomes import Action, Outcome
from schemas.reading import Read

Work = Callable[[Session], Iterator[Outcome]]
"""A piece of a run that writes: one step for each record."""

Batches = Callable[[Work], Iterator[Outcome]]
"""Carries a piece out: with sessions of its own, committing as it goes, or (for a dry run) taking all back."""


@dataclass(frozen=True, slots=True)
class Job:
    """Whose records are harvested, where from, and who does it. `key` is the first half of every record's key."""

    key: str
    url: str
    actor: Actor
    clock: Clock
    ids: Ids


@dataclass(slots=True)
class Tally:
    """What a run has seen. `halted` says why nothing was withdrawn although records were missing; else it is empty."""

    listed: int = 0
    counts: set[int] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    halted: str = ""

    @property
    def whole(self) -> bool:
        """Whether every record that the source counted was listed, and the list stood still meanwhile."""
        return self.counts == {len(self.numbers)} or (not self.counts and not self.numbers)


def harvest(pages: Iterable[Page], job: Job, batches: Batches, tally: Tally) -> Iterator[Outcome]:
    """Carry a run out, one step for each record.

    Nothing is held in a transaction while the source is being asked. Whatever goes wrong in reading the list is
    raised, and then nothing is withdrawn.
    """
    for page in pages:
        reads = _read_page(page, job, tally)
        yield from batches(partial(_take, job, reads))
    yield from batches(partial(_withdraw_missing, job, tally))


def _read_page(page: Page, job: Job, tally: Tally) -> list[Read]:
    tally.listed += len(page.records)
    tally.counts.add(page.count)
    reads: list[Read] = []
    for number, package in enumerate(page.records, start=page.start + 1):
        read = read_package(package, f"record {number}", job.url)
        reads.append(read)
        if read.identifier:
            tally.numbers.add(read.identifier)
            if not why_not_taken(package):
                tally.taken.add(read.identifier)
    return reads


def _take(job: Job, reads: list[Read], session: Session) -> Iterator[Outcome]:
    return import_datasets(session, job.actor, Feed(job.key, reads), job.clock, job.ids)


def _withdraw_missing(job: Job, tally: Tally, session: Session) -> Iterator[Outcome]:
    held = session.execute(
        select(CataloguedResource.id, CataloguedResource.identifier)
        .where(CataloguedResource.source == job.key, CataloguedResource.state == "active")
        .order_by(CataloguedResource.identifier)
    ).all()
    missing = [number for number, identifier in held if identifier not in tally.taken]
    if missing and not tally.numbers:
        tally.halted = f"The source lists nothing at all, although {len(held):,} of its records are here."
    elif missing and not tally.whole:
        tally.halted = f"The list changed while it was read; the {len(missing):,} records missing may still be in it."
    if tally.halted:
        return
    reason = f"No longer listed by {job.url} on {job.clock():%Y-%m-%d}."
    for number in missing:
        resource = session.get_one(CataloguedResource, number)
        withdraw_dataset(session, job.actor, resource, reason, job.clock)
        yield Outcome(
            Action.WITHDRAWN, "the list", resource.identifier, resource.title, resource.address, notes=(reason,)
        )
