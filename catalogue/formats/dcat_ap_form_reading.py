"""DCAT: the distributions of a dataset, read. `dcat_ap_forms` is the counterpart."""

import re

from pyoxigraph import Literal as Text

from catalogue.formats.checksums import algorithm_name
from catalogue.formats.dcat_node import NodeReader
from catalogue.formats.dcat_terms import address_of, is_described, label_of, name_of, words_of
from catalogue.formats.eu_tables import file_type_name, media_type_name
from catalogue.formats.members import Members, with_stated
from catalogue.formats.rdf_order import Term
from catalogue.formats.rdf_reading import Graph
from schemas.canonical import Json

_NUMBER, _DIGITS = re.compile("[0-9]+"), 12
_MEDIA_TYPE = re.compile(r"[a-z]+/[\w.+-]+", re.IGNORECASE)


def distributions(graph: Graph, terms: list[Term], members: Members) -> tuple[list[Json], list[Json]]:
    """The distributions, and what is left of them with each one's position.

    They stand by their titles, numbers in them by size. One that the file only names by an address is kept by that.
    """
    forms: list[Json] = []
    left: list[Json] = []
    for number, term in enumerate(sorted(terms, key=lambda term: _by_title(graph, term))):
        if isinstance(term, Text) or not is_described(graph, term):
            name = address_of(term) or words_of(graph, term)
            members.warn("dcat:distribution", f"The file does not describe the distribution {name}; it was left out.")
            left.append({"members": {"address": name}})
            continue
        reader = NodeReader(
            graph, term, (*members.path, "dcat:distribution", number), members.problems, members.cleanings
        )
        form = _distribution(reader)
        rest = reader.extras()
        if rest:
            left.append({"position": len(forms), "members": rest} if form else {"members": rest})
        if form:
            forms.append(form)
        elif not rest:
            members.warn("dcat:distribution", "Nothing is said of a distribution; it was left out.")
    return forms, left


def _by_title(graph: Graph, term: Term) -> tuple[bool, str]:
    title = label_of(graph, term, "dct:title").casefold()
    return not title, _NUMBER.sub(lambda match: match[0].zfill(_DIGITS), title)


def _distribution(reader: NodeReader) -> Json:
    media_type = _media_type(reader)
    return with_stated(
        identifier=reader.first("dct:identifier"),
        title=reader.title(),
        description=reader.plain("dct:description"),
        accessURL=reader.address("dcat:accessURL"),
        downloadURL=reader.address("dcat:downloadURL"),
        mediaType=media_type,
        format=_format(reader, media_type or ""),
        byteSize=_size(reader),
        licence=reader.licence(),
        rights=reader.rights(),
        issued=reader.date("dct:issued"),
        modified=reader.date("dct:modified"),
        language=reader.languages(),
        checksum=_checksum(reader),
        conformsTo=reader.texts("dct:conformsTo"),
        **reader.described_by(),
    )


def _format(reader: NodeReader, media_type: str) -> str | None:
    named = [(term, _form_name(reader.graph, term)) for term in reader.take("dct:format")]
    found = [reader.said_by("dct:format", term, name, media_type) for term, name in named]
    return reader.chosen("dct:format", [name for name in found if name != media_type])


def _form_name(graph: Graph, term: Term) -> str:
    said = words_of(graph, term)
    return file_type_name(said) or media_type_name(said) or name_of(graph, term)


def _media_type(reader: NodeReader) -> str | None:
    """The media type; where none is stated the one that stands in the format as its value, beside its name."""
    graph = reader.graph
    terms = reader.take("dcat:mediaType")
    said = [reader.said_by("dcat:mediaType", term, words_of(graph, term)) for term in terms]
    if not terms:
        forms = reader.terms.get("dct:format", ())
        values = [words_of(graph, value) for form in forms for value in graph.values(form, "rdf:value")]
        said = [text for text in values if _MEDIA_TYPE.fullmatch(text)]
    return reader.chosen("dcat:mediaType", [media_type_name(text) or text for text in said])


def _size(reader: NodeReader) -> int | None:
    """The size in bytes; sources write it as decimal or with an exponent too."""
    said = [words_of(reader.graph, term) for term in reader.take("dcat:byteSize")]
    for text in said[:1]:
        reader.members.rest["dcat:byteSize"] = re.sub(r"\.0*(?:E0)?$", "", text)
    return reader.members.whole_number("dcat:byteSize")


def _checksum(reader: NodeReader) -> Json | None:
    graph = reader.graph
    for term in reader.take("spdx:checksum"):
        value = next((words_of(graph, one) for one in graph.values(term, "spdx:checksumValue")), "")
        algorithm = next((words_of(graph, one) for one in graph.values(term, "spdx:algorithm")), "")
        if value and algorithm:
            return {"algorithm": algorithm_name(algorithm), "value": value}
        reader.members.warn("spdx:checksum", "A checksum needs its algorithm and its value; it was left out.")
    return None
