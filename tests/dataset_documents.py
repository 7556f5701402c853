"""Documents in the dataset schema, whatever it allows, for tests of what is made of them."""

from typing import Any

from hypothesis import strategies as st

from catalogue.formats.exported import Body, DatasetRecord
from schemas.bundle import DATASET_VERSION
from schemas.codelists import codelist
from tests.real_records import AGREEMENT, SITE, record_of

TEXTS = st.one_of(
    st.sampled_from(["Bridges", "en", "text/csv", "CSV", "Ünïcode R&D <b>", "a\nb", "a:b", "R/P1D", "2019/2020", "5"]),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30).filter(str.strip),
    st.sampled_from(["x" * 256, "y" * 10_001]),
)
ADDRESSES = st.one_of(
    st.sampled_from(
        [
            *("https://a.example/x?y=1#z", "http://a.example", "https://ä.example/ü?q=ß", "https://a.example/100%"),
            *('https://a.example/{x}|"y"', "http://[2001:db8::1]:80/", "https://a.example/a[0]?b[]=1#c#d"),
        ]
    )
)
DATES = st.sampled_from(
    [
        *("2019", "2019-03", "2019-03-31", "0001", "2019-03-04T05:06:07Z", "2019-03-04T05:06:07.123456Z"),
        *("2019-03-04T05:06:07", "2020-02-29"),
    ]
)


def some(items: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """A list of one to three."""
    return st.lists(items, min_size=1, max_size=3)


def code(name: str) -> st.SearchStrategy[str]:
    """A code of a list."""
    return st.sampled_from(sorted(codelist(name)))


FORMS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("identifier", "title", "description", "format", "rights", "describedByType"), TEXTS),
        **dict.fromkeys(("accessURL", "downloadURL", "describedBy"), ADDRESSES),
        **dict.fromkeys(("issued", "modified"), DATES),
        "licence": st.one_of(TEXTS, ADDRESSES),
        "mediaType": st.sampled_from(["text/csv", "application/geo+json", "text/csv; charset=utf-8", "CSV", "a/b c"]),
        "byteSize": st.integers(0, 2**53 - 1),
        "language": some(TEXTS),
        "conformsTo": some(st.one_of(TEXTS, ADDRESSES)),
        "checksum": st.fixed_dictionaries({"algorithm": st.sampled_from(["sha1", "MD5", "x"]), "value": TEXTS}),
        "column": some(st.fixed_dictionaries({"name": TEXTS}, optional={"type": TEXTS, "unit": TEXTS})),
    },
)
PERIODS = st.one_of(
    st.just({"start": "2019", "end": "2020-03"}),
    st.builds(lambda end: {"end": end}, DATES),
    st.builds(lambda text: {"text": text}, TEXTS),
    st.builds(lambda start, text: {"start": start, "text": text}, DATES, TEXTS),
)
PLACES = st.fixed_dictionaries(
    {"name": TEXTS},
    optional={"code": TEXTS, "uri": st.one_of(ADDRESSES, TEXTS), "bbox": st.just(["-5.5", "50", "2", "59.25"])},
)
EXTRAS = st.fixed_dictionaries(
    {},
    optional={
        "bureauCode": st.sampled_from([["010:04"], "010:04", ["ten"], []]),
        "programCode": st.sampled_from([["010:001"], ["010:001", 7], {}]),
        "spatial": st.sampled_from([{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}, "Wales"]),
        "modified": st.sampled_from(["R/P15Y", "P5Y", "soon"]),
        "distribution": st.sampled_from(
            [
                [{"position": 0, "members": {"downloadURL": "ftp://a.example/x", "odd": 1}}, {"value": "x"}],
                [{"members": {"downloadURL": "no address"}}, {"members": {"title": "Stray"}}, 7],
                "none",
            ]
        ),
        **dict.fromkeys(
            ("odd", "dataQuality", "publisher", "license", "@type", "theme", "securityClassification", "created"),
            st.sampled_from(["x", 1, True, ["a", "a"], {"a": {"b": []}}]),
        ),
    },
)
DOCUMENTS = st.fixed_dictionaries(
    {"schemaVersion": st.just(DATASET_VERSION), "title": TEXTS.map(lambda text: text[:1000])},
    optional={
        **dict.fromkeys(("identifier", "description", "rights", "describedByType", "version", "licence"), TEXTS),
        **dict.fromkeys(("landingPage", "describedBy"), ADDRESSES),
        **dict.fromkeys(("issued", "modified"), DATES),
        **dict.fromkeys(("page", "isReferencedBy", "endpointURL", "endpointDescription"), some(ADDRESSES)),
        **dict.fromkeys(("keyword", "sourceTheme", "alternativeTitle", "language", "inSeries"), some(TEXTS)),
        **dict.fromkeys(("servesDataset", "legalBasis"), some(TEXTS)),
        "conformsTo": some(st.one_of(TEXTS, ADDRESSES)),
        "theme": some(code("theme")).map(lambda codes: sorted(set(codes))),
        "accessRights": code("access-rights"),
        "accrualPeriodicity": code("accrual-periodicity"),
        "publisher": st.fixed_dictionaries({"name": TEXTS}, optional={"partOf": some(TEXTS), "organisation": TEXTS}),
        "creator": some(st.fixed_dictionaries({"name": TEXTS})),
        "accessRequest": st.fixed_dictionaries({"who": TEXTS}, optional={"url": ADDRESSES, "route": TEXTS}),
        "temporal": some(PERIODS),
        "spatial": some(PLACES),
        "distribution": some(FORMS),
        "extras": EXTRAS,
    },
).map(lambda document: {**document, "provenance": {"source": "imported"}})
CONTACTS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Rivers desk", "R&D"]),
        "email": st.sampled_from(["desk@rivers.example", "odd/desk@rivers.example", "tëam@rivers.example"]),
        "telephone": st.just("0300 000 0000"),
        "address": st.just("1 Bank Street"),
    },
)


@st.composite
def dataset_records(draw: st.DrawFn) -> DatasetRecord:
    """A record with all that can belong to it."""
    document = {"kind": draw(code("resource-kind")), **draw(DOCUMENTS)}
    body = Body("Ministry of Rivers", f"{SITE}/organisations/rivers", "rivers", "department", "https://rivers.example")
    named = [*document.get("inSeries", ()), *document.get("servesDataset", ())]
    return record_of(
        document,
        contact=draw(CONTACTS),
        publisher=draw(st.sampled_from([None, body])),
        references=draw(st.sampled_from([(), (AGREEMENT,)])),
        others=dict.fromkeys(named[: draw(st.integers(0, 2))], f"{SITE}/datasets/other"),
    )
