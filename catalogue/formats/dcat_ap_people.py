"""DCAT: whom to write to, who publishes and who made it. People go no further than the contact."""

import re
from collections.abc import Mapping
from urllib.parse import unquote

from pyoxigraph import Literal as Text

from catalogue.formats.dcat_terms import address_of, beside, is_body, is_described, is_person, label_of, words_of
from catalogue.formats.members import Members, with_stated
from catalogue.formats.rdf_order import Term
from catalogue.formats.rdf_reading import Graph
from schemas.canonical import Json
from schemas.checking import is_email

_ADDRESS_PARTS = (
    *("vcard:street-address", "vcard:hasStreetAddress", "vcard:locality", "vcard:hasLocality"),
    *("vcard:region", "vcard:hasRegion", "vcard:postal-code", "vcard:hasPostalCode"),
    *("vcard:country-name", "vcard:hasCountryName"),
)
_ABOVE = ("org:subOrganizationOf", "org:unitOf")
_EMAILS = ("vcard:hasEmail", "vcard:email", "foaf:mbox", "schema:email")
_CONTACT_NAMES = ("vcard:fn", "vcard:organization-name", "vcard:hasOrganizationName", "foaf:name")
_TELEPHONES = ("vcard:hasTelephone", "vcard:tel", "foaf:phone", "schema:telephone")
_READ_OF_CONTACTS = {
    *("rdf:type", "vcard:hasAddress", "vcard:adr"),
    *(*_CONTACT_NAMES, *_EMAILS, *_TELEPHONES, *_ADDRESS_PARTS),
}


def contact(graph: Graph, terms: list[Term], members: Members) -> Mapping[str, str]:
    """The first contact. A name that repeats the mailbox says nothing more than the mailbox."""
    if len(terms) > 1:
        members.warn("dcat:contactPoint", f"There are {len(terms)} contacts; the first was kept.")
    if not terms:
        return {}
    term = terms[0]
    if isinstance(term, Text):
        email = _email([term.value], members)
        return with_stated(email=email) if email else with_stated(name=term.value.strip())
    email = _email([_bare(graph, value) for value in graph.values(term, *_EMAILS)], members)
    name = label_of(graph, term, *_CONTACT_NAMES)
    telephones = [unquote(_bare(graph, value)) for value in graph.values(term, *_TELEPHONES)]
    if not is_described(graph, term):
        members.warn("dcat:contactPoint", f"The file does not describe the contact {address_of(term)}.")
    unread = sorted(set(graph.names(term)) - _READ_OF_CONTACTS)
    if unread:
        members.warn("dcat:contactPoint", f"The contact says more than is kept of one: {', '.join(unread)}.")
    return with_stated(
        name=name if not is_email(name) else None,
        email=email or (name if is_email(name) else None),
        telephone=next((text for text in telephones if text), None),
        address=_postal(graph, term),
    )


def _bare(graph: Graph, value: Term) -> str:
    return re.sub(r"^(?:mailto|tel):", "", words_of(graph, value), flags=re.IGNORECASE).strip()


def _email(stated: list[str], members: Members) -> str | None:
    found = [part for text in stated for part in re.split(r"[;,\s]+", text) if part]
    good = [part for part in found if is_email(part)]
    if found and not good:
        members.warn("vcard:hasEmail", f"“{found[0]}” is not an e-mail address; it was left out.")
    elif len(good) > 1:
        members.warn("vcard:hasEmail", f"There are {len(good)} addresses; the first was kept.")
    return good[0] if good else None


def _postal(graph: Graph, term: Term) -> str | None:
    for value in [*graph.values(term, "vcard:hasAddress", "vcard:adr"), term]:
        if isinstance(value, Text):
            return value.value.strip()
        parts = [words_of(graph, part) for part in graph.values(value, *_ADDRESS_PARTS)]
        if parts:
            return ", ".join(parts)
        if value != term and (label := label_of(graph, value, "rdfs:label", "vcard:label")):
            return label
    return None


def publisher(graph: Graph, terms: list[Term], members: Members) -> Json | None:
    """Who publishes it, with the bodies above."""
    if len(terms) > 1:
        members.warn("dct:publisher", f"There are {len(terms)} publishers; the first was kept.")
    if not terms:
        return None
    name = _body(graph, terms[0], "dct:publisher", members)
    gone: list[str] = []
    more = {} if is_person(graph, terms[0]) else beside(graph, terms[0], gone, _ABOVE, (name,))
    if gone:
        members.warn("dct:publisher", "What may name a person was left out of what is said of the publisher.")
    if more and not name and not address_of(terms[0]):
        members.put_back("dct:publisher", more, "The file does not say how this body is called.", "Give it foaf:name.")
    elif more:
        stated = members.rest.get("dct:publisher")
        members.rest["dct:publisher"] = {"address": stated, **more} if stated else more
    return with_stated(name=name, partOf=_above(graph, terms[0])) if name else None


def creators(graph: Graph, terms: list[Term], publishers: list[Term], members: Members) -> list[Json]:
    """The bodies that made it: those said to be organisations, and the publisher. Another may be a human being."""
    names: list[str] = []
    known = {label_of(graph, publisher) for publisher in publishers} - {""}
    for term in terms:
        if is_body(graph, term) or term in publishers or label_of(graph, term) in known:
            names.append(_body(graph, term, "dct:creator", members))
            more = {} if term in publishers else beside(graph, term, [], said=(names[-1],))
            if more:
                members.warn("dct:creator", f"Of a body that made it the name alone is kept, not: {', '.join(more)}.")
        else:
            message = "The file does not say that this is an organisation, so it was left out: it may name a person."
            members.warn("dct:creator", message, "Give it the type foaf:Organization.")
    return [{"name": name} for name in dict.fromkeys(names) if name]


def _body(graph: Graph, term: Term, property_name: str, members: Members) -> str:
    if is_person(graph, term):
        members.warn(property_name, "This is a human being, so it was left out: what is kept for ever names nobody.")
        return ""
    name = term.value.strip() if isinstance(term, Text) else label_of(graph, term)
    if is_email(name.removeprefix("mailto:")):
        members.warn(property_name, "This is an e-mail address and no body; it was left out.")
        return ""
    if not name and address_of(term):
        message = f"The file does not say how the body {address_of(term)} is called."
        members.put_back(property_name, address_of(term), message, "Describe it with foaf:name.")
    return name


def _above(graph: Graph, term: Term) -> list[str]:
    names: list[str] = []
    seen = {term}
    while above := [one for one in graph.values(term, *_ABOVE) if one not in seen]:
        term = above[0]
        seen.add(term)
        if name := label_of(graph, term):
            names.append(name)
    return names
