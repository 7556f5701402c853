"""Small registers in RSF, made line by line so that a test can spoil one of them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from register.formats.rsf import number_scheme
from schemas.merkle import leaf_hash, root_hash

REGISTER = "information-sharing-agreement-0001"
NUMBERS = number_scheme(REGISTER)
"""What the numbers that the register gives are called here."""

TITLE = "A register of made-up agreements"


def item_line(item: Mapping[str, Any]) -> tuple[str, str]:
    """The line of an item, and its hash as entries name it."""
    text = json.dumps(item, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"add-item\t{text}", f"sha-256:{hashlib.sha256(text.encode()).hexdigest()}"


def moment(number: int) -> str:
    """The time of the entry with a number: one a minute."""
    return f"2019-06-23T{number // 60:02}:{number % 60:02}:00Z"


def root_line(entries: list[tuple[str, str]]) -> str:
    """The line that asserts the root over user entries, given as (key, hash of the item)."""
    leaves = [
        {
            "index-entry-number": str(number),
            "entry-number": str(number),
            "entry-timestamp": moment(number),
            "key": key,
            "item-hash": [item_hash],
        }
        for number, (key, item_hash) in enumerate(entries, start=1)
    ]
    hashes = [leaf_hash(json.dumps(leaf, separators=(",", ":")).encode()) for leaf in leaves]
    return f"assert-root-hash\tsha-256:{root_hash(hashes).hex()}"


def register_lines(items: Sequence[Mapping[str, Any]], *, name: str = REGISTER, root: bool = True) -> list[str]:
    """The lines of a register with one user entry for each item, whose key is the item's own."""
    lines = [root_line([])]
    for system in ({"name": name}, {"register-name": TITLE}, {"custodian": "Ada Keeper"}):
        line, item_hash = item_line(system)
        lines += [line, f"append-entry\tsystem\t{next(iter(system))}\t2019-01-01T00:00:00Z\t{item_hash}"]
    entries: list[tuple[str, str]] = []
    for number, item in enumerate(items, start=1):
        line, item_hash = item_line(item)
        lines += [line, f"append-entry\tuser\t{item[name]}\t{moment(number)}\t{item_hash}"]
        entries.append((item[name], item_hash))
    if root:
        lines.append(root_line(entries))
    return lines


def as_file(lines: list[str], end: str = "\n") -> bytes:
    """The bytes of a file with these lines."""
    return "".join(line + end for line in lines).encode()


def agreement_item(key: str, **fields: Any) -> dict[str, Any]:
    """An item with what an agreement needs; a field given as None is left out."""
    item = {
        REGISTER: key,
        "name": f"Agreement {key}",
        "controllers": ["rivers:1"],
        "processor-names": ["Bridges Office"],
        "start-date": "2019-01-01",
        "contact": "data.protection@rivers.example",
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    return {name: value for name, value in item.items() if value is not None}
