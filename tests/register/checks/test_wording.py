"""Titles that tell, summaries that people can read, nothing left to fill in."""

from typing import Any

import pytest

from register.checks.wording import blanks_left, data_not_needed, summaries_hard_to_read, titles_that_tell_nothing
from tests.register.making import agreement
from tests.samples import sample_agreements

PLAIN = (
    "The Ministry of Rivers tells the Bridges Office who pays for a mooring. The office uses it to find people who "
    "are owed money and to pay them. Nothing is passed on."
)
HARD = (
    "Pursuant to the applicable statutory provisions the participating organisations undertake systematic reciprocal "
    "exchanges of individually identifiable information concerning beneficiaries, facilitating comprehensive "
    "reconciliation of entitlements throughout administrative jurisdictions."
)


@pytest.mark.parametrize(
    "title",
    [
        "Finding people who are owed a refund",
        "Childcare grants of students, checked against earnings",
        "COUNCIL TAX DEBTS SENT TO BAILIFFS",
        "HARP-2 trial: retention of mortality data",
        "Wohngelddatenabgleichsverfahren",
        "河川利用料の還付対象者の照合",
        "Pilot 7: council tax debtors and their earnings",
    ],
)
def test_a_title_that_tells_is_passed_in_silence(title: str) -> None:
    assert titles_that_tell_nothing(agreement(title=title)) == []


@pytest.mark.parametrize(
    "title", ["Childcare Pilot 001", "DUA 123/A", "Project Falcon", "ISA-2024-07", "Data sharing agreement", "MoU v2"]
)
def test_a_code_name_is_no_title(title: str) -> None:
    (problem,) = titles_that_tell_nothing(agreement(title=title))
    assert (problem.severity, problem.pointer) == ("error", "/title")
    assert problem.message == f"“{title}” is only a code name: nobody outside can tell what is shared."
    assert problem.advice.startswith("Write who sends what to whom, and why: “")


def test_a_single_word_is_a_warning() -> None:
    (problem,) = titles_that_tell_nothing(agreement(title="NHS debts"))
    assert (problem.severity, problem.message) == ("warning", "“NHS debts” says little of what is shared.")


def summary(words: str, **members: Any) -> list[tuple[str, str, str]]:
    found = summaries_hard_to_read(agreement(summary=words, **members))
    assert {problem.pointer for problem in found} <= {"/summary"}
    return [(problem.severity, problem.message, problem.advice) for problem in found]


def test_a_plain_summary_is_passed_in_silence() -> None:
    assert summary(PLAIN) == []
    assert summaries_hard_to_read(agreement()) == []


def test_a_hard_summary_is_told_with_its_score_and_the_sentence_to_shorten() -> None:
    ((severity, message, advice),) = summary(f"People get refunds. {HARD}")
    assert severity == "warning"
    assert message == (
        "This is hard to read: it scores 92 (LIX), about as hard as a research paper or a statute; 50, a newspaper, is "
        "the most that is wanted."
    )
    assert advice.startswith("Shorten this sentence first, or make it two, with shorter words (27 words): “Pursuant to")
    assert advice.endswith("…”")


def test_one_long_sentence_among_easy_ones_is_told() -> None:
    long = "The office looks at the list and then it " + "and ".join(["asks who pays "] * 9) + "and stops."
    ((severity, message, advice),) = summary(f"Ask us. We pay. You get it. It is so. {long}")
    assert severity == "warning"
    assert message == "One sentence has 46 words; people lose the thread after 35."
    assert advice.startswith("Make two of it: “The office looks at the list")


def test_a_summary_that_repeats_the_title_or_says_next_to_nothing_is_told() -> None:
    ((severity, message, _),) = summary("Finding people – who are owed a refund!")
    assert (severity, message) == ("error", "The summary only repeats the title.")
    ((severity, message, _),) = summary("Moorings are shared.")
    assert (severity, message) == ("warning", "3 words cannot say who shares what with whom, and why.")


def test_acronyms_are_explained() -> None:
    ((severity, message, advice),) = summary(f"{PLAIN} The MOR pays and the LPB looks on.")
    assert (severity, message) == ("warning", "Not everybody knows what MOR and LPB mean.")
    assert advice == (
        "Write it out where it comes first, with the letters in brackets after it: “Ministry of Rivers (MOR)”."
    )
    ((_, message, advice),) = summary(f"{PLAIN} The LPB looks on.")
    assert message == "Not everybody knows what LPB means."
    assert advice == "Write it out where it comes first, with the letters in brackets after it."


@pytest.mark.parametrize(
    "words",
    ["TBC", "tbc.", "N/A", "n.a.", "xxx", "XX XX", "To be confirmed", "-", "…", "???", "Insert text here"],
)
def test_a_text_that_only_holds_a_place_is_an_error(words: str) -> None:
    (problem,) = blanks_left(agreement(purpose=words))
    assert (problem.severity, problem.pointer, problem.title) == ("error", "/purpose", "Purpose")
    assert problem.message == f"“{words}” only holds the place of something."


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Deleted after TBC months.", "TBC"),
        ("The retention is to be confirmed by the board.", "to be confirmed"),
        ("Sent by [insert name of body] each week.", "[insert name of body]"),
        ("Reference xxxx of 2024.", "xxxx"),
        ("Signed by ______", "______"),
        ("Lorem ipsum dolor sit amet.", "Lorem ipsum"),
    ],
)
def test_a_blank_inside_a_text_is_a_warning(words: str, found: str) -> None:
    (problem,) = blanks_left(agreement(purpose=words))
    assert (problem.severity, problem.message) == ("warning", f"“{found}” looks like something left to fill in.")


def test_blanks_are_found_in_every_text_and_not_in_codes_and_numbers() -> None:
    record = agreement(
        parties=[{"name": "TBC", "contact": "x"}],
        areas=[{"code": "NA", "name": "Everywhere"}],
        externalIds=[{"scheme": "dua", "id": "NA"}],
        agreementType="tbc",
        flows=[{"datasets": [{"dataItems": [{"name": "n/a"}]}]}],
        processorTerms={"subprocessors": "None."},
    )
    pointers = [problem.pointer for problem in blanks_left(record)]
    assert pointers == ["/parties/0/name", "/flows/0/datasets/0/dataItems/0/name"]


def test_data_that_is_not_needed_has_a_reason() -> None:
    items = [{"name": "Age", "necessary": False}, {"name": "Sex", "necessary": False, "why": "To help."}, {"name": "X"}]
    (problem,) = data_not_needed(agreement(flows=[{"datasets": [{"dataItems": items}]}]))
    assert (problem.severity, problem.pointer) == ("warning", "/flows/0/datasets/0/dataItems/0/why")
    assert problem.message == "“Age” is not needed, and nothing says why it is sent."


def test_of_the_real_titles_only_the_bad_one_is_called_a_code_name() -> None:
    errors = [
        sample.document["title"]
        for sample in sample_agreements()
        for problem in titles_that_tell_nothing(sample.document)
        if problem.severity == "error"
    ]
    assert errors == ["Childcare Pilot 001"]
