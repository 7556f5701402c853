"""Every catalogue of the trial data and every sample on one site: what clients get of it, and what validators say."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests
from click.testing import CliRunner

from catalogue.datasets.importing import Feed
from catalogue.datasets.record import check_dataset
from catalogue.formats.ckan_feed import read_package
from catalogue.formats.uk_model_rules import DATA_SHARE_AGREEMENT
from catalogue.samples import sample_datasets
from cli import main
from schemas.errors import InvalidInput
from schemas.outcomes import Action
from schemas.problems import errors_in
from schemas.reading import Read
from tests.catalogue.formats.shapes import objections
from tests.catalogue.formats.standards import Standards, messages
from tests.catalogue.formats.test_schema_org import faults
from tests.catalogue.formats.test_uk_model_rules import official
from tests.real_catalogues import NOT_READ, READERS, WITHDRAWN, RealSite, all_files, catalogue_files, served_catalogues
from tests.services.commands import Invoke
from tests.services.validators import asked
from tests.web.ckan.served_graph import catalogued, ill_typed, representative, statements_of
from tests.web.ckan.udata import refused_by_udata

pytestmark = pytest.mark.heavy

REFUSED = {
    "integration_full_sample_data.json": 4,
    "missing_dataset_title.json": 1,
    "missing-catalog.data.json": 1,
    "missing-dataset-fields.data.json": 1,
    "missing-identifier-title.data.json": 2,
    "dcatus_no_identifier.json": 1,
    "missing_title.json": 1,
    "dcatus3_0_no_identifier.json": 1,
    "dcatus3_0_service_no_identifier.json": 1,
}
"""How many records of which file are refused: they lack what no catalogue can do without, or contradict one another."""

AGENCIES = {"consumerfinance": 11, "fcc": 59, "fda": 86, "opm": 134}
"""How many datasets each agency’s feed has in its last edition, and in every one before."""

HELD = {Action.ADDED, Action.CHANGED, Action.UNCHANGED, Action.REPEATED}
"""What became of a record that the site has."""


@pytest.fixture(scope="module")
def real(trial_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSite]:
    with served_catalogues(trial_data, tmp_path_factory.mktemp("real")) as site:
        yield site


def get(real: RealSite, action: str, **asked: Any) -> Any:
    answer = requests.get(f"{real.address}/api/3/action/{action}", params=asked, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def ckanapi(real: RealSite, *arguments: str, cwd: Path) -> list[Any]:
    """What ckanapi's own command prints, a record a line."""
    programs = Path(sys.executable).parent
    environ = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}  # its workers are started by name
    command: list[str | Path] = [programs / "ckanapi", "-r", real.address, *arguments]
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def run(script: str, real: RealSite, cwd: Path) -> Any:
    """What a program prints as JSON that uses a client in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-c", script, real.address]
    done = subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_file_is_read_or_it_is_known_why_not(trial_data: Path) -> None:
    files = all_files(trial_data)
    not_read = [name for names in NOT_READ.values() for name in names]
    assert sorted([*not_read, *(file.name for file in catalogue_files(trial_data))]) == sorted(files)
    taken = {
        (name, kind)
        for name in not_read
        for kind, read in READERS.items()
        if any(not is_refused(one) for one in reads_of(read, files[name]))
    }
    # Whoever says that a list of things with numbers and titles is one of packages is believed.
    assert taken == {(name, "ckan") for name in NOT_READ["a list of organisations or of files, without a dataset"]}


def reads_of(read: Callable[[bytes, str, str], Feed], path: Path) -> Sequence[Read]:
    try:
        return read(path.read_bytes(), path.name, "x").reads
    except InvalidInput:
        return ()


def is_refused(read: Read) -> bool:
    return not read.identifier or bool(errors_in([*read.problems, *check_dataset(read.document or {})]))


def test_every_record_is_accounted_for(real: RealSite) -> None:
    read = sum(len(outcomes) for name, outcomes in real.outcomes.items() if name != "samples")
    assert read > 1_300
    refused = {
        name: sum(outcome.action is Action.REFUSED for outcome in outcomes) for name, outcomes in real.outcomes.items()
    }
    assert {name.rpartition("/")[2]: number for name, number in refused.items() if number} == REFUSED
    assert all(outcome.problems for outcomes in real.outcomes.values() for outcome in outcomes
               if outcome.action is Action.REFUSED)  # fmt: skip
    history = [outcomes for name, outcomes in real.outcomes.items() if "/history/fcc/" in name]
    changes = sum(outcome.action is Action.CHANGED for outcomes in history for outcome in outcomes)
    assert (len(history), changes) == (14, 6)  # the other six only put keywords into another order
    addresses = {outcome.address for outcomes in real.outcomes.values() for outcome in outcomes
                 if outcome.action in HELD and outcome.address.startswith("/datasets/")}  # fmt: skip
    held = real.resources()
    assert len(held) == len(addresses) - 1 > 550  # one was withdrawn
    assert {resource.address for resource in held} < addresses
    sources = Counter(resource.source for resource in held)
    assert {name: sources[name] for name in AGENCIES} == AGENCIES
    added = {name for name, outcomes in real.outcomes.items() if any(one.action is Action.ADDED for one in outcomes)}
    assert {name for name in added if "-agencies-" not in name} - {WITHDRAWN} <= sources.keys()
    assert get(real, "package_search", rows=0)["count"] == len(held)


def test_ckanapi_s_command_dumps_and_finds_every_dataset_once(real: RealSite, tmp_path: Path) -> None:
    held = {str(UUID(resource.id)): resource for resource in real.resources()}
    dumped = ckanapi(real, "dump", "datasets", "--all", cwd=tmp_path)
    found = ckanapi(real, "search", "datasets", cwd=tmp_path)
    for packages in (dumped, found):
        assert Counter(package["id"] for package in packages) == Counter(list(held))
        assert len({package["name"] for package in packages}) == len(held)
        assert {(package["private"], package["state"]) for package in packages} == {(False, "active")}
    for package in dumped:
        document = held[package["id"]].document
        again = read_package(package, "dump")
        assert not is_refused(again), package["name"]
        assert (again.document or {})["title"] == document["title"]
        assert package["num_resources"] == len(package["resources"]) == len(document.get("distribution", ()))
    bodies = ckanapi(real, "dump", "organizations", "--all", cwd=tmp_path)
    assert [body["name"] for body in bodies] == get(real, "organization_list")
    assert sum(body["package_count"] for body in bodies) == sum(bool(package["organization"]) for package in dumped)


FRICTIONLESS = """
import json, sys
from frictionless import Catalog, Package, portals
address = sys.argv[1]
read = {}
for start in (0, 300):
    control = portals.CkanControl(baseurl=address, num_packages=300, results_offset=start)
    read.update({one.name: len(one.package.resources) for one in Catalog(control=control).datasets})
