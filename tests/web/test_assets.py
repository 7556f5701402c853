"""The style sheet and script of the pages: fetched whole, and without the marks of GOV.UK."""

import re
from pathlib import Path

import pytest

from schemas.errors import InvalidInput, Unreachable
from web import assets


def test_the_built_style_sheet_is_the_pinned_release_without_its_marks() -> None:
    style = (assets.VENDOR / assets.STYLE).read_text(encoding="utf-8")
    assert '--govuk-frontend-version:"6.3.0"' in style
    assert style.count("{") == style.count("}")
    assert ".govuk-button{font-family:arial,sans-serif;" in style
    assert not re.search(r"GDS Transport|@font-face|crest|crown|url\((?!data:)|sourceMappingURL", style)


def test_the_licence_stands_beside_what_it_covers() -> None:
    licence = (assets.VENDOR / assets.LICENCE).read_text(encoding="utf-8")
    pinned = re.search(r'"govuk-frontend": "([\d.]+)"', (assets.WEB / "package.json").read_text(encoding="utf-8"))
    assert pinned
    assert f"GOV.UK Frontend {pinned[1]}" in licence
    assert "Permission is hereby granted" in licence


def test_the_lock_file_pins_by_hash_and_names_no_registry() -> None:
    lock = (assets.WEB / "package-lock.json").read_text(encoding="utf-8")
    assert lock.count('"integrity": "sha512-') == lock.count('"node_modules/')
    assert "resolved" not in lock
    assert "http" not in lock


def test_marks_are_taken_out_and_the_rest_is_left() -> None:
    css = (
        "/*! Copyright (c) the makers of the font. */@font-face{font-family:GDS Transport;src:url(/assets/a.woff2)}"
        '@font-face{font-family:GDS Transport;src:url(/assets/b.woff2) format("woff2")}'
        "a{font-family:GDS Transport,arial,sans-serif;color:red}"
        ".govuk-footer__copyright-logo:before{background-image:url(/assets/images/govuk-crest.svg)}"
        "@media (forced-colors:active)"
        "{.govuk-footer__copyright-logo:before{mask-image:url(/assets/images/govuk-crest.svg)}}"
        ".govuk-footer__crown{margin:0}b{color:blue}\n/*# sourceMappingURL=x.css.map */\n"
    )
    assert assets.without_government_marks(css) == (
        "a{font-family:arial,sans-serif;color:red}@media (forced-colors:active){}b{color:blue}\n"
    )


@pytest.mark.parametrize("mark", ["GDS Transport", "govuk-crest.svg", "Crown", "url(/assets/x.png)"])
def test_a_mark_that_is_written_in_a_new_way_is_not_let_through(mark: str) -> None:
    with pytest.raises(InvalidInput, match="still holds"):
        assets.without_government_marks(f"a{{content:'{mark}'}}")


def test_a_second_build_finds_nothing_to_do() -> None:
    assert assets.build_assets() is False


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "VENDOR", tmp_path)
    (tmp_path / assets.SCRIPT).touch()
    assert assets.missing_assets() == [assets.STYLE, assets.LICENCE]


def test_outside_a_source_tree_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(assets, "_SOURCES", [tmp_path / "package.json"])
    assert assets.main() == 1
    assert "clone of the repository" in capsys.readouterr().err


def test_without_npm_it_says_what_to_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(tmp_path))
    monkeypatch.setattr(assets, "_WORK", tmp_path / "work")
    with pytest.raises(Unreachable, match="make assets"):
        assets.build_assets()
