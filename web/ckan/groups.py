"""Groups: the themes, as far as any dataset has them."""

from sqlalchemy.orm import Session

from catalogue.formats.ckan_writing import group_of
from catalogue.search.engine import Sort
from schemas.canonical import Json
from schemas.codelists import codelist
from web.ckan.asking_index import counts_of, found_numbers
from web.ckan.errors import NotFoundError
from web.ckan.ordering import list_order
from web.ckan.packages import MOST_DATASETS
from web.ckan.parameters import Parameters
from web.ckan.prepared import packages_numbered
from web.ckan.written import Prepared


def group_list(asked: Parameters, _session: Session) -> list[str] | list[Json]:
    """Return a list of the names of groups. all_fields, sort, limit, offset, q, groups."""
    if asked.text("type", "group") != "group":
        return []
    counts = counts_of("theme")
    lines = [_listed(code, counts.get(code, 0)) for code in codelist("theme")]
    field, descending = list_order(asked)
    lines.sort(key=lambda line: (line[field], line["name"]), reverse=descending)
    wanted, words = asked.each("groups"), asked.text("q").strip().casefold()
    lines = [line for line in lines if not wanted or line["name"] in wanted]
    lines = [line for line in lines if words in line["name"] or words in line["title"].casefold()]
    offset = asked.natural("offset", 0)
    part = lines[offset : offset + asked.natural("limit", len(lines))]
    return part if asked.flag("all_fields") else [line["name"] for line in part]


def group_show(asked: Parameters, session: Session) -> Json:
    """Return the details of a group. id: its id or name; include_datasets: with up to 1,000 of its datasets."""
    code = known_group(asked.required("id"))
    shown = {**_listed(code, counts_of("theme").get(code, 0)), "extras": [], "groups": [], "tags": []}
    if asked.flag("include_users", default=True):
        shown["users"] = []
    if not asked.flag("include_dataset_count", default=True):
        shown.pop("package_count")
    if asked.flag("include_datasets"):
        shown["packages"] = _packages(session, code, MOST_DATASETS)
    return shown


def group_autocomplete(asked: Parameters, _session: Session) -> list[Json]:
    """Return groups whose name or title has a text. q: the text; limit: how many, 20 at most by default."""
    text = asked.typed("q").casefold()
    found = [group_of(code) for code in codelist("theme")]
    named = [group for group in found if text in group["name"] or text in group["title"].casefold()]
    return [{name: group[name] for name in ("id", "name", "title")} for group in named][: asked.natural("limit", 20)]


def group_package_show(asked: Parameters, session: Session) -> list[Prepared]:
    """Return the datasets (packages) of a group. id: its id or name; limit: how many at most."""
    code = known_group(asked.required("id"))
    return _packages(session, code, min(asked.natural("limit", MOST_DATASETS), MOST_DATASETS))


def _packages(session: Session, code: str, most: int) -> list[Prepared]:
    numbers = found_numbers({"theme": (code,)}, Sort.RECORDED, most)
    found = packages_numbered(session, numbers)
    return [found[number] for number in numbers if number in found]


def known_group(name: str) -> str:
    """The code of a theme by its name, which is its id too. Raises NotFoundError."""
    if name not in codelist("theme"):
        raise NotFoundError
    return name


def _listed(code: str, packages: int) -> Json:
    return {
        **group_of(code),
        "approval_status": "approved",
        "created": None,
        "image_url": "",
        "is_organization": False,
        "num_followers": 0,
        "package_count": packages,
        "state": "active",
        "type": "group",
    }
