"""The log in the database as a whole copy of the register, to be bundled or checked (see `register.log.bundle`)."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from register.agreements.models import AgreementEvent
from register.log.checkpoint import read_checkpoint
from register.log.checkpoints import latest_note, public_keys
from register.log.contract_files import codelist_file, schema_file, schema_versions
from register.log.models import LogEntry
from register.log.note import split_note
from register.log.store import read_body, read_entry_bundle, read_tile
from schemas.codelists import codelist_names


class StoredCopy:
    """What the newest signed checkpoint covers. The session must stay open. Raises NotFound where there is none."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.checkpoint = latest_note(session)
        self.size = read_checkpoint(split_note(self.checkpoint)[0]).size
        self.keys = "".join(f"{vkey}\n" for vkey in public_keys(session))

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The bytes of a tile. Raises NotFound."""
        return read_tile(self._session, level, index, width)

    def entries(self, index: int, width: int) -> bytes:
        """The bytes of a bundle of entries. Raises NotFound."""
        return read_entry_bundle(self._session, index, width)

    def body(self, sha256: str) -> bytes:
        """The file of a body. Raises NotFound."""
        return read_body(self._session, sha256)

    def body_hashes(self) -> Iterable[str]:
        """The hashes of all bodies that the entries name, in their order, once each."""
        named = [
            select(column)
            .join(LogEntry, LogEntry.event_number == AgreementEvent.number)
            .where(LogEntry.seq < self.size, column.is_not(None))
            for column in (AgreementEvent.body_sha256, AgreementEvent.details_sha256)
        ]
        both = union(*named).subquery()
        query = select(both.c[0]).order_by(both.c[0])  # hexadecimal digits stand in this order in any collation
        yield from self._session.scalars(query.execution_options(yield_per=1_000))

    def schema(self, version: str) -> bytes:
        """A version of the contract without its codelists, in canonical form. Raises NotFound."""
        return schema_file(version)

    def schema_versions(self) -> Sequence[str]:
        """The versions of the contract, oldest first."""
        return schema_versions()

    def codelist(self, name: str) -> bytes:
        """The CSV of a codelist. Raises KeyError."""
        return codelist_file(name)

    def codelist_names(self) -> Sequence[str]:
        """The names of all codelists."""
        return codelist_names()
