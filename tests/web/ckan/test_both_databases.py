"""What the door asks of the database itself is the same on SQLite and PostgreSQL."""

from pathlib import Path

from catalogue.datasets.record import record_dataset
from catalogue.search.indexer import drain
from catalogue.search.tantivy_engine import TantivyPlace
from schemas.actor import LOCAL_REGISTRAR
from schemas.clock import random_ids
from schemas.database.engine import Database
from tests.web.ckan.conftest import Door
from tests.web.conftest import filled_site
from tests.web.content import TAX

FOUND = {
    'hvd_category:"water"': 1,
    "extras_hvd_category:water": 1,
    "hvd_list:deep": 1,
    "hvd_list:*": 1,
    "hvd_number:7": 1,
    "hvd_none:*": 0,
    "next_date:[2026-01 TO 2026-12]": 1,
    "next_date:[NOW+9YEARS TO *]": 0,
    "temporal_end:2019-04": 2,
    'spatial_text:"Riverton"': 2,
    "publisher_name:office": 0,
    "extras_publisher_name:office": 2,
    'frequency:"http://publications.europa.eu/resource/authority/frequency/ANNUAL"': 2,
    "license_id:notspecified type:dataset -res_url:*": None,
    "metadata_created:[* TO NOW]": None,
    "metadata_created:[NOW+1DAY TO *]": 0,
    "-metadata_created:[* TO NOW]": 0,
    "maintainer:*": None,
    "harvest_source_title:*": 0,
    "name:*aug?s": 1,
    "name:*_*": 0,
    "hvd_category:w*ter": 1,
    "organization:*ffice": 2,
    "isopen:*": None,
}


def test_lookups_are_alike(database: Database, tmp_path: Path) -> None:
    site = filled_site(tmp_path, database)
    extras = {"hvd_category": "water", "hvd_list": ["deep", "wide"], "hvd_number": 7, "next_date": "2026-05-01"}
    with database.write() as session:
        document = {**TAX, "title": "Gauges", "extras": extras}
        record_dataset(session, LOCAL_REGISTRAR, document, source="s", identifier="1", clock=site.clock, ids=random_ids)
    drain(database, TantivyPlace(site.settings.search_path), site.clock)
    door = Door(site.app().test_client())
    counts = {text: door.result("package_search", fq=text, rows=0)["count"] for text in FOUND}
    assert counts == {text: counts[text] if found is None else found for text, found in FOUND.items()}
    everything = door.result("package_search")["count"]
    assert counts["metadata_created:[* TO NOW]"] == everything > 2
    asked = {"fq": "metadata_created:[* TO NOW] dataset_type:data-sharing-agreement"}
    agreements = door.result("package_search", fq="dataset_type:data-sharing-agreement")["count"]
    assert door.result("package_search", **asked)["count"] == agreements > 0
    names = door.result("package_list")
    assert names == sorted(names)
    assert len(names) == everything == len(door.result("current_package_list_with_resources"))
    assert [door.result("package_show", id=name)["name"] for name in names] == names
    assert door.result("resource_search", query="format:csv")["count"] > 0
    assert door.result("resource_search", query=["description:", "position:0", "created:2020-01-01"])["count"] == 0
    sort = "hvd_number desc, name asc"
    assert [one["name"] for one in door.result("package_search", rows=2, sort=sort)["results"]] == ["gauges", names[1]]
    recent = door.result("recently_changed_packages_activity_list", activity_types=["new package"])
    assert recent[0]["data"]["package"]["name"] == "gauges"
    assert door.result("recently_changed_packages_activity_list", after=recent[0]["timestamp"]) == []
    assert recent[0] in door.result("organization_activity_list", id="revenue-office")
    assert door.client.get("/api/2/rest/dataset").get_json()
    assert door.result("organization_list", all_fields=True)[0]["package_count"] >= 0
