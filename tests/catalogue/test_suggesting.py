"""Suggestions: what is suggested, in which order, and that nothing is which is no longer there."""

from dataclasses import replace
from typing import Any

from sqlalchemy import delete, func, select, update

from catalogue.datasets.record import record_dataset
from catalogue.datasets.references import ReferenceDetails, replace_references
from catalogue.organisations.record import OrganisationDetails, record_organisation
from catalogue.search.document import InState, SearchDocument
from catalogue.search.service import enqueue_document, enqueue_removal
from catalogue.search.suggest import suggest
from catalogue.search.suggest_models import SuggestedRecord, SuggestedTerm, SuggestedWord
from catalogue.search.suggest_rows import SuggestionDrift, refill, suggestion_drift
from catalogue.search.suggest_vocabulary import Vocabulary
from schemas.actor import LOCAL_REGISTRAR
from schemas.bundle import DATASET_VERSION
from schemas.database.engine import Database
from tests.fakes import CountingIds, FakeClock

CLOCK = FakeClock()
PROVENANCE = {"source": "foi"}
NOTHING = ["", "r", "  ", "\0", "\ud800", "-river", "NOT river", "title:river", "+name:river", "%", "_", "' OR 1=1 --"]
ODD = [
    *("x" * 100_000, "x " * 50_000, "e\u0301" * 50_000, "\u202eriv", "العربية", "日", "\U0010ffff" * 9, "ǅ" * 99),
    "ri\0v",
]


def record(number: int, title: str, **values: Any) -> SearchDocument:
    given = {
        "id": f"dataset:{number:032x}",
        "revision": 1,
        "kind": "dataset",
        "title": title,
        "address": f"/datasets/record-{number}",
        "recorded_at": "2024-05-01",
    }
    return SearchDocument(**{**given, **values})


def write(database: Database, *documents: SearchDocument) -> None:
    with database.write() as session:
        for document in documents:
            enqueue_document(session, document, CLOCK)


class Records:
    """Where search documents come from: a list, which is the truth."""

    def __init__(self, *documents: SearchDocument) -> None:
        self.held = documents

    def documents(self, _session: object, ids: Any) -> Any:
        return iter([document for document in self.held if ids is None or document.id in ids])

    def revisions(self, _session: object) -> Any:
        return iter([(document.id, document.revision) for document in self.held])

    def basis(self, _session: object) -> str:
        return ""


def standing_still(database: Database) -> Vocabulary:
    """What remembers for ever what it read first: a process that has not heard of any change."""
    return Vocabulary(database, timer=lambda: 0.0)


def titles(database: Database, typed: str, vocabulary: Vocabulary | None = None) -> list[str]:
    with database.read() as session:
        return [one.title for one in suggest(session, vocabulary or Vocabulary(database), typed)]


def rows(database: Database) -> list[int]:
    with database.read() as session:
        tables = (SuggestedRecord, SuggestedWord, SuggestedTerm)
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_any_word_of_a_title_may_have_begun_and_case_and_accents_do_not_count(database: Database) -> None:
    write(database, record(1, "Café licences of Riverton"), record(2, "River levels"), record(3, "Roads"))
    assert titles(database, "CAFE") == ["Café licences of Riverton"]
    assert titles(database, "riv") == ["River levels", "Café licences of Riverton"]
    assert titles(database, "licences riv") == ["Café licences of Riverton"]
    assert titles(database, "riverton café") == ["Café licences of Riverton"]
    assert titles(database, "river lev") == ["River levels"]
    assert titles(database, "levels roads") == []
    assert titles(database, '+"river lev') == ["River levels"]
    assert titles(database, "(riv*") == ["River levels", "Café licences of Riverton"]


def test_a_title_may_be_typed_with_its_signs(database: Database) -> None:
    write(database, record(1, "Levels: River (daily), “raw”"), record(2, "Research and development"))
    assert titles(database, 'Levels: river (daily), "ra') == ["Levels: River (daily), “raw”"]


def test_a_letter_before_another_word_is_a_word(database: Database) -> None:
    ids = CountingIds()
    with database.write() as session:
        for name in ("Devices and Rivers", "R and D"):
            details = OrganisationDetails(name, name.lower().replace(" ", "-"))
            record_organisation(session, details, CLOCK, ids)
    assert titles(database, "r&d") == ["R and D"]
    assert titles(database, "d and r") == ["R and D"]
    assert titles(database, "devices r") == ["Devices and Rivers"]


