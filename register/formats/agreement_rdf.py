"""An agreement as RDF, in the terms of the Data Privacy Vocabulary (DPV 2.3), with ODRL, Dublin Core and PROV.

DPV has no class for an agreement to share data: it is a `dpv:DataProcessingAgreement` ("an agreement outlining
conditions … for carrying out processing of data"), and while it is in force an `odrl:Agreement` with a permission for
each flow whose sides and dataset are known. Codes for which DPV has no term are concepts at this site's own addresses.
What a source does not state is absent; what RDF has no term for is told. One that was withdrawn is a tombstone.
"""

from collections.abc import Iterator
from itertools import chain

from catalogue.formats.converted import Losses, Written
from catalogue.formats.dcat_ap_nodes import Statements, date, period
from catalogue.formats.exported import CatalogueDetails
from catalogue.formats.rdf import Iri, Literal, Resource, Value, iri
from register.agreements.proceedings import dates_in_force
from register.formats.agreement_rdf_flows import Parties, permissions, processes
from register.formats.agreement_rdf_terms import law, measures, storage
from register.formats.dpv_terms import KINDS, STATES, beside, concept, own_concept, place, term
from register.formats.exported import Exported, Happening
from schemas.canonical import Json
from schemas.codelists import title_of
from schemas.upgrades import upgrade

FORMAT = "RDF in the terms of DPV"

_CARRIED = (
    *("id", "schemaVersion", "externalIds", "title", "agreementType", "parentAgreement", "relatedAgreements"),
    *("jurisdictions", "areas", "parties", "summary", "purpose", "purposeCategories", "incompatibleUses"),
    *("automatedDecision", "legalPowers", "lawfulBasis", "specialCategoryCondition", "criminalOffenceCondition"),
    *("internationalTransfers", "flows", "frequency", "method", "security", "retention", "disposal", "dpia"),
    *("rightsHandling", "signedOn", "effectiveFrom", "endsOn", "period", "documents", "provenance"),
    "sourceNotes",
)
_RELATIONS = {
    "umbrella-of": "dct:hasPart",
    "under-umbrella": "dct:isPartOf",
    "replaces": "dct:replaces",
    "depends-on": "dct:requires",
}


def agreement_to_rdf(exported: Exported, details: CatalogueDetails) -> Written[Resource]:
    """An agreement as it stands on the day of the export. `details.address` is the site's, for addresses here."""
    losses = Losses(FORMAT)
    said = Statements()
    site, document = details.address, upgrade(exported.document)
    address = f"{site}{exported.address}"
    _head(exported, document, site, said)
    for version in exported.happenings:
        if version.makes_version:
            said.add("dct:hasVersion", _version(version, address))
    if exported.state == "withdrawn":
        _tombstone(exported, document, losses, said)
        return losses.written(said.node(address, "dpv:DataProcessingAgreement"))
    losses.rest_lost(document, _CARRIED)
    parties = Parties.of(exported, document, site)
    _deal(exported, document, site, losses, said)
    parties.say(site, losses, said)
    for process in processes(document, parties, site, losses):
        said.add("dpv:hasProcess", process)
    allowed = permissions(exported, document, parties, site)
    for name, rule in allowed:
        said.add(name, rule)
    _uses_ruled_out(document, allowed, losses)
    types = [KINDS.get(document.get("agreementType", ""), "dpv:DataProcessingAgreement")]
    if any(name == "odrl:permission" for name, _ in allowed):
        types.append("odrl:Agreement")
        said.add("odrl:uid", Iri(address))
    return losses.written(said.node(address, *types))


def _uses_ruled_out(document: Json, allowed: list[tuple[str, Resource]], losses: Losses) -> None:
    """Tell of the uses that no prohibition says: those in words, and all where nothing is allowed."""
    said = any(name == "odrl:prohibition" for name, _ in allowed)
    for number, use in enumerate(document.get("incompatibleUses", ())):
        if not said or "text" in use:
            message = "ODRL rules out uses that have codes, for flows with both sides and a dataset, while they go on."
            losses.at(f"/incompatibleUses/{number}", message)


def _head(exported: Exported, document: Json, site: str, said: Statements) -> None:
    """What stands of every agreement, withdrawn ones too."""
    said.text("dct:identifier", exported.id)
    said.text("dct:title", document["title"])
    said.add("adms:status", own_concept(site, "agreement-state", exported.state))
    status = "ContractTerminated" if exported.standing == "ended" else STATES.get(exported.state)
    if status:
        said.add("dpv:hasContractStatus", term(status))
    said.add("dct:issued", date(exported.registered_on.isoformat()))
    said.add("dct:modified", date(exported.changed_at.isoformat()))
    said.text("owl:versionInfo", str(exported.version))


def _version(happening: Happening, address: str) -> Resource:
    said = Statements()
    said.text("owl:versionInfo", str(happening.version))
    said.add("dct:issued", date(happening.registered_on.isoformat()))
    said.add("prov:generatedAtTime", date(happening.recorded_at.isoformat()))
    said.add("dct:valid", date(happening.effective))
    return said.node(f"{address}/versions/{happening.version}", "prov:Entity")


def _tombstone(exported: Exported, document: Json, losses: Losses, said: Statements) -> None:
    """One that was withdrawn says why, and nothing of the deal, which its versions still have."""
    withdrawal = exported.proceedings.get("withdrawal", {})
    said.text("skos:changeNote", withdrawal.get("reason"))
    said.add("prov:invalidatedAtTime", date(withdrawal.get("on")))
    for name in document:
        if name not in {"id", "schemaVersion", "title"}:
            losses.lost(name, f"The agreement was withdrawn; “{name}” stands at the addresses of its versions.")


