"""The search as the rest of the program uses it: telling it of changes, and asking it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from catalogue.search.cursor import Cursor
from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchAnswer, SearchEngine, SearchRequest, Sort
from catalogue.search.fields import COUNTABLE, FACETS, field_named
from catalogue.search.query import ParsedQuery, read_query
from catalogue.search.query_tree import Node, Word, all_of
from catalogue.search.relaxed import relaxed as relaxed_tree
from catalogue.search.suggest_rows import remove_suggestions, write_suggestions
from catalogue.search.suggest_spelling import RARER, respelt
from catalogue.search.suggest_vocabulary import Wording
from catalogue.search.synonyms import AlsoSearched, widened
from catalogue.search.understood import explain
from schemas.cleaning import clean_document, clean_text
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
    search with `relaxed` gives it. `also` is what was searched for beside the words typed. `meant` is the whole query
    with its unknown words spelt as the reader may have meant them: a link, never followed unasked. `request` is what
    the engine was asked: with a later cursor it gives the pages that follow.
    """

    query: ParsedQuery
    answer: SearchAnswer
    looser: Looser | None = None
    also: tuple[AlsoSearched, ...] = ()
    meant: str | None = None
    request: SearchRequest = field(default_factory=SearchRequest)


def enqueue_document(session: Session, document: SearchDocument, clock: Clock) -> None:
    """Tell the index, in the transaction of the change, that a record is now so; it is suggested so from then on."""
    cleaned, _notes = clean_document(document.to_json())
    enqueue(session, document.id, document.revision, cleaned, clock())
    write_suggestions(session, [SearchDocument.from_json(cleaned)])


def enqueue_removal(session: Session, document_id: str, revision: int, clock: Clock) -> None:
    """Tell the index, in the transaction of the change, that a record is no longer found since this revision.

    It is suggested no more from then on.
    """
    enqueue(session, document_id, revision, None, clock())
    remove_suggestions(session, [document_id])


def search(
    engine: SearchEngine,
    text: str,
    filters: Mapping[str, Sequence[str]] | None = None,
    *,
    clock: Clock,
    within: Sequence[Node] = (),
    facets: Sequence[str] = _FACET_NAMES,
    facet_limit: int = 20,
    sort: Sort = Sort.RELEVANCE,
    offset: int = 0,
    limit: int = 20,
    snippet_length: int = 240,
    words_must_match: bool = False,
    relaxed: bool = False,
    after: Cursor | None = None,
    wording: Wording | None = None,
) -> Found:
    """Search with a query as a reader typed it.

    `filters` are exact values by facet name or alias; values of one facet are alternatives. `within` are further
    clauses that must match and say nothing of how the query was understood. With `relaxed` a strict reading is made
    loose: words that had to be there all become alternatives. With `wording` other words for those typed are searched
    for too, and spelling is looked at; never where all words must match. Raises InvalidInput for a filter or facet
    that does not exist or an impossible page, SearchUnavailable where the index cannot be used, never for the query.
    """
    if offset < 0 or limit < 0:
        raise InvalidInput("A page of results cannot begin or end before the first.", "Give numbers from 0.")
    now = clock()
    read = read_query(text, now, words_must_match=words_must_match)
    query = (_relaxed(read) or read) if relaxed else read
    helped = None if words_must_match else wording
    tree, also = _widened(query.tree, helped)
    request = SearchRequest(
        tree=all_of([tree, *within]),
        filters=_chosen(filters or {}),
        facets=tuple(map(_facet, facets)),
        facet_limit=facet_limit,
        sort=sort,
        offset=offset,
        limit=limit,
        snippet_length=snippet_length,
        after=after,
        now=now,
    )
    answer = engine.search(request)
    looser = None if answer.total or relaxed or words_must_match else _looser(engine, query, request, within, helped)
    meant = _meant(engine, query, helped) if helped and offset == 0 and after is None else None
    return Found(query, answer, looser, also, meant, request)


def _chosen(filters: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The values of filters by the names of their facets."""
    chosen: dict[str, tuple[str, ...]] = {}
    for name, values in filters.items():
        found = _facet(name)
        chosen[found] = (*chosen.get(found, ()), *(clean_document(value)[0] for value in values))
    return chosen


def _widened(tree: Node, wording: Wording | None) -> tuple[Node, tuple[AlsoSearched, ...]]:
    """The tree with other words for those typed; what a query is understood as, and relaxed from, stays as typed."""
    return widened(tree, wording.thesauri(), wording.stands) if wording else (tree, ())


def _meant(engine: SearchEngine, query: ParsedQuery, wording: Wording) -> str | None:
    """The query with words corrected that hardly any record has."""
    spelling = wording.spelling()
    if spelling is None:
        return None

    def correction(word: str) -> str | None:
        neighbour = spelling.neighbour(word)
        if neighbour is None or any(thesaurus.longest(word) for thesaurus in wording.thesauri()):
            return None
        # Titles are not all there is to a record, and what is remembered may be old: the index has the last word.
        typed, instead = (engine.search(SearchRequest(Word(text), limit=0)).total for text in (word, neighbour))
        return neighbour if instead >= max(1, RARER * typed) else None

    return respelt(clean_text(query.text)[0], query.tree, correction)


def _relaxed(query: ParsedQuery) -> ParsedQuery | None:
    tree = relaxed_tree(query.tree)
    return None if tree is None else replace(query, tree=tree, understood=explain(tree))


def _looser(
    engine: SearchEngine, query: ParsedQuery, request: SearchRequest, within: Sequence[Node], wording: Wording | None
) -> Looser | None:
    """What the looser reading would find under the same filters; None where it finds nothing either."""
    loose = _relaxed(query)
    if loose is None:
        return None
    tree = all_of([_widened(loose.tree, wording)[0], *within])
    total = engine.search(replace(request, tree=tree, facets=(), offset=0, limit=0)).total
    return Looser(total, loose.understood) if total else None


def _facet(name: str) -> str:
    field = field_named(name)
    if field is None or field.name not in COUNTABLE:
        raise InvalidInput(f"“{name}” is not something to filter by.", f"Choose from {', '.join(COUNTABLE)}.")
    return field.name
