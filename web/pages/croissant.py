"""One dataset as Croissant, for programs that load its tables."""

import json

from flask import Blueprint, Response, abort

from catalogue.formats.croissant_writing import MEDIA_TYPE, dataset_to_croissant
from schemas.errors import NotFound
from web.api.answers import open_to_readers, shared
from web.dataset_records import record_of, site_details
from web.pages.datasets import resource_at

blueprint = Blueprint("croissant", __name__)
blueprint.after_request(open_to_readers)


@blueprint.get("/datasets/<slug>/croissant.json")
def croissant(slug: str) -> Response:
    """A dataset in Croissant 1.1. One without a table that can be loaded has none, and is told why (404)."""
    resource = resource_at(slug)
    if resource.state == "withdrawn":
        abort(410)
    result = dataset_to_croissant(record_of(resource), site_details())
    if result.node is None:
        why = [problem.message for problem in result.problems if problem.pointer.count("/") in {0, 2}]
        raise NotFound(f"There is no Croissant of “{resource.title}”.", " ".join(dict.fromkeys(why)))
    response = shared(Response(json.dumps(result.node, ensure_ascii=False, indent=1), content_type=MEDIA_TYPE))
    response.headers.add("Link", f'<{resource.address}>; rel="describedby"; type="text/html"')
    return response
