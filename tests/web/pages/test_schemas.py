"""The published schemas as people and programs get them: pages, JSON and CSV at one address."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from schemas.bundle import load_schema
from schemas.canonical import Json, fingerprint
from schemas.codelist_tables import codelist_rows
from schemas.codelists import codelist_names
from schemas.contract import contract_sha256, part_names
from schemas.profiles import clauses_of, profile_names
from tests.source import ROOT
from tests.web.conftest import Page
from tests.web.test_html import Reading
from web.presentation.schema_fields import blocks_of, schema_fields
from web.presentation.schema_negotiation import preferred
from web.presentation.schema_rules import asks_by_field, rules_of
from web.presentation.schema_versions import versions_of_schema

VERSION = "1.0.0"
HOME = f"/schemas/agreement/{VERSION}/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
PARTS = {folder: part_names(VERSION, folder) for folder in ("profiles", "events", "examples")}
PART_PAGES = [f"{HOME}{folder}/{name}" for folder, names in PARTS.items() for name in names]
LIST_PAGES = [f"/schemas/codelists/{name}" for name in codelist_names()]
VERSION_PAGES = [HOME, "/schemas/agreement/0.1.0/", "/schemas/dataset/0.2.0/", "/schemas/power/1.0.0/"]
PAGES = ["/schemas/", "/schemas/codelists/", *VERSION_PAGES, *PART_PAGES, *LIST_PAGES]


def _json(client: FlaskClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return json.loads(answer.data)


def _minimal(profile: str) -> Json:
    """A record that has what a profile asks for, and little else."""
    record: Json = json.loads((ROOT / f"tests/schemas/agreement/minimal/{profile}.json").read_text(encoding="utf-8"))
    return record


@pytest.fixture(scope="module")
def readings(client: FlaskClient) -> dict[str, Reading]:
    """Every page, read once."""
    found = {page: Reading() for page in PAGES}
    for page, reading in found.items():
        reading.feed(client.get(page).text)
    return found


def _ids(reading: Reading) -> list[str]:
    return [str(attrs["id"]) for _, attrs in reading.tags if "id" in attrs]


class TestPages:
    def test_every_page_is_sound_and_every_anchor_it_points_to_is_there(self, readings: dict[str, Reading]) -> None:
        ids = {page: set(_ids(reading)) for page, reading in readings.items()}
        lost = []
        for page, reading in readings.items():
            assert (reading.faults, reading.open) == ([], []), page
            assert len(_ids(reading)) == len(ids[page]), page
            for attrs in reading.all("a"):
                address, _, anchor = str(attrs["href"]).partition("#")
                if anchor and not address.startswith("http") and anchor not in ids[address or page]:
                    lost.append((page, attrs["href"]))
        assert lost == []

    def test_every_field_of_a_version_has_an_anchor_of_its_path(self, readings: dict[str, Reading]) -> None:
        paths = {field.path for field in schema_fields(load_schema("agreement", VERSION))}
        assert {"parties.flowRole", "flows.datasets.dataItems.name", "retention.sharedData.trigger"} <= paths
        assert paths <= set(_ids(readings[HOME]))

    def test_a_field_says_who_asks_for_it_by_which_clause_and_when(self, page: Page) -> None:
        text = page(HOME)
        frequency = text.partition("How often frequency")[2].partition(" method ")[0]
        assert "Complete record" in frequency
        assert "Data Sharing and Governance Act 2019 s.19(1)(h)" in frequency
        role = text.partition("parties.dataProtectionRole")[2].partition("parties.agreementRole")[0]
        assert "Complete record, at times" in role
        assert "only where personal data is shared" in role
        ends = text.partition(" endsOn ")[2].partition(" endCondition ")[0]
        assert "this or another" in ends

    def test_the_front_page_says_what_is_published_since_when_and_how_to_know_it_again(self, page: Page) -> None:
        text = page("/schemas/")
        published = versions_of_schema("agreement")[0]
        assert published.sha256 in text
        assert "Published on 22 November 2026" in text
        assert published.changes in text
        assert all(f" {name} " in text for name in PARTS["profiles"])

    def test_the_versions_that_are_a_trial_say_so(self, page: Page) -> None:
        assert "A trial that came before version 1.0.0" in page("/schemas/agreement/0.1.0/")
        assert "may still change" in page("/schemas/dataset/0.2.0/")
        assert "A trial that came before version 0.2.0" in page("/schemas/dataset/0.1.0/")

    @pytest.mark.parametrize("profile", PARTS["profiles"])
    def test_a_profile_lists_every_clause_and_how_it_is_known(self, page: Page, profile: str) -> None:
        text = page(f"{HOME}profiles/{profile}")
        for clause in clauses_of(profile, VERSION):
            assert clause.asks in text
            assert clause.clause[1:] in text
        assert "The example record conforms to it." in text
        assert text.count(" Summarised") == 1 + sum(c.source == "summarised" for c in clauses_of(profile, VERSION))

    def test_an_event_says_who_may_from_where_and_where_to(self, page: Page) -> None:
        text = page(f"{HOME}events/suspended")
        assert "Who may Lead party, registrar" in text
        assert "From the state In force" in text
        assert "To the state Suspended" in text
        assert "The state stays as it is." in page(f"{HOME}events/confirmed")
        assert "Makes a new version" in page(f"{HOME}events/amended")

    def test_a_codelist_shows_its_codes_its_own_columns_and_the_fields_that_use_it(self, page: Page) -> None:
        text = page("/schemas/codelists/data-subject-groups")
        assert "flows.datasets.dataSubjects.group" in text
        assert "older-people Older people everybody" in text
        assert "vulnerable" in text

    def test_what_is_not_there_is_answered_with_what_is(self, client: FlaskClient) -> None:
        answer = client.get(f"{HOME}profiles/atlantis")
        assert answer.status_code == 404
        assert "There is no profile “atlantis”" in answer.text
        assert all(f'href="{HOME}profiles/{name}"' in answer.text for name in PARTS["profiles"])
        assert f'href="{HOME}"' in client.get("/schemas/agreement/9.9.9/").text
        assert 'href="/schemas/codelists/method"' in client.get("/schemas/codelists/nothing").text
        assert 'href="/schemas/dataset/0.2.0/"' in client.get("/schemas/nothing/").text

    @pytest.mark.parametrize(
        "address",
        ["/schemas/agreement/%2e%2e/", "/schemas/agreement/%00/", "/schemas/codelists/%2e%2e%2f__init__",
         "/schemas/codelists/<script>", f"{HOME}profiles/%2e%2e", f"{HOME}events/%ED%A0%80.json"],
    )  # fmt: skip
    def test_an_odd_name_is_not_found(self, client: FlaskClient, address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 404
        assert "<script>" not in answer.text


class TestRules:
    def test_every_field_that_a_rule_asks_for_is_a_field_of_the_schema(self) -> None:
        paths = {field.path for field in schema_fields(load_schema("agreement", VERSION))}
        assert set(asks_by_field(VERSION)) <= paths

    @pytest.mark.parametrize("profile", PARTS["profiles"])
    def test_every_rule_asks_for_a_field(self, profile: str) -> None:
        assert [
            rule.clause.clause for rule in rules_of(profile, VERSION) if not rule.exact and not rule.clause.where
        ] == []

    def test_conditions_are_put_in_words(self) -> None:
        def asked(profile: str, clause: str) -> list[tuple[str, str, bool]]:
            rule = next(rule for rule in rules_of(profile, VERSION) if rule.clause.clause == clause)
            return [(wanted.path, wanted.when, wanted.choice) for wanted in rule.exact]

        assert asked("gdpr-26", "GDPR Article 26(2)") == [
            ("jointControllerEssence.text", "only where two or more joint controllers", False)
        ]
        assert asked("gdpr-35", "GDPR Article 35(7)(c)") == [
            ("dpia.summary.risks", "unless “dpia.status” is “not-required” or “screened”", False)
        ]
        assert asked("uk-dea", "Digital Economy Act register, end-date") == [
            ("endsOn", "", True), ("endCondition", "", True)
        ]  # fmt: skip

    def test_the_fields_stand_under_headings_and_none_is_lost(self) -> None:
        for kind, number in (("agreement", VERSION), ("agreement", "0.1.0"), ("power", "1.0.0"), ("dataset", "0.2.0")):
            schema = load_schema(kind, number)
            blocks = blocks_of(schema)
            assert [field.path for block in blocks for field in block.fields if not field.depth] == list(
                schema["properties"]
            )
            assert len({block.anchor for block in blocks}) == len(blocks)


class TestFiles:
    def test_what_is_served_is_what_is_published(self, client: FlaskClient) -> None:
        for path in [f"agreement/{VERSION}/agreement.json", "agreement/0.1.0/agreement.json",
                     "dataset/0.2.0/dataset.json", "power/1.0.0/power.json", "codelists/schema.json",
                     *(f"agreement/{VERSION}/{kind}/{name}.json" for kind, names in PARTS.items() for name in names),
                     *(f"codelists/{name}.csv" for name in codelist_names())]:  # fmt: skip
            assert client.get(f"/schemas/{path}").data == (ROOT / "schemas" / path).read_bytes(), path

    def test_a_bundle_without_its_lists_has_the_published_hash(self, client: FlaskClient) -> None:
        bundle = _json(client, f"{HOME}bundle.json")
        assert bundle.pop("codelists")
        assert fingerprint(bundle) == contract_sha256(VERSION) == versions_of_schema("agreement")[0].sha256

    def test_what_is_served_is_enough_to_check_records_with_any_validator(self, client: FlaskClient) -> None:
        directory = _json(client, "/schemas/index.json")
        addresses = next(entry["addresses"] for entry in directory["agreement"] if entry["version"] == VERSION)
        fetched = {urn: _json(client, address) for urn, address in addresses.items()}
        assert {urn: schema["$id"] for urn, schema in fetched.items()} == {urn: urn for urn in fetched}
        registry: Registry[bool | Mapping[str, Any]] = Registry().with_resources(
            (urn, Resource.from_contents(schema)) for urn, schema in fetched.items()
        )
        core = f"urn:data-gazette:agreement:{VERSION}"
        example = _json(client, f"{HOME}examples/complete.json")
        for profile in PARTS["profiles"]:
            both = {"allOf": [{"$ref": core}, {"$ref": f"{core}:profile:{profile}"}]}
            validator = Draft202012Validator(both, registry=registry)
            assert list(validator.iter_errors(example)) == []
            assert list(validator.iter_errors(_minimal(profile))) == []
            assert not validator.is_valid({"id": "dg-1", "schemaVersion": VERSION})
        confirmed = Draft202012Validator({"$ref": f"{core}:event:confirmed"}, registry=registry)
        assert confirmed.is_valid({"version": 1, "party": "riverton-council"})
        assert not confirmed.is_valid({"version": 0, "party": "riverton-council"})

    def test_the_program_on_the_page_checks_a_record(self, client: FlaskClient, tmp_path: Path) -> None:
        """As a reader would: the text of the page, the file beside it, and nothing of ours."""
        text = re.search(r'<code id="section-program">(.*?)</code>', client.get(HOME).text, re.DOTALL)
        assert text
        assert "&" not in text[1], "it stands on the page as it is"
        (tmp_path / "program.py").write_text(text[1], encoding="utf-8")
        (tmp_path / "bundle.json").write_bytes(client.get(f"{HOME}bundle.json").data)
        example = _json(client, f"{HOME}examples/complete.json")
        broken = {**example, "agreementType": "pact", "extra": 1}
        broken["parties"] = [{**example["parties"][0], "flowRole": ["sender"]}, *example["parties"][1:]]
        said = []
        for record in (example, broken):
            (tmp_path / "record.json").write_text(json.dumps(record), encoding="utf-8")
            done = subprocess.run(
                [sys.executable, "-I", "program.py"], cwd=tmp_path, capture_output=True, text=True, check=True
            )
            said.append(done.stdout)
        assert said[0] == ""
        assert "$.agreementType 'pact' is not a code of agreement-type" in said[1]
        assert "$.parties[0].flowRole[0] 'sender' is not a code of flow-role" in said[1]
        assert "'extra' was unexpected" in said[1]

    @pytest.mark.parametrize("name", codelist_names())
    def test_a_codelist_reads_back_from_csv_and_from_json(self, client: FlaskClient, name: str) -> None:
        answer = client.get(f"/schemas/codelists/{name}.csv")
        assert answer.mimetype == "text/csv"
        rows = [
            {column: text for column, text in row.items() if text}
            for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8")), strict=True)
        ]
        assert rows == codelist_rows(name) == _json(client, f"/schemas/codelists/{name}.json")
        Draft202012Validator(_json(client, "/schemas/codelists/schema.json")).validate(rows)

    def test_the_directory_leads_to_all_there_is(self, client: FlaskClient) -> None:
        directory = _json(client, "/schemas/index.json")
        assert [entry["version"] for entry in directory["agreement"]] == [VERSION, "0.1.0"]
        assert set(directory["codelists"]) == set(codelist_names())
        addresses = [address for files in directory["codelists"].values() for address in files.values()]
        for entry in [*directory["agreement"], *directory["power"], *directory["dataset"]]:
            addresses += entry["addresses"].values()
            addresses += [entry["bundle"], *entry["examples"].values()] if "bundle" in entry else []
        assert {address: code for address in addresses if (code := client.get(address).status_code) != 200} == {}


class TestNegotiation:
    @pytest.mark.parametrize(
        ("accept", "wanted"),
        [
            ("", "text/html"),
            ("*/*", "text/html"),
            (BROWSER, "text/html"),
            ("image/png", "text/html"),
            ("nonsense", "text/html"),
            ("application/schema+json", "application/schema+json"),
            ("application/json", "application/json"),
            ("APPLICATION/JSON; charset=utf-8", "application/json"),
            ("application/*", "application/schema+json"),
            ("text/html;q=0.5, application/json;q=0.6", "application/json"),
            ("text/html;q=0.6, application/json;q=0.5", "text/html"),
            ("text/html;q=0, */*", "application/schema+json"),
            ("*/*;q=0.1, application/json", "application/json"),
            ("application/json;q=0", "text/html"),
            ("application/schema+json;q=0, application/*", "application/json"),
            ("application/json;q=0.9, application/schema+json", "application/schema+json"),
        ],
    )
    def test_the_most_specific_range_decides(self, client: FlaskClient, accept: str, wanted: str) -> None:
        assert preferred(accept, ["text/html", "application/schema+json", "application/json"]) == wanted
        answer = client.get(HOME, headers={"Accept": accept})
        assert answer.mimetype == wanted
        assert "Accept" in answer.vary
        if wanted != "text/html":
            assert answer.headers["Content-Location"] == f"{HOME}agreement.json"
            assert json.loads(answer.data) == load_schema("agreement", VERSION)

    @pytest.mark.parametrize(
        "page", ["/schemas/", *(page for page in PAGES if page not in {"/schemas/", "/schemas/codelists/"})]
    )
    def test_every_page_has_its_form_for_programs(self, client: FlaskClient, page: str) -> None:
        answer = client.get(page, headers={"Accept": "application/json"})
        assert answer.mimetype == "application/json"
        assert json.loads(answer.data) == _json(client, answer.headers["Content-Location"])
        assert answer.headers["Cache-Control"] == "no-cache"

    def test_a_codelist_is_had_as_csv_at_its_page(self, client: FlaskClient) -> None:
        answer = client.get("/schemas/codelists/method", headers={"Accept": "text/csv"})
        assert answer.mimetype == "text/csv"
        assert answer.data == client.get("/schemas/codelists/method.csv").data

    def test_a_program_gets_a_problem_and_a_browser_a_page(self, client: FlaskClient) -> None:
        for address, accept in ((f"{HOME}profiles/x", "application/json"), (f"{HOME}profiles/x.json", "*/*")):
            answer = client.get(address, headers={"Accept": accept})
            assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
            assert "ie-dsga" in json.loads(answer.data)["detail"]
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert client.get(f"{HOME}profiles/x.json", headers={"Accept": BROWSER}).mimetype == "text/html"


class TestCopies:
    @pytest.mark.parametrize(
        ("address", "fixed"),
        [
            (f"{HOME}agreement.json", True),
            (f"{HOME}profiles/ie-dsga.json", True),
            (f"{HOME}events/reviewed.json", True),
            (f"{HOME}examples/complete.json", True),
            (f"{HOME}bundle.json", False),
            ("/schemas/agreement/0.1.0/agreement.json", False),
            ("/schemas/dataset/0.2.0/dataset.json", False),
            ("/schemas/codelists/method.csv", False),
            ("/schemas/codelists/method.json", False),
            ("/schemas/index.json", False),
        ],
    )
    def test_only_what_never_changes_is_kept_unasked(self, client: FlaskClient, address: str, fixed: bool) -> None:
        answer = client.get(address)
        wanted = "public, max-age=31536000, immutable" if fixed else "no-cache"
        assert answer.headers["Cache-Control"] == wanted
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Access-Control-Allow-Origin"] == "*"
        assert client.head(address).headers["ETag"] == answer.headers["ETag"]

    def test_a_page_is_of_this_site_alone(self, client: FlaskClient) -> None:
        assert "Access-Control-Allow-Origin" not in client.get(HOME).headers

    def test_a_program_of_another_site_may_ask_about_its_copy(self, client: FlaskClient) -> None:
        answer = client.options(f"{HOME}agreement.json", headers={"Access-Control-Request-Headers": "if-none-match"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]

    def test_page_and_schema_at_one_address_are_told_apart(self, client: FlaskClient) -> None:
        page = client.get(HOME)
        schema = client.get(HOME, headers={"Accept": "application/schema+json"})
        assert page.headers["ETag"] != schema.headers["ETag"]
        wrong = client.get(HOME, headers={"If-None-Match": schema.headers["ETag"]})
        assert wrong.status_code == 200


def test_profiles_are_listed_with_the_complete_record_first(client: FlaskClient) -> None:
    text = client.get(HOME).text
    places = [text.index(f'href="{HOME}profiles/{name}"><code') for name in profile_names(VERSION)]
    assert places == sorted(places)
