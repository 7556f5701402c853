"""Datasets at /api/v1: all of them a page at a time, each with what belongs to it, and what each was before."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from catalogue.datasets.exporting import records_of
from catalogue.datasets.models import CataloguedResource, ResourceRevision
from catalogue.datasets.read import find_dataset, revision_numbered
from catalogue.formats.members import with_stated
from catalogue.formats.own import dataset_to_own
from catalogue.licences import licence_title
from catalogue.organisations.models import Organisation
from register.changes import organisation_slugs
from schemas.canonical import Json
from schemas.checking import is_web_address
from schemas.cleaning import clean_text
from schemas.errors import InvalidInput, NotFound
from web.api.access import check_token
from web.api.answers import open_to_readers, public, with_next
from web.api.problems import gone
from web.api.requests import (
    choice_argument,
    moment_argument,
    number_argument,
    refuse_unknown_arguments,
    text_argument,
)
from web.context import session, site_address, web_context
from web.presentation.kinds import DATASET_KINDS

blueprint = Blueprint("api_datasets", __name__, url_prefix="/api/v1")
blueprint.before_request(check_token)
blueprint.after_request(open_to_readers)

PAGE = 100
LONGEST_PAGE = 1000
STATES = ("active", "withdrawn", "any")
CURSOR = re.compile("[0-9a-f]{32}")
MOST_REVISIONS = 10**9
LONGEST_IDENTIFIER = 2_000
_LONGEST_NUMBER = 9
_FILTERS = ("organisation", "kind", "state", "source", "identifier", "changed_since")


@blueprint.get("/datasets")
def datasets() -> Response:
    """The datasets in the order of their ids, which never changes; the `Link` header leads to the next page."""
    refuse_unknown_arguments(*_FILTERS, "limit", "cursor")
    limit = number_argument("limit", PAGE, 1, LONGEST_PAGE) or PAGE
    cursor = request.args.get("cursor")
    if cursor is not None and not CURSOR.fullmatch(cursor):
        raise InvalidInput("“cursor” is none of ours.", "Take it from the Link header of the page before.")
    wanted = _wanted()
    found = session().scalars(_page(wanted, cursor).limit(limit + 1)).all()
    total = session().scalar(select(func.count()).select_from(CataloguedResource).where(*wanted)) or 0
    response = public({"total": total, "items": described(found[:limit])})
    return with_next(response, cursor=found[limit - 1].id) if len(found) > limit else response


@blueprint.get("/datasets/<name>")
def dataset(name: str) -> Response:
    """One dataset, by its short name, its id, or what its source calls it where no other does."""
    refuse_unknown_arguments()
    return dataset_answer(name)


def dataset_answer(name: str) -> Response:
    """A dataset as the API tells it: of one that is withdrawn 410 (RFC 9110, 15.5.11) with its last record.

    Raises NotFound.
    """
    resource = _found(name)
    (record,) = described([resource])
    if resource.state == "withdrawn":
        reason = (resource.withdrawn_reason or "").strip()
        told = f"“{resource.title}” was withdrawn{f': {reason}' if reason else '.'}"
        response = gone(told, "Its last record is in the member “record”; delete your copy, or mark it.", record)
    else:
        response = public(record)
    response.headers["Content-Location"] = f"/api/v1{resource.address}"
    return response


@blueprint.get("/datasets/<name>/revisions")
def revisions(name: str) -> Response:
    """Every revision of a dataset, oldest first, also of one that is withdrawn; what each said is at its address."""
    refuse_unknown_arguments("limit", "cursor")
    limit = number_argument("limit", PAGE, 1, LONGEST_PAGE) or PAGE
    cursor = number_argument("cursor", 0, 0, MOST_REVISIONS) or 0
    resource = _found(name)
    query = (
        select(*_LINE)
        .where(ResourceRevision.resource_id == resource.id, ResourceRevision.revision > cursor)
        .order_by(ResourceRevision.revision)
        .limit(limit + 1)
    )
    rows = session().execute(query).all()
    names = organisation_slugs(session(), (row.actor_organisation for row in rows))
    response = public({"items": [_revision_line(resource, row, names) for row in rows[:limit]]})
    return with_next(response, cursor=str(rows[limit - 1].revision)) if len(rows) > limit else response


@blueprint.get("/datasets/<name>/revisions/<number>")
def revision(name: str, number: str) -> Response:
    """A dataset as it was in one revision."""
    refuse_unknown_arguments()
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        raise NotFound(f"There is no revision “{clean_text(number[:60])[0]}”.", "Revisions are numbered from 1.")
    resource = _found(name)
    found = revision_numbered(session(), resource, int(number))
    names = organisation_slugs(session(), [found.actor_organisation])
    return public({**_revision_line(resource, found, names), "document": found.document})


def described(resources: Sequence[CataloguedResource]) -> list[Json]:
    """Datasets as the API tells them, in their order: what the dump tells, with their state, terms and addresses.

    Two queries, however many they are; publishers and references are to be loaded.
    """
    records = records_of(session(), resources, site_address())
    return [
        {
            **dataset_to_own(record),
            "identifier": resource.identifier,
            "kind": resource.kind,
            "title": resource.title,
            "state": resource.state,
            **with_stated(withdrawnReason=resource.withdrawn_reason),
            "terms": _terms(resource.document),
            "links": _links(resource),
        }
        for resource, record in zip(resources, records, strict=True)
    ]


_LINE = (
    ResourceRevision.revision,
    ResourceRevision.change,
    ResourceRevision.reason,
    ResourceRevision.recorded_at,
    ResourceRevision.actor_organisation,
    ResourceRevision.content_sha256,
)


def _revision_line(resource: CataloguedResource, row: Any, names: Mapping[str, str]) -> Json:  # noqa: ANN401
    """A revision without its document; `row` has the columns of `_LINE`."""
    return {
        "dataset": resource.slug,
        "revision": row.revision,
        "newestRevision": resource.revision,
        "change": row.change,
        "reason": row.reason,
        "by": names.get(row.actor_organisation or ""),
        "recordedAt": row.recorded_at.isoformat(),
        "contentSha256": row.content_sha256,
        "address": f"{site_address()}{resource.address}/revisions/{row.revision}",
        "record": f"{_own_address(resource)}/revisions/{row.revision}",
    }


def _wanted() -> list[ColumnElement[bool]]:
    """What the filters of the address leave in."""
    held = CataloguedResource
    state, kind = choice_argument("state", STATES, "active"), choice_argument("kind", DATASET_KINDS)
    organisation = text_argument("organisation")
    source, identifier = (text_argument(name, LONGEST_IDENTIFIER) for name in ("source", "identifier"))
    wanted = [held.state == state] if state != "any" else []
    if kind:
        wanted.append(held.kind == kind)
    if organisation is not None:
        slug = Organisation.slug == organisation
        wanted.append(held.publisher_id == select(Organisation.id).where(slug).scalar_subquery())
    if source is not None:
        wanted.append(held.source == source)
    if identifier is not None:
        wanted.append(held.identifier == identifier)
    if (since := moment_argument("changed_since")) is not None:
        wanted.append(held.metadata_modified_at >= since)
    return wanted


def _page(wanted: Sequence[ColumnElement[bool]], cursor: str | None) -> Select[CataloguedResource]:
    behind = () if cursor is None else (CataloguedResource.id > cursor,)
    return (
        select(CataloguedResource)
        .where(*wanted, *behind)
        .options(joinedload(CataloguedResource.publisher), selectinload(CataloguedResource.references))
        .order_by(CataloguedResource.id)
    )


def _found(name: str) -> CataloguedResource:
    return find_dataset(session(), clean_text(name)[0])


def _terms(document: Json) -> Json:
    """The terms of the record itself: what its source states, else those of all records here."""
    licence = document["provenance"].get("licence") or web_context().settings.records_licence
    return with_stated(title=licence_title(licence), address=licence if is_web_address(licence) else None)


def _links(resource: CataloguedResource) -> Json:
    own, api = f"{site_address()}{resource.address}", _own_address(resource)
    return {"page": own, "document": f"{own}.json", "record": api, "revisions": f"{api}/revisions"}


def _own_address(resource: CataloguedResource) -> str:
    return f"{site_address()}/api/v1{resource.address}"
