"""The page for programmers: what there is to read, and examples that work as they stand, on this site’s records."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from catalogue.datasets.models import CataloguedResource
from register.agreements.models import Agreement
from web.api.openapi import openapi_document
from web.context import session, site_address

blueprint = Blueprint("developers", __name__)


@blueprint.get("/developers")
def developers() -> ResponseReturnValue:
    """The page. Its examples name a dataset and an agreement that are there; without any, those are left out."""
    active = CataloguedResource.state == "active"
    first = select(CataloguedResource.slug).where(active).order_by(CataloguedResource.id).limit(1)
    return render_template(
        "developers.html",
        site=site_address(),
        dataset=session().scalar(first),
        agreement=session().scalar(select(Agreement.id).order_by(Agreement.serial).limit(1)),
        operations=_operations(),
    )


def _operations() -> list[tuple[str, str]]:
    """What the API lets everybody read: each address with what it gives, as its description tells it."""
    paths = openapi_document()["paths"]
    return [
        (f"/api/v1{path}", methods["get"]["summary"])
        for path, methods in paths.items()
        if "get" in methods and not methods["get"]["security"]
    ]
