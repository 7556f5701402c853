import csv
from collections.abc import Iterable
from datetime import UTC, datetime

from register.formats.exported import Exported
from register.formats.section71 import CLAUSES, COLUMNS, section71_row, write_section71
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.contract import load_part
from tests.register.making import agreement

EXAMPLE = load_part(AGREEMENT_VERSION, "examples", "complete")


def exported(document: Json, standing: str = "signed", state: str = "in-force") -> Exported:
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    bodies = tuple(party.get("organisation") for party in document["parties"])
    return Exported("dg-1", "/agreements/dg-1", 1, state, standing, moment, moment, document, {}, bodies, happenings=())


def _read(lines: Iterable[str]) -> list[dict[str, str]]:
    return list(csv.DictReader("".join(lines).splitlines(keepends=True)))


def test_a_complete_record_fills_every_one_of_the_eleven() -> None:
    (row,) = _read(write_section71([exported(EXAMPLE)]))
    assert list(row) == list(COLUMNS)
    assert list(CLAUSES.values()) == [
        *("(i)", "(ii)", "(iii)", "(iv)", "(v)", "(vi)", "(vii)", "(viii)", "(ix)", "(x)", "(xi)")
    ]
    assert [name for name in COLUMNS if not row[name]] == []
    assert row["notStated"] == "0"
    assert row["participants"] == "Example Revenue Agency; Example City Council; Example Data Services Agency"
    assert "Example City Council: Collecting council tax" in row["function"]
    assert "Digital Economy Act 2017, s.48" in row["legalBasis"]
    assert "Example City Council to Example Revenue Agency: List of debtors" in row["information"]
    assert "[Name, Address, Date of birth]" in row["information"]
    assert "Risks: A wrong match" in row["dpiaSummary"]
    assert "Derived data: P6Y" in row["retention"]
    assert row["destruction"].endswith("The council confirms by a certificate.")


def test_what_the_source_does_not_say_stays_empty_and_is_counted() -> None:
    row = section71_row(exported(agreement(purpose="To pay refunds.")))
    assert {name for name in CLAUSES if row[name]} == {"participants", "purpose"}
    assert row["notStated"] == "9"


def test_what_was_only_proposed_is_no_arrangement_and_what_was_withdrawn_is_marked() -> None:
    of_each = [exported(agreement(), standing, standing) for standing in ("proposed", "rejected", "withdrawn")]
    assert [row["state"] for row in _read(write_section71(of_each))] == ["Withdrawn"]


def test_no_cell_is_a_formula() -> None:
    for title in ("=1+1", "+44 to whom", "-5", "@home", "\t=1+1", " =1+1"):
        (row,) = _read(write_section71([exported(agreement(title=title))]))
        assert row["title"] == f"'{title}"
