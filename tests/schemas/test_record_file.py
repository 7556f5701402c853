"""Files that people write: every value with its line, every mistake with its place, no file that takes for ever."""

import contextlib
import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cleaning import MOST_LEVELS
from schemas.errors import InvalidInput
from schemas.json_lines import lines_of_json
from schemas.record_file import read_record_file


def refused(data: bytes) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        read_record_file(data, "record.yaml")
    assert "record.yaml" in caught.value.message
    assert caught.value.advice
    return caught.value


def test_each_value_of_a_yaml_record_has_its_line() -> None:
    (record,) = read_record_file(
        b"# a comment\ntitle: A\nparties:\n  - name: B\n    flowRole:\n      - host\n  - {name: C}\n", "f"
    )
    assert record.place == "the record"
    assert record.value == {"title": "A", "parties": [{"name": "B", "flowRole": ["host"]}, {"name": "C"}]}
    lines = {"": 2, "/title": 2, "/parties": 3, "/parties/0": 4, "/parties/0/flowRole": 5, "/parties/0/flowRole/0": 6}
    assert {pointer: record.line_of(pointer) for pointer in lines} == lines
    assert record.line_of("/parties/1/name") == 7


def test_each_value_of_a_json_record_has_its_line() -> None:
    (record,) = read_record_file(b'{\n\t"title": "A",\n\t"parties": [\n\t\t{"name":\n"B"}, {\n"name": "C"}]}', "f")
    assert record.value == {"title": "A", "parties": [{"name": "B"}, {"name": "C"}]}
    lines = {
        "": 1,
        "/title": 2,
        "/parties": 3,
        "/parties/0": 4,
        "/parties/0/name": 4,
        "/parties/1": 5,
        "/parties/1/name": 6,
    }
    assert record.lines == lines


def test_a_value_without_a_line_has_that_of_what_is_around_it() -> None:
    (record,) = read_record_file(b"a:\n  b: 1\n", "f")
    assert record.line_of("/a/b/c/d") == 2
    assert record.line_of("/nowhere") == 1


@pytest.mark.parametrize(
    "data",
    [
        b"- title: A\n- title: B\n",
        b"title: A\n---\ntitle: B\n",
        b'[{"title": "A"},\n{"title": "B"}]',
        b"---\n- title: A\n---\n- title: B",
    ],
)
def test_several_records(data: bytes) -> None:
    records = read_record_file(data, "f")
    assert [(record.place, record.value) for record in records] == [
        ("record 1", {"title": "A"}),
        ("record 2", {"title": "B"}),
    ]
    first, second = (record.line_of("/title") for record in records)
    assert first is not None
    assert second is not None
    assert first < second


def test_dates_stay_as_they_were_written() -> None:
    (record,) = read_record_file(b"a: 2019-02-31\nb: 2019-03-31\nc: 2019-03-31T10:00:00Z\nd: 2019\n", "f")
    assert record.value == {"a": "2019-02-31", "b": "2019-03-31", "c": "2019-03-31T10:00:00Z", "d": 2019}


def test_plain_values_come_out_as_json_has_them() -> None:
    (record,) = read_record_file(
        b"a: &x true\nb: *x\nc: 0x10\nd: 1.50\ne: ~\nf: |\n  two\n  lines\ng: 'no'\nh: yes\n", "f"
    )
    assert record.value == {
        "a": True,
        "b": True,
        "c": 16,
        "d": 1.5,
        "e": None,
        "f": "two\nlines\n",
        "g": "no",
        "h": "yes",
    }
    assert [type(value) for value in record.value.values()] == [bool, bool, int, float, type(None), str, str, str]


def test_an_anchor_may_be_used_again() -> None:
    (record,) = read_record_file(b"a: &x 1\nb: &x 2\nc: *x\n", "f")
    assert record.value["c"] == 2


def test_text_is_cleaned_and_told() -> None:
    (record,) = read_record_file(b'{"title": "a\\u0000b", "note": "\\ud83d\\ude00", "half": "\\ud83d"}', "f")
    assert record.value == {"title": "ab", "note": "😀", "half": "\ufffd"}
    assert [note.pointer for note in record.cleanings] == ["/title", "/half"]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    for text in ("title: A\n", '{"title": "A"}'):
        assert read_record_file(b"\xef\xbb\xbf" + text.encode(), "f")[0].value == {"title": "A"}


