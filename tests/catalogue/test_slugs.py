"""Short names for addresses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.organisations.models import Organisation
from catalogue.organisations.record import OrganisationDetails, record_organisation
from catalogue.slugs import SLUG_LENGTH, fold, free_slug, slug_of
from schemas.database.engine import Database
from tests.fakes import CountingIds, FakeClock


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Rivers and their levels", "rivers-and-their-levels"),
        ("  A  —  B  ", "a-b"),
        ("Food & drink", "food-and-drink"),
        ("People's council, farmers’ union", "peoples-council-farmers-union"),
        ("Straße Æsir Łódź Ísafjörður Øre œuvre", "strasse-aesir-lodz-isafjordur-ore-oeuvre"),
        ("Comisión Nacional", "comision-nacional"),
        ("ﬁle ２", "file-2"),
        ("2019/20", "2019-20"),
        ("...", "untitled"),
        ("", "untitled"),
        ("河川", "untitled"),
    ],
)
def test_a_title_gives_its_slug(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_a_long_title_is_cut_at_the_end_of_a_word() -> None:
    words = "transport " * 20
    slug = slug_of(words)
    assert len(slug) <= SLUG_LENGTH
    assert set(slug.split("-")) == {"transport"}
    assert len(slug_of("x" * 200)) == SLUG_LENGTH


@given(st.text(max_size=200))
def test_any_title_gives_a_name_that_may_stand_in_an_address(title: str) -> None:
    slug = slug_of(title)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= SLUG_LENGTH
    assert slug_of(slug) == slug


@given(st.text(max_size=50))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_name_that_is_taken_gets_a_number(database: Database, clock: FakeClock, ids: CountingIds) -> None:
    with database.write() as session:
        for slug in ("rivers", "rivers-2", "rivers-4", "rivers-and-bridges", "RIVERS-3", "ri%ers"):
            record_organisation(session, OrganisationDetails(name=f"Body {slug}", slug=slug), clock, ids)
        assert free_slug(session, Organisation.slug, "Rivers") == "rivers-3"
        assert free_slug(session, Organisation.slug, "Rivers and bridges") == "rivers-and-bridges-2"
        assert free_slug(session, Organisation.slug, "Lakes") == "lakes"
