"""Datasets, organisations and powers over HTTP: whole lists in pages, each record with what belongs to it."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from catalogue.datasets.record import record_dataset, withdraw_dataset
from catalogue.organisations.record import OrganisationDetails, record_organisation
from schemas.actor import LOCAL_REGISTRAR
from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json
from tests.register.lifecycle.world import LEAD, MATCHER, RECEIVER, STRANGER
from tests.web.api.office import Office
from tests.web.test_query_counts import counted
from web.api.requests import MOST_EXACT

V1 = "/api/v1"


def read(client: FlaskClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def walked(client: FlaskClient, address: str) -> Iterator[Json]:
    """Every item of a list, page by page, as the `Link` headers lead."""
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        yield from answer.get_json()["items"]
        link = answer.headers.get("Link", "")
        address = link.removeprefix("<").removesuffix('>; rel="next"')


def put(office: Office, number: int, **members: Any) -> None:
    document = {
        "schemaVersion": DATASET_VERSION,
        "kind": "dataset",
        "title": f"River {number}",
        "provenance": {"source": "official"},
        **members,
    }
    world = office.world
    with world.database.write() as session:
        recorded = record_dataset(
            session,
            LOCAL_REGISTRAR,
            document,
            source="rivers",
            identifier=f"r/{number}",
            clock=world.clock,
            ids=world.ids,
        )
        if number % 4 == 3:
            withdraw_dataset(session, LOCAL_REGISTRAR, recorded.resource, "It dried up", world.clock)


def test_the_datasets_page_by_page(office: Office) -> None:
    client = office.app().test_client()
    before = read(client, f"{V1}/datasets")["total"]
    for number in range(6):
        office.world.clock.advance(hours=1)
        publisher = {"organisation": STRANGER, "name": "Ministry of Rivers"}
        put(office, number, **({"publisher": publisher} if number < 5 else {"kind": "dataset-series"}))
    listed = list(walked(client, f"{V1}/datasets?limit=2&state=any"))
    assert [one["id"] for one in listed] == sorted({one["id"] for one in listed})
    assert len(listed) == before + 6 == read(client, f"{V1}/datasets?state=any&limit=1")["total"]
    for asked, titles in {
        f"organisation={STRANGER}": "0124",
        f"organisation={STRANGER}&state=any": "01234",
        "organisation=nobody": "",
        "state=withdrawn": "3",
        "kind=dataset-series": "5",
        "source=rivers&identifier=r/4": "4",
        "changed_since=2026-03-02T14:00:00Z": "45",
        "changed_since=2026-03-02T15:00:00%2B01:00": "45",
        "changed_since=2026-03-03": "",
    }.items():
        found = list(walked(client, f"{V1}/datasets?limit=2&{asked}"))
        assert [one["title"] for one in found] == [f"River {number}" for number in titles], asked
    for wrong in ("kind=colour", "state=gone", "changed_since=2026-02-30", "cursor=1", "limit=0", "limit=1001",
                  "page=2", "organisation=", "kind=dataset&kind=dataset"):  # fmt: skip
        answer = client.get(f"{V1}/datasets?{wrong}")
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json"), wrong


def test_a_dataset_with_all_that_belongs_to_it(client: FlaskClient) -> None:
    found = read(client, f"{V1}/datasets/tax-returns")
    assert found["publisher"]["name"] == "Revenue Office"
    assert found["references"][0]["address"].endswith("/agreements/dg-1")
    assert "contact" not in found  # it was erased
    assert found["terms"]["title"] == "Creative Commons Attribution 4.0"
    assert read(client, f"{V1}/datasets/roads-of-riverton")["contact"]["email"] == "data@riverton.example"
    for name in (found["id"], "tax", "dataset:tax-returns"):
        answer = client.get(f"{V1}/datasets/{name}")
        assert answer.get_json() == found
        assert answer.headers["Content-Location"] == f"{V1}/datasets/tax-returns"
    assert read(client, "/datasets/tax-returns.json") == found
    for link in found["links"].values():
        assert client.get(link).status_code == 200
    assert read(client, "/agreements/dg-1.json") == read(client, f"{V1}/agreements/dg-1")


@pytest.mark.parametrize("address", [f"{V1}/datasets/sealed-records", "/datasets/sealed-records.json"])
def test_a_withdrawn_dataset_answers_gone_with_its_last_record(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")
    problem = answer.get_json()
    assert problem["detail"] == "“Sealed records” was withdrawn: It was burnt"
    assert problem["record"]["state"] == "withdrawn"
    assert problem["record"]["document"]["title"] == "Sealed records"
    history = read(client, problem["record"]["links"]["revisions"])["items"]
    assert [line["change"] for line in history] == ["added", "withdrawn"]


def test_what_a_dataset_was_before(client: FlaskClient) -> None:
    lines = list(walked(client, f"{V1}/datasets/roads-of-riverton/revisions?limit=1"))
    assert [(line["revision"], line["change"]) for line in lines] == [(1, "added"), (2, "changed")]
    titles = [read(client, line["record"])["document"]["title"] for line in lines]
    assert titles == ["Roads of Riverton", "Roads in Riverton"]
    assert all(client.get(line["address"]).status_code == 200 for line in lines)
    for number in ("0", "3", "x", "-1", "1.0", "1" * 30, "0" * 20 + "9" * 20, "²", str(MOST_EXACT)):
        assert client.get(f"{V1}/datasets/roads-of-riverton/revisions/{number}").status_code == 404, number


def test_organisations_and_what_they_send_and_receive(office: Office) -> None:
    client, world = office.app().test_client(), office.world
    world.enter()
    with world.database.write() as session:
        details = OrganisationDetails(name="Office of Weirs", parent=STRANGER, identifiers=(("list", "W/1"),),
                                      aliases=(("Swyddfa Coredau", "cy"),), kind="agency")  # fmt: skip
        record_organisation(session, details, world.clock, world.ids)
    listed = list(walked(client, f"{V1}/organisations?limit=2"))
    assert [one["slug"] for one in listed] == sorted([LEAD, RECEIVER, MATCHER, STRANGER, "office-of-weirs"])
    assert [one["slug"] for one in walked(client, f"{V1}/organisations?q=coredau")] == ["office-of-weirs"]
    assert read(client, f"{V1}/organisations?q=-") == {"total": 0, "items": []}
    assert [one["slug"] for one in walked(client, f"{V1}/organisations?kind=agency")] == ["office-of-weirs"]
    weirs = read(client, f"{V1}/organisations/office-of-weirs")
    assert weirs["parent"]["slug"] == STRANGER
    assert {"name": "Swyddfa Coredau", "language": "cy"} in weirs["names"]
    assert weirs["identifiers"] == [{"scheme": "list", "value": "W/1"}]
    assert read(client, f"{V1}/organisations/Swyddfa Coredau") == weirs
    assert read(client, f"{V1}/organisations/{STRANGER}")["parts"] == [named(weirs)]
    for line in listed:
        body = read(client, line["record"])
        for part in ("publishes", "agreements", "sends", "receives"):
            assert len(list(walked(client, body[part]["record"]))) == body[part]["count"], (line["slug"], part)
    for slug, count in ((LEAD, 1), (STRANGER, 0)):
        body = read(client, f"{V1}/organisations/{slug}")
        assert (body["sends"]["count"], body["receives"]["count"]) == (count, count)
    assert len(client.get(f"{V1}/agreements?part=sends").get_json()["items"]) == 1
    assert client.get(f"{V1}/agreements?cursor={10**12}").status_code == 200


def named(body: Json) -> Json:
    return {name: body[name] for name in ("slug", "name", "record")}


def test_the_first_answer_leads_to_everything(client: FlaskClient) -> None:
    addresses = read(client, f"{V1}/")
    assert {name: client.get(address).status_code for name, address in addresses.items()} == dict.fromkeys(
        addresses, 200
    )
    assert len(addresses) == 8


def test_powers_and_who_relies_on_them(client: FlaskClient) -> None:
    listed = list(walked(client, f"{V1}/powers?limit=1"))
    assert [one["id"] for one in listed] == ["bridge-act-1890-s2", "digital-economy-act-2017-s56"]
    assert [one["id"] for one in walked(client, f"{V1}/powers?q=fraud")] == ["digital-economy-act-2017-s56"]
    fraud = read(client, listed[1]["record"])
    assert read(client, f"{V1}/powers/list:7") == fraud
    assert [one["id"] for one in fraud["reliedOnBy"]] == ["dg-1"]
    assert [body["organisation"] for body in fraud["bodies"]] == ["revenue-office", None]
    assert read(client, listed[0]["record"])["standing"] == "no-longer"
    assert client.get(f"{V1}/powers/list:8").status_code == 404


READ = ["/datasets", "/datasets/tax-returns", "/datasets/tax-returns/revisions", "/datasets/tax-returns/revisions/1",
        "/organisations", "/organisations/revenue-office", "/powers", "/powers/list:7", "/changes", "/agreements",
        "/agreements/dg-1", "/agreements/dg-1/history", "/agreements/dg-1/flags", "/flags", "/due", "/search",
        "/synonyms", "/openapi.json", "/lookup?kind=organisation&q=revenue"]  # fmt: skip


@pytest.mark.parametrize("path", READ)
def test_everything_that_is_read_can_be_kept_and_is_open_to_every_site(client: FlaskClient, path: str) -> None:
    answer = client.get(V1 + path)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get(V1 + path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == answer.headers["ETag"]
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    asked = {"Origin": "https://maps.example", "Access-Control-Request-Method": "GET"}
    preflight = client.options(V1 + path, headers=asked)
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in preflight.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in preflight.headers["Access-Control-Allow-Headers"]
    assert client.head(V1 + path).headers["ETag"] == answer.headers["ETag"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("GET", "/datasets/nothing", 404), ("GET", "/datasets/a%00b", 404),
     ("GET", "/organisations/%00", 404), ("GET", "/powers/%00:%00", 404), ("GET", "/datasets/%ff", 404),
     ("POST", "/datasets", 405), ("DELETE", "/changes", 405), ("GET", "/check", 405),
     ("GET", "/organisations?q=%00", 400), ("GET", "/datasets/tax-returns?x=1", 400)],
)  # fmt: skip
def test_every_error_is_problem_details(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(V1 + path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.get_json()["status"] == status
    assert answer.get_json()["detail"]
    if method == "GET":
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_longer_page_asks_the_database_no_more(small_office: Office) -> None:
    client = small_office.app().test_client()
    small_office.world.enter()
    for number in range(25):
        put(small_office, number)
    for path in ("/datasets?state=any", "/organisations?", "/changes?", "/datasets/river-1/revisions?"):
        asked = []
        for limit in (2, 100):
            with counted(small_office.world.database) as statements:
                read(client, f"{V1}{path}&limit={limit}")
            asked.append(len(statements))
        assert asked[1] <= asked[0] + 1, path
        assert asked[1] <= 7, path
