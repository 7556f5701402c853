"""The template: valid as it is, complete when uncommented and filled in, with each clause in its place."""

import re
from typing import Any

import pytest

from register.checks.record import check_record
from register.forms.event_template import event_template
from register.forms.fields import agreement_form, event_form
from register.forms.places import Path, leaves_of, pattern_of, value_at
from register.forms.template import template
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.contract import check_event, event_names, load_part
from schemas.errors import NotFound
from schemas.problems import errors_in
from schemas.profiles import check_profiles, clauses_of, profile_names
from schemas.record_file import read_record_file

EXAMPLE = load_part(AGREEMENT_VERSION, "examples", "complete")
PROFILES = profile_names(AGREEMENT_VERSION)


def read(text: str) -> Json:
    document: Json = read_record_file(text.encode(), "template")[0].value
    return document


def uncommented(text: str) -> Json:
    return read(re.sub(r"^# ", "", text, flags=re.MULTILINE))


def filled(form: Any, model: Any) -> Any:
    """A form with the values of a record: one item of each list of the form for each item of the record."""
    if isinstance(form, dict) and isinstance(model, dict):
        members = {name: filled(inner, model[name]) for name, inner in form.items() if name in model}
        return members or None
    if isinstance(form, list) and isinstance(model, list):
        return [filled(form[0], item) for item in model] if form and isinstance(form[0], dict) else model
    return model


def patterns(document: Any) -> set[str]:
    return {pattern_of(path) for path in leaves_of(document)}


def test_the_untouched_template_says_what_to_fill_in() -> None:
    document = read(template())
    assert document == {"schemaVersion": AGREEMENT_VERSION, "provenance": {"source": "official"}}
    wanted = {problem.pointer for problem in errors_in(check_record(document, None, profiles=["complete"]))}
    assert {"/title", "/parties", "/flows", "/summary"} <= wanted


def test_the_whole_template_has_every_field_of_the_schema() -> None:
    def all_places(path: Path) -> set[str]:
        found: set[str] = set()
        for name in agreement_form().members(path):
            inner = (*path, name)
            field = agreement_form().field(inner)
            assert field is not None
            down = {"group": inner, "list": (*inner, 0)}.get(field.kind)
            below = all_places(down) if down else set()
            found |= below or {pattern_of(down) if field.kind == "list" and down else pattern_of(inner)}
        return found

    written = uncommented(template())
    places = all_places(())
    empty = {
        place
        for place in places
        if value_at(written, tuple(0 if part == "*" else part for part in place.split("/"))) == []
    }
    assert patterns(written) | empty == places - {"id"}


@pytest.mark.parametrize("profile", PROFILES)
def test_uncommenting_and_filling_in_satisfies_the_profile(profile: str) -> None:
    document = filled(uncommented(template([profile])), EXAMPLE)
    assert errors_in(check_record(document, None, profiles=[profile])) == []
    assert patterns(document) < patterns(EXAMPLE)


@pytest.mark.parametrize("profile", PROFILES)
def test_each_clause_stands_with_the_fields_it_wants(profile: str) -> None:
    document = read(template([profile]))
    lacking = {problem.clause for problem in check_profiles(document, [profile], AGREEMENT_VERSION)}
    prose = " ".join(template([profile]).replace("##", " ").split())
    joined = re.sub(r"- (?=\w)", "-", prose)
    named = {clause.clause for clause in clauses_of(profile, AGREEMENT_VERSION) if not clause.where}
    missing = {clause for clause in lacking & named if clause not in prose and clause not in joined}
    assert missing == set()


def test_a_law_asks_for_less_than_everything() -> None:
    assert "uncatalogued" not in template(["uk-dea"])
    assert "dpia:" not in template(["uk-dea"])
    assert "dpia:" in template(["uk-dea", "gdpr-35"])
    assert "gazette register check FILE --profile complete --profile uk-dea" in template(["uk-dea"])
    with pytest.raises(NotFound):
        template(["moon-law"])


@pytest.mark.parametrize("event", event_names(AGREEMENT_VERSION))
def test_the_template_of_an_event_has_every_field_and_shows_what_must_be_given(event: str) -> None:
    form = event_form(event)
    written = read(event_template(event)) if form.root.get("required") else {}
    assert set(written) == set(form.root.get("required", ()))
    if form.members(()):
        assert set(uncommented(event_template(event))) == set(form.members(()))


def test_a_filled_in_review_is_taken() -> None:
    text = (
        event_template("reviewed").replace("\ndate:", "\ndate: 2026-03-01").replace("\noutcome:", "\noutcome: continue")
    )
    assert check_event(read(text), "reviewed", AGREEMENT_VERSION) == []
    with pytest.raises(NotFound):
        event_template("birthday")
