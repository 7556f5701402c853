"""What is due for an agreement, by when and by whom, with the command to type next."""

from datetime import UTC, date, datetime
from typing import Any

from register.obligations import Obligation, obligations
from register.timeline import Happening, Surroundings

TODAY = date(2024, 6, 1)
PARTIES = [
    {"name": "Rivers", "organisation": "rivers", "flowRole": ["discloser"], "agreementRole": ["lead-agency"]},
    {"name": "Bridges", "organisation": "bridges", "flowRole": ["recipient"]},
]


def signed(event: str = "signed", **document: Any) -> Happening:
    full = {"title": "T", "parties": PARTIES, "effectiveFrom": "2024-01-01", "endsOn": "2025-01-01", **document}
    return Happening(event, 1, full, datetime(2024, 1, 1, tzinfo=UTC), by="rivers")


def said(event: str, **details: Any) -> Happening:
    return Happening(event, None, None, datetime(2024, 5, 1, tzinfo=UTC), details, details.get("party"))


def due(*history: Happening, standing: str = "signed", can_confirm: tuple[str, ...] = ()) -> list[Obligation]:
    return obligations(history, standing, TODAY, Surroundings(can_confirm=frozenset(can_confirm)), "dg-3")


def told(found: list[Obligation]) -> list[tuple[str, str | None, tuple[str, ...], str]]:
    return [(one.code, one.due.isoformat() if one.due else None, one.organisations, one.command) for one in found]


def test_reviews_and_the_end_have_their_days() -> None:
    end = ("ending", "2025-01-01", ("rivers",), "gazette register renew dg-3 --template")
    review = "gazette register review dg-3 --template"
    assert told(due(signed(nextReviewOn="2024-09"))) == [("review", "2024-09-30", ("rivers",), review), end]
    (overdue, _) = due(signed(nextReviewOn="2024-05-15"))
    assert told([overdue]) == [("review-overdue", "2024-05-15", ("rivers",), review)]
    assert overdue.is_overdue(TODAY)
    assert overdue.sentence == "A review of dg-3 was due on 15 May 2024; none is recorded."
    renewed = said("renewed", date="2024-05-01", endsOn="2026-01-01", nextReviewOn="2025-06-01")
    assert [(one.code, str(one.due)) for one in due(signed(nextReviewOn="2024-05-15"), renewed)] == [
        ("review", "2025-06-01"),
        ("ending", "2026-01-01"),
    ]


def test_where_no_party_leads_every_one_of_them_may_act() -> None:
    parties = [{**party, "agreementRole": ["signatory"]} for party in PARTIES]
    assert due(signed(parties=parties))[0].organisations == ("rivers", "bridges")


def test_a_version_waits_for_those_that_can_confirm_it_and_have_not() -> None:
    assert told(due(signed(), can_confirm=("rivers", "bridges")))[1:] == [
        ("confirm", None, ("bridges",), "gazette register confirm dg-3 --version 1")
    ]
    confirmed = said("confirmed", version=1, party="bridges")
    assert [one.code for one in due(signed(), confirmed, can_confirm=("rivers", "bridges"))] == ["ending"]


def test_a_dispute_waits_for_the_lead() -> None:
    (_, dispute) = due(signed(), said("disputed", version=1, party="bridges", reason="No names."))
    assert (dispute.code, dispute.organisations) == ("answer-dispute", ("rivers",))
    assert dispute.sentence == "Bridges says that version 1 of dg-3 is not right: No names."
    assert dispute.command.startswith("gazette register correct dg-3 ")


def test_after_the_end_each_recipient_says_that_the_data_is_gone_and_the_lead_what_came_of_it() -> None:
    over = signed(
        endsOn="2024-03-31", expectedBenefits=[{"text": "Less fraud"}], disposal={"certificateDueOn": "2024-06-30"}
    )
    assert told(due(over)) == [
        ("report-benefits", "2024-03-31", ("rivers",), "gazette register review dg-3 --template"),
        ("confirm-disposal", "2024-06-30", ("bridges",), "gazette register dispose dg-3 --template"),
    ]
    closed = said("disposal-confirmed", party="Bridges", disposalConfirmedOn="2024-04-10")
    assert [one.code for one in due(over, closed, said("reviewed", date="2024-05-01", outcome="continue"))] == []


def test_what_is_proposed_waits_to_be_agreed_to_and_what_is_gone_for_nothing() -> None:
    assert told(due(signed("proposed"), standing="proposed")) == [
        ("sign", None, ("rivers",), "gazette register sign dg-3")
    ]
    amendment = said("amendment-proposed", reason="A year more")
    assert told(due(signed(), amendment))[-1] == (
        "agree-amendment", None, ("rivers",), "gazette register amend dg-3 --agree"
    )  # fmt: skip
    assert due(signed(), said("withdrawn", reason="Twice"), standing="withdrawn") == []
    assert due() == []
