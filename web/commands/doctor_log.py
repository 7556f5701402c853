"""What `gazette doctor` looks at of the register's log: in moments, however long the log is.

It reads the two ends of the log and what lies beside the key. Whether every entry and body in between is what was
signed is for `gazette register verify` to say.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.commands.context import CommandContext
from register.agreements.models import AgreementEvent, RegisterHead
from register.log.checkpoint import open_checkpoint, read_checkpoint
from register.log.checkpoints import latest_checkpoint, public_keys
from register.log.leaf import EventLeaf, leaf_bytes, read_leaf
from register.log.models import LogEntry
from register.log.note import read_vkey, split_note
from register.log.publish import published_folders
from register.log.signing import DEFAULT_ORIGIN, last_signed, last_signed_path, read_key_file
from register.log.store import leaf_of_event, root_at
from schemas.errors import NotFound
from schemas.merkle import leaf_hash
from web.commands.finding import Finding

OVERDUE = timedelta(hours=1)
"""How long an entry may wait for a signed checkpoint before that is a fault, where the key is on this machine."""

STALE = timedelta(days=1)
"""How far a published folder may lag behind the signed log before that is a fault."""

_TAIL = 50
_VERIFY = "Run “gazette register verify”, which looks at every entry, and restore the newest backup that is well."


def examine_log(context: CommandContext) -> Iterator[tuple[str, Callable[[], Finding]]]:
    """Each check of the log with its name, to be asked one after another."""
    yield "Log", lambda: _read(context, log_agrees)
    yield "Log’s key", lambda: _read(context, _key)
    yield "Log’s checkpoint", lambda: _read(context, _checkpoint)
    yield "Published log", lambda: _read(context, _published)


def _read(context: CommandContext, look: Callable[[Session, RegisterHead, CommandContext], Finding]) -> Finding:
    with context.database.read() as session:
        head = session.get(RegisterHead, 1)
        if head is None:
            return Finding("Log", well=False, found="There is no register yet", advice="Run “gazette init”.")
        return look(session, head, context)


def log_agrees(session: Session, head: RegisterHead, _context: CommandContext) -> Finding:
    """Whether head, events and entries fit each other, as far as the last few entries and the counts tell."""
    fault = _disagreement(session, head)
    if fault:
        return Finding("Log", well=False, found=fault, advice=_VERIFY)
    if head.logged_event != head.last_number:
        found = f"{head.last_number - head.logged_event:,} events have no entry yet"
        return Finding("Log", well=False, found=found, advice="Run “gazette db upgrade”.")
    if head.origin is None:
        return Finding("Log", well=False, found="The log has no name yet", advice="Run “gazette init” once more.")
    trial = " (a name for trials)" if head.origin == DEFAULT_ORIGIN else ""
    return Finding(
        "Log", well=True, found=f"{head.log_size:,} entries of {head.origin}{trial}; its ends fit the events"
    )


def _disagreement(session: Session, head: RegisterHead) -> str | None:
    entries = session.scalar(select(func.max(LogEntry.seq)))
    size = 0 if entries is None else entries + 1
    newest = session.scalar(select(func.max(AgreementEvent.number))) or 0
    logged = session.scalar(select(func.max(LogEntry.event_number))) or 0
    if size != head.log_size:
        return f"The log has {size:,} entries, its head says {head.log_size:,}"
    if newest != head.last_number:
        return f"There are events up to {newest:,}, the register’s head says {head.last_number:,}"
    if logged != head.logged_event:
        return f"Events up to {logged:,} have entries, the register’s head says {head.logged_event:,}"
    places = {*range(min(size, _TAIL)), *range(max(size - _TAIL, 0), size)}
    return next((fault for seq in sorted(places) if (fault := _entry_fault(session, seq))), None)


def _entry_fault(session: Session, seq: int) -> str | None:
    row = session.get(LogEntry, seq)
    if row is None:
        return f"Entry {seq} is missing"
    data = row.entry.encode()
    if leaf_hash(data) != row.leaf_hash:
        return f"Entry {seq} does not have its hash"
    try:
        leaf = read_leaf(data)
    except ValueError as error:
        return f"Entry {seq} cannot be read: {error}"
    if leaf.seq != seq or isinstance(leaf, EventLeaf) != (row.event_number is not None):
        return f"Entry {seq} is not of this place"
    if row.event_number is None or not isinstance(leaf, EventLeaf):
        return None
    event = session.get(AgreementEvent, row.event_number)
    try:
        same = event is not None and leaf_bytes(leaf_of_event(event, seq, leaf.source_entry_sha256)) == data
    except (ValueError, NotFound):
        same = False
    return None if same else f"Entry {seq} is not what event {row.event_number} says"


def _key(session: Session, _head: RegisterHead, context: CommandContext) -> Finding:
    path, keys = context.settings.log_key_path, public_keys(session)
    if not keys:
        return Finding("Log’s key", well=False, found="The log has no key yet", advice="Run “gazette init” once more.")
    if not path.exists():
        found = f"Not on this machine ({path}): nothing is signed here"
        return Finding("Log’s key", well=True, found=found)
    signers = read_key_file(path)  # tells by itself what hinders it
    if signers[0].verifier.vkey != keys[0]:
        advice = "Put the log’s own key there, or name its place with GAZETTE_LOG_KEY."
        return Finding("Log’s key", well=False, found=f"{path} is not the key that the log names", advice=advice)
    older = len(signers) - 1
    more = f"; {older} older ones sign too" if older else ""
    return Finding("Log’s key", well=True, found=f"{path}, its owner’s alone, is the published one{more}")


def _checkpoint(session: Session, head: RegisterHead, context: CommandContext) -> Finding:
    check, path = "Log’s checkpoint", context.settings.log_key_path
    behind = _signed_since(session, head, path)
    if behind:
        return behind
    newest = latest_checkpoint(session)
    if newest is not None:
        try:
            signed, _ = open_checkpoint(newest.note, [read_vkey(vkey) for vkey in public_keys(session)])
        except ValueError as error:
            return Finding(check, well=False, found=f"The last one is not well: {error}", advice=_VERIFY)
        if signed.size > head.log_size or root_at(session, signed.size) != signed.root:
            return Finding(check, well=False, found="The last one does not fit the entries", advice=_VERIFY)
    size = newest.size if newest else 0
    waiting, since = head.log_size - size, session.scalar(select(LogEntry.entry).where(LogEntry.seq == size))
    told = f"{size:,} entries, signed {newest.signed_at:%Y-%m-%d %H:%M} UTC" if newest else "None was signed yet"
    if not waiting or since is None:
        return Finding(check, well=True, found=f"{told}; no entry waits")
    waits = context.clock() - read_leaf(since.encode()).recorded_at
    found = f"{told}; {waiting:,} entries wait, the oldest for {_told(waits)}"
    if path.exists() and waits > OVERDUE:
        advice = "Run “gazette register checkpoint”; “gazette serve” with the key signs by itself."
        return Finding(check, well=False, found=found, advice=advice)
    return Finding(check, well=True, found=found)


def _signed_since(session: Session, head: RegisterHead, path: Path) -> Finding | None:
    """The fault that the key signed more than the database holds: it was put back to an older state, or altered."""
    note, kept = last_signed(path), last_signed_path(path)
    if note is None:
        return None
    check = "Log’s checkpoint"
    try:
        last = read_checkpoint(split_note(note)[0])
    except ValueError as error:
        advice = f"Move {kept} away, and sign anew with “gazette register checkpoint”."
        return Finding(check, well=False, found=f"{kept} is no checkpoint: {error}", advice=advice)
    if last.origin != head.origin:
        found = f"The key last signed another log, {last.origin}"
        return Finding(check, well=False, found=found, advice="Use a key of this log’s own.")
    if last.size > head.log_size or root_at(session, last.size) != last.root:
        found = f"The key signed {last.size:,} entries that the database, with {head.log_size:,}, does not hold"
        advice = (
            "The database was put back to an older state, or altered: put the newer one back. If that is lost, tell "
            f"those who check the register, delete {kept}, and sign anew."
        )
        return Finding(check, well=False, found=found, advice=advice)
    return None


def _told(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 2:
        return "moments"
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60:,} hours"


def _published(session: Session, _head: RegisterHead, context: CommandContext) -> Finding:
    check, folders = "Published log", published_folders(context.settings.data)
    newest = latest_checkpoint(session)
    size = newest.size if newest else 0
    if not folders:
        return Finding(check, well=True, found="No folder was published into")
    now = context.clock()
    faults = {folder: fault for folder in folders if (fault := _folder_fault(session, folder, size, now))}
    if faults:
        listed = context.settings.data / "published-folders"
        advice = (
            f"Run “gazette register checkpoint --publish {next(iter(faults))}”. A folder that is no longer used is "
            f"taken out of {listed}."
        )
        return Finding(check, well=False, found="; ".join(faults.values()), advice=advice)
    return Finding(check, well=True, found=f"{', '.join(map(str, folders))}: no more than a day behind")


def _folder_fault(session: Session, folder: Path, size: int, now: datetime) -> str | None:
    try:
        note = (folder / "checkpoint").read_bytes()
    except OSError:
        return f"{folder} has no checkpoint"
    try:
        there = read_checkpoint(split_note(note)[0])
    except ValueError:
        return f"{folder} has no checkpoint that can be read"
    if there.size > size or root_at(session, there.size) != there.root:
        return f"{folder} holds another history"
    missing = session.scalar(select(LogEntry.entry).where(LogEntry.seq == there.size)) if there.size < size else None
    if missing is None or now - read_leaf(missing.encode()).recorded_at < STALE:
        return None
    return f"{folder} is {size - there.size:,} entries behind, for more than a day"
