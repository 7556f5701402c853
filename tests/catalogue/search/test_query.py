"""The fixed readings of the query language, and what a reader is told about them."""

from datetime import UTC, datetime

import pytest

from catalogue.search import fields
from catalogue.search.periods import Period
from catalogue.search.query import ParsedQuery, read_query
from catalogue.search.query_tree import (
    EVERYTHING,
    AllOf,
    AnyOf,
    FieldClause,
    Node,
    Not,
    Overlaps,
    Phrase,
    Prefix,
    Present,
    Range,
    Ranked,
    Required,
    Word,
)
from catalogue.search.understood import explain

NOW = datetime(2024, 5, 17, 12, 0, tzinfo=UTC)
DAY = 86_400_000_000
TODAY = int(NOW.timestamp()) // 86_400 * DAY
NOON = int(NOW.timestamp()) * 1_000_000


def read(text: str) -> ParsedQuery:
    return read_query(text, NOW)


def organisation(value: str) -> FieldClause:
    return FieldClause(fields.ORGANISATION, Word(value))


FRAUD, TAX, A, B, C = Word("fraud"), Word("tax"), Word("aa"), Word("bb"), Word("cc")

READINGS: dict[str, Node] = {
    "": EVERYTHING,
    "   ": EVERYTHING,
    "*": EVERYTHING,
    "*:*": EVERYTHING,
    "fraud": FRAUD,
    "(((fraud)))": FRAUD,
    "tax fraud": AnyOf((TAX, FRAUD)),
    "tax tax": TAX,
    "tax and fraud": Ranked(AnyOf((TAX, FRAUD)), Word("and")),
    "the of": AnyOf((Word("the"), Word("of"))),
    "fraud organisation:hmrc": Ranked(organisation("hmrc"), FRAUD),
    "organisation:hmrc fraud": Ranked(organisation("hmrc"), FRAUD),
    "-organization:x": Not(organisation("x")),
    "fraud -organization:x": AllOf((FRAUD, Not(organisation("x")))),
    "covers:2019": Overlaps(fields.COVERS, Period("2019-01-01", "2019-12-31"), "2019"),
    "temporal:[2019-04 TO 2020-03]": Overlaps(
        fields.COVERS, Period("2019-04-01", "2020-03-31"), "April 2019 to March 2020"
    ),
    'covers:"Q3 2021/22"': Overlaps(fields.COVERS, Period("2021-10-01", "2021-12-31"), "Q3 2021/22"),
    "covers:[NOW-1YEAR TO *]": Overlaps(fields.COVERS, Period("2023-05-17", ""), "the time from 1 year ago on"),
    "state:signed": FieldClause(fields.STATE, Word("signed"), NOW.date()),
    "-status:sig*": Not(FieldClause(fields.STATE, Prefix("sig"), NOW.date())),
    "organization:a OR organization:b metadata_modified:[2024-01-01 TO *]": AllOf(
        (
            AnyOf((organisation("a"), organisation("b"))),
            Range(fields.RECORDED, 1_704_067_200_000_000, None, "from 2024-01-01"),
        )
    ),
    "organization:(x-y OR z)": AnyOf((organisation("x-y"), organisation("z"))),
    "organization:(x-y z)": AnyOf((organisation("x-y"), organisation("z"))),
    "organization:(x AND -z)": AllOf((organisation("x"), Not(organisation("z")))),
    "organization:(x OR title:fraud)": AnyOf((organisation("x"), FieldClause(fields.TITLE, FRAUD))),
    'organisation:"two words"': FieldClause(fields.ORGANISATION, Phrase("two words")),
    "2019-20": Word("2019-20"),
    "self-employed": Word("self-employed"),
    "http://example.org": Word("example.org"),
    "https://example.org/a:b": Word("example.org/a:b"),
    "mailto:data@example.org": Word("data@example.org"),
    "doi:10.5066/F7": Word("10.5066/F7"),
    "http": Word("http"),
    "modified:[NOW-1DAY TO NOW]": Range(fields.MODIFIED, NOON - DAY, NOON, "from 1 day ago to now"),
    "licence:*": Present(fields.LICENCE),
    "licence:[* TO *]": Present(fields.LICENCE),
    "year:[* TO *]": Present(fields.YEAR),
    "frau*": Prefix("frau"),
    "title:frau*": FieldClause(fields.TITLE, Prefix("frau")),
    "year:2019": Range(fields.YEAR, 2019, 2019, "2019"),
    "year:>=2019": Range(fields.YEAR, 2019, None, "2019 or later"),
    "year:>2019": Range(fields.YEAR, 2020, None, "after 2019"),
    "year:<2019": Range(fields.YEAR, None, 2018, "before 2019"),
    "year:{2015 TO 2019]": Range(fields.YEAR, 2016, 2019, "after 2015 and up to 2019"),
    "year:[* TO 2019}": Range(fields.YEAR, None, 2018, "before 2019"),
    "year:(2015 OR [2018 TO 2019])": AnyOf(
        (Range(fields.YEAR, 2015, 2015, "2015"), Range(fields.YEAR, 2018, 2019, "from 2018 to 2019"))
    ),
    '"tax fraud"': Phrase("tax fraud"),
    "“tax fraud”": Phrase("tax fraud"),
    '"tax fraud" aa': Ranked(Phrase("tax fraud"), A),
    '"tax fraud" "aa bb"': AllOf((Phrase("tax fraud"), Phrase("aa bb"))),
    "+tax fraud": Ranked(Required(TAX), FRAUD),
    "+tax +fraud": AllOf((Required(TAX), Required(FRAUD))),
    "+(aa OR bb)": Required(AnyOf((A, B))),
    "+organisation:x": Required(organisation("x")),
    "-fraud": Not(FRAUD),
    "--fraud": Not(FRAUD),
    "-(aa bb)": Not(AnyOf((A, B))),
    '-"tax fraud"': Not(Phrase("tax fraud")),
    "tax - fraud": AnyOf((TAX, FRAUD)),
    "NOT fraud": Not(FRAUD),
    "NOT (NOT fraud)": FRAUD,
    "aa AND bb": AllOf((A, B)),
    "aa OR bb": AnyOf((A, B)),
    "aa OR bb AND cc": AnyOf((A, AllOf((B, C)))),
    "aa AND NOT bb OR cc": AnyOf((AllOf((A, Not(B))), C)),
    "aa AND bb cc": Ranked(AllOf((A, B)), C),
    "aa OR bb cc": Ranked(AnyOf((A, B)), C),
    "(aa OR bb) (bb OR cc)": AllOf((AnyOf((A, B)), AnyOf((B, C)))),
    "aa OR -bb": AnyOf((A, Not(B))),
    "notes:fraud": FieldClause(fields.TEXT, FRAUD),
    "TITLE:fraud": FieldClause(fields.TITLE, FRAUD),
    "aa^2 bb~1": AnyOf((A, B)),
    '"aa bb"~0^2': Phrase("aa bb"),
    "aa,bb": AnyOf((A, B)),
    "aa; bb|cc": AnyOf((A, B, C)),
    "10,000": Word("10,000"),
    "1,5 aa": AnyOf((Word("1,5"), A)),
    "organisation:x,y": AnyOf((organisation("x"), organisation("y"))),
    "-organisation:x|y*": Not(AnyOf((organisation("x"), FieldClause(fields.ORGANISATION, Prefix("y"))))),
    "year:2019,2021": AnyOf((Range(fields.YEAR, 2019, 2019, "2019"), Range(fields.YEAR, 2021, 2021, "2021"))),
    "year:2019, aa": Ranked(Range(fields.YEAR, 2019, 2019, "2019"), A),
    "year:(>=2018 <2020)": AllOf(
        (Range(fields.YEAR, 2018, None, "2018 or later"), Range(fields.YEAR, None, 2019, "before 2020"))
    ),
    "year:(2018 2020)": AnyOf((Range(fields.YEAR, 2018, 2018, "2018"), Range(fields.YEAR, 2020, 2020, "2020"))),
    "num_tags:1,000": Range(fields.KEYWORDS, 1000, 1000, "1,000"),
    "num_tags:{2 TO 5]": Range(fields.KEYWORDS, 3, 5, "more than 2 and up to 5"),
    "id:dg-12": AnyOf(
        (
            FieldClause(fields.IDENTIFIER, Word("dg-12")),
            AllOf((FieldClause(fields.KIND, Word("agreement")), FieldClause(fields.NAME, Word("dg-12")))),
        )
    ),
    "organisation:x,": organisation("x"),
    "**": EVERYTHING,
    "+aa,bb": Required(Word("aa,bb")),
    "aa && bb || cc": AnyOf((AllOf((A, B)), C)),
    "!fraud": Not(FRAUD),
    "fraud !organisation:x": AllOf((FRAUD, Not(organisation("x")))),
    "−fraud": Not(FRAUD),
    "tax –fraud": AllOf((TAX, Not(FRAUD))),
    "tax – fraud": AnyOf((TAX, FRAUD)),
    "organisation:-x": Not(organisation("x")),
    "-organisation:-x": Not(organisation("x")),
    "title:-fraud": Not(FieldClause(fields.TITLE, FRAUD)),
    'organisation:-"two words"': Not(FieldClause(fields.ORGANISATION, Phrase("two words"))),
    "num_resources:-1": Range(fields.FORMS, -1, -1, "-1"),
    "«tax fraud»": Phrase("tax fraud"),
    "（aa OR bb）AND cc": AllOf((AnyOf((A, B)), C)),
    "organisation：ｘ": organisation("x"),
    "organisation:‘two words’ fraud": Ranked(FieldClause(fields.ORGANISATION, Phrase("two words")), FRAUD),
    "title:'tax fraud'": FieldClause(fields.TITLE, Phrase("tax fraud")),
    "keyword:women's": FieldClause(fields.KEYWORD, Word("women's")),
    'organisation: "two words"': FieldClause(fields.ORGANISATION, Phrase("two words")),
    "organisation: (x OR y)": AnyOf((organisation("x"), organisation("y"))),
    "year: [2015 TO 2019]": Range(fields.YEAR, 2015, 2019, "from 2015 to 2019"),
    "year:[2015..2019]": Range(fields.YEAR, 2015, 2019, "from 2015 to 2019"),
    "year:[2015 - 2019]": Range(fields.YEAR, 2015, 2019, "from 2015 to 2019"),
    "year:[2015, 2019}": Range(fields.YEAR, 2015, 2018, "from 2015 and before 2019"),
    "year:2015..2019": Range(fields.YEAR, 2015, 2019, "2015..2019"),
    "year:2019-20": Range(fields.YEAR, 2019, 2020, "2019-20"),
    "year:201*": Range(fields.YEAR, 2010, 2019, "2010 to 2019"),
    "year:2019*": Range(fields.YEAR, 2019, 2019, "2019"),
    "year:>= 2019": Range(fields.YEAR, 2019, None, "2019 or later"),
    "year>=2019": Range(fields.YEAR, 2019, None, "2019 or later"),
    "year=2019": Range(fields.YEAR, 2019, 2019, "2019"),
    "format=csv": FieldClause(fields.FORMAT, Word("csv")),
    "title=fraud": Word("title=fraud"),
    "organisation>x": Word("organisation>x"),
    "num_resources:>5": Range(fields.FORMS, 6, None, "more than 5"),
    "num_tags:[5 TO *]": Range(fields.KEYWORDS, 5, None, "5 or more"),
    'modified:"17 May 2024"': Range(fields.MODIFIED, TODAY, TODAY + DAY - 1, "17 May 2024"),
    "modified:yesterday": Range(fields.MODIFIED, TODAY - DAY, TODAY - 1, "yesterday"),
    'organisation:"two wor*"': FieldClause(fields.ORGANISATION, Prefix("two wor")),
    "kind:datasets": FieldClause(fields.KIND, Word("dataset")),
    'purpose:"Preventing and finding fraud"': FieldClause(fields.PURPOSE, Word("fraud")),
    'theme:"economy and finance"': FieldClause(fields.THEME, Word("economy")),
    "licence:cc-by": FieldClause(fields.LICENCE, Word("cc-by-4")),
    'format:"text/csv"': FieldClause(fields.FORMAT, Word("CSV")),
    "format:excel": AnyOf((FieldClause(fields.FORMAT, Word("XLS")), FieldClause(fields.FORMAT, Word("XLSX")))),
    "place:uk": AnyOf((FieldClause(fields.PLACE, Word("uk")), FieldClause(fields.PLACE, Word("United Kingdom")))),
    'organisation:"aa & bb"': AnyOf(
        (FieldClause(fields.ORGANISATION, Phrase("aa & bb")), FieldClause(fields.ORGANISATION, Word("aa and bb")))
    ),
    "id:98498D10-9bb1-4674-9d3f-a77b4b493bde": AnyOf(
        tuple(
            FieldClause(fields.IDENTIFIER, Word(f"{kind}:98498d109bb146749d3fa77b4b493bde"))
            for kind in ("dataset", "agreement")
        )
    ),
    "title\\:fraud": Word("title:fraud"),
    "\\-fraud": FRAUD,
    "aa & bb": AnyOf((A, B)),
    "id:agreement:DEA/D/31": FieldClause(fields.IDENTIFIER, Word("agreement:DEA/D/31")),
}


