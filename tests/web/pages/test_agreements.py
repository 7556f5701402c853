"""What a reader of an agreement's page learns, and in which order."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from register.agreements.body import seal
from register.agreements.events import NewEvent, append, locked_head, next_agreement_id, open_register
from register.agreements.projection import project
from register.agreements.record import Source, revise_agreement, sign_agreement
from schemas.actor import LOCAL_REGISTRAR
from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.contract import load_part
from schemas.database.engine import Database
from schemas.settings import Settings
from schemas.upgrades import upgrade
from tests.fakes import CountingIds, FakeClock, SeededRandomness
from tests.web.conftest import Page, Site, words
from web.presentation.record import members_of, resolved, show_scalar

QUESTIONS = [
    "Is it about people like me?",
    "Who sends what to whom?",
    "Why, and who benefits?",
    "By what law?",
    "Can a decision be made about me?",
    "How long?",
    "Who checked it?",
    "What has happened so far?",
    "How do I object, correct or complain?",
    "Where does this record come from?",
]


@pytest.mark.parametrize("number", ["dg-1", "dg-2", "dg-3", "dg-4"])
def test_the_questions_stand_in_the_order_in_which_people_ask_them(client: FlaskClient, number: str) -> None:
    html = client.get(f"/agreements/{number}").text
    places = [html.index(f">{question}</h2>") for question in QUESTIONS]
    assert places == sorted(places)


def test_the_plain_summary_comes_first(page: Page) -> None:
    text = page("/agreements/dg-1")
    assert text.index("tells Riverton Council who earns what") < text.index("The data is about")


def test_each_question_is_answered_from_the_record(page: Page) -> None:
    text = page("/agreements/dg-1")
    assert "People who pay Council Tax" in text
    assert "In the data: people can be identified." in text
    assert "Digital Economy Act 2017, s.56" in text
    assert "Combating fraud" in text
    assert "A person looks at every match" in text
    assert "It has applied since 1 April 2025. It ends on 31 March 2027." in text
    assert "The shared data is kept for 1 year and 6 months, counted from: receipt of the data." in text
    assert "Data protection impact assessment: done, January 2025." in text
    assert "To the Information Commissioner." in text
    assert "Registered by Revenue Office" in text


def test_a_flow_leads_to_the_bodies_and_to_the_dataset(client: FlaskClient) -> None:
    html = client.get("/agreements/dg-1").text
    assert '<a class="govuk-link" href="/organisations/revenue-office">The Revenue Office</a>' in html
    assert '<a class="govuk-link" href="/organisations/riverton-council">Riverton Council</a>' in html
    assert '<a class="govuk-link" href="/datasets/tax-returns">Tax returns of residents</a>' in html


def test_the_page_says_what_the_record_says_of_itself(page: Page) -> None:
    text = page("/agreements/dg-1")
    assert "What this register noticed" in text
    assert "A review was due on 1 December 2025; none is recorded." in text


def test_a_review_that_passed_without_one_recorded_is_told(page: Page) -> None:
    assert "A review was due on 1 December 2025. No review is recorded here." in page("/agreements/dg-1")


def test_bodies_on_both_sides_are_not_given_a_direction(page: Page) -> None:
    text = page("/agreements/dg-3")
    assert "The source does not tell who sends what to whom." in text
    assert "What is shared Names and addresses" in text
    assert "It ended on 31 March 2019." in text


def test_a_missing_date_never_makes_it_active(page: Page) -> None:
    text = page("/agreements/dg-2")
    assert "Dates not stated" in text
    assert "so this page cannot say whether it is in force" in text
    assert "In force" not in text


def test_what_the_source_does_not_say_is_told_briefly(page: Page) -> None:
    text = page("/agreements/dg-2")
    assert text.count("The source does not say.") == 5
    assert "None" not in text


def test_imported_history_tells_both_times(page: Page) -> None:
    text = page("/agreements/dg-3")
    assert "25 February 2019: registered in its source (version 1)" in text
    assert "5 April 2019: registered in its source (version 2)" in text
    assert "here on 2 March 2026, from the history of the source" in text


def test_its_history_says_what_changed(page: Page) -> None:
    text = page("/agreements/dg-3/history")
    assert "Ends on Before 28 February 2019 Now 31 March 2019" in text
    assert text.index("Version 2") < text.index("Version 1")


def test_an_old_version_says_so(page: Page) -> None:
    text = page("/agreements/dg-3/versions/1")
    assert "This is version 1 of 2. It is not the newest." in text
    assert "28 February 2019" in text
    assert "It is not the newest" not in page("/agreements/dg-3/versions/2")


def test_a_withdrawn_agreement_keeps_its_page(page: Page) -> None:
    text = page("/agreements/dg-4")
    assert "It was withdrawn from the register on 2 March 2026. Its record stays here. No reason was given." in text
    assert "A withdrawn agreement" in text


def test_the_list_shows_state_and_parties(page: Page) -> None:
    text = page("/agreements")
    assert "12 agreements, latest first" in text
    assert "Finding fraud in Council Tax Agreement In force The Revenue Office and Riverton Council" in text
    assert "In its register since 25 February 2019" in text


@pytest.fixture
def register(sqlite_database: Database, tmp_path: Path) -> Site:
    """A site with an empty register."""
    with sqlite_database.write() as session:
        open_register(session)
    settings = Settings(tmp_path, str(sqlite_database.engine.url), tmp_path / "search")
    return Site(settings, sqlite_database, FakeClock())


def _values(value: Any, node: Json, schema: Json, path: str = "") -> Iterator[tuple[str, str]]:
    """Every single value of a record with its place, as people read it."""
    if isinstance(value, dict):
        members = dict(members_of(node, schema))
        for name, member in value.items():
            yield from _values(member, members[name], schema, f"{path}/{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _values(item, resolved(node["items"], schema), schema, path)
    else:
        yield path, show_scalar(value, node)


TOLD_OTHERWISE = {
    "/schemaVersion": "tells a reader nothing",
    "/rightsHandling/contactRecord": "is held apart",
    "/automatedDecision": "is told in a sentence",
    "/parties/organisation": "is a link where the organisation is known",
    "/flows/datasets/catalogueId": "is a link where the dataset is known",
    "/areas/code": "has its name",
    "/documents/language": "is named where it is not English",
    "/documents/sha256": "is for programs",
    "/parties/identifiers/scheme": "is for programs",
    "/parties/identifiers/id": "is for programs",
    "/flows/id": "is for programs",
    "/flows/derivedFrom/flow": "is for programs",
    "/flows/basis": "is told where the direction was not stated",
    "/legalPowers/power": "is for programs",
}
"""What stands on the page in another way, or only among all the details."""


def test_every_word_of_a_complete_record_stands_under_a_question(register: Site) -> None:
    document = {name: value for name, value in load_part("1.0.0", "examples", "complete").items() if name != "id"}
    clock, ids, randomness = FakeClock(), CountingIds(), SeededRandomness()
    with register.database.write() as session:
        sign_agreement(session, LOCAL_REGISTRAR, document, Source(), clock=clock, ids=ids, randomness=randomness)
    html = register.app().test_client().get("/agreements/dg-1").text
    questions = html.partition("All the details")[0]
    read = words(questions).casefold()
    schema = load_schema("agreement", AGREEMENT_VERSION)
    missing = {
        (path, text)
        for path, text in _values(document, schema, schema)
        if path not in TOLD_OTHERWISE
        if " ".join(text.split()).casefold().rstrip(".") not in read and f'href="{text}"' not in questions
    }
    assert missing == set()
    assert "{" not in words(html)


def test_no_code_is_shown_where_a_title_is_known(register: Site) -> None:
    transfers = [{"country": "NZ", "safeguard": "adequacy"}]
    document = {
        "schemaVersion": AGREEMENT_VERSION,
        "title": "Codes",
        "parties": [{"name": "A"}],
        "internationalTransfers": transfers,
        "endCondition": {"code": "until-revoked"},
        "effectiveFrom": "2020",
        "provenance": {"source": "official"},
    }
    clock, ids, randomness = FakeClock(), CountingIds(), SeededRandomness()
    with register.database.write() as session:
        sign_agreement(session, LOCAL_REGISTRAR, document, Source(), clock=clock, ids=ids, randomness=randomness)
    text = words(register.app().test_client().get("/agreements/dg-1").text)
    assert "It lasts until it is revoked." in text
    assert codelist("country")["NZ"].title in text
    assert "until-revoked" not in text


def test_a_version_in_an_older_schema_keeps_its_page_and_is_compared_in_the_newest(register: Site) -> None:
    old: Json = {
        "schemaVersion": "0.1.0",
        "title": "An old record",
        "parties": [{"name": "A", "functionServed": "Collecting tolls"}],
        "retention": {"sharedData": "P1Y"},
        "endCondition": "the bridge is paid",
        "effectiveFrom": "2020",
        "provenance": {"source": "official"},
    }
    clock, ids, randomness = FakeClock(), CountingIds(), SeededRandomness()
    with register.database.write() as session:
        head = locked_head(session)
        document = {"id": next_agreement_id(head), **old}
        body = seal(document, randomness)
        append(session, head, NewEvent("dg-1", "signed", 1, body, schema_version="0.1.0"), clock)
        agreement = project(session, "dg-1", clock, ids)
        changed = {**upgrade(document), "retention": {"sharedData": {"duration": "P2Y"}}}
        revise_agreement(
            session,
            LOCAL_REGISTRAR,
            agreement,
            "amended",
            changed,
            Source(),
            clock=clock,
            ids=ids,
            randomness=randomness,
        )
    client = register.app().test_client()
    text = words(client.get("/agreements/dg-1/versions/1").text)
    for said in ("Collecting tolls", "kept for 1 year.", "It ends when: the bridge is paid."):
        assert said in text
    history = words(client.get("/agreements/dg-1/history").text)
    assert "How long it is kept, Shared data, How long Before 1 year Now 2 years" in history
    assert "Version of this schema" not in history
    assert "Function" not in history
