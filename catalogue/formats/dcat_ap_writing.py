"""DCAT-AP 3.0.1: one dataset, series or data service written in it. `dcat_ap` is its counterpart.

The result is valid against the official shapes by itself: every node has its type and whatever is mandatory of it.
docs/formats.md has the whole mapping.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from catalogue.formats.converted import STAND_IN, Losses, Written
from catalogue.formats.dcat_ap_forms import described_by, distributions
from catalogue.formats.dcat_ap_nodes import (
    FORMAT,
    Statements,
    contact,
    date,
    document,
    from_codelist,
    labelled,
    language,
    licence,
    period,
    place,
    title_on_one_line,
)
from catalogue.formats.exported import Body, DatasetRecord, Referrer
from catalogue.formats.rdf import Iri, Literal, Resource, expanded, iri
from catalogue.formats.themes import theme_codes
from schemas.canonical import Json
from schemas.codelists import codelist

PROFILE = "https://semiceu.github.io/DCAT-AP/releases/3.0.1"
"""What our records conform to."""

_TYPES = {
    "dataset": ("dcat:Dataset", "dcat:Resource"),
    "dataset-series": ("dcat:DatasetSeries", "dcat:Dataset", "dcat:Resource"),
    "data-service": ("dcat:DataService", "dcat:Resource"),
}
_CARRIED = frozenset(
    (
        *("schemaVersion", "kind", "identifier", "title", "alternativeTitle", "description", "publisher", "creator"),
        *("contactPoint", "keyword", "theme", "sourceTheme", "accessRights", "rights", "licence", "issued", "modified"),
        *("accrualPeriodicity", "temporal", "spatial", "language", "landingPage", "page", "conformsTo", "describedBy"),
        *("describedByType", "inSeries", "isReferencedBy", "version", "endpointURL", "endpointDescription"),
        *("servesDataset", "distribution", "legalBasis", "extras", "provenance"),
    )
)
_BODY = ("foaf:Agent", "foaf:Organization")
_OF_SERVICES = ("endpointURL", "endpointDescription", "servesDataset")
_ROLE = Resource(expanded("odrl:Agreement"), ("dcat:Role",))
_STANDARD = Resource(PROFILE, ("dct:Standard",))
_NO_STUBS: Mapping[str, Resource] = {}


def dataset_to_dcat(record: DatasetRecord, stubs: Mapping[str, Resource] = _NO_STUBS) -> Written[Resource]:
    """A dataset as DCAT-AP 3.0.1 has it, with the catalogue's record of it (foaf:isPrimaryTopicOf) inside.

    `stubs` describes, by address, the other datasets that stand in the same graph (see `stub`): a series or a served
    dataset is named by its own term only where it is described there, as the shapes want it.
    """
    losses = Losses(FORMAT)
    held = record.document
    kind = held.get("kind", "dataset")
    losses.rest_lost(held, _CARRIED)
    said = Statements()
    _words(held, kind, said, losses)
    _bodies(record, said, losses)
    _terms(held, said, losses)
    _coverage(held, said, losses)
    _pages(held, said, losses)
    _others(record, kind, stubs, said, losses)
    if kind == "data-service":
        _service(record, stubs, said, losses)
    else:
        for name in _OF_SERVICES:
            if name in held:
                losses.lost(name, f"{FORMAT} has “{name}” for data services only; it was left out.")
        for node in distributions(record, losses):
            said.add("dcat:distribution", node)
    said.add("foaf:isPrimaryTopicOf", _catalogue_record(record, losses))
    return losses.written(said.node(record.address, *_TYPES[kind]))


def fits_dcat(record: DatasetRecord) -> bool:
    """Whether `dataset_to_dcat` does not leave it out, told sooner: a data service has to have an endpoint."""
    held = record.document
    return held.get("kind") != "data-service" or any(iri(address) for address in held.get("endpointURL", ()))


def stub(record: DatasetRecord) -> Resource:
    """As much of a dataset as another that names it must say: type, title and description."""
    held = record.document
    kind = held.get("kind", "dataset")
    said = Statements()
    said.text("dct:title", held["title"])
    said.text("dct:identifier", held.get("identifier"))
    if kind != "data-service":
        said.add("dct:description", _description(held))
    return said.node(record.address, *_TYPES[kind])


def record_address(address: str) -> str:
    """The address of the catalogue's record of a dataset."""
    return f"{address}#record"


def _description(held: Json) -> Literal:
    return Literal(held["description"]) if "description" in held else Literal(STAND_IN, language="en")


def _words(held: Json, kind: str, said: Statements, losses: Losses) -> None:
    """What the dataset is called and said to be. No text has a language: no record states in which it is written."""
    said.text("dct:title", title_on_one_line(held, "/title", losses))
    for title in held.get("alternativeTitle", ()):
        said.text("dct:alternative", title)
    if "description" in held or kind != "data-service":
        said.add("dct:description", _description(held))
    if "description" not in held and kind != "data-service":
        losses.stand_in("description")
    said.text("dct:identifier", held.get("identifier"))
    said.text("dcat:version", held.get("version"))
    for keyword in held.get("keyword", ()):
        said.text("dcat:keyword", keyword)
    for code in held.get("theme", ()):
        said.add("dcat:theme", from_codelist("theme", code, "skos:Concept"))
    for theme in held.get("sourceTheme", ()):
        if not (theme.startswith("http") and theme_codes([theme])):  # the EU's address stands there already
            address = iri(theme) if theme.startswith(("http://", "https://")) else None
            label = (("skos:prefLabel", Literal(theme)),)
            said.add("dcat:theme", Resource(address.value if address else None, ("skos:Concept",), label))


