"""Which records the door shows: datasets of every kind, unless agreements are asked for."""

from catalogue.search.fields import KIND
from catalogue.search.query_tree import FieldClause, Not, Word

AGREEMENTS = FieldClause(KIND, Word("agreement"))
DATASETS = Not(AGREEMENTS)
