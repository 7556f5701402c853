"""One agreement in RDF: by suffix, or as a client likes best. Our own interface answers for its JSON."""

from flask import Blueprint, Response, request

from catalogue.formats.rdf_writing import RdfForm, rdf_parts
from register.agreements.models import Agreement
from register.exporting import export_agreement
from register.formats.agreement_rdf import agreement_to_rdf
from schemas.canonical import sha256_hex
from schemas.cleaning import clean_text
from schemas.errors import NotFound
from web.api.answers import open_to_readers, shared
from web.api.register import agreement_answer
from web.context import session, today, web_context
from web.dataset_records import site_details
from web.pages.dataset_formats import content_type_of, plain_answer
from web.pages.schema_files import HTML, JSON, wanted_type

blueprint = Blueprint("agreement_formats", __name__)
blueprint.after_request(open_to_readers)

_NAMES = {RdfForm.TURTLE: "Turtle", RdfForm.JSON_LD: "JSON-LD", RdfForm.RDF_XML: "RDF/XML"}
_BY_SUFFIX = {form.suffix: form for form in RdfForm}
_BY_TYPE = {form.media_type: form for form in RdfForm}


@blueprint.get("/agreements/<number>.<any(ttl, jsonld, rdf):suffix>")
def agreement_in_rdf(number: str, suffix: str) -> Response:
    """An agreement in the terms of DPV, ODRL and PROV; one that was withdrawn is a tombstone (status 200)."""
    return _answer(number, _BY_SUFFIX[suffix])


def in_wanted_form(number: str) -> Response | None:
    """The agreement in the form that the client likes best; None where that is the page."""
    wanted = wanted_type(HTML, JSON, *_BY_TYPE)
    if wanted == HTML:
        return None
    response = open_to_readers(agreement_answer(number, None) if wanted == JSON else _answer(number, _BY_TYPE[wanted]))
    response.vary.add("Accept")
    if wanted != JSON:
        response.headers["Content-Location"] = f"{request.path}.{_BY_TYPE[wanted].suffix}"
    return response


def alternates(agreement: Agreement) -> list[tuple[str, str, str]]:
    """Address, media type and name of each form of an agreement, the API's own first."""
    own = (f"{agreement.address}.json", JSON, "JSON, as our own interface for programs has it")
    forms = [
        (f"{agreement.address}.{form.suffix}", form.media_type, f"{name}, in the terms of the Data Privacy Vocabulary")
        for form, name in _NAMES.items()
    ]
    return [own, *forms]


def _answer(number: str, form: RdfForm) -> Response:
    try:
        exported = export_agreement(session(), clean_text(number)[0], today())
    except NotFound:
        return plain_answer("There is no agreement at this address.", 404)
    details = site_details()
    node = agreement_to_rdf(exported, details).node
    written = b"" if node is None else b"".join(rdf_parts([node], form))
    response = shared(Response(written, content_type=content_type_of(form.media_type)))
    response.headers.add("Link", f'<{details.address}{exported.address}>; rel="alternate"; type="text/html"')
    response.headers.add("Link", f'<{web_context().settings.records_licence}>; rel="license"')
    response.set_etag(sha256_hex(written)[:32])
    response.make_conditional(request)
    return response
