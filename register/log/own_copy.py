"""The log in the database as a copy that is checked: its files as they would be served, to the last entry."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from register.agreements.models import AgreementBody
from register.log.contract_files import codelist_file, codelists_file, schema_file
from register.log.copies import FileCopy, taken
from register.log.own_rows import is_of_a_row
from register.log.own_tables import body_values
from register.log.store import body_bytes, read_entry_bundle, read_tile
from register.log.tiles import Tile, read_path
from register.log.timestamps import timestamp_file
from schemas.errors import NotFound

_LIMIT = 1 << 25
_BODY = text("SELECT sha256, schema_version, sealed FROM agreement_body WHERE sha256 = :sha256")
_BODIES = text("SELECT sha256, schema_version, sealed FROM agreement_body WHERE sha256 IN :named").bindparams(
    bindparam("named", expanding=True)
)
_NAMED = re.compile(rb'"(?:body|details)_sha256":"([0-9a-f]{64})"')


class DatabaseCopy(FileCopy):
    """A log in the database. The session must stay open."""

    is_live = True

    def __init__(self, session: Session) -> None:
        self._session = session
        self._near: dict[str, Row[Any]] = {}  # the bodies that the entries last read name: they are asked for next

    def read(self, name: str, sha256: str = "", limit: int = _LIMIT) -> bytes:
        """The bytes of a file of the log. Raises ValueError for its fault, SQLAlchemyError where it is none of it."""
        try:
            data: bytes | None = self._read(name)
        except (KeyError, NotFound):
            data = None
        except SQLAlchemyError as error:
            if not is_of_a_row(self._session, error):
                raise
            raise ValueError(str(getattr(error, "orig", error))) from None
        return taken(data, sha256, limit)

    def names(self, folder: str = "") -> Iterator[str]:  # noqa: ARG002
        """There are no files but those that are asked for."""
        return iter(())

    def within(self, folder: str) -> Sequence[str]:  # noqa: ARG002
        """As above."""
        return ()

    def _read(self, name: str) -> bytes:
        folder, _, rest = name.partition("/")
        match folder:
            case "checkpoint":
                return self._checkpoint().encode()
            case "key":
                vkeys = self._session.scalars(text("SELECT vkey FROM log_key ORDER BY number DESC"))
                return "".join(f"{vkey}\n" for vkey in vkeys).encode()
            case "codelists.json":
                return codelists_file()
            case "bodies":
                return self._body(rest)
            case "tile":
                tile = read_path(name)
                if tile.level is None:
                    return self._entries(tile)
                return read_tile(self._session, tile.level, tile.n, tile.width)
            case "codelists":
                return codelist_file(rest.removesuffix(".csv"))
            case "schemas":
                return schema_file(rest.removeprefix("agreement/").removesuffix(".json"))
            case "timestamps" | "timestamps.json":
                return timestamp_file(self._session, name)
        raise KeyError(name)

    def _checkpoint(self) -> str:
        newest = text("SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1")
        size, note = self._session.execute(newest).one()
        lines = text("SELECT line FROM log_cosignature WHERE size = :size ORDER BY received_at, line")
        return f"{note}{''.join(map(str, self._session.scalars(lines, {'size': size})))}"

    def _entries(self, tile: Tile) -> bytes:
        data = read_entry_bundle(self._session, tile.n, tile.width)
        named = {match[1].decode() for match in _NAMED.finditer(data)}
        try:
            self._near = {row.sha256: row for row in self._session.execute(_BODIES, {"named": sorted(named)})}
        except SQLAlchemyError:  # one of them cannot be read: each is then asked for alone
            self._near = {}
        return data

    def _body(self, sha256: str) -> bytes:
        row = self._near.get(sha256) or self._session.execute(_BODY, {"sha256": sha256}).one_or_none()
        if row is None:
            raise NotFound(f"There is no body “{sha256}”.")
        sealed = body_values(row.sealed)
        return body_bytes(AgreementBody(sha256=row.sha256, schema_version=row.schema_version, sealed=sealed))
