"""Every address there is: fetched, public and only read unless it signs people in, and with all headers."""

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.web.conftest import Site
from web.headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS

TABS = "about, activity, bulk_process, changes, followers, groups, history, members"
"""The pages that CKAN has of an organisation or group."""

EXAMPLES = {
    "/": 200,
    "/search": 200,
    "/suggest": ("/suggest?q=riv", 200),
    "/search.csv": 200,
    "/search.json": 200,
    "/search.atom": 200,
    "/search/facets/<name>": ("/search/facets/organisation", 200),
    "/feeds/changes.atom": 200,
    "/feeds/<any(datasets, agreements):name>.atom": ("/feeds/agreements.atom", 200),
    "/datasets": 200,
    "/datasets/<slug>": ("/datasets/roads-of-riverton", 200),
    "/datasets/<slug>/history": ("/datasets/roads-of-riverton/history", 200),
    "/datasets/<slug>/revisions/<number>": ("/datasets/roads-of-riverton/revisions/1", 200),
    "/agreements": 200,
    "/agreements/<number>": ("/agreements/dg-1", 200),
    "/agreements/<number>/compare/<before>/<after>": ("/agreements/dg-3/compare/1/2", 200),
    "/agreements/<number>/proposals/<event>": ("/agreements/dg-8/proposals/19", 200),
    "/agreements/<number>/history": ("/agreements/dg-3/history", 200),
    "/agreements/<number>/versions/<version>": ("/agreements/dg-3/versions/1", 200),
    "/organisations": 200,
    "/organisations/<slug>": ("/organisations/revenue-office", 200),
    "/powers": 200,
    "/powers/<name>": ("/powers/digital-economy-act-2017-s56", 200),
    "/schemas/": 200,
    "/schemas/index.json": 200,
    "/schemas/<kind>/": ("/schemas/agreement/", 302),
    "/schemas/<kind>/<number>/": ("/schemas/agreement/1.0.0/", 200),
    "/schemas/<kind>/<number>/<name>.json": ("/schemas/agreement/1.0.0/agreement.json", 200),
    "/schemas/<kind>/<number>/<any(profiles, events, examples):folder>/": ("/schemas/agreement/1.0.0/events/", 302),
    "/schemas/<kind>/<number>/profiles/<name>": ("/schemas/agreement/1.0.0/profiles/complete", 200),
    "/schemas/<kind>/<number>/profiles/<name>.json": ("/schemas/agreement/1.0.0/profiles/complete.json", 200),
    "/schemas/<kind>/<number>/events/<name>": ("/schemas/agreement/1.0.0/events/reviewed", 200),
    "/schemas/<kind>/<number>/events/<name>.json": ("/schemas/agreement/1.0.0/events/reviewed.json", 200),
    "/schemas/<kind>/<number>/examples/<name>": ("/schemas/agreement/1.0.0/examples/complete", 200),
    "/schemas/<kind>/<number>/examples/<name>.json": ("/schemas/agreement/1.0.0/examples/complete.json", 200),
    "/schemas/codelists/": 200,
    "/schemas/codelists/<name>": ("/schemas/codelists/data-subject-groups", 200),
    "/schemas/codelists/<name>.csv": ("/schemas/codelists/method.csv", 200),
    "/schemas/codelists/<name>.json": ("/schemas/codelists/method.json", 200),
    "/schemas/codelists/schema.json": 200,
    "/register/bundle.zip": 404,
    "/register/log": 200,
    "/register/log/checkpoint": 404,
    "/register/log/key": 200,
    "/register/log/tile/<path:path>": ("/register/log/tile/0/000", 404),
    "/register/log/bodies/<sha256>": ("/register/log/bodies/0", 404),
    "/register/log/timestamps.json": 404,
    "/register/log/timestamps/<name>": ("/register/log/timestamps/2-1.tsr", 404),
    "/register/log/codelists.json": 200,
    "/register/log/<any(codelists, schemas):folder>/<path:name>": ("/register/log/codelists/method.csv", 200),
    "/agreements/<number>/versions/<version>.tlog-proof": ("/agreements/dg-1/versions/1.tlog-proof", 404),
    "/developers": 200,
    "/healthz": 200,
    "/readyz": 200,
    "/robots.txt": 200,
    "/llms.txt": 200,
    "/sitemap.xml": 200,
    "/sitemap-<any(pages, datasets, agreements, organisations, powers):kind>-<int(max=999999):number>.xml": (
        "/sitemap-datasets-1.xml",
        200,
    ),
    "/dump/": 200,
    "/dump/index.json": 200,
    "/dump/<name>": ("/dump/datasets.csv", 200),
    "/catalog": 302,
    "/catalog.<any(ttl, jsonld, rdf):suffix>": ("/catalog.ttl", 200),
    "/<any('data.json', 'dcat-us-3.json', 'uk-model.json'):name>": ("/data.json", 200),
    "/datasets/<slug>.<any(ttl, jsonld, rdf):suffix>": ("/datasets/roads-of-riverton.ttl", 200),
    "/datasets/<slug>/<any('uk-model.json', 'dcat-us-3.json', 'data.json'):name>": (
        "/datasets/roads-of-riverton/data.json",
        404,
    ),
    "/static/<path:name>": ("/static/gazette.css", 200),
    "/sign-in": 200,
    "/sign-in/<secret>": ("/sign-in/nothing", 410),
    "/sign-out": 405,
    "/account": 403,
    "/account/tokens/<token_id>/revoke": ("/account/tokens/1/revoke", 405),
    "/device": 403,
    "/device/answer": 405,
    "/.well-known/oauth-authorization-server": 200,
    "/oauth/device_authorization": 405,
    "/oauth/token": 405,
    "/oauth/revoke": 405,
    "/api": 200,
    "/api/<int(min=1, max=3):number>": ("/api/3", 200),
    "/api/action/<path:name>": ("/api/action/site_read", 200),
    "/api/3/action/<path:name>": ("/api/3/action/package_search", 200),
    "/api/action": 400,
    "/api/3/action": 400,
    "/api/util/<path:what>": ("/api/util/status", 200),
    "/api/<int(min=1, max=3):number>/util/<path:what>": ("/api/2/util/dataset/autocomplete?incomplete=ro", 200),
    "/api/search/<any(dataset, package):_name>": ("/api/search/dataset", 200),
    "/api/<int(min=1, max=3):number>/search/<any(dataset, package):_name>": ("/api/3/search/dataset", 200),
    "/api/search/resource": ("/api/search/resource?format=csv", 200),
    "/api/<int(min=1, max=3):number>/search/resource": ("/api/3/search/resource?format=csv", 200),
    "/api/i18n/<language>": ("/api/i18n/en_GB", 200),
    "/api/<int(min=1, max=3):number>/i18n/<language>": ("/api/3/i18n/en", 200),
    "/api/tag_counts": 200,
    "/api/<int(min=1, max=3):version>/tag_counts": ("/api/2/tag_counts", 200),
    "/api/rest/<register>": ("/api/rest/dataset", 200),
    "/api/rest/<register>/<path:name>": ("/api/rest/dataset/roads-of-riverton", 200),
    "/api/<int(min=1, max=3):version>/rest/<register>": ("/api/2/rest/package", 200),
    "/api/<int(min=1, max=3):version>/rest/<register>/<path:name>": ("/api/1/rest/group/economy", 200),
    "/package": 301,
    "/package/<path:name>": ("/package/roads-of-riverton", 301),
    "/<language>/<any(dataset, organization, group, tag):kind>": ("/en/dataset", 301),
    "/<language>/<any(dataset, organization, group, tag):kind>/<path:rest>": ("/en/group/economy", 301),
    "/dataset": 301,
    "/dataset/<path:name>": ("/dataset/roads-of-riverton", 301),
    "/organization": 301,
    "/organization/<name>": ("/organization/revenue-office", 301),
    "/group/<name>": ("/group/economy", 301),
    "/catalog.<any(xml, n3):suffix>": ("/catalog.xml", 301),
    "/group": 301,
    "/tag": 301,
    "/tag/<name>": ("/tag/tax", 301),
    f"/group/<any({TABS}):_tab>/<name>": (
        "/group/about/economy",
        301,
    ),
    f"/organization/<any({TABS}):_tab>/<name>": (
        "/organization/about/revenue-office",
        301,
    ),
    "/feeds/dataset.atom": 301,
    "/feeds/custom.atom": 301,
    "/feeds/<any(organization, group, tag):kind>/<name>.atom": ("/feeds/organization/revenue-office.atom", 301),
    "/api/v1/": 200,
    "/api/v1/openapi.json": 200,
    "/api/v1/synonyms": 200,
    "/api/v1/synonyms/<synonym>": ("/api/v1/synonyms/bin~waste-container", 404),
    "/api/v1/search": 200,
    "/api/v1/agreements": 200,
    "/api/v1/agreements/<name>": ("/api/v1/agreements/dg-1", 200),
    "/api/v1/agreements/<name>/history": ("/api/v1/agreements/dg-1/history", 200),
    "/api/v1/agreements/<name>/flags": ("/api/v1/agreements/dg-1/flags", 200),
    "/api/v1/agreements/<name>/events": ("/api/v1/agreements/dg-1/events", 405),
    "/api/v1/flags": 200,
    "/api/v1/due": 200,
    "/api/v1/check": 405,
    "/api/v1/proposals": 405,
    "/api/v1/drafts": 401,
    "/api/v1/drafts/<draft>": ("/api/v1/drafts/draft-0", 401),
    "/api/v1/drafts/<draft>/events": ("/api/v1/drafts/draft-0/events", 405),
    "/api/v1/whoami": 401,
    "/api/v1/datasets": 200,
    "/api/v1/datasets/<name>": ("/api/v1/datasets/roads-of-riverton", 200),
    "/api/v1/datasets/<name>/revisions": ("/api/v1/datasets/sealed-records/revisions", 200),
    "/api/v1/datasets/<name>/revisions/<number>": ("/api/v1/datasets/sealed-records/revisions/2", 200),
    "/api/v1/organisations": 200,
    "/api/v1/organisations/<name>": ("/api/v1/organisations/revenue-office", 200),
    "/api/v1/powers": 200,
    "/api/v1/powers/<name>": ("/api/v1/powers/list:7", 200),
    "/api/v1/changes": 200,
    "/datasets/<slug>/croissant.json": ("/datasets/roads-of-riverton/croissant.json", 200),
    "/datasets/<slug>.json": ("/datasets/roads-of-riverton.json", 200),
    "/agreements/<number>.<any(ttl, jsonld, rdf):suffix>": ("/agreements/dg-1.ttl", 200),
    "/agreements/<number>.json": ("/agreements/dg-1.json", 200),
    "/api/v1/lookup": ("/api/v1/lookup?kind=organisation&q=revenue", 200),
}
"""Every rule of the site with an address to try: a new rule needs an entry, and so a thought on who may read it."""

