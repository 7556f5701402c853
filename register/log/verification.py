"""Checking a copy as `verify.py` does, and what needs more than the copy: all its files, and what was seen before."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from register.log.copies import FileCopy
from register.log.last_seen import LastSeen
from register.log.signing import DEFAULT_ORIGIN
from register.log.verify import Check, Checkpoint, Key, split_bundle
from schemas.errors import Unreachable
from schemas.merkle import leaf_hash

_BESIDE = frozenset({"README.txt", "verify.py"})
"""Files of a bundle that only its list of sums speaks of."""

_SUM = re.compile(r"([0-9a-f]{64})  (\S+)")


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of it: the log's name (None where there is no checkpoint), what was counted, and the faults.

    `faults` is empty where all is well; `remarks` is what a reader should know besides.
    """

    origin: str | None
    size: int
    events: int
    agreements: int
    blanked: int
    faults: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The outcome in one line, as `verify.py` writes it."""
        counts = f"{self.events:,} events, {self.agreements:,} agreements, {len(self.faults):,} altered"
        return f"{counts}, {self.blanked:,} values blanked as declared"


class FullCheck(Check):
    """The check of `verify.py`, and besides: tiles of older trees that still lie there, and the list of sums."""

    def __init__(
        self,
        opened: Callable[[], FileCopy],
        given: Sequence[Key],
        older: Sequence[bytes],
        progress: Callable[[int], None],
    ) -> None:
        super().__init__(opened, list(given), list(older))
        self._progress = progress

    def fault(self, text: str) -> None:
        """Keep a fault, once."""
        before = len(self.faults)
        super().fault(text)
        if len(self.faults) > before and self.faults[-1] in self.faults[:-1]:
            self.faults.pop()

    def told(self, subject: str, act: Any, *arguments: Any) -> Any:  # noqa: ANN401
        """What an act gives, and a fault where it fails; a site or database that does not answer is no fault of it."""
        try:
            return act(*arguments)
        except (Unreachable, SQLAlchemyError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a hostile copy brings about
            return self.fault(f"{subject}: {error}")

    def run(self) -> "FullCheck":
        """Check everything."""
        super().run()
        if self.copy and not self.copy.is_live:
            self.told("SHA256SUMS", self._sums)
        return self

    def tile(self, path: str, hashes: list[bytes], first: int) -> None:
        """Compare a tile, and every older one of its place, with the hashes of what lies below."""
        super().tile(path, hashes, first)
        folder = f"{path.partition('.p/')[0]}.p"
        for name in self._older(folder, path):
            held = self.told(f"{folder}/{name}", self.copy.read, f"{folder}/{name}")
            if held is not None and not _is_beginning(name, [held], [b"".join(hashes[: _width(name)])]):
                self.fault(f"{folder}/{name}: not an older state of {path}")
        if path.startswith("tile/0/"):
            bundles = folder.replace("tile/0/", "tile/entries/", 1)
            for name in self._older(bundles, path.replace("tile/0/", "tile/entries/", 1)):
                held = self.told(f"{bundles}/{name}", self.copy.read, f"{bundles}/{name}")
                entries = [] if held is None else [leaf_hash(entry) for entry in split_bundle(held)]
                if held is not None and not _is_beginning(name, entries, hashes[: _width(name)]):
                    self.fault(f"{bundles}/{name}: not an older state of the entries from {first} on")
            self._progress(first + len(hashes))

    def _older(self, folder: str, path: str) -> Iterator[str]:
        names = self.copy.names(folder)
        yield from (name for name in names if f"{folder}/{name}" != path and not name.startswith("."))

    def _sums(self) -> None:
        try:
            raw = self.copy.read("SHA256SUMS").decode()
        except (ValueError, KeyError) as error:
            if not any(self._holds(name) for name in _BESIDE):
                return  # a published folder, no bundle
            raise ValueError("not there, or not to be read") from error
        lines = raw.split("\n")
        found = [_SUM.fullmatch(line) for line in lines[:-1]]
        if lines[-1] or not all(found) or not {match[2] for match in found if match} >= _BESIDE:
            raise ValueError("not the list of a bundle's files")
        for match in found:
            if match:
                self.told(match[2], self.copy.read, match[2], match[1])

    def _holds(self, name: str) -> bool:
        try:
            self.copy.read(name)
        except (ValueError, KeyError):
            return False
        return True


def verify_copy(
    opened: Callable[[], FileCopy],
    *,
    given: Sequence[Key] = (),
    since: Sequence[bytes] = (),
    seen: LastSeen | None = None,
    progress: Callable[[int], None] = lambda _entries: None,
    quick: bool = False,
) -> Verification:
    """Check a copy with the keys that were given (else with its own), and with older checkpoints.

    `quick` leaves out what takes the longest: comparing every record with its schema.

    With `seen` also with the checkpoint that was last seen of this log; where all is well, the copy's is kept there.
    Raises Unreachable where a site does not answer.
    """
    copy, here = _first_look(opened)
    log = _name_of(here, copy) if here else ""
    remarks: list[str] = []
    kept = _kept(seen, log, remarks) if here else None
    older = [*since, *([kept] if kept and _concerns(kept, here, copy, remarks) else [])]
    check = FullCheck(opened if copy is None else lambda: copy, given, older, progress)
    check.jsonschema = None if quick else check.jsonschema
    check.run()
    if not given:
        remarks.insert(0, "Checked with the key found in the copy: this shows that it is whole, not who made it.")
    if quick:
        remarks.append("Records were not compared with their schema.")
    if kept is not None and seen is not None and any("older checkpoint" in fault for fault in check.faults):
        remarks.append(f"The checkpoint that was last seen of this log is kept in {seen.path(log)}.")
    if not check.faults and here and copy and seen:
        _keep(seen, log, here, kept, copy.read("checkpoint"), remarks)
    (agreements,) = check.newest.execute("SELECT COUNT(*) FROM newest").fetchone()
    return Verification(
        here.origin if here else None,
        here.size if here else 0,
        check.events,
        agreements,
        sum((check.blanked & check.declared).values()),
        tuple(check.faults),
        tuple(remarks),
    )


def _first_look(opened: Callable[[], FileCopy]) -> tuple[FileCopy | None, Checkpoint | None]:
    """The copy and its checkpoint, None for what cannot be read: the check will tell why."""
    copy = None
    try:
        copy = opened()
        return copy, Checkpoint(copy.read("checkpoint"))
    except (Unreachable, SQLAlchemyError):
        raise
    except Exception:  # noqa: BLE001 - whatever a hostile copy brings about
        return copy, None


def _name_of(here: Checkpoint, copy: FileCopy | None) -> str:
    """What a log is remembered by: its name. Logs that nobody named are told apart by their first key."""
    if here.origin != DEFAULT_ORIGIN or copy is None:
        return here.origin
    try:
        return f"{here.origin} {copy.read('key').decode().split()[-1]}"
    except (ValueError, KeyError, IndexError):
        return here.origin


def _kept(seen: LastSeen | None, log: str, remarks: list[str]) -> bytes | None:
    try:
        return seen.note(log) if seen else None
    except OSError as error:
        remarks.append(f"Which checkpoint was last seen of this log could not be read ({error}).")
        return None


def _concerns(kept: bytes, here: Checkpoint | None, copy: FileCopy | None, remarks: list[str]) -> bool:
    """Whether a copy must hold what was last seen: a file may lawfully be older than that, a site may not."""
    try:
        last = Checkpoint(kept)
    except ValueError:
        return True
    if here and copy and not copy.is_live and last.size > here.size:
        remarks.append(f"This copy of {here.size:,} entries is older than what was last seen, {last.size:,} entries.")
        return False
    remarks.append(f"Compared with the checkpoint that was last seen of this log, of {last.size:,} entries.")
    return True


def _keep(seen: LastSeen, log: str, here: Checkpoint, kept: bytes | None, note: bytes, remarks: list[str]) -> None:
    if kept is not None and Checkpoint(kept).size > here.size:
        return
    try:
        seen.keep(log, note)
    except OSError as error:
        remarks.append(f"The checkpoint could not be kept for the next visit ({error}).")


def _is_beginning(name: str, held: list[bytes], wanted: list[bytes]) -> bool:
    return _width(name) > 0 and held == wanted


def _width(name: str) -> int:
    return int(name) if re.fullmatch(r"[1-9][0-9]{0,2}", name) else 0
