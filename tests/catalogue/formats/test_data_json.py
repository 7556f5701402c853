from typing import Any

import pytest

from catalogue.datasets.record import check_dataset
from catalogue.formats.converted import FromSource
from catalogue.formats.data_json import dataset_from_data_json
from schemas.bundle import DATASET_VERSION
from schemas.problems import errors_in


def record(**members: object) -> dict[str, Any]:
    return {"title": "Bridges", "identifier": "b-1", "publisher": {"name": "Office of Bridges"}, **members}


def read(**members: object) -> FromSource:
    result = dataset_from_data_json(record(**members))
    assert errors_in(check_dataset(result.document)) == []
    return result


def messages(result: FromSource) -> list[str]:
    return [str(problem) for problem in result.problems]


def test_a_full_record_is_read_member_by_member() -> None:
    result = read(
        **{"@type": "dcat:Dataset"},
        description="What inspectors found.",
        accessLevel="restricted public",
        rights="Ask the office.",
        keyword=["roads", "bridges", " roads"],
        issued="2020",
        modified="2024-05-01",
        accrualPeriodicity="R/P3M",
        temporal="2019-01-01/2023-12-31",
        spatial="Wales",
        language=["en-GB", "cy"],
        license="https://creativecommons.org/licenses/by/4.0/",
        landingPage="https://bridges.example/",
        references=["https://bridges.example/guide"],
        theme=["Transport", "Structures"],
        isPartOf="inspections",
        conformsTo="https://standards.example/inspection",
        describedBy="https://bridges.example/columns",
        describedByType="text/html",
        publisher={
            "name": "Office of Bridges",
            "subOrganizationOf": {"name": "Ministry", "subOrganizationOf": {"name": "State"}},
        },
        distribution=[
            {"@type": "dcat:Distribution", "downloadURL": "https://bridges.example/a.csv", "mediaType": "text/csv"}
        ],
        bureauCode=["020:00"],
    )
    assert result.problems == ()
    assert result.document == {
        "schemaVersion": DATASET_VERSION,
        "kind": "dataset",
        "identifier": "b-1",
        "title": "Bridges",
        "description": "What inspectors found.",
        "publisher": {"name": "Office of Bridges", "partOf": ["Ministry", "State"]},
        "keyword": ["bridges", "roads"],
        "theme": ["transport"],
        "sourceTheme": ["Structures", "Transport"],
        "accessRights": "restricted",
        "rights": "Ask the office.",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "issued": "2020",
        "modified": "2024-05-01",
        "accrualPeriodicity": "quarterly",
        "temporal": [{"start": "2019-01-01", "end": "2023-12-31"}],
        "spatial": [{"name": "Wales"}],
        "language": ["en-GB", "cy"],
        "landingPage": "https://bridges.example/",
        "page": ["https://bridges.example/guide"],
        "inSeries": ["inspections"],
        "conformsTo": ["https://standards.example/inspection"],
        "describedBy": "https://bridges.example/columns",
        "describedByType": "text/html",
        "distribution": [{"downloadURL": "https://bridges.example/a.csv", "mediaType": "text/csv"}],
        "extras": {"bureauCode": ["020:00"]},
        "provenance": {"source": "imported"},
    }


def test_a_person_goes_into_the_contact_and_never_into_the_document() -> None:
    result = read(contactPoint={"fn": "Jo Bloggs", "hasEmail": "mailto:jo@bridges.example"}, author="Jo Bloggs")
    assert result.contact == {"name": "Jo Bloggs", "email": "jo@bridges.example"}
    assert "Jo" not in str(result.document)
    assert messages(result) == [
        "/author: This may name a person, so it was left out: what is kept here for ever names nobody."
    ]


@pytest.mark.parametrize(
    ("contact", "details", "told"),
    [
        ({"fn": "desk@b.example", "hasEmail": "mailto:desk@b.example"}, {"email": "desk@b.example"}, ""),
        ({"fn": " Desk ", "hasEmail": " mailto: desk@b.example "}, {"name": "Desk", "email": "desk@b.example"}, ""),
        (
            {"fn": "Desk", "hasEmail": "a@b.example;c@d.example"},
            {"name": "Desk", "email": "a@b.example"},
            "2 addresses",
        ),
        ({"fn": "Desk", "hasEmail": "ask at the counter"}, {"name": "Desk"}, "not an e-mail address"),
        ([{"fn": "First"}, {"fn": "Second"}], {"name": "First"}, "2 contacts"),
        ("Jo Bloggs", {}, "no group of fields"),
        (None, {}, ""),
        ({}, {}, ""),
    ],
)
def test_contacts_are_read_as_far_as_they_can_be(contact: object, details: object, told: str) -> None:
    result = read(contactPoint=contact)
    assert result.contact == details
    assert "Jo" not in str(result.document)
    assert [told in message for message in messages(result)] == ([True] if told else [])


