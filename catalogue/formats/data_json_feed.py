"""DCAT-US 1.1 (`data.json`): a whole feed, record by record, good or bad, in the feed's order."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from catalogue.datasets.importing import Feed
from catalogue.formats.data_json import dataset_from_data_json
from catalogue.formats.json_file import DEEPEST, decoded, is_too_deep, kind_of, parse_json
from catalogue.slugs import fold, slug_of
from schemas.canonical import Json
from schemas.checking import is_web_address
from schemas.cleaning import clean_text
from schemas.errors import InvalidInput
from schemas.problems import Problem
from schemas.reading import Read, cleaned

_BESIDE_DATASETS = ("datasetSeries", "service", "catalog")
_STATES_AS_A_WHOLE = {"u.s. government", "us government", "united states government"}
"""Bodies at the top of every publisher's chain: they tell no two feeds apart."""


def read_data_json(data: bytes, name: str, source: str = "") -> Feed:
    """A feed from the bytes of its file; `name` is the file's, for messages.

    `source` is the first half of every record's key. Where it is not given it is the feed's own address, else the
    topmost body that most records are published under, so that the next edition meets the same records again.
    Raises InvalidInput where the file is no feed.
    """
    value = parse_json(decoded(data, name), name)
    records = _records(value, name)
    heading = value if isinstance(value, dict) else {}
    provenance = _provenance(heading)
    reads = [read_record(record, f"record {number}", provenance) for number, record in enumerate(records, start=1)]
    reads += _not_datasets(heading)
    return Feed(source or _source(heading, reads, name), reads)


def read_record(record: object, place: str, provenance: Mapping[str, str]) -> Read:
    """One record of a feed. Never raises: what is wrong with it is among its problems."""
    if not isinstance(record, dict):
        return _unusable(place, f"This is {kind_of(record)}; a record must be a group of fields.")
    if is_too_deep(record):
        return _unusable(place, f"The record is nested deeper than {DEEPEST} levels.")
    text, cleanings = cleaned(record)
    document, contact, problems, more = dataset_from_data_json(text, provenance)
    return Read(place, document.get("identifier", ""), document, contact, problems, (*cleanings, *more))


def _unusable(place: str, message: str, advice: str = "Correct it in the feed.") -> Read:
    return Read(place, "", None, problems=(Problem("", message, advice),))


def _not_datasets(heading: Json) -> list[Read]:
    """What DCAT-US 3 lists beside its datasets: it is not in this format, and is told one by one."""
    listed = [(name, heading[name]) for name in _BESIDE_DATASETS if isinstance(heading.get(name), list)]
    why = "DCAT-US 1.1 has datasets alone, so this was not read."
    return [
        _unusable(f"{name} {number}", why, "Read the file with --from dcat.")
        for name, items in listed
        for number, _ in enumerate(items, start=1)
    ]


def _records(value: object, name: str) -> Sequence[object]:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise InvalidInput(
            f"{name} holds {kind_of(value)}; a data.json feed is a group of fields with a list “dataset”.",
            "Give the file that the agency publishes as data.json.",
        )
    if "dataset" not in value:
        if "title" in value and "identifier" in value:
            return [value]
        raise InvalidInput(
            f"{name} has no member “dataset”; its members are {', '.join(map(repr, list(value)[:8])) or 'none'}.",
            "A data.json feed lists its records under “dataset”. CKAN answers are read with --from ckan.",
        )
    records = value["dataset"]
    if isinstance(records, dict):
        return [records]
    if not isinstance(records, list):
        raise InvalidInput(f"{name}: “dataset” is {kind_of(records)}; it must be a list.", "Correct it there.")
    return records


def _provenance(heading: Json) -> dict[str, str]:
    address, title = _text(heading.get("@id")), _text(heading.get("title"))
    stated = {"sourceAddress": address if is_web_address(address) else "", "sourceName": title}
    return {name: text for name, text in stated.items() if text}


def _source(heading: Json, reads: Sequence[Read], name: str) -> str:
    address = _text(heading.get("@id"))
    if is_web_address(address):
        return _bare(address)
    tops = Counter(slug_of(top) for read in reads if (top := _top_publisher(read.document or {})))
    if not reads:
        return slug_of(name)
    if not tops:
        raise InvalidInput(
            f"{name} says neither its own address (@id) nor who publishes its records.",
            "Say whose feed it is, always with the same word: --source NAME.",
        )
    most = max(tops.values())
    return min(slug for slug, number in tops.items() if number == most)


def _bare(address: str) -> str:
    """An address without what does not tell feeds apart: scheme, www, the file's usual name."""
    scheme_less = re.sub(r"^https?://(?:www\.)?", "", address, flags=re.IGNORECASE)
    host, slash, path = scheme_less.partition("/")
    return host.casefold() + re.sub(r"(?:/data\.json)?/*$", "", slash + path)


def _top_publisher(document: Json) -> str:
    publisher = document.get("publisher", {})
    chain = [name for name in (publisher.get("name", ""), *publisher.get("partOf", ())) if name]
    smaller = [name for name in chain if fold(name) not in _STATES_AS_A_WHOLE]
    return str((smaller or chain or [""])[-1])


def _text(value: object) -> str:
    return clean_text(value)[0].strip() if isinstance(value, str) else ""
