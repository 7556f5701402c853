"""Text is sent compressed to who asks for it, with tags that stay true; never where that would tell a secret."""

import gzip
import zlib
from collections.abc import Iterator

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from schemas.database.engine import Database
from tests.register.lifecycle.world import World
from tests.web.api.office import Office, staffed
from web.compression import SHORTEST, compress_answers

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
LONG = "rivers and lakes, " * 200


@pytest.mark.parametrize(
    "address",
    ["/", "/search", "/datasets", "/search.csv", "/search.json", "/feeds/datasets.atom", "/feeds/changes.atom",
     "/api/v1/datasets", "/api/v1/search", "/api/3/action/package_search", "/schemas/codelists/method.csv",
     "/api/3/action/help_show?name=package_search&callback=jsonp", "/schemas/agreement/1.0.0/agreement.json",
     "/static/gazette.css", "/static/vendor/govuk-frontend.min.css", "/datasets/roads-of-riverton.json"],
)  # fmt: skip
def test_every_text_is_the_same_compressed(client: FlaskClient, address: str) -> None:
    plain = client.get(address)
    packed = client.get(address, headers=GZIP)
    if len(plain.data) < SHORTEST:
        assert "Content-Encoding" not in packed.headers
        return
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data)
    assert packed.headers.get("Content-Length", str(len(packed.data))) == str(len(packed.data))
    for answer in (plain, packed, client.head(address, headers=GZIP)):
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert answer.headers["Content-Security-Policy"]
    assert {name for name, _ in client.head(address, headers=GZIP).headers} == {name for name, _ in packed.headers}


@pytest.mark.parametrize("address", ["/", "/api/v1/datasets", "/api/v1/agreements/dg-1", "/static/gazette.css"])
def test_a_copy_is_known_again_however_it_was_sent(client: FlaskClient, address: str) -> None:
    plain, packed = client.get(address), client.get(address, headers=GZIP)
    weak = plain.headers["ETag"].startswith("W/")
    assert (packed.headers["ETag"] == plain.headers["ETag"]) is weak  # a strong tag names these very bytes
    for tag in (plain.headers["ETag"], packed.headers["ETag"], f'"other", {packed.headers["ETag"]}'):
        for headers in (GZIP, {}):
            answer = client.get(address, headers={**headers, "If-None-Match": tag})
            assert (answer.status_code, answer.data) == (304, b"")
            assert answer.headers["ETag"] in tag
            assert "Accept-Encoding" in answer.headers["Vary"]
    assert client.get(address, headers={**GZIP, "If-None-Match": '"other-gzip"'}).status_code == 200


@pytest.fixture
def small_office(sqlite_database: Database) -> Office:
    return staffed(World(sqlite_database).people())


def test_the_tag_of_a_compressed_answer_guards_against_lost_updates(small_office: Office) -> None:
    small_office.world.enter()
    client = small_office.app().test_client()
    tag = client.get("/api/v1/agreements/dg-1", headers=GZIP).headers["ETag"]
    assert tag.endswith('-gzip"')
    headers = {**small_office.headers("receiver"), "If-Match": tag}
    confirm = {"event": "confirmed", "details": {"version": 1}}
    assert client.post("/api/v1/agreements/dg-1/events", json=confirm, headers=headers).status_code == 201
    dispute = {"event": "disputed", "details": {"version": 1, "reason": "The amounts are not those we agreed."}}
    assert client.post("/api/v1/agreements/dg-1/events", json=dispute, headers=headers).status_code == 412


@pytest.mark.parametrize(
    ("accepted", "packs"),
    [("gzip", True), ("GZIP;q=0.5", True), ("*", True), ("br, gzip;q=0.1", True), ("x-gzip", True), ("", False),
     ("identity", False), ("gzip;q=0", False), ("identity, gzip;q=0.5", False), ("br", False), ("*;q=0", False)],
)  # fmt: skip
def test_only_who_asks_for_it_gets_it(client: FlaskClient, accepted: str, packs: bool) -> None:
    answer = client.get("/", headers={"Accept-Encoding": accepted})
    assert ("Content-Encoding" in answer.headers) is packs


