"""The counts of `package_search`: by what the search counts, and by what only the database knows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from flask import current_app

from catalogue.licences import licence_code, licence_title
from catalogue.search.engine import SearchAnswer, SearchRequest, Sort
from catalogue.search.fields import COUNTABLE
from schemas.canonical import Json
from schemas.codelists import codelist, title_of
from web.ckan.agreement_packages import AGREEMENT_TYPE
from web.ckan.errors import SearchError
from web.ckan.index_mark import index_mark
from web.ckan.lookups import Lookups
from web.ckan.remembered import Remembered
from web.ckan.scope import DATASETS
from web.context import web_context

MOST_READ = 20_000
"""Of more records than these the values that only the database knows are not counted, unless it is of all."""

_BATCH = 1_000
_NAME = "ckan_found"
_MOST_KEPT = 16
_LICENCES = "license_id"
"""The search counts those that it has codes for, of resources too; packages name others, or say that there is none."""

_OURS: Mapping[str, str] = {
    "organization": "organisation",
    "groups": "theme",
    "tags": "keyword",
    "res_format": "format",
    "license_id": "licence",
    "dataset_type": "kind",
    "type": "kind",
}
"""What CKAN counts by, as our facets. Others of ours can be named as they are."""

NAMES = frozenset(_OURS)
_TYPES = {"dataset-series": "dataset_series", "agreement": AGREEMENT_TYPE, "data-service": "dataset"}


def facets_of(names: Sequence[str]) -> tuple[str, ...]:
    """The facets of the search that these names mean, each once."""
    ours = (_OURS.get(name, name) for name in names)
    return tuple(dict.fromkeys(name for name in ours if name in COUNTABLE))


def counts_by(
    names: Sequence[str], answer: SearchAnswer, request: SearchRequest, lookups: Lookups, least: int
) -> dict[str, dict[str, int]]:
    """For each name its values and how many of the records found have each, the commonest first."""
    counted: dict[str, dict[str, int]] = {}
    for name in names:
        ours = _OURS.get(name, name)
        found = _counted(answer, ours) if ours in COUNTABLE else _looked_up(name, answer, request, lookups)
        if name == _LICENCES:
            others = _looked_up(name, answer, request, lookups, lambda value: licence_code(value) is None)
            both = sorted({**others, **found}.items(), key=lambda pair: (-pair[1], pair[0]))
            found = dict(both[: request.facet_limit])
        counted[name] = {value: count for value, count in found.items() if count >= least}
    return counted


def _counted(answer: SearchAnswer, ours: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for found in answer.facets.get(ours, ()):
        value = _TYPES.get(found.value, found.value) if ours == "kind" else found.value
        counts[value] = counts.get(value, 0) + found.count
    return counts


def _looked_up(
    name: str,
    answer: SearchAnswer,
    request: SearchRequest,
    lookups: Lookups,
    wanted: Callable[[str], bool] = lambda value: not value.startswith("["),
) -> dict[str, int]:
    """The commonest of the wanted values; of a list as a text the items are counted, and not the text."""
    try:
        values = lookups.values(name.removeprefix("extras_"))
    except SearchError:  # more records state it than are looked up
        return {}
    if not values or (request.tree != DATASETS and answer.total > MOST_READ):
        return {}
    among = None if request.tree == DATASETS else _numbers(request)
    counts = {
        value: len(numbers) if among is None else sum(number in among for number in numbers)
        for value, numbers in values.items()
        if wanted(value)
    }
    common = sorted(((-count, value) for value, count in counts.items() if count))
    return {value: -count for count, value in common[: request.facet_limit]}


def _numbers(request: SearchRequest) -> frozenset[str]:
    """The numbers of all records found; kept, for facets are asked for with every page."""
    kept: Remembered[object, frozenset[str]] = current_app.extensions.setdefault(_NAME, Remembered(_MOST_KEPT))
    mark, asked = index_mark(), (request.tree, request.day)
    numbers = kept.known(asked, mark)
    if numbers is None:
        numbers = frozenset(_each_number(request))
        kept.keep(asked, numbers, mark)
    return numbers


def _each_number(request: SearchRequest) -> Iterator[str]:
    engine = web_context().engine()
    asked = replace(request, facets=(), sort=Sort.IDENTIFIER, reverse=False, offset=0, limit=_BATCH)
    while True:
        answer = engine.search(asked)
        yield from (hit.id.partition(":")[2] for hit in answer.hits)
        if answer.next is None:
            return
        asked = replace(asked, after=answer.next)


def items_of(name: str, counts: Mapping[str, int], organisations: Mapping[str, str]) -> list[Json]:
    """The values of a name as people read them, in CKAN's order: by what is displayed, backwards."""
    items = [
        {"name": value, "display_name": _display(name, value, organisations), "count": count}
        for value, count in counts.items()
    ]
    return sorted(items, key=lambda item: str(item["display_name"]), reverse=True)


def _display(name: str, value: str, organisations: Mapping[str, str]) -> str:
    if name == "organization":
        return organisations.get(value, value)
    if name == "groups":
        return title_of("theme", value) if value in codelist("theme") else value
    return licence_title(value) if name == "license_id" else value