alone = {name: len(Package(control=portals.CkanControl(baseurl=address, dataset=name)).resources)
         for name in sorted(read)[::12]}
print(json.dumps([read, alone]))
"""


def test_frictionless_reads_every_package(real: RealSite, tmp_path: Path) -> None:
    resources = {one.slug: len(one.document.get("distribution", ())) for one in real.resources()}
    read, alone = run(FRICTIONLESS, real, tmp_path)
    assert read == resources
    assert len(alone) > 40
    assert alone.items() <= resources.items()


HDX = """
import json, sys
from hdx.api.configuration import Configuration
from hdx.data.dataset import Dataset
from hdx.data.organization import Organization
Configuration.create(hdx_url=sys.argv[1], hdx_read_only=True, user_agent="test", hdx_config_dict={})
datasets = Dataset.get_all_datasets(page_size=200)
for one in datasets:
    one.get_tags(), one.get_filetypes(), one.get_location_names(), one.get_expected_update_frequency()
names = [Dataset.get_all_dataset_names(), Organization.get_all_organization_names()]
alone = Dataset.read_from_hdx(names[0][0])
print(json.dumps([{one["name"]: len(one.get_resources()) for one in datasets}, *names, alone["name"]]))
"""


def test_the_humanitarian_client_reads_every_dataset(real: RealSite, tmp_path: Path) -> None:
    resources = {one.slug: len(one.document.get("distribution", ())) for one in real.resources()}
    read, names, bodies, alone = run(HDX, real, tmp_path)
    assert read == resources
    assert (sorted(names), bodies) == (sorted(resources), get(real, "organization_list"))
    assert alone == names[0]


def test_harvesters_page_through_everything(real: RealSite) -> None:
    held = Counter(str(UUID(resource.id)) for resource in real.resources())
    magda = {"rows": 1000, "sort": "id asc", "fq": '-organization:"nobody" -harvest_source_title:"none"'}
    window = {"rows": 100, "q": "metadata_modified:[2000-01-01T00:00:00Z%20TO%20*]"}
    ckanr = {"rows": 250, "facet": "false", "include_drafts": "false", "use_default_schema": "false"}
    walks: dict[str, tuple[str, dict[str, Any]]] = {
        "ckanext-harvest": ("package_search", {"rows": 100, "sort": "id asc"}),
        "Magda": ("package_search", magda),
        "data.europa.eu": ("package_search", window),
        "data.europa.eu, DKAN": ("current_package_list_with_resources", {"limit": 100}),
        "ckanr": ("package_search", ckanr),
    }
    for name, (action, asked_for) in walks.items():
        assert Counter(package["id"] for package in walked(real, action, asked_for)) == held, name


def walked(real: RealSite, action: str, asked_for: dict[str, Any]) -> Iterator[Any]:
    """Every package, page by page until one is empty; two equal pages are taken for a paging that does not work."""
    offset, bodies = 0, set()
    start = "offset" if "limit" in asked_for else "start"
    while True:
        answer = requests.get(f"{real.address}/api/3/action/{action}", params={**asked_for, start: offset}, timeout=60)
        assert answer.headers["content-type"].startswith("application/json")
        assert answer.text not in bodies
        bodies.add(answer.text)
        result = answer.json()["result"]
        page = result if isinstance(result, list) else result["results"]
        if not page:
            return
        yield from page
        offset += len(page)


def test_the_french_portal_s_strict_schema_takes_every_package(real: RealSite) -> None:
    """Its list, and each package as its schema wants it; an address that no source states it refuses rightly."""
    names = get(real, "package_list")
    assert sorted(names) == [resource.slug for resource in real.resources()]
    found = {package["name"]: refused_by_udata(package) for package in walked(real, "package_search", {"rows": 500})}
    stated = {
        one.slug: {
            *(["type"] if one.kind == "dataset-series" else []),
            *("url" for form in one.document.get("distribution", ()) if not form.keys() & {"accessURL", "downloadURL"}),
        }
        for one in real.resources()
    }
    assert found == stated


def test_what_was_withdrawn_is_given_to_nobody(real: RealSite) -> None:
    assert real.withdrawn not in {package["id"] for package in walked(real, "package_search", {"rows": 1000})}
    answer = requests.get(f"{real.address}/api/3/action/package_show", params={"id": real.withdrawn}, timeout=30)
    assert (answer.status_code, answer.json()["error"]["__type"]) == (404, "Not Found Error")


@dataclass(frozen=True, slots=True)
class Export:
    """The whole catalogue as a command writes it, and what the loss report says of each dataset."""

    content: bytes
    lines: list[Any]
    totals: Any

    def slugs(self) -> set[str]:
        """The datasets that are in it."""
        return {line["slug"] for line in self.lines if line["outcome"] != "left out"}


def exported(real: RealSite, form: str, folder: Path) -> Export:
    """An export, whose report accounts for every dataset of the site and says why one is left out."""
    invoke = Invoke(main, real.context.settings.data, CliRunner())
    environ = {"GAZETTE_PUBLIC_URL": real.address}
    output, report = folder / "export", folder / "report.jsonl"
    done = invoke("catalogue", "export", "--format", form, "--output", output, "--report", report, environ=environ)
    assert done.code == 0, done.stderr
    *lines, totals = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert sorted(line["slug"] for line in lines) == [resource.slug for resource in real.resources()]
    assert all(line["losses"] for line in lines if line["outcome"] != "exported")
    told = totals["totals"]
    assert told["datasets"] == told["exported"] + told["exportedWithLosses"] + told["leftOut"] == len(lines)
    return Export(output.read_bytes(), lines, told)


def file_of(real: RealSite, path: str) -> Any:
    answer = requests.get(f"{real.address}/{path}", timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def standards(trial_data: Path) -> Standards:
    return Standards(trial_data / "standards")


def test_dcat_ap_conforms_page_by_page_and_leaves_out_what_is_told(
    real: RealSite, trial_data: Path, tmp_path: Path
) -> None:
    export = exported(real, "turtle", tmp_path)
    seen: set[Any] = set()
    listed: list[str] = []
    pages = 0
    address = f"{real.address}/catalog.ttl"
    while address:
        answer = requests.get(address, timeout=60)
        statements = statements_of(answer.content)
        assert ill_typed(statements) == []
        listed += [node.value for node in catalogued(statements)]
        assert objections(trial_data, representative(statements, seen)) == ""
        address, pages = answer.links.get("next", {}).get("url", ""), pages + 1
    assert pages == -(-len(export.lines) // 100)
    assert Counter(listed) == Counter(f"{real.address}/datasets/{slug}" for slug in export.slugs())


def test_data_json_is_valid_and_leaves_out_what_is_told(real: RealSite, standards: Standards, tmp_path: Path) -> None:
    export, served = exported(real, "data-json", tmp_path), file_of(real, "data.json")
    assert served["dataset"] == json.loads(export.content)["dataset"]
    assert len(served["dataset"]) == len(export.slugs()) > 330
    samples = {
        resource.slug for resource in real.resources() if resource.document["provenance"]["source"] == "transcribed"
    }
    assert len(samples & export.slugs()) == len([sample for sample in sample_datasets() if sample.contact]) > 15
    assert served["exportCounts"]["datasetsLeftOut"] == export.totals["leftOut"]
    assert messages(standards.catalog, served) == []
    assert {told for node in served["dataset"] for told in standards.wrong_with_data_json(node)} == set()


def test_dcat_us_3_is_valid_and_leaves_out_what_is_told(real: RealSite, standards: Standards, tmp_path: Path) -> None:
    export, served = exported(real, "dcat-us-3", tmp_path), file_of(real, "dcat-us-3.json")
    nodes = [*served["dataset"], *served.get("service", ())]
    assert len(nodes) == len(export.slugs()) > 350
    kinds = {"Dataset": ["dataset"], "DatasetSeries": ["dataset", "datasetseries"], "DataService": ["dataservice"]}
    told = {text for node in nodes for kind in kinds[node["@type"]] for text in messages(standards.us3[kind], node)}
    assert told == set()
    assert messages(standards.us3["catalog"], {**served, "dataset": nodes[:1], "service": []}) == []


def test_the_uk_model_is_valid_and_leaves_out_what_is_told(real: RealSite, trial_data: Path, tmp_path: Path) -> None:
    export, served = exported(real, "uk-model", tmp_path), file_of(real, "uk-model.json")
    records = served["records"]
    datasets = [record for record in records if record["type"] != "dcat:Distribution"]
    assert len(datasets) == len(export.slugs())
    assert export.slugs() >= {"code-point-open", "os-postcodes-data"}
    asked_of = [(record["type"].removeprefix("dcat:"), record) for record in records]
    assert official(trial_data, asked_of) == [[]] * len(records)
    (shared,) = [record for record in datasets if record["licence"] == DATA_SHARE_AGREEMENT]
    (agreement,) = shared["relatedResource"]
    page = requests.get(agreement, timeout=30)
    assert page.status_code == 200
    assert f"/datasets/{shared['identifier'].rpartition('/')[2]}" in page.text


def test_every_page_tells_search_engines_what_it_is(real: RealSite) -> None:
    slugs = [resource.slug for resource in real.resources()]
    with ThreadPoolExecutor(4) as readers:
        pages = dict(zip(slugs, readers.map(lambda slug: page_of(real, slug), slugs), strict=True))
    told = {slug: json.loads(LINKED_DATA.findall(page)[0]) for slug, page in pages.items()}
    assert {slug: wrong for slug, node in told.items() if (wrong := faults(node))} == {}
    assert {node["@id"] for node in told.values()} == {f"{real.address}/datasets/{slug}" for slug in slugs}
    tables = [slug for slug, page in pages.items() if f"/datasets/{slug}/croissant.json" in page]
    documents = {document["name"]: document for document in (file_of(real, f"datasets/{slug}/croissant.json")
                                                             for slug in tables)}  # fmt: skip
    assert "base-de-datos-legislativos-infoleg" in tables  # a sample
    assert len(tables) > 40
    assert asked("croissant.py", {"documents": list(documents.values())})["errors"] == [[]] * len(documents)


LINKED_DATA = re.compile(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', re.DOTALL)


def page_of(real: RealSite, slug: str) -> str:
    answer = requests.get(f"{real.address}/datasets/{slug}", headers={"Accept": "text/html"}, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.text
