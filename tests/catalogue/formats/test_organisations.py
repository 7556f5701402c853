from pathlib import Path

import pytest

from catalogue.formats.organisations_csv import COLUMNS, read_organisations_csv
from catalogue.formats.organisations_rsf import organisation_from_rsf, read_organisations_rsf
from catalogue.organisations.record import OrganisationDetails
from schemas.errors import InvalidInput

PERSONS = "information-sharing-agreement-specified-person-0001"


def test_a_row_is_read_column_by_column() -> None:
    data = (
        "name,aliases,identifiers,kind,jurisdiction,website,started_on,parent,slug\r\n"
        '"Office, of Bridges",cy:Swyddfa Pontydd|OoB,list:1|other:x:2,agency,GB-WLS,https://b.example/,1999-05,ministry,bridges\r\n'
    )
    (read,) = read_organisations_csv(data.encode(), "bodies.csv")
    assert read.problems == ()
    assert read.details == OrganisationDetails(
        name="Office, of Bridges",
        slug="bridges",
        aliases=(("Swyddfa Pontydd", "cy"), ("OoB", None)),
        identifiers=(("list", "1"), ("other", "x:2")),
        kind="agency",
        jurisdiction="GB-WLS",
        parent="ministry",
        website="https://b.example/",
        started_on="1999-05",
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",agency,,", "The name is missing"),
        ("Office,ministry,,", "“ministry” is no kind of organisation"),
        ("Office,,31/02/2019,", "“31/02/2019” is not a date"),
        ("Office,,,number-alone", "“number-alone” is no number in a list"),
        ("Office,,,,one too many", "more values than the file has columns"),
    ],
)
def test_a_row_that_is_wrong_is_told_with_its_line_and_the_others_kept(row: str, told: str) -> None:
    data = f"name,kind,started_on,identifiers\nGood office,,,\n{row}\n"
    good, bad = read_organisations_csv(data.encode(), "bodies.csv")
    assert good.problems == ()
    assert bad.place == "line 3"
    assert told in str(bad.problems[0])
    assert bad.problems[0].advice


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"title\nOffice\n", "no column “name”"),
        (b"name,colour\nOffice,red\n", "the column “colour”"),
        (b'name\n"Office\n', "is not CSV"),
        (b"", "no column “name”"),
        (b"name\ncaf\xe9\n", "is not UTF-8"),
    ],
)
def test_a_file_that_is_no_such_list_is_told_why(data: bytes, told: str) -> None:
    with pytest.raises(InvalidInput, match=r"bodies\.csv") as refused:
        read_organisations_csv(data, "bodies.csv")
    assert told in refused.value.message


def test_damaged_cells_are_cleaned_and_told() -> None:
    (read,) = read_organisations_csv("name\nOffice\x00 of e\u0301\n".encode(), "bodies.csv")
    assert read.details is not None
    assert read.details.name == "Office of é"
    assert len(read.cleanings) == 2


def test_every_column_is_documented() -> None:
    assert set(COLUMNS) == {*OrganisationDetails.__dataclass_fields__} - {"source"}


def test_welsh_names_are_aliases_in_welsh() -> None:
    item = {
        "principal-local-authority": "MON",
        "name": "Monmouthshire",
        "name-cy": "Sir Fynwy",
        "official-name": "Monmouthshire County Council",
        "official-name-cy": "Cyngor Sir Fynwy",
        "start-date": "1996-04-01",
    }
    details, problems = organisation_from_rsf(item, "principal-local-authority")
    assert problems == ()
    assert details == OrganisationDetails(
        name="Monmouthshire County Council",
        aliases=(("Monmouthshire", None), ("Cyngor Sir Fynwy", "cy"), ("Sir Fynwy", "cy")),
        identifiers=(("principal-local-authority", "MON"),),
        kind="local-authority",
        jurisdiction="GB-WLS",
        started_on="1996-04-01",
        source="principal-local-authority",
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Secretary of State for Justice", "ministerial-office"),
        ("A Minister of the Crown", "class-of-persons"),
        ("A county council in England", "class-of-persons"),
        ("HM Revenue and Customs", None),
    ],
)
def test_a_specified_persons_kind_is_known_where_its_name_leaves_no_doubt(name: str, kind: str | None) -> None:
    details, _ = organisation_from_rsf({PERSONS: "1", "name": name}, PERSONS)
    assert details is not None
    assert details.kind == kind


def test_what_is_missing_or_wrong_in_an_item_is_told() -> None:
    nobody, (missing,) = organisation_from_rsf({"government-organisation": "D1"}, "government-organisation")
    assert nobody is None
    assert "no “name”" in missing.message
    item = {"government-organisation": "D1", "name": "Office", "website": "b.example", "end-date": "2019-02-31"}
    details, (website, end) = organisation_from_rsf(item, "government-organisation")
    assert details is not None
    assert (details.website, details.ended_on) == (None, None)
    assert (website.severity, end.severity) == ("warning", "error")


@pytest.mark.parametrize(
    ("register", "organisations"),
    [("government-organisation", 989), ("local-authority-eng", 366), ("principal-local-authority", 22), (PERSONS, 96)],
)
def test_every_organisation_of_the_real_registers_is_read(trial_data: Path, register: str, organisations: int) -> None:
    path = trial_data / "agreements" / "dea-register-2019" / f"{register}.rsf"
    reads, problems = read_organisations_rsf(path.read_bytes(), path.name)
    assert problems == ()
    assert len(reads) == organisations
    assert [read for read in reads if read.details is None or read.problems] == []


def test_a_register_of_something_else_is_refused(trial_data: Path) -> None:
    path = trial_data / "agreements" / "dea-register-2019" / "information-sharing-agreement-0001.rsf"
    with pytest.raises(InvalidInput, match="does not list organisations"):
        read_organisations_rsf(path.read_bytes(), path.name)
