"""Importing: idempotent, all or nothing for each agreement, every refusal told with its place."""

from collections import Counter
from typing import Any

import pytest

from catalogue.contacts import Contact
from catalogue.formats.rsf import read_rsf
from catalogue.organisations.models import Organisation
from catalogue.organisations.record import OrganisationDetails
from register.agreements.models import Agreement, AgreementEvent
from register.agreements.rebuild import differing_agreements
from register.agreements.record import find_agreement
from register.importing import CodeTables, import_documents, import_rsf, revision_event
from schemas.canonical import Json
from schemas.cleaning import Cleaning
from schemas.database.engine import Database
from schemas.outcomes import Action, Outcome
from schemas.problems import Problem
from schemas.reading import Read
from tests.register.making import Register, agreement, numbers_and_times
from tests.register.rsf_files import NUMBERS, REGISTER, agreement_item, as_file, item_line, moment, register_lines

CODES = CodeTables({"rivers:1": OrganisationDetails("Ministry of Rivers", identifiers=(("rivers", "1"),))}, {})


def take_rsf(database: Database, register: Register, lines: list[str], codes: CodeTables = CODES) -> list[Outcome]:
    with database.write() as session:
        return list(import_rsf(session, register.importer, read_rsf(as_file(lines), "made-up.rsf"), codes))


def take(database: Database, register: Register, *reads: Read) -> list[Outcome]:
    with database.write() as session:
        return list(import_documents(session, register.importer, reads))


def read(identifier: str = "s:1", place: str = "record 1", **members: Any) -> Read:
    return Read(place, identifier, agreement(**members))


def actions(outcomes: list[Outcome]) -> dict[str, int]:
    return dict(Counter(str(outcome.action) for outcome in outcomes))


def told(outcome: Outcome) -> str:
    return "\n".join(map(str, outcome.problems))


ITEMS = [agreement_item(key) for key in ("1", "2", "3")]
SPOILT: list[tuple[Json, str]] = [
    ({"name": None}, "name (/name): line 11, entry 2, key 2: “name” is missing."),
    ({"start_date": "31/02/2019"}, "start-date (/start-date): line 11, entry 2, key 2: “31/02/2019” is not a date"),
    ({"retention_period": "for ever"}, "/retention-period"),
    ({"controllers": "rivers:1"}, "/controllers"),
    ({"controllers": None, "processor_names": None}, "/controllers"),
    ({"name": {"a": 1}}, "/name"),
]


@pytest.mark.parametrize(("fields", "words"), SPOILT)
def test_one_bad_record_is_refused_alone_with_line_entry_and_field(
    open_sqlite: Database, register: Register, fields: Json, words: str
) -> None:
    items = [ITEMS[0], agreement_item("2", **fields), ITEMS[2]]
    outcomes = take_rsf(open_sqlite, register, register_lines(items))
    assert actions(outcomes) == {"added": 2, "refused": 1}
    (refused,) = [outcome for outcome in outcomes if outcome.action is Action.REFUSED]
    assert refused.identifier == f"{REGISTER}:2"
    assert refused.place == "line 11, entry 2, key 2"
    assert words.replace("line 11, entry 2, key 2: ", "") in told(refused).replace("line 11, entry 2, key 2: ", "")
    with open_sqlite.read() as session:
        assert [row.id for row in session.query(Agreement)] == ["dg-1", "dg-2"]
        assert [number for number, _ in numbers_and_times(session)] == [1, 2]


def test_a_history_with_one_bad_version_is_refused_whole_and_names_that_version(
    open_database: Database, register: Register
) -> None:
    items = [*ITEMS, agreement_item("2", name="Mended", end_date="2019-13-01")]
    outcomes = take_rsf(open_database, register, register_lines(items))
    assert actions(outcomes) == {"added": 2, "refused": 1}
    assert "line 15, entry 4, key 2" in told(outcomes[1])
    assert "/end-date" in told(outcomes[1])
    with open_database.read() as session:
        assert {row.title for row in session.query(Agreement)} == {"Agreement 1", "Agreement 3"}
        assert [number for number, _ in numbers_and_times(session)] == [1, 2]
    items[3] = agreement_item("2", name="Mended", end_date="2019-12-01")
    assert actions(take_rsf(open_database, register, register_lines(items))) == {"unchanged": 2, "added": 1}


