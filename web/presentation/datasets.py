"""A dataset as its page tells it: what it is, whether a reader may have it and how, and where it comes from."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.licences import licence_code, licence_title
from schemas.canonical import Json
from schemas.codelists import codelist, title_of
from web.presentation.dates import show_date, show_period
from web.presentation.words import is_link, show_address, show_size, unique


@dataclass(frozen=True, slots=True)
class Access:
    """Whether a reader may have it: the code ("" where it is not said), a heading, a sentence, and a tag's colour."""

    code: str
    title: str
    heading: str
    sentence: str
    colour: str


_ACCESS = {
    "open": ("Anyone may have this data", "You can get it without asking.", "green"),
    "restricted": (
        "Some people may have this data",
        "You have to ask for it, and it is given out only under conditions.",
        "yellow",
    ),
    "closed": ("This data is not given out", "It exists and is listed here so that you know of it.", "red"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, what people call it, what it holds, and the type and the unit of its values.

    `name` is in the parts between which a line may end.
    """

    name: tuple[str, ...]
    title: str
    description: str
    type: str
    unit: str


@dataclass(frozen=True, slots=True)
class Form:
    """One form in which a dataset can be had: a row of the table."""

    title: str
    description: str
    format: str
    size: str
    changed: str
    licence: str
    address: str
    action: str
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """A licence: how people read it, its address if it has one, and what the codelist says of it."""

    title: str
    href: str
    description: str


def show_access(code: str | None, kind: str) -> Access:
    """Whether a reader may have a resource of a kind, in words."""
    if code not in _ACCESS:
        sentence = "Ask the body that publishes it."
        return Access("", "Access not stated", "The source does not say who may have this data", sentence, "grey")
    heading, sentence, colour = _ACCESS[code]
    if kind == "data-service":
        heading = heading.replace("have this data", "use this service").replace(
            "This data is not given out", "This service is not open to the public"
        )
    return Access(code, title_of("access-rights", code), heading, sentence, colour)


def show_forms(document: Json) -> tuple[Form, ...]:
    """The distributions, in the order of the record."""
    return tuple(_form(form) for form in document.get("distribution", ()))


def _form(form: Json) -> Form:
    address = next((form[name] for name in ("downloadURL", "accessURL") if is_link(form.get(name, ""))), "")
    form_format = form.get("format") or form.get("mediaType", "")
    return Form(
        title=form.get("title") or (f"{form_format} file" if form_format else "File"),
        description=form.get("description", ""),
        format=form_format,
        size=show_size(form["byteSize"]) if "byteSize" in form else "",
        changed=show_date(form.get("modified") or form.get("issued")),
        licence=licence_title(form["licence"]) if "licence" in form else "",
        address=address,
        action="Download" if address and address == form.get("downloadURL") else "Go to the data",
        columns=tuple(_column(column) for column in form.get("column", ())),
    )


def _column(column: Json) -> Column:
    written = [column[name] for name in ("type", "format") if name in column]
    return Column(
        name=tuple(re.findall(r".+?(?:[_./-]+|$)", column["name"], re.DOTALL)),
        title=column.get("title", ""),
        description=column.get("description", ""),
        type=", ".join(unique(written)),
        unit=column.get("unit", ""),
    )


def show_terms(licence: str | None) -> Terms | None:
    """The licence in words; None where the source states none."""
    if not licence:
        return None
    code = licence_code(licence)
    entry = codelist("licence")[code] if code else None
    address = entry.same_as if entry and entry.same_as else licence
    title = licence_title(licence)
    href = address if is_link(address) else ""
    return Terms(show_address(title) if is_link(title) else title, href, entry.description if entry else "")


def show_times(document: Json) -> list[str]:
    """The times that the data covers."""
    return unique(
        period.get("text") or show_period(period.get("start"), period.get("end"))
        for period in document.get("temporal", ())
    )


def show_places(document: Json) -> list[str]:
    """The places that the data covers: names, else codes, else the corners of a box."""
    return unique(
        place.get("name") or place.get("code") or _box(place.get("bbox", ())) or place.get("uri", "")
        for place in document.get("spatial", ())
    )


def _box(degrees: Iterable[str]) -> str:
    corners = list(degrees)
    if len(corners) != 4:
        return ""
    west, south, east, north = corners
    return f"between longitudes {west} and {east} and latitudes {south} and {north}"
