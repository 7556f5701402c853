"""Answers go into a YAML file as by a careful hand: one value changes, every other line stays as it was."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from register.forms.fields import agreement_form
from register.forms.order import members_in_order
from register.forms.places import Path, leaves_of, record_of, value_at, with_value
from register.forms.yaml_text import with_yaml_value
from schemas.canonical import Json
from schemas.record_file import read_record_file
from tests.register.valid_agreements import agreements

BY_HAND = """\
# Draft of the legal team
title: Flood claims  # ask Policy

# --- who ---
parties:   # both sides
  # the sender first
  - name: Ministry of Rivers   # as in the deed
    contact: flood.office@rivers.example
    # no mailbox of a person
  - name: "Bridges Office"
    flowRole: [recipient]  # only that

# --- dates ---
signedOn: 2026-03-01
summary: >
  The ministry tells the office
  which farms were flooded.
# the purpose is still open
purpose: To plan
  repairs.   # two lines
retention:
# nobody knows yet
"""


def order(path: Path) -> Any:
    return members_in_order(agreement_form(), path)


def put(text: str, path: Path, value: Any) -> str:
    return with_yaml_value(text, path, value, order)


def read(text: str) -> Json:
    return record_of(read_record_file(text.encode(), "file")[0].value)


@pytest.mark.parametrize(
    ("path", "value", "added"),
    [
        (("agreementType",), "umbrella", ["agreementType: umbrella"]),
        (("parties", 0, "flowRole"), ["discloser"], ["    flowRole:", "      - discloser"]),
        (("parties", 2, "name"), "Farm Agency", ["  - name: Farm Agency"]),
        (("parties", 1, "contact"), "a@b.example", ["    contact: a@b.example"]),
        (("retention", "sharedData", "duration"), "P1Y", ["  sharedData:", "    duration: P1Y"]),
        (
            ("dpia", "summary", "risks"),
            "one\n\ntwo",
            ["dpia:", "  summary:", "    risks: |-", "      one", "", "      two"],
        ),
    ],
)
def test_an_answer_adds_its_lines_and_touches_no_other(path: Path, value: Any, added: list[str]) -> None:
    text = put(BY_HAND, path, value)
    lines = text.splitlines()
    start = lines.index(added[0])
    assert lines[start : start + len(added)] == added
    assert lines[:start] + lines[start + len(added) :] == BY_HAND.splitlines()
    assert read(text) == with_value(read(BY_HAND), path, value)


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (("title",), "Claims: after floods", "title: 'Claims: after floods'  # ask Policy"),
        (("parties", 0, "name"), "Rivers Board", "  - name: Rivers Board   # as in the deed"),
        (("parties", 1, "flowRole"), ["host"], '    flowRole: ["host"]  # only that'),
        (("signedOn",), "2024-03", 'signedOn: "2024-03"'),
        (("purpose",), "no", 'purpose: "no"   # two lines'),
    ],
)
def test_an_answer_given_anew_stands_in_place_of_the_old_one(path: Path, value: Any, line: str) -> None:
    text = put(BY_HAND, path, value)
    assert line in text.splitlines()
    assert read(text) == with_value(read(BY_HAND), path, value)
    notes = [part[part.index("#") :] for part in BY_HAND.splitlines() if "#" in part]
    assert [note for note in notes if note not in text] == []


def test_what_is_taken_out_leaves_the_rest() -> None:
    text = BY_HAND
    for path in (("parties", 0, "name"), ("parties", 1), ("signedOn",), ("summary",)):
        expected = with_value(read(text), path, None)
        text = put(text, path, None)
        assert read(text) == expected
    assert "# the purpose is still open" in text
    assert "# --- dates ---" in text


@pytest.mark.parametrize("value", "no on 012 2024-03 2024-03-31 1.0.0 12:30 1e5 ~ null 0x1f".split())
def test_text_that_looks_like_something_else_is_quoted(value: str) -> None:
    assert put("", ("title",), value) == f'title: "{value}"\n'


def test_a_file_in_brackets_stays_readable() -> None:
    text = '{"title": "Flood claims",\n "parties": [{"name": "A"}]}\n'
    changed = put(text, ("parties", 0, "contact"), "office@rivers.example")
    assert read(changed) == with_value(read(text), ("parties", 0, "contact"), "office@rivers.example")
    noted = "title: x\nareas: [\n  {name: Hull}, # the port too\n]\n"
    changed = put(noted, ("areas", 1, "name"), "Goole")
    assert read(changed)["areas"] == [{"name": "Hull"}, {"name": "Goole"}]
    assert "# the port too" in changed


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(agreements())
def test_any_record_can_be_written_answer_by_answer(document: Json) -> None:
    text = "# a note at the top\n"
    expected: Json = {}
    for path in leaves_of(document):
        expected = with_value(expected, path, value_at(document, path))
        text = put(text, path, value_at(document, path))
        assert read(text) == expected
    assert text.startswith("# a note at the top\n")
