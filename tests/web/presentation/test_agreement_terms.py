"""The terms of an agreement in sentences."""

from datetime import date

import pytest

from schemas.canonical import Json
from web.presentation.agreement_terms import (
    assessment_sentence,
    check_lines,
    disposal_lines,
    numbers_related,
    retention_lines,
    review_sentence,
    show_automated_decision,
    show_contacts,
    show_documents,
    show_grounds,
    show_laws,
    show_places,
    show_related,
    show_transfers,
    show_uses_not_allowed,
    show_withheld,
    without_told,
)
from web.presentation.agreements import Link


@pytest.mark.parametrize(
    ("overdue", "said"),
    [
        (True, "A review was due on 1 January 2025. No review is recorded here."),
        (False, "A review was due on 1 January 2025."),
    ],
)
def test_a_review_that_passed(overdue: bool, said: str) -> None:
    assert review_sentence("2025-01-01", date(2026, 1, 1), overdue=overdue) == said


def test_a_review_to_come_and_none() -> None:
    assert review_sentence("2026-01", date(2026, 1, 31), overdue=False) == "Next review: January 2026."
    assert review_sentence(None, date(2026, 1, 31), overdue=False) == ""


def test_a_law_is_a_link_only_to_a_web_address() -> None:
    (line,) = show_laws({"legalPowers": [{"instrument": "Act", "provision": "s.1", "url": "javascript:alert(1)"}]})
    assert line.law == Link("Act, s.1")


def test_grounds_stand_under_their_kind_by_their_titles() -> None:
    document: Json = {
        "lawfulBasis": [{"code": "art-6-1-e", "party": "A"}, {"text": "in the Act"}],
        "criminalOffenceCondition": {"party": "B"},
    }
    lawful, criminal = show_grounds(document)
    assert lawful.lines == ("A: Public task – Article 6(1)(e)", "in the Act")
    assert (criminal.title, criminal.lines) == ("Condition for data on offences and convictions", ("B",))
    assert show_grounds({}) == ()


@pytest.mark.parametrize(
    ("transfer", "said"),
    [
        ({"none": True}, "Nothing is sent abroad."),
        ({"country": "NZ", "safeguard": "adequacy"}, "New Zealand, protected by: adequacy decision or regulations"),
        ({"country": "ZZ", "text": "Some island"}, "Some island"),
        ({"country": "IE", "recipient": "A host", "text": "Encrypted."}, "Ireland, A host. Encrypted."),
    ],
)
def test_a_transfer_abroad(transfer: Json, said: str) -> None:
    assert show_transfers({"internationalTransfers": [transfer]}) == [said]


def test_uses_that_are_not_allowed() -> None:
    uses = [{"code": "linking", "text": "with tax data"}, {"code": "marketing"}, {"text": "gossip"}]
    assert show_uses_not_allowed({"incompatibleUses": uses}) == [
        "Linking with other data: with tax data",
        "Marketing",
        "gossip",
    ]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"automatedDecision": "none"}, "No machine takes part in a decision about a person."),
        ({"automatedDecision": "solely-automated"}, "A machine decides alone."),
        ({}, ""),
    ],
)
def test_whether_a_machine_decides(document: Json, said: str) -> None:
    assert show_automated_decision(document) == said


@pytest.mark.parametrize(
    ("keeping", "said"),
    [
        ({"duration": "P1Y"}, ["The shared data is kept for 1 year."]),
        (
            {"duration": "P1Y", "trigger": "receipt"},
            ["The shared data is kept for 1 year, counted from: receipt of the data."],
        ),
        ({"trigger": "last-use"}, ["The shared data: the time is counted from: last use."]),
        ({"text": "As long as needed."}, ["The shared data: As long as needed."]),
        (
            {"duration": "P1M", "text": "At most.", "afterEnd": "Destroyed."},
            ["The shared data is kept for 1 month.", "At most.", "When the agreement ends: Destroyed."],
        ),
    ],
)
def test_how_long_data_is_kept(keeping: Json, said: list[str]) -> None:
    assert retention_lines({"retention": {"sharedData": keeping, "text": "And so on."}}) == [*said, "And so on."]