def test_it_is_told_what_each_is(database: Database) -> None:
    with database.write() as session:
        details = OrganisationDetails("Ministry of Rivers", "ministry-of-rivers", aliases=(("MoR", None),))
        record_organisation(session, details, CLOCK, CountingIds())
    body = {"organisations": ("ministry-of-rivers",), "organisation_names": ("Ministry of Rivers",)}
    write(
        database,
        record(1, "River levels", keywords=("River quality",), **body),
        record(2, "River sharing", kind="agreement", id="agreement:dg-1", address="/agreements/dg-1"),
    )
    with database.read() as session:
        found = {(one.kind, one.title, one.address) for one in suggest(session, Vocabulary(database), "river")}
        assert [one.kind for one in suggest(session, Vocabulary(database), "mor")] == ["organisation"]
    assert found == {
        ("organisation", "Ministry of Rivers", "/organisations/ministry-of-rivers"),
        ("tag", "River quality", "/search?q=keyword%3A%22River+quality%22"),
        ("dataset", "River levels", "/datasets/record-1"),
        ("agreement", "River sharing", "/agreements/dg-1"),
    }


def test_what_agreements_refer_to_comes_first(database: Database) -> None:
    ids = CountingIds()
    with database.write() as session:
        for title in ("Rivers", "Rivers of the north", "All rivers"):
            record_dataset(
                session,
                LOCAL_REGISTRAR,
                {"schemaVersion": DATASET_VERSION, "kind": "dataset", "title": title, "provenance": PROVENANCE},
                source="test",
                identifier=title,
                clock=CLOCK,
                ids=ids,
                slug=title.lower().replace(" ", "-"),
            )
        told = [ReferenceDetails("rivers-of-the-north", "shared-under", "An agreement", None)]
        replace_references(session, "/agreements/dg-1", told, ids)
    assert titles(database, "riv") == ["Rivers of the north", "Rivers", "All rivers"]
    with database.write() as session:
        replace_references(session, "/agreements/dg-1", [], ids)
    assert titles(database, "riv") == ["Rivers", "Rivers of the north", "All rivers"]


def test_what_is_withdrawn_or_blanked_is_suggested_no_more_at_once(database: Database) -> None:
    first = record(1, "Debts of Zanzibarquux", keywords=("Zanzibarquux", "debt"))
    write(database, first, record(2, "Debts"))
    remembering = standing_still(database)
    assert titles(database, "zanz", remembering) == ["Zanzibarquux", "Debts of Zanzibarquux"]
    write(database, replace(first, revision=2, title="Debts of [blanked]", keywords=("debt",)))
    assert titles(database, "zanz", remembering) == []
    assert titles(database, "blan", remembering) == ["Debts of [blanked]"]
    assert titles(database, "debts of", remembering) == ["Debts of [blanked]"]
    with database.write() as session:
        enqueue_removal(session, first.id, 3, CLOCK)
        enqueue_removal(session, record(2, "").id, 2, CLOCK)
    assert titles(database, "debt", remembering) == []
    assert rows(database) == [0, 0, 0]


def test_a_withdrawn_agreement_keeps_its_page_and_is_not_suggested(database: Database) -> None:
    write(database, record(1, "Sharing debts", kind="agreement", states=(InState("withdrawn"),)))
    assert titles(database, "debts") == []


def test_new_words_are_suggested_before_they_are_remembered(database: Database) -> None:
    write(database, record(1, "River levels"))
    remembering = standing_still(database)
    assert titles(database, "riv", remembering) == ["River levels"]
    write(database, record(2, "Herons"), record(3, "Herons of rivers"))
    assert titles(database, "hero", remembering) == ["Herons", "Herons of rivers"]
    assert titles(database, "herons riv", remembering) == ["Herons of rivers"]


def test_rows_that_are_wrong_are_found_and_mended(database: Database) -> None:
    right = [record(number, f"Rivers {number}", keywords=("water",)) for number in range(1, 4)]
    write(database, *right, record(9, "Of no record"))
    with database.write() as session:
        session.execute(delete(SuggestedRecord).where(SuggestedRecord.document_id == right[0].id))
        changed = update(SuggestedRecord).where(SuggestedRecord.document_id == right[1].id)
        session.execute(changed.values(revision=0, title="Wrong"))
    source = Records(*right, record(4, "…"))
    with database.read() as session:
        assert suggestion_drift(session, [source]) == SuggestionDrift(stale=2, surplus=1)
    for _ in range(2):
        assert sum(refill(database, [source])) == 4
    with database.read() as session:
        assert suggestion_drift(session, [source]) == SuggestionDrift(stale=0, surplus=0)
    assert titles(database, "rivers") == ["Rivers 1", "Rivers 2", "Rivers 3"]


def test_anything_may_be_typed_and_letters_or_signs_alone_find_nothing(database: Database) -> None:
    write(database, record(1, "River levels"), record(2, "日本の川"))
    remembering = standing_still(database)
    assert [titles(database, typed, remembering) for typed in NOTHING] == [[]] * len(NOTHING)
    found = {typed[:4]: titles(database, typed, remembering) for typed in ODD}
    assert {typed: some for typed, some in found.items() if some} == {
        "\u202eriv": ["River levels"],
        "日": ["日本の川"],
        "ri\0v": ["River levels"],
    }
