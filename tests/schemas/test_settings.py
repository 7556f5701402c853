"""Settings out of the environment: each variable, and errors that name it."""

from dataclasses import fields
from pathlib import Path

import pytest
from sqlalchemy import make_url

from schemas.errors import InvalidInput
from schemas.settings import CC_BY_4, VARIABLES, Settings, read_settings, sqlite_url

OF_COMMANDS = {"GAZETTE_SERVER", "GAZETTE_TOKEN"}
"""Variables that say where a command works and as whom: they are no settings of an installation."""


def test_without_any_variable_everything_lies_in_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings({})
    assert settings == Settings(
        data=tmp_path / "data",
        database_url=sqlite_url(tmp_path / "data"),
        search_path=tmp_path / "data" / "search",
        service_name="Data Gazette",
        records_licence=CC_BY_4,
        samples=False,
        workers=2,
        public_url=None,
        search_engine="tantivy",
    )
    assert settings.site_address == "http://127.0.0.1:8000"
    assert settings.log_key_path == tmp_path / "data" / "log-key"


def test_every_variable_is_read(tmp_path: Path) -> None:
    environ = {
        "GAZETTE_DATA": str(tmp_path),
        "GAZETTE_DATABASE_URL": "postgresql://somebody@db/gazette",
        "GAZETTE_SERVICE_NAME": "Rivers Register",
        "GAZETTE_PUBLISHER": "Ministry of Rivers",
        "GAZETTE_RECORDS_LICENCE": "https://example.org/licence",
        "GAZETTE_WORKERS": "7",
        "GAZETTE_PUBLIC_URL": "https://register.example/",
        "GAZETTE_SEARCH_ENGINE": "opensearch",
        "GAZETTE_SEARCH_URL": "https://me:secret@search.example/gazette",
        "GAZETTE_LOG_KEY": str(tmp_path / "safe" / "key"),
    }
    assert environ.keys() == VARIABLES.keys() - OF_COMMANDS
    settings = read_settings(environ)
    assert settings.data == tmp_path
    assert settings.database_url == environ["GAZETTE_DATABASE_URL"]
    assert settings.search_path == tmp_path / "search"
    assert (settings.service_name, settings.publisher) == ("Rivers Register", "Ministry of Rivers")
    assert settings.records_licence == "https://example.org/licence"
    assert settings.workers == 7
    assert (settings.search_engine, settings.search_url) == ("opensearch", environ["GAZETTE_SEARCH_URL"])
    assert settings.public_url == settings.site_address == "https://register.example"
    assert settings.log_key_path == tmp_path / "safe" / "key"
    defaults = read_settings({"GAZETTE_DATA": "/elsewhere"})
    left = {field.name for field in fields(Settings) if getattr(settings, field.name) == getattr(defaults, field.name)}
    assert left == {"samples"}


def test_an_empty_variable_is_one_that_is_not_set(tmp_path: Path) -> None:
    assert read_settings(dict.fromkeys(VARIABLES, ""), tmp_path) == read_settings({}, tmp_path)


def test_the_option_goes_before_the_variable(tmp_path: Path) -> None:
    settings = read_settings({"GAZETTE_DATA": "/somewhere/else"}, tmp_path)
    assert settings.data == tmp_path
    assert settings.in_folder(tmp_path / "b").search_path == tmp_path / "b" / "search"


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", "٣", "²", " 2", "9" * 5000])
def test_a_number_of_workers_that_is_none(text: str) -> None:
    with pytest.raises(InvalidInput, match="GAZETTE_WORKERS") as caught:
        read_settings({"GAZETTE_WORKERS": text})
    assert "whole number" in caught.value.advice


@pytest.mark.parametrize("text", ["Whoosh", "elastic", " "])
def test_a_search_engine_that_there_is_not(text: str) -> None:
    with pytest.raises(InvalidInput, match="GAZETTE_SEARCH_ENGINE") as caught:
        read_settings({"GAZETTE_SEARCH_ENGINE": text})
    assert "tantivy, whoosh" in caught.value.advice


@pytest.mark.parametrize("text", ["javascript:alert(1)", "CC BY 4.0", "http://"])
def test_a_licence_that_is_no_address(text: str) -> None:
    with pytest.raises(InvalidInput, match="GAZETTE_RECORDS_LICENCE"):
        read_settings({"GAZETTE_RECORDS_LICENCE": text})


def test_a_home_folder_that_nobody_has() -> None:
    with pytest.raises(InvalidInput, match="GAZETTE_DATA"):
        read_settings({"GAZETTE_DATA": "~no-such-account-here/data"})


@pytest.mark.parametrize("name", ["a b", "a?b", "a%20b", "a#b", "é", "a@b:c", "a&b=c"])
def test_any_folder_s_name_survives_the_address(name: str, tmp_path: Path) -> None:
    assert make_url(sqlite_url(tmp_path / name)).database == str(tmp_path / name / "gazette.db")
