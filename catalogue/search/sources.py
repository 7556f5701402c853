"""Where search documents come from: each part of the catalogue and the register hands in a source of its own."""

from collections.abc import Collection, Iterator
from typing import Protocol

from sqlalchemy.orm import Session

from catalogue.search.document import SearchDocument


class DocumentSource(Protocol):
    """All records of some kinds, as the database has them. The search never learns what lies behind it."""

    def documents(self, session: Session, ids: Collection[str] | None) -> Iterator[SearchDocument]:
        """The documents with these identifiers (those of other sources are passed over), or all for None."""
        ...

    def revisions(self, session: Session) -> Iterator[tuple[str, int]]:
        """The identifier and revision of every document that belongs in the index."""
        ...

    def basis(self, session: Session) -> str:
        """What the documents are made of beside their own rows (names of bodies, say): another text once it changes.

        A rebuild that was cut short is gone on with only on the same basis.
        """
        ...
