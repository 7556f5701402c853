"""What the pages say of an agreement's later life: who stands by it, what came of it, how it ended."""

import re

import pytest
from flask.testing import FlaskClient

from register.lifecycle.acting import Tools, loaded
from register.log.redaction import Redaction, redact
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from tests.fakes import CountingIds, SeededRandomness
from tests.web.conftest import Page, Site, filled_site, words
from tests.web.lives import AMENDED, CONFIRMED, ENDED, PROPOSED, REJECTED, RENEWED, SUSPENDED, WITHDRAWN
from tests.web.test_query_counts import counted

EVERY = (PROPOSED, REJECTED, CONFIRMED, AMENDED, SUSPENDED, ENDED, WITHDRAWN, RENEWED)


def answer(text: str, question: str, following: str) -> str:
    """What stands under a question; every question also stands in the contents."""
    start = text.index(question, text.index(question) + 1)
    return text[start : text.index(following, start)]


def checks(text: str) -> str:
    return answer(text, "Who checked it?", "What has happened so far?")


def history(text: str) -> str:
    return answer(text, "What has happened so far?", "How do I object")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (PROPOSED, "Proposed It was proposed on 2 March 2026, and nothing is shared under it yet."),
        (REJECTED, "this was decided on 2 March 2026. Nothing is shared under it. The reason given: Nobody could say"),
        (CONFIRMED, "In force It has applied since 1 March 2026. It ends on 28 February 2029."),
        (SUSPENDED, "since 2 March 2026: nothing may be shared under it until it is resumed. The reason given: A key"),
        (ENDED, "Ended It was ended early on 2 March 2026. The reason given: The ferry stopped."),
        (RENEWED, "In force It has applied since 1 March 2026. It ends on 28 February 2031."),
    ],
)
def test_the_state_is_told_with_its_day_and_its_reason(page: Page, number: str, said: str) -> None:
    assert said in page(f"/agreements/{number}")


def test_the_parties_words_stand_side_by_side(page: Page, client: FlaskClient) -> None:
    text = checks(page(f"/agreements/{CONFIRMED}"))
    assert "2 of 4 parties stand by version 1; 1 disputes it." in text
    assert "Ministry of Rivers Stands by it Signed version 1 on 2 March 2026." in text
    assert "Upstream Council Stands by it Confirmed version 1 on 2 March 2026. Read by our board." in text
    assert "Office of Bridges Disputes it Said on 2 March 2026 that version 1 is not right." in text
    assert "The reason given: We match nothing on Sundays. What is not right: Parties, 3, Name." in text
    assert "Society of Ferries cannot confirm here: it has no account in this register." in text
    assert '<a class="govuk-link" href="/organisations/society-of-ferries">' in client.get("/agreements/dg-7").text


def test_a_dispute_is_in_sight_at_once_and_only_while_it_stands(page: Page) -> None:
    before = page(f"/agreements/{CONFIRMED}").partition("Is it about people like me?")[0]
    assert "Disputed Office of Bridges says that this version is not right." in before
    assert "What is open now" not in page(f"/agreements/{SUSPENDED}")


def test_who_confirmed_an_older_version_is_asked_again(page: Page) -> None:
    text = checks(page(f"/agreements/{AMENDED}"))
    assert "Upstream Council Has not said Confirmed version 1 on 2 March 2026. It could confirm version 3 here" in text
    assert "Office of Bridges Has not said It could confirm version 3 here and has not." in text
    old = checks(page(f"/agreements/{AMENDED}/versions/1"))
    assert "2 of 3 parties stand by version 1." in old
    assert "Has not said" not in old
    assert "No party has confirmed version 1 here." in checks(page("/agreements/dg-3/versions/1"))


def test_a_proposed_change_is_public_with_what_would_change(page: Page, client: FlaskClient) -> None:
    html = client.get(f"/agreements/{AMENDED}").text
    assert "A change is proposed and not agreed yet: The quarter is too long." in html
    (address,) = set(re.findall(r'href="(/agreements/dg-8/proposals/\d+)"', html))
    text = page(address)
    assert "Not agreed yet Version 3 stands until it is agreed." in text
    assert "Proposed on 2 March 2026 by Upstream Council. The reason given: The quarter is too long." in text
    assert "How often deleted: At fixed times inserted: All the time" in text
    assert "The whole text as proposed" in text


def test_promises_stand_beside_outcomes_and_those_unanswered_say_so(page: Page) -> None:
    text = answer(page(f"/agreements/{ENDED}"), "Why, and who benefits?", "By what law?")
    assert "2 benefits were expected. The reviews say nothing yet of 1 of them." in text
    assert "Target: A third fewer than in 2025 Half as many visits. Figure: 120 instead of 240 February 2026" in text
    assert "Target: £1.2 million Nothing is told yet." in text
    assert "What else came of it Two lists became one." in text
    assert "What was made from the data A yearly table rivers.example/table" in text


def test_nobody_is_blamed_for_promises_before_a_review(page: Page) -> None:
    text = page(f"/agreements/{SUSPENDED}")
    assert "Nothing is told yet" not in text
    assert "what came of them" not in text


def test_what_went_wrong_is_told_plainly(page: Page) -> None:
    text = history(page(f"/agreements/{ENDED}"))
    assert "1 March 2026: more was sent than agreed Forty rows too many were sent. About 40 people affected." in text
    assert "The regulator was told. The people concerned were not told. What was done: The rows were deleted." in text
    assert "Recorded here on 2 March 2026 by Upstream Council." in text


