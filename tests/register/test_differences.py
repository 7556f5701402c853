import copy
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.differences import Difference, Kind, differences, is_same
from register.record_text import in_words
from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json
from schemas.contract import load_part
from tests.register.making import agreement
from tests.samples import sample_agreements

SCHEMA = load_schema("agreement", AGREEMENT_VERSION)
EXAMPLE = load_part(AGREEMENT_VERSION, "examples", "complete")
SETS = {"jurisdictions", "flowRole", "agreementRole", "purposeCategories", "frequency", "codes"}
RIVERS = {"name": "Ministry of Rivers", "flowRole": ["discloser"]}
BRIDGES = {"name": "Bridges Office", "flowRole": ["recipient"]}


def found(before: Json, after: Json) -> list[tuple[str, str, Any, Any]]:
    """The differences as (kind, title, before, after)."""
    return [(one.kind, one.title, one.before, one.after) for one in differences(before, after, SCHEMA)]


def parties(*listed: Json) -> Json:
    return agreement(parties=list(listed))


def test_a_text_has_no_difference_to_itself() -> None:
    assert differences(EXAMPLE, copy.deepcopy(EXAMPLE), SCHEMA) == []


def test_a_party_put_in_leaves_the_others_as_they_were() -> None:
    canals = {"name": "Canal Trust"}
    assert found(parties(RIVERS, BRIDGES), parties(canals, RIVERS, BRIDGES)) == [
        ("added", "Parties, Canal Trust", None, canals)
    ]
    assert found(parties(canals, RIVERS, BRIDGES), parties(RIVERS, BRIDGES)) == [
        ("removed", "Parties, Canal Trust", canals, None)
    ]


def test_a_field_of_a_party_is_named_in_plain_words() -> None:
    changed = {**BRIDGES, "flowRole": ["intermediary", "recipient"], "dataProtectionRole": "processor"}
    differing = differences(parties(RIVERS, BRIDGES), parties(RIVERS, changed), SCHEMA)
    assert [(one.kind, one.title, one.pointer) for one in differing] == [
        ("added", "Parties, Bridges Office, Role in the flow of data", "/parties/1/flowRole/0"),
        ("added", "Parties, Bridges Office, Role in data protection law", "/parties/1/dataProtectionRole"),
    ]
    assert [in_words(one.after, one.node, SCHEMA) for one in differing] == [
        ["Passes data on for others"],
        ["Processor"],
    ]


def test_a_party_is_known_again_under_a_new_name() -> None:
    old = {"organisation": "ministry-of-rivers", **RIVERS}
    new = {**old, "name": "Ministry of Rivers and Canals"}
    (difference,) = differences(parties(BRIDGES, old), parties(BRIDGES, new), SCHEMA)
    assert (difference.title, difference.kind) == ("Parties, Ministry of Rivers and Canals, Name", "changed")
    assert [(piece.fate, piece.text) for piece in difference.pieces] == [
        ("same", "Ministry of Rivers"),
        ("inserted", " and Canals"),
    ]


def test_another_party_in_its_place_is_another_party() -> None:
    other = {**RIVERS, "name": "Ministry of Lakes"}
    assert [one[:2] for one in found(parties(RIVERS, BRIDGES), parties(other, BRIDGES))] == [
        ("removed", "Parties, Ministry of Rivers"),
        ("added", "Parties, Ministry of Lakes"),
    ]


def test_what_stands_in_another_place_has_moved_and_nothing_else() -> None:
    canals = {"name": "Canal Trust"}
    (moved,) = differences(parties(RIVERS, BRIDGES, canals), parties(canals, RIVERS, BRIDGES), SCHEMA)
    assert (moved.kind, moved.title) == ("moved", "Parties, Canal Trust")
    assert (moved.before_pointer, moved.after_pointer) == ("/parties/2", "/parties/0")


def test_the_order_of_a_set_says_nothing() -> None:
    before, after = agreement(purposeCategories=["fraud", "debt"]), agreement(purposeCategories=["debt", "fraud"])
    assert differences(before, after, SCHEMA) == []


