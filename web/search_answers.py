"""What the answers to a search have in common, whatever their format: entity tags, terms, and the search itself."""

import re
from importlib import metadata

from flask import Response, g, request

from catalogue.licences import licence_title
from catalogue.search.asking import Part, Wanted, found_by
from catalogue.search.engine import Sort
from catalogue.search.service import Found
from catalogue.search.synonyms_record import synonyms_revision
from schemas.canonical import Json, sha256_hex
from web.context import now, session, today, web_context, wording
from web.presentation.search import Asked, read_asked

_RELATIVE = re.compile("now", re.IGNORECASE)
_TAG_LENGTH = 32


def answering_as(kind: str) -> None:
    """Note in what format this request is answered, errors included: csv, json or atom."""
    g.answer_format = kind


def answer_format() -> str:
    """The format in which this request is answered where it is not the usual one of its address; empty for that."""
    return str(g.get("answer_format", ""))


def wanted_by(asked: Asked) -> Wanted:
    """A search as the engine is asked it."""
    return Wanted(
        text=asked.text,
        filters=asked.chosen,
        covers_from=asked.date("covers_from"),
        covers_to=asked.date("covers_to"),
        changed_since=asked.date("changed_since"),
        sort=asked.sort,
        relaxed=asked.relaxed,
    )


def answer_tag(text: str) -> str:
    """The entity tag of the answer to this request for a query, known before anything is searched; empty for none.

    The answer follows from the address and what the index holds (its watermark), the registrar's synonyms, the day
    (which decides the states of agreements), this program and its settings; where the query counts from the present
    moment, also from that.
    """
    context = web_context()
    if _RELATIVE.search(text):
        return ""
    depends = (
        str(context.engine().watermark()),
        str(synonyms_revision(session())),
        today().isoformat(),
        metadata.version("data-gazette"),
        context.settings.records_licence,
        context.settings.service_name,
        request.url,
        answer_format(),
    )
    return sha256_hex("\n".join(depends).encode())[:_TAG_LENGTH]


def unchanged(tag: str) -> Response | None:
    """“Not modified” (RFC 9110, 15.4.5) where the reader's copy is the answer; None where it is to be sent."""
    if tag and request.if_none_match.contains_weak(tag):
        return kept(Response(status=304), tag)
    return None


def kept(response: Response, tag: str) -> Response:
    """The answer with its tag and its terms: a copy may be kept, and is asked about every time."""
    response.headers["Cache-Control"] = "no-cache"
    licence = web_context().settings.records_licence
    response.headers.add("Link", f'<{licence}>; rel="license"')
    if tag:
        response.set_etag(tag, weak=True)
    return response


def asked_here(usual: Sort = Sort.RELEVANCE) -> Asked:
    """What the parameters of this request ask for; `usual` is the order where they name none."""
    return read_asked(request.args.to_dict(flat=False), usual=usual)


def ask(wanted: Wanted, part: Part) -> Found:
    """Ask the index of this site, at the moment of this request. Raises as `found_by` does."""
    return found_by(web_context().engine(), wanted, part, now, wording())


def terms(licence: str) -> Json:
    """The terms of the records, as answers state them."""
    return {"title": licence_title(licence), "address": licence, "unless": "the record states other terms"}
