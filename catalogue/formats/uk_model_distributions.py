"""UK Cross-Government Metadata Exchange Model: the distributions of a dataset, which are records of their own there."""

from catalogue.formats.converted import Losses
from catalogue.formats.exported import DatasetRecord
from catalogue.formats.members import with_stated
from catalogue.formats.uk_model_rules import CLASSES, DATA_SHARE_AGREEMENT, check_uk_model, is_address
from catalogue.formats.uris import as_uri
from catalogue.licences import licence_code
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.problems import errors_in

_CARRIED = (
    *("identifier", "title", "description", "downloadURL", "mediaType", "byteSize", "licence", "issued", "modified"),
)
_FROM_EXTRAS = ("accessRights", "accessService", "downloadURL")


def distributions(record: DatasetRecord, licence: str | None, losses: Losses) -> tuple[list[str], list[Json]]:
    """The identifiers that the dataset names, and the records behind them.

    `licence` is the dataset's, which holds for its distributions. One of which nothing but an address is known as its
    identifier is named without a record; one that cannot be valid is left out.
    """
    said = _beside(record.document.get("extras", {}).get("distribution", []), losses)
    names: dict[str, None] = {}
    records: list[Json] = []
    for number, form in enumerate(record.document.get("distribution", ())):
        place = f"/distribution/{number}"
        own = form.get("identifier", "")
        if set(form) == {"identifier"} and is_address(own):
            names[own] = None
            continue
        identifier = own if is_address(own) and own not in names else f"{record.address}#distribution-{number + 1}"
        if own and identifier != own:
            losses.at(f"{place}/identifier", f"{losses.format_name} wants an address of its own here; one was made.")
        node = _written(form, said.get(number, {}), identifier, licence, place, losses)
        problems = errors_in(check_uk_model(node, "Distribution"))
        if problems:
            losses.left_out(place, f"{losses.format_name} cannot hold it: {problems[0].title}: {problems[0].message}")
        else:
            names[identifier] = None
            records.append(node)
    return list(names), records


def _beside(value: object, losses: Losses) -> dict[int, Json]:
    """What is kept of distributions in the extras, by their position."""
    said: dict[int, Json] = {}
    for item in value if isinstance(value, list) else []:
        position, members = (item.get("position"), item.get("members")) if isinstance(item, dict) else (None, None)
        if isinstance(position, int) and isinstance(members, dict):
            said[position] = {name: members[name] for name in members if name in _FROM_EXTRAS}
            if len(said[position]) == len(members):
                continue
        losses.at("/extras/distribution", f"{losses.format_name} has no place for all of this; it was left out.")
    if value and not isinstance(value, list):
        losses.at("/extras/distribution", f"{losses.format_name} has no place for this; it was left out.")
    return said


def _written(form: Json, said: Json, identifier: str, licence: str | None, place: str, losses: Losses) -> Json:
    for name in form:
        if name not in _CARRIED:
            losses.at(f"{place}/{name}", f"{losses.format_name} has no place for “{name}” of a distribution.")
    node = with_stated(
        identifier=identifier,
        type="dcat:Distribution",
        title=form.get("title"),
        description=form.get("description"),
        licence=_licence(form, licence, place, losses),
        byteSize=_size(form, place, losses),
        downloadURL=_address(form, place, losses),
        issued=_day(form, "issued", place, losses),
        modified=_day(form, "modified", place, losses),
        mediaType=form.get("mediaType"),
    )
    for name, value in said.items():
        if name in node or _breaks(name, value):
            losses.at("/extras/distribution", f"{losses.format_name} takes another value for “{name}”; left out.")
        else:
            node[name] = value
    return {name: node[name] for name in CLASSES["Distribution"] if name in node}


def _breaks(name: str, value: object) -> bool:
    return any(problem.title == name for problem in errors_in(check_uk_model({name: value}, "Distribution")))


def _licence(form: Json, licence: str | None, place: str, losses: Losses) -> str | None:
    """Its own licence's address, else the dataset's."""
    stated = form.get("licence")
    if stated is None:
        if licence is not None:
            losses.at(f"{place}/licence", f"{losses.format_name} wants a licence here; the dataset’s was written.")
        return licence
    if stated == DATA_SHARE_AGREEMENT or is_address(stated):
        return str(stated)
    code = licence_code(stated)
    known = (
        DATA_SHARE_AGREEMENT if code == "data-share-agreement" else codelist("licence")[code].same_as if code else ""
    )
    losses.at(f"{place}/licence", f"{losses.format_name} wants the licence’s address, not “{stated[:80]}”.")
    return known or None


def _size(form: Json, place: str, losses: Losses) -> int | None:
    size = form.get("byteSize")
    if size == 0:
        losses.at(f"{place}/byteSize", f"{losses.format_name} takes no size of 0; it was left out.")
        return None
    return size


def _address(form: Json, place: str, losses: Losses) -> str | None:
    address = form.get("downloadURL")
    uri = as_uri(address) if address else None
    if uri != address:
        losses.at(f"{place}/downloadURL", f"{losses.format_name} wants a URI (RFC 3986); it was percent-encoded.")
    return uri


def _day(form: Json, name: str, place: str, losses: Losses) -> str | None:
    text = form.get(name)
    if text is None or len(text) == 10:
        return text
    losses.at(f"{place}/{name}", f"{losses.format_name} takes whole days only, not “{text}”.")
    return str(text[:10]) if len(text) > 10 else None