def test_an_altered_item_refuses_its_agreement_alone_and_names_line_and_entry(
    open_sqlite: Database, register: Register
) -> None:
    lines = register_lines([*ITEMS, agreement_item("1", name="Mended")])
    assert "Mended" in lines[13]
    lines[13] = lines[13].replace("Mended", "Marred")
    outcomes = take_rsf(open_sqlite, register, lines)
    by_identifier = {outcome.identifier: outcome for outcome in outcomes}
    assert actions(outcomes) == {"refused": 2, "added": 2}
    assert "line 15, entry 4, key 1: No item before the entry has the hash" in told(by_identifier[f"{REGISTER}:1"])
    assert "The item in line 14" in told(by_identifier[""])


def test_what_is_left_of_a_file_that_breaks_off_is_taken_and_the_break_is_told(
    open_sqlite: Database, register: Register
) -> None:
    data = as_file(register_lines(ITEMS, root=False))[:-200]
    with open_sqlite.write() as session:
        outcomes = list(import_rsf(session, register.importer, read_rsf(data, "made-up.rsf"), CODES))
    assert actions(outcomes) == {"refused": 1, "added": 2}
    assert outcomes[0].place == "the file"
    assert "breaks off in the middle of line 12" in told(outcomes[0])
    assert actions(take_rsf(open_sqlite, register, register_lines(ITEMS))) == {"unchanged": 2, "added": 1}


def test_nothing_under_a_root_that_does_not_hold_is_taken(open_sqlite: Database, register: Register) -> None:
    lines = register_lines(ITEMS)
    lines[10] = lines[10].replace(moment(2), "2019-06-23T00:02:30Z")
    outcomes = take_rsf(open_sqlite, register, lines)
    assert actions(outcomes) == {"refused": 4}
    with open_sqlite.read() as session:
        assert numbers_and_times(session) == []


def test_an_item_of_another_agreement_is_refused(open_sqlite: Database, register: Register) -> None:
    lines = register_lines(ITEMS, root=False)
    lines[10] = lines[10].replace("user\t2\t", "user\t9\t")
    outcomes = take_rsf(open_sqlite, register, lines)
    assert actions(outcomes) == {"added": 2, "refused": 1}
    assert "The entry is about 9, its item about 2." in told(outcomes[1])


def test_a_register_that_grew_adds_versions_and_agreements_and_no_more(
    open_database: Database, register: Register
) -> None:
    take_rsf(open_database, register, register_lines(ITEMS))
    grown = register_lines([*ITEMS, agreement_item("2", purpose="Said later"), agreement_item("4")])
    outcomes = take_rsf(open_database, register, grown)
    assert [(outcome.identifier[-1], str(outcome.action)) for outcome in outcomes] == [
        ("1", "unchanged"),
        ("2", "changed"),
        ("3", "unchanged"),
        ("4", "added"),
    ]
    assert actions(take_rsf(open_database, register, grown)) == {"unchanged": 4}
    # An older edition of the file takes nothing back.
    assert actions(take_rsf(open_database, register, register_lines(ITEMS))) == {"unchanged": 3}
    with open_database.read() as session:
        assert find_agreement(session, f"{NUMBERS}:2").document["purpose"] == "Said later"
        assert differing_agreements(session) == []


def test_an_agreement_that_returns_to_what_it_said_has_three_versions(
    open_sqlite: Database, register: Register
) -> None:
    there, changed = agreement_item("1"), agreement_item("1", purpose="For a while")
    lines = register_lines([there, changed], root=False)
    _, item_hash = item_line(there)
    lines.append(f"append-entry\tuser\t1\t{moment(3)}\t{item_hash}")
    take_rsf(open_sqlite, register, lines)
    with open_sqlite.read() as session:
        row = session.get_one(Agreement, "dg-1")
        assert (row.version, row.document.get("purpose")) == (3, None)
    assert actions(take_rsf(open_sqlite, register, lines)) == {"unchanged": 1}


