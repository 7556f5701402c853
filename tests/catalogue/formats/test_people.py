import pytest

from catalogue.formats.people import without_people


@pytest.mark.parametrize(
    "name",
    [
        "author",
        "contact_name",
        "Data Owner",
        "mbox",
        "hasEmail",
        "maintainer-email",
        "dataCustodian",
        "phone",
        "givenName",
        "last_name",
    ],
)
def test_members_about_people_are_left_out_and_named(name: str) -> None:
    assert without_people({"kept": "yes", name: "Jo Bloggs"}) == ({"kept": "yes"}, [f"/{name}"])


@pytest.mark.parametrize("name", ["personal-data", "phonetics", "authority", "ownership", "emailed_total", "owner_org"])
def test_members_that_only_sound_so_are_kept(name: str) -> None:
    assert without_people({name: "yes"}) == ({name: "yes"}, [])


def test_a_persons_address_is_left_out_wherever_it_stands() -> None:
    extras = {"notes": {"see": "mailto:jo.bloggs@council.example", "x": 1}, "list": ["jo@council.example", "kept"]}
    assert without_people(extras) == ({"notes": {"x": 1}, "list": ["kept"]}, ["/notes/see", "/list/0"])


def test_a_roles_address_is_kept() -> None:
    extras = {"feedback": "opendata@council.example"}
    assert without_people(extras) == (extras, [])
