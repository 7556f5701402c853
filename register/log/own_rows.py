"""The rows of the log's tables, each against the entries: whoever holds the database can change any of them.

Columns are read as the database keeps them, without a type of ours in between, so that a value of a wrong kind is a
fault of its row like any other. `register.log.vouching` lists what is compared with what.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from register.log.leaf import CODELISTS_CHANGED, KEY_ROTATED
from register.log.store import source_digest
from schemas.merkle import leaf_hash, node_hash

AT_ONCE = 1_024
"""Entries that are read at once: a power of two, so that most of the tree's nodes lie within one batch."""

EVENT_MEMBERS = {
    "agreement_id": "agreement",
    "event": "event",
    "version": "version",
    "recorded_at": "recorded_at",
    "registered_on": "registered_on",
    "effective": "effective",
    "actor_organisation": "actor_org",
    "body_sha256": "body_sha256",
    "details_sha256": "details_sha256",
    "previous_body_sha256": "prev_body_sha256",
    "schema_version": "schema",
}
"""The columns of an event, and the members of its entry that say the same."""

_MOMENTS = frozenset({"recorded_at", "registered_on"})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}", re.ASCII)
_ENTRIES = text(
    "SELECT seq, entry, leaf_hash, event_number, number, agreement_id, event, version, recorded_at, registered_on, "
    "effective, actor_organisation, body_sha256, details_sha256, previous_body_sha256, "
    "agreement_event.schema_version, source_entry, sealed FROM log_entry "
    "LEFT JOIN agreement_event ON agreement_event.number = log_entry.event_number "
    "LEFT JOIN agreement_body ON agreement_event.source_entry IS NOT NULL "
    "AND agreement_body.sha256 = agreement_event.body_sha256 "
    "WHERE seq >= :first AND seq < :end ORDER BY seq"
)


