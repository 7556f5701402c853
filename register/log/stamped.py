"""Timestamps (RFC 3161) that lie in a copy of a log: when the log was already as it is, by the word of an authority."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from register.log.copies import FileCopy
from register.log.timestamp import check_timestamp
from register.log.timestamps import LISTING
from register.log.verify import Checkpoint, plain

_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Stamped:
    """A timestamp's file, its bytes, and the signed note that it is of."""

    path: str
    token: bytes
    note: bytes


def stamps_in(copy: FileCopy) -> tuple[list[Stamped], list[str]]:
    """The timestamps of a copy, none of them checked yet, and what is wrong with their files.

    Raises what reading a site or the database raises where they do not answer.
    """
    try:
        listing = copy.read(LISTING)
    except (ValueError, KeyError):
        return [], []  # there are none
    found: list[Stamped] = []
    faults: list[str] = []
    try:
        rows = [(str(row["checkpoint"]), str(row["token"])) for row in json.loads(listing)]
    except (ValueError, TypeError, KeyError, RecursionError):
        return [], [f"{LISTING}: altered: it is no list of timestamps"]
    for checkpoint, token in rows[:_MOST]:
        try:
            if not (checkpoint.startswith("timestamps/") and token.startswith("timestamps/")):
                raise ValueError("names a file that is no timestamp")
            note = copy.read(checkpoint)
            Checkpoint(note)
            found.append(Stamped(plain(token), copy.read(token), note))
        except (ValueError, KeyError) as error:
            faults.append(plain(f"{LISTING}: {token} of {checkpoint}: {error}"))
    return found, faults


def checked_stamps(stamps: Sequence[Stamped], certificates: Sequence[bytes]) -> tuple[list[str], list[str]]:
    """The faults of timestamps, and what they say. Without certificates they are told as not checked.

    Raises InvalidInput where there is no certificate in the files, Refused without the library for it.
    """
    if not certificates:
        many = f"{len(stamps):,} timestamp{'' if len(stamps) == 1 else 's'} not checked"
        return [], [f"{many}: --timestamp-certificate FILE names whom you trust."] if stamps else []
    faults: list[str] = []
    oldest: dict[int, datetime] = {}
    for one in stamps:
        size = Checkpoint(one.note).size
        try:
            moment = check_timestamp(one.token, one.note, certificates)
            oldest[size] = min(moment, oldest.get(size, moment))
        except ValueError as error:
            faults.append(f"{one.path}: {plain(str(error))}")
    remarks = [
        f"The first {size:,} entries stood so on {moment:%Y-%m-%d %H:%M:%S} UTC, says a timestamp."
        for size, moment in sorted(oldest.items())
    ]
    return faults, remarks if stamps else ["There is no timestamp in this copy."]
