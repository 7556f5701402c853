"""DCAT (DCAT-AP, DCAT-US 3 and what resembles them): one dataset of a graph, read into our form.

`dcat_ap_writing` is the counterpart. What is read leniently is told; statements that have no place here are kept
under `extras` by their compact names, texts in further languages as `dct:title@fr`.
"""

from collections.abc import Callable, Mapping

from catalogue.formats import dcat_ap_people as people
from catalogue.formats.converted import STAND_IN, FromSource
from catalogue.formats.data_json import ACCESS_LEVELS
from catalogue.formats.dcat_ap_form_reading import distributions
from catalogue.formats.dcat_ap_places import periods, places
from catalogue.formats.dcat_node import NodeReader
from catalogue.formats.dcat_terms import (
    address_of,
    local_name,
    name_of,
    words_of,
)
from catalogue.formats.members import with_stated
from catalogue.formats.periodicity import periodicity_code
from catalogue.formats.rdf import expanded
from catalogue.formats.rdf_order import Node, Term
from catalogue.formats.rdf_reading import Graph
from catalogue.formats.themes import theme_codes
from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json
from schemas.codelists import codelist

_DUBLIN_CORE_FREQUENCIES = {
    "continuous": "continuous",
    "daily": "daily",
    "threeTimesAWeek": "three-times-a-week",
    "semiweekly": "twice-weekly",
    "weekly": "weekly",
    "threeTimesAMonth": "three-times-a-month",
    "biweekly": "fortnightly",
    "semimonthly": "twice-monthly",
    "monthly": "monthly",
    "bimonthly": "every-two-months",
    "quarterly": "quarterly",
    "threeTimesAYear": "three-times-a-year",
    "semiannual": "twice-yearly",
    "annual": "annual",
    "biennial": "every-two-years",
    "triennial": "every-three-years",
    "irregular": "irregular",
}


def dataset_from_dcat(graph: Graph, node: Node, provenance: Mapping[str, str] | None = None) -> FromSource:
    """One dataset, series or data service of a graph in our form. `provenance` is what is known of the catalogue.

    Nothing raises. What cannot be read is a warning and kept under `extras` as it is.
    """
    reader = _DatasetReader(graph, node, (), [], [])
    members = reader.members
    contact = people.contact(graph, reader.take("dcat:contactPoint", "adms:contactPoint"), members)
    publishers = reader.take("dct:publisher")
    document = with_stated(
        schemaVersion=DATASET_VERSION,
        kind=_kind(graph, node),
        identifier=reader.first("dct:identifier"),
        title=reader.plain("dct:title"),
        alternativeTitle=reader.texts("dct:alternative"),
        description=reader.description(),
        publisher=people.publisher(graph, publishers, members),
        creator=people.creators(graph, reader.take("dct:creator"), publishers, members),
        keyword=members.word_set("dcat:keyword"),
        rights=reader.first("dct:rights"),
        licence=reader.first("dct:license", "dct:licence"),
        issued=reader.date("dct:issued", "dct:created"),
        modified=reader.date("dct:modified"),
        accrualPeriodicity=reader.code("dct:accrualPeriodicity", _rhythm, "frequency"),
        accessRights=reader.code("dct:accessRights", _access, "level of access"),
        temporal=periods(graph, reader.take("dct:temporal"), members),
        spatial=places(graph, reader.take("dct:spatial"), members),
        language=reader.languages(),
        landingPage=reader.address("dcat:landingPage"),
        page=reader.addresses("foaf:page"),
        conformsTo=reader.texts("dct:conformsTo"),
        isReferencedBy=reader.addresses("dct:isReferencedBy"),
        version=reader.first("dcat:version", "owl:versionInfo"),
        inSeries=reader.others("dcat:inSeries", "dct:isPartOf"),
        servesDataset=reader.others("dcat:servesDataset"),
        endpointURL=reader.addresses("dcat:endpointURL"),
        endpointDescription=reader.addresses("dcat:endpointDescription"),
        legalBasis=reader.texts("dcatap:applicableLegislation"),
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


class _DatasetReader(NodeReader):
    """The statements about a dataset."""

    def description(self) -> str | None:
        """The description. What our own export writes in place of one is none."""
        text = self.plain("dct:description")
        return None if text == STAND_IN else text

    def code(self, name: str, meaning: Callable[[str], str | None], what: str) -> str | None:
        """A code of one of our lists, by whatever it is written as."""
        stated = [name_of(self.graph, term) if not address_of(term) else address_of(term) for term in self.take(name)]
        codes = [(text, meaning(text)) for text in stated if text]
        found = next((code for _, code in codes if code), None)
        unread = [text for text, code in codes if code is None]
        if unread:
            self.members.put_back(name, unread[0], f"“{unread[0]}” is no {what} that is known here.")
        return found

    def others(self, *names: str) -> list[str]:
        """Other datasets, by the identifiers that they have in this graph, else by their addresses."""
        found = []
        for term in self.take(*names):
            identifier = next((words_of(self.graph, one) for one in self.graph.values(term, "dct:identifier")), "")
            found.append(identifier or words_of(self.graph, term))
        return list(dict.fromkeys(text for text in found if text))

    def themes(self) -> Json:
        """Themes: the EU's as our codes; every other by what it is called."""
        codes: set[str] = set()
        names: set[str] = set()
        for term in self.take("dcat:theme", "dct:subject"):
            found = theme_codes([address_of(term)])
            if found:
                codes.update(found)
            elif name := name_of(self.graph, term):
                names.add(name)
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


def _rhythm(text: str) -> str | None:
    local = local_name(text) if text.startswith("http") else text
    by_name = _DUBLIN_CORE_FREQUENCIES.get(local) if "purl.org" in text or text == local else None
    return periodicity_code(text.replace("https://publications", "http://publications")) or by_name


def _access(text: str) -> str | None:
    folded = local_name(text).casefold() if text.startswith("http") else text.casefold()
    codes = codelist("access-rights").values()
    by_word = {entry.same_as.rpartition("/")[2].casefold(): entry.code for entry in codes}
    return ACCESS_LEVELS.get(folded) or by_word.get(folded.replace("-", "_"))
