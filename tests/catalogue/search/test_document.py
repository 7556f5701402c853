import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search import fields
from catalogue.search.document import InState, SearchDocument
from catalogue.search.periods import Period
from schemas.errors import InvalidInput

texts = st.text(max_size=8)
tuples = st.lists(texts, max_size=3).map(tuple)
documents = st.builds(
    SearchDocument,
    id=texts.filter(bool),
    revision=st.integers(0, 2**40),
    kind=st.sampled_from(["dataset", "agreement"]),
    title=texts,
    address=texts.filter(bool),
    recorded_at=texts.filter(bool),
    summary=texts,
    organisations=tuples,
    keywords=tuples,
    forms=st.integers(0, 9),
    covers=st.lists(st.builds(Period, texts, texts), max_size=2).map(tuple),
    states=st.lists(st.builds(InState, texts, texts, texts), max_size=2).map(tuple),
    years=st.lists(st.integers(1, 9999), max_size=3).map(tuple),
    access=st.none() | texts.filter(bool),
    modified=st.none() | texts.filter(bool),
)


@given(documents)
def test_reading_what_was_written_gives_the_same(document: SearchDocument) -> None:
    assert SearchDocument.from_json(json.loads(json.dumps(document.to_json()))) == document


BARE = {
    "id": "dataset:1",
    "revision": 1,
    "kind": "dataset",
    "title": "T",
    "address": "/datasets/t",
    "recorded_at": "2024-05-01T00:00:00Z",
}


def test_what_is_empty_is_not_written_and_stays_empty() -> None:
    document = SearchDocument.from_json(BARE)
    assert document.to_json() == BARE
    for field in fields.FIELDS:
        if field.kind is fields.FieldKind.NUMBER and not field.many:
            assert document.values(field) == ("0",)
        elif field.name not in {"id", "kind", "title", "name", "recorded"}:
            assert document.values(field) == ()


def test_unknown_members_are_passed_over() -> None:
    assert SearchDocument.from_json({**BARE, "later": [1]}) == SearchDocument.from_json(BARE)


@pytest.mark.parametrize(
    "broken",
    [
        {"revision": "1"},
        {"revision": True},
        {"years": ["2019"]},
        {"keywords": "tax"},
        {"title": None},
        {"organisations": [1]},
        {"forms": "2"},
        {"covers": [["2019-01-01"]]},
        {"states": [["signed", "", None]]},
    ],
    ids=str,
)
def test_a_member_of_the_wrong_type_is_named(broken: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match=f"“{next(iter(broken))}”"):
        SearchDocument.from_json({**BARE, **broken})


@pytest.mark.parametrize("name", ["id", "revision", "kind", "address", "recorded_at"])
def test_a_missing_member_is_named(name: str) -> None:
    with pytest.raises(InvalidInput, match=f"“{name}”"):
        SearchDocument.from_json({key: value for key, value in BARE.items() if key != name})


def test_every_field_has_its_own_names_and_a_place_in_the_document() -> None:
    names = [name for field in fields.FIELDS for name in (field.name, *field.aliases)]
    assert len(names) == len(set(names))
    document = SearchDocument.from_json(BARE)
    for field in fields.FIELDS:
        document.values(field)
        assert fields.field_named(field.name.upper()) is field
    assert fields.field_named("nonsense") is None