@pytest.mark.parametrize("data", [b"", b"\n\n", b"# only a comment\n", b"---\n", b"[]", b"\xef\xbb\xbf"])
def test_an_empty_file_is_told(data: bytes) -> None:
    assert "is empty" in refused(data).message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a: 1\nb: \xff\n", "not UTF-8 text (line 2)"),
        ("title: Á".encode("utf-16"), "not UTF-8 text (line 1)"),
        (b"a: 1\nb: [1, 2\n", "in line 3, column 1"),
        (b"a: 1\n b: 2\n", "in line 2, column 3"),
        (b"a:\n\tb: 1\n", "in line 2, column 1"),
        (b"a: 1\nb: 2\na: 3\n", "in line 3, column 1"),
        (b"a: *nobody\n", "in line 1, column 4"),
        (b"a: \x00\n", "is not YAML"),
        (b'{"a": 1,\n "b": }', "in line 2, column 7"),
        (b'{"a": 1}\n{"a": 2}', "in line 2, column 1"),
        (b'{"a": 1,\n "a": 2}', "stands twice in one group of fields, the second time in line 2"),
        (b'[{"b": {"a": 1, "\\u0061": 2}}]', "“a” stands twice"),
        (b"1: a\n'1': b\n", "“1” stands there twice (line 2)"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": -Infinity}', "-Infinity is no number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "number"),
        (b"a: " + b"9" * 5000, "number"),
        (b'{"a": "x', "in line 1, column 7"),
    ],
)
def test_a_mistake_is_told_with_its_place(data: bytes, words: str) -> None:
    assert words in refused(data).message


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b"- " * 20_000 + b"x",
        b"&a [*a]\n",
        b"\n".join(b" " * depth + b"a:" for depth in range(500)),
    ],
)
def test_nesting_without_end_is_told(data: bytes) -> None:
    error = refused(data)
    assert "nested more than" in error.message or "line" in error.message


def test_nesting_as_deep_as_a_record_may_be_is_read() -> None:
    data = "[" * (MOST_LEVELS + 1) + "1" + "]" * (MOST_LEVELS + 1)
    for text in (data, "--- " + data):
        assert len(read_record_file(text.encode(), "f")) == 1


def test_a_few_lines_that_stand_for_billions_are_refused() -> None:
    names = "abcdefghij"
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]" for before, name in pairwise(names)]
    assert "stands for more than" in refused("\n".join(lines).encode()).message


def test_tags_make_no_objects() -> None:
    (record,) = read_record_file(b"a: !!python/object/apply:os.system ['true']\nb: !colour red\n", "f")
    assert record.value == {"a": ["true"], "b": "red"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(st.characters(codec="utf-8"), max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text('ab/~"\\,:{}[]\n', max_size=4), inner, max_size=3)
    ),
    max_leaves=15,
)


def pointers(value: Any, pointer: str = "") -> set[str]:
    found = {pointer}
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        found |= pointers(member, pointer + "/" + str(name).replace("~", "~0").replace("/", "~1"))
    return found


@given(st.dictionaries(st.text("ab", max_size=2), JSON, min_size=1), st.sampled_from([None, 0, 2, "\t"]))
def test_every_value_of_any_json_has_a_line(value: Any, indent: Any) -> None:
    text = json.dumps(value, indent=indent)
    lines = dict(lines_of_json(text))
    assert lines.keys() == pointers(value)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
    if indent is None:
        assert set(lines.values()) == {1}


@given(st.lists(st.dictionaries(st.text("ab", min_size=1, max_size=2), JSON, min_size=1), min_size=1, max_size=3))
def test_the_lines_of_pretty_json_hold_what_they_should(records: list[Any]) -> None:
    text = json.dumps(records, indent=1)
    rows = text.split("\n")
    for record in read_record_file(text.encode(), "f"):
        for name in record.value:
            line = record.line_of(f"/{name}")
            assert line is not None
            assert rows[line - 1].startswith(f'  "{name}"')


@given(st.binary(max_size=60) | st.text(st.sampled_from("{}[]\"':,-&*!|>#%@ \n\tab1"), max_size=40).map(str.encode))
def test_no_file_ends_in_anything_but_records_or_words(data: bytes) -> None:
    with contextlib.suppress(InvalidInput):
        assert read_record_file(data, "f")
