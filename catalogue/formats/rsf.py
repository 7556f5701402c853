"""Register Serialisation Format: the text in which GOV.UK Registers were published, one command a line.

Commands (openregister/specification, "Register Serialisation Format"), their parts apart by tabs:

    add-item            the canonical JSON of an item
    append-entry        user or system, key, timestamp, the item's hash (several hashes joined by ;)
    assert-root-hash    the Merkle root over all user entries so far

Whatever can be checked is checked: that each entry's item stands before it under its hash, that entries go forward
in time, and that the roots are those of the entries. What stands after the last root, nothing vouches for.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from schemas.canonical import Json, sha256_hex
from schemas.cleaning import Cleaning, clean_text
from schemas.errors import InvalidInput
from schemas.merkle import leaf_hash, root_hash
from schemas.problems import Problem
from schemas.reading import cleaned

_COMMANDS = {"add-item": 2, "append-entry": 5, "assert-root-hash": 2}
_HASH = re.compile(r"sha-256:[0-9a-f]{64}")
_NO_MOMENT = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RsfEntry:
    """One user entry: its number in the register, key, time, item hash (hexadecimal) and item.

    `item` is None where `problems` say why the entry cannot be taken.
    """

    number: int
    line: int
    key: str
    timestamp: datetime
    item_sha256: str
    item: Json | None
    problems: tuple[Problem, ...] = ()
    cleanings: tuple[Cleaning, ...] = ()

    @property
    def place(self) -> str:
        """Where the entry stands, for people."""
        return f"line {self.line}, entry {self.number}, key {self.key}"


@dataclass(frozen=True, slots=True)
class RsfRegister:
    """A register as its file gives it. `problems` are those of no single entry."""

    name: str
    title: str
    entries: tuple[RsfEntry, ...]
    problems: tuple[Problem, ...]

    def latest(self) -> dict[str, RsfEntry]:
        """The newest entry of every key that has an item."""
        return {entry.key: entry for entry in self.entries if entry.item is not None}


@dataclass(slots=True)
class _Reading:
    items: dict[str, tuple[Json, tuple[Cleaning, ...], int]] = field(default_factory=dict)
    leaves: list[bytes] = field(default_factory=list)
    entries: list[RsfEntry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    asserted: int = 0
    begun: bool = False
    newest: datetime = _NO_MOMENT
    name: str = ""
    title: str = ""
    named: set[str] = field(default_factory=set)


def read_rsf(data: bytes, file: str) -> RsfRegister:
    """A register from the bytes of an RSF file; `file` is its name, for messages.

    Bad entries are kept with their problems, so that the good ones can be taken. Raises InvalidInput where the file
    is no RSF at all.
    """
    reading = _Reading()
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for number, raw in enumerate(lines, start=1):
        if raw.strip():
            _read_line(reading, raw.rstrip(b"\r"), number, last=number == len(lines), file=file)
    if not reading.entries and not reading.items:
        raise InvalidInput(f"{file} has no entry in it.", "Give the whole file as the register published it.")
    _tell_unnamed_items(reading)
    return RsfRegister(reading.name or Path(file).stem, reading.title, tuple(reading.entries), tuple(reading.problems))


def _read_line(reading: _Reading, raw: bytes, number: int, *, last: bool, file: str) -> None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        if not reading.begun:
            raise _no_register(file, f"line {number} is not UTF-8 text") from None
        reading.problems.append(Problem("", f"Line {number} is not UTF-8 text.", "Fetch the file again."))
        return
    parts = text.split("\t")
    if parts[0] not in _COMMANDS and not reading.begun:
        raise _no_register(file, f"line {number} begins with “{clean_text(text[:40])[0]}”")
    reading.begun = True
    if len(parts) != _COMMANDS.get(parts[0], 0):
        reading.problems.append(_broken_line(number, last=last))
    elif parts[0] == "add-item":
        _read_item(reading, parts[1], number, last=last)
    elif parts[0] == "append-entry":
        _read_entry(reading, parts, number, last=last)
    else:
        _check_root(reading, parts[1], number)


def _no_register(file: str, reason: str) -> InvalidInput:
    return InvalidInput(
        f"{file} is not a register in RSF: {reason}.",
        "An RSF file begins with add-item, append-entry or assert-root-hash.",
    )


def _broken_line(number: int, *, last: bool) -> Problem:
    if last:
        return Problem("", f"The file breaks off in the middle of line {number}.", "Fetch the whole file again.")
    return Problem("", f"Line {number} is no whole command.", "Compare it with the register’s own file.")


def _read_item(reading: _Reading, text: str, number: int, *, last: bool) -> None:
    try:
        item = json.loads(text, object_pairs_hook=_members)
        document, cleanings = cleaned(item)
    except (ValueError, RecursionError) as error:
        cut = last and isinstance(error, json.JSONDecodeError)
        reading.problems.append(_broken_line(number, last=True) if cut else _broken_item(number, error))
        return
    if not isinstance(item, dict):
        reading.problems.append(Problem("", f"The item in line {number} is no JSON object.", "Fetch the file again."))
        return
    reading.items[sha256_hex(text.encode("utf-8", "surrogatepass"))] = (document, cleanings, number)


def _members(pairs: list[tuple[str, object]]) -> Json:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise InvalidInput("A field stands twice in it.")
    return members


def _broken_item(number: int, error: Exception) -> Problem:
    if isinstance(error, json.JSONDecodeError):
        reason = f"is not JSON: {error.msg.lower()} at character {error.colno}"
    elif isinstance(error, InvalidInput):
        reason = f"cannot be taken: {error.message.rstrip('.')}"
    else:
        reason = "is no JSON that can be read"
    return Problem("", f"The item in line {number} {reason}.", "Compare it with the register’s own file.")


def _read_entry(reading: _Reading, parts: list[str], number: int, *, last: bool) -> None:
    _, kind, key, time, hashes = parts
    well_formed = kind in {"user", "system"} and key and not clean_text(key)[1]
    if not well_formed or not all(_HASH.fullmatch(one) for one in hashes.split(";")):
        reading.problems.append(_broken_line(number, last=last))
        return
    wanted = [one.removeprefix("sha-256:") for one in hashes.split(";")]
    reading.named.update(wanted)
    if kind == "system":
        _read_system_entry(reading, wanted[0])
        return
    entry_number = len(reading.leaves) + 1
    reading.leaves.append(leaf_hash(entry_leaf(entry_number, key, time, hashes.split(";"))))
    problems, moment = _read_time(time)
    problems += _check_order(reading, moment)
    found = [reading.items[one] for one in wanted if one in reading.items]
    problems += [_missing_item(one) for one in wanted if one not in reading.items]
    item = (found[0][0] or None) if len(found) == len(wanted) == 1 and not problems else None
    if len(wanted) > 1:
        problems.append(Problem("", "The entry has several items; this reader takes entries with one.", "Split it."))
    elif not problems and not item:
        problems.append(Problem("", "The entry’s item is empty.", "Compare it with the register’s own file."))
    cleanings = found[0][1] if found else ()
    reading.entries.append(RsfEntry(entry_number, number, key, moment, wanted[0], item, tuple(problems), cleanings))


def _read_system_entry(reading: _Reading, item_hash: str) -> None:
    """The register's own name and title; its custodians are people and are passed over."""
    item = reading.items.get(item_hash, ({}, (), 0))[0]
    title, register, name = item.get("register-name"), item.get("register"), item.get("name")
    if isinstance(title, str):
        reading.title = title
    if isinstance(register, str) and "fields" in item:
        reading.name = register
    elif isinstance(name, str) and set(item) == {"name"}:
        reading.name = reading.name or name


