"""The codelists: every one whole, unambiguous and readable by people."""

import csv
import re
from importlib import resources

import pytest

from schemas.checking import is_web_address
from schemas.codelists import codelist, codelist_names, title_of

NAMES = codelist_names()


@pytest.mark.parametrize("name", NAMES)
def test_a_list_begins_with_the_same_four_columns_and_has_whole_rows(name: str) -> None:
    text = resources.files("schemas.codelists").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines(), strict=True))
    assert rows[0][:4] == ["code", "title", "description", "sameAs"]
    assert len(set(rows[0])) == len(rows[0])
    assert {len(row) for row in rows} == {len(rows[0])}
    assert all(cell == cell.strip() for row in rows for cell in row)
    assert text.endswith("\n")
    assert "\r" not in text


@pytest.mark.parametrize("name", NAMES)
def test_codes_and_titles_tell_entries_apart(name: str) -> None:
    text = resources.files("schemas.codelists").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert rows
    codes = [row["code"] for row in rows]
    titles = [row["title"].casefold() for row in rows]
    assert len(set(codes)) == len(codes)
    assert len(set(titles)) == len(titles)
    assert all(codes)
    assert all(titles)
    assert list(codelist(name)) == codes
    assert all(re.fullmatch(r"[A-Za-z0-9]+([-.][A-Za-z0-9]+)*", code) for code in codes)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_thing_elsewhere_is_a_whole_address(name: str) -> None:
    for entry in codelist(name).values():
        assert not entry.same_as or is_web_address(entry.same_as)


def test_a_code_that_is_not_in_the_list_is_shown_as_it_is() -> None:
    assert title_of("flow-role", "discloser") == "Sends data"
    assert title_of("flow-role", "postman") == "postman"


def test_a_list_that_is_not_there() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        codelist("nonsense")
