"""A catalogue in RDF is imported, and imported again without a change."""

import json

from tests.catalogue.commands.conftest import Written
from tests.services.commands import Invoke

CATALOGUE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://rivers.example/catalog> a dcat:Catalog ; dct:title "Rivers" ; dcat:dataset <https://rivers.example/1> .
<https://rivers.example/1> a dcat:Dataset ; dct:title "Levels"@en, "Niveaux"@fr ;
  dct:publisher [ foaf:name "Ministry of Rivers" ] ; dct:temporal "2019/2020" .
"""


def test_a_catalogue_in_rdf_is_taken_once(ready: Invoke, written: Written) -> None:
    path = written("catalog.ttl", CATALOGUE)
    first = ready("catalogue", "import", path, "--from", "dcat", "--format", "json")
    assert first.code == 0
    assert "kept under the source “rivers.example/catalog”" in first.stderr
    (row,) = json.loads(first.stdout)
    assert (row["place"], row["action"], row["title"]) == ("https://rivers.example/1", "added", "Levels")
    again = ready("catalogue", "import", path, "--from", "dcat", "--format", "json")
    assert [row["action"] for row in json.loads(again.stdout)] == ["unchanged"]


def test_a_file_that_is_no_rdf_is_refused_with_its_line(ready: Invoke, written: Written) -> None:
    refused = ready("catalogue", "import", written("catalog.ttl", "\n<a> <b> 'c"), "--from", "dcat")
    assert refused.code == 4
    assert "line 2" in refused.stderr
