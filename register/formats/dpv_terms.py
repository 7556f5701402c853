"""Codes as RDF: the term of the Data Privacy Vocabulary (DPV 2.3) where there is one, else the code's own address."""

from collections.abc import Sequence

from catalogue.formats.converted import Losses
from catalogue.formats.rdf import Iri, Literal, Resource
from schemas.canonical import Json
from schemas.codelists import codelist

_DPV = "https://w3id.org/dpv"

STATES = {
    "proposed": "ContractUnderReview",
    "rejected": "ContractRejected",
    "signed": "ContractInactive",
    "in-force": "ContractActive",
    "suspended": "ContractTemporarilySuspended",
    "ended": "ContractExpired",
}
"""States of an agreement (agreement-state) and the contract's status in DPV; one that is not here has none."""

KINDS = {
    "joint-controller-arrangement": "dpv:JointDataControllersAgreement",
    "controller-processor": "dpv:ControllerProcessorAgreement",
}
"""Kinds of agreements (agreement-type) for which DPV has a class narrower than DataProcessingAgreement."""

DATA = {
    ("identifiability", "identifiable"): "IdentifyingPersonalData",
    ("identifiability", "pseudonymised"): "PseudonymisedData",
    ("identifiability", "anonymised"): "AnonymisedData",
    ("identifiability", "non-personal"): "NonPersonalData",
    ("sensitivity", "sensitive"): "SensitivePersonalData",
    ("sensitivity", "special-category"): "SpecialCategoryPersonalData",
}
"""What is said of data, and DPV's class of such data."""

ROLES = {
    "controller": "dpv:hasDataController",
    "joint-controller": "dpv:hasJointDataControllers",
    "processor": "dpv:hasDataProcessor",
    "sub-processor": "dpv:hasDataProcessor",
    "recipient": "dpv:hasRecipient",
}
"""Roles in data protection and in the flow of data that DPV has a property for."""


def beside(group: Json, carried: Sequence[str], pointer: str, losses: Losses) -> None:
    """Tell of every member of a group of fields that is not among those carried."""
    for name in group:
        if name not in carried:
            losses.at(f"{pointer}/{name}", f"{losses.format_name} has no term for “{name}” there; it was left out.")


def term(name: str) -> Iri:
    """A term of DPV by its name."""
    return Iri(f"{_DPV}#{name}")


def concept(site: str, name: str, code: str) -> Iri | Resource:
    """A code of a list: DPV's term for it, else a concept at the address where this site explains the code."""
    entry = codelist(name).get(code)
    if entry is not None and entry.same_as.startswith((f"{_DPV}#", f"{_DPV}/")):
        return Iri(entry.same_as)
    return own_concept(site, name, code)


def own_concept(site: str, name: str, code: str) -> Resource:
    """A code as this site's own list has it."""
    entry = codelist(name).get(code)
    said = (
        ("skos:prefLabel", Literal(entry.title, language="en") if entry else Literal(code)),
        ("skos:notation", Literal(code)),
    )
    return Resource(f"{site}/schemas/codelists/{name}#code-{code}", ("skos:Concept",), said)


def place(site: str, code: str) -> Resource:
    """A country, or a part of one, by its code in ISO 3166."""
    return own_concept(site, "country-part" if "-" in code else "country", code)


def about_data(site: str, name: str, code: str) -> Iri | Resource:
    """What a code says of data."""
    known = DATA.get((name, code))
    return term(known) if known else own_concept(site, name, code)
