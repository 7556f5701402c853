import csv

from register.formats.article30 import CLAUSES, COLUMNS, article30_rows, write_article30
from schemas.canonical import Json
from tests.register.formats.test_section71 import EXAMPLE, exported
from tests.register.making import agreement

ONLY_OF = {
    "30(1)": {"jointControllers", "purposes", "peopleItIsAbout", "dataCategories", "recipients", "timeLimits"},
    "30(2)": {"actsFor", "processing"},
}


def _party(name: str, role: str, **members: object) -> Json:
    return {"name": name, "dataProtectionRole": role, **members}


def test_a_complete_record_fills_every_column_of_each_party() -> None:
    rows = list(csv.DictReader("".join(write_article30([exported(EXAMPLE)])).splitlines(keepends=True)))
    assert [(row["party"], row["role"], row["article"]) for row in rows] == [
        ("Example Revenue Agency", "Joint controller", "30(1)"),
        ("Example City Council", "Joint controller", "30(1)"),
        ("Example Data Services Agency", "Processor", "30(2)"),
    ]
    for row in rows:
        other = ONLY_OF["30(2)" if row["article"] == "30(1)" else "30(1)"]
        assert {name for name in COLUMNS if not row[name]} == other
        assert row["notStated"] == "0"
    agency, council, services = rows
    assert agency["jointControllers"] == "Example City Council <council.tax@city.example>"
    assert agency["recipients"] == "Example City Council; Example Data Services Agency"
    assert council["recipients"] == "Example Revenue Agency; Example Data Services Agency; No others"
    assert "State of health" in agency["dataCategories"]
    assert agency["transfers"] == "None"
    assert services["actsFor"].startswith("Example Revenue Agency <data.sharing@revenue.example>; ")
    assert services["processing"].startswith("Matching the two lists for both bodies; ")


def test_what_the_source_does_not_say_is_counted_for_what_the_article_asks() -> None:
    parties = [_party("Ministry of Rivers", "controller"), _party("Bridges Office", "sub-processor")]
    rows = list(article30_rows(exported(agreement(parties=parties, purpose="To pay refunds."))))
    assert [(row["article"], row["notStated"]) for row in rows] == [
        ("30(1)", str(len(CLAUSES["30(1)"]) - 2)),  # it says the purpose, and who gets the data
        ("30(2)", str(len(CLAUSES["30(2)"]) - 1)),  # it says for whom
    ]
    assert rows[0]["recipients"] == "Bridges Office"
    assert rows[0]["jointControllers"] == ""


def test_a_party_sees_its_own_flows_and_those_of_nobody_named() -> None:
    def flow(name: str, **ends: str) -> Json:
        return {**ends, "datasets": [{"title": name}]}

    names = ("Ministry of Rivers", "Bridges Office", "Canal Trust")
    parties = [_party(name, "controller") for name in names]
    flows = [
        flow("Levels", **{"from": names[0], "to": names[1]}),
        flow("Boats", **{"from": names[1], "to": names[2]}),
        flow("Weather"),
    ]
    rows = list(article30_rows(exported(agreement(parties=parties, flows=flows))))
    assert [row["dataCategories"] for row in rows] == ["Levels; Weather", "Levels; Boats; Weather", "Boats; Weather"]
    assert [row["recipients"] for row in rows] == ["Bridges Office", "Canal Trust", ""]


def test_only_controllers_and_processors_have_a_row_and_one_organisation_can_be_asked_for() -> None:
    parties = [
        _party("Ministry of Rivers", "controller", organisation="rivers"),
        _party("Bridges Office", "processor", organisation="bridges"),
        _party("Police of Rivers", "competent-authority"),
        {"name": "Canal Trust"},
    ]
    of_all = exported(agreement(parties=parties))
    assert [row["party"] for row in article30_rows(of_all)] == ["Ministry of Rivers", "Bridges Office"]
    lines = list(write_article30([of_all], "bridges"))
    assert len(lines) == 2
    assert "Bridges Office" in lines[1]
