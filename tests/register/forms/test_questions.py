"""What is asked next: nothing that does not apply, nothing twice, and everything that a profile wants."""

from typing import Any

import pytest

from register.checks.record import check_submission
from register.forms.fields import agreement_form
from register.forms.order import BESIDES, SECTIONS, WRITTEN_BY_ITSELF, order_key
from register.forms.places import Path, leaves_of, pattern_of, value_at, with_value
from register.forms.questions import Question, next_question, open_questions
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.contract import load_part
from schemas.problems import errors_in
from schemas.profiles import check_profiles, profile_names

COMPLETE = ["complete"]
EXAMPLE = {name: value for name, value in load_part(AGREEMENT_VERSION, "examples", "complete").items() if name != "id"}
SCHEMA = {"schemaVersion": AGREEMENT_VERSION, "provenance": {"source": "official"}}


def asked(document: Json, profiles: list[str] | None = None) -> list[str]:
    """The kinds of place that are asked for because something is lacking."""
    return [pattern_of(one.path) for one in open_questions(document, profiles or COMPLETE) if one.wanted]


def changed(path: Path, value: Any, document: Json = EXAMPLE) -> Json:
    wider: Json = with_value(document, path, value)
    return wider


def answered_from(model: Json, profiles: list[str]) -> tuple[Json, list[Question]]:
    """What comes of answering every question as another record does, and skipping what it does not have."""
    document, passed, questions = dict(SCHEMA), frozenset[Path](), list[Question]()
    while (question := next_question(document, profiles, passed)) is not None:
        assert len(questions) < 400, question
        questions.append(question)
        value = value_at(model, question.path)
        assert value_at(document, question.path) is None, f"asked again: {question.path}"
        nothing = question.leaves_out if value_at(model, (*question.leaves_out, "none")) else None
        if value is not None:
            document = with_value(document, question.path, value)
        elif nothing:
            document = with_value(document, nothing, {"none": True})
        else:
            passed |= {question.leaves_out}
    return document, questions


def test_the_first_question_is_the_title_and_a_complete_record_leaves_none() -> None:
    first = next_question({}, COMPLETE)
    assert first is not None
    assert first.path == ("title",)
    assert next_question(EXAMPLE, profile_names(AGREEMENT_VERSION)) is None


def test_answering_leads_to_a_complete_record_without_a_question_twice() -> None:
    document, questions = answered_from(EXAMPLE, COMPLETE)
    assert errors_in(check_submission(document, None)) == []
    paths = [question.path for question in questions]
    assert [order_key(agreement_form(), path) for path in paths] == sorted(
        order_key(agreement_form(), path) for path in paths
    )
    assert {pattern_of(path) for path in paths} & WRITTEN_BY_ITSELF == set()


@pytest.mark.parametrize("profile", [name for name in profile_names(AGREEMENT_VERSION) if name != "complete"])
def test_each_law_gets_what_it_asks_for(profile: str) -> None:
    document, _ = answered_from(EXAMPLE, [profile])
    assert check_profiles(document, [profile], AGREEMENT_VERSION) == []


@pytest.mark.parametrize(
    ("condition", "place"),
    [
        (("parties", 0, "dataProtectionRole", "controller"), "jointControllerEssence/text"),
        (("parties", 2, "dataProtectionRole", "controller"), "processorTerms/subjectMatter"),
        (("dpia", "status", "screened"), "dpia/summary/risks"),
        (("parties", 2, "agreementRole", ["signatory"]), "parties/*/joinedOn"),
        (("parties", 1, "flowRole", ["host"]), "parties/*/sublicensing/allowed"),
    ],
)
def test_what_does_not_apply_is_not_asked(condition: tuple[Any, ...], place: str) -> None:
    *path, value = condition
    lacking = EXAMPLE
    for leaf in leaves_of(EXAMPLE):
        if pattern_of(leaf).startswith(place.rpartition("/")[0] if "*" not in place else place):
            lacking = changed(leaf, None, lacking)
    if place == "jointControllerEssence/text":
        lacking = changed(("parties", 1, "dataProtectionRole"), "joint-controller", lacking)
    if place.endswith("allowed"):
        lacking = changed(("parties", 1, "sublicensing"), None, lacking)
    lacking = {name: value for name, value in lacking.items() if value != {}}
    if "summary" in place:
        lacking = changed(("dpia", "summary"), None, lacking)
    assert place in asked(lacking)
    assert place not in asked(changed(tuple(path), value, lacking))