def test_flows_are_known_by_who_sends_to_whom_and_datasets_by_what_they_are() -> None:
    def flows(*datasets: Json, first: Sequence[Json] = ()) -> Json:
        flow = {"from": "Ministry of Rivers", "to": "Bridges Office", "datasets": list(datasets)}
        return agreement(flows=[*first, flow])

    levels = {"catalogueId": "levels", "title": "Water levels", "dataItems": [{"name": "Height"}, {"name": "Day"}]}
    fewer = {**levels, "dataItems": [{"name": "Day"}]}
    back = {"from": "Bridges Office", "to": "Ministry of Rivers"}
    assert [one[:2] for one in found(flows(levels), flows({"title": "Boats"}, fewer, first=[back]))] == [
        ("added", "Flows of data, Bridges Office to Ministry of Rivers"),
        ("added", "Flows of data, Ministry of Rivers to Bridges Office, Datasets shared, Boats"),
        (
            "removed",
            "Flows of data, Ministry of Rivers to Bridges Office, Datasets shared, Water levels, Data items, Height",
        ),
    ]


def test_a_benefit_that_was_reworded_is_the_same_benefit() -> None:
    before = agreement(expectedBenefits=[{"text": "Fewer floods in the valley."}, {"text": "Cheaper bridges."}])
    after = agreement(expectedBenefits=[{"text": "Cheaper bridges."}, {"text": "Far fewer floods in the valley."}])
    differing = differences(before, after, SCHEMA)
    assert [one.kind for one in differing].count("changed") == 1
    assert {one.kind for one in differing} == {"moved", "changed"}


