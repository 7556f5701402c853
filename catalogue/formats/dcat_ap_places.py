"""DCAT: periods and places covered, in the ways in which catalogues write them."""

import json
import re

from pyoxigraph import BlankNode
from pyoxigraph import Literal as Text

from catalogue.formats.dcat_terms import address_of, beside, label_of, tells_of_itself, words_of
from catalogue.formats.members import Members, each, with_stated
from catalogue.formats.periods import read_period
from catalogue.formats.places import read_place
from catalogue.formats.rdf_order import Term
from catalogue.formats.rdf_reading import Graph
from schemas.canonical import Json
from schemas.checking import is_web_address
from schemas.dates import first_day, last_day
from schemas.errors import InvalidInput

_TIME = "http://www.w3.org/2006/time#"
_STARTS = ("dcat:startDate", "schema:startDate", "http://data.europa.eu/m8g/startTime", f"{_TIME}hasBeginning")
_ENDS = ("dcat:endDate", "schema:endDate", "http://data.europa.eu/m8g/endTime", f"{_TIME}hasEnd")
_MOMENTS = tuple(
    f"{_TIME}{name}" for name in ("inXSDDate", "inXSDDateTimeStamp", "inXSDDateTime", "inXSDgYearMonth", "inXSDgYear")
)
_PLACE_NAMES = (
    *("skos:prefLabel", "rdfs:label", "locn:geographicName", "locn:geographicalName"),
    *("dct:title", "schema:name", "foaf:name"),
)
_ITALIAN = "http://dati.gov.it/onto/dcatapit#geographicalIdentifier"
_SHAPES = ("dcat:bbox", "locn:geometry", "dcat:centroid", "gsp:asWKT", "gsp:asGeoJSON", "schema:box")
_CRS = re.compile(r"^\s*<([^>]*)>\s*")
_LATITUDE_FIRST = re.compile(r"EPSG/[\d.]+/4326$")
_LONGITUDE_FIRST = re.compile(r"CRS84$")
_RING = re.compile(r"(?:SRID=4326;)?\s*(POLYGON|ENVELOPE|POINT)\s*\(+([^()]*)\)+\s*", re.IGNORECASE)


def periods(graph: Graph, terms: list[Term], members: Members) -> list[Json]:
    """The periods covered. A date that cannot be read is kept as it is; so is a text that is meant as a period."""
    found = [_period(graph, term, members) for term in terms]
    return [period for period in found if period]


def _period(graph: Graph, term: Term, members: Members) -> Json:
    if isinstance(term, Text):
        try:
            return read_period(term.value)
        except InvalidInput as error:
            members.put_beside("dct:temporal", term.value, error.message, error.advice)
            return {}
    said = {"start": _date(graph, term, _STARTS), "end": _date(graph, term, _ENDS)}
    inside = members.inside({name: text for name, text in said.items() if text}, "dct:temporal")
    period = with_stated(start=inside.date("start"), end=inside.date("end"), text=label_of(graph, term))
    texts = {text for text in said.values() if text}
    read = [name for name in (*_STARTS, *_ENDS) if set(_dates(graph, term, (name,))) <= texts]
    left = {**beside(graph, term, [], read, (period.get("text", ""),)), **inside.rest}
    if left:
        members.rest["dct:temporal"] = [*each(members.rest.get("dct:temporal")), left]
    if left and not period and not inside.rest:
        members.warn("dct:temporal", "A period is written in a way that is not read here; it was kept as it is.")
    if {"start", "end"} <= period.keys() and first_day(period["start"]) > last_day(period["end"]):
        members.warn("dct:temporal", f"The period ends ({period['end']}) before it starts ({period['start']}).")
    if not period:
        return {"text": address_of(term)} if address_of(term) else {}
    return period


def _date(graph: Graph, term: Term, names: tuple[str, ...]) -> str:
    return next((text for text in _dates(graph, term, names) if text), "")


def _dates(graph: Graph, term: Term, names: tuple[str, ...]) -> list[str]:
    """The date under each of these properties, empty where there is none that is read."""
    return [
        words_of(graph, value)
        if isinstance(value, Text)
        else next((words_of(graph, moment) for moment in graph.values(value, *_MOMENTS)), "")
        for value in graph.values(term, *names)
    ]


