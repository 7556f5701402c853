"""A document written as a package and read back is the same, but for what the writer said that CKAN cannot carry."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.datasets.record import check_dataset
from catalogue.formats.ckan import dataset_from_ckan
from catalogue.formats.ckan_writing import PackageRecord, dataset_to_ckan
from schemas.bundle import DATASET_VERSION
from schemas.codelists import codelist
from schemas.problems import errors_in

NUMBER = "0d6f9f2a-6a0e-4c33-9a3a-1b1f0a3f2c11"
RECORD = PackageRecord(NUMBER, "bridges", "2026-01-01T00:00:00.000000", "2026-01-02T00:00:00.000000", {})

TEXT = st.sampled_from(
    ["Bridges", "Ünïcode · “quoted”", "a, b; c", "5", "two\n\nlines", "R&D < 5", "[1, 2]", '{"a": 1}', "true", "R/P1Y"]
)
NAMES = st.sampled_from(["Office", "Office of Bridges", "notspecified", "http://office.example/"])
ADDRESS = st.sampled_from(["https://a.example/x?y=1&z=%20", "http://a.example", "https://b.example/ü"])
DATE = st.sampled_from(["2019", "2019-03", "2019-03-04", "2019-03-04T05:06:07Z"])
BOX = st.sampled_from([["-0.5", "51", "1.25", "52"], ["1", "2", "1", "2"], ["170", "-1", "-170", "1.50"]])


def codes(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(codelist(name)))


def several(of: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(of, min_size=1, max_size=most, unique_by=str)


def words(of: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """A list whose order says nothing, in the order that readers give it."""
    return several(of).map(lambda found: sorted(found, key=lambda text: (text.casefold(), text)))


def some(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=members).filter(bool)


COLUMN = st.fixed_dictionaries({"name": st.sampled_from(["a", "b"])}, optional={"title": TEXT, "type": NAMES})
FORM = some(
    identifier=st.sampled_from(["one", NUMBER]),
    title=TEXT,
    description=TEXT,
    accessURL=ADDRESS,
    downloadURL=ADDRESS,
    mediaType=st.sampled_from(["text/csv", "application/json"]),
    format=st.sampled_from(["CSV", "JSON", "Zipped TXT"]),
    byteSize=st.integers(0, 10**12),
    licence=st.one_of(ADDRESS, NAMES),
    rights=TEXT,
    issued=DATE,
    modified=DATE,
    language=several(st.sampled_from(["en", "cy"])),
    conformsTo=several(NAMES),
    checksum=st.fixed_dictionaries({"algorithm": st.sampled_from(["md5", "sha256"]), "value": st.just("00ff")}),
    describedBy=ADDRESS,
    describedByType=st.just("text/html"),
    column=several(COLUMN, 2),
)
DOCUMENT = st.fixed_dictionaries(
    {
        "title": TEXT,
        "kind": codes("resource-kind"),
        "identifier": st.sampled_from([NUMBER, "B-7", "https://b.example/7"]),
    },
    optional={
        "alternativeTitle": several(TEXT),
        "description": TEXT,
        "publisher": st.fixed_dictionaries({"name": NAMES}, optional={"partOf": several(NAMES)}),
        "creator": several(st.fixed_dictionaries({"name": NAMES})),
        "keyword": words(TEXT),
        "theme": several(codes("theme")).map(sorted),
        "sourceTheme": words(TEXT),
        "accessRights": codes("access-rights"),
        "rights": TEXT,
        "accessRequest": some(who=TEXT, url=ADDRESS),
        "licence": st.one_of(ADDRESS, TEXT, codes("licence"), st.sampled_from(["other-pd", "Other (Open)", "cc-by"])),
        "issued": DATE,
        "modified": DATE,
        "accrualPeriodicity": codes("accrual-periodicity"),
        "temporal": several(some(start=st.just("2019"), end=DATE, text=TEXT), 2),
        "spatial": several(some(name=NAMES, code=NAMES, uri=ADDRESS, bbox=BOX), 2),
        "language": several(st.sampled_from(["en", "cy"])),
        "landingPage": ADDRESS,
        "page": several(ADDRESS),
        "conformsTo": several(TEXT),
        "describedBy": ADDRESS,
        "describedByType": st.just("text/html"),
        "inSeries": several(TEXT),
        "isReferencedBy": several(ADDRESS),
        "version": TEXT,
        "endpointURL": several(ADDRESS),
        "endpointDescription": several(ADDRESS),
        "servesDataset": several(TEXT),
        "distribution": st.lists(FORM, min_size=1, max_size=2),
        "legalBasis": several(TEXT),
        "extras": some(
            bridge_count=st.one_of(TEXT, st.integers(), st.booleans()), lists=st.lists(TEXT, min_size=1), hvd=TEXT
        ),
    },
)


@settings(max_examples=200, deadline=None)
@given(DOCUMENT)
def test_what_differs_was_told(members: dict[str, Any]) -> None:
    document = {"schemaVersion": DATASET_VERSION, **members, "provenance": {"source": "imported"}}
    assert errors_in(check_dataset(document)) == []
    written, told = dataset_to_ckan(document, RECORD)
    again = dataset_from_ckan(written)
    assert errors_in((*again.problems, *check_dataset(again.document))) == []
    read = without_what_was_kept(again.document, document.get("extras", {}))
    differing = {name: (document.get(name), read.get(name)) for name in {*document, *read}}
    differing = {name: pair for name, pair in differing.items() if pair[0] != pair[1]}
    assert set(differing) <= {problem.title for problem in told}, differing


def without_what_was_kept(document: dict[str, Any], stated: dict[str, Any]) -> dict[str, Any]:
    """A document without the other statements that a reader made of what it could not read."""
    extras = {name: value for name, value in document.get("extras", {}).items() if name in stated}
    rest = {name: value for name, value in document.items() if name != "extras"}
    return {**rest, "extras": extras} if extras else rest
