"""Agreements: the list, each one's page and its versions."""

from collections.abc import Sequence

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from catalogue.contacts import contact_numbered
from register.agreements.read import agreement_count
from register.flags import flags_of, overdue_review
from register.log.checkpoints import has_proof
from register.obligations import CONFIRM_DISPOSAL, obligations
from register.powers.read import powers_table
from register.timeline import Surroundings
from schemas.canonical import Json
from web.context import session, today
from web.listings import agreements_page, agreements_with_ids, dataset_titles
from web.pages.agreement_formats import alternates, in_wanted_form
from web.pages.agreement_life import Life, around, find, life_of, party_addresses, schema_of
from web.pages.datasets import number_in_address
from web.presentation import agreement_terms as terms
from web.presentation import agreements as shown
from web.presentation.agreement_happened import moved_end, successor_of
from web.presentation.agreement_promises import show_promises
from web.presentation.agreement_state import show_end_condition, show_state
from web.presentation.agreement_words import Shown, show_words
from web.presentation.record import entries_of, fields_of, title_at, titles_of
from web.presentation.search import PAGE_SIZE, page_count, read_page
from web.presentation.summaries import agreement_line

blueprint = Blueprint("agreements", __name__)


@blueprint.get("/agreements")
def agreements() -> ResponseReturnValue:
    """Every agreement, those last registered first, twenty a page. It works without the search index."""
    total = agreement_count(session())
    pages = page_count(total)
    page = min(read_page(request.args.to_dict(flat=False)), pages)
    found = agreements_page(session(), (page - 1) * PAGE_SIZE, PAGE_SIZE)
    lines = [agreement_line(agreement, today()) for agreement in found]
    return render_template("agreements.html", lines=lines, total=total, page=page, pages=pages)


@blueprint.get("/agreements/<number>")
def agreement(number: str) -> ResponseReturnValue:
    """An agreement as it now is, in the form that the client likes best; a withdrawn one keeps its page (200)."""
    other = in_wanted_form(number)
    if other is not None:
        return other
    found = find(number)
    response = make_response(_page(life_of(found), None))
    response.vary.add("Accept")
    for address, media_type, _ in alternates(found):
        response.headers.add("Link", f'<{address}>; rel="alternate"; type="{media_type}"')
    return response


@blueprint.get("/agreements/<number>/versions/<version>")
def version(number: str, version: str) -> ResponseReturnValue:
    """An agreement as one version has it."""
    return _page(life_of(find(number)), number_in_address(version))


def _page(life: Life, version: int | None) -> str:
    """The page of an agreement as its newest version has it, or as the version asked for has it."""
    number = life.agreement.version if version is None else version
    document = life.document(number)
    schema = schema_of(document)
    return render_template(
        "agreement.html",
        agreement=life.agreement,
        document=document,
        version=version,
        alternates=alternates(life.agreement) if version is None else [],
        number=number,
        newest=number == life.agreement.version,
        has_proof=has_proof(session(), life.agreement.id, number),
        state=show_state(life.state, life.document(life.agreement.version), life.proceedings, life.entered),
        rights_contact=contact_numbered(session(), document.get("rightsHandling", {}).get("contactRecord")),
        fields=fields_of(terms.without_told(document), schema),
        entries=entries_of(document, schema),
        titles=titles_of(schema),
        title_at=lambda pointer: title_at(pointer, schema),
        **_deal(life, document),
        **_life(life, document, number),
    )


def _deal(life: Life, document: Json) -> dict[str, object]:
    """What the deal says, for the questions that it answers."""
    addresses = party_addresses(life.agreement, document)
    return {
        "terms": terms,
        "people": shown.show_people(document),
        "identifiability": shown.show_identifiability(document),
        "opt_outs": shown.opt_outs(document),
        "flows": shown.show_flows(document, addresses, dataset_titles(session(), shown.catalogued(document))),
        "parties": shown.show_parties(document, addresses),
        "end_condition": show_end_condition(document),
    }


def _life(life: Life, document: Json, number: int) -> dict[str, object]:
    """What happened to the deal, and what follows from it today."""
    powers = powers_table(session()) if "legalPowers" in document else terms.NO_POWERS
    known = around(life, powers)
    newest = number == life.agreement.version
    dates = life.dates if newest else document
    overdue = life.timeline is not None and overdue_review(life.timeline, life.state) is not None
    asked = newest and life.state not in {"rejected", "withdrawn"}
    titles = _titles([*terms.numbers_related(document), *successor_of(life.proceedings)])
    return {
        "life": life,
        "telling": life.telling,
        "lines": life.lines(),
        "dates": dates,
        "moved_end": moved_end(document, dates, life.proceedings) if newest else "",
        "laws": terms.show_laws(document, powers, terms.day_in_force(dates, today())),
        "not_destroyed": _not_destroyed(life, known),
        "review": "" if life.is_over else terms.review_sentence(dates.get("nextReviewOn"), today(), overdue=overdue),
        "words": show_words(Shown(number, document, asked), life.history, known, life.names),
        "promises": show_promises(document, life.proceedings.get("reviews", ()), life.state),
        "noticed": flags_of(life.history, life.agreement.standing, today(), known),
        "related": terms.show_related(document, titles),
        "successor": terms.show_reference(life.proceedings.get("withdrawal", {}).get("successor"), titles),
    }


def _not_destroyed(life: Life, known: Surroundings) -> list[str]:
    """The recipients that have not said what became of the data, once it is over."""
    agreement = life.agreement
    due = obligations(life.history, agreement.standing, today(), known, agreement.id)
    return [name for one in due if one.code == CONFIRM_DISPOSAL for name in one.who]


def _titles(numbers: Sequence[str]) -> dict[str, str]:
    """The titles of agreements of this register by their numbers."""
    return {number: found.title for number, found in agreements_with_ids(session(), numbers).items()}
