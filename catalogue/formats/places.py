"""Places covered, as sources write them: a name, an address, a box, or a shape of which the box is kept.

DCAT-US 1.1 ("spatial") allows text, a box as `west,south,east,north`, a point, and GeoJSON; CKAN portals write
GeoJSON into the extra `spatial`.
"""

import json
import math
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from schemas.canonical import Json
from schemas.checking import is_web_address

_SHAPE = re.compile(
    r"(?:SRID=\d+;)?(?:MULTI)?(?:POLYGON|POINT|LINESTRING|GEOMETRYCOLLECTION)\s*Z?M?\s*\(|<", re.IGNORECASE
)
_DEGREES = re.compile(r"-?[0-9]{1,3}([.][0-9]+)?")


def read_place(value: object) -> tuple[Json | None, bool]:
    """A place in our form, and whether that says all the source says.

    None where the value is no place that can be read with certainty.
    """
    if isinstance(value, dict):
        return _read_object(value)
    if not isinstance(value, str):
        return None, False
    text = value.strip()
    if box := _box(text.split(",")):
        return {"bbox": box}, True
    if is_web_address(text):
        return {"uri": text}, True
    if text[:1] in {"{", "["}:
        return _read_written_out(text)
    if _SHAPE.match(text) or not any(letter.isalpha() for letter in text):
        return None, False
    return {"name": text}, True


def write_place(place: Json) -> str | None:
    """A place as one text: its box, else its name, address or code."""
    if "bbox" in place:
        return ",".join(place["bbox"])
    return next((str(place[name]) for name in ("name", "uri", "code") if name in place), None)


def _read_written_out(text: str) -> tuple[Json | None, bool]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None, False
    return _read_object(value) if isinstance(value, dict) else (None, False)


def _read_object(value: Json) -> tuple[Json | None, bool]:
    name = value.get("name") or value.get("prefLabel")
    if "coordinates" not in value and isinstance(name, str) and name.strip():
        return {"name": name.strip()}, set(value) <= {"name", "prefLabel", "@type"}
    points = list(_points(value.get("coordinates")))
    if not points:
        return None, False
    longitudes, latitudes = [x for x, _ in points], [y for _, y in points]
    box = _box([str(edge) for edge in (min(longitudes), min(latitudes), max(longitudes), max(latitudes))])
    return ({"bbox": box}, _is_box(value, points)) if box else (None, False)


def _points(value: Any, depth: int = 0) -> Iterator[tuple[float, float]]:  # noqa: ANN401 - any JSON value
    if not isinstance(value, list) or depth > 4:
        return
    if len(value) in {2, 3} and all(isinstance(part, int | float) and math.isfinite(part) for part in value):
        yield value[0], value[1]
        return
    for item in value:
        yield from _points(item, depth + 1)


def _is_box(value: Json, points: list[tuple[float, float]]) -> bool:
    if str(value.get("type", "")).casefold() == "envelope":
        return True
    corners = {(x, y) for x in {x for x, _ in points} for y in {y for _, y in points}}
    single = value.get("type") == "Polygon" and len(value["coordinates"]) == 1
    return single and len(points) == 5 and set(points) == corners


def _box(edges: list[str]) -> list[str] | None:
    """West, south, east, north as the schema writes them; None where these are no four degrees."""
    if len(edges) != 4:
        return None
    written = [_degrees(edge, limit) for edge, limit in zip(edges, (180, 90, 180, 90), strict=True)]
    if any(edge is None for edge in written):
        return None
    west, south, east, north = (str(edge) for edge in written)
    return [west, south, east, north] if Decimal(south) <= Decimal(north) else None


def _degrees(text: str, limit: int) -> str | None:
    text = text.strip().removeprefix("+")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) > limit:
        return None
    return text if _DEGREES.fullmatch(text) else f"{number:f}"
