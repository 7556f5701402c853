"""The log in the database as a whole copy of the register, to be bundled or checked (see `register.log.bundle`)."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import or_, select, union
from sqlalchemy.orm import Session

from register.agreements.models import AgreementBody, AgreementEvent
from register.log.checkpoint import read_checkpoint
from register.log.checkpoints import latest_note
from register.log.contract_files import codelist_file, schema_file, schema_versions
from register.log.models import LogEntry, LogKey
from register.log.note import split_note
from register.log.store import body_bytes, read_entry_bundle, read_tile
from register.log.timestamps import timestamp_files
from schemas.codelists import codelist_names


class StoredCopy:
    """What the newest signed checkpoint covers. The session must stay open. Raises NotFound where there is none."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.checkpoint = latest_note(session)
        self.size = read_checkpoint(split_note(self.checkpoint)[0]).size
        self.keys = keys_below(session, self.size)

    def tile(self, level: int, index: int, width: int) -> bytes:
        """The bytes of a tile. Raises NotFound."""
        return read_tile(self._session, level, index, width)

    def entries(self, index: int, width: int) -> bytes:
        """The bytes of a bundle of entries. Raises NotFound."""
        return read_entry_bundle(self._session, index, width)

    def bodies(self) -> Iterable[tuple[str, bytes]]:
        """The bodies that the entries name, each once, in the order of their hashes."""
        named = [
            select(column)
            .join(LogEntry, LogEntry.event_number == AgreementEvent.number)
            .where(LogEntry.seq < self.size, column.is_not(None))
            for column in (AgreementEvent.body_sha256, AgreementEvent.details_sha256)
        ]
        columns = (AgreementBody.sha256, AgreementBody.schema_version, AgreementBody.sealed)
        # Hexadecimal digits stand in this order in any collation.
        query = select(*columns).where(AgreementBody.sha256.in_(union(*named))).order_by(AgreementBody.sha256)
        for sha256, schema_version, sealed in self._session.execute(query.execution_options(yield_per=200)):
            yield sha256, body_bytes(AgreementBody(sha256=sha256, schema_version=schema_version, sealed=sealed))

    def timestamps(self) -> Mapping[str, bytes]:
        """The files of the timestamps of its checkpoints, by their paths."""
        return timestamp_files(self._session, self.size)

    def schema(self, version: str) -> bytes:
        """A version of the contract without its codelists, in canonical form. Raises NotFound."""
        return schema_file(version)

    def schema_versions(self) -> Sequence[str]:
        """The versions of the contract that the entries name, oldest first: of others nobody vouches for the file."""
        query = (
            select(AgreementEvent.schema_version)
            .join(LogEntry, LogEntry.event_number == AgreementEvent.number)
            .where(LogEntry.seq < self.size)
            .distinct()
        )
        named = set(self._session.scalars(query))
        return [version for version in schema_versions() if version in named]

    def codelist(self, name: str) -> bytes:
        """The CSV of a codelist. Raises KeyError."""
        return codelist_file(name)

    def codelist_names(self) -> Sequence[str]:
        """The names of all codelists."""
        return codelist_names()


def keys_below(session: Session, size: int) -> str:
    """The public keys of the log, a line each, the newest first: those that the first `size` entries name.

    A key that was made since stands in the file once a checkpoint covers its entry.
    """
    query = select(LogKey.vkey).where(or_(LogKey.seq.is_(None), LogKey.seq < size)).order_by(LogKey.number.desc())
    return "".join(f"{vkey}\n" for vkey in session.scalars(query))
