"""Licences as sources write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.licences import licence_code, licence_title
from schemas.codelists import codelist


@pytest.mark.parametrize(
    ("licence", "code"),
    [
        ("ogl-3", "ogl-3"),
        ("uk-ogl", "ogl-3"),
        (" Open Government Licence v3.0 ", "ogl-3"),
        ("http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", "ogl-3"),
        ("HTTPS://nationalarchives.gov.uk/doc/open-government-licence/version/3", "ogl-3"),
        ("CC-BY-4.0", "cc-by-4"),
        ("https://creativecommons.org/licenses/by/4.0/", "cc-by-4"),
        ("https://creativecommons.org/licenses/by/4.0/legalcode", "cc-by-4"),
        ("https://creativecommons.org/licenses/by/4.0/legalcode.en", "cc-by-4"),
        ("https://creativecommons.org/licenses/by/4.0/deed.fr", "cc-by-4"),
        ("https://creativecommons.org/licenses/by-sa/4.0/", "cc-by-sa-4"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc0-1"),
        ("odc-pddl", "pddl"),
    ],
)
def test_a_licence_however_it_is_written(licence: str, code: str) -> None:
    assert licence_code(licence) == code
    assert licence_title(licence) == codelist("licence")[code].title


@pytest.mark.parametrize(
    "licence",
    ["", " ", None, "free", "https://creativecommons.org/licenses/by/3.0/", "https://example.org/legalcode", "/"],
)
def test_a_licence_the_list_does_not_hold(licence: str | None) -> None:
    assert licence_code(licence) is None
    if licence:
        assert licence_title(licence) == licence


@pytest.mark.parametrize("code", list(codelist("licence")))
def test_every_licence_of_the_list_is_known_by_code_name_and_address(code: str) -> None:
    entry = codelist("licence")[code]
    assert licence_code(code) == code
    assert licence_code(entry.title) == code
    if entry.same_as:
        for written in (entry.same_as, entry.same_as.rstrip("/") + "/", entry.same_as.replace("http://", "https://")):
            assert licence_code(written) == code


@given(st.text(max_size=60))
def test_any_text_has_a_code_of_the_list_or_none(text: str) -> None:
    assert licence_code(text) in {None, *codelist("licence")}
