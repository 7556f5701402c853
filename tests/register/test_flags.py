import csv
import io
import statistics
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from register.flags import Happening, flags_of
from schemas.codelists import codelist
from tests.services.commands import Invoke

TODAY = date(2024, 6, 1)


def version(number: int, day: str, event: str = "signed", **document: Any) -> Happening:
    document = {"title": "T", "parties": [{"name": "A"}], "provenance": {"source": "imported"}, **document}
    return Happening(event, number, document, datetime.fromisoformat(day).replace(tzinfo=UTC))


def codes(*history: Happening, standing: str = "signed", day: date = TODAY) -> dict[str, tuple[int, str]]:
    return {flag.code: (flag.version, flag.value) for flag in flags_of(history, standing, day)}


SENDER = {"name": "A", "flowRole": ["discloser"]}
RECIPIENT = {"name": "B", "flowRole": ["recipient"]}
BOTH = {"name": "B", "flowRole": ["discloser", "recipient"]}
LINKED = [{"datasets": [{"catalogueId": "wells"}]}]


@pytest.mark.parametrize(
    ("document", "raised"),
    [
        ({}, {"no-dataset-link"}),
        ({"flows": LINKED}, set()),
        ({"flows": LINKED, "parties": [SENDER]}, {"no-recipient"}),
        ({"flows": LINKED, "parties": [SENDER, RECIPIENT]}, set()),
        ({"flows": LINKED, "parties": [SENDER, BOTH]}, {"direction-not-stated"}),
        ({"flows": [{"from": "A", "to": "B", **LINKED[0]}], "parties": [SENDER, BOTH]}, set()),
        ({"flows": LINKED, "effectiveFrom": "2024-01-01"}, {"registered-late"}),
        ({"flows": LINKED, "effectiveFrom": "2024-03-01"}, set()),
        ({"flows": LINKED, "effectiveFrom": "2024"}, set()),
        ({"flows": LINKED, "effectiveFrom": "2024-02-15", "nextReviewOn": "2024-05-01"}, {"review-overdue"}),
        ({"flows": LINKED, "endsOn": "2024-05-31"}, {"ended-not-closed"}),
        ({"flows": LINKED, "endsOn": "2024-06-01"}, set()),
        ({"flows": LINKED, "endsOn": "2025-06-01", "nextReviewOn": "2025-06-01"}, {"review-only-at-end"}),
    ],
)
def test_what_a_record_shows(document: dict[str, Any], raised: set[str]) -> None:
    assert set(codes(version(1, "2024-02-15", **document))) == raised


def test_an_extension_after_the_end_is_counted_in_days() -> None:
    first = version(1, "2024-01-01", flows=LINKED, endsOn="2024-03-31")
    late = version(2, "2024-04-05", "amended", flows=LINKED, endsOn="2024-12-31")
    in_time = version(2, "2024-03-05", "amended", flows=LINKED, endsOn="2024-12-31")
    assert codes(first, late) == {"extended-after-end": (2, "5")}
    assert codes(first, in_time) == {}


def test_a_mended_fault_stands_at_the_version_that_had_it() -> None:
    code = {"scheme": "powers", "id": "9"}
    broken = version(1, "2024-02-01", flows=LINKED, legalPowers=[{"title": "powers:9", "identifier": code}])
    mended = version(2, "2024-02-04", "corrected", flows=LINKED, legalPowers=[{"title": "Fraud", "identifier": code}])
    assert codes(broken, mended) == {"power-unknown": (1, "3 days")}
    assert codes(broken) == {"power-unknown": (1, "still")}


def test_events_answer_what_the_clock_asks() -> None:
    ended = version(1, "2024-01-01", flows=LINKED, endsOn="2024-03-31", expectedBenefits=[{"text": "Less fraud"}])
    closed = Happening("disposal-confirmed", None, None, datetime(2024, 4, 2, tzinfo=UTC))
    reviewed = Happening("reviewed", None, None, datetime(2024, 4, 3, tzinfo=UTC))
    assert set(codes(ended)) == {"ended-not-closed", "promised-not-reported"}
    assert codes(ended, closed, reviewed) == {}


def test_as_of_a_day_only_what_stood_there_counts() -> None:
    first = version(1, "2024-01-01", flows=LINKED, endsOn="2024-03-31")
    late = version(2, "2024-04-05", "amended", flows=LINKED, endsOn="2024-12-31")
    assert codes(first, late, day=date(2024, 2, 1)) == {}
    assert codes(first, late, day=date(2024, 4, 2)) == {"ended-not-closed": (1, "2024-03-31")}
    assert codes(first, late, day=date(2023, 12, 31)) == {}


def test_the_digital_economy_act_register_counts_exactly(ready: Invoke, trial_data: Path) -> None:
    register = trial_data / "agreements" / "dea-register-2019" / "information-sharing-agreement-0001.rsf"
    assert ready("register", "import", register, "--from", "rsf").code == 0
    rows = list(csv.DictReader(io.StringIO(ready("register", "flags", "--format", "csv").stdout)))
    counts = Counter(row["flag"] for row in rows)
    assert {code: counts[code] for code in codelist("flags")} == {
        "registered-late": 38,
        "review-overdue": 0,
        "review-only-at-end": 31,
        "extended-after-end": 1,
        "gap": 0,
        "ended-not-closed": 38,
        "no-recipient": 4,
        "direction-not-stated": 31,
        "no-dataset-link": 38,
        "unconfirmed-party": 0,
        "disputed": 0,
        "power-unknown": 1,
        "power-not-in-force": 0,
        "party-not-eligible": 0,
        "promised-not-reported": 38,
    }
    late = [int(row["value"]) for row in rows if row["flag"] == "registered-late"]
    assert (statistics.median(late), max(late)) == (86, 172)
    assert [row["value"] for row in rows if row["flag"] == "power-unknown"] == ["3 days"]
    assert all("{" not in row["sentence"] for row in rows)
    assert list(rows[0]) == ["agreement", "version", "flag", "value", "sentence"]


def test_what_is_only_proposed_is_not_late_and_one_day_is_one_day() -> None:
    shared: dict[str, Any] = {"flows": LINKED, "effectiveFrom": "2024-02-14"}
    proposed = version(1, "2024-02-15", "proposed", **shared)
    signed = version(2, "2024-02-20", **shared)
    assert codes(proposed, version(2, "2024-02-16", "corrected", **shared), standing="proposed") == {}
    assert codes(proposed, signed) == {"registered-late": (1, "1")}
    (late,) = flags_of([proposed, signed], "signed", TODAY)
    assert "1 day " in late.sentence
