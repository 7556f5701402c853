import pytest

from web.presentation.datasets import show_access, show_forms, show_places, show_terms, show_times


@pytest.mark.parametrize(
    ("code", "heading"),
    [
        ("open", "Anyone may have this data"),
        ("restricted", "Some people may have this data"),
        ("closed", "This data is not given out"),
        (None, "The source does not say who may have this data"),
        ("odd", "The source does not say who may have this data"),
    ],
)
def test_access_is_told_in_a_sentence(code: str | None, heading: str) -> None:
    assert show_access(code, "dataset").heading == heading


def test_a_service_is_used_and_not_had() -> None:
    assert show_access("open", "data-service").heading == "Anyone may use this service"
    assert show_access("closed", "data-service").heading == "This service is not open to the public"


def test_a_form_that_says_little_still_has_a_name() -> None:
    bare, html = show_forms({"distribution": [{}, {"format": "HTML", "accessURL": "https://a.example/"}]})
    assert (bare.title, bare.address) == ("File", "")
    assert (html.title, html.action) == ("HTML file", "Go to the data")


def test_no_form_leads_to_a_script() -> None:
    (form,) = show_forms({"distribution": [{"downloadURL": "javascript:alert(1)", "accessURL": "https://a.example/"}]})
    assert form.address == "https://a.example/"


def test_a_licence_is_known_by_its_address_or_shown_as_written() -> None:
    known = show_terms("http://creativecommons.org/licenses/by/4.0/legalcode")
    assert known is not None
    assert known.title == "Creative Commons Attribution 4.0"
    written = show_terms("Ask first")
    assert written is not None
    assert (written.title, written.href) == ("Ask first", "")
    assert show_terms(None) is None


def test_times_and_places() -> None:
    document = {
        "temporal": [{"start": "2015", "end": "2019-04"}, {"text": "the Middle Ages"}, {"start": "2020"}],
        "spatial": [{"name": "Riverton"}, {"code": "GB"}, {"bbox": ["-1", "50", "1", "52"]}, {"name": "Riverton"}],
    }
    assert show_times(document) == ["2015 to April 2019", "the Middle Ages", "from 2020"]
    assert show_places(document) == ["Riverton", "GB", "between longitudes -1 and 1 and latitudes 50 and 52"]
