"""Running the command line: inside this process, and as the separate program a person starts."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click import Command
from click.testing import CliRunner

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: its exit code, and what it wrote to either stream."""

    code: int
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True)
class Invoke:
    """Runs a command in this process, on one data folder. An error that is a defect is raised, not caught."""

    command: Command
    data: Path
    runner: CliRunner

    def __call__(
        self, *arguments: str | Path, stdin: str | bytes = "", environ: Mapping[str, str] | None = None
    ) -> Outcome:
        result = self.runner.invoke(
            self.command,
            [str(argument) for argument in arguments],
            input=stdin,
            env={"GAZETTE_DATA": str(self.data), **(environ or {})},
            catch_exceptions=False,
            prog_name="gazette",
        )
        return Outcome(result.exit_code, result.stdout, result.stderr)


@dataclass(frozen=True, slots=True)
class Gazette:
    """Runs `gazette` as a separate program, on one data folder."""

    data: Path
    folder: Path

    def __call__(
        self,
        *arguments: str | Path,
        stdin: str = "",
        environ: Mapping[str, str] | None = None,
        timeout: float = 120,
    ) -> Outcome:
        done = subprocess.run(
            self._command(arguments),
            input=stdin,
            env=self._environment(environ),
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def start(
        self, *arguments: str | Path, environ: Mapping[str, str] | None = None, **popen: Any
    ) -> subprocess.Popen[str]:
        """Start it and go on: the caller reads its pipes, and ends it with `end`. It leads its own process group."""
        settings: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **popen}
        return subprocess.Popen(
            self._command(arguments),
            stdin=subprocess.DEVNULL,
            env=self._environment(environ),
            cwd=self.folder,
            encoding="utf-8",
            start_new_session=True,
            **settings,
        )

    def _command(self, arguments: tuple[str | Path, ...]) -> list[str]:
        return [sys.executable, "-m", "cli", *(str(argument) for argument in arguments)]

    def _environment(self, environ: Mapping[str, str] | None) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "GAZETTE_DATA": str(self.data),
            **(environ or {}),
        }


def end(process: subprocess.Popen[str]) -> None:
    """End a program that `Gazette.start` started, with all it has started itself, and close its pipes."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
