from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from register.differences import is_same
from schemas.bundle import DATASET_VERSION, load_schema
from schemas.canonical import Json
from tests.web.content import ROADS, TAX
from web.presentation.changes import Change, changes_between
from web.presentation.record import entries_of

SCHEMA = load_schema("dataset", DATASET_VERSION)


def _changed(**values: Any) -> list[Change]:
    after = {name: value for name, value in {**ROADS, **values}.items() if value is not None}
    return changes_between(ROADS, after, SCHEMA)


def test_the_same_text_has_no_changes() -> None:
    assert changes_between(TAX, TAX, SCHEMA) == []


def test_a_value_that_changed_is_told_in_words() -> None:
    assert _changed(modified="2020-01") == [
        Change(("Data last modified",), "changed", ("5 April 2019",), ("January 2020",))
    ]
    assert _changed(accessRights="closed") == [Change(("Who may have it",), "changed", ("Open",), ("Closed",))]


def test_a_field_comes_and_goes() -> None:
    assert _changed(keyword=["a", "b"]) == [Change(("Keywords",), "added", after=("a", "b"))]
    assert _changed(landingPage=None) == [
        Change(("Landing page",), "removed", before=("https://riverton.example/roads",))
    ]


def test_another_order_is_no_other_content() -> None:
    assert changes_between({**TAX, "keyword": ["a", "b"]}, {**TAX, "keyword": ["b", "a"]}, SCHEMA) == [
        Change(("Keywords",), "reordered")
    ]


def test_a_list_tells_only_what_came_and_went() -> None:
    before, after = {**TAX, "keyword": ["a", "b"]}, {**TAX, "keyword": ["b", "c"]}
    assert changes_between(before, after, SCHEMA) == [Change(("Keywords",), "changed", ("a",), ("c",))]


def test_a_field_inside_one_of_several_is_named() -> None:
    forms = [dict(form) for form in ROADS["distribution"]]
    forms[1]["format"] = "PNG"
    assert _changed(distribution=forms) == [
        Change(("Distributions", "Distribution 2", "Format"), "changed", ("HTML",), ("PNG",))
    ]


def test_a_form_that_is_gone_is_told_whole() -> None:
    (change,) = _changed(distribution=ROADS["distribution"][:1])
    assert (change.label, change.kind) == ("Distributions, Distribution 2", "removed")
    assert change.before == ("Access address: https://riverton.example/map", "Format: HTML")


def test_of_a_contact_nothing_is_told_but_that_it_changed() -> None:
    before, after = {**ROADS, "contactPoint": "1"}, {**ROADS, "contactPoint": "2"}
    assert changes_between(before, after, SCHEMA) == [Change(("Contact",), "changed")]


def test_statements_without_a_schema_are_compared_by_name() -> None:
    assert _changed(extras={"colour": "blue"}) == [
        Change(("Other statements of the source", "colour"), "changed", ("green",), ("blue",))
    ]


_values = st.recursive(
    st.text() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), _values, max_size=4), st.dictionaries(st.text(), _values, max_size=4))
def test_records_that_differ_have_changes_and_equal_ones_have_none(before: Json, after: Json) -> None:
    old, new = {**ROADS, "extras": before}, {**ROADS, "extras": after}
    assert bool(changes_between(old, new, SCHEMA)) == (not is_same(before, after))


@given(st.dictionaries(st.text(), _values, max_size=4))
def test_any_statement_can_be_shown(extras: Json) -> None:
    (entry,) = (
        e for e in entries_of({**ROADS, "extras": extras}, SCHEMA) if e.label == "Other statements of the source"
    )
    assert isinstance(entry.line(), str)