@pytest.mark.parametrize("text", READINGS)
def test_a_fixed_reading(text: str) -> None:
    parsed = read(text)
    assert parsed.tree == READINGS[text]
    assert parsed.notes == ()


NOTED: dict[str, tuple[Node, str]] = {
    "tax (fraud": (AnyOf((TAX, FRAUD)), "never closed"),
    "tax) fraud": (AnyOf((TAX, FRAUD)), "without an opening one"),
    'tax "fraud': (AnyOf((TAX, FRAUD)), "without a partner"),
    'tax" fraud': (AnyOf((TAX, FRAUD)), "without a partner"),
    'fraud organisation:"two words': (
        Ranked(FieldClause(fields.ORGANISATION, Phrase("two words")), FRAUD),
        "closed at the end",
    ),
    '(title:"tax fraud)': (FieldClause(fields.TITLE, Phrase("tax fraud")), "closed at the end"),
    'title:"': (EVERYTHING, "closed at the end"),
    "tax AND": (TAX, "“AND” with nothing on one side"),
    "OR tax": (TAX, "“OR” with nothing on one side"),
    "tax AND OR fraud": (AllOf((TAX, FRAUD)), "“OR” with nothing"),
    "tax NOT": (TAX, "“NOT” with nothing"),
    "tax AND (": (TAX, "“AND” with nothing"),
    "NOT": (EVERYTHING, "“NOT” with nothing"),
    "foo:fraud": (AnyOf((Word("foo"), FRAUD)), "“foo” is not the name of a field"),
    "-foo:fraud": (Not(Word("foo:fraud")), "“foo” is not the name of a field"),
    "organisation: hmrc": (AnyOf((Word("organisation"), Word("hmrc"))), "right after the colon"),
    "modified:banana": (Word("banana"), "“banana” is not a date"),
    "modified:2024-02-31": (Word("2024-02-31"), "is not a date"),
    "year:[then TO 2019]": (Range(fields.YEAR, None, 2019, "up to 2019"), "“then” is not a number"),
    "year:[2019": (Range(fields.YEAR, 2019, 2019, "2019"), "could not be read"),
    "organisation:[a TO b]": (AnyOf((organisation("a"), organisation("b"))), "Only dates and numbers have ranges"),
    "fr*d": (Prefix("fr"), "at the end of a word only"),
    "*fraud": (FRAUD, "at the end of a word only"),
    "organisation:???": (EVERYTHING, "has no letter or digit"),
    "year:[2015 TO 2019": (Range(fields.YEAR, 2015, 2019, "from 2015 to 2019"), "never closed"),
    "year:[2019 TO 2015]": (Range(fields.YEAR, 2015, 2019, "from 2015 to 2019"), "turned round"),
    "covers:{2020 TO 2018]": (
        Overlaps(fields.COVERS, Period("2018-01-01", "2019-12-31"), "the time from 2018 and before 2020"),
        "turned round",
    ),
    "modified:2024-0*": (Prefix("2024-0"), "is not a date"),
    "num_tags:5*": (Range(fields.KEYWORDS, 5, 5, "5"), "of no use"),
    "wom?n": (Prefix("wom"), "stands for no letter"),
    "{!edismax qf=title}fraud": (FRAUD, "another search program"),
    '"aa bb"~3^2': (AllOf((A, B)), "near"),
    'title:"aa bb"~3': (AllOf((FieldClause(fields.TITLE, A), FieldClause(fields.TITLE, B))), "near"),
    "x" * 101: (Word("x" * 100), "cut after 100 characters"),
    "(" * 17 + "fraud" + ")" * 17: (FRAUD, "more than 16 deep"),
    "aa " * 3000: (A, "first 8,000 characters"),
    "aa " * 600: (A, "first 512 parts"),
}