@pytest.mark.parametrize("date", ["31/02/2019", "04/05/2019", "2019-02-31", "soon", "2019-13"])
@pytest.mark.parametrize("member", ["modified", "issued"])
def test_a_date_that_is_none_is_kept_and_told(member: str, date: str) -> None:
    result = read(**{member: date})
    (problem,) = result.problems
    assert (problem.severity, problem.pointer) == ("warning", f"/{member}")
    assert date in problem.message
    assert problem.advice
    assert member not in result.document
    assert result.document["extras"] == {member: date}


def test_periods_that_are_none_are_kept_and_told() -> None:
    result = read(temporal=["2019/2020", "2020/2019", "2021-13/2022"])
    assert result.document["temporal"] == [{"start": "2019", "end": "2020"}]
    assert result.document["extras"] == {"temporal": ["2020/2019", "2021-13/2022"]}
    assert {(problem.severity, problem.pointer) for problem in result.problems} == {("warning", "/temporal")}


def test_a_date_in_the_basic_format_is_a_date() -> None:
    assert read(modified="20200908").document["modified"] == "2020-09-08"


@pytest.mark.parametrize("interval", ["R/P1D", "P1D"])
def test_an_interval_in_modified_says_how_often_and_not_when(interval: str) -> None:
    document = read(modified=interval).document
    assert document["accrualPeriodicity"] == "daily"
    assert "modified" not in document


def test_two_rhythms_that_disagree_are_told_and_both_kept() -> None:
    result = read(modified="R/P1Y", accrualPeriodicity="R/P1D")
    assert result.document["accrualPeriodicity"] == "daily"
    assert result.document["extras"] == {"modified": "R/P1Y"}
    assert "another rhythm" in messages(result)[0]


def test_the_order_of_keywords_and_themes_says_nothing() -> None:
    one = read(keyword=["b", "A", "c"], theme=["y", "x"]).document
    other = read(keyword=["c", "A", "b", "b"], theme=["x", "y"]).document
    assert one == other


def test_markup_is_read_as_text_and_noted() -> None:
    result = read(title="<i>Bridges</i>", description="<p>One</p><p>Two &amp; three</p>")
    assert (result.document["title"], result.document["description"]) == ("Bridges", "One\n\nTwo & three")
    assert [note.pointer for note in result.cleanings] == ["/title", "/description"]


@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}])
@pytest.mark.parametrize(
    "member", ["description", "keyword", "license", "modified", "spatial", "distribution", "theme", "odd"]
)
def test_what_is_empty_is_absent(member: str, nothing: object) -> None:
    result = read(**{member: nothing})
    assert result.document == read().document
    assert result.problems == ()


@pytest.mark.parametrize(
    ("member", "value", "pointer"),
    [
        ("landingPage", "www.bridges.example", "/landingPage"),
        ("license", [{"a": "group"}, "of", "things"], "/license"),
        ("accessLevel", "ABIERTO", "/accessLevel"),
        ("accrualPeriodicity", "eventual", "/accrualPeriodicity"),
        ("spatial", "[[1, 2], [3, 4]]", "/spatial"),
        ("title", [["not", "text"]], "/title"),
        ("references", ["ftp://bridges.example"], "/references"),
        ("keyword", [{"deep": 1}], "/keyword"),
    ],
)
def test_what_cannot_be_read_is_kept_as_it_is_and_told(member: str, value: object, pointer: str) -> None:
    result = dataset_from_data_json(record(**{member: value}))
    assert result.document["extras"] == {member: value}
    (problem,) = result.problems
    assert (problem.pointer, problem.severity) == (pointer, "warning")


def test_numbers_are_read_as_text_and_told() -> None:
    result = read(title=707)
    assert result.document["title"] == "707"
    assert "the number 707" in messages(result)[0]


def test_a_licence_that_is_a_page_of_terms_is_kept_as_terms_of_access() -> None:
    terms = "<p>You agree to everything.</p>" * 40
    result = read(license=terms)
    assert "licence" not in result.document
    assert result.document["rights"].startswith("You agree to everything.\n")
    assert "no address or name of a licence" in messages(result)[0]
    kept_apart = read(license=terms, rights="Ask.").document
    assert kept_apart["rights"] == "Ask."
    assert kept_apart["extras"]["license"].startswith("You agree")


