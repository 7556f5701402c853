"""Whatever stands in a document, checking it gives problems and never breaks."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.canonical import Json
from schemas.contract import check_agreement_document, check_event, event_names, load_part
from schemas.problems import Problem
from schemas.profiles import check_profiles, profile_names

VERSION = "1.0.0"
EXAMPLE = load_part(VERSION, "examples", "complete")
PROFILES = profile_names(VERSION)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def _places(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, member in members:
        yield (*path, name)
        yield from _places(member, (*path, name))


PLACES = list(_places(EXAMPLE))


def _spoilt(path: tuple[str | int, ...], value: object) -> Json:
    document = copy.deepcopy(EXAMPLE)
    holder: Any = document
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = value
    return document


def _readable(problems: list[Problem]) -> None:
    for problem in problems:
        assert problem.message
        assert str(problem)


@settings(max_examples=150)
@given(st.sampled_from(PLACES), ANYTHING)
def test_anything_anywhere_in_a_good_record(path: tuple[str | int, ...], value: object) -> None:
    document = _spoilt(path, value)
    _readable(check_agreement_document(document, VERSION))
    _readable(check_profiles(document, PROFILES, VERSION))


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from([*EXAMPLE, "other"]), ANYTHING, max_size=5) | ANYTHING)
def test_any_document_at_all(document: Any) -> None:
    _readable(check_agreement_document(document, VERSION, draft=True))
    _readable(check_profiles(document, PROFILES, VERSION))


@settings(max_examples=60)
@given(st.sampled_from(event_names(VERSION)), ANYTHING)
def test_any_body_of_an_event(event: str, body: Any) -> None:
    _readable(check_event(body, event, VERSION))