def test_true_is_not_one_and_a_list_is_no_text() -> None:
    assert not is_same({"a": True}, {"a": 1})
    assert not is_same({"a": [0]}, {"a": [False]})
    assert is_same({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert found(agreement(frequency=["ongoing"]), agreement(frequency="ongoing")) == [
        ("changed", "How often", ["ongoing"], "ongoing")
    ]


def test_codes_dates_and_addresses_have_no_redline() -> None:
    before = agreement(endsOn="2026-03-31", impetus="data-subject")
    after = agreement(endsOn="2026-04-30", impetus="public-body")
    assert [one.pieces for one in differences(before, after, SCHEMA)] == [(), ()]


# A random walk from a real record to another one: whatever it does, the differences alone lead there and back.

RECORDS = [EXAMPLE, *(sample.document for sample in sample_agreements()[::5])]


def _containers(node: Any) -> Iterator[Any]:
    if isinstance(node, dict | list):
        yield node
        for member in node.values() if isinstance(node, dict) else node:
            yield from _containers(member)


def _change_object(node: Json, chance: random.Random) -> None:
    name = chance.choice(list(node)) if node else "note"
    if isinstance(node.get(name), str) and chance.random() < 0.7:
        node[name] = chance.choice([f"{node[name]} more", node[name][: len(node[name]) // 2], "quite another", "a b c"])
    elif chance.random() < 0.5:
        node.pop(name, None)
    else:
        node[f"new{chance.randrange(3)}"] = chance.choice(["text", True, 1, ["a", "b"], {"name": "x"}])


def _change_list(node: list[Any], chance: random.Random) -> None:
    match chance.randrange(4):
        case 0 if node:
            node.pop(chance.randrange(len(node)))
        case 1:
            chance.shuffle(node)
        case 2 if node:
            node.insert(chance.randrange(len(node) + 1), copy.deepcopy(chance.choice(node)))
        case _:
            node.insert(chance.randrange(len(node) + 1), chance.choice(["a text", {"name": "Somebody"}, 7]))


def _changed(record: Json, chance: random.Random) -> Json:
    after = copy.deepcopy(record)
    for _ in range(chance.randrange(1, 8)):
        node = chance.choice(list(_containers(after)))
        if isinstance(node, dict):
            _change_object(node, chance)
        else:
            _change_list(node, chance)
    return after


def applied(before: Any, changes: Iterable[Difference]) -> Any:
    """What a record becomes when the differences are done to it."""
    return _rebuilt(before, "", "", list(changes))


def _rebuilt(node: Any, old: str, new: str, changes: list[Difference]) -> Any:
    for change in changes:
        if change.kind == "changed" and (change.before_pointer, change.after_pointer) == (old, new):
            return change.after
    gone = {one.before_pointer for one in changes if one.kind == "removed"}
    come = {_last(one.after_pointer, new): one.after for one in changes if one.kind == "added"}
    come.pop(None, None)
    if isinstance(node, dict):
        kept = {
            name: _rebuilt(member, f"{old}/{name}", f"{new}/{name}", changes)
            for name, member in node.items()
            if f"{old}/{name}" not in gone
        }
        return {**kept, **come}
    if not isinstance(node, list):
        return node
    moved = {
        one.before_pointer: int(_last(one.after_pointer, new) or 0)
        for one in changes
        if one.kind == "moved" and _last(one.after_pointer, new) is not None
    }
    stays = [number for number in range(len(node)) if f"{old}/{number}" not in gone | moved.keys()]
    length = len(stays) + len(come) + sum(f"{old}/{number}" in moved for number in range(len(node)))
    from_place = {moved[f"{old}/{number}"]: number for number in range(len(node)) if f"{old}/{number}" in moved}
    rebuilt = []
    for place in range(length):
        if str(place) in come:
            rebuilt.append(come[str(place)])
            continue
        number = from_place[place] if place in from_place else stays.pop(0)
        rebuilt.append(_rebuilt(node[number], f"{old}/{number}", f"{new}/{place}", changes))
    return rebuilt


def _last(pointer: str | None, parent: str) -> str | None:
    """The last part of a pointer to a member of a parent; None for a pointer elsewhere."""
    head, _, last = (pointer or "?").rpartition("/")
    return last if pointer is not None and head == parent else None


def inverse(change: Difference) -> Difference:
    kinds: dict[str, Kind] = {"added": "removed", "removed": "added"}
    return replace(
        change,
        kind=kinds.get(change.kind, change.kind),
        before_pointer=change.after_pointer,
        after_pointer=change.before_pointer,
        before=change.after,
        after=change.before,
    )


def _without_order(node: Any, name: str = "") -> Any:
    """A record whose sets are sorted."""
    if isinstance(node, dict):
        return {member: _without_order(value, member) for member, value in node.items()}
    if isinstance(node, list):
        members = [_without_order(member) for member in node]
        return sorted(members, key=json.dumps) if name in SETS else members
    return node


@given(st.sampled_from(RECORDS), st.randoms(use_true_random=False))
def test_the_differences_alone_lead_from_one_text_to_the_other_and_back(record: Json, chance: random.Random) -> None:
    after = _changed(record, chance)
    changes = differences(record, after, SCHEMA)
    assert is_same(_without_order(applied(record, changes)), _without_order(after))
    assert is_same(_without_order(applied(after, map(inverse, changes))), _without_order(record))
    assert bool(changes) == (not is_same(_without_order(record), _without_order(after)))
    assert all(one.title for one in changes)


@pytest.mark.parametrize("size", [300])
def test_long_lists_are_compared_in_no_time(size: int) -> None:
    before = parties(*({"name": f"Body {number}"} for number in range(size)))
    after = parties(*({"name": f"Office {number}"} for number in range(size)))
    assert len(differences(before, after, SCHEMA)) == 2 * size


def test_a_description_that_was_reworded_is_the_same_dataset() -> None:
    def described(text: str) -> Json:
        return agreement(flows=[{"datasets": [{"description": text, "uncatalogued": "The source names none."}]}])

    before, after = described("Levels of water in the rivers."), described("Levels and flow of water in the rivers.")
    (difference,) = differences(before, after, SCHEMA)
    assert difference.title == (
        "Flows of data, Flow of data 1, Datasets shared, Levels and flow of water in the rivers., What it holds"
    )
    assert [piece.text for piece in difference.pieces if piece.fate == "inserted"] == [" and flow"]
