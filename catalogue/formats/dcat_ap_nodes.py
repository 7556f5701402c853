"""The small nodes of DCAT-AP: dates, agents, contacts, periods, places, licences and whatever has a name only."""

import re
from collections.abc import Mapping
from functools import cache

from catalogue.formats.converted import Losses
from catalogue.formats.eu_tables import language_address
from catalogue.formats.members import one_line
from catalogue.formats.rdf import Iri, Literal, Resource, Value, iri
from catalogue.licences import licence_code
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.dates import read_date

FORMAT = "DCAT-AP 3.0.1"

_DATE_TYPES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
_DIALLED = re.compile(r"\+?[0-9]+(?:[ .()-]*[0-9]+)*")


class Statements:
    """What is said of one node; None says nothing."""

    def __init__(self) -> None:
        self.all: list[tuple[str, Value]] = []

    def add(self, name: str, value: Value | None) -> None:
        """One more value of a property."""
        if value is not None:
            self.all.append((name, value))

    def text(self, name: str, value: str | None) -> None:
        """One more value, a text in no known language."""
        if value:
            self.all.append((name, Literal(value)))

    def node(self, address: str | None, *types: str) -> Resource:
        """The node, by its address or without one."""
        return Resource(address, types, tuple(self.all))


def title_on_one_line(stated: Json, pointer: str, losses: Losses) -> str | None:
    """The title, on one line, as catalogues have titles and our reader reads them; line ends in it are told."""
    title = stated.get("title")
    line = one_line(title) if title else title
    if line != title:
        losses.at(pointer, f"Titles stand on one line in {FORMAT}; blanks stand for the line ends in it.")
    return line


def date(text: str | None) -> Literal | None:
    """A date with the type of its precision: year, month, day or moment."""
    if text is None:
        return None
    exact = read_date(text)
    return Literal(exact, _DATE_TYPES.get(len(exact), "xsd:dateTime"))


def named(kind: str, address: str, **texts: str) -> Resource:
    """A node of a type at an address. `texts` are names of properties with `_` for `:` and their texts."""
    return Resource(address, (kind,), tuple((name.replace("_", ":"), Literal(text)) for name, text in texts.items()))


def labelled(kind: str, text: str) -> Resource:
    """A node of a type of which only a text is known: its address where the text is one, else its label."""
    found = iri(text) if text.startswith(("http://", "https://")) else None
    return Resource(found.value, (kind,)) if found else Resource(None, (kind,), (("rdfs:label", Literal(text)),))


def document(address: str) -> Resource | None:
    """A page as foaf:Document; None where the address is none."""
    found = iri(address)
    return Resource(found.value, ("foaf:Document",)) if found else None


def from_codelist(name: str, code: str | None, kind: str) -> Resource | None:
    """A code as the EU's table has it, with its title where that is required."""
    entry = codelist(name).get(code or "")
    return _from_table(name, entry.code, kind) if entry is not None and entry.same_as else None


@cache
def _from_table(name: str, code: str, kind: str) -> Resource:
    entry = codelist(name)[code]
    label = (("skos:prefLabel", Literal(entry.title, language="en")),) if kind == "skos:Concept" else ()
    return Resource(entry.same_as, (kind,), label)


def licence(text: str) -> Resource:
    """A licence by its address. One known by name has the address of our list; any other its name."""
    code = licence_code(text)
    known = codelist("licence")[code].same_as if code else ""
    if known and not text.startswith(("http://", "https://")):
        return Resource(known, ("dct:LicenseDocument",))
    return labelled("dct:LicenseDocument", text)


def language(tag: str, pointer: str, losses: Losses) -> Resource:
    """A language as the EU's table has it, else by its name."""
    address = language_address(tag)
    if address is None:
        return Resource(None, ("dct:LinguisticSystem",), (("rdfs:label", Literal(tag)),))
    if "-" in tag.replace("_", "-") and not tag.startswith("http"):
        losses.at(pointer, f"{FORMAT} names the language alone; what else “{tag}” says was left out.")
    return Resource(address, ("dct:LinguisticSystem",))


def contact(details: Mapping[str, str], losses: Losses) -> Resource | None:
    """Whom to write to, as much of it as may be told."""
    said = Statements()
    said.text("vcard:fn", details.get("name"))
    if "email" in details:
        said.add("vcard:hasEmail", iri(f"mailto:{details['email']}"))
    if telephone := details.get("telephone"):
        said.add("vcard:hasTelephone", _telephone(telephone))
    if address := details.get("address"):
        said.add("vcard:hasAddress", Resource(None, ("vcard:Address",), (("rdfs:label", Literal(address)),)))
    if not said.all:
        losses.left_out("/contactPoint", "The contact may not be told; it was left out.")
        return None
    return said.node(None, "vcard:Kind")


def _telephone(text: str) -> Resource | Iri:
    if _DIALLED.fullmatch(text):
        return Iri("tel:" + text.replace(" ", "-"))
    return Resource(None, ("vcard:Voice",), (("rdfs:label", Literal(text)),))


def period(covered: Json) -> Resource:
    """A period of time, with an open end where none is stated."""
    said = Statements()
    said.add("dcat:startDate", date(covered.get("start")))
    said.add("dcat:endDate", date(covered.get("end")))
    said.text("rdfs:label", covered.get("text"))
    return said.node(None, "dct:PeriodOfTime")


def place(covered: Json, pointer: str, losses: Losses) -> Resource | None:
    """A place by its address, name, code and box; the box as well-known text, longitude first (CRS 84)."""
    said = Statements()
    said.text("skos:prefLabel", covered.get("name"))
    said.text("dct:identifier", covered.get("code"))
    if box := covered.get("bbox"):
        west, south, east, north = box
        corners = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
        said.add("dcat:bbox", Literal(f"POLYGON(({corners}))", "gsp:wktLiteral"))
    address = iri(covered["uri"]) if "uri" in covered else None
    if "uri" in covered and address is None:
        tell = losses.at if said.all else losses.left_out
        tell(f"{pointer}/uri", f"“{covered['uri']}” is no address by which {FORMAT} can name a place.")
    if address is not None and box:
        said.add("skos:exactMatch", address)  # a place of the world may have one box only, whoever drew it
    elif address is not None:
        return said.node(address.value, "dct:Location")
    return said.node(None, "dct:Location") if said.all else None
