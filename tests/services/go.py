"""Go with the module `golang.org/x/mod`: a second implementation of signed notes and of the log's tree."""

import os
import shutil
import subprocess
from pathlib import Path

DEBIAN_SOURCES = Path("/usr/share/gocode")
"""Where Debian's package golang-golang-x-mod-dev lies."""

USUAL_PLACES = (Path("/usr/local/go/bin/go"), Path("/usr/lib/go/bin/go"))


class GoMissing(Exception):
    """There is no Go to test with; the message says why."""


def built(program: Path, folder: Path) -> Path:
    """Build one Go file that needs `golang.org/x/mod` and nothing else. Raises GoMissing where it cannot be had."""
    go = shutil.which("go") or next((str(place) for place in USUAL_PLACES if place.is_file()), None)
    if go is None:
        raise GoMissing("There is no Go on this machine (Debian: golang-go).")
    if not (DEBIAN_SOURCES / "src" / "golang.org" / "x" / "mod" / "sumdb" / "tlog").is_dir():
        raise GoMissing("Go has no golang.org/x/mod here (Debian: golang-golang-x-mod-dev).")
    made = folder / program.parent.name
    environ = {**os.environ, "GO111MODULE": "off", "GOPATH": str(DEBIAN_SOURCES), "GOFLAGS": "", "GOTOOLCHAIN": "local"}
    environ.setdefault("GOCACHE", str(folder / "cache"))
    done = subprocess.run([go, "build", "-o", made, program], env=environ, capture_output=True, encoding="utf-8")
    if done.returncode != 0:
        raise RuntimeError(f"{program} does not build:\n{done.stderr}")
    return made
