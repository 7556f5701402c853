from collections.abc import Callable

import pytest

from catalogue.harvest.ckan import ROWS, ckan_pages
from catalogue.harvest.fetch import Limits, guarded_session
from schemas.errors import GazetteError, Unreachable
from tests.catalogue.harvest.playback import Answer, Query, SmallCkan, always, json_answer, site


def listed(answer: Callable[[str, Query], Answer], query: str | None = None) -> list[list[str]]:
    with site(answer) as here, guarded_session(allow_private=True, limits=Limits(pause=0.2)) as web:
        return [[record["id"] for record in page.records] for page in ckan_pages(here.url, web, query)]


def full(records: int) -> SmallCkan:
    ckan = SmallCkan()
    for number in range(records):
        ckan.put(f"{number:04}")
    return ckan


@pytest.mark.parametrize(("records", "pages"), [(0, 0), (1, 1), (ROWS, 1), (ROWS + 1, 2), (3 * ROWS, 3)])
def test_every_record_is_listed_once(records: int, pages: int) -> None:
    found = listed(full(records))
    assert len(found) == pages
    assert [number for page in found for number in page] == [f"{number:04}" for number in range(records)]


def test_a_site_that_gives_fewer_rows_than_asked_for_loses_nothing() -> None:
    ckan = full(57)
    ckan.most_rows = 10
    assert [number for page in listed(ckan) for number in page] == [f"{number:04}" for number in range(57)]


def test_what_is_asked_is_what_ckans_own_harvester_asks() -> None:
    ckan = full(1)
    with site(ckan) as here, guarded_session(allow_private=True) as web:
        list(ckan_pages(here.url, web, "organization:x"))
    first, last = here.asked
    assert first[1] == (("fq", "organization:x"), ("rows", "100"), ("sort", "id asc"), ("start", "0"))
    assert dict(last[1])["start"] == "100"


def test_the_same_page_twice_is_an_error() -> None:
    ckan = full(ROWS)
    ckan.repeating, ckan.counts = True, 500
    with pytest.raises(Unreachable, match="same page twice"):
        listed(ckan)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"<html>Welcome</html>"),
        Answer(404, b"not here"),
        Answer(500, b""),
        json_answer("Bad request - Action name not known: package_search", 400),
        json_answer([]),
        json_answer({"success": True}),
        json_answer({"success": True, "result": []}),
        json_answer({"success": True, "result": {"results": []}}),
        json_answer({"success": True, "result": {"count": 1, "results": "none"}}),
        json_answer({"success": False, "error": "Socrata"}),
        Answer(200, b"[" * 100_000),
        Answer(302, b"", {"Location": "/again"}),
        Answer(200, b"{", hang=True),
    ],
)
def test_a_site_that_does_not_answer_as_ckan_is_told(answer: Answer) -> None:
    with pytest.raises(Unreachable) as told:
        listed(always(answer))
    assert "127.0.0.1" in told.value.message
    assert told.value.advice


@pytest.mark.parametrize(
    ("kind", "status"),
    [("Authorization Error", 403), ("Search Query Error", 400), ("Search Error", 409), ("Validation Error", 409)],
)
def test_a_site_that_refuses_is_told_with_its_reason(kind: str, status: int) -> None:
    answer = json_answer(
        {"success": False, "error": {"__type": kind, "message": "No: bad filter", "fq": ["bad"]}}, status
    )
    with pytest.raises(Unreachable, match="refuses to list"):
        listed(always(answer))


def test_a_site_that_is_down_is_told() -> None:
    with site(always(Answer())) as here:
        pass
    with guarded_session(allow_private=True) as web, pytest.raises(GazetteError, match="cannot be reached"):
        list(ckan_pages(here.url, web))
