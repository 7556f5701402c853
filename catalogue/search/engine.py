"""The port behind which every search engine stands: what is asked of it and what it answers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from typing import Protocol

from catalogue.search.cursor import Cursor
from catalogue.search.document import SearchDocument
from catalogue.search.query_tree import EVERYTHING, Node, ranks
from schemas.errors import Unreachable


class SearchUnavailable(Unreachable):
    """The index is missing, damaged or of another version, or its engine does not answer."""


class SearchTimedOut(SearchUnavailable):
    """The engine kept who asked waiting, and was given up: who asks next would wait as long."""


class IndexBusy(Exception):
    """Another process writes to the index; it will take up whatever waits in the outbox."""


class Sort(Enum):
    """The orders a reader can choose. Ties always go by identifier.

    Newest is by the record's own date (modified, else issued), recorded by when this version of it was recorded here,
    created by when the first one was, all the last first; name is by the last part of the address.
    """

    RELEVANCE = "relevance"
    NEWEST = "newest"
    RECORDED = "recorded"
    CREATED = "created"
    TITLE = "title"
    NAME = "name"
    IDENTIFIER = "identifier"


_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search.

    `filters` are exact values by facet name: values of one facet are alternatives, facets are ANDed. `facets`
    names what to count, each at most `facet_limit` values long. `snippet_length` is in characters; 0 wants none.
    Without a word to rank by, relevance means newest first; `reverse` turns every other order round, ties included.

    The page begins at `offset`, or behind a cursor: `after` gives what follows it in the present index, at the same
    cost however deep it is. States are those of the day of `now`; without it, of the beginning of time.
    """

    tree: Node = EVERYTHING
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    facet_limit: int = 20
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20
    snippet_length: int = 240
    after: Cursor | None = None
    reverse: bool = False
    now: datetime = _BEGINNING

    @property
    def day(self) -> date:
        """The day whose states are meant, as pages of agreements take it: in UTC."""
        return self.now.astimezone(UTC).date()

    @property
    def order(self) -> Sort:
        """The order that is meant: relevance is newest first where there is nothing to rank by."""
        return Sort.NEWEST if self.sort is Sort.RELEVANCE and not ranks(self.tree) else self.sort

    @property
    def backwards(self) -> bool:
        """Whether the order is turned round, which the order of relevance never is."""
        return self.reverse and self.sort is not Sort.RELEVANCE

    @property
    def ordering(self) -> str:
        """The order and its direction, as a cursor names them."""
        return f"-{self.order.value}" if self.backwards else self.order.value


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a snippet, and whether it is one of the words looked for. Plain text, never HTML."""

    text: str
    matched: bool


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One record found: its search document as stored (`text` is empty), its score and its snippet."""

    document: SearchDocument
    score: float
    snippet: tuple[Piece, ...] = ()

    @property
    def id(self) -> str:
        """The document's identifier."""
        return self.document.id

    @property
    def kind(self) -> str:
        """The kind of record."""
        return self.document.kind

    @property
    def title(self) -> str:
        """The record's title."""
        return self.document.title

    @property
    def address(self) -> str:
        """The path of the record's page."""
        return self.document.address


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value of a facet and how many records have it, under all filters but the facet's own."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What was found: how many in all, the hits of the page asked for, and the counts of the facets.

    `next` is where the next page begins; None where this one reaches the last record (or no hits were asked for).
    """

    total: int
    hits: tuple[SearchHit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]]
    next: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Upsert:
    """This document is now so."""

    document: SearchDocument

    @property
    def id(self) -> str:
        """The document's identifier."""
        return self.document.id

    @property
    def revision(self) -> int:
        """The document's revision."""
        return self.document.revision


@dataclass(frozen=True, slots=True)
class Removal:
    """This document is gone since this revision."""

    id: str
    revision: int


Change = Upsert | Removal


class SearchEngine(Protocol):
    """An open index. One that was opened for reading follows what others commit to it.

    Every method raises SearchUnavailable where the index cannot be used.
    """

    def search(self, request: SearchRequest) -> SearchAnswer:
        """Answer one search.

        Unknown facet names in the request raise KeyError, a cursor of another order InvalidInput.
        """
        ...

    def apply(self, changes: Sequence[Change], watermark: int) -> None:
        """Take changes and the watermark into the index in one commit.

        Of several changes to one document the highest revision counts, among equals the last; a change older
        than what the index has heard of the document does nothing. The watermark never goes back.
        """
        ...

    def mend(self, changes: Sequence[Change], watermark: int) -> None:
        """Like `apply`, but the changes are the truth whatever the index has heard, and so is the watermark."""
        ...

    def watermark(self) -> int:
        """The highest outbox number that the index holds; 0 for a new index."""
        ...

    def revisions(self) -> Iterator[tuple[str, int]]:
        """The identifier and revision of every document in the index."""
        ...

    def close(self) -> None:
        """Give back files and locks. Nothing that was committed is lost by not calling it."""
        ...


class Rebuild(Protocol):
    """A new index that grows beside the live one; readers see nothing of it before `swap`."""

    def resume(self, basis: str, *, fresh: bool = False) -> Mapping[str, int]:
        """Go on with what an earlier build on this basis left when it was cut short, or begin a build that can be.

        Gives the identifiers and revisions of the documents that are there already: none for a `fresh` one, and
        none where nothing usable was left. Called before anything is added; a build that does not call it is
        thrown away where it is not swapped in.
        """
        ...

    def add(self, documents: Sequence[SearchDocument]) -> None:
        """Take more documents in, each in the place of an earlier one of the same identifier."""
        ...

    def remove(self, ids: Sequence[str]) -> None:
        """Take documents out again. Unknown identifiers are passed over."""
        ...

    def keep(self) -> None:
        """Make what was added outlive the death of this process, for a later build to go on with."""
        ...

    def swap(self, watermark: int) -> None:
        """Commit, and put the new index in the place of the old one at one blow."""
        ...


class SearchPlace(Protocol):
    """Where an index lives: gives engines that read it, one at a time that writes, and rebuilds."""

    def reader(self) -> SearchEngine:
        """Open it for reading. Raises SearchUnavailable where there is no usable index."""
        ...

    def writer(self) -> SearchEngine:
        """Open it for writing, making an empty index where there is none.

        Raises IndexBusy while another process writes, SearchUnavailable where the index cannot be used.
        """
        ...

    def rebuilding(self) -> AbstractContextManager[Rebuild]:
        """Build a new index; what is not swapped in is no index for anybody (see `Rebuild`). Raises IndexBusy."""
        ...
