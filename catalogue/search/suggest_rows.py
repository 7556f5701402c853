"""Keeping the rows that suggestions are made of: what a record's title and terms are at this moment.

The rows change in the transaction that changes the record. Where nothing of them changes, nothing is written.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import bindparam, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from catalogue.datasets.models import CataloguedResource, Reference
from catalogue.search.analysis import exact, key
from catalogue.search.document import SearchDocument
from catalogue.search.sources import DocumentSource
from catalogue.search.suggest_models import SuggestedRecord, SuggestedTerm, SuggestedWord
from catalogue.search.synonyms_learnt import acronyms_in
from schemas.database.engine import Database

TAG = "tag"
ORGANISATION = "organisation"
POWER = "power"
ACRONYM = "acronym"

REFILL_BATCH = 500
LONGEST_TITLE = 300
_MOST_TAGS = 50
_MOST_USES = 1_000_000
_NOT_FIRST = 512
_STEP = 1_024

_T = TypeVar("_T")
_Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SuggestionDrift:
    """How suggestions and records differ: records not suggested as they are, suggestions of what is no record."""

    stale: int
    surplus: int


def write_suggestions(session: Session, documents: Sequence[SearchDocument]) -> None:
    """Make the rows of some records what their search documents say now. Of two for one record the last counts."""
    latest = {document.id: document for document in documents}
    held = _held(session, latest)
    uses = _uses(session, [document for document in latest.values() if document.id not in held])
    changes = _Changes()
    new: _Rows = []
    for document in latest.values():
        was = held.get(document.id)
        made = _made(document, was.uses if was else uses.get(document.address, 0))
        if made is None:
            if was is not None:
                changes.take_away(was)
        elif was is None:
            new.append(made)
        else:
            changes.make(was, made)
    if new:
        session.connection().execute(insert(SuggestedRecord), new)
        numbers = _numbers(session, [made["document_id"] for made in new])
        for made in new:
            changes.add(numbers[made["document_id"]], made)
    changes.write(session)


def remove_suggestions(session: Session, document_ids: Collection[str]) -> None:
    """Take the rows of records away: they are suggested no more."""
    changes = _Changes()
    for was in _held(session, document_ids).values():
        changes.take_away(was)
    changes.write(session)


def rank_by_use(session: Session, slugs: Collection[str]) -> None:
    """Rank datasets anew, to which more or fewer records refer now."""
    session.flush()
    names = sorted(set(slugs))
    query = select(CataloguedResource.id).where(CataloguedResource.slug.in_(names))
    held = _held(session, [f"dataset:{number}" for number in session.scalars(query)])
    uses = _counted(session, names)
    changes = _Changes()
    for was in held.values():
        now = uses.get(was.address.rpartition("/")[2], 0)
        changes.make(was, {**_as_row(was), "uses": now, "rank": _rank(now, was.title)})
    changes.write(session)


def refill(database: Database, sources: Sequence[DocumentSource]) -> Iterator[int]:
    """Make all rows what the records say, a short transaction for some hundreds of them; yields how many each time.

    Changes that are made meanwhile are kept: each transaction reads the records that it writes, and on PostgreSQL
    lets nobody else write suggestions until it ends.
    """
    with database.read() as session:
        wanted = [(source, [number for number, _ in source.revisions(session)]) for source in sources]
    for source, ids in wanted:
        for batch in _batches(iter(ids), REFILL_BATCH):
            with database.write() as session:
                _alone(session)
                found = list(source.documents(session, batch))
                write_suggestions(session, found)
                remove_suggestions(session, sorted({*batch} - {document.id for document in found}))
            yield len(batch)
    with database.write() as session:
        _alone(session)
        present = {number for source in sources for number, _ in source.revisions(session)}
        rows = session.scalars(select(SuggestedRecord.document_id))
        remove_suggestions(session, sorted(number for number in rows if number not in present))


def suggestion_drift(session: Session, sources: Sequence[DocumentSource]) -> SuggestionDrift:
    """Compare suggestions with records, by identifier and revision."""
    rows = session.execute(select(SuggestedRecord.document_id, SuggestedRecord.revision))
    held = {number: revision for number, revision in rows}  # noqa: C416 - a Row is no plain pair
    stale = 0
    for source in sources:
        differing = [number for number, revision in source.revisions(session) if held.pop(number, None) != revision]
        for batch in _batches(iter(differing), REFILL_BATCH):
            # Some are rightly not suggested: they are withdrawn, or their title has no word.
            stale += sum(_made(document, 0) is not None for document in source.documents(session, batch))
    return SuggestionDrift(stale, len(held))


@dataclass(slots=True)
class _Changes:
    """Rows to go and rows to come, written together at the end."""

    changed: _Rows = field(default_factory=list)
    gone: _Rows = field(default_factory=list)
    words_gone: _Rows = field(default_factory=list)
    terms_gone: _Rows = field(default_factory=list)
    words: _Rows = field(default_factory=list)
    terms: _Rows = field(default_factory=list)

    def add(self, number: int, made: Mapping[str, Any]) -> None:
        """The words and terms of a record that has its number."""
        self.words += _words(number, made["folded"], made["rank"])
        self.terms += _terms_of(number, made["terms"])

    def make(self, was: SuggestedRecord, made: Mapping[str, Any]) -> None:
        """Make the rows of a record what they are to be."""
        if _as_row(was) == made:
            return
        self.changed.append({"the_number": was.number, **made})
        if (was.folded, was.rank) != (made["folded"], made["rank"]):
            self.words_gone += _words(was.number, was.folded, was.rank)
            self.words += _words(was.number, made["folded"], made["rank"])
        if was.terms != made["terms"]:
            self.terms_gone += _terms_of(was.number, was.terms)
            self.terms += _terms_of(was.number, made["terms"])

    def take_away(self, was: SuggestedRecord) -> None:
        """Leave nothing of a record."""
        self.gone.append({"the_number": was.number})
        self.words_gone += _words(was.number, was.folded, was.rank)
        self.terms_gone += _terms_of(was.number, was.terms)

    def write(self, session: Session) -> None:
        """Write them, in an order in which nothing meets what is still to go."""
        connection = session.connection()
        if self.words_gone:
            connection.execute(_DELETE_WORD, [{f"the_{name}": row[name] for name in row} for row in self.words_gone])
        if self.terms_gone:
            connection.execute(_DELETE_TERM, [{f"the_{name}": row[name] for name in row} for row in self.terms_gone])
        if self.gone:
            connection.execute(_DELETE_RECORD, self.gone)
        if self.changed:
            connection.execute(_UPDATE_RECORD, self.changed)
        if self.words:
            connection.execute(insert(SuggestedWord), self.words)
        if self.terms:
            connection.execute(insert(SuggestedTerm), self.terms)


_DELETE_RECORD = delete(SuggestedRecord).where(SuggestedRecord.number == bindparam("the_number"))
_UPDATE_RECORD = update(SuggestedRecord.__table__).where(SuggestedRecord.number == bindparam("the_number"))  # type: ignore[arg-type]
_DELETE_WORD = delete(SuggestedWord).where(
    SuggestedWord.word == bindparam("the_word"),
    SuggestedWord.rank == bindparam("the_rank"),
    SuggestedWord.number == bindparam("the_number"),
)
_DELETE_TERM = delete(SuggestedTerm).where(
    SuggestedTerm.kind == bindparam("the_kind"),
    SuggestedTerm.key == bindparam("the_key"),
    SuggestedTerm.number == bindparam("the_number"),
)


def _made(document: SearchDocument, uses: int) -> dict[str, Any] | None:
    """The row of a document; None for one that is not to be suggested."""
    title = document.title.strip()[:LONGEST_TITLE]
    folded = " ".join(exact(title).parts)
    if not folded or any(one.state == "withdrawn" for one in document.states):
        return None
    return {
        "document_id": document.id,
        "revision": document.revision,
        "kind": document.kind,
        "title": title,
        "note": next(iter(document.organisation_names), "")[:LONGEST_TITLE],
        "address": document.address,
        "folded": folded,
        "uses": uses,
        "rank": _rank(uses, title),
        "terms": list(_terms(document)),
    }


def _as_row(held: SuggestedRecord) -> dict[str, Any]:
    return {name: getattr(held, name) for name in _COLUMNS}


_COLUMNS = ("document_id", "revision", "kind", "title", "note", "address", "folded", "uses", "rank", "terms")


def _terms(document: SearchDocument) -> Iterator[list[str]]:
    """Kind and key of each term, and its text as written."""
    found: dict[tuple[str, str], str] = {}
    for tag in document.keywords[:_MOST_TAGS]:
        found.setdefault((TAG, key(tag)), tag[:LONGEST_TITLE])
    for slug in document.organisations:
        found.setdefault((ORGANISATION, slug), "")
    for name in document.powers:
        found.setdefault((POWER, key(name)), "")
    texts = (document.title, *document.organisation_names, *document.organisation_aliases, *document.keywords)
    for learnt in acronyms_in(texts[:_MOST_TAGS]):
        found.setdefault((ACRONYM, learnt.key), f"{learnt.acronym}\t{learnt.meaning}")
    yield from ([kind, name, written] for (kind, name), written in found.items() if name)


def _rank(uses: int, title: str) -> int:
    """The lowest first: what is referred to most, then the shortest title."""
    return min(len(title), _NOT_FIRST - 1) - _STEP * min(uses, _MOST_USES)


def _words(number: int, folded: str, rank: int) -> _Rows:
    """The words of a title, each with its rank there: a title that begins with it comes before others."""
    words = list(dict.fromkeys(folded.split()))
    return [
        {"word": word, "rank": rank + (_NOT_FIRST if place else 0), "number": number}
        for place, word in enumerate(words)
    ]


def _terms_of(number: int, terms: Sequence[Sequence[str]]) -> _Rows:
    return [{"kind": kind, "key": name, "number": number, "text": written} for kind, name, written in terms]


def _held(session: Session, document_ids: Collection[str]) -> dict[str, SuggestedRecord]:
    found: dict[str, SuggestedRecord] = {}
    for batch in _batches(iter(document_ids), REFILL_BATCH):
        query = select(SuggestedRecord).where(SuggestedRecord.document_id.in_(batch))
        for row in session.scalars(query.execution_options(populate_existing=True)).all():
            session.expunge(row)  # it is changed by statements, and no flush may write what it was
            found[row.document_id] = row
    return found


def _numbers(session: Session, document_ids: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for batch in _batches(iter(document_ids), REFILL_BATCH):
        query = select(SuggestedRecord.document_id, SuggestedRecord.number)
        rows = session.execute(query.where(SuggestedRecord.document_id.in_(batch)))
        found |= {name: number for name, number in rows}  # noqa: C416 - a Row is no plain pair
    return found


def _uses(session: Session, documents: Sequence[SearchDocument]) -> dict[str, int]:
    """How many records refer to each dataset, by its address."""
    slugs = {document.name: document.address for document in documents if document.kind != "agreement"}
    return {slugs[slug]: count for slug, count in _counted(session, sorted(slugs)).items()}


def _counted(session: Session, slugs: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for batch in _batches(iter(slugs), REFILL_BATCH):
        query = select(Reference.slug, func.count(Reference.address.distinct())).where(Reference.slug.in_(batch))
        found |= {slug: count for slug, count in session.execute(query.group_by(Reference.slug))}  # noqa: C416
    return found


def _alone(session: Session) -> None:
    """Nobody else writes suggestions until this transaction ends: SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE suggested_record IN SHARE ROW EXCLUSIVE MODE"))


def _batches(items: Iterator[_T], size: int) -> Iterator[list[_T]]:
    while batch := list(islice(items, size)):
        yield batch
