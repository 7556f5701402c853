"""Entries of the log: one form each, and nothing else is read."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.log.leaf import MAX_BYTES, EventLeaf, KeyLeaf, leaf_bytes, read_leaf
from schemas.canonical import canonical_bytes
from tests.register.log.keys import cosigner, signer

HASH = "0f" * 32
MOMENT = datetime(2026, 11, 22, 9, 30, 0, 120, UTC)
SMALL = EventLeaf(0, MOMENT, "dg-1", "signed", MOMENT)
WHOLE = EventLeaf(
    seq=41,
    recorded_at=MOMENT,
    agreement="dg-12",
    event="amendment-proposed",
    registered_on=datetime(2019, 6, 23, tzinfo=UTC),
    version=3,
    effective="2019-06",
    actor_org="ministry-of-rivers",
    body_sha256=HASH,
    details_sha256=HASH[::-1],
    prev_body_sha256=HASH,
    schema="1.0.0",
    schema_sha256=HASH,
)
NEW_KEY = KeyLeaf(7, MOMENT, signer(words="new").verifier.vkey)

moments = st.datetimes(timezones=st.just(UTC))
hashes = st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex)
slugs = st.from_regex(r"[a-z0-9][a-z0-9-]{0,30}", fullmatch=True).filter(lambda slug: slug != "key-rotated")


def document(leaf: EventLeaf | KeyLeaf = WHOLE, **changes: Any) -> dict[str, Any]:
    """The members of an entry, some changed; one changed to None is left out."""
    members = {**json.loads(leaf_bytes(leaf)), **changes}
    return {name: member for name, member in members.items() if member is not None}


def test_the_smallest_entry_has_these_bytes() -> None:
    assert leaf_bytes(SMALL) == (
        b'{"agreement":"dg-1","event":"signed","recorded_at":"2026-11-22T09:30:00.000120Z",'
        b'"registered_on":"2026-11-22T09:30:00.000120Z","seq":0,"v":1}'
    )


def test_a_whole_entry_has_these_members() -> None:
    assert document() == {
        "v": 1,
        "seq": 41,
        "recorded_at": "2026-11-22T09:30:00.000120Z",
        "agreement": "dg-12",
        "event": "amendment-proposed",
        "registered_on": "2019-06-23T00:00:00.000000Z",
        "version": 3,
        "effective": "2019-06",
        "actor_org": "ministry-of-rivers",
        "body_sha256": HASH,
        "details_sha256": HASH[::-1],
        "prev_body_sha256": HASH,
        "schema": "1.0.0",
        "schema_sha256": HASH,
    }


def test_a_key_s_entry_has_these_members() -> None:
    assert document(NEW_KEY) == {
        "v": 1,
        "seq": 7,
        "recorded_at": "2026-11-22T09:30:00.000120Z",
        "event": "key-rotated",
        "key": NEW_KEY.key,
    }


@pytest.mark.parametrize("leaf", [SMALL, WHOLE, NEW_KEY])
def test_entries_are_read_back(leaf: EventLeaf | KeyLeaf) -> None:
    assert read_leaf(leaf_bytes(leaf)) == leaf


@given(
    st.builds(
        EventLeaf,
        seq=st.integers(0, 2**53 - 1),
        recorded_at=moments,
        agreement=st.integers(1, 10**9).map(lambda serial: f"dg-{serial}"),
        event=slugs,
        registered_on=moments,
        version=st.none() | st.integers(1, 10**6),
        effective=st.none() | st.sampled_from(["2024", "2024-02", "2024-02-29", "2024-02-29T10:00:00Z"]),
        actor_org=st.none() | slugs,
        body_sha256=hashes,
        details_sha256=hashes,
        prev_body_sha256=hashes,
        schema=st.just("1.2.3"),
        schema_sha256=st.just(HASH),
    )
)
def test_every_entry_is_read_back(leaf: EventLeaf) -> None:
    data = leaf_bytes(leaf)
    assert read_leaf(data) == leaf
    assert len(data) <= MAX_BYTES
    assert canonical_bytes(json.loads(data)) == data
    assert b"null" not in data


def test_a_moment_of_another_zone_is_written_in_utc() -> None:
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert leaf_bytes(replace(SMALL, recorded_at=elsewhere)) == leaf_bytes(SMALL)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="recorded_at has no time zone"):
        leaf_bytes(replace(SMALL, recorded_at=MOMENT.replace(tzinfo=None)))
    with pytest.raises(ValueError, match="registered_on has no time zone"):
        leaf_bytes(replace(SMALL, registered_on=MOMENT.replace(tzinfo=None)))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"v": None}, "no v"),
        ({"v": 2}, "v is not"),
        ({"v": True}, "v is not"),
        ({"v": "1"}, "v is not"),
        ({"seq": None}, "no seq"),
        ({"seq": -1}, "seq is not"),
        ({"seq": 1.0}, "seq is not"),
        ({"seq": True}, "seq is not"),
        ({"seq": 2**53}, "seq is not"),
        ({"recorded_at": None}, "no recorded_at"),
        ({"recorded_at": "2026-11-22T09:30:00Z"}, "recorded_at is not"),
        ({"recorded_at": "2026-11-22T09:30:00.000120+00:00"}, "recorded_at is not"),
        ({"recorded_at": "2026-11-22 09:30:00.000120Z"}, "recorded_at is not"),
        ({"recorded_at": "2026-02-30T09:30:00.000120Z"}, "recorded_at is not"),
        ({"recorded_at": "2026-11-22T09:30:60.000000Z"}, "recorded_at is not"),
        ({"recorded_at": 0}, "recorded_at is not"),
        ({"agreement": None}, "no agreement"),
        ({"agreement": "dg-0"}, "agreement is not"),
        ({"agreement": "dg-1\n"}, "agreement is not"),
        ({"agreement": "12"}, "agreement is not"),
        ({"event": None}, "no event"),
        ({"event": "Signed"}, "event is not"),
        ({"event": ["signed"]}, "event is not"),
        ({"registered_on": None}, "no registered_on"),
        ({"version": 0}, "version is not"),
        ({"effective": "31/03/2024"}, "effective is not"),
        ({"effective": "2024-02-30"}, "effective is not"),
        ({"effective": " 2024"}, "effective is not"),
        ({"effective": ""}, "effective is not"),
        ({"actor_org": "Ministry of Rivers"}, "actor_org is not"),
        ({"actor_org": "ada@rivers.example"}, "actor_org is not"),
        ({"body_sha256": HASH.upper()}, "body_sha256 is not"),
        ({"body_sha256": HASH[:-1]}, "body_sha256 is not"),
        ({"body_sha256": {}}, "body_sha256 is not"),
        ({"schema": "1"}, "schema is not"),
        ({"schema": None}, "not both"),
        ({"schema_sha256": None}, "not both"),
        ({"schema": None, "schema_sha256": None}, "in which schema"),
        ({"key": NEW_KEY.key}, "does not know"),
        ({"note": "a word more"}, "does not know"),
        ({"event": "key-rotated"}, "no key"),
    ],
)
def test_an_entry_with_a_wrong_member_is_refused_by_name(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read_leaf(json.dumps(document(**changes), sort_keys=True, separators=(",", ":")).encode())


@pytest.mark.parametrize("name", [field.name for field in fields(EventLeaf)])
def test_an_entry_with_a_wrong_value_is_not_written(name: str) -> None:
    wrong: Any = MOMENT.replace(tzinfo=None) if name in {"recorded_at", "registered_on"} else "no such thing!"
    with pytest.raises(ValueError, match=name):
        leaf_bytes(replace(WHOLE, **{name: wrong}))


def test_a_member_that_says_nothing_is_absent_and_never_null() -> None:
    members = {**document(), "actor_org": None}
    with pytest.raises(ValueError, match="actor_org is not"):
        read_leaf(canonical_bytes(members))


@pytest.mark.parametrize(
    "key",
    ["", "no key", f" {NEW_KEY.key}", f"{NEW_KEY.key}\n", NEW_KEY.key.replace("+", "-"), cosigner().verifier.vkey],
)
def test_a_new_key_is_a_key_that_signs_checkpoints(key: str) -> None:
    with pytest.raises(ValueError, match="key is not"):
        leaf_bytes(replace(NEW_KEY, key=key))


def test_an_event_is_no_key_s_entry() -> None:
    with pytest.raises(ValueError, match="no key"):
        leaf_bytes(replace(SMALL, event="key-rotated"))
    with pytest.raises(ValueError, match="does not know"):
        read_leaf(canonical_bytes(document(NEW_KEY, agreement="dg-1")))


def test_an_entry_has_at_most_a_kilobyte() -> None:
    room = MAX_BYTES - len(leaf_bytes(WHOLE))
    longest = replace(WHOLE, actor_org=f"{WHOLE.actor_org}{'x' * room}")
    assert len(leaf_bytes(longest)) == MAX_BYTES
    with pytest.raises(ValueError, match="the most is 1024"):
        leaf_bytes(replace(longest, actor_org=f"{longest.actor_org}x"))
    with pytest.raises(ValueError, match="the most is 1024"):
        read_leaf(leaf_bytes(longest) + b" ")


@pytest.mark.parametrize(
    "data",
    [
        leaf_bytes(WHOLE) + b"\n",
        b" " + leaf_bytes(WHOLE),
        json.dumps(document(), sort_keys=True).encode(),
        json.dumps(dict(reversed(document().items())), separators=(",", ":")).encode(),
        leaf_bytes(WHOLE).replace(b'"v":1', b'"v":1,"v":1'),
        leaf_bytes(WHOLE).replace(b'"seq":41', b'"seq":40,"seq":41'),
        leaf_bytes(WHOLE).replace(b"dg-12", b"dg-1\\u0032"),
    ],
)
def test_another_form_of_the_same_entry_is_refused(data: bytes) -> None:
    assert json.loads(data) == document()
    with pytest.raises(ValueError, match="one form"):
        read_leaf(data)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"null", b"[]", b"1", b'"text"', b"{", b"{}", b"[" * MAX_BYTES, b"\xef\xbb\xbf{}", b'{"v":NaN}'],
)
def test_what_is_no_entry_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="the entry"):
        read_leaf(data)


@given(st.integers(0, len(leaf_bytes(WHOLE)) - 1), st.integers(1, 255))
def test_a_changed_byte_makes_another_entry_or_none(at: int, change: int) -> None:
    data = leaf_bytes(WHOLE)
    changed = data[:at] + bytes([data[at] ^ change]) + data[at + 1 :]
    try:
        leaf = read_leaf(changed)
    except ValueError:
        return
    assert leaf != WHOLE
    assert leaf_bytes(leaf) == changed


@given(st.binary(max_size=40), st.integers(0, 400))
def test_any_bytes_are_an_entry_or_a_valueerror(data: bytes, at: int) -> None:
    whole = leaf_bytes(WHOLE)
    for candidate in (data, whole[:at] + data + whole[at + len(data) :]):
        try:
            leaf = read_leaf(candidate)
        except ValueError:
            continue
        assert leaf_bytes(leaf) == candidate
