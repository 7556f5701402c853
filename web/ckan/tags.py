"""Tags: the keywords of datasets. There are no vocabularies."""

from sqlalchemy.orm import Session

from catalogue.search.engine import Sort
from schemas.canonical import Json
from web.ckan.asking_index import counts_of, found_numbers
from web.ckan.errors import NotFoundError
from web.ckan.packages import MOST_DATASETS
from web.ckan.parameters import Parameters
from web.ckan.prepared import packages_numbered


def tag_list(asked: Parameters, _session: Session) -> list[str] | list[Json]:
    """Return a list of the tags. query: those with this text; all_fields: as dictionaries."""
    if asked.text("vocabulary_id"):
        raise NotFoundError('Could not find vocabulary "' + asked.text("vocabulary_id")[:100] + '"')
    names = _named(asked.text("query") or asked.text("q"))
    return [_tag(name) for name in names] if asked.flag("all_fields") else names


def tag_search(asked: Parameters, _session: Session) -> Json:
    """Return tags whose name has a text. query: the text or texts; limit, offset."""
    texts = asked.each("query") or asked.each("q")
    names = [name for name in _named("") if texts and all(text.casefold() in name.casefold() for text in texts)]
    offset, limit = asked.natural("offset", 0), asked.natural("limit", len(names))
    return {"count": len(names), "results": [_tag(name) for name in names[offset : offset + limit]]}


def tag_autocomplete(asked: Parameters, _session: Session) -> list[str]:
    """Return tags that have a text. query: the text; limit: how many, 10 at most by default."""
    return _named(asked.text("query") or asked.text("q"))[: asked.natural("limit", 10)]


def tag_show(asked: Parameters, session: Session) -> Json:
    """Return the details of a tag. id: its name; include_datasets: with up to 1,000 of its datasets."""
    name = asked.required("id")
    if name not in counts_of("keyword"):
        raise NotFoundError
    shown = _tag(name)
    if asked.flag("include_datasets"):
        numbers = found_numbers({"keyword": (name,)}, Sort.RECORDED, MOST_DATASETS)
        found = packages_numbered(session, numbers)
        shown["packages"] = [found[number] for number in numbers if number in found]
    return shown


def vocabulary_list(_asked: Parameters, _session: Session) -> list[Json]:
    """Return a list of the vocabularies: there are none."""
    return []


def _named(text: str) -> list[str]:
    folded = text.strip().casefold()
    return sorted(name for name in counts_of("keyword") if folded in name.casefold())


def _tag(name: str) -> Json:
    return {"id": name, "name": name, "display_name": name, "state": "active", "vocabulary_id": None}