def _deal(exported: Exported, document: Json, site: str, losses: Losses, said: Statements) -> None:
    said.text("dct:description", document.get("summary"))
    _numbers(document, said)
    if "agreementType" in document:
        said.add("dct:type", own_concept(site, "agreement-type", document["agreementType"]))
    for name, value in chain(_related(document, site, losses), _places(document, site)):
        said.add(name, value)
    for code in document.get("purposeCategories", ()):
        said.add("dpv:hasPurpose", concept(site, "purpose-category", code))
    if "purpose" in document:
        text = (("dct:description", Literal(document["purpose"])),)
        said.add("dpv:hasPurpose", Resource(None, ("dpv:Purpose",), text))
    for name, value in chain(law(document, site, losses), measures(document, site), storage(document, site, losses)):
        said.add(name, value)
    if "automatedDecision" in document:
        said.add("dpv:hasAutomationLevel", concept(site, "automated-decision", document["automatedDecision"]))
    _times(exported, document, said)
    _papers(document, site, losses, said)
    _origin(document, losses, said)


def _numbers(document: Json, said: Statements) -> None:
    for number in document.get("externalIds", ()):
        known = (("skos:notation", Literal(number["id"])), ("adms:schemeAgency", Literal(number["scheme"])))
        said.add("adms:identifier", Resource(None, ("adms:Identifier",), known))


def _related(document: Json, site: str, losses: Losses) -> Iterator[tuple[str, Value]]:
    """Agreements of this register; those that have no number here are told."""
    parent = document.get("parentAgreement")
    if parent and "agreement" in parent:
        yield "dct:isPartOf", Iri(f"{site}/agreements/{parent['agreement']}")
    elif parent:
        losses.at("/parentAgreement", "The umbrella agreement has no number here, so RDF has no address to name it by.")
    for number, relation in enumerate(document.get("relatedAgreements", ())):
        if "agreement" in relation:
            name = _RELATIONS.get(relation["relation"], "dct:relation")
            yield name, Iri(f"{site}/agreements/{relation['agreement']}")
        else:
            message = "The other agreement has no number here, so RDF has no address to name it by."
            losses.at(f"/relatedAgreements/{number}", message)


def _places(document: Json, site: str) -> Iterator[tuple[str, Value]]:
    for code in document.get("jurisdictions", ()):
        yield "dpv:hasJurisdiction", place(site, code)
    for area in document.get("areas", ()):
        said = Statements()
        said.text("skos:prefLabel", area.get("name"))
        said.text("dct:identifier", area.get("code"))
        yield "dct:spatial", said.node(None, "dct:Location")


def _times(exported: Exported, document: Json, said: Statements) -> None:
    """The days that are in force: an end may have been moved since the deal was signed."""
    ends = dates_in_force(document, exported.proceedings).get("endsOn")
    covered = {"start": document.get("effectiveFrom"), "end": ends, "text": document.get("period")}
    if any(covered.values()):
        said.add("dct:temporal", period({name: value for name, value in covered.items() if value}))
    said.add("dct:dateAccepted", date(document.get("signedOn")))


def _papers(document: Json, site: str, losses: Losses, said: Statements) -> None:
    """Documents, privacy notices and the impact assessment, where they have addresses."""
    for number, paper in enumerate(document.get("documents", ())):
        address = iri(paper["url"]) if "url" in paper else None
        about = Statements()
        about.text("dct:title", paper.get("title"))
        about.add("dct:issued", date(paper.get("published")))
        about.text("dct:language", paper.get("language"))
        if "type" in paper:
            about.add("dct:type", own_concept(site, "document-type", paper["type"]))
        said.add("foaf:page", about.node(address.value if address else None, "foaf:Document"))
        beside(paper, ("url", "title", "published", "language", "type"), f"/documents/{number}", losses)
    rights = document.get("rightsHandling", {})
    for notice in rights.get("privacyNotices", ()):
        if found := iri(notice.get("url", "")):
            said.add("foaf:page", Resource(found.value, ("dpv:PrivacyNotice",)))
    beside(rights, ("privacyNotices",), "/rightsHandling", losses)
    _assessment(document.get("dpia", {}), site, losses, said)


def _assessment(dpia: Json, site: str, losses: Losses, said: Statements) -> None:
    if not dpia:
        return
    about = Statements()
    about.add("dct:title", Literal("Data protection impact assessment", language="en"))
    if "status" in dpia:
        about.add("adms:status", own_concept(site, "dpia-status", dpia["status"]))
    about.add("dct:issued", date(dpia.get("date")))
    about.text("dct:identifier", dpia.get("reference"))
    about.add("foaf:page", iri(dpia["url"]) if "url" in dpia else None)
    said.add("dpv:hasAssessment", about.node(None, "dpv:Assessment"))
    beside(dpia, ("status", "date", "reference", "url"), "/dpia", losses)


def _origin(document: Json, losses: Losses, said: Statements) -> None:
    provenance = document["provenance"]
    for note in document.get("sourceNotes", ()):
        said.text("skos:note", note)
    source = iri(provenance.get("sourceAddress", ""))
    said.add("dct:source", source)
    label = (("rdfs:label", Literal(title_of("provenance-source", provenance["source"]), language="en")),)
    said.add("dct:provenance", Resource(None, ("dct:ProvenanceStatement",), label))
    beside(provenance, ("source", "sourceAddress") if source else ("source",), "/provenance", losses)
