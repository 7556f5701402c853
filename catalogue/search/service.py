"""The search as the rest of the program uses it: telling it of changes, and asking it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchAnswer, SearchEngine, SearchRequest, Sort
from catalogue.search.fields import COUNTABLE, FACETS, field_named
from catalogue.search.query import ParsedQuery, read_query
from catalogue.search.relaxed import relaxed as relaxed_tree
from catalogue.search.understood import explain
from schemas.cleaning import clean_document
from schemas.clock import Clock
from schemas.database.outbox import enqueue
from schemas.errors import InvalidInput

_FACET_NAMES = tuple(field.name for field in FACETS)


@dataclass(frozen=True, slots=True)
class Looser:
    """A looser reading of a query that found nothing: what it would find, and how it is understood."""

    total: int
    understood: str


@dataclass(frozen=True, slots=True)
class Found:
    """An answer, and the query as it was read.

    `looser` is there where a strict reading (quotes, AND, +) found nothing and a looser one finds something; the same
    search with `relaxed` gives it.
    """

    query: ParsedQuery
    answer: SearchAnswer
    looser: Looser | None = None


def enqueue_document(session: Session, document: SearchDocument, clock: Clock) -> None:
    """Tell the index, in the transaction of the change, that a record is now so."""
    cleaned, _notes = clean_document(document.to_json())
    enqueue(session, document.id, document.revision, cleaned, clock())


def enqueue_removal(session: Session, document_id: str, revision: int, clock: Clock) -> None:
    """Tell the index, in the transaction of the change, that a record is no longer found since this revision."""
    enqueue(session, document_id, revision, None, clock())


def search(
    engine: SearchEngine,
    text: str,
    filters: Mapping[str, Sequence[str]] | None = None,
    *,
    clock: Clock,
    facets: Sequence[str] = _FACET_NAMES,
    facet_limit: int = 20,
    sort: Sort = Sort.RELEVANCE,
    offset: int = 0,
    limit: int = 20,
    snippet_length: int = 240,
    words_must_match: bool = False,
    relaxed: bool = False,
) -> Found:
    """Search with a query as a reader typed it.

    `filters` are exact values by facet name or alias; values of one facet are alternatives. With `relaxed` a strict
    reading is made loose: words that had to be there all become alternatives. Raises InvalidInput for a filter or
    facet that does not exist or an impossible page, SearchUnavailable where the index cannot be used; the query
    itself never raises.
    """
    if offset < 0 or limit < 0:
        raise InvalidInput("A page of results cannot begin or end before the first.", "Give numbers from 0.")
    query = read_query(text, clock(), words_must_match=words_must_match)
    if relaxed:
        query = _relaxed(query) or query
    chosen: dict[str, tuple[str, ...]] = {}
    for name, values in (filters or {}).items():
        found = _facet(name)
        chosen[found] = (*chosen.get(found, ()), *(clean_document(value)[0] for value in values))
    request = SearchRequest(
        tree=query.tree,
        filters=chosen,
        facets=tuple(map(_facet, facets)),
        facet_limit=facet_limit,
        sort=sort,
        offset=offset,
        limit=limit,
        snippet_length=snippet_length,
    )
    answer = engine.search(request)
    looser = None if answer.total or relaxed or words_must_match else _looser(engine, query, request)
    return Found(query, answer, looser)


def _relaxed(query: ParsedQuery) -> ParsedQuery | None:
    tree = relaxed_tree(query.tree)
    return None if tree is None else replace(query, tree=tree, understood=explain(tree))


def _looser(engine: SearchEngine, query: ParsedQuery, request: SearchRequest) -> Looser | None:
    """What the looser reading would find under the same filters; None where it finds nothing either."""
    loose = _relaxed(query)
    if loose is None:
        return None
    total = engine.search(replace(request, tree=loose.tree, facets=(), offset=0, limit=0)).total
    return Looser(total, loose.understood) if total else None


def _facet(name: str) -> str:
    field = field_named(name)
    if field is None or field.name not in COUNTABLE:
        raise InvalidInput(f"“{name}” is not something to filter by.", f"Choose from {', '.join(COUNTABLE)}.")
    return field.name
