import hashlib
import json
from datetime import UTC, datetime

from catalogue.formats.rsf import read_rsf
from register.formats.exported import VersionEntry
from register.formats.rsf import agreement_from_rsf
from register.formats.rsf_writing import write_rsf
from schemas.canonical import Json
from schemas.merkle import leaf_hash, root_hash
from tests.register.making import agreement

MADE = datetime(2026, 3, 2, tzinfo=UTC)
FIRST = {"id": "dg-1", **agreement(purpose="Tabs\tand\nlines, and “ö”")}
SECOND = {"id": "dg-1", **agreement(endsOn="2027-01-01")}
OTHER = {"id": "dg-2", **agreement(title="Another")}
HISTORY = [
    VersionEntry("dg-1", datetime(2019, 1, 2, 3, 4, 5, 678, tzinfo=UTC), FIRST),
    VersionEntry("dg-2", datetime(2019, 1, 3, tzinfo=UTC), OTHER),
    VersionEntry("dg-1", datetime(2020, 1, 1, tzinfo=UTC), SECOND),
    VersionEntry("dg-1", datetime(2021, 1, 1, tzinfo=UTC), FIRST),
]


def _written(entries: list[VersionEntry]) -> str:
    standings = [("dg-2", "withdrawn", datetime(2022, 1, 1, tzinfo=UTC))]
    return "".join(write_rsf("Made-up agreements", "dg", ["id", "title"], MADE, standings, entries))


def _by_the_book(text: str) -> dict[str, list[Json]]:
    """The user entries of every key, read as the specification of RSF says and by nothing of ours but the hashes."""
    items: dict[str, Json] = {}
    leaves: list[bytes] = []
    found: dict[str, list[Json]] = {}
    asserted = []
    for line in text.removesuffix("\n").split("\n"):
        command, *parts = line.split("\t")
        match command:
            case "add-item":
                items[f"sha-256:{hashlib.sha256(parts[0].encode()).hexdigest()}"] = json.loads(parts[0])
            case "append-entry":
                kind, key, time, item_hash = parts
                assert item_hash in items
                if kind == "user":
                    number = str(len(leaves) + 1)
                    leaf = {"index-entry-number": number, "entry-number": number, "entry-timestamp": time, "key": key}
                    leaf_text = json.dumps({**leaf, "item-hash": [item_hash]}, separators=(",", ":"))
                    leaves.append(leaf_hash(leaf_text.encode()))
                    found.setdefault(key, []).append(items[item_hash])
            case "assert-root-hash":
                assert parts == [f"sha-256:{root_hash(leaves).hex()}"]
                asserted.append(len(leaves))
            case other:
                raise AssertionError(other)
    assert asserted == [0, len(leaves)]
    return found


def test_a_reader_by_the_book_finds_every_version_and_both_roots_right() -> None:
    assert _by_the_book(_written(HISTORY)) == {"dg-1": [FIRST, SECOND, FIRST], "dg-2": [OTHER]}


def test_our_own_reader_gives_every_version_back_equal() -> None:
    register = read_rsf(_written(HISTORY).encode(), "register.rsf")
    assert (register.name, register.title, register.problems) == ("id", "Made-up agreements", ())
    assert [entry.problems for entry in register.entries] == [()] * 4
    read = [
        agreement_from_rsf(entry.item or {}, register.name, register.title, lambda _: None)
        for entry in register.entries
    ]
    assert [one.document for one in read] == [FIRST, OTHER, SECOND, FIRST]
    assert [entry.timestamp.year for entry in register.entries] == [2019, 2019, 2020, 2021]


def test_an_item_stands_once_and_the_withdrawn_are_marked() -> None:
    text = _written(HISTORY)
    assert text.count("Tabs") == 1
    assert 'add-item\t{"agreement":"dg-2","standing":"withdrawn"}\n' in text
    assert "append-entry\tsystem\tstanding:dg-2\t2022-01-01T00:00:00Z\t" in text


def test_the_same_register_is_the_same_file() -> None:
    later = write_rsf("T", "dg", ["id"], MADE.replace(year=2027), [], HISTORY)
    assert list(write_rsf("T", "dg", ["id"], MADE, [], HISTORY)) == list(later)


def test_an_empty_register_can_be_written() -> None:
    assert _by_the_book(_written([])) == {}