ALSO = {
    "/datasets/sealed-records": 410,
    "/api/v1/datasets/sealed-records": 410,
    "/datasets/sealed-records.json": 410,
    "/datasets/sealed-records/croissant.json": 410,
    "/datasets/sealed-records.jsonld": 410,
    "/datasets/nothing.rdf": 404,
    "/dump/nothing.gz": 404,
    "/dump/agreements.jsonl.gz.sha256": 200,
    "/catalog.rdf?page=2": 404,
    "/catalog.ttl?modified_since=yesterday": 400,
    "/sitemap-powers-2.xml": 404,
    "/datasets/tax-returns/croissant.json": 404,
    "/search/facets/colour": 404,
    "/feeds/powers.atom": 404,
    "/datasets/nothing": 404,
    "/datasets/roads-of-riverton/revisions/9": 404,
    "/agreements/dg-99": 404,
    "/agreements/dg-3/versions/5": 404,
    "/agreements/dg-5": 200,
    "/agreements/dg-6": 200,
    "/agreements/dg-7": 200,
    "/agreements/dg-8": 200,
    "/agreements/dg-8/history": 200,
    "/agreements/dg-8/proposals/18": 404,
    "/agreements/dg-8/versions/1": 200,
    "/agreements/dg-9": 200,
    "/agreements/dg-10": 200,
    "/agreements/dg-10/history": 200,
    "/agreements/dg-11": 200,
    "/agreements/dg-12": 200,
    "/organisations/upstream-council": 200,
    "/agreements/dg-3/compare/2/1": 200,
    "/agreements/dg-3/compare/1/1": 200,
    "/agreements/dg-3/compare/1/3": 404,
    "/agreements/dg-99/compare/1/2": 404,
    "/organisations/nobody": 404,
    "/powers/digital-economy-act-2017-s99": 404,
    "/powers/list:7": 404,
    "/schemas/dataset/0.1.0/": 200,
    "/schemas/dataset/0.2.0/": 200,
    "/schemas/agreement/1.0.0/profiles/atlantis": 404,
    "/schemas/agreement/1.0.0/nothing.json": 404,
    "/schemas/agreement/../codelists/": 404,
    "/schemas/codelists/nothing": 404,
    "/nowhere": 404,
    "/static/nothing.css": 404,
    "/static/../app.py": 404,
}


