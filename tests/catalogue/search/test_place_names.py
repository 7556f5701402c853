import pytest

from catalogue.search.place_names import place_codes, place_name, places_covered, places_told
from schemas.canonical import Json


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ({"name": "Riverland  valley"}, "Riverland valley"),
        ({"name": "république d’Islande", "code": "IS"}, "république d’Islande"),
        ({"name": "UK"}, "United Kingdom"),
        ({"name": "ARG"}, "Argentina"),
        ({"name": "CA"}, "CA"),  # California, or Canada
        ({"code": "CA"}, "Canada"),
        ({"code": "GB-WLS"}, "Wales"),
        ({"code": "E12000003"}, "Yorkshire and the Humber"),
        ({"code": "E06000001"}, "E06000001"),
        ({"uri": "http://sws.geonames.org/2635167/"}, "United Kingdom"),
        ({"uri": "http://statistics.data.gov.uk/id/statistical-geography/W92000004"}, "Wales"),
        ({"uri": "http://data.europa.eu/nuts/code/UKI"}, "London"),
        ({"uri": "https://places.example/riverland"}, None),
        ({"bbox": ["1", "2", "3", "4"]}, None),
        ({"name": "all rivers " * 10}, None),
    ],
)
def test_a_stated_place_has_the_name_that_people_read(place: Json, name: str | None) -> None:
    assert place_name(place) == name


def test_what_is_stated_goes_before_the_title() -> None:
    stated = [{"name": "Riverland"}, {"code": "W92000004"}, {"name": "Wales"}, {"uri": "https://places.example/1"}]
    assert places_covered(stated, "Bridges in Scotland") == ("Riverland", "Wales")
    assert places_covered(stated[3:], "Bridges in Scotland") == ("Scotland",)
    assert place_codes(stated) == ("W92000004", "https://places.example/1")


@pytest.mark.parametrize(
    ("title", "places"),
    [
        ("Bridges in England and Wales, 2019", ("England", "Wales")),
        ("UK house prices", ("United Kingdom",)),
        ("Trees of Greater London", ("London",)),
        ("Yorkshire & the Humber: spend", ("Yorkshire and the Humber",)),
        ("Northern Ireland and Ireland", ("Northern Ireland", "Ireland")),
        ("New South Wales roads", ("New South Wales",)),
        ("Wells of New Mexico", ("New Mexico",)),
        ("South Sudan: food prices", ("South Sudan",)),
        ("Papua New Guinea - schools", ("Papua New Guinea",)),
        ("U.S. river levels", ("United States",)),
        ("Oakland County, Michigan", ("Michigan",)),
        ("Cornwall Council: spend", ("Cornwall",)),
        # What only looks like a place, or is one of several.
        *((title, ()) for title in ("Reading to children in Bath", "Guinea pigs", "Turkey farms", "Jordan curves")),
        *((title, ()) for title in ("NHS England workforce", "Bank of England rates", "Arts Council of Wales grants")),
        *((title, ()) for title in ("Police Scotland", "U.S. Forest Service", "New Zealand Customs Service")),
        *((title, ()) for title in ("Gulf of Mexico", "Ohio River", "Kansas City", "Rivers (Wales) Act 2006")),
        *((title, ()) for title in ("GOV.UK pages", "georgia", "Georgia", "polish", "a@UK", "North Hertfordshire")),
    ],
)
def test_a_title_tells_the_places_that_it_names_beyond_doubt(title: str, places: tuple[str, ...]) -> None:
    assert places_told(title) == places