def test_special_and_offence_data_bring_their_conditions() -> None:
    plain = changed(("specialCategoryCondition",), None, changed(("criminalOffenceCondition",), None))
    plain = changed(("flows", 1, "datasets", 0, "dataItems", 2, "category"), "name", plain)
    plain = changed(("flows", 1, "datasets", 0, "sensitivity"), "sensitive", plain)
    assert asked(plain) == []
    special = changed(("flows", 1, "datasets", 0, "sensitivity"), "special-category", plain)
    assert asked(special) == ["specialCategoryCondition/*/code"]
    offences = changed(("flows", 1, "datasets", 0, "sensitivity"), "criminal-offence", plain)
    assert asked(offences) == ["criminalOffenceCondition/code"]


def test_questions_about_people_are_for_data_about_people() -> None:
    beginning: Json = {**SCHEMA, "flows": [{"datasets": [{"title": "Bridges", "identifiability": "non-personal"}]}]}
    personal = changed(("flows", 0, "datasets", 0, "identifiability"), "identifiable", beginning)
    about_people = {
        "lawfulBasis/*/code",
        "rightsHandling/access",
        "adverseActionSafeguards",
        "flows/*/datasets/*/dataSubjects/*/group",
    }
    assert about_people & set(asked(beginning)) == set()
    assert about_people <= set(asked(personal))
    besides = [pattern_of(one.path) for one in open_questions(personal, COMPLETE) if not one.wanted]
    assert "flows/*/datasets/*/sensitivity" in besides
    assert "flows/*/datasets/*/sensitivity" not in {pattern_of(one.path) for one in open_questions(beginning, COMPLETE)}


def test_skipping_one_of_several_choices_asks_for_the_next() -> None:
    lacking = changed(("documents",), None, changed(("withheld",), None))
    first = next_question(lacking, COMPLETE)
    assert first is not None
    assert first.path == ("documents", 0, "url")
    second = next_question(lacking, COMPLETE, frozenset({first.leaves_out}))
    assert second is not None
    assert second.path == ("withheld", 0, "field")
    assert next_question(lacking, COMPLETE, frozenset({first.leaves_out, second.leaves_out})) is None


def test_a_second_party_is_wanted_and_a_third_is_offered() -> None:
    one = {**SCHEMA, "title": "Flood claims", "agreementType": "umbrella", "parties": [{"name": "A", "contact": "x"}]}
    second = next(one for one in open_questions(one, COMPLETE) if one.path[:2] == ("parties", 1))
    assert (second.wanted, second.another, second.path) == (True, False, ("parties", 1, "name"))
    two = changed(("parties", 1), {"name": "B", "contact": "y"}, one)
    third = next(one for one in open_questions(two, COMPLETE) if one.path[:2] == ("parties", 2))
    assert (third.wanted, third.another, third.leaves_out) == (False, True, ("parties", 2))


def test_what_is_offered_in_passing_is_not_offered_again_once_passed_by() -> None:
    gone_on = {**SCHEMA, "title": "Flood claims", "summary": "Who shares what with whom."}
    assert all(one.wanted for one in open_questions(gone_on, COMPLETE) if one.path[0] == "relatedAgreements")
    assert ("relatedAgreements", 0, "name") not in {one.path for one in open_questions(gone_on, COMPLETE)}


def test_a_wrong_value_is_asked_for_again_and_an_empty_one_counts_as_lacking() -> None:
    wrong = changed(("agreementType",), "handshake")
    question = next_question(wrong, COMPLETE)
    assert question is not None
    assert (question.path, question.wanted) == (("agreementType",), True)
    assert asked({**EXAMPLE, "purpose": None}) == ["purpose"]


def test_what_cannot_be_asked_is_left_to_the_check() -> None:
    for broken in ({**EXAMPLE, "flows": "see annex"}, {**EXAMPLE, "colour": "red"}):
        assert [one for one in open_questions(broken, COMPLETE) if one.path[0] in {"flows", "colour"}] == []


def test_nobody_leads_so_each_party_is_asked_again() -> None:
    nobody = changed(("parties", 0, "agreementRole"), ["signatory"])
    again = [one.path for one in open_questions(nobody, COMPLETE)]
    assert again == [("parties", position, "agreementRole") for position in range(3)]


def test_every_field_has_a_place_in_the_conversation() -> None:
    form = agreement_form()
    placed = {place for section in SECTIONS for place in section.places}
    assert set(form.members(())) - {"id", "schemaVersion"} <= placed
    for place in (*placed, *BESIDES):
        path = tuple(0 if part == "*" else part for part in place.split("/"))
        assert form.field(path) is not None, place
