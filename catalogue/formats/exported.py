"""What the writers of formats are told: one dataset with all that belongs to it, and the catalogue it stands in.

Writers are pure: they know no database and no site beyond what stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from schemas.canonical import Json


@dataclass(frozen=True, slots=True)
class Referrer:
    """Something that refers to a dataset: the relation (a code), and the whole address, title and state of it."""

    relation: str
    address: str
    title: str
    state: str | None


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as this site knows it: its name, its page here, its short name, kind (a code) and website."""

    name: str
    address: str
    slug: str
    kind: str | None = None
    website: str | None = None


@dataclass(frozen=True, slots=True)
class DatasetRecord:
    """One dataset as it is exported. Addresses are whole.

    `document` is in the published dataset schema. `contact` (name, email, telephone, address) is what may be told of
    its contact: nothing, where it was erased. `others` has, for each identifier by which the document names another
    dataset of the same source (`inSeries`, `servesDataset`), the address of that dataset here, where it is here.
    `first_recorded_at` and `changed_at` speak of our record (dcat:CatalogRecord), not of the data.
    """

    number: str
    slug: str
    address: str
    source: str
    revision: int
    document: Json
    first_recorded_at: datetime
    changed_at: datetime
    publisher: Body | None = None
    contact: Mapping[str, str] = field(default_factory=dict)
    references: tuple[Referrer, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CatalogueDetails:
    """The catalogue itself: address of the site (no slash at its end), title, who publishes it, terms of the records.

    `changed_at` is when a record last changed; None where there is none.
    """

    address: str
    title: str
    publisher: str
    licence: str
    changed_at: datetime | None = None
