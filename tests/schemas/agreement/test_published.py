"""A published version never changes: its files, its bundle, and the codes it can name."""

import json
from importlib import resources
from pathlib import Path

import pytest

from schemas.bundle import load_schema
from schemas.canonical import canonical_bytes, fingerprint, sha256_hex
from schemas.codelists import codelist, codelist_names
from schemas.contract import (
    Published,
    bundle,
    bundle_sha256,
    contract_sha256,
    event_names,
    load_part,
    part_names,
    published_versions,
)
from schemas.errors import NotFound
from schemas.profiles import profile_names
from tests.source import ROOT

VERSION = "1.0.0"
VERSIONS = ROOT / "schemas" / "agreement"
HELD = Path(__file__).parent / "published"


def _hashes(version: str) -> str:
    """A line for each file of a version, as sha256sum writes it."""
    folder = VERSIONS / version
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return "".join(f"{sha256_hex(file.read_bytes())}  {file.relative_to(folder).as_posix()}\n" for file in files)


@pytest.mark.parametrize("version", [published.version for published in published_versions()])
def test_no_file_of_a_published_version_has_changed(version: str) -> None:
    """A change is a new version. Where a version is not released yet, the failure prints what to hold instead."""
    held = (HELD / f"{version}.sha256").read_text(encoding="utf-8")
    assert _hashes(version) == held, f"tests/schemas/agreement/published/{version}.sha256 would be:\n{_hashes(version)}"


@pytest.mark.parametrize("published", published_versions(), ids=lambda published: published.version)
def test_the_hash_that_is_published_is_that_of_the_version(published: Published) -> None:
    sha256 = contract_sha256(published.version)
    assert published.sha256 == sha256, f"published.csv would say {sha256} for {published.version}"


def test_no_code_of_a_published_version_is_taken_away() -> None:
    held = json.loads((HELD / f"{VERSION}.codes.json").read_text(encoding="utf-8"))
    lost = {name: sorted(set(codes) - set(codelist(name))) for name, codes in held.items()}
    assert {name: codes for name, codes in lost.items() if codes} == {}
    assert set(held) == set(bundle(VERSION)["codelists"])


def test_every_version_in_the_folder_but_the_trial_is_published() -> None:
    folders = {folder.name for folder in VERSIONS.iterdir() if folder.is_dir()}
    assert folders - {"0.1.0"} == {published.version for published in published_versions()}


def test_the_bundle_is_the_whole_contract() -> None:
    whole = bundle(VERSION)
    assert whole["schema"] == load_schema("agreement", VERSION)
    assert list(whole["profiles"]) == sorted(profile_names(VERSION))
    assert list(whole["events"]) == event_names(VERSION)
    assert {"flow-role", "data-subject-groups", "external-id-scheme", "flags", "agreement-event"} <= set(
        whole["codelists"]
    )
    assert set(whole["codelists"]) <= set(codelist_names())
    assert json.loads(canonical_bytes(whole)) == whole


def test_the_bundle_has_a_hash_and_the_contract_in_it_another_that_codelists_do_not_move() -> None:
    whole = bundle(VERSION)
    assert bundle_sha256(VERSION) == fingerprint(whole)
    del whole["codelists"]
    assert contract_sha256(VERSION) == fingerprint(whole)


def test_the_files_are_inside_the_package() -> None:
    folder = resources.files("schemas").joinpath("agreement", VERSION)
    assert folder.joinpath("agreement.json").is_file()
    assert part_names(VERSION, "examples") == ["complete"]


def test_a_part_that_is_not_there() -> None:
    with pytest.raises(NotFound, match="nonsense"):
        load_part(VERSION, "profiles", "nonsense")
    with pytest.raises(NotFound):
        load_part("9.9.9", "profiles", "complete")
