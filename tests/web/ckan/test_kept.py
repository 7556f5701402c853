"""What is kept to be fast never tells what is no longer so; and a page is the same however deep it is read."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import request
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from catalogue.contacts import Contact, hold_contact
from catalogue.datasets.models import CataloguedResource
from catalogue.datasets.record import record_dataset, withdraw_dataset
from catalogue.harvest.models import HarvestSource
from catalogue.organisations.models import Organisation
from catalogue.search.indexer import drain
from catalogue.search.tantivy_engine import TantivyPlace
from schemas.actor import LOCAL_REGISTRAR
from schemas.canonical import Json
from schemas.clock import random_ids
from schemas.database.engine import open_database
from schemas.settings import sqlite_url
from tests.fakes import FIRST_MOMENT
from tests.web.ckan.conftest import Door
from tests.web.conftest import Site, filled_site
from tests.web.content import TAX
from tests.web.test_query_counts import counted
from web.ckan import paging, prepared

SHOW = "/api/3/action/package_show"


@pytest.fixture
def changing(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    """A small site that a test may change."""
    shutil.copyfile(sqlite_template, tmp_path / sqlite_template.name)
    with closing(open_database(sqlite_url(tmp_path))) as database:
        yield filled_site(tmp_path, database)


def written(site: Site, identifier: str, **members: object) -> None:
    """Record a dataset, as a harvest would."""
    with site.database.write() as session:
        number = hold_contact(
            session, {"name": "Rivers desk", "email": "desk@rivers.example"}, "harvest:rivers", site.clock, random_ids
        )
        document: Json = {**TAX, "contactPoint": number, **members}
        record_dataset(
            session,
            LOCAL_REGISTRAR,
            document,
            source="harvest:rivers",
            identifier=identifier,
            clock=site.clock,
            ids=random_ids,
        )
    drain(site.database, TantivyPlace(site.settings.search_path), site.clock)


def test_a_package_is_always_what_the_record_says_now(changing: Site) -> None:
    door = Door(changing.app().test_client())
    with changing.database.write() as session:
        session.add(
            HarvestSource(
                id="c" * 32,
                name="rivers",
                url="https://rivers.example/",
                type="ckan",
                query=None,
                allow_private=False,
                added_at=FIRST_MOMENT,
            )
        )
    written(changing, "gauges", title="Gauges", extras={"hvd_category": "water"})
    everywhere: tuple[Callable[[], Json], ...] = (
        lambda: door.result("package_show", id="gauges"),
        lambda: door.result("package_search", fq="hvd_category:water")["results"][0],
        lambda: door.result("package_search", q="harvest_source_title:rivers")["results"][0],
        lambda: door.result("current_package_list_with_resources")[0],
    )

    def told(name: str) -> set[str]:
        return {str(package()[name]) for package in everywhere for _twice in range(2)}

    assert told("title") == {"Gauges"}
    assert told("maintainer_email") == {"desk@rivers.example"}
    extras = {pair["key"]: pair["value"] for pair in everywhere[0]()["extras"]}
    assert (extras["harvest_source_title"], extras["hvd_category"]) == ("rivers", "water")
    assert door.result("package_search", fq=f"harvest_source_id:{extras['harvest_source_id']}")["count"] == 1

    written(changing, "gauges", title="Gauges of rivers", extras={"hvd_category": "water"})
    assert told("title") == {"Gauges of rivers"}
    with changing.database.write() as session:
        body = session.scalars(select(Organisation).where(Organisation.slug == "revenue-office")).one()
        body.name = "Office of Revenue"
    assert {package()["organization"]["title"] for package in everywhere} == {"Office of Revenue"}
    with changing.database.write() as session:
        contact = session.scalars(select(Contact).where(Contact.email == "desk@rivers.example")).one()
        contact.name = contact.email = None
        contact.erased_at = changing.clock()
    assert told("maintainer_email") == {"None"}
    written(changing, "gauges", title="Gauges of rivers", extras={"hvd_category": "earth"})
    assert door.result("package_search", fq="hvd_category:water")["count"] == 0
    assert door.result("package_search", rows=0, **{"facet.field": "hvd_category"})["facets"] == {
        "hvd_category": {"earth": 1}
    }
    before = door.result("package_search", rows=0, **{"facet.field": "organization"})["facets"]["organization"]
    with changing.database.write() as session:
        resource = session.scalars(select(CataloguedResource).where(CataloguedResource.slug == "gauges")).one()
        withdraw_dataset(session, LOCAL_REGISTRAR, resource, "A trial", changing.clock)
    assert door.error("package_show", id="gauges")[0] == 404  # before the index hears of it
    assert door.result("package_search", q="hvd_category:earth")["results"] == []
    drain(changing.database, TantivyPlace(changing.settings.search_path), changing.clock)
    after = door.result("package_search", rows=0, **{"facet.field": "organization"})["facets"]["organization"]
    assert after == {**before, "revenue-office": before["revenue-office"] - 1}


def test_who_goes_through_all_packages_is_read_ahead_for(real_site: Site) -> None:
    names = Door(real_site.app().test_client()).result("package_list")
    alone = {name: Door(real_site.app().test_client()).result("package_show", id=name) for name in names[:30]}
    door = Door(real_site.app().test_client())
    with counted(real_site.database) as statements:
        walked = {name: door.result("package_show", id=name) for name in names[:30]}
    assert walked == alone
    assert len(statements) < 20
    leaping = Door(real_site.app().test_client())
    with counted(real_site.database) as statements:
        for name in reversed(names[:30]):
            leaping.result("package_show", id=name)
    assert len(statements) >= 30, "who does not walk is not read ahead for"


ASKING: dict[str, Callable[[FlaskClient, str, dict[str, str]], TestResponse]] = {
    "get": lambda client, name, headers: client.get(f"{SHOW}?id={name}", headers=headers),
    "more": lambda client, name, headers: client.get(f"{SHOW}?use_default_schema=1&id={name}&x=a+b", headers=headers),
    "twice": lambda client, name, headers: client.get(f"{SHOW}?id={name}&name_or_id={name}", headers=headers),
    "script": lambda client, name, headers: client.get(f"{SHOW}?id={name}&callback=show", headers=headers),
    "json": lambda client, name, headers: client.post(SHOW, json={"id": name, "other": False}, headers=headers),
    "form": lambda client, name, headers: client.post(SHOW, data={"id": name}, headers=headers),
}


@pytest.mark.parametrize("accepted", ["gzip, deflate", "identity"])
@pytest.mark.parametrize("way", ASKING)
def test_an_answer_that_was_expected_is_what_would_have_been_answered(real_site: Site, way: str, accepted: str) -> None:
    app = real_site.app()
    dispatched: list[str] = []
    app.before_request(lambda: dispatched.append(request.path))
    client, alone = app.test_client(), real_site.app().test_client()
    names = Door(alone).result("package_list")[:20]
    headers = {"Accept-Encoding": accepted}
    answers = {name: ASKING[way](client, name, headers) for name in names}
    assert (len(dispatched) < len(names)) == (way in {"get", "more", "json"})
    for name, answer in answers.items():
        again = ASKING[way](alone, name, headers | {"Cookie": "a=b"})
        assert (answer.status, sorted(answer.headers), answer.data) == (again.status, sorted(again.headers), again.data)


def test_nothing_is_expected_any_longer_of_who_asks_in_another_way_each_time(
    real_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected: list[str] = []
    monkeypatch.setattr("web.ckan.door.expect", lambda name, _answers: expected.append(name))
    client = real_site.app().test_client()
    names = Door(client).result("package_list")[:30]
    for number, name in enumerate(names):
        assert client.get(f"{SHOW}?id={name}&_={number}").get_json()["result"]["name"] == name
        assert client.get(f"{SHOW}?id={name}", headers={"Cookie": "a=b"}).status_code == 200
    assert len(expected) == 1


def test_what_was_read_ahead_goes_when_it_is_withdrawn(changing: Site) -> None:
    for number in range(8):
        written(changing, f"gauge-{number}", title=f"Gauge {number}")
    door = Door(changing.app().test_client())
    for number in range(5):
        assert door.result("package_show", id=f"gauge-{number}")["title"] == f"Gauge {number}"
    written(changing, "gauge-6", title="Gauge 6, moved")
    with changing.database.write() as session:
        resource = session.scalars(select(CataloguedResource).where(CataloguedResource.slug == "gauge-5")).one()
        withdraw_dataset(session, LOCAL_REGISTRAR, resource, "A trial", changing.clock)
    assert door.error("package_show", id="gauge-5")[0] == 404
    assert door.result("package_show", id="gauge-6")["title"] == "Gauge 6, moved"


def test_no_more_is_kept_than_there_is_room_for(real_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST_BYTES", 20_000)
    app = real_site.app()
    door = Door(app.test_client())
    for _twice in range(2):
        assert len(door.result("package_search", rows=1000)["results"]) == door.result("package_search")["count"]
    kept = app.extensions["ckan_packages"]
    assert 0 < sum(len(one.package.text) for one in kept._kept.values()) == kept._bytes <= 20_000


@pytest.mark.parametrize("sort", ["id asc", "title desc", "metadata_modified desc", "name asc, id desc", ""])
def test_a_page_is_the_same_however_deep_it_lies(real_site: Site, monkeypatch: pytest.MonkeyPatch, sort: str) -> None:
    monkeypatch.setattr(paging, "DEEP", 1)
    door = Door(real_site.app().test_client())

    def page(start: int, rows: int) -> list[str]:
        found = door.result("package_search", start=start, rows=rows, sort=sort, q="-title:nothing", fl="id")
        assert found["count"] == len(whole)
        return [one["id"] for one in found["results"]]

    whole = [one["id"] for one in door.result("package_search", rows=1000, sort=sort, fl="id")["results"]]
    for start in (60, 67, 10, 17, 24, 1, 40, 47, len(whole) - 3, len(whole), len(whole) + 5, 0):
        assert page(start, 7) == whole[start : start + 7]
