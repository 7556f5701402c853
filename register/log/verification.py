"""Checking a copy as `verify.py` does, and what needs more than the copy: all its files, and what was seen before."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from register.log.copies import FileCopy
from register.log.cosignature import CosignatureVerifier
from register.log.last_seen import LastSeen
from register.log.signing import DEFAULT_ORIGIN
from register.log.stamped import checked_stamps, stamps_in
from register.log.verify import Check, Checkpoint, Key, plain, split_bundle
from schemas.errors import Unreachable
from schemas.merkle import leaf_hash


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
    """The check of `verify.py`, and besides: tiles of older trees that still lie there, and cosignatures.

    With the keys of witnesses, each must have cosigned the checkpoint.
    """

    def __init__(self, opened: Callable[[], FileCopy], given: Sequence[Key], older: Sequence[bytes]) -> None:
        super().__init__(opened, list(given), list(older))
        self.progress: Callable[[int], None] = lambda _entries: None
        self.witnesses: Sequence[CosignatureVerifier] = ()
        self.others: list[str] = []

    def told(self, subject: str, act: Any, *arguments: Any) -> Any:  # noqa: ANN401
        """What an act gives, and a fault where it fails; a site or database that does not answer is no fault of it."""
        try:
            return act(*arguments)
        except (Unreachable, SQLAlchemyError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a hostile copy brings about
            return self.fault(f"{subject}: {error}")

    def rest(self) -> None:
        """Check what the log does not name; of a published folder, tell what its checkpoint does not cover yet."""
        super().rest()
        if self.copy.is_live or self.newest.execute("SELECT 1 FROM read WHERE name = 'SHA256SUMS'").fetchone():
            return
        known = "SELECT 1 FROM read WHERE name = ?"
        places = ("bodies/", "codelists/", "schemas/", "tile/")
        beyond = (name for name in self.copy.names() if name.startswith(places) and ".p/" not in name)
        found = [name for name in beyond if not self.newest.execute(known, [name]).fetchone()]
        if found:
            self.others.append(f"{len(found):,} files here are not of this checkpoint, {plain(min(found))} among them.")

    def signatures(self, here: Checkpoint, olds: list[Checkpoint]) -> None:
        """Check who signed the checkpoint, the witnesses among them."""
        super().signatures(here, olds)
        for witness in self.witnesses:
            given = [blob for name, blob in here.signatures if (name, blob[:4]) == (witness.name, witness.key_id)]
            self.unchecked = [name for name in self.unchecked if not given or name != witness.name]
            if not given:
                self.fault(f"checkpoint: not cosigned by {witness.name}, the witness whose key you gave")
            elif not all(witness.verify(here.text, blob[4:]) for blob in given):
                self.fault(f"checkpoint: its cosignature by {witness.name} is not one of this checkpoint")

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
            self.progress(first + len(hashes))

    def _older(self, folder: str, path: str) -> Iterator[str]:
        names = self.copy.within(folder)
        yield from (name for name in names if f"{folder}/{name}" != path and not name.startswith("."))


def verify_copy(
    opened: Callable[[], FileCopy],
    *,
    given: Sequence[Key] = (),
    since: Sequence[bytes] = (),
    seen: LastSeen | None = None,
    witnesses: Sequence[CosignatureVerifier] = (),
    certificates: Sequence[bytes] = (),
    progress: Callable[[int], None] = lambda _entries: None,
    quick: bool = False,
    kind: Callable[[Callable[[], FileCopy], Sequence[Key], Sequence[bytes]], FullCheck] = FullCheck,
) -> Verification:
    """Check a copy with the keys that were given (else with its own), and with older checkpoints.

    `witnesses` must have cosigned its checkpoint; `certificates` (PEM) are those of timestamp authorities. `quick`
    leaves out what takes the longest: comparing every record with its schema. `kind` makes the check, where it is to
    be another.

    With `seen` also with the checkpoint that was last seen of this log; where all is well, the copy's is kept there.
    Raises Unreachable where a site does not answer.
    """
    copy, here = _first_look(opened)
    log = _name_of(here, copy) if here else ""
    remarks: list[str] = []
    kept = _kept(seen, log, remarks) if here else None
    stamps, spoilt = stamps_in(copy) if copy and here else ([], [])
    older = [*since, *([kept] if kept and _concerns(kept, here, copy, remarks) else [])]
    check = kind(opened if copy is None else lambda: copy, given, [*older, *dict.fromkeys(one.note for one in stamps)])
    check.jsonschema = None if quick else check.jsonschema
    check.progress, check.witnesses = progress, witnesses
    check.run()
    wrong, told = checked_stamps(stamps, certificates)
    check.faults += [*spoilt, *wrong]
    remarks += [*told, *check.others]
    if not given:
        remarks.insert(0, "Checked with the key found in the copy: this shows that it is whole, not who made it.")
    remarks += [f"The signature of {name} was not checked: --witness-key FILE checks it." for name in _strangers(check)]
    if quick:
        remarks.append("Records were not compared with their schema.")
    if kept is not None and seen is not None and any("older checkpoint" in fault for fault in check.faults):
        remarks.append(f"The checkpoint that was last seen of this log is kept in {seen.path(log)}.")
    if not check.faults and here and copy and seen:
        _keep(seen, log, here, kept, copy.read("checkpoint"), remarks)
    return _told(here, check, remarks)


def _told(here: Checkpoint | None, check: FullCheck, remarks: Sequence[str]) -> Verification:
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


def _strangers(check: FullCheck) -> list[str]:
    """Who signed the checkpoint beside the log, and with a key that was not given."""
    return [plain(name) for name in dict.fromkeys(check.unchecked)]


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
