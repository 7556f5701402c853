"""DCAT-US 1.1 (`data.json`): the distributions of a dataset, each valid or left out."""

from typing import Any

from catalogue.formats.columns import fields_of
from catalogue.formats.converted import Losses
from catalogue.formats.data_json_rules import DISTRIBUTION_RULES, LONGEST_DESCRIPTION
from catalogue.formats.members import with_stated
from catalogue.formats.uris import as_uri
from schemas.canonical import Json
from schemas.problems import pointer_to

_NAMES = {"licence": "license"}
_ADDRESSES = ("accessURL", "downloadURL", "describedBy")


def distributions(forms: list[Json], beside: object, losses: Losses) -> list[Json]:
    """The distributions as the format has them, with what the source said of each beside it (`beside`)."""
    said, strays = _beside(beside, len(forms), losses)
    written = [_written(form, said.get(number, {}), number, losses) for number, form in enumerate(forms)]
    return [form for form in (*written, *(_stray(stray, losses) for stray in strays)) if form is not None]


def _beside(value: object, count: int, losses: Losses) -> tuple[dict[int, Json], list[Json]]:
    """What is kept of distributions in the extras: by their position, and those that nothing else is known of."""
    said: dict[int, Json] = {}
    strays: list[Json] = []
    for number, item in enumerate(value if isinstance(value, list) else []):
        members = item.get("members") if isinstance(item, dict) else None
        position = item.get("position") if isinstance(item, dict) else None
        if not isinstance(members, dict):
            losses.left_out(f"/extras/distribution/{number}", f"{losses.format_name} has no place for this; left out.")
        elif isinstance(position, int) and 0 <= position < count:
            said[position] = members
        else:
            strays.append({"number": number, "members": members})
    return said, strays


def _written(form: Json, said: Json, number: int, losses: Losses) -> Json | None:
    stated: Json = {}
    for name, value in form.items():
        place = pointer_to(("distribution", number, name))
        if name == "checksum":
            losses.at(place, f"{losses.format_name} has no place for a checksum; it was left out.")
        elif name == "column":
            stated["field"] = fields_of(value)  # a member that Argentina's profile of the standard adds
        else:
            _put(stated, _NAMES.get(name, name), _single(name, value, place, losses), place, losses)
    for name, value in said.items():
        if name not in stated or name == "field":  # what is kept of the columns says more than what was read
            _put(stated, name, value, pointer_to(("extras", "distribution")), losses)
    place = f"/distribution/{number}"
    return _whole(stated, place, f"{place}/downloadURL" if "downloadURL" in form else "/extras/distribution", losses)


def _stray(stray: Json, losses: Losses) -> Json | None:
    place = f"/extras/distribution/{stray['number']}"
    stated: Json = {}
    for name, value in stray["members"].items():
        _put(stated, name, value, place, losses)
    return _whole(stated, place, place, losses)


def _single(name: str, value: Any, place: str, losses: Losses) -> Any:  # noqa: ANN401 - any JSON value
    if name == "conformsTo" and isinstance(value, list):
        if len(value) > 1:
            losses.at(place, f"{losses.format_name} takes one standard; {len(value) - 1} more were left out.")
        return as_uri(value[0]) or value[0]
    if name == "description" and len(value) > LONGEST_DESCRIPTION:
        losses.at(place, f"{losses.format_name} takes {LONGEST_DESCRIPTION:,} characters; the rest was cut off.")
        return value[: LONGEST_DESCRIPTION - 1] + "…"
    if name in _ADDRESSES:
        uri = as_uri(value)
        if uri is not None and uri != value:
            losses.at(place, f"{losses.format_name} wants a URI (RFC 3986); this address was percent-encoded.")
        return uri or value
    return value


def _put(stated: Json, name: str, value: object, place: str, losses: Losses) -> None:
    rule = DISTRIBUTION_RULES.get(name)
    if name in ("@type", "@context") or (rule is not None and not rule.holds(value)):
        wanted = rule.wanted if rule else "another value"
        losses.at(place, f"{losses.format_name} wants {wanted} for “{name}”; this was left out.")
    else:
        stated[name] = value


def _whole(stated: Json, place: str, download: str, losses: Losses) -> Json | None:
    """The distribution. A download without media type is no valid one: its address gives access all the same.

    `place` is where the distribution stands in our document, `download` where its address does.
    """
    if "downloadURL" in stated and "mediaType" not in stated:
        address = stated.pop("downloadURL")
        if "accessURL" in stated and stated["accessURL"] != address:
            losses.at(download, f"{losses.format_name} wants a media type with a download; it was left out.")
        else:
            stated["accessURL"] = address
            losses.at(download, f"{losses.format_name} wants a media type with a download; it is an accessURL.")
    if not with_stated(**stated):
        losses.left_out(place, f"Nothing of this distribution can be said in {losses.format_name}.")
        return None
    return {"@type": "dcat:Distribution", **stated}
