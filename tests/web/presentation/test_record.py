from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json
from web.presentation.record import Entry, entries_of, title_at

SCHEMA = load_schema("agreement", AGREEMENT_VERSION)


def _entry(document: Json) -> Entry:
    (entry,) = entries_of(document, SCHEMA)
    return entry


def test_a_code_a_date_and_a_length_of_time_are_told_in_words() -> None:
    assert _entry({"endsOn": "2019-03"}) == Entry("Ends on", "March 2019")
    assert _entry({"purposeCategories": ["fraud"]}).line() == "Preventing and finding fraud"
    assert _entry({"retention": {"sharedData": {"duration": "P1Y"}}}).line() == "Shared data: How long: 1 year"


def test_things_that_say_one_thing_each_read_as_a_list() -> None:
    documents = [{"url": "https://a.example/"}, {"url": "https://b.example/"}]
    assert [child.label for child in _entry({"documents": documents}).children] == ["", ""]
    assert _entry({"documents": documents}).children[0].href == "https://a.example/"


def test_things_that_say_more_keep_their_labels() -> None:
    parties = [{"name": "A"}, {"name": "B", "functionServed": {"text": "Tax"}}]
    assert [child.label for child in _entry({"parties": parties}).children] == ["Party 1", "Party 2"]


def test_only_a_web_address_is_a_link() -> None:
    assert _entry({"title": "javascript:alert(1)"}).href == ""


def test_what_tells_a_reader_nothing_is_left_out() -> None:
    assert entries_of({"schemaVersion": AGREEMENT_VERSION}, SCHEMA) == ()
    assert _entry({"rightsHandling": {"contactRecord": "7", "text": "Write"}}).line() == "In words: Write"


def test_a_number_elsewhere_is_told_with_the_name_of_its_list_where_the_list_is_known() -> None:
    numbers = [{"scheme": "dars", "id": "7"}, {"scheme": "our-own", "id": "8"}]
    assert [child.line() for child in _entry({"externalIds": numbers}).children] == [
        "NHS England Data Access Request Service: 7",
        "our-own: 8",
    ]


def test_a_mailbox_can_be_written_to() -> None:
    (contact,) = _entry({"complaints": {"contact": "complaints@rivers.example"}}).children
    assert contact.href == "mailto:complaints@rivers.example"
    assert _entry({"summary": "complaints@rivers.example"}).href == ""


def test_that_there_is_nothing_to_name_reads_as_none() -> None:
    (party,) = _entry({"parties": [{"name": "A", "otherRecipients": [{"none": True}]}]}).children
    assert [child.line() for child in party.children] == ["A", "None"]
    assert _entry({"linkage": {"none": True}}).line() == "None"
    assert _entry({"internationalTransfers": [{"none": True}]}).line() == "None"
    assert _entry({"undertakings": {"art5": True}}).line().endswith(": Yes")


def test_a_place_in_a_record_is_told_by_its_titles() -> None:
    assert title_at("/parties/1/contact", SCHEMA) == "Parties, 2, Contact"
    assert title_at("/summary", SCHEMA) == "Summary"
    assert title_at("/nowhere/1", SCHEMA) == "/nowhere/1"
