"""A page of the catalogue in RDF: what is asked for, and how it leads on (Hydra, as clients of CKAN and udata read)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from catalogue.formats.rdf import Iri, Literal, Resource
from schemas.errors import InvalidInput

PAGE = 100
"""So many datasets a page has: as many as CKAN's pages, which harvesters are made for."""

_MOST_PAGES = 10_000_000
_YEAR_OR_MONTH = re.compile(r"\d{4}(-\d\d)?", re.ASCII)
_SPACE_BEFORE_ZONE = re.compile(r" (\d\d:?\d\d)$")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page, and only the records that changed since when, as it was written."""

    page: int = 1
    since: datetime | None = None
    written_since: str = ""


@dataclass(frozen=True, slots=True)
class Paging:
    """A page among all: `address` is where the first is, without parameters."""

    address: str
    asked: Asked
    total: int

    @property
    def last(self) -> int:
        """The number of the last page; there is always a first."""
        return max(1, -(-self.total // PAGE))

    def address_of(self, page: int) -> str:
        """Where a page is."""
        stated = {"modified_since": self.asked.written_since, "page": page if page > 1 else ""}
        query = urlencode({name: value for name, value in stated.items() if value})
        return f"{self.address}?{query}" if query else self.address

    def links(self) -> Iterator[tuple[str, str]]:
        """The pages that it leads to, by their relations (RFC 8288)."""
        page = self.asked.page
        yield "first", self.address_of(1)
        if page > 1:
            yield "previous", self.address_of(page - 1)
        if page < self.last:
            yield "next", self.address_of(page + 1)
        yield "last", self.address_of(self.last)


def read_asked(arguments: Mapping[str, str]) -> Asked:
    """What the parameters ask for. Raises InvalidInput."""
    page = arguments.get("page", "").strip() or "1"
    if not (page.isascii() and page.isdecimal() and 1 <= int(page[:9]) <= _MOST_PAGES and len(page) < 9):
        raise InvalidInput("“page” is no number of a page.", "Pages are counted from 1.")
    written = arguments.get("modified_since", "").strip()
    return Asked(int(page), _moment(written) if written else None, written)


def paging_nodes(paging: Paging, catalogue: str) -> Iterator[Resource]:
    """What a page says of itself and of the whole."""
    total = ("hydra:totalItems", Literal(str(paging.total), "xsd:integer"))
    here = paging.address_of(paging.asked.page)
    yield Resource(catalogue, ("hydra:Collection",), (total, ("hydra:view", Iri(here))))
    led = tuple((f"hydra:{name}", Iri(address)) for name, address in paging.links())
    older = tuple((f"{name}Page", value) for name, value in led)  # as Hydra called them, and some clients still do
    each = ("hydra:itemsPerPage", Literal(str(PAGE), "xsd:integer"))
    yield Resource(here, ("hydra:PagedCollection", "hydra:PartialCollectionView"), (total, each, *led, *older))


def _moment(text: str) -> datetime:
    if _YEAR_OR_MONTH.fullmatch(text):
        text = (text + "-01-01")[: len("2024-03-31")]
    try:
        moment = datetime.fromisoformat(_SPACE_BEFORE_ZONE.sub(r"+\1", text))  # a “+” in an address means a blank
    except ValueError:
        raise InvalidInput(
            "“modified_since” is no day and no moment.", "Write 2024-03-31 or 2024-03-31T12:00:00Z."
        ) from None
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise InvalidInput("“modified_since” lies beyond all days.", "Write a day of this age.") from None
