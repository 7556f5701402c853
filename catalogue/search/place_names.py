"""The places that data cover, as people read them: from what a record states, else from a title that names a place.

A stated place is taken by its name; a code or an address of another list (ISO 3166, the Office for National
Statistics, NUTS, GeoNames) by the name that `known_places.csv` or the codelists of countries have for it. A box stays a
box. Where nothing is stated, a title tells only what nothing else is called: a river, an office, a person or a verb
with the name of a place is none.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from catalogue.search.analysis import fold
from schemas.canonical import Json
from schemas.codelists import codelist

_LONGEST_NAME = 100
_LONGEST_TITLE = 1_000

_MANY_MEANINGS = frozenset(
    """
    bermuda|bonaire|chad|christmas island|congo|dominica|georgia|guernsey|guinea|holy see|jersey|jordan|lebanon|macao
    |maine|micronesia|niger|northern territory|panama|pitcairn|réunion|saint helena|samoa|togo|victoria|washington
    |a country named in words only
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
"""Names that other things and people bear too: they are read where they are stated, never in titles."""

_PARTS_IN_TITLES = ("AU-", "CA-", "US-")
_BODIES = (
    "Administration|Agency|Army|Assembly|Association|Authority|Bank|Board|Body|Bureau|Centre|Commission|Commissioner"
    "|Constabulary|Corporation|Department|Executive|Foundation|Fund|Government|Guard|Institute|Library|Ministry|Museum"
    "|Office|Parliament|Police|Service|Services|Society|Survey|Trust|Union|University"
)
_NOT_BEHIND = re.compile(
    rf"(?:\b(?:{_BODIES}|Church|Council|Duke|Gulf|Bay|Lake|Sea|Lloyds|Lloyd’s|Port|Prince|Princess|Tower|City)"
    r" (?:of|for|in) (?:the )?"
    r"|\b(?:NHS|Health|Natural|Historic|Sport|Sports|Highways|Homes|Council|Visit|New|Creative|Audit|Forestry|Lake"
    r"|Resources|Development|Transport|Transport for|Network|Disclosure|Marine|Social Security|Police|Education|Agency"
    r"|Revenue|Qualifications|Care|Food Standards|Business|North|South|East|West|Mid|Central|Northern|Southern|Eastern"
    r"|Western) )$"
)
"""What stands before a name that is that of a body, a water or a part of the place."""

_NOT_BEFORE = (
    r"(?! (?:River|Rivers|Plateau|Basin|Delta|Sea|City|University|College|Avenue|Street|Road|Gazette|Airport|Hospital"
    r"|Building|Stadium|nut|nuts)\b)"
    r"(?!\)? (?:Act|Order|Regulations|Bill|Measure|Rules)\b)"
    rf"(?!(?: (?:[A-Z]\w*|and|of)){{0,3}} (?:{_BODIES})\b)"
)
"""What stands behind such a name, or behind the extent of a law."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The name of each known place by any of its names and by any code, folded; and the names read in titles."""

    by_name: Mapping[str, str]
    by_code: Mapping[str, str]
    in_titles: tuple[str, ...]


@cache
def _known() -> _Known:
    by_name: dict[str, str] = {}
    by_code: dict[str, str] = {}
    in_titles: list[str] = []
    text = resources.files("catalogue.search").joinpath("known_places.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        called = [row["name"], *(other for other in row["otherNames"].split("|") if other)]
        by_name |= {fold(name): row["name"] for name in called}
        by_code |= {fold(code): row["name"] for code in row["codes"].split()}
        if row["inTitles"] == "yes":
            in_titles += called
    for listed in ("country", "country-part"):
        for code in codelist(listed).values():
            name = by_code.setdefault(fold(code.code), code.title)
            by_name.setdefault(fold(code.title), name)
            read = listed == "country" or code.code.startswith(_PARTS_IN_TITLES)
            if read and fold(code.title) not in _MANY_MEANINGS:
                in_titles.append(code.title)
    return _Known(by_name, by_code, tuple(sorted(set(in_titles), key=lambda name: (-len(name), name))))


@cache
def _in_titles() -> re.Pattern[str]:
    names = "|".join(map(re.escape, _known().in_titles))
    return re.compile(rf"(?<![\w./@-])(?P<name>{names})(?![\w/@]|-\w){_NOT_BEFORE}")


def place_name(place: Json) -> str | None:
    """What people call a stated place; None where only a box or an address that is not known here states it.

    A name of two letters is left as it is: it may be a country's code or that of a part of another.
    """
    known = _known()
    if stated := " ".join(str(place.get("name", "")).split()):
        code = known.by_code.get(fold(stated), stated) if len(stated) > 2 else stated
        return known.by_name.get(fold(stated), code) if len(stated) <= _LONGEST_NAME else None
    for code in (place.get("code", ""), _last_part(place.get("uri", ""))):
        if name := known.by_code.get(fold(code)):
            return name
    return place.get("code") or None


def place_called(text: str) -> str | None:
    """What records call the place that people call so, or that a list gives this code; None where none is known."""
    folded = fold(" ".join(text[:_LONGEST_NAME].split()))
    return _known().by_name.get(folded) or _known().by_code.get(folded)


def place_codes(places: Iterable[Json]) -> tuple[str, ...]:
    """The codes and addresses of stated places, by which they can be asked for too."""
    return tuple(dict.fromkeys(str(place[name]) for place in places for name in ("code", "uri") if place.get(name)))


def places_covered(places: Iterable[Json], title: str) -> tuple[str, ...]:
    """The places that data cover: those stated, else those that the title names."""
    stated = [name for place in places if (name := place_name(place))]
    return tuple(dict.fromkeys(stated or places_told(title)))


def places_told(title: str) -> tuple[str, ...]:
    """The places that a title names."""
    text, names = " ".join(title[:_LONGEST_TITLE].split()), _known().by_name
    found = (match for match in _in_titles().finditer(text) if not _NOT_BEHIND.search(text[: match.start()]))
    return tuple(dict.fromkeys(names[fold(match["name"])] for match in found))


def _last_part(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]
