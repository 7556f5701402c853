"""DCAT (DCAT-AP, DCAT-US 3 and what resembles them): one dataset of a graph, read into our form.

`dcat_ap_writing` is the counterpart. What is read leniently is told; statements that have no place here are kept
under `extras` by their compact names, texts in further languages as `dct:title@fr`.
"""

from collections.abc import Callable, Iterable, Mapping

from catalogue.formats import dcat_ap_people as people
from catalogue.formats.access_levels import access_code
from catalogue.formats.converted import STAND_IN, FromSource
from catalogue.formats.dcat_ap_form_reading import distributions
from catalogue.formats.dcat_ap_places import periods, places
from catalogue.formats.dcat_node import NodeReader
from catalogue.formats.dcat_periodicity import rhythm_code
from catalogue.formats.dcat_terms import address_of, name_of, words_of
from catalogue.formats.members import with_stated
from catalogue.formats.rdf import expanded
from catalogue.formats.rdf_order import Node, Term
from catalogue.formats.rdf_reading import Graph
from catalogue.formats.themes import theme_codes
from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json


def dataset_from_dcat(
    graph: Graph,
    node: Node,
    provenance: Mapping[str, str] | None = None,
    named_in: Mapping[str, list[str]] | None = None,
) -> FromSource:
    """One dataset, series or data service of a graph in our form. `provenance` is what is known of the catalogue.

    `named_in` has the series that name a dataset as theirs (`series_by_member`).

    Nothing raises. What cannot be read is a warning and kept under `extras` as it is.
    """
    reader = _DatasetReader(graph, node, (), [], [])
    members = reader.members
    contact = people.contact(graph, reader.take("dcat:contactPoint", "adms:contactPoint"), members)
    document = with_stated(
        schemaVersion=DATASET_VERSION,
        kind=_kind(graph, node),
        identifier=reader.first("dct:identifier", "dcat:identifier"),
        title=reader.title(),
        alternativeTitle=reader.texts("dct:alternative"),
        description=reader.description(),
        **reader.made_by(),
        keyword=members.word_set("dcat:keyword"),
        rights=reader.rights(),
        licence=reader.licence(),
        issued=reader.date("dct:issued", "dct:created"),
        modified=reader.date("dct:modified"),
        accrualPeriodicity=reader.code("dct:accrualPeriodicity", rhythm_code, "frequency"),
        accessRights=reader.code("dct:accessRights", _access, "level of access"),
        temporal=periods(graph, reader.take("dct:temporal"), members),
        spatial=places(graph, reader.take("dct:spatial"), members),
        language=reader.languages(),
        landingPage=reader.address("dcat:landingPage"),
        page=reader.addresses("foaf:page"),
        conformsTo=reader.texts("dct:conformsTo"),
        isReferencedBy=reader.addresses("dct:isReferencedBy"),
        version=reader.first("dcat:version", "owl:versionInfo"),
        inSeries=reader.series((named_in or {}).get(_called(graph, node), ())),
        legalBasis=reader.texts("dcatap:applicableLegislation"),
        **reader.service(),
        **reader.themes(),
        **reader.described_by(),
    )
    reader.pass_over_agreements()
    forms, left = distributions(graph, reader.take("dcat:distribution"), members)
    document |= with_stated(distribution=forms, extras=reader.extras() | with_stated(distribution=left))
    document["provenance"] = {"source": "imported", **(provenance or {})}
    return FromSource(document, contact, tuple(members.problems), tuple(members.cleanings))


def _kind(graph: Graph, node: Node) -> str:
    """What a node is, of the types that it has: a series may be typed as a dataset too."""
    types = graph.types(node)
    if "dcat:DataService" in types or ("dcat:Dataset" not in types and graph.subjects("dcat:service", node)):
        return "data-service"
    return "dataset-series" if "dcat:DatasetSeries" in types else "dataset"


def series_by_member(graph: Graph) -> dict[str, list[str]]:
    """The series that name their members, rather than the members them: by the members’ identifiers or addresses."""
    found: dict[str, list[str]] = {}
    for series in graph.of_type("dcat:DatasetSeries"):
        for member in graph.values(series, "dcat:seriesMember"):
            found.setdefault(_called(graph, member), []).append(_called(graph, series))
    return found


def _called(graph: Graph, term: Term) -> str:
    """What a dataset is known by: its identifier in this graph, else its address."""
    identifier = next((words_of(graph, one) for one in graph.values(term, "dct:identifier")), "")
    return identifier or words_of(graph, term)


class _DatasetReader(NodeReader):
    """The statements about a dataset."""

    def description(self) -> str | None:
        """The description, else the abstract. What our own export writes in place of one is none."""
        text = self.plain("dct:description") or self.plain("dct:abstract")
        return None if text == STAND_IN else text

    def code(self, name: str, meaning: Callable[[Graph, Term], str | None], what: str) -> str | None:
        """A code of one of our lists, by whatever it is written as. What is none, or a second one, is kept."""
        codes = [(term, meaning(self.graph, term)) for term in self.take(name)]
        found = next((code for _, code in codes if code), None)
        for term, code in codes:
            text = words_of(self.graph, term)
            if code is None and text:
                self.members.put_beside(name, text, f"“{text}” is no {what} that is known here.")
                self.said_by(name, term, text)
            elif code != found:
                self.members.put_beside(name, text, f"There are several values; “{found}” was read.")
        return found

    def others(self, *names: str) -> list[str]:
        """Other datasets, by the identifiers that they have in this graph, else by their addresses."""
        found = [_called(self.graph, term) for term in self.take(*names)]
        return list(dict.fromkeys(text for text in found if text))

    def made_by(self) -> Json:
        """Who publishes it and who made it."""
        publishers = self.take("dct:publisher")
        return {
            "publisher": people.publisher(self.graph, publishers, self.members),
            "creator": people.creators(self.graph, self.take("dct:creator"), publishers, self.members),
        }

    def series(self, named_in: Iterable[str]) -> list[str]:
        """The series that the dataset names, and those that name it."""
        return list(dict.fromkeys([*self.others("dcat:inSeries", "dct:isPartOf"), *named_in]))

    def service(self) -> Json:
        """What only data services have."""
        return {
            "servesDataset": self.others("dcat:servesDataset"),
            "endpointURL": self.addresses("dcat:endpointURL"),
            "endpointDescription": self.addresses("dcat:endpointDescription"),
        }

    def themes(self) -> Json:
        """Themes: the EU's as our codes; every other by what it is called."""
        codes: set[str] = set()
        names: set[str] = set()
        for term in self.take("dcat:theme", "dct:subject"):
            found = theme_codes([address_of(term)])
            if found:
                codes.update(found)
            elif name := name_of(self.graph, term):
                names.add(self.said_by("dcat:theme", term, name))
        ordered = sorted(names, key=lambda text: (text.casefold(), text))
        return with_stated(theme=sorted(codes | set(theme_codes(ordered))), sourceTheme=ordered)

    def pass_over_agreements(self) -> None:
        """Leave out the relations to agreements, as this catalogue writes them: the register tells them itself."""
        held = self.terms.pop("dcat:qualifiedRelation", [])
        others = [term for term in held if not self._is_of_an_agreement(term)]
        if others:
            self.terms["dcat:qualifiedRelation"] = others

    def _is_of_an_agreement(self, term: Term) -> bool:
        return [address_of(role) for role in self.graph.values(term, "dcat:hadRole")] == [expanded("odrl:Agreement")]


def _access(graph: Graph, term: Term) -> str | None:
    return access_code(words_of(graph, term))
