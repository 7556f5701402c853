"""The file an agreement is written into: saved after every answer, and never anything lost that stood in it."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import Any

from register.forms.fields import agreement_form
from register.forms.order import members_in_order
from register.forms.places import Path, record_of, with_value
from register.forms.yaml_text import with_yaml_value
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.cleaning import clean_document
from schemas.errors import InvalidInput, Refused
from schemas.record_file import read_record_file

_HEADING = "# An agreement, written with “gazette register new”. Lines that begin with # are notes for people.\n"
BEGINNING: tuple[tuple[Path, Any], ...] = (
    (("schemaVersion",), AGREEMENT_VERSION),
    (("provenance", "source"), "official"),
)
"""What nobody needs to be asked."""


class DraftFile:
    """One agreement in a YAML file, which people may change by hand at any time, even while it is asked for."""

    def __init__(self, place: FilePath, text: str, document: Json) -> None:
        self.place = place
        self.text = text
        self.document = document

    def put(self, *changes: tuple[Path, Any]) -> None:
        """Save values at their places, each where it belongs; None takes one out.

        What somebody wrote into the file meanwhile is kept. Raises Refused where a value cannot be put in without
        changing another, and OSError where the disk does not take it.
        """
        text, document = self._present()
        plain = text.replace("\r\n", "\n")
        for path, value in changes:
            document = with_value(document, path, value)
            plain = with_yaml_value(plain, path, value, _order)
        if _read(plain, self.place.name) != clean_document(document)[0]:
            raise Refused(
                f"The answer cannot be put into {self.place.name} without changing something else in it.",
                "It is written in a way that this command does not know; write the answer into it by hand.",
            )
        text = plain.replace("\n", "\r\n") if "\r\n" in text else plain
        write_whole(self.place, text.encode())
        self.text, self.document = text, document

    def _present(self) -> tuple[str, Json]:
        """What stands in the file now."""
        there = self.place.read_bytes() if self.place.exists() else b""
        if there == self.text.encode() or not there.strip():
            return self.text, self.document
        return _contents(self.place)


def open_draft(place: FilePath) -> DraftFile:
    """The agreement in a file, to go on with; a new one where there is no such file, or nothing in it.

    Raises Refused where the file holds anything else, and InvalidInput where it cannot be read.
    """
    if not place.exists() or not place.read_bytes().strip():
        return DraftFile(place, _HEADING, {})
    text, document = _contents(place)
    known = set(agreement_form().members(()))
    if not document or ("parties" not in document and not set(document) <= known):
        raise Refused(
            f"{place.name} is there already, and it is no agreement.", "Give another name; nothing was changed."
        )
    if document.get("schemaVersion", AGREEMENT_VERSION) != AGREEMENT_VERSION:
        raise Refused(
            f"{place.name} is in version {document['schemaVersion']} of the schema, not in {AGREEMENT_VERSION}.",
            "Begin a new file, or bring this one up by hand and change its schemaVersion.",
        )
    return DraftFile(place, text, document)


def write_whole(place: FilePath, data: bytes) -> None:
    """Write a file so that at every moment the old one or the new one is there, whole."""
    place = place.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    temporary = FilePath(name)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
        temporary.chmod(place.stat().st_mode & 0o777 if place.exists() else 0o666 & ~_umask())
        temporary.replace(place)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _order(path: Path) -> Sequence[str]:
    if not path:
        return ("id", "schemaVersion", *(name for name in members_in_order(agreement_form(), ()) if name != "id"))
    return members_in_order(agreement_form(), path)


def _contents(place: FilePath) -> tuple[str, Json]:
    data = place.read_bytes()
    records = read_record_file(data, place.name)
    if len(records) != 1 or not isinstance(records[0].value, dict):
        raise Refused(
            f"{place.name} does not hold one agreement.",
            "This command writes one agreement in each file; give another name.",
        )
    return data.decode("utf-8-sig"), record_of(records[0].value)


def _read(text: str, name: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return record_of(read_record_file(text.encode(), name)[0].value)
    except InvalidInput:
        return None
