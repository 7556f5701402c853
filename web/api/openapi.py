"""The description of the API as OpenAPI 3.1: made here once, and held against the running API by a test."""

from collections.abc import Mapping
from functools import cache
from importlib import metadata
from typing import Any

from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.codelists import codelist
from schemas.profiles import profile_names
from web.api import openapi_links as links
from web.api.openapi_catalogue import CATALOGUE_PATHS
from web.api.openapi_examples import sent_examples
from web.api.openapi_parts import (
    NAME,
    PARAMETERS,
    RESPONSES,
    TAG,
    closed_object,
    limit_parameter,
    operation,
    path_parameter,
    query_parameter,
    read_operation,
    shape_named,
)
from web.api.openapi_records import (
    draft_body,
    event_body,
    new_draft_body,
    proposal_body,
    publishing_body,
    record_shapes,
)
from web.api.openapi_search import SEARCH_PATHS
from web.api.openapi_synonyms import SYNONYM_PATHS
from web.api.register import LONGEST_PAGE, PAGE, PARTS
from web.api.shapes import SHAPES
from web.api.shapes_catalogue import CATALOGUE_SHAPES


@cache
def openapi_document() -> Json:
    """The whole document. https://spec.openapis.org/oas/v3.1.1.html"""
    return {
        "openapi": "3.1.1",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Data Gazette",
            "version": metadata.version("data-gazette"),
            "summary": "The register of data-sharing agreements, and the catalogue of datasets.",
            "description": "Reading needs no token. What changes something needs an access token of an account "
            "(gazette accounts token, or the OAuth device flow), and says in `detail` and `advice` what is wrong and "
            "what to do next where it is refused. A request with an `Idempotency-Key` is done once, however often "
            "it is sent. Conditional requests (RFC 9110, 13) are HTTP’s own and hold for every operation without being "
            "among its arguments: `If-None-Match` with the `ETag` of a copy answers 304 where it is as good, "
            "`If-Match` with that of what was read guards against lost updates (412). Where something is changed, "
            "`onVersion` and `onRevision` do the same for who keeps no headers (409). 422 is for a record or event "
            "that is not of the shape described here, which a program can see before it sends it; 409 for one that has "
            "the shape and cannot stand beside what else it says, or what the register knows. Both list `problems`.",
        },
        "servers": [{"url": "/api/v1"}],
        "tags": [
            {"name": "search", "description": "Finding datasets and agreements."},
            {"name": "catalogue", "description": "Datasets, organisations and legal powers: what is public."},
            {"name": "changes", "description": "What happened, in its order, to keep a copy up to date."},
            {"name": "agreements", "description": "What is public."},
            {"name": "drafts", "description": "What an organisation’s officials are writing."},
            {"name": "account", "description": "Who asks, and what waits for them."},
            {"name": "writing", "description": "Checking records, and finding what they name."},
        ],
        "paths": _paths(),
        "components": {
            "schemas": {**SHAPES, **CATALOGUE_SHAPES, **record_shapes()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "examples": sent_examples(),
            "parameters": PARAMETERS,
            "responses": RESPONSES,
        },
    }


def _paths() -> Json:
    parts = (_PATHS, CATALOGUE_PATHS, SEARCH_PATHS, SYNONYM_PATHS)
    return {path: dict(methods) for part in parts for path, methods in part.items()}


_WHOLE: Json = {"type": "integer", "minimum": 1, "maximum": 1_000_000_000}
_AGREEMENT = path_parameter("name", "The agreement’s number, or `scheme:number` of another list.", "dg-1")
_DRAFT = path_parameter("draft", "The draft’s id.", "draft-0123456789")
_KEY: Json = {"$ref": "#/components/parameters/Idempotency-Key"}
_LOCATION: Json = {"Location": {"schema": {"type": "string"}, "description": "The address of what was made."}}
_DAY: Json = {"type": "string", "format": "date"}
_CHANGING = (403, 404, 409, 412, 422)

