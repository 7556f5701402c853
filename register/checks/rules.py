"""All rules that a schema cannot hold, together, and how much each weighs.

In a record that an official of a party writes a broken rule is an error or a warning, as the rule says. A record that
was imported, transcribed or released is kept as its source has it: there, everything is a warning.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from register.checks.fields import is_officials_own
from register.checks.law import grounds_of_authorities, powers_in_doubt
from register.checks.links import broken_links, datasets_not_told, registrant_not_a_party
from register.checks.names import dangling_names_elsewhere
from register.checks.order import dates_against_today, dates_out_of_order
from register.checks.parties import flows_that_do_not_fit, half_said, open_ends, roles_missing
from register.checks.tables import Tables
from register.checks.wording import blanks_left, data_not_needed, summaries_hard_to_read, titles_that_tell_nothing
from schemas.canonical import Json
from schemas.problems import Problem, errors_in


def contradictions(document: Json) -> list[Problem]:
    """Why an official's own record is refused: it contradicts itself. Empty for a record of another source."""
    if not is_officials_own(document):
        return []
    return errors_in([*dates_out_of_order(document), *dangling_names_elsewhere(document), *half_said(document)])


def broken_rules(document: Json, tables: Tables | None, today: date | None) -> list[Problem]:
    """Every rule that a record breaks, each at its weight.

    Without `tables` nothing is said of links and powers, without `today` nothing that depends on the day.
    """
    problems = [
        *dates_out_of_order(document),
        *(dates_against_today(document, today) if today else ()),
        *dangling_names_elsewhere(document),
        *half_said(document),
        *open_ends(document),
        *roles_missing(document),
        *flows_that_do_not_fit(document),
        *datasets_not_told(document),
        *registrant_not_a_party(document),
        *grounds_of_authorities(document, tables),
        *titles_that_tell_nothing(document),
        *summaries_hard_to_read(document),
        *blanks_left(document),
        *data_not_needed(document),
        *(_of_tables(document, tables, today) if tables else ()),
    ]
    return problems if is_officials_own(document) else [replace(one, severity="warning") for one in problems]


def _of_tables(document: Json, tables: Tables, today: date | None) -> Iterable[Problem]:
    yield from broken_links(document, tables)
    yield from powers_in_doubt(document, tables, today)