def test_of_a_distribution_nothing_is_lost() -> None:
    result = read(
        distribution=[
            {"downloadURL": "ftp://b.example/a.zip", "mediaType": "application/zip", "fileName": "a.zip"},
            {"downloadURL": "ftp://b.example/only"},
            "https://b.example/as-text",
            {"accessURL": "https://b.example/", "byteSize": "5120", "license": "ODbL", "rights": 789},
        ]
    )
    assert result.document["distribution"] == [
        {"mediaType": "application/zip"},
        {"accessURL": "https://b.example/", "byteSize": 5120, "licence": "ODbL", "rights": "789"},
    ]
    assert result.document["extras"]["distribution"] == [
        {"position": 0, "members": {"downloadURL": "ftp://b.example/a.zip", "fileName": "a.zip"}},
        {"members": {"downloadURL": "ftp://b.example/only"}},
        {"value": "https://b.example/as-text"},
    ]
    assert [problem.pointer for problem in result.problems] == [
        "/distribution/0/downloadURL",
        "/distribution/1/downloadURL",
        "/distribution",
        "/distribution/3/rights",
    ]


def test_an_address_on_the_dataset_itself_is_a_distribution() -> None:
    own = "https://bridges.example/page"
    assert read(accessURL=own).document["distribution"] == [{"accessURL": own}]
    once = read(accessURL=own, distribution=[{"accessURL": own, "title": "Page"}]).document
    assert once["distribution"] == [{"accessURL": own, "title": "Page"}]


def test_a_shape_gives_its_box_and_is_kept() -> None:
    triangle = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [1, 3], [0, 0]]]}
    document = read(spatial=triangle).document
    assert document["spatial"] == [{"bbox": ["0", "0", "2", "3"]}]
    assert document["extras"]["spatial"] == triangle


@pytest.mark.parametrize("junk", [7, True, "text", [1], {"a": {"b": 1}}, 1.5])
@pytest.mark.parametrize(
    "member",
    [
        *(
            "title",
            "identifier",
            "description",
            "publisher",
            "contactPoint",
            "keyword",
            "modified",
            "temporal",
            "spatial",
        ),
        *("license", "accessLevel", "distribution", "references", "language", "isPartOf", "accessURL", "theme"),
    ],
)
def test_nothing_raises_whatever_stands_where(member: str, junk: object) -> None:
    result = dataset_from_data_json(record(**{member: junk}))
    if not errors_in(result.problems) and "title" in result.document:
        assert errors_in(check_dataset(result.document)) == []


def test_a_list_or_a_group_where_a_text_belongs_is_read_and_what_is_more_is_kept() -> None:
    result = read(
        title=["Bridges", "Brücken"],
        identifier={"@id": "https://b.example/1"},
        description=["What inspectors found."],
        modified={"@value": "2024-05-06", "@type": "xsd:date"},
        rights={"fr": "Pour tous", "en": "For all"},
        keyword={"fr": ["ponts"], "de": ["Brücken"]},
        license=["https://l.example/1", "https://l.example/2"],
        publisher=[{"name": "Office"}, {"name": "Other"}],
        landingPage={"id": "https://b.example/"},
    )
    stated = {"title": "Bridges", "identifier": "https://b.example/1", "modified": "2024-05-06", "rights": "For all"}
    more = {"description": "What inspectors found.", "keyword": ["Brücken"], "licence": "https://l.example/1"}
    assert {name: result.document.get(name) for name in (*stated, *more)} == {**stated, **more}
    assert result.document["publisher"] == {"name": "Office"}
    assert result.document["extras"] == {
        "title": ["Brücken"],
        "rights@fr": "Pour tous",
        "keyword@fr": ["ponts"],
        "license": ["https://l.example/2"],
        "publisher": [{"name": "Other"}],
        "landingPage": {"id": "https://b.example/"},
    }
    told = {problem.title for problem in result.problems}
    assert told == {"title", "rights", "keyword", "license", "publisher", "landingPage"}


def test_capitals_do_not_cost_a_member() -> None:
    result = dataset_from_data_json(
        {"Title": "Bridges", "Identifier": "b", "distribution": [{"downloadUrl": "https://b.example/a.csv"}]}
    )
    assert (result.document["title"], result.document["identifier"]) == ("Bridges", "b")
    assert result.document["distribution"] == [{"downloadURL": "https://b.example/a.csv"}]
    assert [problem.title for problem in result.problems] == ["title", "identifier", "downloadURL"]
    beside = read(Title="Other")
    assert (beside.document["title"], beside.document["extras"]) == (read().document["title"], {"Title": "Other"})


@pytest.mark.parametrize(
    ("modified", "rhythm"), [("2020-01-01/P1D", None), ("R3/2020-01-01/P1M", "monthly"), ("R5/P1Y", "annual")]
)
def test_what_a_span_of_time_says_beyond_a_rhythm_is_kept(modified: str, rhythm: str | None) -> None:
    result = read(modified=modified)
    assert (result.document.get("accrualPeriodicity"), "modified" in result.document) == (rhythm, False)
    assert result.document["extras"] == {"modified": modified}
    assert [problem.severity for problem in result.problems] == ["warning"]
