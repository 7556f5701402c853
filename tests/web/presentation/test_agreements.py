import pytest

from schemas.canonical import Json
from web.presentation.agreement_state import show_state
from web.presentation.agreements import (
    Link,
    direction_told,
    part_of,
    show_flows,
)


def _agreement(flows: list[Json], **roles: list[str]) -> Json:
    parties = [{"name": name, "flowRole": stated} if stated else {"name": name} for name, stated in roles.items()]
    return {"title": "T", "parties": parties, "flows": flows}


def _flow(sender: str = "", recipient: str = "", what: str = "data") -> Json:
    ends = {"from": sender, "to": recipient}
    return {**{name: end for name, end in ends.items() if end}, "datasets": [{"title": what}]}


@pytest.mark.parametrize(
    ("flows", "told"),
    [
        ([], False),
        ([_flow("A", "B")], True),
        ([_flow("A")], False),
        ([_flow("", "B")], False),
        ([_flow("A", "A")], False),
        ([_flow("A", "B"), _flow()], False),
    ],
)
def test_a_direction_is_told_only_where_the_source_tells_it(flows: list[Json], told: bool) -> None:
    assert direction_told(_agreement(flows, A=[])) is told


def test_flows_of_the_same_data_are_told_as_one() -> None:
    document = _agreement([_flow(sender, recipient) for sender in "AB" for recipient in "CD"], A=[])
    (line,) = show_flows(document, {"A": "/organisations/a"}, {}).lines
    assert line.senders == (Link("A", "/organisations/a"), Link("B"))
    assert line.recipients == (Link("C"), Link("D"))


def test_no_sender_is_given_a_recipient_that_the_source_does_not_give_it() -> None:
    lines = show_flows(_agreement([_flow("A", "B"), _flow("C", "D")], A=[]), {}, {}).lines
    assert [(line.senders, line.recipients) for line in lines] == [
        ((Link("A"),), (Link("B"),)),
        ((Link("C"),), (Link("D"),)),
    ]


def test_a_flow_without_one_end_is_not_mixed_with_one_that_has_it() -> None:
    lines = show_flows(_agreement([_flow("A", "B"), _flow("A")], A=[]), {}, {}).lines
    assert [(len(line.senders), len(line.recipients)) for line in lines] == [(1, 1), (1, 0)]


def test_other_data_is_another_line() -> None:
    lines = show_flows(_agreement([_flow("A", "B"), _flow("B", "A", "answers")], A=[]), {}, {}).lines
    assert [line.data[0].name.text for line in lines] == ["data", "answers"]


@pytest.mark.parametrize(
    ("document", "part"),
    [
        (_agreement([_flow("A", "B")], A=["discloser", "recipient"]), {"sends"}),
        (_agreement([_flow("A", "B"), _flow("B", "A")], A=[]), {"sends", "receives"}),
        (_agreement([], A=["discloser"]), {"sends"}),
        (_agreement([], A=["recipient", "intermediary"]), {"receives"}),
        (_agreement([], A=["discloser", "recipient"]), set()),
        (_agreement([_flow()], A=[]), set()),
        (_agreement([_flow("A", "A")], A=[]), set()),
        (_agreement([_flow("A")], A=[]), {"sends"}),
    ],
)
def test_the_part_of_a_body_is_what_the_source_tells(document: Json, part: set[str]) -> None:
    assert part_of(document, "A") == part


@pytest.mark.parametrize(
    ("code", "dates", "said"),
    [
        ("in-force", {"effectiveFrom": "2018", "endsOn": "2030-01-01"}, "since 2018. It ends on 1 January 2030."),
        (
            "in-force",
            {"effectiveFrom": "2018", "endCondition": {"text": "the pilot is over"}},
            "It ends when: the pilot is over.",
        ),
        (
            "in-force",
            {"effectiveFrom": "2018", "endCondition": {"code": "until-revoked"}},
            "It lasts until it is revoked.",
        ),
        (
            "in-force",
            {"effectiveFrom": "2018", "endCondition": {"code": "event", "text": "a new Act"}},
            "It ends when something happens: a new Act.",
        ),
        ("ended", {"endsOn": "2019-03-31"}, "It ended on 31 March 2019."),
        ("ended", {}, "It was ended early."),
        ("dates-not-stated", {}, "does not say when it begins or ends"),
        ("dates-not-stated", {"effectiveFrom": "2018"}, "does not say when it ends"),
        ("dates-not-stated", {"endsOn": "2030"}, "does not say when it begins"),
        ("signed", {"effectiveFrom": "2030"}, "It is to apply from 2030."),
    ],
)
def test_a_state_says_why(code: str, dates: Json, said: str) -> None:
    state = show_state(code, dates)
    assert said in state.sentence
    assert state.title != code
