"""The terms of an agreement as RDF: the law, the measures that protect the data, and how long it is kept."""

from collections.abc import Iterator
from typing import TypeAlias

from catalogue.formats.converted import Losses
from catalogue.formats.dcat_ap_nodes import Statements
from catalogue.formats.rdf import Iri, Literal, Resource, Value, iri
from register.formats.dpv_terms import beside, concept, own_concept, place, term
from schemas.canonical import Json

Said: TypeAlias = tuple[str, Value]

_GROUNDS = (
    ("lawfulBasis", "lawful-basis"),
    ("specialCategoryCondition", "special-category-condition"),
    ("criminalOffenceCondition", "criminal-offence-condition"),
)
_POWER_CARRIED = ("power", "title", "instrument", "provision", "url", "identifier", "jurisdiction")
_IN_WORDS = ("transmission", "storage", "access", "text")


def law(document: Json, site: str, losses: Losses) -> Iterator[Said]:
    """The legal powers, the grounds in data protection law, and transfers abroad."""
    for number, power in enumerate(document.get("legalPowers", ())):
        beside(power, _POWER_CARRIED, f"/legalPowers/{number}", losses)
        yield "dpv:hasApplicableLaw", _power(power, site)
    for name, codes in _GROUNDS:
        stated = document.get(name, [])
        for ground in stated if isinstance(stated, list) else [stated]:
            yield "dpv:hasLegalBasis", _ground(ground, codes, site)
    for number, transfer in enumerate(document.get("internationalTransfers", ())):
        if "country" in transfer:
            yield "dpv:hasProcess", _transfer(transfer, site)
        else:
            losses.at(f"/internationalTransfers/{number}", "That no data goes abroad is nothing that RDF can state.")


def measures(document: Json, site: str) -> Iterator[Said]:
    """How the data is protected, how it goes over, and how often."""
    security = document.get("security", {})
    for code in security.get("codes", ()):
        yield "dpv:hasTechnicalOrganisationalMeasure", concept(site, "security-measure", code)
    for name in _IN_WORDS:
        if name in security:
            text = (("dct:description", Literal(security[name])),)
            yield "dpv:hasTechnicalOrganisationalMeasure", Resource(None, ("dpv:TechnicalOrganisationalMeasure",), text)
    method = document.get("method", {})
    for code in method.get("codes", ()):
        yield "dpv:hasProcessingCondition", concept(site, "method", code)
    if "text" in method:
        text = (("dct:description", Literal(method["text"])),)
        yield "dpv:hasProcessingCondition", Resource(None, ("dpv:ProcessingCondition",), text)
    for code in document.get("frequency", ()):
        yield "dpv:hasFrequency", own_concept(site, "agreement-frequency", code)


def storage(document: Json, site: str, losses: Losses) -> Iterator[Said]:
    """How long the data is kept, and what becomes of it then."""
    retention = document.get("retention", {})
    for name, title in (("sharedData", "Shared data"), ("derivedData", "Derived data")):
        if name in retention:
            yield "dpv:hasStorageCondition", _kept(retention[name], title, site)
    if "text" in retention:
        yield "dpv:hasStorageCondition", _in_words("dpv:StorageDuration", retention["text"])
    disposal = document.get("disposal", {})
    beside(disposal, ("method", "text"), "/disposal", losses)
    if disposal:
        said = Statements()
        if "method" in disposal:
            said.add("dct:type", concept(site, "disposal-method", disposal["method"]))
        said.text("dct:description", disposal.get("text"))
        yield "dpv:hasStorageCondition", said.node(None, "dpv:StorageDeletion")


def _power(power: Json, site: str) -> Resource:
    """A legal power: its page here where it has one, else a law with its name."""
    said = Statements()
    said.text("dct:title", power.get("title"))
    cited = ", ".join(power[name] for name in ("instrument", "provision") if name in power)
    said.text("dct:bibliographicCitation", cited)
    if found := iri(power.get("url", "")):
        said.add("foaf:page", Resource(found.value, ("foaf:Document",)))
    if "identifier" in power:
        said.text("dct:identifier", f"{power['identifier']['scheme']}:{power['identifier']['id']}")
    if "jurisdiction" in power:
        said.add("dpv:hasJurisdiction", place(site, power["jurisdiction"]))
    return said.node(f"{site}/powers/{power['power']}" if "power" in power else None, "dpv:Law")


def _ground(ground: Json, codes: str, site: str) -> Iri | Resource:
    """A ground: its term alone, or with what is said beside it."""
    known = concept(site, codes, ground["code"]) if "code" in ground else None
    if known is not None and ground.keys() == {"code"}:
        return known
    said = Statements()
    said.add("dct:type", known)
    said.text("dct:description", ground.get("text"))
    said.text("rdfs:comment", f"For {ground['party']}" if "party" in ground else None)
    return said.node(None, "dpv:LegalBasis")


def _transfer(transfer: Json, site: str) -> Resource:
    said = Statements()
    said.add("dpv:hasProcessing", term("CrossBorderTransfer"))
    said.add("dpv:hasCountry", place(site, transfer["country"]))
    if "safeguard" in transfer:
        said.add("dpv:hasTechnicalOrganisationalMeasure", concept(site, "transfer-safeguard", transfer["safeguard"]))
    if "recipient" in transfer:
        name = (("foaf:name", Literal(transfer["recipient"])),)
        said.add("dpv:hasRecipient", Resource(None, ("dpv:LegalEntity",), name))
    said.text("dct:description", transfer.get("text"))
    return said.node(None, "dpv:Process")


def _kept(keeping: Json, title: str, site: str) -> Resource:
    said = Statements()
    said.add("dct:title", Literal(title, language="en"))
    if "duration" in keeping:
        said.add("rdf:value", Literal(keeping["duration"], "xsd:duration"))
    if "trigger" in keeping:
        said.add("dct:type", own_concept(site, "retention-trigger", keeping["trigger"]))
    for name in ("text", "afterEnd"):
        said.text("dct:description", keeping.get(name))
    return said.node(None, "dpv:StorageDuration")


def _in_words(kind: str, text: str) -> Resource:
    return Resource(None, (kind,), (("dct:description", Literal(text)),))
