"""DCAT-AP 3.0.1: the catalogue itself, and a whole document of it, written as a stream."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from catalogue.formats.counting import Counted
from catalogue.formats.dcat_ap_nodes import FORMAT, Statements, document, licence
from catalogue.formats.dcat_ap_writing import PROFILE, dataset_to_dcat, record_address
from catalogue.formats.eu_tables import AUTHORITY
from catalogue.formats.exported import CatalogueDetails, DatasetRecord
from catalogue.formats.rdf import Iri, Literal, Resource
from catalogue.formats.rdf_writing import RdfForm, rdf_parts

_NO_STUBS: Mapping[str, Resource] = {}


def catalogue_iri(details: CatalogueDetails) -> str:
    """The address that stands for the catalogue."""
    return f"{details.address}/catalog"


def catalogue_to_dcat(details: CatalogueDetails, counts: Counted) -> Resource:
    """The catalogue without its datasets. What was left out of it and stood in for is said in its description."""
    said = Statements()
    said.text("dct:title", details.title)
    said.add("dct:description", Literal(_description(details, counts), language="en"))
    publisher = Resource(None, ("foaf:Agent",), (("foaf:name", Literal(details.publisher)),))
    said.add("dct:publisher", publisher)
    if details.licence:
        said.add("dct:license", licence(details.licence))
    said.add("dct:modified", _moment(details.changed_at) if details.changed_at else None)
    said.add("foaf:homepage", document(f"{details.address}/"))
    said.add("dct:language", Resource(f"{AUTHORITY}language/ENG", ("dct:LinguisticSystem",)))
    themes = (("dct:title", Literal("Data theme", language="en")),)
    said.add("dcat:themeTaxonomy", Resource(f"{AUTHORITY}data-theme", ("skos:ConceptScheme",), themes))
    said.add("dct:conformsTo", Resource(PROFILE, ("dct:Standard",)))
    return said.node(catalogue_iri(details), "dcat:Catalog", "dcat:Resource")


def catalogue_link(details: CatalogueDetails, node: Resource) -> Resource:
    """That a dataset or data service, and the record of it, belong to the catalogue."""
    if node.iri is None:
        raise ValueError("a dataset has an address")
    name = "dcat:service" if "dcat:DataService" in node.types else "dcat:dataset"
    held = ((name, Iri(node.iri)), ("dcat:record", Iri(record_address(node.iri))))
    return Resource(catalogue_iri(details), (), held)


def dcat_document(
    details: CatalogueDetails,
    records: Iterable[DatasetRecord],
    counts: Counted,
    form: RdfForm = RdfForm.TURTLE,
    stubs: Mapping[str, Resource] = _NO_STUBS,
) -> Iterator[bytes]:
    """The whole catalogue in parts. `counts` tells what a first pass over the same records found."""
    return rdf_parts(_resources(details, records, counts, stubs), form)


def _resources(
    details: CatalogueDetails, records: Iterable[DatasetRecord], counts: Counted, stubs: Mapping[str, Resource]
) -> Iterator[Resource]:
    yield catalogue_to_dcat(details, counts)
    for record in records:
        node = dataset_to_dcat(record, stubs).node
        if node is not None:
            yield node
            yield catalogue_link(details, node)


def _description(details: CatalogueDetails, counts: Counted) -> str:
    return f"Datasets that government holds, recorded by {details.publisher}. {counts.sentence(FORMAT)}"


def _moment(moment: datetime) -> Literal:
    return Literal(moment.astimezone(UTC).isoformat().replace("+00:00", "Z"), "xsd:dateTime")
