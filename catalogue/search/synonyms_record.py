"""The synonyms that registrars set: rows of two words or names, which change by command and over the API."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.search.analysis import exact, key
from catalogue.search.suggest_models import Synonym, SynonymRevision
from catalogue.search.synonyms import words_of
from schemas.actor import Actor, Role
from schemas.cleaning import clean_text
from schemas.clock import Clock
from schemas.errors import Conflict, InvalidInput, NotFound, Refused
from schemas.outcomes import Action, Outcome
from schemas.problems import Problem

LONGEST = 100
"""Characters of one side."""

MOST_WORDS = 8
"""Words of one side."""

MOST_ROWS = 5_000
MOST_FOR_ONE = 20
"""So many rows may have the same word on one side."""


@dataclass(frozen=True, slots=True)
class SynonymDetails:
    """A pair: for who types `typed`, `also` is searched for, and the other way round where `both_ways`."""

    typed: str
    also: str
    both_ways: bool = True

    @property
    def id(self) -> str:
        """The name of the pair: both sides folded, joined by `~`."""
        return f"{key(self.typed)}~{key(self.also)}"


def all_synonyms(session: Session) -> Sequence[Synonym]:
    """Every row, in the order of their ids."""
    return sorted(session.scalars(select(Synonym)), key=lambda row: row.id)


def synonyms_revision(session: Session) -> int:
    """How often the synonyms were changed."""
    return session.scalar(select(SynonymRevision.number).where(SynonymRevision.id == 1)) or 0


def find_synonym(session: Session, name: str) -> Synonym:
    """The row of this id. Raises NotFound."""
    row = session.get(Synonym, name)
    if row is None:
        raise NotFound(
            f"There is no synonym “{name[:200]}”.", "See “gazette catalogue synonyms list”, or GET /api/v1/synonyms."
        )
    return row


def record_synonym(session: Session, actor: Actor, details: SynonymDetails, clock: Clock) -> tuple[Action, Synonym]:
    """Add a pair, or make it one-way or two-way; the same again changes nothing.

    Raises Refused where the actor is no registrar or there are too many, Conflict where the pair is there the other
    way round, InvalidInput where a side has no word, is too long, or both mean the same already.
    """
    require_registrar(actor)
    details = checked(details)
    row = session.get(Synonym, details.id)
    other = session.get(Synonym, SynonymDetails(details.also, details.typed).id)
    if other is not None and (other.both_ways or details.both_ways):
        raise Conflict(
            f"“{other.typed}” and “{other.also}” are there already, the other way round.",
            f"Change that row ({other.id}), or remove it first.",
        )
    if row is None:
        _require_room(session, details)
        row = Synonym(**_values(details), id=details.id, revision=_changed(session), changed_at=clock())
        session.add(row)
        session.flush()
        return Action.ADDED, row
    if all(getattr(row, name) == value for name, value in _values(details).items()):
        return Action.UNCHANGED, row
    for name, value in {**_values(details), "revision": _changed(session), "changed_at": clock()}.items():
        setattr(row, name, value)
    session.flush()
    return Action.CHANGED, row


def remove_synonym(session: Session, actor: Actor, name: str) -> None:
    """Take a pair away. Raises Refused where the actor is no registrar, NotFound where there is no such pair."""
    require_registrar(actor)
    session.delete(find_synonym(session, name))
    _changed(session)


def checked(details: SynonymDetails) -> SynonymDetails:
    """The pair with clean sides. Raises InvalidInput, saying which side is wrong and why."""
    typed, also = (" ".join(clean_text(side)[0].split()) for side in (details.typed, details.also))
    for side, given in ((typed, details.typed), (also, details.also)):
        parts = exact(side).parts
        if not parts:
            raise InvalidInput(f"“{side[:LONGEST]}” has no letter or digit.", "Give a word, or a few words.")
        if len(given) > LONGEST or len(parts) > MOST_WORDS:
            raise InvalidInput(
                f"“{side[:LONGEST]}” is too long.", f"Give at most {MOST_WORDS} words of {LONGEST} characters in all."
            )
    if words_of(typed) == words_of(also):
        raise InvalidInput(f"“{typed}” and “{also}” are the same to the search.", "Give two different words.")
    return SynonymDetails(typed, also, details.both_ways)


def require_registrar(actor: Actor) -> None:
    """Raises Refused for who is no registrar."""
    if Role.REGISTRAR not in actor.roles:
        raise Refused(
            f"The account {actor.account} may not change synonyms.", "Ask a registrar of this register to do it."
        )


@dataclass(frozen=True, slots=True)
class SynonymRead:
    """A pair as a file has it: its place there for people, the pair if it could be read, and what is wrong with it."""

    place: str
    details: SynonymDetails | None
    problems: tuple[Problem, ...] = ()


def import_synonyms(session: Session, actor: Actor, reads: Sequence[SynonymRead], clock: Clock) -> Iterator[Outcome]:
    """Take pairs in, one step of the generator each; the caller commits between steps.

    Raises Refused where the actor is no registrar; what is wrong with one pair is told with it.
    """
    require_registrar(actor)
    for read in reads:
        if read.details is None:
            yield Outcome(Action.REFUSED, read.place, "", problems=read.problems)
            continue
        title = f"{read.details.typed} – {read.details.also}"
        try:
            action, row = record_synonym(session, actor, read.details, clock)
        except (InvalidInput, Refused) as error:
            problem = Problem("", error.message, error.advice)
            yield Outcome(Action.REFUSED, read.place, "", title, problems=(problem,))
        else:
            yield Outcome(action, read.place, row.id, title)


def _values(details: SynonymDetails) -> dict[str, str | bool]:
    return {"typed": details.typed, "also": details.also, "both_ways": details.both_ways}


def _require_room(session: Session, details: SynonymDetails) -> None:
    if (session.scalar(select(func.count()).select_from(Synonym)) or 0) >= MOST_ROWS:
        raise Refused(f"There are {MOST_ROWS:,} synonyms already, and no more are kept.", "Remove some first.")
    for side in (key(details.typed), key(details.also)):
        having = Synonym.id.startswith(f"{side}~", autoescape=True) | Synonym.id.endswith(f"~{side}", autoescape=True)
        if (session.scalar(select(func.count()).where(having)) or 0) >= MOST_FOR_ONE:
            raise Refused(f"“{side}” has {MOST_FOR_ONE} synonyms already, and no more are kept.", "Remove some first.")


def _changed(session: Session) -> int:
    """Count one more change; the number of it, which no other change has."""
    row = session.get(SynonymRevision, 1, with_for_update=True)
    if row is None:
        row = SynonymRevision(id=1, number=0)
        session.add(row)
    row.number += 1
    return row.number
