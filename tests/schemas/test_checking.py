"""Problems of a record told to people: every kind of mistake, its place, and what to write instead."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json
from schemas.checking import check, is_email, is_web_address
from schemas.problems import Problem, errors_in, pointer_to

AGREEMENT_VERSION = "0.1.0"
"""A small schema that is published and so never changes; how a record is checked is the same for every one."""

MACHINE_WORDS = ("None", "True", "False", "dict", "regex", "$ref", "additionalProperties", "minLength", "jsonschema")


def agreement(**members: Any) -> Json:
    return {
        "schemaVersion": AGREEMENT_VERSION,
        "title": "Finding people who are owed a refund",
        "parties": [{"name": "Ministry of Rivers"}],
        "provenance": {"source": "transcribed"},
        **members,
    }


def dataset(**members: Any) -> Json:
    return {
        "schemaVersion": DATASET_VERSION,
        "kind": "dataset",
        "title": "Rivers and their levels",
        "provenance": {"source": "official"},
        **members,
    }


def problems(**members: Any) -> list[Problem]:
    return check(agreement(**members), "agreement", AGREEMENT_VERSION)


def only(found: list[Problem]) -> Problem:
    assert len(found) == 1, found
    return found[0]


def test_a_record_with_what_every_source_can_give_conforms() -> None:
    assert problems() == []
    assert check(dataset(), "dataset", DATASET_VERSION) == []


@pytest.mark.parametrize(
    ("members", "pointer", "title", "message", "advice"),
    [
        ({"title": ""}, "/title", "Title", "This is empty.", "Give the agreement a title"),
        ({"title": " \t"}, "/title", "Title", "This is empty.", "Give the agreement a title"),
        ({"title": "x" * 301}, "/title", "Title", "This has 301 characters; at most 300 are allowed.", "Give the"),
        ({"title": None}, "/title", "Title", "This is nothing (null); it must be text.", "Leave it out"),
        ({"title": 2019}, "/title", "Title", "This is a number; it must be text.", '"2019"'),
        ({"title": True}, "/title", "Title", "This is true or false; it must be text.", "Give the agreement a title"),
        ({"parties": []}, "/parties", "Parties", "This is empty.", "Name at least one party"),
        ({"parties": {"name": "x"}}, "/parties", "Parties", "This is a group of fields; it must be a list.", "Name at"),
        ({"parties": [{}]}, "/parties/0/name", "Name", "“name” is missing.", "Write the organisation’s name"),
        ({"retention": {}}, "/retention", "How long it is kept", "This is empty.", "Fill it in, or leave"),
        (
            {"impetus": "law"},
            "/impetus",
            "Who set it going",
            "“law” is not a code of the list “impetus”.",
            "Write one of",
        ),
        ({"purposeCategories": ["fraud", "fraud"]}, "/purposeCategories", "Kinds of purpose", "stands here twice", ""),
        ({"jurisdictions": ["uk"]}, "/jurisdictions/0", "Jurisdiction", "“uk” is not written as it must be.", "GB"),
        ({"retention": {"sharedData": "1 year"}}, "/retention/sharedData", "Shared data", "“1 year” is not", "P1Y"),
        ({"documents": [{"url": "www.gov.uk"}]}, "/documents/0/url", "Address", "“www.gov.uk” is not", "https://"),
        ({"endsOn": "31/02/2019"}, "/endsOn", "Ends on", "“31/02/2019” is not a date", "There is no such day."),
        ({"endsOn": "03/04/2019"}, "/endsOn", "Ends on", "is not a date", "2019-03-04 or 2019-04-03"),
        ({"endsOn": " 2019"}, "/endsOn", "Ends on", "has blanks around the date", "Write “2019”."),
        ({"schemaVersion": "9.9.9"}, "/schemaVersion", "Version of this schema", f"must be “{AGREEMENT_VERSION}”", ""),
        ({"schemaVersion": None}, "/schemaVersion", "Version of this schema", "This is nothing (null); it must", ""),
        ({"summry": "x"}, "/summry", "summry", "There is no field “summry” here.", "Did you mean “summary”?"),
        ({"zzz": "x"}, "/zzz", "zzz", "There is no field “zzz” here.", "The fields here are: "),
    ],
)
def test_each_kind_of_mistake(members: Json, pointer: str, title: str, message: str, advice: str) -> None:
    problem = only(problems(**members))
    assert (problem.pointer, problem.title) == (pointer, title)
    assert message in problem.message
    assert advice in problem.advice


def flow_with(**link: Any) -> list[Json]:
    return [{"datasets": [{"title": "Rivers", **link}]}]


@pytest.mark.parametrize(
    ("number", "words"),
    [(-1, "at least 0"), (2**53, "at most 9007199254740991"), (0.5, "must be a whole number"), ("1", "a whole number")],
)
def test_numbers_are_whole_and_within_what_every_program_can_hold(number: object, words: str) -> None:
    problem = only(problems(flows=flow_with(recordsApprox=number)))
    assert problem.pointer == "/flows/0/datasets/0/recordsApprox"
    assert words in problem.message


@pytest.mark.parametrize("number", [2**53, -(2**60), 1e300, float("nan"), float("inf")])
def test_a_number_that_has_no_canonical_form_is_found_wherever_it_stands(number: float) -> None:
    problem = only(check(dataset(extras={"a": [{"b": number}]}), "dataset", DATASET_VERSION))
    assert problem.pointer == "/extras/a/0/b"
    assert "as text" in problem.advice


@pytest.mark.parametrize("box", [["1"], ["1", "2"], ["1", "2", "3", "4", "5"]])
def test_a_list_of_the_wrong_length_is_not_called_empty(box: list[str]) -> None:
    found = check(dataset(spatial=[{"bbox": box}]), "dataset", DATASET_VERSION)
    problem = only(found)
    assert f"This has {len(box)} item" in problem.message


def test_an_item_of_a_list_bears_the_title_of_what_is_around_it() -> None:
    problem = only(problems(rightsHandling={"contact": ["nobody"]}))
    assert problem.title == "Where to write"
    assert "e-mail" in problem.advice


def test_a_member_s_own_words_go_before_those_of_its_definition() -> None:
    titles = {only(problems(**{name: "x"})).title for name in ("signedOn", "effectiveFrom", "nextReviewOn")}
    assert titles == {"Signed on", "Applies from", "Next review on"}


def test_a_code_s_title_or_near_miss_leads_to_the_code() -> None:
    assert only(problems(impetus="A public body")).advice == "Write “public-body”."
    assert "“public-body”" in only(problems(impetus="publik-body")).advice


def test_every_missing_member_is_told() -> None:
    found = check({}, "agreement", AGREEMENT_VERSION)
    assert {problem.pointer for problem in found} == {"/schemaVersion", "/title", "/parties", "/provenance"}
    assert all(problem.advice for problem in found)


def test_names_with_signs_are_escaped_in_the_pointer() -> None:
    assert only(problems(**{"a/b~c": 1})).pointer == "/a~1b~0c"
    assert pointer_to(["a/b~c", 0, ""]) == "/a~1b~0c/0/"


def test_problems_come_in_the_order_of_the_record() -> None:
    record = {
        "title": "",
        "schemaVersion": AGREEMENT_VERSION,
        "parties": [
            {"name": f"Body {number}", "flowRole": ["x"] if number in {2, 10} else ["host"]} for number in range(11)
        ],
        "endsOn": "x",
        "areas": [{}],
        "provenance": {"source": "foi"},
    }
    pointers = [problem.pointer for problem in check(record, "agreement", AGREEMENT_VERSION)]
    assert pointers == ["/title", "/parties/2/flowRole/0", "/parties/10/flowRole/0", "/endsOn", "/areas/0"]


def test_a_problem_reads_as_one_sentence_after_another() -> None:
    problem = only(problems(endsOn="31/02/2019"))
    assert str(problem) == (
        "Ends on (/endsOn): “31/02/2019” is not a date this register reads. "
        "There is no such day. Write the date as YYYY-MM-DD."
    )
    assert problem.as_json()["pointer"] == "/endsOn"
    assert "clause" not in problem.as_json()
    assert errors_in([problem, Problem("", "x", severity="warning")]) == [problem]


@pytest.mark.parametrize("value", [[], "text", 5, None, True])
def test_what_is_no_record_at_all_is_told(value: Any) -> None:
    problem = only(check(value, "agreement", AGREEMENT_VERSION))
    assert problem.pointer == ""
    assert "it must be a group of fields" in problem.message


@pytest.mark.parametrize("kind", [list, dict])
def test_nesting_without_end_is_a_problem_not_a_crash(kind: type) -> None:
    value: Any = "x"
    for _ in range(100_000):
        value = [value] if kind is list else {"a": value}
    problem = only(problems(purpose=value))
    assert "levels deep" in problem.message


def test_a_huge_value_is_not_told_back_whole() -> None:
    long = "x" * 1_000_000
    for members in ({"impetus": long}, {long: 1}, {"documents": [{"url": long}]}, {"endsOn": long}):
        problem = only(problems(**members))
        assert len(problem.message) + len(problem.title) + len(problem.advice) < 3_000


def test_a_long_list_is_checked_to_its_end() -> None:
    parties = [{"name": f"Body {number}"} for number in range(5_000)]
    assert only(problems(parties=[*parties, {"nam": "x", "name": "y"}])).pointer == "/parties/5000/nam"


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
MEMBERS = st.sampled_from(
    ["title", "parties", "flows", "method", "retention", "endsOn", "areas", "impetus", "documents", "rightsHandling"]
)


@given(st.dictionaries(MEMBERS, ANY_JSON, max_size=4))
def test_any_value_anywhere_gets_words_a_person_understands(members: Json) -> None:
    for problem in problems(**members):
        assert problem.message.endswith((".", "?"))
        assert problem.title
        own_words = problem.message.partition("“")[0]
        assert not [word for word in MACHINE_WORDS if word in own_words]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "https://www.gov.uk",
            "http://a",
            "https://x.uk/a?b=c#d",
            "HTTPS://X.UK/",
            "https://x.uk:8443/",
            "https://x/@me",
        ),
        *("http://[2001:db8::1]/", "https://bücher.example/ü"),
    ],
)
def test_whole_web_addresses(text: str) -> None:
    assert is_web_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "www.gov.uk", "ftp://x", "https://", "https:///path", "https://me:word@x.uk", "https://x.uk/a b"),
        *("javascript:alert(1)", "https://x.uk\n", "mailto:a@b.uk", "http://[::1", "http://x:port/", "http://:80/"),
        *("//x.uk", "https://?q"),
    ],
)
def test_what_is_no_whole_web_address(text: str) -> None:
    assert not is_web_address(text)


@pytest.mark.parametrize("text", ["a@b.uk", "data.protection@x.gov.uk", "o'neil+x@y.ie", "a@b.c.d"])
def test_email_addresses(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize(
    "text", ["", "a", "a@b", "@b.uk", "a@", "a@b.uk; c@d.uk", "a b@c.uk", "<a@b.uk>", "a@b.uk\n", "a@b."]
)
def test_what_is_no_email_address(text: str) -> None:
    assert not is_email(text)


@pytest.mark.parametrize("text", ["P1Y", "P6M", "P30D", "P2W", "P1Y6M", "PT12H", "P1DT2H30M", "P0D"])
def test_durations(text: str) -> None:
    assert problems(retention={"sharedData": text}) == []


@pytest.mark.parametrize("text", ["P", "PT", "1Y", "P1", "P1.5Y", "p1y", "P1Y ", "P-1Y", "P１Y", "P1H", "P1YT"])
def test_what_is_no_duration(text: str) -> None:
    assert len(problems(retention={"sharedData": text})) == 1
