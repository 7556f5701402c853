"""What a filter asks that the search has no field for, answered by the database as a choice of records."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from catalogue.datasets.models import CataloguedResource
from catalogue.organisations.models import Organisation
from catalogue.search.fields import IDENTIFIER
from catalogue.search.query_tree import EVERYTHING, FieldClause, Node, Not, Word, any_of
from register.agreements.models import Agreement
from web.ckan.agreement_packages import agreement_numbers
from web.ckan.index_mark import index_mark
from web.ckan.remembered import Remembered
from web.ckan.stated import MOST_NAMED, Values, stated_values, too_many

NOTHING = Not(EVERYTHING)

Fits = Callable[[str], bool]
"""Whether a value is one that is asked for."""

_REMEMBERED = "ckan_stated"
_MOST_REMEMBERED = 32
_TOO_MANY: Values = {}
_ACTIVE = CataloguedResource.state == "active"
_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)
_ALL_TIME = (-62_000_000_000_000_000, 253_000_000_000_000_000)
"""From the year 5 to the year 9987: what any database takes."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """Answers for one request."""

    session: Session

    def slug_of(self, number: str) -> str | None:
        """The short name of the organisation with a number."""
        return self.session.scalar(select(Organisation.slug).where(Organisation.id == number))

    def agreement_of(self, number: str) -> str:
        """What the index calls the agreement whose package has a number; empty where none has."""
        try:
            name = agreement_numbers(self.session).packages.get(str(UUID(number)))
        except ValueError:  # no number
            return ""
        return f"agreement:{name}" if name else ""

    def values(self, name: str) -> Values:
        """For each value that any dataset states of a member, the numbers of those that do.

        Raises SearchError where too many records do.
        """
        remembered: Remembered[str, Values]
        remembered = current_app.extensions.setdefault(_REMEMBERED, Remembered(_MOST_REMEMBERED))
        mark = index_mark()
        found = remembered.known(name, mark)
        if found is None:
            found = stated_values(self.session, name)
            found = _TOO_MANY if found is None else found
            remembered.keep(name, found, mark)
        if found is _TOO_MANY:
            raise too_many()
        return found

    def having(self, name: str, fits: Fits) -> Node:
        """The datasets of which a value of a member fits. Raises SearchError where too many records have the member."""
        found = {number for value, numbers in self.values(name).items() if fits(value) for number in numbers}
        if 2 * len(found) <= self._count(CataloguedResource.id, _ACTIVE):
            return _named("dataset", found)
        everybody = self.session.scalars(select(CataloguedResource.id).where(_ACTIVE).limit(MOST_NAMED + 1)).all()
        return _all_but([*_clauses("dataset", set(everybody) - found)])

    def called(self, like: str) -> Node:
        """The datasets whose short names fit a pattern of SQL. Raises SearchError where too many do."""
        slug = CataloguedResource.slug.like(like, escape="\\")
        return _named("dataset", self._numbers(CataloguedResource.id, _ACTIVE, slug))

    def created(self, low: int | None, high: int | None) -> Node:
        """What was first recorded here between two moments, in microseconds; None is open. Raises SearchError."""
        datasets = _between(CataloguedResource.first_seen_at, low, high)
        agreements = _between(Agreement.registered_on, low, high)
        few = 2 * self._count(CataloguedResource.id, _ACTIVE, datasets) <= self._count(CataloguedResource.id, _ACTIVE)
        clauses = [
            *_clauses("dataset", self._numbers(CataloguedResource.id, _ACTIVE, datasets if few else not_(datasets))),
            *_clauses("agreement", self._numbers(Agreement.id, agreements if few else not_(agreements))),
        ]
        return _any(clauses) if few else _all_but(clauses)

    def _count(self, column: InstrumentedAttribute[str], *where: ColumnElement[bool]) -> int:
        return self.session.scalar(select(func.count(column)).where(*where)) or 0

    def _numbers(self, column: InstrumentedAttribute[str], *where: ColumnElement[bool]) -> Sequence[str]:
        return self.session.scalars(select(column).where(*where).limit(MOST_NAMED + 1)).all()


def _between(column: InstrumentedAttribute[datetime], low: int | None, high: int | None) -> ColumnElement[bool]:
    return and_(column >= _moment(low, _ALL_TIME[0]), column <= _moment(high, _ALL_TIME[1]))


def _moment(counted: int | None, instead: int) -> datetime:
    inside = instead if counted is None else min(max(counted, _ALL_TIME[0]), _ALL_TIME[1])
    return _ORIGIN + timedelta(microseconds=inside)


def _named(kind: str, numbers: Collection[str]) -> Node:
    return _any(_clauses(kind, numbers))


def _clauses(kind: str, numbers: Collection[str]) -> list[Node]:
    if len(numbers) > MOST_NAMED:
        raise too_many()
    return [FieldClause(IDENTIFIER, Word(f"{kind}:{number}")) for number in sorted(numbers)]


def _any(clauses: Sequence[Node]) -> Node:
    return any_of(clauses) if clauses else NOTHING


def _all_but(clauses: Sequence[Node]) -> Node:
    return Not(any_of(clauses)) if clauses else EVERYTHING
