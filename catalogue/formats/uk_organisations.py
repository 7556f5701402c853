"""The organisations that the UK exchange model lets publish and create: their codes on GOV.UK, names, abbreviations.

The list is the model's own (`uk-gov-orgs`, 2023-05-03), made from the organisations of GOV.UK.
"""

import csv
import io
from collections import Counter
from functools import cache
from importlib import resources

from catalogue.slugs import fold

_ADDRESS = "https://www.gov.uk/government/organisations/"


@cache
def uk_organisations() -> dict[str, str]:
    """The name of each organisation by its code."""
    return {code: name for code, name, _ in _rows()}


def uk_organisation_code(name: str) -> str | None:
    """The code of an organisation by its name, abbreviation, code or page on GOV.UK; None where the list has none."""
    text = name.strip()
    return _meanings().get(fold(text.removeprefix(_ADDRESS)))


@cache
def _meanings() -> dict[str, str]:
    rows = _rows()
    short = Counter(fold(abbreviation) for _, _, abbreviation in rows)
    meanings = {fold(abbreviation): code for code, _, abbreviation in rows if short[fold(abbreviation)] == 1}
    meanings.pop("", None)
    for code, name, _ in rows:
        meanings[fold(name)] = code
    return meanings | {code: code for code, _, _ in rows}


def _rows() -> list[tuple[str, str, str]]:
    text = resources.files(__package__).joinpath("uk_organisations.csv").read_text(encoding="utf-8")
    return [(row["code"], row["name"], row["abbreviation"]) for row in csv.DictReader(io.StringIO(text))]
