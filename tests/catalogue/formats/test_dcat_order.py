"""A graph has no order: however its statements come, and whatever its nodes are called, it is read alike."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Quad, RdfFormat, parse, serialize

from catalogue.datasets.importing import import_datasets
from catalogue.formats import rdf_reading
from catalogue.formats.dcat_ap_writing import dataset_to_dcat
from catalogue.formats.dcat_feed import read_dcat
from catalogue.formats.rdf import NAMESPACES
from catalogue.formats.rdf_order import in_order
from catalogue.formats.rdf_writing import RdfForm, rdf_parts
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from schemas.errors import InvalidInput
from schemas.outcomes import Action
from schemas.reading import Read
from tests.fakes import CountingIds, FakeClock
from tests.real_records import real_records

RIVERS = """
<https://rivers.example/catalog> a dcat:Catalog ; dct:title "Rivers" ; dcat:dataset _:levels, _:floods ;
  dcat:catalog <https://a.example/inner> .
<https://a.example/inner> a dcat:Catalog ; dct:title "Inner" ; dcat:dataset _:levels .
_:levels a dcat:Dataset ; dct:identifier "L", "M" ; dct:title "Niveaus"@nl, "Niveaux"@fr, "Pegel"@de ;
  dct:description "b"@nl, "a"@nl ; dct:publisher _:office, [ foaf:name "Ministry of Floods" ] ;
  dct:creator [ a foaf:Organization ; foaf:name "Z" ], [ a foaf:Organization ; foaf:name "A" ] ;
  dcat:contactPoint [ vcard:fn "Desk" ; vcard:hasEmail <mailto:b@a.example>, <mailto:a@a.example> ], [ vcard:fn "B" ] ;
  dct:temporal [ dcat:startDate "2020" ], [ dcat:startDate "2010" ; dcat:endDate "2012" ] ;
  dct:spatial [ rdfs:label "Wales" ], [ rdfs:label "Kent" ; dct:identifier "2", "1" ], <https://a.example/wales> ;
  dct:license [ dct:title "Own" ; foaf:page <https://a.example/l> ], [ dct:title "Other" ], "Third" ;
  dct:modified "2020", "2021" ; dct:language "nl", "fr" ; foaf:page <https://a.example/2>, <https://a.example/1> ;
  dcat:inSeries <https://a.example/s>, <https://a.example/r> ; dct:conformsTo "b", [ dct:title "a" ] ;
  adms:sample [ dct:title "x" ; adms:next [ dct:title "y" ] ], [ dct:title "x" ; adms:next [ dct:title "z" ] ] ;
  adms:versionNotes "2", "1", <https://a.example/3> ;
  dcat:distribution [ dct:title "Part 10" ; dcat:accessURL "https://a.example/1" ; dct:format "CSV", "TSV" ],
    [ dct:title "Part 9" ; dcat:accessURL "https://a.example/2", "https://a.example/3" ; adms:status "b", "a" ] .
_:office foaf:name "Ministry of Rivers", "Rivers" ; org:subOrganizationOf [ foaf:name "State" ], _:office .
_:floods a dcat:Dataset ; dct:identifier "F" ; dct:title "Floods" .
"""

NODES = ["_:a", "_:b", "_:c", "_:d", "<https://a.example/1>", "<https://a.example/2>"]
TYPES = ["dcat:Dataset", "dcat:Dataset", "dcat:DatasetSeries", "dcat:Catalog", "foaf:Organization"]
NAMES = (
    "dct:title dct:title dct:identifier dct:identifier dct:description dct:publisher foaf:name dcat:keyword "
    "dct:license dct:temporal dcat:startDate dct:modified dcat:dataset dcat:distribution dcat:accessURL dct:spatial "
    "adms:next dcat:contactPoint vcard:hasEmail org:subOrganizationOf dct:conformsTo dct:format"
).split()
TEXTS = ['"a"', '"B"', '"b"@fr', '"a"@de', '"a"@en-GB', '"a"@en', '"2019"', '"2020"', '"j@a.example"']
STATEMENTS = st.one_of(
    st.tuples(st.sampled_from(NODES), st.just("rdf:type"), st.sampled_from(TYPES)),
    st.tuples(st.sampled_from(NODES), st.sampled_from(NAMES), st.sampled_from([*NODES, *TEXTS])),
)


def turtle(statements: str) -> bytes:
    return ("".join(f"@prefix {name}: <{space}> .\n" for name, space in NAMESPACES.items()) + statements).encode()


def another_way(quads: Iterable[Quad], seed: int) -> list[Quad]:
    """The same statements in another order, and every node without address under another name."""
    random, names = Random(seed), dict[BlankNode, BlankNode]()

    def term(value: Any) -> Any:
        return names.setdefault(value, BlankNode(f"n{random.random()}"[3:])) if isinstance(value, BlankNode) else value

    told = [Quad(term(quad.subject), quad.predicate, term(quad.object)) for quad in quads]
    random.shuffle(told)
    return told


def triples(quads: Iterable[Quad]) -> bytes:
    return serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b""


def graphs(data: bytes, number: int) -> Iterator[bytes]:
    """A graph as several triple stores might give it."""
    quads = list(parse(data, format=RdfFormat.TURTLE))
    return (triples(another_way(quads, seed)) for seed in range(number))


def reads(data: bytes, name: str = "x.nt") -> list[Read]:
    return list(read_dcat(data, name, "rivers").reads)


def test_every_choice_and_every_list_is_the_same_in_any_order() -> None:
    first, *others = (reads(data) for data in graphs(turtle(RIVERS), 40))
    assert all(other == first for other in others)
    levels = next(read.document for read in first if read.identifier == "L")
    assert levels is not None
    assert (levels["title"], levels["modified"], levels["provenance"]["sourceName"]) == ("Pegel", "2021", "Rivers")
    assert [form["title"] for form in levels["distribution"]] == ["Part 9", "Part 10"]


@settings(max_examples=60)
@given(st.lists(STATEMENTS, min_size=4, max_size=24, unique=True), st.integers(0, 2**32))
def test_whatever_a_graph_says_its_order_says_nothing(statements: list[tuple[str, str, str]], seed: int) -> None:
    told = [f"{' '.join(statement)} ." for statement in statements]
    data = turtle("<https://a.example/0> a dcat:Dataset ; dct:relation _:a . _:a a dcat:Dataset .\n" + "\n".join(told))
    quads = list(parse(data, format=RdfFormat.TURTLE))
    # Records that say the same of themselves may change places.
    one, other = (sorted(map(repr, reads(triples(another_way(quads, number))))) for number in (seed, seed + 1))
    assert one == other


def test_every_real_catalogue_is_read_alike_in_any_order(trial_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seed, count = 0, 0
    monkeypatch.setattr(rdf_reading, "parse", lambda *given, **options: another_way(parse(*given, **options), seed))
    files = [*trial_data.glob("datasets/**/*.json"), *trial_data.glob("standards/*/examples/**/*.*")]
    for path in sorted(files):
        data = path.read_bytes()
        try:
            first = read_dcat(data, path.name, "rivers")
        except InvalidInput:
            continue  # of another format
        seed += 1
        assert read_dcat(data, path.name, "rivers") == first, path
        count += len(first.reads)
    assert count > 250


def test_an_import_of_the_same_graph_changes_nothing_and_of_another_what_changed(
    trial_data: Path, database: Database, clock: FakeClock, ids: CountingIds
) -> None:
    nodes = [node for one in real_records(trial_data)[::100] if (node := dataset_to_dcat(one).node)]
    first, second = graphs(b"".join(rdf_parts(nodes, RdfForm.TURTLE)), 2)

    def actions(data: bytes) -> dict[str, Action]:
        with database.write() as session:
            feed = read_dcat(data, "x.nt", "rivers")
            outcomes = list(import_datasets(session, LOCAL_REGISTRAR, feed, clock, ids))
        return {outcome.place: outcome.action for outcome in outcomes if outcome.action is not Action.REFUSED}

    assert set(actions(first).values()) == {Action.ADDED}
    assert set(actions(second).values()) == {Action.UNCHANGED}
    changed = str(nodes[3].iri)
    more = f'<{changed}> <http://www.w3.org/ns/dcat#keyword> "another" .\n'.encode()
    assert [place for place, action in actions(more + second).items() if action is Action.CHANGED] == [changed]


def test_nodes_that_lead_on_and_on_and_back_to_the_first_are_put_in_order() -> None:
    chain = [f"_:n{number} dct:relation _:n{(number + 1) % 2_000} ." for number in range(2_000)]
    quads = parse(turtle("\n".join(chain)), format=RdfFormat.TURTLE)
    held = {quad.subject: {"dct:relation": {quad.object: None}} for quad in quads}
    assert in_order(held) == held
