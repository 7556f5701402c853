"""Datasets: the list, each one's page, and its history."""

from collections.abc import Sequence
from itertools import pairwise

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from catalogue.contacts import contact_numbered
from catalogue.datasets.models import CataloguedResource, ResourceRevision
from catalogue.datasets.read import dataset_count, revision_numbered, revisions
from catalogue.datasets.search_documents import dataset_search_id
from catalogue.search.document import SearchDocument
from catalogue.search.engine import SearchUnavailable
from catalogue.search.similar import similar_datasets
from schemas.bundle import load_schema
from schemas.canonical import Json
from schemas.errors import NotFound
from web.context import session, today, web_context
from web.dataset_records import dataset_at, for_programs, record_of
from web.listings import agreements_with_ids, datasets_page
from web.pages.dataset_formats import alternates, in_wanted_form
from web.presentation.changes import Change, changes_between
from web.presentation.datasets import show_access, show_forms, show_places, show_terms, show_times
from web.presentation.record import entries_of
from web.presentation.search import PAGE_SIZE, page_count, read_page
from web.presentation.similar import SimilarLine, similar_line
from web.presentation.summaries import AgreementLine, agreement_line, dataset_line

blueprint = Blueprint("datasets", __name__)


@blueprint.get("/datasets")
def datasets() -> ResponseReturnValue:
    """Every dataset by title, twenty a page. It works without the search index."""
    total = dataset_count(session())
    pages = page_count(total)
    page = min(read_page(request.args.to_dict(flat=False)), pages)
    lines = [dataset_line(resource) for resource in datasets_page(session(), (page - 1) * PAGE_SIZE, PAGE_SIZE)]
    return render_template("datasets.html", lines=lines, total=total, page=page, pages=pages)


@blueprint.get("/datasets/<slug>")
def dataset(slug: str) -> ResponseReturnValue:
    """A dataset as it now is, in the form that the client likes best: the page, for who does not care.

    A withdrawn one answers 410 (RFC 9110, 15.5.11), its page with its last record.
    """
    other = in_wanted_form(slug)
    if other is not None:
        return other
    resource = resource_at(slug)
    status = 410 if resource.state == "withdrawn" else 200
    offered = alternates(record_of(resource)) if status == 200 else []
    response = make_response(_page(resource, resource.document, None, offered), status)
    response.vary.add("Accept")
    for address, media_type, _ in offered:
        response.headers.add("Link", f'<{address}>; rel="alternate"; type="{media_type}"')
    return response


@blueprint.get("/datasets/<slug>/revisions/<number>")
def revision(slug: str, number: str) -> ResponseReturnValue:
    """A dataset as it was."""
    resource = resource_at(slug)
    found = revision_numbered(session(), resource, number_in_address(number))
    return _page(resource, found.document, found)


@blueprint.get("/datasets/<slug>/history")
def history(slug: str) -> ResponseReturnValue:
    """Every revision, newest first, with what changed in it."""
    resource = resource_at(slug)
    found = revisions(session(), resource)
    return render_template("dataset_history.html", resource=resource, steps=_steps(found))


def number_in_address(text: str) -> int:
    """A number that stands in an address. Raises NotFound where it is none."""
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise NotFound(f"“{text}” is not a number.")
    return int(text)


def resource_at(slug: str) -> CataloguedResource:
    """The dataset whose page has this short name in its address. Raises NotFound."""
    resource = dataset_at(slug)
    if resource is None:
        raise NotFound(f"There is no dataset “{slug}”.")
    return resource


def _page(
    resource: CataloguedResource,
    document: Json,
    revision: ResourceRevision | None,
    offered: Sequence[tuple[str, str, str]] = (),
) -> str:
    kind = document["kind"]
    return render_template(
        "dataset.html",
        resource=resource,
        revision=revision,
        document=document,
        kind=kind,
        access=show_access(document.get("accessRights"), kind),
        forms=show_forms(document),
        terms=show_terms(document.get("licence")),
        record_terms=show_terms(document["provenance"].get("licence")),
        times=show_times(document),
        places=show_places(document),
        contact=_contact(resource) if revision is None else contact_numbered(session(), document.get("contactPoint")),
        shared_under=_shared_under(resource),
        similar=_similar(resource) if revision is None else [],
        entries=entries_of(document, load_schema("dataset", document["schemaVersion"])),
        alternates=offered,
        for_programs=for_programs(resource) if revision is None and resource.state == "active" else None,
    )


def _contact(resource: CataloguedResource) -> dict[str, str | None] | None:
    """As much of its contact as may be told; None where that is nothing."""
    told = record_of(resource).contact
    return {name: told.get(name) for name in ("name", "email", "telephone", "address")} if told else None


def _shared_under(resource: CataloguedResource) -> list[AgreementLine]:
    """The agreements under which it is shared."""
    ids = [
        reference.address.removeprefix("/agreements/")
        for reference in resource.references
        if reference.address.startswith("/agreements/")
    ]
    found = agreements_with_ids(session(), ids)
    return [agreement_line(found[number], today()) for number in ids if number in found]


def _similar(resource: CataloguedResource) -> list[SimilarLine]:
    """The datasets like it; none where the index does not answer: the page is whole without them."""
    document = resource.document
    like = SearchDocument(
        id=dataset_search_id(resource),
        revision=resource.revision,
        kind=resource.kind,
        title=resource.title,
        address=resource.address,
        recorded_at=resource.metadata_modified_at.isoformat(),
        keywords=tuple(document.get("keyword", ())),
        organisation_names=(resource.publisher.name,) if resource.publisher else (),
        themes=tuple(document.get("theme", ())),
    )
    context = web_context()
    try:
        return [similar_line(found) for found in similar_datasets(context.engine(), like)]
    except SearchUnavailable as error:
        context.forget_engine(error)
        return []


def _steps(found: Sequence[ResourceRevision]) -> list[tuple[ResourceRevision, list[Change]]]:
    """Each revision with its differences from the one before; the first has none to differ from."""
    steps = [(new, _changes(old.document, new.document)) for new, old in pairwise(found)]
    return [*steps, (found[-1], [])] if found else []


def _changes(before: Json, after: Json) -> list[Change]:
    return changes_between(before, after, load_schema("dataset", after["schemaVersion"]))
