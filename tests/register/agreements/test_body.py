"""Sealed bodies: what goes in comes out, and a value can be blanked without the rest losing its proof."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.agreements.body import SALT_BYTES, Value, body_hash, document_of, seal
from schemas.canonical import Json
from schemas.errors import InvalidInput
from tests.fakes import SeededRandomness

NAMES = st.text(st.sampled_from("abcxyz-~/é"), min_size=1, max_size=6)
LEAVES = st.text(st.characters(codec="utf-8"), max_size=8) | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
MEMBERS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, min_size=1, max_size=11) | st.dictionaries(NAMES, inner, min_size=1, max_size=4),
    max_leaves=14,
)
DOCUMENTS = st.dictionaries(NAMES, MEMBERS, max_size=5)
"""What the agreement schema lets through: no null, no fraction, nothing empty inside, no name that is a number."""


@settings(max_examples=40)
@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_what_is_sealed_comes_out_in_whatever_order_it_is_kept(document: Json, chance: Any) -> None:
    values = list(seal(document, SeededRandomness()).values)
    assert document_of(values) == document
    chance.shuffle(values)
    assert document_of(values) == document
    assert json.dumps(document_of(values), sort_keys=True) == json.dumps(document, sort_keys=True)


@settings(max_examples=40)
@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_the_hash_does_not_depend_on_order(document: Json, chance: Any) -> None:
    body = seal(document, SeededRandomness())
    values = list(body.values)
    chance.shuffle(values)
    assert body_hash(value.digest() for value in values) == body.sha256


@settings(max_examples=40)
@given(DOCUMENTS.filter(bool), st.data())
def test_one_value_may_be_blanked_and_the_rest_still_verifies(document: Json, data: st.DataObject) -> None:
    body = seal(document, SeededRandomness())
    blanked = data.draw(st.sampled_from(body.values))
    kept = [value for value in body.values if value is not blanked]
    assert body_hash([*(value.digest() for value in kept), blanked.digest()]) == body.sha256
    document_of(kept)  # what is left can be read


@settings(max_examples=40)
@given(DOCUMENTS.filter(bool), st.data())
def test_any_change_changes_the_hash(document: Json, data: st.DataObject) -> None:
    body = seal(document, SeededRandomness())
    changed = data.draw(st.sampled_from(body.values))
    other = data.draw(LEAVES.filter(lambda value: (type(value), value) != (type(changed.value), changed.value)))
    values = [Value(v.pointer, v.salt, other) if v is changed else v for v in body.values]
    assert body_hash(value.digest() for value in values) != body.sha256
    assert body_hash(value.digest() for value in body.values[1:]) != body.sha256


def test_a_known_body() -> None:
    """The definition once more by hand: SHA-256 over the sorted digests of [pointer, salt, value] in JCS."""
    body = seal({"b": [True], "a~/": "é"}, lambda count: b"\x07" * count)
    salt = "07" * SALT_BYTES
    digests = [
        hashlib.sha256(f'["/b/0","{salt}",true]'.encode()).digest(),
        hashlib.sha256(f'["/a~0~1","{salt}","é"]'.encode()).digest(),
    ]
    assert body.sha256 == hashlib.sha256(b"".join(sorted(digests))).hexdigest()


def test_every_value_has_a_salt_of_its_own_and_two_sealings_differ() -> None:
    randomness = SeededRandomness()
    document = {"a": "same", "b": "same", "c": ["same"] * 20}
    one, other = seal(document, randomness), seal(document, randomness)
    salts = [value.salt for body in (one, other) for value in body.values]
    assert len(set(salts)) == len(salts)
    assert {len(salt) for salt in salts} == {32}
    assert one.sha256 != other.sha256


def test_a_blanked_item_leaves_the_others_a_list() -> None:
    body = seal({"parties": [{"name": "A"}, {"name": "B"}, {"name": "C"}]}, SeededRandomness())
    assert document_of([body.values[0], body.values[2]]) == {"parties": [{"name": "A"}, {"name": "C"}]}


def test_a_whole_number_is_one_however_it_was_written() -> None:
    assert document_of(seal({"a": 2.0}, SeededRandomness()).values) == {"a": 2}


@pytest.mark.parametrize("value", [None, 0.5, float("nan"), float("inf"), [], {}, [[]], 2**53, "\ud800", b"x", 1e300])
def test_what_a_body_does_not_hold_is_refused_with_words(value: object) -> None:
    with pytest.raises(InvalidInput):
        seal({"a": {"b": value}}, SeededRandomness())
