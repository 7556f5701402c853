"""CKAN: the periods and places that a package covers, in the names that its extensions have for them."""

from catalogue.formats.ckan_extras import groups
from catalogue.formats.members import Members, each, with_stated
from catalogue.formats.periods import periods_in
from catalogue.formats.places import read_place
from schemas.canonical import Json
from schemas.checking import is_web_address


def periods(members: Members) -> list[Json]:
    """The periods covered."""
    ends = {name: members.date(f"temporal_{name}") for name in ("start", "end")}
    others = {"start": "temporal_coverage-from", "end": "temporal_coverage-to"}  # of data.gov.uk
    ends = {name: found or members.date(others[name]) for name, found in ends.items()}
    stated = [
        with_stated(**ends),
        *_periods_covered(members, "temporal_coverage"),
        *_periods_covered(members, "temporals"),
    ]
    return [period for period in stated if period] or periods_in(members, "temporal")


def _periods_covered(members: Members, name: str) -> list[Json]:
    """The periods as ckanext-dcat has them since its version 2, and opendata.swiss under names of its own."""
    found: list[Json] = []
    unread: list[Json] = []
    for number, item in groups(each(members.rest.get(name))):
        inside = members.inside(item, name, number)
        ends = {end: inside.date(end) or inside.date(f"{end}_date") for end in ("start", "end")}
        found.append(with_stated(**ends))
        unread.append(inside.rest)
    if found:
        members.take(name)
        members.rest |= with_stated(**{name: [left for left in unread if left]})
    return found


def places(members: Members) -> list[Json]:
    """The places covered. What is written in a way that is not read is kept and told."""
    found: list[Json] = []
    for name in ("spatial", "spatial_text", "spatial_uri", "spatial-text", "spatial-uri"):
        value = members.take(name)
        if value is None:
            continue
        place, whole = read_place(value)
        if place is None:
            members.put_back(name, value, "This place is written in a way that is not read here.")
            continue
        if not whole:
            members.rest[name] = value  # the box is read from the shape; the shape itself is kept
        found.append(place)
    return [*found, *_box_of_inspire(members), *_places_covered(members)]


def _box_of_inspire(members: Members) -> list[Json]:
    """The box as ckanext-spatial writes it, by its four edges."""
    edges = [members.rest.get(f"bbox-{edge}") for edge in ("west-long", "south-lat", "east-long", "north-lat")]
    place, _ = read_place(",".join(str(edge) for edge in edges)) if None not in edges else (None, False)
    if place is None or "bbox" not in place or members.rest.get("spatial") is not None:
        return []
    for edge in ("west-long", "south-lat", "east-long", "north-lat"):
        members.take(f"bbox-{edge}")
    return [place]


def _places_covered(members: Members) -> list[Json]:
    """The places as ckanext-dcat has them since its version 2: each with its name, address and shape."""
    stated = each(members.take("spatial_coverage"))
    found: list[Json] = []
    whole = len(groups(stated)) == len(stated)
    for _, item in groups(stated):
        shapes = [read_place(item[name]) for name in ("bbox", "geom", "centroid") if item.get(name)]
        box = next((place["bbox"] for place, _ in shapes if place and "bbox" in place), None)
        address = item.get("uri") if is_web_address(str(item.get("uri"))) else None
        text = item.get("text") if isinstance(item.get("text"), str) else None
        found.append(with_stated(name=text, uri=address, bbox=box))
        whole = whole and len(shapes) < 2 and all(read for _, read in shapes) and bool(address) == bool(item.get("uri"))
    if not whole:
        members.rest["spatial_coverage"] = stated  # what is more than name, address and box is kept as it is
    return [place for place in found if place]
