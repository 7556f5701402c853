"""What a person or program can do with a register, wherever it is: in a data folder, or behind a server.

Two implementations stand behind one contract suite: `register.local`, the services in one unit of work, and the HTTP
client of `web.client`. All values are JSON, in the shapes that the HTTP API publishes; all errors are those of
`schemas.errors`.
"""

from collections.abc import Sequence
from typing import Protocol

from register.lifecycle.acting import Act
from schemas.canonical import Json


class RegisterApi(Protocol):
    """One register, as one account sees it."""

    def whoami(self) -> Json:
        """The account, its organisation and roles, and what waits for that organisation."""
        ...

    def agreements(self, *, state: str | None = None, organisation: str | None = None) -> list[Json]:
        """The agreements, in the order of their numbers; those in a state today, or with a party of this slug."""
        ...

    def agreement(self, name: str, version: int | None = None) -> Json:
        """One agreement, or one of its versions, by its number or `scheme:number` of another list. Raises NotFound."""
        ...

    def history(self, name: str) -> list[Json]:
        """Every event of an agreement, oldest first. Raises NotFound."""
        ...

    def flags(self, name: str | None = None, as_of: str | None = None) -> list[Json]:
        """What the record says of itself, for one agreement or all, as of a day (YYYY-MM-DD)."""
        ...

    def due(self, *, organisation: str | None = None, within: int | None = None) -> list[Json]:
        """What is due, overdue first; for one organisation (slug), and within so many days."""
        ...

    def check(self, documents: Sequence[Json], profiles: Sequence[str]) -> list[list[Json]]:
        """Every problem of each record, with what it lacks for the profiles."""
        ...

    def drafts(self) -> list[Json]:
        """The drafts of the account's organisation."""
        ...

    def draft(self, draft: str) -> Json:
        """One draft. Raises NotFound for one of another organisation."""
        ...

    def save_draft(self, document: Json, draft: str | None = None, on_revision: int | None = None) -> Json:
        """Save a record as a draft once it is complete. Raises Refused, InvalidRecord."""
        ...

    def discard_draft(self, draft: str) -> None:
        """Delete a draft. Raises Refused, NotFound."""
        ...

    def publish(self, draft: str, event: str, details: Json, on_revision: int | None = None) -> Json:
        """Make a draft public, `proposed` or `signed`. Raises Refused, InvalidRecord, NotFound."""
        ...

    def propose(self, document: Json, details: Json) -> Json:
        """Make a record public as a proposal at once. Raises Refused, InvalidRecord."""
        ...

    def act(self, name: str, act: Act) -> Json:
        """Bring an event about. Raises Refused, InvalidRecord, NotFound."""
        ...

    def lookup(self, kind: str, text: str) -> list[Json]:
        """Organisations, datasets, powers or agreements by their names: `code`, `title` and `note` of each."""
        ...
