"""One dataset in the formats of other catalogues: by suffix, or as a client likes best."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from catalogue.datasets.exporting import records_of
from catalogue.datasets.named import named_by
from catalogue.formats.converted import Written
from catalogue.formats.data_json_writing import dataset_to_data_json
from catalogue.formats.dcat_ap_writing import dataset_to_dcat, fits_dcat, stub
from catalogue.formats.dcat_us3_writing import dataset_to_dcat_us3
from catalogue.formats.exported import DatasetRecord
from catalogue.formats.rdf_writing import RdfForm, rdf_parts
from catalogue.formats.uk_model_writing import dataset_to_uk_model, fits_uk_model
from schemas.canonical import sha256_hex
from web.api.answers import open_to_readers, shared
from web.api.documents import dataset_document
from web.context import session, site_address, web_context
from web.dataset_records import dataset_at
from web.pages.schema_files import HTML, JSON, wanted_type

blueprint = Blueprint("dataset_formats", __name__)
blueprint.after_request(open_to_readers)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a dataset: what stands behind its address, its name for people, its media type, and how it is written.

    `fits` tells whether the dataset can be valid in the format. `negotiated`: whether its media type means this form
    alone, so that a client can ask for it.
    """

    suffix: str
    title: str
    media_type: str
    fits: Callable[[DatasetRecord], bool]
    write: Callable[[DatasetRecord], Written[bytes]]
    negotiated: bool = False


def _rdf(form: RdfForm, name: str) -> Form:
    def write(record: DatasetRecord) -> Written[bytes]:
        stubs = {one.address: stub(one) for one in named_by(session(), [record], site_address())}
        written = dataset_to_dcat(record, stubs)
        node = None if written.node is None else b"".join(rdf_parts([written.node], form))
        return Written(node, written.problems, written.stand_ins, written.nodes_left_out)

    return Form(f".{form.suffix}", f"DCAT-AP 3 as {name}", form.media_type, fits_dcat, write, negotiated=True)


def _json(
    suffix: str,
    title: str,
    write: Callable[[DatasetRecord], Written[Any]],
    fits: Callable[[DatasetRecord], bool] | None = None,
) -> Form:
    """`fits` where there is a shorter way to tell than to write it."""

    def can_be_written(record: DatasetRecord) -> bool:
        return write(record).node is not None

    def as_text(record: DatasetRecord) -> Written[bytes]:
        written = write(record)
        node = None if written.node is None else json.dumps(written.node, ensure_ascii=False, indent=1).encode() + b"\n"
        return Written(node, written.problems, written.stand_ins, written.nodes_left_out)

    return Form(suffix, title, JSON, fits or can_be_written, as_text)


FORMS = {
    form.suffix: form
    for form in (
        _rdf(RdfForm.TURTLE, "Turtle"),
        _rdf(RdfForm.JSON_LD, "JSON-LD"),
        _rdf(RdfForm.RDF_XML, "RDF/XML"),
        _json("/uk-model.json", "UK Cross-Government Metadata Exchange Model", dataset_to_uk_model, fits_uk_model),
        _json("/dcat-us-3.json", "DCAT-US 3.0", dataset_to_dcat_us3),
        _json("/data.json", "DCAT-US 1.1, as in data.json", dataset_to_data_json),
    )
}
"""The forms by what stands behind the address of the page, in its order. The API's own JSON is beside them."""

_BY_TYPE = {form.media_type: form for form in FORMS.values() if form.negotiated}


@blueprint.get("/datasets/<slug>.<any(ttl, jsonld, rdf):suffix>")
def dataset_in_rdf(slug: str, suffix: str) -> Response:
    """A dataset in DCAT-AP; of one that is withdrawn 410 (RFC 9110, 15.5.11)."""
    return _answer(slug, FORMS[f".{suffix}"])


@blueprint.get("/datasets/<slug>/<any('uk-model.json', 'dcat-us-3.json', 'data.json'):name>")
def dataset_in_json(slug: str, name: str) -> Response:
    """A dataset as it stands in the file of the whole catalogue that has this name."""
    return _answer(slug, FORMS[f"/{name}"])


def in_wanted_form(slug: str) -> Response | None:
    """The dataset in the form that the client likes best; None where that is the page."""
    wanted = wanted_type(HTML, JSON, *_BY_TYPE)
    if wanted == HTML:
        return None
    response = dataset_document(slug) if wanted == JSON else open_to_readers(_answer(slug, _BY_TYPE[wanted]))
    response.vary.add("Accept")
    if wanted != JSON:
        response.headers["Content-Location"] = f"{request.path}{_BY_TYPE[wanted].suffix}"
    return response


def alternates(record: DatasetRecord) -> list[tuple[str, str, str]]:
    """Address, media type and name of each form that there is of a dataset, the API's own first."""
    page = f"/datasets/{record.slug}"
    fits = {test: test(record) for test in {form.fits for form in FORMS.values()}}
    own = (f"{page}.json", JSON, "JSON, as our own interface for programs has it")
    offered = [form for form in FORMS.values() if fits[form.fits]]
    return [own, *((f"{page}{form.suffix}", form.media_type, form.title) for form in offered)]


def content_type_of(media_type: str) -> str:
    """A media type as the header has it: with the charset, but for JSON, which knows no other (RFC 8259, 8.1)."""
    return media_type if media_type.endswith("json") else f"{media_type}; charset=utf-8"


def plain_answer(text: str, status: int) -> Response:
    """Why a program gets no file, in words."""
    response = Response(f"{text}\n", status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(slug: str, form: Form) -> Response:
    resource = dataset_at(slug)
    if resource is None:
        return plain_answer("There is no dataset at this address.", 404)
    page = f"{site_address()}{resource.address}"
    if resource.state == "withdrawn":
        return plain_answer(f"This dataset was withdrawn. Its last record is at {page} for people to read.", 410)
    written = form.write(records_of(session(), [resource], site_address())[0])
    if written.node is None:
        why = " ".join(problem.message for problem in written.problems if problem.severity == "error")
        return plain_answer(f"{why} So there is no {form.title} of this dataset; its page is {page}.", 404)
    response = shared(Response(written.node, content_type=content_type_of(form.media_type)))
    response.headers.add("Link", f'<{page}>; rel="alternate"; type="text/html"')
    response.headers.add("Link", f'<{web_context().settings.records_licence}>; rel="license"')
    response.set_etag(sha256_hex(written.node)[:32])
    response.make_conditional(request)
    return response
