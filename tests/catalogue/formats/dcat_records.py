"""Documents in our form, valid and strange, for the writers and readers of RDF."""

from typing import Any

from hypothesis import strategies as st

from schemas.codelists import codelist

TEXTS = st.sampled_from(
    [
        "bridges",
        "Wales",
        "Ünïcode 😀 مرحبا",
        'a "quoted" \\ x < y',
        "two\nlines",
        "R&D ]]>",
        "5",
        "@en",
        "https://a.example/",
    ]
)
ADDRESSES = st.sampled_from(
    [
        "https://a.example/x?y=1#z",
        "http://a.example/a b<c>",
        "https://é.example/ü",
        "http://a.example/%zz[1]",
        "http://[",
    ]
)
DATES = st.sampled_from(["2019", "2019-03", "2019-03-04", "2019-03-04T05:06:07Z", "2019-03-04T05:06:07.5"])
LANGUAGES = st.sampled_from(["en", "cy", "en-GB", "eng", "gsw", "Klingon", "x"])
BOXES = st.sampled_from([["-5.50", "51", "-2.6", "53.4"], ["170", "-20", "-170", "10.0"], ["0", "0", "0", "0"]])


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=1, max_size=3, unique_by=repr)


FORMS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("identifier", "title", "description", "rights"), TEXTS),
        **dict.fromkeys(("accessURL", "downloadURL", "describedBy"), ADDRESSES),
        **dict.fromkeys(("issued", "modified"), DATES),
        "mediaType": st.sampled_from(["text/csv", "text/csv; charset=utf-8", "CSV", "text/ü"]),
        "format": st.sampled_from(["CSV", "csv", "Shapefile", "odd", "https://a.example/format"]),
        "byteSize": st.sampled_from([0, 2**53 - 1]),
        "licence": st.one_of(TEXTS, ADDRESSES),
        "language": some(LANGUAGES),
        "conformsTo": some(TEXTS),
        "checksum": st.fixed_dictionaries(
            {"algorithm": st.sampled_from(["SHA-256", "md5", "own"]), "value": st.sampled_from(["00ff", "0", "x"])}
        ),
        "column": st.just([{"name": "level"}]),
    },
)
PLACES = st.fixed_dictionaries(
    {}, optional={"name": TEXTS, "code": TEXTS, "uri": st.one_of(ADDRESSES, TEXTS), "bbox": BOXES}
).filter(bool)
PERIODS = st.sampled_from(
    [{"start": "2019"}, {"end": "2020-01"}, {"start": "2019-01-02", "end": "2020", "text": "x"}, {"text": "summer"}]
)
BODIES = st.fixed_dictionaries({"name": TEXTS}, optional={"organisation": st.sampled_from(["rivers", "floods"])})
DOCUMENTS = st.fixed_dictionaries(
    {"kind": st.sampled_from(["dataset", "dataset", "dataset-series", "data-service"]), "title": TEXTS},
    optional={
        **dict.fromkeys(("identifier", "description", "rights", "version"), TEXTS),
        **dict.fromkeys(("issued", "modified"), DATES),
        "landingPage": ADDRESSES,
        "describedBy": st.sampled_from(["https://b.example/columns", "http://["]),  # a document has one media type
        **dict.fromkeys(("page", "isReferencedBy", "endpointURL", "endpointDescription"), some(ADDRESSES)),
        **dict.fromkeys(("alternativeTitle", "keyword", "sourceTheme", "conformsTo", "legalBasis"), some(TEXTS)),
        **dict.fromkeys(
            ("inSeries", "servesDataset"), some(st.sampled_from(["R-0", "R-1", "elsewhere", "urn:x:1", "GSA:2015"]))
        ),
        "publisher": BODIES.flatmap(lambda body: st.sampled_from([body, {**body, "partOf": ["State"]}])),
        "creator": st.lists(BODIES, min_size=1, max_size=3, unique_by=lambda body: body["name"]),
        "theme": some(st.sampled_from(sorted(codelist("theme")))),
        "accessRights": st.sampled_from(sorted(codelist("access-rights"))),
        "accrualPeriodicity": st.sampled_from(sorted(codelist("accrual-periodicity"))),
        "licence": st.one_of(TEXTS, ADDRESSES, st.just("uk-ogl")),
        "describedByType": st.sampled_from(["text/html", "HTML"]),
        "temporal": some(PERIODS),
        "spatial": st.lists(PLACES, min_size=1, max_size=3, unique_by=lambda place: place.get("uri", repr(place))),
        "language": some(LANGUAGES),
        "distribution": st.lists(FORMS.filter(bool), min_size=1, max_size=3),
        "accessRequest": st.just({"who": "Anyone"}),
        "extras": st.just({"a": 1}),
        "provenance": st.sampled_from(
            [
                {"source": "imported"},
                {"source": "transcribed", "sourceAddress": "http://[", "licence": "CC0", "seen": "x"},
            ]
        ),
    },
)
