"""`gazette register check`: every problem with its place, errors apart from warnings, and what to do next."""

import csv
import io
import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from catalogue.commands.context import CommandContext
from register.commands.checking import check_command
from register.formats.workbook_writing import write_workbook
from schemas.bundle import AGREEMENT_VERSION
from schemas.contract import load_part
from schemas.profiles import profile_names
from schemas.settings import Settings, sqlite_url
from tests.fakes import FakeClock
from tests.register.making import agreement
from tests.services.commands import Invoke, Outcome

COMPLETE = load_part(AGREEMENT_VERSION, "examples", "complete")
GOOD = f"""
schemaVersion: "{AGREEMENT_VERSION}"
title: Finding people who are owed a refund
parties:
  - name: Ministry of Rivers
provenance: {{source: official}}
"""
OLD = """
schemaVersion: "0.1.0"
title: An older record
parties:
  - name: Ministry of Rivers
    functionServed: Rivers
retention: {sharedData: P1Y}
provenance: {source: official}
"""


def rows_of(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)
    return found


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.yaml"
    file.write_text(GOOD, encoding="utf-8")
    return file


def on_the_day(data: Path, *arguments: str | Path) -> Outcome:
    """The command on the day on which all tests begin, so that no date of a record goes by."""
    context = CommandContext(clock=FakeClock(), fixed_settings=Settings(data, sqlite_url(data), data / "search"))
    result = CliRunner().invoke(
        check_command, [str(argument) for argument in arguments], obj=context, catch_exceptions=False
    )
    return Outcome(result.exit_code, result.stdout, result.stderr)


def test_a_good_record_is_checked_in_silence_and_asked_to_be_complete(invoke: Invoke, good: Path) -> None:
    ended = invoke("register", "check", good)
    assert (ended.code, ended.stdout) == (0, "")
    assert ended.stderr == (
        f"1 record checked: 0 errors, 0 warnings.\nNext: gazette register check {good} --profile complete\n"
    )


def test_problems_are_told_with_file_line_and_field(invoke: Invoke, good: Path, tmp_path: Path) -> None:
    bad, broken = tmp_path / "bad.yaml", tmp_path / "broken.json"
    bad.write_text(GOOD + "endsOn: 31/02/2019\nsummry: x\n", encoding="utf-8")
    broken.write_text('{"title": }', encoding="utf-8")
    ended = invoke("register", "check", good, bad, broken)
    assert ended.code == 4
    assert f"{bad}, line 7: error: Ends on (/endsOn): “31/02/2019” is not a date" in ended.stdout
    assert f"{bad}, line 8: error: summry (/summry): There is no field “summry” here." in ended.stdout
    assert "Did you mean “summary”?" in ended.stdout
    assert "in line 1, column 11" in ended.stdout
    assert str(good) not in ended.stdout
    assert ended.stderr == (
        "2 records checked: 3 errors, 0 warnings.\n"
        f"Next: correct the errors in these files, then: gazette register check {bad} {broken}\n"
    )
    rows = rows_of(invoke("register", "check", bad, "--format", "json").stdout)
    assert [(row["line"], row["cell"], row["pointer"]) for row in rows] == [(7, None, "/endsOn"), (8, None, "/summry")]
    as_csv = list(csv.DictReader(io.StringIO(invoke("register", "check", bad, "--format", "csv").stdout)))
    assert [row["pointer"] for row in as_csv] == ["/endsOn", "/summry"]


def test_errors_come_before_warnings_and_each_file_has_its_counts(invoke: Invoke, tmp_path: Path) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text(f'summary: Too short.\n{GOOD}endsOn: "2024"\neffectiveFrom: "2025"\n', encoding="utf-8")
    second.write_text(f"{GOOD}purpose: TBC\n", encoding="utf-8")
    ended = invoke("register", "check", first, second)
    assert ended.code == 4
    assert ended.stdout == (
        f"{first}: 1 error, 1 warning\n"
        f"{first}, line 8: error: Ends on (/endsOn): The agreement ends in 2024, before it applies from 2025. "
        "[register rule: dates in order]\n"
        "    Look at both dates and correct the one that is wrong.\n"
        f"{first}, line 1: warning: Summary (/summary): 2 words cannot say who shares what with whom, and why. "
        "[register rule: a summary that people can read]\n"
        "    Write two or three short sentences.\n"
        "\n"
        f"{second}: 1 error\n"
        f"{second}, line 7: error: Purpose (/purpose): “TBC” only holds the place of something. "
        "[register rule: nothing left to fill in]\n"
        "    Write what belongs there, or leave the field out until it is known.\n"
    )


