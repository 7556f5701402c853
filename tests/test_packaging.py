"""The wheel: what is in it, what is not, and that it works where nothing else of ours is."""

import email
import importlib.metadata
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.source import PACKAGES, ROOT
from web.assets import missing_assets

pytestmark = pytest.mark.heavy

BUILT_FROM = ["cli.py", "setup.cfg", "pyproject.toml", "README.md", "LICENSE", "MANIFEST.in"]
LEFT_OUT = {"web/package.json", "web/package-lock.json"}


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by way of the source distribution from a copy of the tree, so that no old build is in it."""
    assert missing_assets() == [], "run `make assets` first"
    tree = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in BUILT_FROM:
        shutil.copyfile(ROOT / name, tree / name)
    _run(sys.executable, "-m", "build", "--outdir", tree / "dist", tree, cwd=tree.parent)
    (built,) = (tree / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_it_holds_every_file_of_the_four_packages(contents: set[str]) -> None:
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "node_modules" not in path.parts
    }
    assert sorted(ours - LEFT_OUT - contents) == []
    assert "cli.py" in contents


def test_it_holds_nothing_else(contents: set[str]) -> None:
    top = {name.split("/")[0] for name in contents}
    (information,) = (name for name in top if name.endswith(".dist-info"))
    assert top == {*PACKAGES, "cli.py", information}
    assert sorted(LEFT_OUT & contents) == []
    assert [name for name in contents if "/axe" in name or "node_modules" in name or name.endswith(".pyc")] == []


@pytest.mark.parametrize(
    "part",
    [
        "schemas/codelists/",
        "schemas/agreement/",
        "schemas/database/migrations/versions/",
        "web/templates/",
        "web/static/vendor/govuk-frontend.min.css",
        "web/static/vendor/govuk-frontend.min.js",
        "web/static/vendor/govuk-frontend-licence.txt",
    ],
)
def test_it_holds_what_is_no_module(contents: set[str], part: str) -> None:
    assert [name for name in contents if name.startswith(part)]


def test_its_metadata_says_what_it_is(wheel: Path, contents: set[str]) -> None:
    (name,) = (name for name in contents if name.endswith(".dist-info/METADATA"))
    with zipfile.ZipFile(wheel) as archive:
        metadata = email.message_from_bytes(archive.read(name))
    assert metadata["Name"] == "data-gazette"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    assert [name for name in contents if name.endswith(".dist-info/licenses/LICENSE")]


def _pinned() -> list[Requirement]:
    """What the lock file pins for this machine."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line.removesuffix("\\")) for line in lines if line[:1].isalnum()]
    assert found
    return [requirement for requirement in found if requirement.marker is None or requirement.marker.evaluate()]


def _link(requirement: Requirement, packages: Path) -> None:
    """Put one distribution into an environment, file by file: this one has the very same, from the same lock file."""
    installed = importlib.metadata.distribution(requirement.name)
    assert installed.version in requirement.specifier, f"make has not installed {requirement}"
    for file in installed.files or ():
        if file.parts[0] != "..":  # a program, which nothing of ours starts
            link = packages / file
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file.locate())


def test_it_works_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    """With what the lock file pins and nothing more, it makes a data folder and finds it sound.

    That the lock file itself can be installed, hashes and all, is what `make` has just done to come here.
    """
    environment = tmp_path / "environment"
    _run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=tmp_path)
    python = environment / "bin" / "python"
    (packages,) = environment.glob("lib/python*/site-packages")
    for requirement in _pinned():
        _link(requirement, packages)
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
    _run(*pip, "install", "--no-index", "--no-deps", wheel, cwd=tmp_path)
    _run(*pip, "check", cwd=tmp_path)
    gazette = environment / "bin" / "gazette"
    _run(gazette, "--data", tmp_path / "data", "init", cwd=tmp_path)
    _run(gazette, "--data", tmp_path / "data", "doctor", cwd=tmp_path)
