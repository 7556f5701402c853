"""Datasets, organisations, powers and changes in the description of the API."""

from collections.abc import Mapping
from typing import Any

from schemas.canonical import Json
from schemas.codelists import codelist
from web.api import changes, datasets, organisations, powers
from web.api.openapi_examples import (
    CHANGES,
    DATASET,
    DATASETS,
    ORGANISATION,
    ORGANISATIONS,
    POWER,
    POWERS,
    REVISION,
    REVISIONS,
)
from web.api.openapi_parts import MOMENT, NAME, limit_parameter, path_parameter, query_parameter, read_operation
from web.presentation.kinds import DATASET_KINDS

_MOMENT: Json = {
    "type": "string",
    "anyOf": [{"format": "date"}, MOMENT],
    "examples": ["2026-03-02", "2026-03-02T09:00:00Z"],
}
_IDENTIFIER: Json = {**NAME, "maxLength": datasets.LONGEST_IDENTIFIER}
_BEHIND = "Behind which; taken from `Link`."
_DATASET = path_parameter("name", "Its slug, its id, or its source’s identifier.", "bathing-waters")


def _counter(most: int) -> Json:
    return {"type": "integer", "minimum": 0, "maximum": most}


CATALOGUE_PATHS: Mapping[str, Mapping[str, Any]] = {
    "/": {"get": read_operation("getEntry", "catalogue", "Where to begin: the address of each list.", "Entry")},
    "/datasets": {
        "get": read_operation(
            "listDatasets",
            "catalogue",
            "The datasets in the order of their ids, which never changes, a page at a time.",
            "DatasetPage",
            parameters=[
                query_parameter("organisation", "Only those that the organisation with this slug publishes.", NAME),
                query_parameter("kind", "Only those of this kind.", {"enum": list(DATASET_KINDS)}),
                query_parameter("state", "Which.", {"enum": list(datasets.STATES), "default": "active"}),
                query_parameter("source", "Only those from this source.", _IDENTIFIER),
                query_parameter("identifier", "Only those that their source calls so.", _IDENTIFIER),
                query_parameter("changed_since", "Only those whose record changed since this day or moment.", _MOMENT),
                limit_parameter(datasets.LONGEST_PAGE, datasets.PAGE),
                query_parameter("cursor", _BEHIND, {"type": "string", "pattern": f"^{datasets.CURSOR.pattern}$"}),
            ],
            paged=True,
            example=DATASETS,
        )
    },
    "/datasets/{name}": {
        "get": read_operation(
            "getDataset",
            "catalogue",
            "One dataset with its publisher, contact, references and terms.",
            "Dataset",
            parameters=[_DATASET],
            errors=[404, 410],
            example=DATASET,
        )
    },
    "/datasets/{name}/revisions": {
        "get": read_operation(
            "listRevisions",
            "catalogue",
            "Every revision of a dataset, oldest first, also of one that is withdrawn.",
            "RevisionLines",
            parameters=[
                _DATASET,
                limit_parameter(datasets.LONGEST_PAGE, datasets.PAGE),
                query_parameter("cursor", _BEHIND, _counter(datasets.MOST_REVISIONS)),
            ],
            errors=[404],
            paged=True,
            example=REVISIONS,
        )
    },
    "/datasets/{name}/revisions/{number}": {
        "get": read_operation(
            "getRevision",
            "catalogue",
            "A dataset as it was in one revision.",
            "Revision",
            parameters=[_DATASET, path_parameter("number", "The number of the revision, from 1.", "1")],
            errors=[404],
            example=REVISION,
        )
    },
    "/organisations": {
        "get": read_operation(
            "listOrganisations",
            "catalogue",
            "The organisations in the order of their slugs, a page at a time.",
            "OrganisationPage",
            parameters=[
                query_parameter("q", "Only those with this text in one of their names.", NAME),
                query_parameter("kind", "Only those of this kind.", {"enum": list(codelist("organisation-kind"))}),
                limit_parameter(organisations.LONGEST_PAGE, organisations.PAGE),
                query_parameter("cursor", _BEHIND, NAME),
            ],
            paged=True,
            example=ORGANISATIONS,
        )
    },
    "/organisations/{name}": {
        "get": read_operation(
            "getOrganisation",
            "catalogue",
            "One organisation, and what it publishes, sends and receives.",
            "Organisation",
            parameters=[
                path_parameter("name", "Its slug, id, number (`scheme:value`), or a name of it.", "ministry-of-rivers")
            ],
            errors=[404],
            example=ORGANISATION,
        )
    },
    "/powers": {
        "get": read_operation(
            "listPowers",
            "catalogue",
            "The legal powers in the order of their ids, a page at a time.",
            "PowerPage",
            parameters=[
                query_parameter("q", "Only those with all of these words.", NAME),
                limit_parameter(powers.LONGEST_PAGE, powers.PAGE),
                query_parameter("cursor", _BEHIND, NAME),
            ],
            paged=True,
            example=POWERS,
        )
    },
    "/powers/{name}": {
        "get": read_operation(
            "getPower",
            "catalogue",
            "One legal power: the law, who may use it, who relies on it, what was before.",
            "Power",
            parameters=[path_parameter("name", "Its id, or `scheme:number` of another list.", "rivers-act-2001-s4")],
            errors=[404],
            example=POWER,
        )
    },
    "/changes": {
        "get": read_operation(
            "listChanges",
            "changes",
            "What happened to datasets and agreements, oldest first: from the beginning, since a moment, or behind a "
            "cursor. Whoever goes on at `next` misses nothing and is told nothing twice.",
            "Changes",
            parameters=[
                query_parameter("since", "Recorded then or later; beside `cursor` the later of both counts.", _MOMENT),
                query_parameter(
                    "cursor",
                    "Behind this change; taken from `next`.",
                    {"type": "string", "pattern": f"^({changes.CURSOR.pattern})$"},
                ),
                query_parameter("kind", "Only of records of this kind.", {"enum": list(changes.KINDS)}),
                limit_parameter(changes.LONGEST_PAGE, changes.PAGE),
            ],
            errors=[404],
            paged=True,
            example=CHANGES,
        )
    },
}
"""All of it is public and only read."""
