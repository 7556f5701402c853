"""docs/schema.md against the contract that it describes."""

import re

import pytest

from schemas.codelist_tables import codelist_rows
from schemas.contract import bundle
from schemas.profiles import clauses_of, load_profile, profile_names
from tests.source import ROOT

VERSION = "1.0.0"
PAGE = (ROOT / "docs" / "schema.md").read_text(encoding="utf-8")
KNOWN = {"read": "read", "summarised": "summarised", "own": "our rule"}


@pytest.mark.parametrize("profile", profile_names(VERSION))
def test_every_clause_of_a_profile_stands_there_with_how_it_is_known(profile: str) -> None:
    _, _, section = PAGE.partition(f"### {load_profile(profile, VERSION)['title']}\n")
    section = re.split(r"^#", section, maxsplit=1, flags=re.MULTILINE)[0]
    assert f"`{profile}`" in section
    rows = re.findall(r"^\| (.+?) \| (read|summarised|our rule) \| ", section, re.MULTILINE)
    assert rows == [(clause.clause, KNOWN[clause.source]) for clause in clauses_of(profile, VERSION)]


def test_every_codelist_of_the_contract_stands_there_with_its_size() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", PAGE, re.MULTILINE)
    assert rows == [(name, str(len(codelist_rows(name)))) for name in sorted(bundle(VERSION)["codelists"])]


def test_files_and_words_it_names_are_there() -> None:
    for path in re.findall(r"`((?:schemas|tests)/[\w./-]+)`", PAGE):
        assert (ROOT / path).exists(), path
    used = str(bundle(VERSION))
    for word in re.findall(r"^\| `(x-[a-z-]+)`", PAGE, re.MULTILINE):
        assert f"'{word}'" in used, word
