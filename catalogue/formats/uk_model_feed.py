"""UK Cross-Government Metadata Exchange Model: a whole file, YAML or JSON, record by record, good or bad.

The model has no container of its own. A file may hold one record, a list of them, several YAML documents, or groups
of fields with lists in them: `records`, or lists called after the classes (`Dataset`, `datasets`, …). Distributions
are records of their own there, joined here with the datasets that name them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from catalogue.datasets.importing import Feed
from catalogue.formats.json_file import kind_of, unpacked
from catalogue.formats.uk_model import KINDS, class_of, dataset_from_uk_model
from catalogue.formats.uk_model_rules import CLASSES, check_uk_model
from catalogue.slugs import slug_of
from schemas.canonical import Json
from schemas.errors import InvalidInput
from schemas.problems import Problem, errors_in
from schemas.reading import Read
from schemas.record_file import FileRecord, read_record_file

_FIELDS = {field for fields in CLASSES.values() for field in fields}
_LISTS = {"record", "dataset", "dataservice", "distribution", "contactpoint"}
"""The lists by which a container is known, in the plural too."""


def read_uk_model(data: bytes, name: str, source: str = "") -> Feed:
    """The records of a file, packed with gzip or not; `name` is the file's, for messages.

    `source` is the first half of every record's key. Where it is not given it is the organisation that publishes most
    of the records. Raises InvalidInput where the file is neither YAML nor JSON or holds no records.
    """
    records = list(read_record_file(unpacked(data, name), name))
    if records and all(_is_something_else(record.value) for record in records):
        members = ", ".join(map(repr, list(records[0].value)[:8]))
        raise InvalidInput(
            f"{name} holds no records of the exchange model; its members are {members}.",
            "Give a Dataset or a DataService of the model, or a list of them under “records”.",
        )
    placed = [one for record in records for one in _records_in(record)]
    if not placed:
        raise InvalidInput(
            f"{name} holds no records.", "Give a Dataset or a DataService of the exchange model, or a list of them."
        )
    distributions, disputed = _distributions(value for _, value in placed)
    named = {identifier for _, value in placed for identifier in _named_in(value)}
    found = [
        _disputed(place, value["identifier"])
        if _is_distribution(value) and value.get("identifier") in disputed
        else _read(value, place, distributions, named)
        for place, value in placed
    ]
    reads = [read for read in found if read is not None]
    return Feed(source or _source(reads, name), reads)


def _distributions(values: Iterable[Any]) -> tuple[dict[str, Json], set[str]]:
    """The valid distributions by their identifiers, and the identifiers that stand on several that differ."""
    found: dict[str, Json] = {}
    disputed = set()
    for value in values:
        valid = _is_distribution(value) and not errors_in(check_uk_model(value, "Distribution"))
        if valid and found.setdefault(value["identifier"], value) != value:
            disputed.add(value["identifier"])
    return {identifier: value for identifier, value in found.items() if identifier not in disputed}, disputed


def _disputed(place: str, identifier: str) -> Read:
    message = f"The identifier “{identifier[:80]}” stands on several distributions, which differ."
    advice = "Give each an identifier of its own. None of them was taken."
    return Read(place, identifier, None, problems=(Problem("/identifier", message, advice),))


def _records_in(record: FileRecord) -> Iterator[tuple[str, Any]]:
    value = record.value
    lists = _lists_of(value)
    if not lists:
        line = record.line_of("")
        yield (record.place if line is None else f"{record.place} (line {line})"), value
        return
    for member, items in lists:
        for number, item in enumerate(items):
            line = record.line_of(f"/{member}/{number}")
            where = f"{member} {number + 1}"
            yield (where if line is None else f"{where} (line {line})"), item


def _lists_of(value: object) -> list[tuple[str, list[Any]]]:
    """The lists of a container. A record has a type, or members that no container has."""
    if not isinstance(value, dict) or "type" in value or "identifier" in value:
        return []
    lists = [(member, items) for member, items in value.items() if isinstance(items, list)]
    return lists if any(member.casefold().removesuffix("s") in _LISTS for member, _ in lists) else []


def _is_something_else(value: object) -> bool:
    """Whether a group of fields has nothing that a record or a container of the model has."""
    return isinstance(value, dict) and bool(value) and not _lists_of(value) and _FIELDS.isdisjoint(value)


def _is_distribution(value: object) -> bool:
    return isinstance(value, dict) and class_of(value) == "Distribution"


def _named_in(value: object) -> list[str]:
    named = value.get("distribution") if isinstance(value, dict) and class_of(value) == "Dataset" else None
    return [item for item in named if isinstance(item, str)] if isinstance(named, list) else []


def _read(value: object, place: str, distributions: dict[str, Json], named: set[str]) -> Read | None:
    """One record; None for a distribution that a dataset of the file has taken in."""
    if not isinstance(value, dict):
        return Read(
            place, "", None, problems=(Problem("", f"This is {kind_of(value)}; a record is a group of fields."),)
        )
    class_name = class_of(value)
    identifier = value["identifier"].strip() if isinstance(value.get("identifier"), str) else ""
    if class_name in KINDS:
        result = dataset_from_uk_model(value, distributions)
        document = None if errors_in(result.problems) else result.document
        return Read(place, identifier, document, result.contact, result.problems, result.cleanings)
    problems = check_uk_model(value, class_name)
    if class_name == "Distribution" and identifier in named and not errors_in(problems):
        return None
    if not errors_in(problems):
        belongs = "dataset names it under “distribution”" if class_name == "Distribution" else "record holds it"
        problems.append(
            Problem("", f"This {class_name} is valid, but no {belongs}.", "Give the dataset in the same file.")
        )
    return Read(place, identifier, None, problems=tuple(problems))


def _source(reads: Sequence[Read], name: str) -> str:
    publishers = Counter(
        slug_of(read.document["publisher"]["name"])
        for read in reads
        if read.document is not None and "publisher" in read.document
    )
    if not publishers:
        return slug_of(name)
    most = max(publishers.values())
    return min(slug for slug, number in publishers.items() if number == most)
