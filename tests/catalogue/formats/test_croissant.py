"""Croissant: only where tables can be loaded, with nothing made up, and taken by the official validator."""

import hashlib
from pathlib import Path

from catalogue.formats.converted import Written
from catalogue.formats.croissant_writing import CONFORMS_TO, dataset_to_croissant
from schemas.bundle import DATASET_VERSION
from schemas.canonical import Json
from tests.real_records import DETAILS, real_records, record_of
from tests.services.validators import asked

COLUMNS = [
    {"name": "day", "type": "date", "format": "DD/MM/YYYY"},
    {
        "name": "river level (m)",
        "title": "Level",
        "type": "double precision",
        "unit": "metre",
        "description": "At noon",
    },
    {"name": "note"},
]
TABLE: Json = {
    "title": "Levels of all rivers",
    "downloadURL": "https://rivers.example/levels.csv",
    "format": "csv",
    "byteSize": 1234,
    "checksum": {"algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256", "value": "AB" * 32},
    "column": COLUMNS,
}


def croissant(*forms: Json, **members: object) -> Written[Json]:
    document = {
        "schemaVersion": DATASET_VERSION,
        "kind": "dataset",
        "title": "River levels",
        "distribution": list(forms),
        "provenance": {"source": "foi"},
        **members,
    }
    return dataset_to_croissant(record_of(document), DETAILS)


def told(written: Written[Json]) -> set[str]:
    return {problem.pointer for problem in written.problems}


def test_a_table_with_known_columns_can_be_loaded() -> None:
    node = croissant(TABLE, licence="ogl-3").node
    assert node is not None
    assert node["conformsTo"] == CONFORMS_TO
    assert node["distribution"] == [
        {
            "@type": "cr:FileObject",
            "@id": "file-1",
            "contentUrl": "https://rivers.example/levels.csv",
            "name": "Levels of all rivers",
            "contentSize": "1234 B",
            "encodingFormat": "text/csv",
            "sha256": "ab" * 32,
        }
    ]
    (table,) = node["recordSet"]
    assert [field["dataType"] for field in table["field"]] == ["sc:Date", "sc:Float", "sc:Text"]
    assert table["field"][1] == {
        "@type": "cr:Field",
        "@id": "table-1/column-2",
        "name": "river level (m)",
        "alternateName": "Level",
        "description": "At noon",
        "dataType": "sc:Float",
        "source": {"fileObject": {"@id": "file-1"}, "extract": {"column": "river level (m)"}},
    }
    assert "isLiveDataset" not in node


def test_nothing_is_made_up_and_what_is_missing_is_told() -> None:
    written = croissant(TABLE, {"accessURL": "https://rivers.example/map"})
    assert written.node is not None
    assert not written.node.keys() & {"license", "creator", "datePublished", "version"}
    assert told(written) >= {"/licence", "/creator", "/issued", "/distribution/1", "/distribution/0/column/0/format",
                             "/distribution/0/column/1/unit", "/distribution/0/column/2/type"}  # fmt: skip
    assert written.stand_ins == 1  # the description
    assert written.nodes_left_out == 1


def test_a_file_without_what_a_file_needs_is_left_out_with_the_whole_dataset() -> None:
    missing = [
        {name: value for name, value in TABLE.items() if name != left_out}
        for left_out in ("column", "downloadURL", "format", "checksum")
    ]
    wrong = [
        {**TABLE, "format": "PDF"},
        {**TABLE, "mediaType": "application/zip"},
        {**TABLE, "downloadURL": "https://rivers.example/levels.csv.zip"},
        {**TABLE, "checksum": {"algorithm": "SHA-1", "value": "ab" * 20}},
        {**TABLE, "checksum": {"algorithm": "SHA-256", "value": "short"}},
    ]
    for form in missing + wrong:
        written = croissant(form)
        assert written.node is None, form
        assert [problem.severity for problem in written.problems if problem.pointer == ""] == ["error"]
        assert "/distribution/0" in told(written)
    assert croissant(TABLE, kind="data-service").node is None


def test_data_that_goes_on_growing_has_no_checksum_that_is_wrong_tomorrow() -> None:
    written = croissant(TABLE, accrualPeriodicity="daily")
    assert written.node is not None
    assert written.node["isLiveDataset"] is True
    assert "sha256" not in written.node["distribution"][0]
    assert "/distribution/0/checksum" in told(written)
    without = {name: value for name, value in TABLE.items() if name != "checksum"}
    assert croissant(without, accrualPeriodicity="monthly").node is not None
    assert croissant(without, accrualPeriodicity="never").node is None


def test_the_official_validator_takes_them_all_and_loads_a_table(trial_data: Path, tmp_path: Path) -> None:
    real = [written.node for record in real_records(trial_data)
            if (written := dataset_to_croissant(record, DETAILS)).node]  # fmt: skip
    assert len(real) > 40
    different = list({node["name"]: node for node in real if node}.values())
    made = [
        croissant(TABLE, licence="Some terms", version="2020-21", language=["en"], description="Höhe </b>").node,
        croissant({**TABLE, "checksum": {"algorithm": "MD5", "value": "0" * 32}}, issued="2019-03",
                  creator=[{"name": "River Survey"}], temporal=[{"start": "2019"}], theme=["environment"],
                  spatial=[{"name": "Riverton", "bbox": ["-1", "50", "0", "51"]}]).node,
        croissant({**TABLE, "column": [{"name": "a/b c"}, {"name": "é"}, {"name": "a/b c"}]}, TABLE,
                  accrualPeriodicity="daily").node,
    ]  # fmt: skip
    file = tmp_path / "levels.csv"
    file.write_text("day,river level (m),note\n2024-01-02,1.5,flood\n")
    checksum = {"algorithm": "SHA-256", "value": hashlib.sha256(file.read_bytes()).hexdigest()}
    table = {
        "document": croissant({**TABLE, "checksum": checksum}).node,
        "files": {"file-1": str(file)},
        "name": "table-1",
    }
    answer = asked("croissant.py", {"documents": [*different, *made], "table": table})
    assert answer["errors"] == [[]] * (len(different) + len(made))
    (row,) = answer["records"]
    assert row["table-1/column-2"] == 1.5
    assert row["table-1/column-3"] == "flood"
