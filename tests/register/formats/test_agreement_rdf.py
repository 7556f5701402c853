"""Agreements as RDF: what the record says, in terms that exist, and everything else told."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from catalogue.formats.exported import CatalogueDetails
from catalogue.formats.rdf import Resource
from catalogue.formats.rdf_writing import RdfForm, rdf_parts
from register.formats.agreement_rdf import agreement_to_rdf
from register.formats.exported import Exported, Happening
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.codelists import codelist, codelist_names
from schemas.contract import load_part
from tests.register.making import agreement
from tests.register.valid_agreements import agreements

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SITE = "https://register.example"
DETAILS = CatalogueDetails(SITE, "Register", "Ministry of Rivers", "OGL-3.0")
HERE = URIRef(f"{SITE}/agreements/dg-1")
DPV, DCT = Namespace("https://w3id.org/dpv#"), Namespace("http://purl.org/dc/terms/")
ODRL, PROV = Namespace("http://www.w3.org/ns/odrl/2/"), Namespace("http://www.w3.org/ns/prov#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
MOMENT = datetime(2026, 1, 2, tzinfo=UTC)

OTHER_MODULES = frozenset(
    "AnonymisedData ControllerProcessorAgreement Data DataProcessingAgreement IdentifyingPersonalData "
    "JointDataControllersAgreement Law LegalEntity NonPersonalData PersonalData Process PseudonymisedData "
    "SensitivePersonalData SpecialCategoryPersonalData TechnicalOrganisationalMeasure hasApplicableLaw hasAssessment "
    "hasContractStatus hasCountry hasData hasFrequency hasJurisdiction hasParty hasPersonalData hasProcess "
    "hasTechnicalOrganisationalMeasure".split()
)
"""Terms of DPV 2.3 in its modules context, contract, contract_types, entities, jurisdiction, personal_data, process
and TOM (github.com/w3c/dpv, folder 2.3/dpv/modules), which are not in the trial data."""

ODRL_TERMS = frozenset(
    "Agreement Constraint Permission Prohibition action assignee assigner constraint dateTime isA isAnyOf leftOperand "
    "lteq operator permission prohibition purpose rightOperand target uid use".split()
)
"""Those of ODRL's terms (w3.org/TR/odrl-vocab) that are written."""


def exported(document: Json, state: str = "in-force", standing: str = "signed", **proceedings: Json) -> Exported:
    happened = (
        Happening(1, "signed", 1, MOMENT, MOMENT, "2026-02-01", "ministry", "ab"),
        Happening(2, "confirmed", None, MOMENT, MOMENT, None, "ministry", None),
    )
    slugs = tuple(party.get("organisation") for party in document["parties"])
    return Exported(
        "dg-1", "/agreements/dg-1", 1, state, standing, MOMENT, MOMENT, document, proceedings, slugs, happened
    )


