import json

from tests.catalogue.commands.conftest import Written
from tests.services.commands import Invoke


def test_synonyms_are_added_listed_changed_and_removed(ready: Invoke) -> None:
    assert ready("catalogue", "synonyms", "add", "bin", "waste container").stdout == "Added: bin ↔ waste container\n"
    changed = ready("catalogue", "synonyms", "add", "Bin", "Waste  container", "--one-way")
    assert changed.stdout == "Changed: Bin → Waste container\n"
    (row,) = json.loads(ready("catalogue", "synonyms", "list", "--format", "json").stdout)
    assert row["id"] == "bin~waste-container"
    assert row["both_ways"] is False
    again = ready("catalogue", "synonyms", "add", "waste container", "bin")
    assert again.code == 1
    assert "the other way round" in again.stderr
    assert ready("catalogue", "synonyms", "add", "bin", "…").code == 4
    assert ready("catalogue", "synonyms", "remove", "bin", "waste container").code == 0
    assert ready("catalogue", "synonyms", "remove", "bin", "waste container").code == 3
    assert json.loads(ready("catalogue", "synonyms", "list", "--format", "json").stdout) == []


def test_a_listing_is_imported_again_and_what_is_wrong_is_named(ready: Invoke, written: Written) -> None:
    text = "typed,also,both_ways\nbin,waste container,\ncar,vehicle,no\ncar,…,\nx,y,perhaps\nbin,rubbish,yes,more\n"
    path = written("synonyms.csv", text)
    ended = ready("catalogue", "synonyms", "import", path, "--format", "json")
    assert ended.code == 4
    assert [row["action"] for row in json.loads(ended.stdout)] == ["added", "added", "refused", "refused", "refused"]
    for told in ("line 4", "no letter or digit", "line 5", "neither yes nor no", "line 6", "more values"):
        assert told in ended.stderr
    listing = ready("catalogue", "synonyms", "list", "--format", "csv").stdout
    assert "car,vehicle,no,car~vehicle" in listing
    same = ready("catalogue", "synonyms", "import", written("again.csv", listing), "--format", "json")
    assert [row["action"] for row in json.loads(same.stdout)] == ["unchanged", "unchanged"]
    assert ready("catalogue", "synonyms", "import", written("other.csv", "a,b\n1,2\n")).code == 4


def test_only_a_registrar_may(ready: Invoke) -> None:
    assert ready("accounts", "add", "admin", "--role", "administrator").code == 0
    refused = ready("--as", "admin", "catalogue", "synonyms", "add", "bin", "waste container")
    assert refused.code == 1
    assert "registrar" in refused.stderr
    assert ready("--as", "admin", "catalogue", "synonyms", "list").code == 0


def test_what_is_added_counts_in_the_next_search(ready: Invoke) -> None:
    added = {"typed": "bin", "also": "waste container"}
    ready("catalogue", "synonyms", "add", *added.values())
    told = ready("catalogue", "search", "bin", "--format", "json")
    assert told.code == 0
    assert "waste container" in told.stderr