def test_a_person_s_contact_goes_apart_once(open_database: Database, register: Register) -> None:
    lines = register_lines([agreement_item("1", contact="jane.smith@rivers.example")])
    for _ in range(2):
        take_rsf(open_database, register, lines)
    with open_database.read() as session:
        (contact,) = session.query(Contact)
        assert contact.email == "jane.smith@rivers.example"
        row = session.get_one(Agreement, "dg-1")
        assert row.document["rightsHandling"] == {"contactRecord": contact.id}


def test_a_refused_agreement_leaves_no_contact_and_no_organisation(open_database: Database, register: Register) -> None:
    with open_database.write() as session:
        number = {"scheme": NUMBERS, "id": "1"}
        register.sign(session, agreement(title="Told by hand", externalIds=[number]))
    lines = register_lines([agreement_item("1", contact="jane.smith@rivers.example")])
    (outcome,) = take_rsf(open_database, register, lines)
    assert outcome.action is Action.REFUSED
    assert "belongs to agreement dg-1" in told(outcome)
    with open_database.read() as session:
        assert session.query(Contact).count() == 0
        assert session.query(Organisation).count() == 0


def test_the_source_s_own_record_replaces_a_transcription(open_database: Database, register: Register) -> None:
    number = {"scheme": NUMBERS, "id": "1"}
    transcribed: Json = {"externalIds": [number], "title": "As a page told it", "provenance": {"source": "transcribed"}}
    take(open_database, register, read("t:1", **transcribed))
    lines = register_lines(ITEMS[:1])
    assert actions(take_rsf(open_database, register, lines)) == {"changed": 1}
    assert actions(take_rsf(open_database, register, lines)) == {"unchanged": 1}
    assert actions(take(open_database, register, read("t:1", **transcribed))) == {"unchanged": 1}
    with open_database.read() as session:
        events = [event.event for event in session.query(AgreementEvent).order_by(AgreementEvent.number)]
        row = session.get_one(Agreement, "dg-1")
        assert events == ["signed", "corrected"]
        assert (row.title, row.document["provenance"]["source"]) == ("Agreement 1", "imported")
        assert differing_agreements(session) == []


def test_organisations_the_codes_mean_are_added_once_and_told(open_sqlite: Database, register: Register) -> None:
    first, second, third = take_rsf(open_sqlite, register, register_lines(ITEMS))
    assert first.notes == ("The organisation “Ministry of Rivers” is new and was added.",)
    assert second.notes == third.notes == ()
    with open_sqlite.read() as session:
        assert session.query(Organisation).count() == 1


# Documents in our own form.


def test_a_document_is_known_again_by_its_identifier(open_database: Database, register: Register) -> None:
    assert actions(take(open_database, register, read(), read("s:2", title="Two"))) == {"added": 2}
    assert actions(take(open_database, register, read(), read("s:2", title="Two"))) == {"unchanged": 2}
    (changed, same) = take(open_database, register, read(purpose="Now said"), read("s:2", title="Two"))
    assert (changed.action, changed.address, same.action) == (Action.CHANGED, "/agreements/dg-1", Action.UNCHANGED)
    with open_database.read() as session:
        assert [number for number, _ in numbers_and_times(session)] == [1, 2, 3]
        assert differing_agreements(session) == []


def test_what_a_document_says_now_counts_even_if_it_said_so_before(open_database: Database, register: Register) -> None:
    for purpose, action in (("A", "added"), ("B", "changed"), ("A", "changed"), ("A", "unchanged"), ("B", "changed")):
        (outcome,) = take(open_database, register, read(purpose=purpose))
        assert str(outcome.action) == action
    with open_database.read() as session:
        row = session.get_one(Agreement, "dg-1")
        assert (row.version, row.document["purpose"]) == (4, "B")


@pytest.mark.parametrize("other", ["S:1", "s:1@x", "s:1_", "s:%", "s:"])
def test_an_identifier_is_not_taken_for_another_like_it(
    open_database: Database, register: Register, other: str
) -> None:
    """SQLite compares without regard to case, % and _ stand for anything, and an identifier may hold an @."""
    take(open_database, register, read(other, title="Other"))
    take(open_database, register, read("s:1", title="One"))
    take(open_database, register, read(other, title="Other, changed"))
    with open_database.read() as session:
        assert {row.id: (row.title, row.version) for row in session.query(Agreement)} == {
            "dg-1": ("Other, changed", 2),
            "dg-2": ("One", 1),
        }