class OwnEntries:
    """Reads all entries with their events and the tree over them, in order and once; `faults` gives what is wrong.

    Afterwards `size` is the number of entries, `events` of those that tell of one, `rotations` the keys that entries
    name with their places, `codelists` what the newest entry about them names, `recorded_at` the newest moment,
    `prefixes` and `serial` what the agreements' numbers begin with and the highest of them, and `unchecked` counts the
    events whose source's entry cannot be checked any more. `signed` is asked for the faults of the checkpoints at
    sizes above the first and up to the second, of which it is given the roots.
    """

    def __init__(self, session: Session, signed: Callable[[int, int, Mapping[int, bytes]], Iterator[str]]) -> None:
        self._session, self._signed = session, signed
        self.size = self.events = self.serial = self.unchecked = 0
        self.rotations: list[tuple[int, str]] = []
        self.codelists: str | None = None
        self.recorded_at: str | None = None
        self.prefixes: set[str] = set()
        self._roots: dict[int, bytes] = {}  # at the sizes of the batch that have a checkpoint
        self._subtrees: list[bytes] = []  # complete ones, the largest first

    def faults(self) -> Iterator[str]:
        """Read everything, and tell every row that is not what it must be."""
        last = self._session.scalar(text("SELECT max(seq) FROM log_entry"))
        lowest = self._session.scalar(text("SELECT min(seq) FROM log_entry"))
        if lowest is not None and lowest < 0:
            yield f"entry {lowest}: the log has no such place"
        for first in range(0, 0 if last is None else last + 1, AT_ONCE):
            end = min(first + AT_ONCE, last + 1)
            made: dict[tuple[int, int], bytes] = {}
            sizes = text("SELECT size FROM log_checkpoint WHERE size > :first AND size <= :end")
            self._roots = dict.fromkeys(self._session.scalars(sizes, {"first": first, "end": end}), b"")
            found, unread = rows_between(self._session, _ENTRIES, first, end)
            yield from (f"entry {place}: its row cannot be read: {why}" for place, why in unread.items())
            for place in range(first, end):
                row = found.get(place)
                if row is None and place not in unread:
                    yield f"entry {place}: it is missing"
                data = row.entry.encode() if row is not None and isinstance(row.entry, str) else b""
                self._grow(leaf_hash(data), made)
                if row is not None:
                    yield from self._told(row)
            yield from self._nodes(made, first, end)
            yield from self._signed(first, end, self._roots)
        yield from self._other_nodes()
        yield from self._other_events()

    def _told(self, row: Row[Any]) -> list[str]:
        try:
            return list(self._entry(row))
        except Exception as error:  # noqa: BLE001 - whatever the rows beside it hold
            return [f"entry {row.seq}: the rows of its event and body cannot be compared with it: {error}"]

    def _entry(self, row: Row[Any]) -> Iterator[str]:
        what = f"entry {row.seq}"
        try:
            entry = json.loads(row.entry)
            event = entry["event"]
            self.recorded_at = entry["recorded_at"]
            what = f"entry {row.seq} ({entry.get('agreement', 'the log itself')}, {event})"
        except (ValueError, TypeError, KeyError, RecursionError):
            yield f"{what}: what it says cannot be read"
            return
        if leaf_hash(row.entry.encode()) != row.leaf_hash:
            yield f"{what}: its leaf_hash is not the hash of what it says"
        if event in {KEY_ROTATED, CODELISTS_CHANGED}:
            if event == KEY_ROTATED:
                self.rotations.append((row.seq, entry.get("key")))
            else:
                self.codelists = entry.get("codelists_sha256")
            if row.event_number is not None:
                yield f"{what}: it tells of no event, and its row names event {row.event_number}"
            return
        self.events += 1
        self._number(entry.get("agreement"))
        if row.event_number != self.events:
            yield f"{what}: its row names event {row.event_number}, and it tells of event {self.events}"
        elif row.number is None:
            yield f"event {self.events}: it is missing; entry {row.seq} tells of it"
        else:
            yield from (
                f"event {row.number} ({row.agreement_id}, {row.event}): its {column} is not what entry {row.seq} says"
                for column in self._differing(row, entry)
            )

    def _differing(self, row: Row[Any], entry: dict[str, Any]) -> Iterator[str]:
        for column, member in EVENT_MEMBERS.items():
            held = getattr(row, column)
            held = moment_text(held) if column in _MOMENTS else held
            if type(held) is not type(entry.get(member)) or held != entry.get(member):
                yield column
        wanted = entry.get("source_entry_sha256")
        if row.source_entry is None or wanted is None:
            digest = None if row.source_entry is None else ""
        else:
            sealed = json.loads(row.sealed) if isinstance(row.sealed, str) else row.sealed
            digest = source_digest(row.source_entry, sealed)
            if digest is None:  # a value of the body is blanked
                self.unchecked += 1
                return
        if digest != wanted:
            yield "source_entry"

    def _number(self, agreement: object) -> None:
        prefix, _, serial = str(agreement).rpartition("-")
        self.prefixes.add(prefix)
        self.serial = max(self.serial, int(serial) if serial.isdecimal() else 0)

    def _grow(self, digest: bytes, made: dict[tuple[int, int], bytes]) -> None:
        level, index, bits = 0, self.size, self.size
        while bits & 1:
            digest = node_hash(self._subtrees.pop(), digest)
            level, index, bits = level + 1, index >> 1, bits >> 1
            made[level, index] = digest
        self._subtrees.append(digest)
        self.size += 1
        if self.size in self._roots:
            self._roots[self.size] = self._root()

    def _root(self) -> bytes:
        *rest, root = self._subtrees
        for left in reversed(rest):
            root = node_hash(left, root)
        return root

    def _nodes(self, made: dict[tuple[int, int], bytes], first: int, end: int) -> Iterator[str]:
        """The nodes that the entries from `first` to before `end` complete."""
        held: dict[tuple[int, int], object] = {}
        for level in range(1, end.bit_length()):
            if first >> level == end >> level:
                continue  # none is completed on this level, nor above it
            query = text("SELECT idx, hash FROM log_node WHERE level = :level AND idx >= :first AND idx < :end")
            places = {"level": level, "first": first >> level, "end": end >> level}
            held |= {(level, row.idx): row.hash for row in self._session.execute(query, places)}
        for (level, index), digest in made.items():
            if (level, index) not in held:
                yield f"the tree’s node {index} at level {level}: it is missing"
            elif held[level, index] != digest:
                yield f"the tree’s node {index} at level {level}: it is not the hash of what lies below it"

    def _other_nodes(self) -> Iterator[str]:
        levels = range(1, self.size.bit_length())
        query = text("SELECT level, idx FROM log_node WHERE level < 1 OR level > :top LIMIT 100")
        found = list(self._session.execute(query, {"top": len(levels)}))
        for level in levels:
            query = text("SELECT level, idx FROM log_node WHERE level = :level AND (idx < 0 OR idx >= :end) LIMIT 100")
            found += self._session.execute(query, {"level": level, "end": self.size >> level})
        yield from (f"the tree’s node {row.idx} at level {row.level}: nothing lies below it" for row in found)

    def _other_events(self) -> Iterator[str]:
        query = text(
            "SELECT number, agreement_id, event FROM agreement_event WHERE NOT EXISTS "
            "(SELECT 1 FROM log_entry WHERE log_entry.event_number = agreement_event.number) ORDER BY number LIMIT 1000"
        )
        for row in self._session.execute(query):
            yield (
                f"event {row.number} ({row.agreement_id}, {row.event}): it has no entry in the log; "
                "“gazette db upgrade” gives one to what is older than the log"
            )


def rows_between(
    session: Session,
    query: TextClause,
    first: int,
    end: int,
) -> tuple[dict[int, Row[Any]], dict[int, str]]:
    """The rows with a number from `first` to before `end` by that number, their first column; and why others cannot be.

    A single row that cannot be read does not hide the others. Raises SQLAlchemyError where it is not a row's fault.
    """
    try:
        return {row[0]: row for row in session.execute(query, {"first": first, "end": end})}, {}
    except SQLAlchemyError as error:
        if not is_of_a_row(session, error):
            raise
        if end - first == 1:
            return {}, {first: str(getattr(error, "orig", error)).split("\n", 1)[0]}
    middle = (first + end) // 2
    (found, unread), (more, others) = (rows_between(session, query, *part) for part in ((first, middle), (middle, end)))
    return found | more, unread | others


def is_of_a_row(session: Session, error: Exception) -> bool:
    """Whether an error may come from what a row holds, and not from a database that does not answer or is in use.

    PostgreSQL lets no value in that it cannot give back.
    """
    in_use = re.search(r"locked|busy|no such table|unable to open|disk I/O", str(error)) is not None
    return session.get_bind().dialect.name == "sqlite" and not in_use


def moment_text(held: object) -> str | None:
    """A moment as entries write it; None for what the database holds in another form than its own."""
    if isinstance(held, datetime) and held.tzinfo is not None:
        return held.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    if isinstance(held, str) and _MOMENT.fullmatch(held):
        return f"{held.replace(' ', 'T')}Z"
    return None
