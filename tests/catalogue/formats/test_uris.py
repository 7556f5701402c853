"""Addresses as RFC 3986 has them, judged by a second implementation of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.formats.uris import as_uri
from tests.catalogue.formats.standards import is_uri
from tests.real_records import real_records
from tests.services.validators import asked

ODD = [
    *("http://a.example", "https://ä.example/ü?q=ß#ö", 'https://a.example/{x}|"y" z', "https://a.example/100%"),
    *(
        "http://[2001:db8::1]:80/",
        "https://a.example/a[0]?b[]=1#c#d",
        "ftp://u:p@a.example/%zz%41",
        "mailto:a@b.example",
    ),
    *("urn:isbn:123", "doi:10.1/x", "file:///a b", "https://a.example/\\back\u200b", "x:é"),
]


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("https://a.example/ü b|c", "https://a.example/%C3%BC%20b%7Cc"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/%41", "https://a.example/%41"),
        ("https://a.example/?a[]=1", "https://a.example/?a%5B%5D=1"),
        ("www.a.example", None),
        ("https://[::1/", None),
        ("https://[v1]/", None),
        ("https://a.example:x/", None),
        ("https:", None),
        ("", None),
    ],
)
def test_what_an_address_may_not_hold_is_percent_encoded(text: str, uri: str | None) -> None:
    assert as_uri(text) == uri


@given(st.text(max_size=40).map(lambda text: "https://a.example/" + text) | st.text(max_size=30))
def test_what_comes_out_is_an_address_and_stays_as_it_is(text: str) -> None:
    uri = as_uri(text)
    if uri is not None:
        assert is_uri(uri)
        assert as_uri(uri) == uri


def test_another_implementation_takes_every_real_address(trial_data: Path) -> None:
    stated = {
        form[name]
        for record in real_records(trial_data)
        for form in [record.document, *record.document.get("distribution", ())]
        for name in ("accessURL", "downloadURL", "landingPage", "describedBy", "licence")
        if name in form
    }
    uris = sorted(uri for text in [*ODD, *stated] if (uri := as_uri(text)) is not None)
    assert len(uris) > 800
    question = {"schema": {"items": {"type": "string", "format": "uri"}}, "others": [], "records": [uris, ["a b"]]}
    (wrong, none) = asked("json_schema.py", question)
    assert wrong == []
    assert none != []