def places(graph: Graph, terms: list[Term], members: Members) -> list[Json]:
    """The places covered. A shape is read as the box around it and kept as it is too; so is what is not read."""
    found: list[Json] = []
    kept: list[str] = []
    more: list[Json] = []
    for term in terms:
        if isinstance(term, Text):
            place, whole = _written(term.value)
            if place:
                found.append(place)
            if not whole:
                kept.append(term.value)
        elif place := _place(graph, term, kept, more):
            found.append(place)
        elif not kept:
            members.warn("dct:spatial", "A place is written in a way that is not read here; it was kept as it is.")
    if kept or more:
        members.rest["dct:spatial"] = [*kept, *more]
    if kept:
        members.warn("dct:spatial", "A shape is written in a way that is not read whole here; it was kept as it is.")
    return found


def _place(graph: Graph, term: Term, kept: list[str], more: list[Json]) -> Json:
    address = address_of(term)
    if isinstance(term, BlankNode):
        address = next((address_of(same) for same in graph.values(term, "skos:exactMatch")), "")
    box: list[str] | None = None
    for value in graph.values(term, *_SHAPES):
        for shape in [value] if isinstance(value, Text) else graph.values(value, *_SHAPES):
            place, whole = _written(words_of(graph, shape))
            box = box or (place or {}).get("bbox")
            if not whole or "bbox" not in (place or {}):
                kept.append(words_of(graph, shape))
    units = graph.values(term, "locn:adminUnitL2", "locn:adminUnitL1")
    name = label_of(graph, term, *_PLACE_NAMES) or next((unit.value for unit in units if isinstance(unit, Text)), "")
    named = [*graph.values(term, _ITALIAN), *(unit for unit in units if address_of(unit))]
    address = address or next((words_of(graph, value) for value in named), "")
    code = next((words_of(graph, value) for value in graph.values(term, "dct:identifier", "skos:notation")), "")
    if isinstance(term, BlankNode) or tells_of_itself(graph, term):
        left = beside(graph, term, [], _SHAPES, (name, code, address))
        more.extend([left] if left else [])
    return with_stated(name=name, code=code, uri=address if is_web_address(address) else "", bbox=box)


def _written(text: str) -> tuple[Json | None, bool]:
    """A place written as one text, and whether that was read whole."""
    crs = _CRS.match(text)
    if crs is not None and not (_LATITUDE_FIRST.search(crs[1]) or _LONGITUDE_FIRST.search(crs[1])):
        return None, False
    match = _RING.fullmatch(text[crs.end() :] if crs else text)
    if match is None:
        return read_place(text)
    pairs = [pair.split()[:2] for pair in match[2].split(",")]
    if match[1].upper() == "ENVELOPE":  # west, east, north, south
        west, east, north, south = (part.strip() for part in (match[2].split(",") + [""] * 4)[:4])
        return read_place(f"{west},{south},{east},{north}")
    if any(len(pair) < 2 for pair in pairs):
        return None, False
    if crs is not None and _LATITUDE_FIRST.search(crs[1]):
        pairs = [pair[::-1] for pair in pairs]
    return _own_box(pairs) or _around(pairs, match[1].upper())


def _own_box(pairs: list[list[str]]) -> tuple[Json, bool] | None:
    """A box whose corners stand as `dcat_ap_nodes` writes them: its numbers stay as they are written."""
    if len(pairs) != 5 or pairs[0] != pairs[4]:
        return None
    (west, south), (east, low), (right, north), (left, high) = pairs[:4]
    if (south, east, north, west) != (low, right, high, left):
        return None
    try:
        crosses = float(west) > float(east)
        if float(south) > float(north) or (crosses and not float(west) > 0 > float(east)):
            return None
    except ValueError:
        return None
    place, whole = read_place(f"{west},{south},{east},{north}")
    return (place, whole) if place is not None and "bbox" in place else None


def _around(pairs: list[list[str]], kind: str) -> tuple[Json | None, bool]:
    try:
        points = [[float(part) for part in pair] for pair in pairs]
    except ValueError:
        return None, False
    shape = {"type": "Polygon", "coordinates": [points]} if kind == "POLYGON" else {"coordinates": points[0]}
    return read_place(json.dumps({"type": "Point", **shape}))
