"""The conversation: a person who answers what is asked ends with a complete record, whatever happens on the way."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from register.checks.record import check_submission
from register.forms.draft_file import open_draft
from register.forms.interview import Interview
from register.forms.lookup import Candidate, Lookup, NoLookup, Sought
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.errors import InvalidInput, Refused, Unreachable
from schemas.problems import errors_in
from schemas.record_file import read_record_file
from tests.register.forms.scripted import ScriptedPerson

TODAY = date(2026, 11, 22)

ANSWERS: Mapping[str, str | list[str]] = {
    "Title": "Farm flood claims: Ministry of Rivers to Bridges Office, to plan repairs",
    "Kind of agreement": "2",
    "Umbrella agreement: Name": "",
    "Related agreement 1: Name": "",
    "Party 1: Name": ["rivers", "1"],
    "Party 2: Name": "bridges office",
    "(Ministry of Rivers): Role in the flow of data": "sends",
    "(Bridges Office): Role in the flow of data": "receives",
    "(Ministry of Rivers): Role in the agreement": "1, 2",
    "(Bridges Office): Role in the agreement": "signed",
    "Contact": "data.sharing@office.example",
    "is there another?": "",
    "Flow of data 1: From": "rivers",
    "To": "2",
    "Dataset shared: Name": "Farm flood claims",
    "Why it is not in the catalogue": "It has not been catalogued yet.",
    "Whether people can be identified": "people can",
    "Sensitivity": "2",
    "People it is about: Group": "farmers",
    "Data item: Name": "Name of farmer",
    "(Name of farmer): Category": "name",
    "Data item: is there another?": ["Date of flood", "no"],
    "(Date of flood): Category": "business",
    "Needed": "yes",
    "About how many records": "40,000",
    "Summary": "The ministry tells the bridges office which farms were flooded. The office uses it to plan repairs.",
    "Purpose": "To plan repairs of bridges.",
    "Kinds of purpose": "delivering a public service, debt",
    "Use not allowed 1: Use": "marketing",
    "(Marketing): In words": "",
    "Who set it going": "public body",
    "Expected benefit 1: Benefit": "Bridges are mended sooner.",
    "Who benefits": "Farmers",
    "Kind of benefit": "9",
    "Measure": "",
    "Effect on people": "Nothing happens to anybody.",
    "Automated decisions": "1",
    "Before acting against anybody": "Officers check every case.",
    "Legal power 1: Law": "Rivers Act 2009",
    "Provision": "s.2",
    "(Rivers Act 2009): Address": "",
    "Jurisdictions": "united kingdom",
    "Role in data protection law": "1",
    "Ground": "public task",
    "Lawful basis 1 (Public task – Article 6(1)(e)): Party": "",
    "Transfer abroad 1: Country": "none",
    "How often": "1",
    "Method": "secure file",
    "Processing after the sharing": "It draws up plans.",
    "Other recipient: Name": "none",
    "Allowed": "no",
    "Limits on passing it on": "Nothing is passed on.",
    "Security: Measures": "encryption in transfer",
    "Security: In words": "Kept in a locked room.",
    "Signed on": "1 March 2026",
    "Applies from": "2026-04-01",
    "Ends on": "",
    "Ends when: Kind": "2",
    "Ends when: In words": "",
    "Next review on": "2027-01-01",
    "How long": "2 years",
    "Counted from": "1",
    "Disposal: Method": "1",
    "Done": "no",
    "Status": "1",
    "Why none was made": "The risk is small.",
    "To see one’s data": "Bridges Office",
    "To have it corrected": "Bridges Office",
    "To have it erased": "Bridges Office",
    "To object": "Bridges Office",
    "Opting out": "Nobody can opt out.",
    "Privacy notice: Party": "2",
    "(Bridges Office): Address": "https://bridges.example/privacy",
    "Regulator": "Information Commissioner",
    "Complaints: Party": "2",
    "Document 1: Address": "",
    "Withheld 1: Field": "documents",
    "Exemption": "Freedom of Information Act 2000 s.24",
    "Reason": "It shows where defences are weak.",
    "Registered by": "1",
    "First shared on": "",
}


class Catalogue:
    """A catalogue with three organisations in it."""

    def search(self, kind: Sought, text: str) -> Sequence[Candidate]:
        known = {
            "ministry-of-rivers": "Ministry of Rivers",
            "bridges-office": "Bridges Office",
            "rivers-board": "Rivers Board",
        }
        return [
            Candidate(code, name, "", {"name": name, "organisation": code})
            for code, name in known.items()
            if kind == "organisation" and text.casefold() in name.casefold()
        ]


class Silent:
    """A catalogue that does not answer."""

    def search(self, _kind: Sought, _text: str) -> Sequence[Candidate]:
        raise Unreachable("The server does not answer.")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "agreement.yaml"


def sit(
    file: Path, answers: Mapping[str, str | list[str]], lookup: Lookup | None = None, **more: str
) -> ScriptedPerson:
    person = ScriptedPerson(answers, more.get("otherwise"))
    Interview(open_draft(file), ["complete"], person, lookup or Catalogue(), TODAY).run()
    return person


def record(file: Path) -> Json:
    document: Json = read_record_file(file.read_bytes(), file.name)[0].value
    return document


def test_answering_every_question_makes_a_complete_record(file: Path) -> None:
    person = sit(file, ANSWERS)
    document = record(file)
    assert errors_in(check_submission(document, None, today=TODAY)) == []
    assert document["provenance"] == {"source": "official", "registeredBy": "ministry-of-rivers"}
    assert document["parties"][0]["organisation"] == "ministry-of-rivers"
    assert document["flows"][0]["basis"] == "stated"
    assert document["signedOn"] == "2026-03-01"
    assert document["retention"]["sharedData"]["duration"] == "P2Y"
    assert "id" not in document
    assert max(len(line) for line in person.headings) < 200
    assert "Part 8 of 8: Checks." in person.text


def test_stopping_keeps_all_and_going_on_asks_for_the_rest(file: Path) -> None:
    first = sit(file, {**ANSWERS, "Summary": "q"})
    before = record(file)
    assert before["flows"][0]["datasets"][0]["recordsApprox"] == 40_000
    assert "summary" not in before
    noted = file.read_text().replace("agreementType:", "# one way, they say\nagreementType:")
    noted = f"# Ask Legal about this\n{noted}# that is all so far\n"
    file.write_text(noted)
    second = sit(file, ANSWERS)
    offered = second.headings[: second.headings.index("Summary")]
    assert [heading for heading in offered if not heading.startswith("Part ") and "another?" not in heading] == []
    both = set(first.headings) & set(second.headings)
    assert {one for one in both if not one.startswith("Part ") and "another?" not in one} == {"Summary"}
    assert errors_in(check_submission(record(file), None, today=TODAY)) == []
    assert [line for line in noted.splitlines() if line not in file.read_text().splitlines()] == []


@pytest.mark.parametrize("signal", [EOFError, KeyboardInterrupt])
def test_the_end_of_the_input_and_ctrl_c_keep_what_was_answered(file: Path, signal: type[BaseException]) -> None:
    class Leaving(ScriptedPerson):
        def ask(self, prompt: str) -> str:
            if self.headings[-1] == "Kind of agreement":
                raise signal
            return super().ask(prompt)

    assert Interview(open_draft(file), ["complete"], Leaving(ANSWERS), Catalogue(), TODAY).run() is False
    assert record(file)["title"] == ANSWERS["Title"]


def test_a_wrong_answer_is_told_with_the_words_of_the_schema_and_asked_for_again(file: Path) -> None:
    wrong = {
        "Title": ("x" * 301, "This has 301 characters; at most 300 are allowed."),
        "Kind of agreement": ("handshake", "“handshake” is not a code of the list “agreement-type”."),
        "(Ministry of Rivers): Contact": ("jane.doe", "never a person’s own"),
        "Party 2 (Bridges Office): Contact": ("jane.doe@office.example", "may be a person’s address"),
        "(Date of flood): Needed": ("perhaps", "it must be true or false"),
        "About how many records": ("lots", "This is text; it must be a whole number."),
        "Kinds of purpose": ("debt, wizardry", "“wizardry” is not a code"),
        "Jurisdictions": ("Ruritania", "Write the ISO 3166 code of a country"),
        "Signed on": ("31/02/2026", "There is no such day."),
        "Next review on": ("2025-01-01", "comes before the signing"),
        "Shared data: How long": ("a while", "P1Y is one year"),
        "(Bridges Office): Address": ("bridges.example", "begins with http:// or https://"),
    }
    answers: dict[str, str | list[str]] = {**ANSWERS}
    for heading, (mistake, _) in wrong.items():
        general = next(key for key in ANSWERS if heading.endswith(key))
        answers[heading] = [mistake, str(ANSWERS[general])]
    person = sit(file, answers)
    assert [said for _, said in wrong.values() if said not in person.text] == []
    assert errors_in(check_submission(record(file), None, today=TODAY)) == []


def test_a_rule_gives_way_to_who_insists_and_the_schema_does_not(file: Path) -> None:
    long = "Farm flood claims from the Ministry of Rivers to the Bridges Office, " * 3
    person = sit(
        file,
        {**ANSWERS, "Title": [long, long], "Kind of agreement": ["handshake", "handshake", "2"], "Party 1: Name": "q"},
    )
    assert "To keep your answer all the same, give it once more." in person.text
    assert record(file)["title"] == long.strip()
    assert person.headings.count("Title") == 1
    assert record(file)["agreementType"] == "one-way-disclosure"


def test_going_back_changes_an_answer_or_takes_it_out(file: Path) -> None:
    person = sit(
        file,
        {
            **ANSWERS,
            "Title": ["Something else", ANSWERS["Title"]],  # type: ignore[list-item]
            "Kind of agreement": ["<", "2"],
            "Purpose": ["To plan repairs.", "", "-"],
            "Kinds of purpose": ["<", "back", "q"],
        },
    )
    assert "Now: Something else" in person.text
    assert "Look at it again" not in person.text
    assert record(file)["title"] == ANSWERS["Title"]
    assert "purpose" not in record(file)


def test_going_back_from_the_first_question_stays_there(file: Path) -> None:
    person = sit(file, {**ANSWERS, "Title": ["<", "q"]})
    assert "This is the first question of this sitting." in person.text
    assert not file.exists()


def test_choosing_another_organisation_changes_all_that_says_which(file: Path) -> None:
    sit(
        file,
        {
            **ANSWERS,
            "Party 1: Name": ["Ministry of Rivers", "rivers board"],
            "(Ministry of Rivers): Role in the flow of data": ["<"],
            "(Rivers Board): Role in the flow of data": "q",
        },
    )
    assert record(file)["parties"] == [{"name": "Rivers Board", "organisation": "rivers-board"}]


def test_what_the_catalogue_does_not_know_stays_as_typed(file: Path) -> None:
    person = sit(
        file,
        {
            **ANSWERS,
            "Party 1: Name": "Canal Trust",
            "(Canal Trust): Organisation": "companies-house:01234567",
            "(Canal Trust): Role in the flow of data": "q",
        },
    )
    assert "The catalogue knows no organisation with “Canal Trust” in its name." in person.text
    numbers = [{"scheme": "companies-house", "id": "01234567"}]
    assert record(file)["parties"] == [{"name": "Canal Trust", "identifiers": numbers}]


def test_a_catalogue_that_does_not_answer_is_told_once(file: Path) -> None:
    answers = {
        **ANSWERS,
        "Party 1: Name": "Ministry of Rivers",
        "(Ministry of Rivers): Organisation": "ministry-of-rivers",
        "(Bridges Office): Organisation": "bridges-office",
        "Party 2: Name": "Bridges Office",
        "Dataset in the catalogue": "",
        "Whether people can be identified": "q",
    }
    person = sit(file, answers, Silent())
    assert person.text.count("Nothing can be looked up now") == 1
    assert record(file)["flows"][0]["datasets"][0]["uncatalogued"] == ANSWERS["Why it is not in the catalogue"]
    other = file.with_name("other.yaml")
    assert "looked up now" not in sit(other, answers, NoLookup()).text
    assert record(other) == record(file)


def test_help_tells_what_to_write_and_who_asks(file: Path) -> None:
    person = sit(file, {**ANSWERS, "Kind of agreement": ["?", "umbrella agr", "1"], "Party 1: Name": "q"})
    assert "Asked for by: complete record, agreementType." in person.text
    assert record(file)["agreementType"] == "umbrella"


def test_a_long_list_is_told_on_demand(file: Path) -> None:
    file.write_text('schemaVersion: "1.0.0"\ntitle: Flood claims\npurpose: To plan repairs of bridges.\n')
    person = ScriptedPerson({"Kinds of purpose": ["list", "3"]}, otherwise="")
    Interview(open_draft(file), ["complete"], person, NoLookup(), TODAY).run()
    assert "There are 38 to choose from." in person.text
    assert record(file)["purposeCategories"] == [list(codelist("purpose-category"))[2]]


def test_a_long_answer_goes_over_several_lines(file: Path) -> None:
    class Verbose(ScriptedPerson):
        more = "And this."

        def ask(self, prompt: str) -> str:
            return self.more if prompt != "Your answer: " else super().ask(prompt)

    person = Verbose(
        {**ANSWERS, "Purpose": "To plan repairs.\\", "Kinds of purpose": "q", "Party 1: Name": "ministry of rivers"}
    )
    Interview(open_draft(file), ["complete"], person, Catalogue(), TODAY).run()
    assert record(file)["purpose"] == "To plan repairs.\nAnd this."


def test_a_change_by_hand_during_the_conversation_is_kept(file: Path) -> None:
    class Editing(ScriptedPerson):
        def ask(self, prompt: str) -> str:
            if self.headings[-1] == "Purpose":
                file.write_text(file.read_text() + "# by hand\ncost:\n  text: Nobody pays.\n")
            return super().ask(prompt)

    file.write_text('schemaVersion: "1.0.0"\ntitle: Flood claims\nsummary: x\n')
    person = Editing({"Purpose": ANSWERS["Purpose"]}, otherwise="")
    Interview(open_draft(file), ["complete"], person, Catalogue(), TODAY).run()
    assert record(file)["cost"] == {"text": "Nobody pays."}
    assert record(file)["purpose"] == ANSWERS["Purpose"]
    assert "# by hand" in file.read_text()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("shopping:\n  - bread\n", Refused),
        ("just a letter\n", Refused),
        ("- title: one\n- title: two\n", Refused),
        ("# only notes\n", InvalidInput),
        ("title: [open\n", InvalidInput),
        ('schemaVersion: "0.1.0"\ntitle: old\n', Refused),
    ],
)
def test_a_file_that_is_no_agreement_is_left_alone(file: Path, content: str, error: type[Exception]) -> None:
    file.write_text(content)
    with pytest.raises(error):
        open_draft(file)
    assert file.read_text() == content


def test_an_empty_file_and_windows_lines_are_taken(file: Path) -> None:
    file.write_text("")
    open_draft(file).put((("title",), "Flood claims"))
    assert record(file)["title"] == "Flood claims"
    file.write_bytes(b"title: Flood claims\r\n# note\r\nsummary: x\r\n")
    open_draft(file).put((("purpose",), "yes please"))
    assert file.read_bytes() == b"title: Flood claims\r\n# note\r\nsummary: x\r\npurpose: yes please\r\n"
