"""Official validators in an environment of their own: LinkML, and mlcroissant for Croissant.

They bring more than a hundred packages, some of which disagree with the project's. `GAZETTE_TEST_VALIDATORS` names
the Python of an environment with `validators/requirements.lock` in it; the scripts in `validators/` run there.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.services.need import Need, lacking

PYTHON = "GAZETTE_TEST_VALIDATORS"
"""The variable that names the Python of the validators' environment."""

SCRIPTS = Path(__file__).with_name("validators")

_ANSWERS_WITHIN = 300


def validators_python() -> Path:
    """The Python of the validators; skips or fails the test where there is none."""
    chosen = os.environ.get(PYTHON)
    if not chosen:
        lacking(Need.VALIDATORS, f"{PYTHON} is not set, so the official validators cannot be asked.")
    python = Path(chosen).absolute()
    if not os.access(python, os.X_OK):
        lacking(Need.VALIDATORS, f"{PYTHON} names no program: {python}")
    return python


def asked(script: str, question: object) -> Any:
    """What a script of `validators/` answers: it reads JSON and writes JSON. Raises RuntimeError where it fails."""
    done = subprocess.run(
        [validators_python(), SCRIPTS / script],
        input=json.dumps(question),
        capture_output=True,
        encoding="utf-8",
        timeout=_ANSWERS_WITHIN,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{script} failed:\n{done.stderr}")
    return json.loads(done.stdout)
