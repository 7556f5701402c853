"""Organisations in a CSV file (RFC 4180), one a row."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from catalogue.formats.json_file import decoded
from catalogue.organisations.importing import OrganisationRead
from catalogue.organisations.record import OrganisationDetails
from schemas.checking import is_web_address
from schemas.cleaning import Cleaning, clean_text
from schemas.codelists import codelist
from schemas.dates import read_date
from schemas.errors import InvalidInput
from schemas.problems import Problem

COLUMNS: Mapping[str, str] = {
    "name": "its name (the one column that must be there)",
    "slug": "its short name in addresses, if it shall have a certain one",
    "aliases": "other names, apart by |; a language may stand before one: cy:Llywodraeth Cymru",
    "identifiers": "its numbers in lists, apart by |, each as list:number",
    "kind": "a code of the list organisation-kind",
    "jurisdiction": "its country (GB) or part of one (GB-WLS), as ISO 3166 has it",
    "area": "the code of the place it serves",
    "parent": "the body it is part of: its short name, list:number or name",
    "website": "its address",
    "started_on": "when it began, as YYYY-MM-DD, YYYY-MM or YYYY",
    "ended_on": "when it ended",
}
"""The columns that are read, and what stands in them."""


def read_organisations_csv(data: bytes, name: str) -> Sequence[OrganisationRead]:
    """Every organisation of a CSV file. Columns may stand in any order, and all but `name` may be missing.

    Raises InvalidInput where the file is no CSV or has no column `name`.
    """
    rows = csv.DictReader(io.StringIO(decoded(data, name), newline=""), restkey="", strict=True)
    try:
        headings = [heading.strip() for heading in rows.fieldnames or []]
        rows.fieldnames = headings
        if "name" not in headings:
            raise InvalidInput(f"{name} has no column “name”.", f"The columns are: {', '.join(COLUMNS)}.")
        unknown = [heading for heading in headings if heading not in COLUMNS]
        if unknown:
            raise InvalidInput(
                f"{name} has the column “{unknown[0]}”, which is not read here.",
                f"Remove or rename it. The columns are: {', '.join(COLUMNS)}.",
            )
        return list(_reads(rows))
    except csv.Error as error:
        message = f"{name} is not CSV: line {rows.line_num}: {error}."
        raise InvalidInput(message, "Write each value with commas or line ends in quotation marks.") from None


def _reads(rows: "csv.DictReader[str]") -> Iterator[OrganisationRead]:
    for row in rows:
        place = f"line {rows.line_num}"
        if "" in row:
            problem = Problem("", "The row has more values than the file has columns.", "Quote values with commas.")
            yield OrganisationRead(place, "", None, (problem,))
            continue
        cells, cleanings = _cleaned(row)
        problems = list(_problems(cells))
        details = _details(cells) if cells.get("name") else None
        yield OrganisationRead(place, cells.get("slug", ""), details, tuple(problems), tuple(cleanings))


def _cleaned(row: Mapping[str, str | None]) -> tuple[dict[str, str], list[Cleaning]]:
    cells: dict[str, str] = {}
    cleanings: list[Cleaning] = []
    for name, value in row.items():
        text, done = clean_text(value or "")
        cleanings.extend(Cleaning(f"/{name}", what) for what in done)
        if text.strip():
            cells[name] = text.strip()
    return cells, cleanings


def _problems(cells: Mapping[str, str]) -> Iterator[Problem]:
    if "name" not in cells:
        yield Problem("/name", "The name is missing.", "Every organisation has a name.", title="name")
    kind, website = cells.get("kind"), cells.get("website")
    if kind and kind not in codelist("organisation-kind"):
        codes = ", ".join(codelist("organisation-kind"))
        yield Problem("/kind", f"“{kind}” is no kind of organisation.", f"Write one of: {codes}.", title="kind")
    if website and not is_web_address(website):
        yield Problem("/website", f"“{website}” is not a whole web address.", "Begin with http(s)://.", title="website")
    for name in ("started_on", "ended_on"):
        try:
            read_date(cells.get(name, "2000"))
        except InvalidInput as error:
            yield Problem(f"/{name}", error.message, error.advice, title=name)
    for identifier in _parts(cells, "identifiers"):
        if not all(identifier.partition(":")):
            advice = "Write list:number, for example government-organisation:D2."
            yield Problem("/identifiers", f"“{identifier}” is no number in a list.", advice, title="identifiers")


def _details(cells: Mapping[str, str]) -> OrganisationDetails:
    return OrganisationDetails(
        name=cells["name"],
        slug=cells.get("slug", ""),
        aliases=tuple(_alias(part) for part in _parts(cells, "aliases")),
        identifiers=tuple((part.partition(":")[0], part.partition(":")[2]) for part in _parts(cells, "identifiers")),
        kind=cells.get("kind"),
        jurisdiction=cells.get("jurisdiction"),
        area=cells.get("area"),
        parent=cells.get("parent"),
        website=cells.get("website"),
        started_on=cells.get("started_on"),
        ended_on=cells.get("ended_on"),
    )


def _parts(cells: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in cells.get(name, "").split("|") if part.strip()]


def _alias(text: str) -> tuple[str, str | None]:
    language, colon, name = text.partition(":")
    return (name.strip(), language) if colon and len(language) == 2 and language.islower() else (text, None)