OPEN_TO_ALL = ("/api", "/schemas/", "/register/", "/dump/", "/catalog", "/sitemap", "/robots.txt", "/llms.txt")
"""Below these addresses, pages of other sites may read; and what is a file for programs."""

TAKING_IN = {
    *("/sign-in", "/sign-out", "/account/tokens/<token_id>/revoke", "/device", "/device/answer"),
    *("/oauth/device_authorization", "/oauth/token", "/oauth/revoke"),
    *("/api/action/<path:name>", "/api/3/action/<path:name>", "/api/action", "/api/3/action"),
    "/api/search/<any(dataset, package):_name>",
    "/api/<int(min=1, max=3):number>/search/<any(dataset, package):_name>",
    *("/api/search/resource", "/api/<int(min=1, max=3):number>/search/resource"),
}
"""Each needs a form of ours (tests/web/pages/test_sign_in.py), heeds no cookie (tests/web/pages/test_device.py), or
changes nothing (tests/web/ckan)."""


def addresses() -> dict[str, int]:
    """Every address to try, with the status it answers with."""
    found = {rule: example for rule, example in EXAMPLES.items() if isinstance(example, int)}
    return found | dict(example for example in EXAMPLES.values() if isinstance(example, tuple)) | ALSO


def _rules(site: Site) -> list[Rule]:
    return list(site.app().url_map.iter_rules())