_PATHS: Mapping[str, Mapping[str, Any]] = {
    "/agreements": {
        "get": read_operation(
            "listAgreements",
            "agreements",
            "The agreements in the order of their numbers, a page at a time.",
            "AgreementLines",
            parameters=[
                query_parameter(
                    "state", "Only those in this state today.", {"enum": list(codelist("agreement-state"))}
                ),
                query_parameter("organisation", "Only those with a party of this slug.", NAME),
                query_parameter(
                    "part",
                    "Only those where that organisation, or else any party, does this.",
                    {"enum": list(PARTS)},
                ),
                limit_parameter(LONGEST_PAGE, PAGE),
                query_parameter(
                    "cursor", "Behind which; taken from `Link`.", {"type": "integer", "minimum": 0, "maximum": 10**12}
                ),
            ],
            paged=True,
        )
    },
    "/agreements/{name}": {
        "get": read_operation(
            "getAgreement",
            "agreements",
            "One agreement: the deal, and what happened beside it.",
            "Agreement",
            parameters=[_AGREEMENT, query_parameter("version", "As this version has it.", _WHOLE)],
            errors=[404],
        )
    },
    "/agreements/{name}/history": {
        "get": read_operation(
            "getHistory",
            "agreements",
            "Every event of an agreement, oldest first.",
            "Events",
            parameters=[_AGREEMENT],
            errors=[404],
        )
    },
    "/agreements/{name}/flags": {
        "get": read_operation(
            "getFlags",
            "agreements",
            "What the record of an agreement says of itself.",
            "Flags",
            parameters=[_AGREEMENT, query_parameter("asOf", "As of this day.", _DAY)],
            errors=[404],
        )
    },
    "/agreements/{name}/events": {
        "post": operation(
            "act",
            "agreements",
            "Bring an event about.",
            (201, "It has happened.", "Receipt"),
            parameters=[_AGREEMENT, _KEY],
            body=event_body(),
            sends="Confirmation",
            errors=_CHANGING,
            signed_in=True,
            headers=_LOCATION,
            links=links.AGREEMENT,
        )
    },
    "/proposals": {
        "post": operation(
            "propose",
            "agreements",
            "Make a record public as a proposal.",
            (201, "It is public.", "Receipt"),
            parameters=[_KEY],
            body=proposal_body(),
            sends="Record",
            errors=(403, 409, 422),
            signed_in=True,
            headers=_LOCATION,
            links=links.AGREEMENT,
        )
    },
    "/flags": {
        "get": read_operation(
            "listFlags",
            "agreements",
            "What all records say of themselves.",
            "Flags",
            parameters=[query_parameter("asOf", "As of this day.", _DAY)],
        )
    },
    "/due": {
        "get": read_operation(
            "listDue",
            "agreements",
            "What is due, overdue first.",
            "Obligations",
            parameters=[
                query_parameter("organisation", "For this organisation (slug) alone.", NAME),
                query_parameter("within", "Within so many days.", {"type": "integer", "minimum": 0, "maximum": 36500}),
            ],
        )
    },
    "/drafts": {
        "get": operation(
            "listDrafts",
            "drafts",
            "The drafts of one’s organisation.",
            (200, "The drafts.", "DraftLines"),
            signed_in=True,
        ),
        "post": operation(
            "newDraft",
            "drafts",
            "Save a complete record as a draft.",
            (201, "It is saved.", "DraftReceipt"),
            parameters=[_KEY],
            body=new_draft_body(),
            sends="Record",
            errors=(403, 409, 422),
            signed_in=True,
            headers=_LOCATION,
            links=links.NEW_DRAFT,
        ),
    },
    "/drafts/{draft}": {
        "get": operation(
            "getDraft",
            "drafts",
            "One draft.",
            (200, "The draft.", "Draft"),
            parameters=[_DRAFT],
            errors=(304, 404, 412),
            signed_in=True,
            headers=TAG,
            links=links.READ_DRAFT,
        ),
        "put": operation(
            "saveDraft",
            "drafts",
            "Save a draft anew.",
            (200, "It is saved.", "DraftReceipt"),
            parameters=[_DRAFT, _KEY],
            body=draft_body(),
            sends="Record",
            errors=_CHANGING,
            signed_in=True,
        ),
        "delete": operation(
            "discardDraft",
            "drafts",
            "Delete a draft.",
            (204, "It is deleted.", None),
            parameters=[_DRAFT, query_parameter("onRevision", "The revision that was read.", _WHOLE)],
            errors=(403, 404, 409, 412),
            signed_in=True,
        ),
    },
    "/drafts/{draft}/events": {
        "post": operation(
            "publishDraft",
            "drafts",
            "Make a draft public, proposed or signed.",
            (201, "It is public.", "Receipt"),
            parameters=[_DRAFT, _KEY],
            body=publishing_body(),
            sends="Publication",
            errors=_CHANGING,
            signed_in=True,
            headers=_LOCATION,
            links=links.AGREEMENT,
        )
    },
    "/whoami": {
        "get": operation(
            "whoami",
            "account",
            "The account of the token, and what waits for its organisation.",
            (200, "The account.", "Account"),
            signed_in=True,
        )
    },
    "/check": {
        "post": operation(
            "check",
            "writing",
            "Every problem of records that are to be submitted.",
            (200, "A list of problems for each record.", "Checked"),
            body=closed_object(
                ["documents"],
                documents={"type": "array", "items": {"type": "object"}, "minItems": 1, "maxItems": 1000},
                profiles={"type": "array", "items": {"enum": profile_names(AGREEMENT_VERSION)}},
            ),
            sends="Question",
        )
    },
    "/lookup": {
        "get": read_operation(
            "lookup",
            "writing",
            "Organisations, datasets, powers or agreements by their names: at most twenty, the likeliest first.",
            "Candidates",
            parameters=[
                {**query_parameter("kind", "What is looked for.", shape_named("LookupKind")), "required": True},
                {**query_parameter("q", "The name, or a part of it.", NAME), "required": True},
            ],
        )
    },
}