def test_what_happens_to_the_data_at_the_end() -> None:
    disposal = {"method": "deletion", "certificateDueOn": "2027-01", "text": "By the host."}
    assert disposal_lines({"disposal": disposal}) == ["Deleted.", "By the host.", "Proof of it is due: January 2027."]
    assert disposal_lines({}) == []


def test_a_check_says_when_and_which_office_and_never_that_one_was_made_that_was_not() -> None:
    document: Json = {
        "legalReview": {"done": True, "date": "2025-03", "role": "Departmental lawyer", "text": "No doubts."},
        "securityReview": {"done": False, "role": "Security office"},
    }
    assert check_lines(document) == [
        "Legal check: made, March 2025, by: Departmental lawyer. No doubts.",
        "Security check: not made, by: Security office.",
    ]


@pytest.mark.parametrize(
    ("assessment", "said"),
    [
        ({"status": "done", "date": "2025-01", "reference": "7"}, "done, January 2025 (7)."),
        ({"summary": {"text": "One was drafted."}}, "named in the source."),
    ],
)
def test_whether_the_risks_were_assessed(assessment: Json, said: str) -> None:
    assert assessment_sentence({"dpia": assessment}) == f"Data protection impact assessment: {said}"


def test_a_related_agreement_leads_to_its_page_only_where_it_stands_here() -> None:
    document: Json = {
        "parentAgreement": {"externalId": {"scheme": "mou", "id": "M-1"}},
        "relatedAgreements": [
            {"relation": "under-umbrella", "externalId": {"scheme": "mou", "id": "M-1"}},
            {"relation": "replaces", "agreement": "dg-3", "name": "The trial"},
            {"relation": "renews", "agreement": "dg-4"},
        ],
    }
    assert numbers_related(document) == ["dg-3", "dg-4"]
    umbrella, trial, gone = show_related(document, {"dg-3": "The trial, as registered"})
    assert umbrella.name == Link("Number of a memorandum of understanding: M-1")
    assert (trial.relation, trial.name) == ("Replaces", Link("The trial", "/agreements/dg-3"))
    assert gone.name == Link("dg-4")


def test_a_document_tells_its_language_and_what_is_blacked_out() -> None:
    document = {"type": "annex", "url": "https://a.example/x", "language": "cy", "redactions": "Names of staff."}
    (line,) = show_documents({"documents": [document]})
    assert line.name == Link("a.example/x", "https://a.example/x")
    assert line.lines == ("Annex, in Welsh", "Blacked out: Names of staff.")


def test_what_is_withheld_is_named_as_people_know_it() -> None:
    withheld = [{"field": "documents", "exemption": "Act s.24", "reason": "Safety", "reviewOn": "2027"}, {"field": "x"}]
    assert show_withheld({"withheld": withheld}, {"documents": "Documents"}) == [
        "Documents (Act s.24): Safety. This is looked at again: 2027.",
        "x",
    ]


def test_contacts_and_places() -> None:
    parties = [{"name": "A", "contact": "foi@a.example", "dpoContact": "dpo@a.example"}, {"name": "B"}]
    assert show_contacts({"parties": parties}) == [
        ("A", "foi@a.example"),
        ("A, data protection officer", "dpo@a.example"),
    ]
    assert show_places({"jurisdictions": ["IE", "GB-SCT"]}) == "Ireland; Scotland (GB-SCT)"
    assert show_places({"jurisdictions": ["FR-75C"]}) == "France (FR-75C)"


def test_a_group_told_in_words_keeps_the_rest_of_it() -> None:
    document: Json = {"dpia": {"status": "done", "reason": "Small"}, "rightsHandling": {"text": "Write"}, "title": "T"}
    assert without_told(document) == {"dpia": {"reason": "Small"}, "title": "T"}
