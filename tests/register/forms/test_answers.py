"""What people type becomes what the schema wants, or stays as it is for the check to name."""

from typing import Any

import pytest

from register.forms.answers import read_answer
from register.forms.fields import Field, agreement_form
from register.forms.places import Path


def field(*path: str | int) -> Field:
    found = agreement_form().field(path)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        (("agreementType",), "2", "one-way-disclosure"),
        (("agreementType",), "one-way-disclosure", "one-way-disclosure"),
        (("agreementType",), "MEMORANDUM", "memorandum-of-understanding"),
        (("agreementType",), "12", "12"),
        (("parties", 0, "flowRole"), "1, receives data", ["discloser", "recipient"]),
        (("parties", 0, "flowRole"), "sends; sends", ["discloser"]),
        (("purposeCategories",), "debt", ["debt"]),
        (("jurisdictions",), "Ireland, gb-sct", ["IE", "GB-SCT"]),
        (("rightsHandling", "contact"), "a@b.example, c@d.example", ["a@b.example", "c@d.example"]),
        (("legalReview", "done"), "Y", True),
        (("legalReview", "done"), "No", False),
        (("legalReview", "done"), "perhaps", "perhaps"),
        (("flows", 0, "datasets", 0, "recordsApprox"), "1,200,000", 1_200_000),
        (("flows", 0, "datasets", 0, "recordsApprox"), "12,00", "12,00"),
        (("signedOn",), "31st March 2024", "2024-03-31"),
        (("signedOn",), "Sept 2024", "2024-09"),
        (("signedOn",), "2024", "2024"),
        (("signedOn",), "3/4/2024", "3/4/2024"),
        (("retention", "sharedData", "duration"), "1 year and 6 months", "P1Y6M"),
        (("retention", "sharedData", "duration"), "p30d", "P30D"),
        (("retention", "sharedData", "duration"), "for ever", "for ever"),
        (("externalIds", 0, "scheme"), "Docket", "docket"),
        (("externalIds", 0, "scheme"), "our-own-list", "our-own-list"),
        (("title",), "no", "no"),
    ],
)
def test_an_answer_means_what_it_says(path: Path, text: str, value: Any) -> None:
    asked = field(*path)
    answer = read_answer(asked, text, asked.options)
    assert (answer.value, answer.several) == (value, ())


def test_what_may_mean_several_things_is_not_decided() -> None:
    answer = read_answer(field("agreementType"), "umbrella agr", ())
    assert {code.code for code in answer.several} == {"umbrella", "process-level"}
    answer = read_answer(field("purposeCategories"), "debt, service", ())
    assert (answer.part, len(answer.several) > 1) == ("service", True)


def test_numbers_count_only_in_a_list_that_was_shown() -> None:
    category = field("flows", 0, "datasets", 0, "dataItems", 0, "category")
    assert read_answer(category, "3", ()).value == "3"
    assert read_answer(category, "3", category.options[5:]).value == category.options[7].code