@pytest.mark.parametrize("text", NOTED, ids=lambda text: str(text)[:30])
def test_what_is_changed_is_told(text: str) -> None:
    tree, note = NOTED[text]
    parsed = read(text)
    assert parsed.tree == tree
    assert any(note in said for said in parsed.notes), parsed.notes


def test_bare_words_must_match_where_the_caller_wants_it() -> None:
    assert read_query("tax fraud the", NOW, words_must_match=True).tree == AllOf((TAX, FRAUD, Word("the")))


def test_a_filter_of_a_program_is_read_as_it_was_written() -> None:
    def strictly(text: str) -> ParsedQuery:
        return read_query(text, NOW, words_must_match=True)

    assert strictly("organisation: x").tree == organisation("x")
    assert strictly("organisation: x fraud").tree == AllOf((organisation("x"), FRAUD))
    nothing = Range(fields.YEAR, 2019, 2015, "from 2019 to 2015")
    assert strictly("year:[2019 TO 2015]") == ParsedQuery("year:[2019 TO 2015]", nothing, (), explain(nothing))


UNDERSTOOD = {
    "": "All records.",
    "fraud": "Records with “fraud”.",
    "tax fraud": "Records with any of “tax” and “fraud”; the best matches come first.",
    "the tax fraud": "Records with any of “tax” and “fraud”; the best matches come first, and “the” helps.",
    "fraud organisation:hmrc": ("Records where an organisation is “hmrc”; those that also have “fraud” come first."),
    "-organisation:x": "All records but those where an organisation is “x”.",
    "organisation:(x OR y) -place:uk": (
        "Records where an organisation is “x” or “y”, but not those where a place covered is “uk” or “United Kingdom”."
    ),
    "where is tax fraud": (
        "Records with any of “tax” and “fraud”; the best matches come first, and “where” and “is” help."
    ),
    "modified:[NOW/DAY TO NOW]": "Records where the date modified is from the beginning of today to now.",
    "modified:>NOW-2WEEKS/DAY": "Records where the date modified is after the beginning of the day 2 weeks ago.",
    "num_resources:<2": "Records where the number of distributions is fewer than 2.",
    "-aa -bb": "All records but those with “aa” and those with “bb”.",
    "tax -fraud": "Records with “tax”, but not those with “fraud”.",
    "aa OR bb AND NOT cc": "Records with “aa” or (with “bb” and not with “cc”).",
    "licence:* year:[2015 TO *]": "Records where the licence is stated and where a year covered is from 2015.",
    "covers:[2019-04 TO 2020-03]": "Records covering some of April 2019 to March 2020.",
    "covers:2019-20": "Records covering some of 2019-20.",
    "covers:>=2019-04-01": "Records covering some of the time from 1 April 2019 on.",
    "covers:[* TO 2019]": "Records covering some of the time up to 2019.",
    "fraud -covers:<2019": "Records with “fraud”, but not those covering some of the time before 2019.",
    "covers:{2018 TO 2020]": "Records covering some of the time after 2018 and up to 2020.",
    "covers:*": "Records where a time covered is stated.",
    "state:in-force": "Records where the state is “in-force”.",
    'title:frau* "tax fraud"': "Records with words beginning with “frau” in the title and with the phrase “tax fraud”.",
    " ".join(f"w{n}" for n in range(15)): (
        "Records with any of “w0”, “w1”, “w2”, “w3”, “w4”, “w5”, “w6”, “w7”, “w8”, “w9”, “w10”, “w11” and 3 more; "
        "the best matches come first."
    ),
}


@pytest.mark.parametrize("text", UNDERSTOOD, ids=lambda text: str(text)[:30])
def test_the_page_can_say_how_it_was_understood(text: str) -> None:
    assert read(text).understood == UNDERSTOOD[text]
