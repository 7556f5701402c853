import json

import pytest

from catalogue.formats.places import read_place, write_place

SQUARE = {"type": "Polygon", "coordinates": [[[-10.5, 50], [2, 50], [2, 60.25], [-10.5, 60.25], [-10.5, 50]]]}
TRIANGLE = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [1, 3], [0, 0]]]}
ENVELOPE = {"type": "envelope", "coordinates": [[-10.5, 60.25], [2, 50]]}


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("United States", {"name": "United States"}),
        ("https://sws.geonames.example/6252001/", {"uri": "https://sws.geonames.example/6252001/"}),
        (
            "-179.231086,-14.601813,+179.859681,+71.441059",
            {"bbox": ["-179.231086", "-14.601813", "179.859681", "71.441059"]},
        ),
        (SQUARE, {"bbox": ["-10.5", "50", "2", "60.25"]}),
        (json.dumps(ENVELOPE), {"bbox": ["-10.5", "50", "2", "60.25"]}),
        ({"@type": "Location", "name": " Wales "}, {"name": "Wales"}),
    ],
)
def test_names_addresses_and_boxes_are_read_whole(value: object, place: object) -> None:
    assert read_place(value) == (place, True)


def test_of_another_shape_the_box_is_read_and_said_to_be_less() -> None:
    assert read_place(TRIANGLE) == ({"bbox": ["0", "0", "2", "3"]}, False)


@pytest.mark.parametrize(
    "value",
    [
        "[[-14.6, -179.2], [71.4, 179.8]]",  # nothing says which number is north
        '[[{"WestBoundingCoordinate":-54.185}],"CARTESIAN"]',
        "MULTIPOLYGON (((-116.8 42.6, -116.8 42.7, -116.9 42.6, -116.8 42.6)))",
        "<gml:Envelope/>",
        "200,10,210,20",
        "1,60,2,50",
        "1,2,3",
        "{broken",
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": "everywhere"},
        7,
        None,
    ],
)
def test_what_is_not_certain_is_no_place(value: object) -> None:
    assert read_place(value) == (None, False)


@pytest.mark.parametrize("value", ["United States", "-1.5,50,2,60.25", "https://places.example/1"])
def test_a_place_is_written_as_it_is_read(value: str) -> None:
    place, _ = read_place(value)
    assert place is not None
    assert write_place(place) == value
