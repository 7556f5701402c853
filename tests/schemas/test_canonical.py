"""The canonical form (RFC 8785): one byte form for one value."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.canonical import canonical_bytes, fingerprint, sha256_hex

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=15,
)


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ({"b": 1, "a": [True, None, "x"]}, '{"a":[true,null,"x"],"b":1}'),
        # Names are sorted by UTF-16 code units (section 3.2.3): U+1F600 begins with D83D, before U+FB33.
        ({"\ufb33": 1, "😀": 2, "ö": 3, "1": 4, "\r": 5}, '{"\\r":5,"1":4,"ö":3,"😀":2,"\ufb33":1}'),
        # Control characters have the short escapes, or lower-case hexadecimal (section 3.2.2.2); "/" has none.
        ('\x08\t\n\x0c\r\x00\x1f"\\/é€', '"\\b\\t\\n\\f\\r\\u0000\\u001f\\"\\\\/é€"'),
        # Numbers as ECMAScript writes them (section 3.2.2.3).
        ([1.0, -0.0, 1e21, 1e-7, 0.1, 333333333.33333329], "[1,0,1e+21,1e-7,0.1,333333333.3333333]"),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_vectors(value: object, form: str) -> None:
    assert canonical_bytes(value).decode("utf-8") == form


def shuffled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: shuffled(member) for name, member in reversed(value.items())}
    return [shuffled(item) for item in value] if isinstance(value, list) else value


@given(JSON)
def test_the_form_says_the_same_and_does_not_depend_on_how_it_was_written(value: Any) -> None:
    form = canonical_bytes(value)
    assert json.loads(form) == value
    assert canonical_bytes(shuffled(value)) == form
    assert canonical_bytes(json.loads(json.dumps(value, indent=3))) == form


@given(JSON, JSON)
def test_different_values_have_different_fingerprints(one: Any, other: Any) -> None:
    # JSON text tells true from 1, as Python's == does not.
    same = json.dumps(shuffled(one), sort_keys=True) == json.dumps(shuffled(other), sort_keys=True)
    assert (fingerprint(one) == fingerprint(other)) is same


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, -(2**53), "\ud800", {"\udfff": 1}, {1: 2}, b"x"])
def test_what_json_cannot_say_everywhere_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        canonical_bytes(value)


def test_sha256_in_hexadecimal() -> None:
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
