"""The last word of a run: which suites this machine could not run, and why."""

from collections import Counter
from collections.abc import Iterable

import pytest


def not_run(reports: Iterable[pytest.TestReport | pytest.CollectReport]) -> list[str]:
    """One line for each suite (test file) and reason, with the number of tests, in order of the files."""
    counts = Counter((report.nodeid.split("::")[0], _reason(report)) for report in reports)
    return [
        f"{suite}: {number} {'test' if number == 1 else 'tests'}: {reason}"
        for (suite, reason), number in sorted(counts.items())
    ]


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr)
