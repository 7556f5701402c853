"""Organisations at /api/v1: their names and numbers, and what each publishes, sends and receives."""

from collections.abc import Sequence

from flask import Blueprint, Response
from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import joinedload, selectinload

from catalogue.datasets.models import CataloguedResource
from catalogue.organisations.models import Organisation, OrganisationName
from catalogue.organisations.record import find_organisation, fold_name
from register.agreements.models import AgreementParty
from register.agreements.read import agreements_of
from schemas.canonical import Json
from schemas.cleaning import clean_text
from schemas.codelists import codelist, title_of
from web.api.access import check_token
from web.api.answers import open_to_readers, public, with_next
from web.api.register import PARTS
from web.api.requests import choice_argument, number_argument, refuse_unknown_arguments, text_argument
from web.context import session, site_address
from web.listings import parts_of
from web.presentation.agreements import part_of

blueprint = Blueprint("api_organisations", __name__, url_prefix="/api/v1")
blueprint.before_request(check_token)
blueprint.after_request(open_to_readers)

PAGE = 100
LONGEST_PAGE = 1000


@blueprint.get("/organisations")
def organisations() -> Response:
    """The organisations in the order of their short names; the `Link` header leads to the next page."""
    refuse_unknown_arguments("q", "kind", "limit", "cursor")
    limit = number_argument("limit", PAGE, 1, LONGEST_PAGE) or PAGE
    wanted = _wanted()
    total = session().scalar(select(func.count()).select_from(wanted.subquery())) or 0
    cursor = text_argument("cursor")
    behind = wanted if cursor is None else wanted.where(Organisation.slug > cursor)
    found = session().scalars(behind.order_by(Organisation.slug).limit(limit + 1)).all()
    response = public({"total": total, "items": _lines(found[:limit])})
    return with_next(response, cursor=found[limit - 1].slug) if len(found) > limit else response


@blueprint.get("/organisations/<name>")
def organisation(name: str) -> Response:
    """One organisation, by its short name, id, number in a list (`scheme:value`), or a name that no other bears."""
    refuse_unknown_arguments()
    body = find_organisation(session(), clean_text(name)[0])
    response = public(_described(body))
    response.headers["Content-Location"] = f"/api/v1/organisations/{body.slug}"
    return response


def _wanted() -> Select[Organisation]:
    query = select(Organisation).options(joinedload(Organisation.parent))
    kind, words = choice_argument("kind", list(codelist("organisation-kind"))), text_argument("q")
    if kind:
        query = query.where(Organisation.kind == kind)
    if words is not None:
        folded = fold_name(words)
        bearing = OrganisationName.folded.contains(folded, autoescape=True) if folded else false()
        query = query.where(Organisation.id.in_(select(OrganisationName.organisation_id).where(bearing)))
    return query


def _lines(bodies: Sequence[Organisation]) -> list[Json]:
    """Organisations in a listing. Two queries, however many they are."""
    ids = [body.id for body in bodies]
    published = _counts(
        select(CataloguedResource.publisher_id, func.count())
        .where(CataloguedResource.state == "active", CataloguedResource.publisher_id.in_(ids))
        .group_by(CataloguedResource.publisher_id)
    )
    shares = _counts(
        select(AgreementParty.organisation_id, func.count(AgreementParty.agreement_id.distinct()))
        .where(AgreementParty.organisation_id.in_(ids))
        .group_by(AgreementParty.organisation_id)
    )
    return [
        {**_line(body), "datasets": published.get(body.id, 0), "agreements": shares.get(body.id, 0)} for body in bodies
    ]


def _counts(query: Select[str | None, int]) -> dict[str, int]:
    return {key: number for key, number in session().execute(query) if key}


def _line(body: Organisation) -> Json:
    return {
        "id": body.id,
        "slug": body.slug,
        "name": body.name,
        "kind": body.kind,
        "kindTitle": title_of("organisation-kind", body.kind) if body.kind else None,
        "jurisdiction": body.jurisdiction,
        "parent": _named(body.parent) if body.parent else None,
        "address": f"{site_address()}/organisations/{body.slug}",
        "record": _api(f"organisations/{body.slug}"),
    }


def _described(body: Organisation) -> Json:
    """One organisation with all that is known of it: a fixed number of queries."""
    agreements: dict[str, set[str]] = {part: set() for part in ("all", *PARTS)}
    for agreement, party in agreements_of(session(), body):
        for part in ("all", *part_of(agreement.document, party.name)):
            agreements[part].add(agreement.id)
    loaded = (
        session()
        .scalars(
            select(Organisation)
            .where(Organisation.id == body.id)
            .options(selectinload(Organisation.names), selectinload(Organisation.identifiers))
        )
        .one()
    )
    (line,) = _lines([loaded])
    of_it = f"organisation={body.slug}"
    return {
        **{name: value for name, value in line.items() if name not in {"datasets", "agreements"}},
        "names": [{"name": name.name, "language": name.language} for name in loaded.names],
        "identifiers": [{"scheme": one.scheme, "value": one.value} for one in loaded.identifiers],
        "parts": [_named(part) for part in parts_of(session(), body)],
        "area": body.area,
        "website": body.website,
        "startedOn": body.started_on,
        "endedOn": body.ended_on,
        "addedAt": body.added_at.isoformat(),
        "changedAt": body.changed_at.isoformat(),
        "publishes": {"count": line["datasets"], "record": _api(f"datasets?{of_it}")},
        "agreements": {"count": len(agreements["all"]), "record": _api(f"agreements?{of_it}")},
        **{part: {"count": len(agreements[part]), "record": _api(f"agreements?{of_it}&part={part}")} for part in PARTS},
    }


def _named(body: Organisation) -> Json:
    return {"slug": body.slug, "name": body.name, "record": _api(f"organisations/{body.slug}")}


def _api(path: str) -> str:
    return f"{site_address()}/api/v1/{path}"
