"""DCAT: how often data is updated, in the lists and the ways in which catalogues write it."""

from catalogue.formats.dcat_terms import address_of, label_of, words_of
from catalogue.formats.periodicity import periodicity_code
from catalogue.formats.rdf_order import Term
from catalogue.formats.rdf_reading import Graph

_UNITS = {
    "years": "P{}Y",
    "months": "P{}M",
    "weeks": "P{}W",
    "days": "P{}D",
    "hours": "PT{}H",
    "minutes": "PT{}M",
    "seconds": "PT{}S",
}
_TIME = "http://www.w3.org/2006/time#"


def rhythm_code(graph: Graph, term: Term) -> str | None:
    """Our code of a frequency: by its address, its name, the value in it, or how long it says it lasts (OWL-Time)."""
    inside = graph.values(term, "rdf:value")
    for stated in (term, *inside):
        said = (address_of(stated), words_of(graph, stated), label_of(graph, stated), _duration(graph, stated))
        if found := next((code for text in said if text and (code := periodicity_code(text))), None):
            return found
    return None


def _duration(graph: Graph, term: Term) -> str:
    """A duration of one unit as ISO 8601 has it; empty for any other."""
    parts = [
        form.format(number.removesuffix(".0"))
        for unit, form in _UNITS.items()
        for value in graph.values(term, f"{_TIME}{unit}")
        if (number := words_of(graph, value)) not in {"0", "0.0"}
    ]
    return parts[0] if len(parts) == 1 else ""
