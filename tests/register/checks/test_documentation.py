"""docs/checks.md names every rule, and no rule that is not there."""

import re

from register.checks import law, links, names, order, parties, wording
from tests.source import ROOT

PAGE = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
NAMES = [
    value for module in (law, links, names, order, parties, wording) for name, value in vars(module).items()
    if name.endswith("RULE") and isinstance(value, str)
]  # fmt: skip


def test_every_rule_is_documented_with_its_weight() -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| (error, kept out|error|warning) \|$", PAGE, re.MULTILINE)
    own = {name.removeprefix("register rule: ") for name in NAMES if name.startswith("register rule: ")}
    assert {name for name, _ in rows} == own


def test_every_clause_of_a_law_that_a_rule_rests_on_is_documented() -> None:
    words = " ".join(PAGE.split())
    for name in NAMES:
        assert name.startswith("register rule: ") or f"**{name}**" in words, name
