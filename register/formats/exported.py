"""What an export tells of an agreement, whatever the format it is written in. Pure."""

from dataclasses import dataclass
from datetime import datetime

from register.agreements.life import VERSION_EVENTS
from schemas.canonical import Json


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as an export tells it. `organisation` is the short name of who acted, "" where nobody says."""

    number: int
    event: str
    version: int | None
    registered_on: datetime
    recorded_at: datetime
    effective: str | None
    organisation: str
    body_sha256: str | None

    @property
    def makes_version(self) -> bool:
        """Whether a version of the agreement begins with it."""
        return self.event in VERSION_EVENTS and self.body_sha256 is not None


@dataclass(frozen=True, slots=True)
class Exported:
    """One agreement as an export tells it: the deal of its newest version, where it stands, and what happened.

    `state` is that of the day of the export; `standing` what events alone decide. `organisations` are the short names
    of its parties in their order, None for one that is no organisation here. `proceedings` is what was said beside
    the deal: reviews, confirmations and so on.
    """

    id: str
    address: str
    version: int
    state: str
    standing: str
    registered_on: datetime
    changed_at: datetime
    document: Json
    proceedings: Json
    organisations: tuple[str | None, ...]
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """One version of an agreement in the order of the register: its time and its text."""

    agreement_id: str
    moment: datetime
    document: Json