def test_every_rule_is_decided_upon(site: Site) -> None:
    assert {rule.rule for rule in _rules(site)} == set(EXAMPLES)


def test_only_what_signs_in_and_the_api_take_anything_in(site: Site) -> None:
    taking = {rule.rule for rule in _rules(site) if set(rule.methods or ()) - {"GET", "HEAD", "OPTIONS"}}
    assert {rule for rule in taking if not rule.startswith("/api/v1/")} == TAKING_IN


@pytest.mark.parametrize(("address", "status"), addresses().items())
def test_every_address_answers(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


@pytest.mark.parametrize("address", addresses())
def test_every_answer_bears_every_header(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    expected = dict(SECURITY_HEADERS)
    if address.startswith("/sign-in/"):
        expected["Referrer-Policy"] = "no-referrer"
    if answer.headers.get("Access-Control-Allow-Origin") == "*":  # what every site may read, every site may embed
        expected["Cross-Origin-Resource-Policy"] = answer.headers["Cross-Origin-Resource-Policy"]
        assert address.startswith(OPEN_TO_ALL) or address.endswith((".tlog-proof", ".json", ".ttl", ".jsonld", ".rdf"))
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == expected
    assert "X-Robots-Tag" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_the_policy_lets_nothing_be_written_into_a_page() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("address", addresses())
def test_samples_are_told_everywhere(site: Site, address: str) -> None:
    answer = site.app(samples=True).test_client().get(address)
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    if answer.mimetype == "text/html":
        assert "These are sample records" in answer.text
        assert '<meta name="robots" content="noindex, nofollow">' in answer.text


def test_other_records_are_not_called_samples(client: FlaskClient) -> None:
    assert "sample" not in client.get("/").text.lower()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_is_sent_is_refused_with_a_page(client: FlaskClient, method: str) -> None:
    answer = client.open("/datasets", method=method)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "This page can only be read" in answer.text
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_a_crawler_is_kept_from_searches_and_from_samples(site: Site, client: FlaskClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert {"Disallow: /search", "Disallow: /account"} <= set(lines)
    assert lines[-1] == "Sitemap: http://localhost/sitemap.xml"
    assert "Disallow: /" not in lines
    assert site.app(samples=True).test_client().get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_a_page_that_did_not_change_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/agreements/dg-1")
    again = client.get("/agreements/dg-1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_a_file_is_good_for_ever_at_the_address_of_its_version_alone(client: FlaskClient) -> None:
    address = next(part for part in client.get("/").text.split('"') if part.startswith("/static/gazette.css?v="))
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert client.get("/static/gazette.css").headers["Cache-Control"] == "no-cache"
    assert "immutable" not in client.get("/static/gazette.css?v=another").headers["Cache-Control"]