def graph_of(one: Exported, form: RdfForm = RdfForm.TURTLE) -> Graph:
    written = agreement_to_rdf(one, DETAILS)
    assert written.node is not None
    text = b"".join(rdf_parts([written.node], form))
    return Graph().parse(data=text, format={"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}[form.suffix])


def complete() -> Json:
    return load_part(AGREEMENT_VERSION, "examples", "complete")


@pytest.fixture(scope="module")
def whole() -> Graph:
    return graph_of(exported(complete()))


def dpv_terms(trial_data: Path) -> set[str]:
    files = (trial_data / "vocabularies" / "dpv-2.3").glob("*.csv")
    return {row["iri"] for file in files for row in csv.DictReader(file.read_text("utf-8").splitlines())}


def test_it_says_who_shares_what_about_whom_for_what_by_what_law(whole: Graph) -> None:
    agency, council = (URIRef(f"{SITE}/organisations/example-{name}") for name in ("revenue-agency", "city-council"))
    assert set(whole.objects(HERE, RDF.type)) == {DPV.DataProcessingAgreement, ODRL.Agreement}
    assert set(whole.objects(HERE, DPV.hasParty)) >= {agency, council}
    assert set(whole.objects(HERE, DPV.hasJointDataControllers)) == {agency, council}
    assert set(whole.objects(HERE, DPV.hasRecipient)) == {council}
    assert URIRef(f"{SITE}/powers/digital-economy-act-2017-s48") in set(whole.objects(HERE, DPV.hasApplicableLaw))
    bases = {whole.value(basis, DCT.type) for basis in whole.objects(HERE, DPV.hasLegalBasis)}
    assert URIRef("https://w3id.org/dpv/legal/eu/gdpr#A6-1-e") in bases
    assert DPV.EncryptionInTransfer in set(whole.objects(HERE, DPV.hasTechnicalOrganisationalMeasure))
    shares = {whole.value(process, PROV.used): process for process in whole.objects(HERE, DPV.hasProcess)}
    earnings = shares[URIRef(f"{SITE}/datasets/example-pay-records")]
    assert (whole.value(earnings, DPV.hasDataSource), whole.value(earnings, DPV.hasRecipient)) == (agency, council)
    kinds = {whole.value(item, DCT.type) for item in whole.objects(earnings, DPV.hasPersonalData)}
    assert URIRef("https://w3id.org/dpv/pd#Salary") in kinds
    assert whole.value(HERE, DPV.hasContractStatus) == DPV.ContractActive
    assert set(whole.objects(HERE, DCT.hasVersion)) == {URIRef(f"{HERE}/versions/1")}
    allowed = {whole.value(rule, ODRL.target): rule for rule in whole.objects(HERE, ODRL.permission)}
    rule = allowed[URIRef(f"{SITE}/datasets/example-pay-records")]
    assert (whole.value(rule, ODRL.assigner), whole.value(rule, ODRL.assignee)) == (agency, council)


def test_every_term_exists_and_every_code_has_an_address(whole: Graph, trial_data: Path) -> None:
    known = dpv_terms(trial_data) | {str(DPV[name]) for name in OTHER_MODULES}
    named = {str(node) for triple in whole for node in triple if isinstance(node, URIRef)}
    assert {name for name in named if name.startswith("https://w3id.org/")} <= known
    assert {name for name in named if name.startswith(str(ODRL))} <= {str(ODRL[name]) for name in ODRL_TERMS}
    codes = [name.removeprefix(f"{SITE}/schemas/codelists/") for name in named if "/schemas/codelists/" in name]
    assert len(codes) > 10
    for code in codes:
        name, _, fragment = code.partition("#code-")
        assert fragment in codelist(name)


def test_every_term_that_a_codelist_names_exists(trial_data: Path) -> None:
    known = dpv_terms(trial_data)
    named = {
        code.same_as for name in codelist_names() for code in codelist(name).values() if "w3id.org" in code.same_as
    }
    assert len(named) > 250
    assert named <= known


def test_the_three_forms_say_the_same(whole: Graph) -> None:
    one = exported(complete())
    assert isomorphic(whole, graph_of(one, RdfForm.JSON_LD))
    assert isomorphic(whole, graph_of(one, RdfForm.RDF_XML))


def size(one: Exported) -> int:
    """How many statements are written."""
    waiting: list[object] = [agreement_to_rdf(one, DETAILS).node]
    count = 0
    for node in waiting:
        if isinstance(node, Resource):
            count += len(node.types) + len(node.properties)
            waiting += [value for _, value in node.properties]
    return count


@settings(max_examples=20)
@given(agreements())
def test_every_valid_agreement_is_written_and_everything_else_is_told(document: Json) -> None:
    one = exported({**document, "id": "dg-1"})
    assert graph_of(one).value(HERE, DCT.title) is not None
    told = {problem.pointer.split("/")[1] for problem in agreement_to_rdf(one, DETAILS).problems}
    bare = exported({name: document[name] for name in ("schemaVersion", "title", "parties", "provenance")})
    for name in document.keys() - bare.document.keys() - {"id"} - told:
        without = {key: value for key, value in one.document.items() if key != name}
        assert size(one) > size(replace(one, document=without)), f"{name} is neither written nor told"


def test_what_the_source_does_not_say_is_absent() -> None:
    graph = graph_of(exported(agreement(), state="dates-not-stated"))
    assert set(graph.predicates(HERE)) == {
        RDF.type, DCT.identifier, DCT.title, DCT.issued, DCT.modified, DCT.hasVersion, DCT.provenance, ADMS.status,
        DPV.hasParty, DPV.hasRecipient, PROV.qualifiedAttribution,
        URIRef("http://www.w3.org/2002/07/owl#versionInfo"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "standing", "status"),
    [
        ("proposed", "proposed", DPV.ContractUnderReview),
        ("signed", "signed", DPV.ContractInactive),
        ("suspended", "suspended", DPV.ContractTemporarilySuspended),
        ("ended", "signed", DPV.ContractExpired),
        ("ended", "ended", DPV.ContractTerminated),
    ],
)
def test_nothing_is_allowed_but_by_an_agreement_in_force(state: str, standing: str, status: URIRef) -> None:
    graph = graph_of(exported(complete(), state, standing))
    assert graph.value(HERE, DPV.hasContractStatus) == status
    assert set(graph.objects(HERE, RDF.type)) == {DPV.DataProcessingAgreement}
    assert set(graph.subjects(RDF.type, ODRL.Permission)) == set()


def test_a_withdrawn_one_is_a_tombstone() -> None:
    one = exported(complete(), "withdrawn", "withdrawn", withdrawal={"on": "2026-05-01", "reason": "Entered twice."})
    graph = graph_of(one)
    assert Literal("Entered twice.") in set(graph.objects(HERE))
    assert graph.value(HERE, DCT.hasVersion) == URIRef(f"{HERE}/versions/1")
    assert set(graph.objects(HERE, DPV.hasParty)) == set()
    assert len(graph) < 25
    told = {problem.pointer for problem in agreement_to_rdf(one, DETAILS).problems}
    assert told == {f"/{name}" for name in complete().keys() - {"id", "schemaVersion", "title"}}
