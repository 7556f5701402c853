import gzip

import pytest
import requests

from catalogue.harvest.fetch import MOST_REDIRECTS, Limits, guarded_session
from schemas.errors import Refused, Unreachable
from tests.catalogue.harvest.playback import Answer, Query, always, site


def redirecting(to: str) -> Answer:
    return Answer(302, headers={"Location": to})


def test_an_answer_is_fetched_whole() -> None:
    with site(always(Answer(body=b"x" * 200_000))) as here, guarded_session(allow_private=True) as web:
        assert web.get(f"{here.url}/a?b=c").content == b"x" * 200_000
    assert here.asked == [("/a", (("b", "c"),))]


def test_this_machine_is_not_asked_unless_allowed() -> None:
    with site(always(Answer())) as here, guarded_session() as web, pytest.raises(Refused):
        web.get(here.url)
    assert here.asked == []


def test_the_name_of_the_host_is_sent_although_its_number_is_asked() -> None:
    with site(always(Answer(body=b"here"))) as here, guarded_session(allow_private=True) as web:
        answer = web.get(here.url.replace("127.0.0.1", "localhost"))
    assert answer.content == b"here"
    assert answer.request.headers["Host"] == here.url.removeprefix("http://").replace("127.0.0.1", "localhost")


def test_redirects_are_followed() -> None:
    def answer(path: str, query: Query) -> Answer:
        return redirecting("/there") if path == "/" else Answer(body=b"there")

    with site(answer) as here, guarded_session(allow_private=True) as web:
        assert web.get(here.url).content == b"there"


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "http://0.0.0.0:1/"]
)
def test_a_redirect_to_where_nobody_may_go_is_refused(target: str) -> None:
    with (
        site(always(redirecting(target))) as here,
        guarded_session(allow_private=True) as web,
        pytest.raises(Refused, match="not a public address"),
    ):
        web.get(here.url)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://files.example/a", "gopher://x.example/"])
def test_a_redirect_to_another_kind_of_address_is_refused(target: str) -> None:
    with (
        site(always(redirecting(target))) as here,
        guarded_session(allow_private=True) as web,
        pytest.raises(requests.RequestException),
    ):
        web.get(here.url)


def test_redirects_come_to_an_end() -> None:
    with (
        site(always(redirecting("/again"))) as here,
        guarded_session(allow_private=True) as web,
        pytest.raises(requests.TooManyRedirects),
    ):
        web.get(here.url)
    assert len(here.asked) == MOST_REDIRECTS + 1


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_that_is_too_large_is_broken_off(*, packed: bool) -> None:
    body = b"x" * 300_000
    answer = Answer(body=gzip.compress(body), headers={"Content-Encoding": "gzip"}) if packed else Answer(body=body)
    limits = Limits(size=100_000)
    with (
        site(always(answer)) as here,
        guarded_session(allow_private=True, limits=limits) as web,
        pytest.raises(Unreachable, match="larger than 100,000 bytes"),
    ):
        web.get(here.url)


def test_the_body_of_a_redirect_counts_too() -> None:
    answer = Answer(302, b"x" * 300_000, {"Location": "/there"})
    with (
        site(always(answer)) as here,
        guarded_session(allow_private=True, limits=Limits(size=1_000)) as web,
        pytest.raises(Unreachable, match="larger than"),
    ):
        web.get(here.url)


def test_a_site_that_stops_in_the_middle_is_given_up() -> None:
    with (
        site(always(Answer(body=b"begun", hang=True))) as here,
        guarded_session(allow_private=True, limits=Limits(pause=0.1)) as web,
        pytest.raises(Unreachable, match="stopped in the middle"),
    ):
        web.get(here.url)


def test_an_answer_may_only_take_so_long_in_all() -> None:
    with (
        site(always(Answer(body=b"x" * 300_000))) as here,
        guarded_session(allow_private=True, limits=Limits(seconds=0)) as web,
        pytest.raises(Unreachable, match="took longer than 0 seconds"),
    ):
        web.get(here.url)


def test_the_environments_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with site(always(Answer(body=b"direct"))) as here, guarded_session(allow_private=True) as web:
        assert web.get(here.url).content == b"direct"
