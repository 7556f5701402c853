import pytest

from catalogue.formats.themes import theme_codes


@pytest.mark.parametrize(
    ("stated", "codes"),
    [
        (["Health"], ["health"]),
        (["http://publications.europa.eu/resource/authority/data-theme/TRAN", "tran", "Transport"], ["transport"]),
        (["https://publications.europa.eu/resource/authority/data-theme/ECON", "Energy"], ["economy", "energy"]),
        (["Wireline", "International", "Health care", ""], []),
    ],
)
def test_only_what_is_beyond_doubt_has_a_code(stated: list[str], codes: list[str]) -> None:
    assert theme_codes(stated) == codes