def _bodies(record: DatasetRecord, said: Statements, losses: Losses) -> None:
    publisher = record.document.get("publisher", {})
    if record.publisher is not None:
        said.add("dct:publisher", _body(record.publisher))
        if publisher.get("name", record.publisher.name) != record.publisher.name:
            why = f"The publisher is called “{record.publisher.name}”, as in this catalogue."
            losses.at("/publisher/name", why)
    elif publisher:
        said.add("dct:publisher", _agent(publisher["name"], "foaf:Agent"))
        if "organisation" in publisher:
            losses.at("/publisher/organisation", "This body has no page here; only its name was written.")
    if "partOf" in publisher:
        losses.at("/publisher/partOf", f"{FORMAT} has no place for the bodies that the publisher belongs to.")
    for number, creator in enumerate(record.document.get("creator", ())):
        ours = record.publisher
        if ours is not None and creator.get("organisation") == ours.slug:
            said.add("dct:creator", _body(ours))
            continue
        said.add("dct:creator", _agent(creator["name"], *_BODY))
        if "organisation" in creator:
            losses.at(f"/creator/{number}/organisation", "Only the creator’s name was written, not its page here.")
    if record.contact or "contactPoint" in record.document:
        said.add("dcat:contactPoint", contact(record.contact, losses))


def _agent(name: str, *types: str) -> Resource:
    return Resource(None, types, (("foaf:name", Literal(name)),))


def _body(body: Body) -> Resource:
    said = Statements()
    said.text("foaf:name", body.name)
    said.add("foaf:homepage", document(body.website) if body.website else None)
    return said.node(body.address, *_BODY)


def _terms(held: Json, said: Statements, losses: Losses) -> None:
    """Who may have it, on what terms, and how often it changes."""
    said.add("dct:accessRights", from_codelist("access-rights", held.get("accessRights"), "dct:RightsStatement"))
    if "rights" in held:
        said.add("dct:rights", Resource(None, ("dct:RightsStatement",), (("rdfs:label", Literal(held["rights"])),)))
    if "licence" in held:
        said.add("dct:license", licence(held["licence"]))
    said.add("dct:issued", date(held.get("issued")))
    said.add("dct:modified", date(held.get("modified")))
    rhythm = from_codelist("accrual-periodicity", held.get("accrualPeriodicity"), "dct:Frequency")
    said.add("dct:accrualPeriodicity", rhythm)
    for number, law in enumerate(held.get("legalBasis", ())):
        address = iri(law) if law.startswith(("http://", "https://")) else None
        if address is None:
            losses.at(f"/legalBasis/{number}", f"{FORMAT} names a law by its address; “{law}” is none.")
        else:
            said.add("dcatap:applicableLegislation", Resource(address.value, ("eli:LegalResource",)))


def _coverage(held: Json, said: Statements, losses: Losses) -> None:
    for covered in held.get("temporal", ()):
        said.add("dct:temporal", period(covered))
    for number, covered in enumerate(held.get("spatial", ())):
        said.add("dct:spatial", place(covered, f"/spatial/{number}", losses))
    for number, tag in enumerate(held.get("language", ())):
        said.add("dct:language", language(tag, f"/language/{number}", losses))


def _pages(held: Json, said: Statements, losses: Losses) -> None:
    """The pages about it, and the standards it follows."""
    if "landingPage" in held:
        _page("dcat:landingPage", held["landingPage"], "/landingPage", said, losses)
    for number, address in enumerate(held.get("page", ())):
        _page("foaf:page", address, f"/page/{number}", said, losses)
    for number, address in enumerate(held.get("isReferencedBy", ())):
        found = iri(address)
        said.add("dct:isReferencedBy", found)
        if found is None:
            losses.at(f"/isReferencedBy/{number}", f"“{address}” is no address that {FORMAT} can hold.")
    for standard in held.get("conformsTo", ()):
        said.add("dct:conformsTo", labelled("dct:Standard", standard))
    described_by(held, "", said, losses)


def _page(name: str, address: str, pointer: str, said: Statements, losses: Losses) -> None:
    page = document(address)
    said.add(name, page)
    if page is None:
        losses.at(pointer, f"“{address}” is no address that {FORMAT} can hold; it was left out.")


