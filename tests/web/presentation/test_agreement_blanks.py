"""A value that was blanked never reads as if the source had said nothing."""

import pytest

from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json
from web.presentation.agreement_blanks import with_blanks

SCHEMA = load_schema("agreement", AGREEMENT_VERSION)
RECORD: Json = {"title": "T", "parties": [{"name": "A"}, {"name": "B", "contact": "b@b.example"}]}


@pytest.mark.parametrize(
    ("pointer", "marked"),
    [
        ("/purpose", {**RECORD, "purpose": "[blanked]"}),
        ("/parties/0/accreditation", {**RECORD, "parties": [{"name": "A", "accreditation": "[blanked]"},
                                                            RECORD["parties"][1]]}),
        ("/rightsHandling/text", {**RECORD, "rightsHandling": {"text": "[blanked]"}}),
        ("/title", RECORD),
        ("/parties/0/contact", RECORD),
        ("/parties/7/accreditation", RECORD),
        ("/flows/0/note", RECORD),
        ("/undertakings/art5", RECORD),
    ],
)  # fmt: skip
def test_a_text_leaves_a_mark_and_nothing_is_made_up(pointer: str, marked: Json) -> None:
    assert with_blanks(RECORD, [pointer], SCHEMA) == marked


def test_the_record_itself_stays_as_it_is() -> None:
    with_blanks(RECORD, ["/parties/0/accreditation"], SCHEMA)
    assert "accreditation" not in RECORD["parties"][0]
    assert with_blanks(RECORD, [], SCHEMA) is RECORD
