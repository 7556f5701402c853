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
    stated = [with_stated(**ends), *_periods_covered(members)]
    return [period for period in stated if period] or periods_in(members, "temporal")


def _periods_covered(members: Members) -> list[Json]:
    """The periods as ckanext-dcat has them since its version 2."""
    found: list[Json] = []
    unread: list[Json] = []
    for number, item in groups(each(members.rest.get("temporal_coverage"))):
        inside = members.inside(item, "temporal_coverage", number)
        found.append(with_stated(start=inside.date("start"), end=inside.date("end")))
        unread.append({name: inside.rest[name] for name in ("start", "end") if name in inside.rest})
    if found:
        members.take("temporal_coverage")
        members.rest |= with_stated(temporal_coverage=[ends for ends in unread if ends])
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
    return [*found, *_places_covered(members)]


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