def test_a_part_of_a_file_is_sent_as_it_is(client: FlaskClient) -> None:
    whole = client.get("/static/gazette.css")
    part = client.get("/static/gazette.css", headers={**GZIP, "Range": "bytes=10-1999"})
    assert (part.status_code, part.data) == (206, whole.data[10:2000])
    assert "Content-Encoding" not in part.headers
    tag = client.get("/static/gazette.css", headers=GZIP).headers["ETag"]
    stale = client.get("/static/gazette.css", headers={**GZIP, "Range": "bytes=10-1999", "If-Range": tag})
    assert (stale.status_code, stale.data) == (200, whole.data)  # of the compressed file there are no parts


@pytest.mark.parametrize("address", ["/sign-in", "/account", "/device", "/api/v1/whoami", "/sign-in/nothing"])
def test_what_is_for_one_reader_is_never_compressed(small_office: Office, address: str) -> None:
    client = small_office.app().test_client()
    headers = {**GZIP, **(small_office.headers("lead") if address.startswith("/api") else {})}
    answer = client.get(address, headers=headers)
    assert "Content-Encoding" not in answer.headers
    assert answer.cache_control.no_store


def small_site() -> tuple[FlaskClient, list[str]]:
    """A small application with every kind of answer that the site has or may come to have; which of them closed."""
    app = Flask(__name__)
    compress_answers(app)
    closed: list[str] = []

    def stream() -> Iterator[str]:
        try:
            yield LONG
            for number in range(5_000):
                yield f"line {number}\n"
        finally:
            closed.append("stream")

    app.add_url_rule("/stream", view_func=lambda: Response(stream(), mimetype="text/csv"), endpoint="stream")
    for name, content, kind, headers in (
        ("zip", LONG, "application/zip", {}),
        ("packed", gzip.compress(LONG.encode()), "text/csv", {"Content-Encoding": "gzip"}),
        ("secret", LONG, "text/html", {"Cache-Control": "no-store"}),
        ("cookie", LONG, "text/html", {"Set-Cookie": "a=b"}),
        ("turtle", LONG, "text/turtle", {}),
        ("json-ld", LONG, "application/ld+json", {}),
        ("rdf", LONG, "application/rdf+xml", {}),
        ("short", "rivers", "text/plain", {}),
    ):
        view = lambda content=content, kind=kind, headers=headers: Response(content, mimetype=kind, headers=headers)  # noqa: E731
        app.add_url_rule(f"/{name}", view_func=view, endpoint=name)
    return app.test_client(), closed


def test_a_stream_comes_in_pieces_and_is_closed() -> None:
    parts, closed = small_site()
    answer = parts.get("/stream", headers=GZIP)
    assert "Content-Length" not in answer.headers
    pieces = answer.iter_encoded()
    unpacker = zlib.decompressobj(31)
    assert unpacker.decompress(next(iter(pieces))) == LONG.encode()  # the beginning can be read at once
    answer.close()
    assert closed == ["stream"]
    whole = gzip.decompress(parts.get("/stream", headers=GZIP).data)
    assert whole == parts.get("/stream").data
    assert parts.head("/stream", headers=GZIP).data == b""


@pytest.mark.parametrize("name", ["zip", "packed", "secret", "cookie", "short"])
def test_what_does_not_gain_or_must_not(name: str) -> None:
    parts, _ = small_site()
    plain, packed = parts.get(f"/{name}"), parts.get(f"/{name}", headers=GZIP)
    assert packed.data == plain.data
    assert packed.headers.get("Content-Encoding") == plain.headers.get("Content-Encoding")


@pytest.mark.parametrize("name", ["turtle", "json-ld", "rdf"])
def test_every_kind_of_text_gains(name: str) -> None:
    parts, _ = small_site()
    assert gzip.decompress(parts.get(f"/{name}", headers=GZIP).data) == LONG.encode()
