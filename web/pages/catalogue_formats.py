"""The whole catalogue in the formats of other catalogues: DCAT-AP page by page, the others in one file."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, current_app, request

from catalogue.datasets.exporting import catalogue_details, dataset_record_count, dataset_records_page
from catalogue.datasets.named import named_by
from catalogue.formats.dcat_ap_catalogue import catalogue_iri, catalogue_link, catalogue_to_dcat
from catalogue.formats.dcat_ap_writing import dataset_to_dcat, stub
from catalogue.formats.export_counts import ExportCounts
from catalogue.formats.exported import DatasetRecord
from catalogue.formats.rdf import Resource
from catalogue.formats.rdf_writing import RdfForm, rdf_parts
from schemas.canonical import sha256_hex
from schemas.errors import InvalidInput
from web.api.answers import open_to_readers, shared, unchanged
from web.context import session, site_address, web_context
from web.dataset_records import site_details
from web.kept_answers import file_answer, made_now, records_state
from web.offered_files import CATALOGUE_FILES
from web.pages.dataset_formats import content_type_of, plain_answer
from web.pages.schema_files import HTML, wanted_type
from web.presentation.catalogue_paging import PAGE, Paging, paging_nodes, read_asked

blueprint = Blueprint("catalogue_formats", __name__)
blueprint.after_request(open_to_readers)

_FORMS = {form.suffix: form for form in RdfForm}
_BY_TYPE = {form.media_type: form for form in RdfForm}
_TAG_LENGTH = 32
_EXTENSION = "gazette-catalogue-totals"


class _Totals(NamedTuple):
    """How many datasets there are that are not withdrawn, and when a record last changed."""

    datasets: int
    changed_at: datetime | None


@blueprint.get("/catalog")
def catalogue() -> Response:
    """The catalogue in the form that the client likes best; the list of datasets for people."""
    wanted = wanted_type(HTML, *_BY_TYPE)
    if wanted == HTML:
        response = Response(status=302, headers={"Location": "/datasets"}, content_type="text/plain")
    else:
        response = _page(_BY_TYPE[wanted])
        query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
        response.headers["Content-Location"] = f"/catalog.{_BY_TYPE[wanted].suffix}{query}"
    response.vary.add("Accept")
    return response


@blueprint.get("/catalog.<any(ttl, jsonld, rdf):suffix>")
def catalogue_in_form(suffix: str) -> Response:
    """A page of the catalogue in RDF; Hydra and the `Link` header lead on to the next."""
    return _page(_FORMS[suffix])


@blueprint.get("/<any('data.json', 'dcat-us-3.json', 'uk-model.json'):name>")
def catalogue_file(name: str) -> Response:
    """The whole catalogue in one file."""
    return file_answer(CATALOGUE_FILES[f"/{name}"], download=False)


def _page(form: RdfForm) -> Response:
    try:
        asked = read_asked(request.args)
    except InvalidInput as error:
        return plain_answer(str(error), 400)
    site = site_address()
    written = f"{asked.page} {asked.written_since}"
    state = records_state(session(), made_now())
    tag = sha256_hex(f"{form.suffix} {written} {state}".encode())[:_TAG_LENGTH]
    response = unchanged(tag)
    if response is not None:
        return response
    totals = _totals(state)
    count = totals.datasets if asked.since is None else dataset_record_count(session(), asked.since)
    paging = Paging(f"{site}/catalog.{form.suffix}", asked, count)
    if asked.page > paging.last:
        return plain_answer(f"There is no page {asked.page:,}; the last one is {paging.last:,}.", 404)
    records = dataset_records_page(session(), site, (asked.page - 1) * PAGE, PAGE, asked.since)
    content = b"".join(rdf_parts(_nodes(records, paging, totals), form))
    response = shared(Response(content, content_type=content_type_of(form.media_type)))
    response.set_etag(tag)
    for relation, address in paging.links():
        response.headers.add("Link", f'<{address}>; rel="{"prev" if relation == "previous" else relation}"')
    response.headers.add("Link", f'<{web_context().settings.records_licence}>; rel="license"')
    return response


def _totals(state: str) -> _Totals:
    """What is told of all the records in a state of theirs: counted once, for that is to read the whole table."""
    held: dict[str, _Totals] = current_app.extensions.setdefault(_EXTENSION, {})
    found = held.get(state)
    if found is None:
        details = catalogue_details(session(), web_context().settings, site_address())
        found = _Totals(dataset_record_count(session()), details.changed_at)
        held.clear()
        held[state] = found
    return found


def _nodes(records: Sequence[DatasetRecord], paging: Paging, totals: _Totals) -> Iterator[Resource]:
    """The page, the catalogue with what the page comes to, and the datasets of the page."""
    details = replace(site_details(), changed_at=totals.changed_at)
    stubs = {one.address: stub(one) for one in named_by(session(), records, site_address())}
    counts, nodes = ExportCounts(), []
    for record in records:
        written = dataset_to_dcat(record, stubs)
        counts = counts.and_one(written)
        if written.node is not None:
            nodes.append(written.node)
    yield from paging_nodes(paging, catalogue_iri(details))
    yield catalogue_to_dcat(details, counts.in_head)
    for node in nodes:
        yield node
        yield catalogue_link(details, node)