def test_warnings_alone_stop_nobody(invoke: Invoke, good: Path) -> None:
    good.write_text(f"summary: Too short.\n{GOOD}", encoding="utf-8")
    ended = invoke("register", "check", good)
    assert ended.code == 0
    assert "warning: Summary" in ended.stdout
    assert ended.stderr.startswith("1 record checked: 0 errors, 1 warning.\nNext: ")


def test_the_same_problem_in_many_places_is_told_once_with_all_of_them(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "items.yaml"
    items = "\n".join(f"          - {{name: Item {number}, necessary: maybe}}" for number in range(40))
    flows = f"flows:\n  - datasets:\n      - catalogueId: boats\n        dataItems:\n{items}\n"
    file.write_text(GOOD + flows, encoding="utf-8")
    ended = invoke("register", "check", file)
    assert ended.stdout.startswith(f"{file}: 40 errors\n{file}, lines 11, 12, 13,")
    assert " 49 and 50: error: Needed (40 times): This is text; it must be true or false." in ended.stdout
    assert len(ended.stdout.splitlines()) <= 3
    assert len(rows_of(invoke("register", "check", file, "--format", "json").stdout)) == 40


def test_the_next_command_can_be_typed_as_it_stands(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "our agreement.yaml"
    file.write_text(f"{GOOD}purpose: TBC\n", encoding="utf-8")
    asked = ("--profile", "complete", "--profile", "uk-dea")
    first = invoke("register", "check", file, *asked).stderr
    words = shlex.split(first.splitlines()[-1].partition("then: gazette ")[2])
    assert words == ["register", "check", str(file), *asked]
    assert invoke(*words).stderr == first


def test_a_record_that_is_complete_is_handed_in_next(tmp_path: Path) -> None:
    draft, given = tmp_path / "draft.json", tmp_path / "given.json"
    draft.write_text(json.dumps({name: value for name, value in COMPLETE.items() if name != "id"}), encoding="utf-8")
    given.write_text(json.dumps(COMPLETE), encoding="utf-8")
    ended = on_the_day(tmp_path / "data", draft, "--profile", "complete")
    assert (ended.code, ended.stdout) == (0, "")
    assert ended.stderr.splitlines() == [
        (
            "Not looked up: the datasets, organisations, agreements and powers that are named, and whether the powers "
            "were in force. There is no database here yet."
        ),
        "1 record checked: 0 errors, 0 warnings.",
        f"Next: gazette register submit {draft}",
    ]
    assert not (tmp_path / "data").exists()  # checking makes nothing
    ended = on_the_day(tmp_path / "data", given, "--profile", "complete")
    assert ended.stderr.splitlines()[-1] == f"Next: gazette register amend dg-1 {given}"


def test_records_of_other_sources_are_imported_next(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text(json.dumps([agreement(provenance={"source": "foi"})] * 2), encoding="utf-8")
    ended = invoke("register", "check", file)
    assert ended.stderr.splitlines()[-1] == f"Next: gazette register import {file} --from json"


def test_the_complete_example_lacks_nothing_for_any_profile(tmp_path: Path) -> None:
    file = tmp_path / "complete.json"
    file.write_text(json.dumps(COMPLETE), encoding="utf-8")
    asked = [word for name in profile_names(AGREEMENT_VERSION) for word in ("--profile", name)]
    ended = on_the_day(tmp_path / "data", file, *asked)
    assert (ended.code, ended.stdout) == (0, "")


def test_a_profile_names_the_clause_of_each_gap_and_a_gap_is_an_error(invoke: Invoke, good: Path) -> None:
    ended = invoke("register", "check", good, "--profile", "ie-dsga", "--profile", "ie-dsga")
    assert ended.code == 4
    assert "[Data Sharing and Governance Act 2019 s.19(1)(c)]\n    Say what the data is shared for." in ended.stdout
    rows = rows_of(invoke("register", "check", good, "--profile", "ie-dsga", "--format", "json").stdout)
    told = [(row["pointer"], row["clause"]) for row in rows]
    assert len(told) == len(set(told))
    assert ("/purpose", "Data Sharing and Governance Act 2019 s.19(1)(c)") in told
    assert ended.stderr.startswith(f"1 record checked: {len(rows)} errors, 0 warnings.\n")


def test_what_the_core_says_a_profile_does_not_say_again(invoke: Invoke, good: Path) -> None:
    good.write_text(GOOD + "purpose: ''\n", encoding="utf-8")
    rows = rows_of(invoke("register", "check", good, "--profile", "complete", "--format", "json").stdout)
    assert [row["clause"] for row in rows if row["pointer"] == "/purpose"] == [""]


def test_a_profile_that_is_not_there_is_a_usage_error_that_names_those_there_are(invoke: Invoke, good: Path) -> None:
    ended = invoke("register", "check", good, "--profile", "uk-dae")
    assert ended.code == 2
    assert all(name in ended.stderr for name in profile_names(AGREEMENT_VERSION))


def test_links_are_looked_up_where_there_is_a_register(invoke: Invoke, good: Path) -> None:
    good.write_text(GOOD.replace("Rivers\n", "Rivers\n    organisation: rivers\n"), encoding="utf-8")
    without = invoke("register", "check", good)
    assert without.code == 0
    assert without.stderr.startswith("Not looked up: ")
    assert without.stderr.count("Not looked up") == 1
    assert invoke("init").code == 0
    ended = invoke("register", "check", good)
    assert ended.code == 4
    assert f"{good}, line 6: error: Organisation (/parties/0/organisation): There is no organisation “rivers”" in (
        ended.stdout
    )
    assert "Not looked up" not in ended.stderr


def test_json_lines_are_read_each_with_its_line(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    wrong = agreement(endsOn="2024", effectiveFrom="2025")
    lines = [json.dumps(agreement()), "", json.dumps(wrong), '{"title": ', "[]"]
    file.write_text("\n".join(lines), encoding="utf-8")
    rows = rows_of(invoke("register", "check", file, "--format", "json").stdout)
    assert [(row["line"], row["place"], row["pointer"]) for row in rows] == [
        (3, "record 2", "/endsOn"),
        (4, "record 3", ""),
        (5, "record 4", ""),
    ]
    assert "in line 4, column" in rows[1]["message"]
    assert rows[2]["message"] == f"{file.name} has no record in line 5."
    file.write_text("\n", encoding="utf-8")
    assert "is empty" in invoke("register", "check", file).stdout


def test_a_spreadsheet_is_read_each_problem_with_its_cell(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "two.xlsx"
    wrong = {**agreement(endsOn="2024", effectiveFrom="2025", signedOn="31/02/2019"), "id": "dg-2"}
    file.write_bytes(write_workbook([{**agreement(), "id": "dg-1"}, wrong]))
    ended = invoke("register", "check", file)
    assert ended.code == 4
    rows = rows_of(invoke("register", "check", file, "--format", "json").stdout)
    assert sorted((row["pointer"], row["line"], bool(row["cell"])) for row in rows) == [
        ("/endsOn", None, True),
        ("/signedOn", None, True),
    ]
    assert f"{file}, cell {rows[0]['cell']}: error: " in ended.stdout
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 and then nothing")
    ended = invoke("register", "check", broken)
    assert ended.code == 4
    assert ended.stdout.startswith(f"{broken}: 1 error\n")


def test_what_show_writes_can_be_checked_as_it_is(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "shown.json"
    shown = {"id": "dg-1", "newestVersion": 1, "document": agreement(endsOn="2024", effectiveFrom="2025")}
    file.write_text(json.dumps(shown, indent=1), encoding="utf-8")
    (row,) = rows_of(invoke("register", "check", file, "--format", "json").stdout)
    assert row["pointer"] == "/document/endsOn"
    assert '"endsOn"' in file.read_text(encoding="utf-8").splitlines()[row["line"] - 1]


@pytest.mark.parametrize("content", ["[]", "3", "- 1\n- x\n", "null"])
def test_what_is_no_record_is_told(invoke: Invoke, good: Path, content: str) -> None:
    good.write_text(content, encoding="utf-8")
    ended = invoke("register", "check", good)
    assert ended.code == 4
    assert f"{good}" in ended.stdout


def test_an_older_record_is_checked_as_what_it_is_and_told_that_it_can_be_brought_up(
    invoke: Invoke, good: Path
) -> None:
    good.write_text(OLD, encoding="utf-8")
    ended = invoke("register", "check", good)
    assert ended.code == 0
    assert "warning: Version of this schema (/schemaVersion): This record is in version 0.1.0" in ended.stdout
    assert "importing it does so" in ended.stdout
    assert ended.stderr.startswith("1 record checked: 0 errors, 1 warning.\n")
    assert invoke("register", "check", good, "--profile", "gdpr-30").code == 4
    good.write_text(OLD.replace("P1Y", "for ever"), encoding="utf-8")
    ended = invoke("register", "check", good, "--profile", "gdpr-30")
    assert ended.code == 4
    assert "Shared data (/retention/sharedData): “for ever” is not written as it must be." in ended.stdout


def test_an_older_record_that_the_newest_version_refuses_is_told_what_it_wants(invoke: Invoke, good: Path) -> None:
    good.write_text(f"{OLD}documents: [{{url: https://a.example, language: in English}}]\n", encoding="utf-8")
    ended = invoke("register", "check", good)
    assert ended.code == 4
    assert "Once brought up to version 1.0.0: “in English” is not written as it must be." in ended.stdout
