"""No request whatever is a fault of ours, and each is answered in CKAN's form."""

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.ckan.conftest import Door
from web.ckan.actions import ACTIONS

NASTY = [
    *("\x00", "a\x00b", "\ud800", "\udfff x", "\ufffe", "\u2028", "'; DROP TABLE x; --", "%", "%00", "\\", '"', "'"),
    *("x" * 100_000, "(" * 20_000, '"' * 9_999, "a:" * 5_000, " OR ".join("ab" * 400), "*" * 3_000, "[1 TO", "{!x}"),
    *("-1", "+7", "0", "007", "1e3", "1.5", "NaN", "Infinity", "9" * 30, "٣", "½", " 5 ", "rows", "true", "null"),
    *("[]", "{}", "[[", '["a", 1, null, {"b": []}]', '{"a": 1}', "[" * 5_000, '"text"', '["\\ud800"]'),
    *("NOT", "AND OR", "+", "-", "*:*", "a:b:c", ":", "id:*", "extras_:x", "extras_a-b:[NOW TO *]", "_:_"),
    *("metadata_created:[9999-12-31 TO *]", "metadata_modified:[0001-01-01 TO NOW+999999999YEARS]", "x_date:[* TO 1]"),
    *(
        "metadata_created:NOW-999999999YEARS",
        "license_id:\x00",
        'maintainer:"',
        "res_url:[a TO b]",
        "tags:()",
        "id:\x00",
    ),
    *("name:*%_*", "tags:" + "*a?" * 2_000, "organization:(*a* OR b?c)", "x:*y*", "issued desc", "num_tags asc, x"),
    *("description:a", "created:9999-12-31", "size:1", "hash:x", "position:" + "9" * 30, "name:"),
    *("title asc, , name", "title desc,metadata_modified asc,id desc", "score asc", "name  desc ", "title,asc"),
]
PARAMETERS = (
    "q fq fq_list rows start sort fl facet facet.field facet.limit facet.mincount id name_or_id name query limit "
    "offset all_fields include_datasets organizations groups order_by vocabulary_id ext_x foo callback incomplete "
    "before after activity_types terms object_type"
).split()
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=20))
VALUES = st.recursive(
    st.one_of(TEXTS, st.none(), st.booleans(), st.integers(), st.floats()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=2)),
    max_leaves=4,
)
NAMES = st.one_of(st.sampled_from(PARAMETERS), st.sampled_from(PARAMETERS), TEXTS)
ROUTED = re.compile(r"(?!.*//)[^\n/][^\n]*", re.DOTALL)
"""What can be the end of an address at all."""
ACTION = st.one_of(
    st.sampled_from(sorted(ACTIONS)),
    st.sampled_from(["package_search", "package_create", "", "a/b"]),
    TEXTS.filter(lambda text: bool(ROUTED.fullmatch(text))),
)
PREFIX = st.sampled_from(["/api/action/", "/api/3/action/"])
TYPES = st.sampled_from(
    [
        *(
            "application/json",
            "application/json; charset=utf-16",
            "application/json; charset=nonsense",
            "text/plain",
            "",
        ),
        *("application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "a/b; c=\x01"),
    ]
)
BODIES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            *(
                b"",
                b" ",
                b"\xff\xfe",
                b"[1]",
                b"7",
                b"null",
                b"NaN",
                b'{"q": NaN}',
                b'{"q": "\\ud800"}',
                b'{"a": 1, "a": 2}',
            ),
            *(
                b"{" * 10_000,
                b'{"a":' * 10_000,
                b"--x\r\n\r\n--x--",
                b"a=1&a=2&=3&b",
                b"%7B%22q%22%3A1%7D",
                b'{"q": 1}\x00',
            ),
            *('{"q": "é"}'.encode("latin-1"), '{"q": "é"}'.encode("utf-16"), b"\xef\xbb\xbf{}", b'{"rows": 1e400}'),
        ]
    ),
)
FEW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def check(answer: Any) -> None:
    """An answer as CKAN gives them: an envelope, or a bare text for a request that is none."""
    assert answer.status_code in {200, 400, 403, 404, 409, 413}, answer.text[:500]
    if answer.headers["Content-Type"].startswith("application/javascript"):
        assert re.fullmatch(r"/\*\*/[A-Za-z_$][\w$.\[\]]{0,99}\(.*\);", answer.text, re.DOTALL)
        return
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    said = json.loads(answer.text, parse_constant=pytest.fail)
    if isinstance(said, str):
        assert answer.status_code in {400, 404, 413}
        assert said.startswith("Bad request")
    elif answer.status_code == 200:
        assert list(said) == ["help", "success", "result"]
        assert said["success"] is True
    else:
        assert list(said) == ["help", "error", "success"]
        assert said["success"] is False
        assert said["error"]["__type"]


@FEW
@given(PREFIX, ACTION, st.lists(st.tuples(NAMES, TEXTS), max_size=4))
def test_no_address_is_a_fault_of_ours(door: Door, prefix: str, action: str, asked: list[tuple[str, str]]) -> None:
    query = urlencode([(encoded(name), encoded(value)) for name, value in asked])
    check(door.client.get(f"{prefix}{quote(encoded(action), safe='')}?{query[:60_000]}"))


@FEW
@given(PREFIX, ACTION, st.dictionaries(NAMES, VALUES, max_size=3))
def test_no_object_is_a_fault_of_ours(door: Door, prefix: str, action: str, asked: dict[str, Any]) -> None:
    path = f"{prefix}{quote(encoded(action), safe='')}"
    check(door.client.post(path, data=json.dumps(asked), content_type="application/json"))


@FEW
@given(st.sampled_from(["package_search", "package_show", "status_show"]), TYPES, BODIES)
def test_no_body_is_a_fault_of_ours(door: Door, action: str, content_type: str, body: bytes) -> None:
    check(door.client.post(f"/api/3/action/{action}", data=body, headers={"Content-Type": content_type.strip("\x01")}))


@FEW
@given(
    st.sampled_from(
        ["util/dataset/autocomplete", "util/tag/autocomplete", "2/search/dataset", "search/package", "util/x"]
    ),
    st.lists(st.tuples(NAMES, TEXTS), max_size=3),
)
def test_no_older_address_is_a_fault_of_ours(door: Door, path: str, asked: list[tuple[str, str]]) -> None:
    query = urlencode([(encoded(name), encoded(value)) for name, value in asked])
    answer = door.client.get(f"/api/{path}?{query[:60_000]}")
    assert answer.status_code in {200, 400, 404, 409}, answer.text
    assert answer.headers["Content-Type"].startswith("application/")


def encoded(text: str) -> bytes:
    """A text as bytes of an address, whatever is in it."""
    return text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    "callback", ["alert(1)//", "</script><script>", "a;b", "a\nb", "a\x00b", "\u0430lert", "a" * 101, ""]
)
def test_nothing_but_a_name_is_called(door: Door, callback: str) -> None:
    answer = door.client.get("/api/3/action/package_search", query_string={"callback": callback, "q": "</script>"})
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    check(answer)


def test_a_form_with_too_many_parts_is_refused_in_the_form_of_ckan(door: Door) -> None:
    answer = door.client.post(
        "/api/3/action/package_search",
        data={f"ext_{number}": "x" for number in range(1_200)},
        content_type="multipart/form-data",
    )
    assert (answer.status_code, answer.get_json()) == (413, "Bad request: Request Entity Too Large")