def test_the_end_tells_who_destroyed_the_data_and_who_has_not_said(page: Page) -> None:
    text = answer(page(f"/agreements/{ENDED}"), "How long?", "Who checked it?")
    assert "The deal says that it was to end on 28 February 2029." in text
    assert "Upstream Council: destroyed by 2 March 2026 How: erased so that it cannot be restored. All but one" in text
    assert "Ministry of Rivers has not said here that the data was destroyed." in text


def test_a_consultation_says_until_when_and_how(page: Page, client: FlaskClient) -> None:
    text = page(f"/agreements/{PROPOSED}")
    assert "Comments are taken until 30 April 2026" in text.partition("Is it about people like me?")[0]
    assert "Should every street be warned? The law that asks for it: Rivers Act 2020 s.5" in history(text)
    assert 'href="mailto:comments@rivers.example"' in client.get(f"/agreements/{PROPOSED}").text


def test_recommendations_say_whether_they_were_adopted(page: Page) -> None:
    text = history(page(f"/agreements/{PROPOSED}"))
    assert "Board for Data, 1 March 2026 1 of 2 recommendations adopted. Warn by post too. Accepted Answer: We" in text
    assert "Keep nothing. Not accepted Answer: The law asks for a year." in text


def test_a_renewal_tells_both_ends(page: Page) -> None:
    text = answer(page(f"/agreements/{RENEWED}"), "How long?", "Who checked it?")
    assert "The deal says that it ends on 28 February 2029; it has been renewed since." in text
    assert "Renewed on 2 March 2026 until 28 February 2031 Tolls go on." in text
    assert "Next review: 1 March 2028." in text
    assert "1 March 2026 to 28 February 2031" in page("/agreements")


def test_a_tombstone_tells_why_and_what_stands_in_its_place(page: Page, client: FlaskClient) -> None:
    text = page(f"/agreements/{WITHDRAWN}")
    assert "It was withdrawn by Ministry of Rivers. The reason given: It was entered twice." in text
    assert "In its place: Locks and their keepers" in text
    html = client.get(f"/agreements/{WITHDRAWN}").text
    assert f'href="/agreements/{SUSPENDED}">Locks and their keepers' in html
    assert f'href="/agreements/{WITHDRAWN}/versions/1">version 1' in html
    assert page(f"/agreements/{WITHDRAWN}/versions/1")


def test_the_history_holds_every_event_with_all_it_says(page: Page, client: FlaskClient) -> None:
    text = page(f"/agreements/{AMENDED}/history")
    for said in (
        "5 events, the latest first.",
        "Amendment proposed Recorded here on 2 March 2026, 09:13 UTC, by Upstream Council. Reason The quarter is too",
        "A party joined Recorded here on",
        "Version 3 Name Society of Ferries Joined on 2 March 2026",
        "Amended Recorded here on 2 March 2026",
        "Reason More boats came.",
        "Confirmed by a party",
        "About version 1",
    ):
        assert said in text
    html = client.get(f"/agreements/{AMENDED}/history").text
    assert f'href="/agreements/{AMENDED}/compare/2/3"' in html
    assert 'href="/organisations/upstream-council">Upstream Council' in html


@pytest.mark.parametrize("number", EVERY)
def test_no_code_and_no_short_name_stands_bare(page: Page, number: str) -> None:
    whole, told = page(f"/agreements/{number}"), page(f"/agreements/{number}/history")
    for text in (whole.partition("All the details")[0], told):
        assert not re.search(r"upstream-council|ministry-of-rivers|over-sharing|secure-erasure|not-accepted", text)


@pytest.mark.parametrize("page_of", ["", "/history", "/versions/1"])
def test_a_long_life_asks_the_database_no_more_than_a_short_one(site: Site, client: FlaskClient, page_of: str) -> None:
    asked = []
    own = {"Host": "counting.example"}  # an address that nobody asked before, so that the answer is worked out
    for number in (SUSPENDED, AMENDED):
        with counted(site.database) as statements:
            assert client.get(f"/agreements/{number}{page_of}", headers=own).status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 15


def test_what_was_blanked_is_named_and_never_called_silence(
    sqlite_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    site = filled_site(tmp_path_factory.mktemp("blanked"), sqlite_database)
    tools = Tools(site.clock, CountingIds(), SeededRandomness(3))
    with sqlite_database.write() as session:
        for pointer in ("/purpose", "/parties/3/name", "/parties/1/contact", "/events/14/reason"):
            why = Redaction(pointer, "It named somebody", "Data Protection Act 2018 s.45")
            redact(session, LOCAL_REGISTRAR, loaded(session, CONFIRMED), why, tools)
    reader = site.app().test_client()
    text = words(reader.get(f"/agreements/{CONFIRMED}").text)
    assert "The source does not say why" not in text
    assert "Delivering a public service [blanked]" in answer(text, "Why, and who benefits?", "By what law?")
    blanked = text[text.index("What was blanked") : text.index("All the details")]
    assert (
        "Purpose Blanked on 2 March 2026: It named somebody. The law that requires it: Data Protection Act" in blanked
    )
    assert "Parties, 2, Contact Blanked on" in blanked
    assert "Disputed by a party, Reason Blanked on" in blanked
    assert "We match nothing" not in text
    for address in ("", "/history", "/versions/1"):
        assert reader.get(f"/agreements/{CONFIRMED}{address}").status_code == 200
    for address in ("/", "/agreements", "/organisations/society-of-ferries", "/organisations/office-of-bridges"):
        assert reader.get(address).status_code == 200
    assert "Value blanked" in words(reader.get(f"/agreements/{CONFIRMED}/history").text)
