"""Who is party to an agreement, and who sends which data about whom to whom, as RDF."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from catalogue.formats.converted import Losses
from catalogue.formats.dcat_ap_nodes import Statements, date
from catalogue.formats.rdf import Iri, Literal, Resource, Value
from register.agreements.proceedings import dates_in_force
from register.formats.dpv_terms import ROLES, about_data, beside, concept, own_concept, term
from register.formats.exported import Exported
from schemas.canonical import Json

_ROLE_LISTS = (
    ("flowRole", "flow-role"),
    ("dataProtectionRole", "data-protection-role"),
    ("agreementRole", "agreement-role"),
)
_PARTY_CARRIED = (
    *("organisation", "name", "identifiers", "contact", "dpoContact", "otherRecipients"),
    *(name for name, _ in _ROLE_LISTS),
)
_DATASET_CARRIED = (
    *("catalogueId", "title", "description", "identifiers", "dataItems", "dataSubjects", "identifiability"),
    "sensitivity",
)
_ODRL = "http://www.w3.org/ns/odrl/2/"


@dataclass(frozen=True, slots=True)
class Parties:
    """The parties in their order, each with its address: that of its page here, else one within the agreement."""

    parties: tuple[Json, ...]
    addresses: tuple[str, ...]

    @classmethod
    def of(cls, exported: Exported, document: Json, site: str) -> "Parties":
        """The parties of an agreement."""
        parties = tuple(document["parties"])
        slugs = (*exported.organisations, *[None] * len(parties))
        return cls(
            parties,
            tuple(
                f"{site}/organisations/{slug}" if slug else f"{site}{exported.address}#party-{number}"
                for number, (_, slug) in enumerate(zip(parties, slugs, strict=False), start=1)
            ),
        )

    def by_name(self) -> Mapping[str, str]:
        """The address of each party that only one bears the name of."""
        names = [party["name"] for party in self.parties]
        return {name: self.addresses[number] for number, name in enumerate(names) if names.count(name) == 1}

    def say(self, site: str, losses: Losses, said: Statements) -> None:
        """Every party with its roles."""
        for number, (party, address) in enumerate(zip(self.parties, self.addresses, strict=True)):
            said.add("dpv:hasParty", _party(party, address))
            for name, codes in _ROLE_LISTS:
                stated = party.get(name, ())
                for code in [stated] if isinstance(stated, str) else stated:
                    if code in ROLES:
                        said.add(ROLES[code], Iri(address))
                    said.add("prov:qualifiedAttribution", _role(address, concept(site, codes, code)))
            for other in party.get("otherRecipients", ()):
                said.add("dpv:hasRecipient", _other_recipient(other, site))
            beside(party, _PARTY_CARRIED, f"/parties/{number}", losses)


def _party(party: Json, address: str) -> Resource:
    said = Statements()
    said.text("foaf:name", party["name"])
    for number in party.get("identifiers", ()):
        known = (("skos:notation", Literal(number["id"])), ("adms:schemeAgency", Literal(number["scheme"])))
        said.add("adms:identifier", Resource(None, ("adms:Identifier",), known))
    if "contact" in party:
        said.add("foaf:mbox", Iri(f"mailto:{party['contact']}"))
    if "dpoContact" in party:
        mailbox = (("foaf:mbox", Iri(f"mailto:{party['dpoContact']}")),)
        said.add("dpv:hasDataProtectionOfficer", Resource(None, ("dpv:DataProtectionOfficer",), mailbox))
    return said.node(address, "dpv:LegalEntity")


def _other_recipient(other: Json, site: str) -> Resource | None:
    if "name" not in other and "organisation" not in other:
        return None
    said = Statements()
    said.text("foaf:name", other.get("name"))
    said.text("dct:description", other.get("why"))
    address = f"{site}/organisations/{other['organisation']}" if "organisation" in other else None
    return said.node(address, "dpv:LegalEntity")


def _role(address: str, role: Value) -> Resource:
    return Resource(None, ("prov:Attribution",), (("prov:agent", Iri(address)), ("dcat:hadRole", role)))


def processes(document: Json, parties: Parties, site: str, losses: Losses) -> Iterator[Resource]:
    """The sharing of each dataset in each flow; a flow that names no dataset is one sharing."""
    known = parties.by_name()
    for number, flow in enumerate(document.get("flows", ())):
        pointer = f"/flows/{number}"
        beside(flow, ("from", "to", "datasets", "basis", "note"), pointer, losses)
        for place, dataset in enumerate(flow.get("datasets") or [{}]):
            said = Statements()
            said.add("dpv:hasProcessing", term("Share"))
            said.add("dpv:hasDataSource", _side(flow.get("from"), known))
            said.add("dpv:hasRecipient", _side(flow.get("to"), known))
            if "basis" in flow:
                said.add("dct:type", own_concept(site, "flow-basis", flow["basis"]))
            said.text("skos:note", flow.get("note"))
            _dataset(dataset, f"{pointer}/datasets/{place}", site, losses, said)
            yield said.node(None, "dpv:Process")


def _side(name: str | None, known: Mapping[str, str]) -> Value | None:
    if name is None:
        return None
    return Iri(known[name]) if name in known else Resource(None, ("dpv:LegalEntity",), (("foaf:name", Literal(name)),))


def _dataset(dataset: Json, pointer: str, site: str, losses: Losses, said: Statements) -> None:
    said.text("dct:title", dataset.get("title"))
    said.text("dct:description", dataset.get("description"))
    if "catalogueId" in dataset:
        said.add("prov:used", Resource(f"{site}/datasets/{dataset['catalogueId']}", ("dcat:Dataset",)))
    for number in dataset.get("identifiers", ()):
        said.text("dct:identifier", f"{number['scheme']}:{number['id']}")
    for item in dataset.get("dataItems", ()):
        said.add(*_item(item, site))
    for subject in dataset.get("dataSubjects", ()):
        said.add("dpv:hasDataSubject", _subject(subject, site))
    for name in ("identifiability", "sensitivity"):
        if name in dataset:
            said.add("dpv:hasData", about_data(site, name, dataset[name]))
    beside(dataset, _DATASET_CARRIED, pointer, losses)


def _item(item: Json, site: str) -> tuple[str, Value]:
    """A data item: personal data where its category says so, else data."""
    said = Statements()
    said.text("dct:title", item["name"])
    for name in ("description", "why"):
        said.text("dct:description", item.get(name))
    if "category" not in item:
        return "dpv:hasData", said.node(None, "dpv:Data")
    said.add("dct:type", concept(site, "personal-data-category", item["category"]))
    return "dpv:hasPersonalData", said.node(None, "dpv:PersonalData")


def _subject(subject: Json, site: str) -> Value:
    """A group of people: its term alone, or with what is said beside it."""
    known = concept(site, "data-subject-groups", subject["group"]) if "group" in subject else None
    if known is not None and "description" not in subject:
        return known
    said = Statements()
    said.add("dct:type", known)
    said.text("dct:description", subject.get("description"))
    return said.node(None, "dpv:DataSubject")


def permissions(exported: Exported, document: Json, parties: Parties, site: str) -> list[tuple[str, Resource]]:
    """What is allowed and what is not, as ODRL has it, while the agreement is in force.

    A flow is a permission where both its sides and a dataset of the catalogue are known, for the purposes named and
    until the day on which the agreement ends. A use that is ruled out is a prohibition for whoever is allowed others.
    """
    if exported.state != "in-force":
        return []
    known = parties.by_name()
    limits = list(_limits(exported, document, site))
    found: list[tuple[str, Resource]] = []
    for flow in document.get("flows", ()):
        sides = flow.get("from"), flow.get("to")
        if not all(side in known for side in sides):
            continue
        for dataset in flow.get("datasets", ()):
            if "catalogueId" in dataset:
                target = f"{site}/datasets/{dataset['catalogueId']}"
                rule = (known[sides[0]], known[sides[1]], target)
                found.append(("odrl:permission", _rule("odrl:Permission", *rule, limits)))
                found += [
                    ("odrl:prohibition", _rule("odrl:Prohibition", *rule, [_for([use])]))
                    for use in _ruled_out(document, site)
                ]
    return found


def _ruled_out(document: Json, site: str) -> list[Value]:
    uses = document.get("incompatibleUses", ())
    return [concept(site, "incompatible-use", use["code"]) for use in uses if "code" in use]


def _rule(kind: str, assigner: str, assignee: str, target: str, limits: list[Resource]) -> Resource:
    said = Statements()
    said.add("odrl:assigner", Iri(assigner))
    said.add("odrl:assignee", Iri(assignee))
    said.add("odrl:target", Iri(target))
    said.add("odrl:action", Iri(f"{_ODRL}use"))
    for limit in limits:
        said.add("odrl:constraint", limit)
    return said.node(None, kind)


def _limits(exported: Exported, document: Json, site: str) -> Iterator[Resource]:
    purposes: list[Value] = [concept(site, "purpose-category", code) for code in document.get("purposeCategories", ())]
    if purposes:
        yield _for(purposes)
    ends = date(dates_in_force(document, exported.proceedings).get("endsOn"))
    if ends is not None:
        yield _constraint("dateTime", "lteq", [ends])


def _for(purposes: list[Value]) -> Resource:
    return _constraint("purpose", "isAnyOf" if len(purposes) > 1 else "isA", purposes)


def _constraint(operand: str, operator: str, values: list[Value]) -> Resource:
    said = Statements()
    said.add("odrl:leftOperand", Iri(f"{_ODRL}{operand}"))
    said.add("odrl:operator", Iri(f"{_ODRL}{operator}"))
    for value in values:
        said.add("odrl:rightOperand", value)
    return said.node(None, "odrl:Constraint")
