"""CKAN packages in a file: an answer of the Action API, a list, or one package a line as `ckanapi dump` writes them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from catalogue.datasets.importing import Feed
from catalogue.formats.ckan import dataset_from_ckan, why_not_taken
from catalogue.formats.ckan_people import owner_of
from catalogue.formats.json_file import DEEPEST, decoded, is_too_deep, kind_of, parse_json, parse_json_lines
from catalogue.slugs import slug_of
from schemas.canonical import Json
from schemas.checking import is_web_address
from schemas.errors import InvalidInput
from schemas.problems import Problem
from schemas.reading import Read, cleaned

_ADVICE = "Give an answer of package_show or package_search, or what “ckanapi dump datasets” writes."


def read_ckan(data: bytes, name: str, source: str = "") -> Feed:
    """Packages from the bytes of a file; `name` is the file's, for messages.

    `source` is the first half of every record's key. Where it is not given it is the host of the site that answered,
    else the organisation that most packages belong to. Raises InvalidInput where the file holds no packages.
    """
    placed, site, counted = _packages(decoded(data, name), name)
    reads = [read_package(package, place, site) for place, package in placed]
    if reads and counted > len(reads):
        reads[-1] = _with_warning(
            reads[-1],
            f"The site has {counted:,} packages that answer the question; this file ends after {len(reads):,} of them.",
            "Ask with rows=1000, and with start= for the next; or with “ckanapi dump datasets”, which asks for all.",
        )
    return Feed(source or _source(placed, site, name), reads)


def _with_warning(read: Read, message: str, advice: str) -> Read:
    return replace(read, problems=(*read.problems, Problem("", message, advice, severity="warning")))


def read_package(package: object, place: str, site: str = "") -> Read:
    """One package, or why it could not be read. Never raises: what is wrong with it is among its problems.

    `site` is the address it came from.
    """
    if isinstance(package, InvalidInput):
        return _unusable(place, "", package.message, package.advice)
    if not isinstance(package, dict):
        return _unusable(place, "", f"This is {kind_of(package)}; a package must be a group of fields.")
    number = str(package.get("id") or "")
    if is_too_deep(package):
        return _unusable(place, number, f"The package is nested deeper than {DEEPEST} levels.")
    if why := why_not_taken(package):
        return _unusable(place, number, f"At its source the package is {why}.", "It is not taken.")
    text, cleanings = cleaned(package)
    provenance = {}
    if site and text.get("name"):
        provenance["sourceAddress"] = f"{site.rstrip('/')}/dataset/{text['name']}"
    document, contact, problems, more = dataset_from_ckan(text, provenance)
    identifier = str(text.get("id") or text.get("name") or "").strip()
    return Read(place, identifier, document, contact, problems, (*cleanings, *more))


def _unusable(place: str, identifier: str, message: str, advice: str = "Correct it at the source.") -> Read:
    return Read(place, identifier, None, problems=(Problem("", message, advice),))


def _packages(text: str, name: str) -> tuple[list[tuple[str, object]], str, int]:
    """Every package with its place, the address of the site where the file tells it, and how many it counts."""
    try:
        value = parse_json(text, name)
    except InvalidInput:
        if not _has_one_a_line(text):
            raise
        return [(f"line {number}", package) for number, package in parse_json_lines(text)], "", 0
    site, counted = "", 0
    if isinstance(value, dict) and "result" in value:
        site, value = _site(value), value["result"]
    if isinstance(value, dict) and isinstance(value.get("results"), list):
        counted = value["count"] if isinstance(value.get("count"), int) else 0
        value = value["results"]
    if isinstance(value, dict) and ("id" in value or "name" in value):
        return [("record 1", value)], site, counted
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]  # DKAN’s current_package_list_with_resources
    if not isinstance(value, list):
        raise InvalidInput(f"{name} holds {kind_of(value)} and no CKAN packages.", _ADVICE)
    return [(f"record {number}", package) for number, package in enumerate(value, start=1)], site, counted


def _has_one_a_line(text: str) -> bool:
    lines = [line for line in text.split("\n", 3)[:3] if line.strip()]
    if len(lines) < 2:
        return False
    try:
        return isinstance(parse_json(lines[0], ""), dict)
    except InvalidInput:
        return False


def _site(answer: Json) -> str:
    help_address = answer.get("help")
    if not isinstance(help_address, str) or not is_web_address(help_address):
        return ""
    return help_address.partition("/api/")[0]


def _source(placed: Sequence[tuple[str, object]], site: str, name: str) -> str:
    if site:
        return (urlsplit(site).hostname or "").removeprefix("www.")
    owners = Counter(_owners(package for _, package in placed))
    if not placed:
        return slug_of(name)
    if not owners:
        raise InvalidInput(
            f"{name} does not say which site or organisation its packages are from.",
            "Say whose they are, always with the same word: --source NAME.",
        )
    most = max(owners.values())
    return min(owner for owner, number in owners.items() if number == most)


def _owners(packages: Iterable[object]) -> Iterable[str]:
    for package in packages:
        body = owner_of(package) if isinstance(package, dict) else None
        if isinstance(body, dict) and isinstance(body.get("name"), str) and body["name"]:
            yield slug_of(body["name"])