def _others(record: DatasetRecord, kind: str, stubs: Mapping[str, Resource], said: Statements, losses: Losses) -> None:
    """The series it belongs to, and the agreements under which it is shared."""
    for number, name in enumerate(record.document.get("inSeries", ())):
        series = _stub_of(record, name, "dcat:DatasetSeries", stubs) if kind != "data-service" else None
        address = _address_of(record, name)
        if series is not None:
            said.add("dcat:inSeries", series)
        elif address is not None:
            said.add("dct:isPartOf", address)
        else:
            losses.at(f"/inSeries/{number}", f"{FORMAT} names a series by its address; “{name}” is not here.")
    for reference in record.references:
        said.add("dcat:qualifiedRelation", _agreement(reference))


def _stub_of(record: DatasetRecord, name: str, kind: str, stubs: Mapping[str, Resource]) -> Resource | None:
    found = stubs.get(record.others.get(name, ""))
    return found if found is not None and kind in found.types else None


def _address_of(record: DatasetRecord, name: str) -> Iri | None:
    """The address of another dataset: here, or what names it where that is one. “GSA:2015” is none."""
    address = record.others.get(name, name)
    return iri(address) if address.startswith(("http://", "https://", "urn:")) else None


def _agreement(reference: Referrer) -> Resource:
    """An agreement as that to which the dataset is related, in the role of an agreement about it (ODRL)."""
    said = Statements()
    said.text("dct:title", reference.title)
    if reference.state:
        state = (("skos:prefLabel", Literal(reference.state)),)
        said.add("adms:status", Resource(None, ("skos:Concept",), state))
    agreement = said.node(reference.address, "odrl:Agreement")
    return Resource(None, ("dcat:Relationship",), (("dct:relation", agreement), ("dcat:hadRole", _ROLE)))


def _service(record: DatasetRecord, stubs: Mapping[str, Resource], said: Statements, losses: Losses) -> None:
    """What a data service has and a dataset has not. Without an endpoint it cannot be valid."""
    held = record.document
    if not _endpoints(held, "endpointURL", said, losses):
        losses.refused(f"{FORMAT} requires the endpoint of a data service, and this record states none.")
    _endpoints(held, "endpointDescription", said, losses)
    for number, name in enumerate(held.get("servesDataset", ())):
        served = _stub_of(record, name, "dcat:Dataset", stubs)
        address = _address_of(record, name)
        if served is not None:
            said.add("dcat:servesDataset", served)
        elif address is not None:
            said.add("dct:relation", address)
            if name not in record.others:
                why = f"{FORMAT} has this for datasets of the same catalogue only; “{name}” is a dct:relation."
                losses.at(f"/servesDataset/{number}", why)
        else:
            losses.at(f"/servesDataset/{number}", f"{FORMAT} names a dataset by its address; “{name}” is not here.")
    if "distribution" in held:
        losses.lost("distribution", f"{FORMAT} has distributions of datasets, not of data services.")


def _endpoints(held: Json, name: str, said: Statements, losses: Losses) -> bool:
    """Addresses of anything, and whether there is one."""
    found = [iri(address) for address in held.get(name, ())]
    for number, address in enumerate(found):
        if address is None:
            losses.at(f"/{name}/{number}", f"“{held[name][number]}” is no address that {FORMAT} can hold.")
        else:
            said.add(f"dcat:{name}", Resource(address.value, ("rdfs:Resource",)))
    return any(found)


def _catalogue_record(record: DatasetRecord, losses: Losses) -> Resource:
    """Our record of the dataset: when it came here and changed, and where it comes from."""
    held = record.document
    origin = held.get("provenance", {})
    said = Statements()
    said.add("foaf:primaryTopic", Iri(record.address))
    said.add("dct:issued", _moment(record.first_recorded_at))
    said.add("dct:modified", _moment(record.changed_at))
    said.add("dct:conformsTo", _STANDARD)
    if entry := codelist("provenance-source").get(origin.get("source", "")):
        said.add("dct:type", _way(entry.code))
    said.add("prov:hadPrimarySource", _source(origin, losses))
    if "extras" in held:
        names = ", ".join(f"“{name}”" for name in list(held["extras"])[:8]) + (" …" if len(held["extras"]) > 8 else "")
        losses.lost("extras", f"{FORMAT} has no place for the source’s other statements: {names}.")
    return said.node(record_address(record.address), "dcat:CatalogRecord")


@cache
def _way(code: str) -> Resource:
    """How records come here, by the code of our list."""
    title = codelist("provenance-source")[code].title
    how = (("skos:prefLabel", Literal(title, language="en")), ("skos:notation", Literal(code)))
    return Resource(None, ("skos:Concept",), how)


def _source(origin: Json, losses: Losses) -> Resource | None:
    address = iri(origin["sourceAddress"]) if "sourceAddress" in origin else None
    if "sourceAddress" in origin and address is None:
        losses.at("/provenance/sourceAddress", f"“{origin['sourceAddress']}” is no address that {FORMAT} can hold.")
    said = Statements()
    said.text("dct:title", origin.get("sourceName"))
    said.text("dct:description", origin.get("seen"))
    if "licence" in origin:
        said.add("dct:license", licence(origin["licence"]))
    if address is None and not said.all:
        return None
    return said.node(address.value if address else None, "prov:Entity")


def _moment(moment: datetime) -> Literal:
    return Literal(moment.isoformat().replace("+00:00", "Z"), "xsd:dateTime")