def _read_time(time: str) -> tuple[list[Problem], datetime]:
    try:
        return [], datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        problem = Problem("", f"“{time}” is not a moment of the calendar.", "Write it as YYYY-MM-DDThh:mm:ssZ.")
        return [problem], _NO_MOMENT


def _check_order(reading: _Reading, moment: datetime) -> list[Problem]:
    """A register only ever appends, so that an entry is never older than the one before it."""
    if _NO_MOMENT < moment < reading.newest:
        return [
            Problem(
                "",
                f"The entry is dated {moment:%Y-%m-%dT%H:%M:%SZ}, earlier than one before it: lines were altered or "
                "swapped.",
                "Compare the file with the register’s own, or fetch it again.",
            )
        ]
    reading.newest = max(reading.newest, moment)
    return []


def _missing_item(item_hash: str) -> Problem:
    return Problem(
        "",
        f"No item before the entry has the hash sha-256:{item_hash} that it names: it was altered, moved or lost.",
        "Compare the file with the register’s own, or fetch it again.",
    )


def entry_leaf(number: int, key: str, time: str, hashes: list[str]) -> bytes:
    """An entry as openregister-java hashed it: the bytes of a leaf of the tree. `hashes` are those of its items."""
    leaf = {
        "index-entry-number": str(number),
        "entry-number": str(number),
        "entry-timestamp": time,
        "key": key,
        "item-hash": hashes,
    }
    return json.dumps(leaf, separators=(",", ":"), ensure_ascii=False).encode()


def _check_root(reading: _Reading, asserted: str, number: int) -> None:
    root = f"sha-256:{root_hash(reading.leaves).hex()}"
    if root == asserted:
        reading.asserted = len(reading.leaves)
        return
    first, last = reading.asserted + 1, len(reading.leaves)
    problem = Problem(
        "",
        f"The root hash in line {number} is not that of the entries before it: one of the entries {first} to {last} "
        "was altered, dropped or added.",
        "Fetch the file again from the register. None of these entries was taken.",
    )
    reading.problems.append(problem)
    reading.entries = [entry if entry.number < first else _distrusted(entry, problem) for entry in reading.entries]
    reading.asserted = last


def _distrusted(entry: RsfEntry, problem: Problem) -> RsfEntry:
    problems = (*entry.problems, problem)
    return RsfEntry(
        entry.number, entry.line, entry.key, entry.timestamp, entry.item_sha256, None, problems, entry.cleanings
    )


def _tell_unnamed_items(reading: _Reading) -> None:
    for item_hash, (_, _, line) in reading.items.items():
        if item_hash not in reading.named:
            reading.problems.append(
                Problem(
                    "",
                    f"The item in line {line} has the hash sha-256:{item_hash}, which no entry names: it was altered, "
                    "or its entry is lost.",
                    "Compare the file with the register’s own, or fetch it again.",
                )
            )


def entries_by_key(register: RsfRegister) -> Iterator[tuple[str, list[RsfEntry]]]:
    """Every key with its entries in order, keys in the order they first appear."""
    keys: dict[str, list[RsfEntry]] = {}
    for entry in register.entries:
        keys.setdefault(entry.key, []).append(entry)
    yield from keys.items()