def test_two_that_differ_under_one_identifier_are_both_refused(open_sqlite: Database, register: Register) -> None:
    reads = [read(place="record 1"), read("s:2", "record 2", title="Two"), read(place="record 3", purpose="Another")]
    outcomes = take(open_sqlite, register, *reads)
    assert [str(outcome.action) for outcome in outcomes] == ["refused", "added", "refused"]
    assert "(record 3)" in told(outcomes[0])
    assert "(record 1)" in told(outcomes[2])


def test_one_that_repeats_another_is_told_and_taken_once(open_sqlite: Database, register: Register) -> None:
    outcomes = take(open_sqlite, register, read(place="record 1"), read(place="record 2"))
    assert [str(outcome.action) for outcome in outcomes] == ["added", "repeated"]
    assert outcomes[1].problems[0].severity == "warning"


def test_bad_documents_are_refused_and_the_good_ones_kept(open_sqlite: Database, register: Register) -> None:
    reads = [
        read("s:1", "record 1", title=None),
        read("s:2", "record 2", title="Two"),
        Read("record 3", "", None, problems=(Problem("", "This is not a group of fields."),)),
        read("s:4", "record 4", endsOn="31/02/2019", title="Four"),
        read("s:5", "record 5", flows=[{"datasets": [{"title": "x", "recordsApprox": 2**60}]}]),
        read("s:6", "record 6", rightsHandling={"contact": ["jane.smith@rivers.example"]}),
    ]
    outcomes = take(open_sqlite, register, *reads)
    assert [str(outcome.action) for outcome in outcomes] == ["refused", "added", *["refused"] * 4]
    assert [bool(outcome.problems) for outcome in outcomes] == [True, False, True, True, True, True]
    assert outcomes[3].title == "Four"


def test_what_was_cleaned_is_told(open_sqlite: Database, register: Register) -> None:
    cleaned = Read("record 1", "s:1", agreement(), cleanings=(Cleaning("/title", "a NUL went"),))
    (outcome,) = take(open_sqlite, register, cleaned)
    assert outcome.notes == ("Cleaned: /title: a NUL went",)


POWER = {"identifier": {"scheme": "p", "id": "1"}}


@pytest.mark.parametrize(
    ("before", "after", "event"),
    [
        ({"endsOn": "2020"}, {"endsOn": "2021"}, "amended"),
        ({}, {"endsOn": "2021"}, "amended"),
        ({"legalPowers": [{"title": "p:1", **POWER}]}, {"legalPowers": [{"title": "Section 1", **POWER}]}, "corrected"),
        (
            {"legalPowers": [{"title": "p:1", **POWER}]},
            {"legalPowers": [{"title": "Section 1", **POWER}], "purposeCategories": ["debt"]},
            "corrected",
        ),
        (
            {"legalPowers": [{"title": "p:1", **POWER}]},
            {"legalPowers": [{"title": "Section 1", **POWER}], "endsOn": "2021"},
            "amended",
        ),
        (
            {"legalPowers": [{"title": "Section 1", **POWER}]},
            {"legalPowers": [{"title": "Section 2", **POWER}]},
            "amended",
        ),
        ({"endsOn": "2020"}, {"endsOn": "2021", "provenance": {"source": "transcribed"}}, "corrected"),
    ],
)
def test_whether_an_edit_amended_or_corrected(before: Json, after: Json, event: str) -> None:
    assert revision_event({"id": "dg-1", **agreement(**before)}, agreement(**after)) == event


def test_events_name_the_entry_they_came_from(open_sqlite: Database, register: Register) -> None:
    take_rsf(open_sqlite, register, register_lines(ITEMS[:1]))
    _, item_hash = item_line(ITEMS[0])
    with open_sqlite.read() as session:
        (event,) = session.query(AgreementEvent)
        assert event.source_entry == f"{REGISTER}:1@1#{item_hash.removeprefix('sha-256:')}"
        assert event.registered_on.isoformat() == moment(1).replace("Z", "+00:00")
