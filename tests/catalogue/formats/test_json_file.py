import gzip

import pytest

from catalogue.formats import json_file
from catalogue.formats.json_file import DEEPEST, decoded, is_too_deep, parse_json, parse_json_lines
from schemas.errors import InvalidInput


@pytest.mark.parametrize(
    "data",
    [
        '{"a": "é"}'.encode(),
        b"\xef\xbb\xbf" + '{"a": "é"}'.encode(),
        b"\xff\xfe" + '{"a": "é"}'.encode("utf-16-le"),
        b"\xfe\xff" + '{"a": "é"}'.encode("utf-16-be"),
    ],
)
def test_byte_order_marks_are_understood(data: bytes) -> None:
    assert parse_json(decoded(data, "f.json"), "f.json") == {"a": "é"}


def test_other_encodings_are_refused_with_the_line() -> None:
    with pytest.raises(InvalidInput, match=r"f\.json is not UTF-8 text: line 3 has the byte 0xE9") as refused:
        decoded(b'{\n"a":\n"caf\xe9"}', "f.json")
    assert "UTF-8" in refused.value.advice


def test_what_is_no_json_is_refused_with_line_and_column() -> None:
    with pytest.raises(InvalidInput, match=r"f\.json is not JSON: line 3, column 1") as refused:
        parse_json('\n{"a": 1,\n', "f.json")
    assert "cut off" in refused.value.advice


def test_a_web_page_is_told_for_what_it_is() -> None:
    with pytest.raises(InvalidInput, match="line 1, column 1") as refused:
        parse_json("<!DOCTYPE html><html>", "f.json")
    assert "web page" in refused.value.advice


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_file_is_told_for_what_it_is(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"f\.json is empty"):
        parse_json(text, "f.json")


def test_numbers_beyond_what_json_can_hold_become_text() -> None:
    value = parse_json('{"a": 9007199254740993, "b": 1e999, "c": NaN, "d": -9007199254740991, "e": 1.5}', "f.json")
    assert value == {"a": "9007199254740993", "b": "1e999", "c": "NaN", "d": -9007199254740991, "e": 1.5}
    assert parse_json("9" * 5000, "f.json") == "9" * 5000


def test_raw_control_characters_inside_a_text_do_not_cost_the_file() -> None:
    assert parse_json('{"a": "x\x00y\nz"}', "f.json") == {"a": "x\x00y\nz"}


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(InvalidInput, match="nested too deeply"):
        parse_json("[" * 200_000, "f.json")


def test_depth_is_measured_without_running_out_of_stack() -> None:
    deep: object = "x"
    for _ in range(DEEPEST):
        deep = [deep]
    assert not is_too_deep(deep)
    assert is_too_deep({"a": [deep]})


def test_json_lines_name_the_line_that_is_broken() -> None:
    first, broken, last = parse_json_lines('{"a": 1}\n\n{\n{"a": 2}\n')
    assert (first, last) == ((1, {"a": 1}), (4, {"a": 2}))
    assert (broken[0], str(broken[1])[:24]) == (3, "The line is not JSON: li")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_an_encoding_without_a_mark_is_told_by_its_first_bytes(encoding: str) -> None:
    assert parse_json(decoded('{"a": "é"}'.encode(encoding), "f.json"), "f.json") == {"a": "é"}


def test_a_packed_file_is_unpacked_but_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = gzip.compress('{"a": "é"}'.encode())
    assert decoded(packed, "f.json.gz") == '{"a": "é"}'
    with pytest.raises(InvalidInput, match="damaged"):
        decoded(packed[:-9], "f.json.gz")
    monkeypatch.setattr(json_file, "MOST_UNPACKED", 10)
    with pytest.raises(InvalidInput, match="more than 10 bytes"):
        decoded(packed, "f.json.gz")


def test_of_a_member_that_stands_twice_nothing_is_passed_over() -> None:
    text = '{"title": "x", "same": 1, "title": "y", "same": 1, "list": [1], "list": [2, 3]}'
    assert parse_json(text, "f.json") == {"title": ["x", "y"], "same": 1, "list": [1, 2, 3]}
