"""A CKAN site, read page by page through its Action API."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ckanapi
import requests

from schemas.errors import Unreachable

ROWS = 100
_MOST_PAGES = 50_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a site's list: how many records the site says there are, where the page begins, and its records."""

    count: int
    start: int
    records: list[Any]


class _ActionApi(ckanapi.RemoteCKAN):  # type: ignore[misc]
    """CKAN's API in its third version, as the address says; ckanapi itself leaves the number out."""

    base_url = "api/3/action/"


def ckan_pages(url: str, session: requests.Session, query: str | None = None) -> Iterator[Page]:
    """Every page of a site's list of packages, until an empty one.

    `query` is a filter (`fq`) in CKAN's query language. Raises Unreachable where the site does not answer as CKAN
    does or refuses to; what was read before stays good.
    """
    site = _ActionApi(url, user_agent="data-gazette", get_only=True, session=session)
    start, before = 0, None
    for _ in range(_MOST_PAGES):
        page = _page(site, url, start, query)
        if not page.records:
            return
        if page.records == before:
            message = f"{url} gave the same page twice, so its list cannot be read to the end."
            raise Unreachable(message, "Tell the site’s operator that “start” of package_search does not work.")
        yield page
        before = page.records
        # A site that gives fewer rows than asked for is asked to go on where it stopped.
        whole = len(page.records) >= ROWS or start + len(page.records) >= page.count
        start += ROWS if whole else len(page.records)
    raise Unreachable(f"The list of {url} does not end.", "Narrow it with a filter.")


def _page(site: _ActionApi, url: str, start: int, query: str | None) -> Page:
    asked = {"rows": ROWS, "start": start, "sort": "id asc", **({"fq": query} if query else {})}
    result = _asked(site, url, "package_search", asked)
    if not isinstance(result, dict) or not isinstance(result.get("results"), list):
        raise _not_ckan(url, "its answer has no list of results")
    count = result.get("count")
    if not isinstance(count, int):
        raise _not_ckan(url, "its answer does not say how many records there are")
    return Page(count, start, result["results"])


def _asked(site: _ActionApi, url: str, action: str, values: Mapping[str, object]) -> Any:  # noqa: ANN401
    try:
        return site.call_action(action, dict(values))
    except requests.Timeout:
        raise Unreachable(f"{url} did not answer in time.", "Try again later.") from None
    except requests.TooManyRedirects:
        raise Unreachable(f"{url} redirects too often.", "Give the address that it ends at.") from None
    except requests.RequestException as error:
        raise Unreachable(f"{url} cannot be reached: {error}.", "Check the address, and try again later.") from None
    except (ckanapi.NotAuthorized, ckanapi.SearchError, ckanapi.SearchQueryError, ckanapi.ValidationError) as error:
        why = _short(str(error))
        raise Unreachable(f"{url} refuses to list its records: {why}.", "Check the filter of this source.") from None
    except (ckanapi.CKANAPIError, ckanapi.ServerIncompatibleError, ckanapi.NotFound) as error:
        raise _not_ckan(url, _short(str(error))) from None
    except (KeyError, TypeError, RecursionError):
        raise _not_ckan(url, "its answer is not built as CKAN’s are") from None


def _not_ckan(url: str, why: str) -> Unreachable:
    return Unreachable(f"{url} does not answer as a CKAN site: {why}.", "Give the address of the site’s home page.")


def _short(text: str) -> str:
    return text if len(text) <= 200 else text[:197] + "…"
