"""The API's own documents at the addresses of the records: /datasets/<slug>.json and /agreements/<id>.json."""

from flask import Blueprint, Response

from web.api.answers import open_to_readers
from web.api.datasets import dataset_answer
from web.api.register import agreement_answer
from web.api.requests import refuse_unknown_arguments

blueprint = Blueprint("api_documents", __name__)
blueprint.after_request(open_to_readers)


@blueprint.get("/datasets/<slug>.json")
def dataset(slug: str) -> Response:
    """A dataset, as /api/v1/datasets/<slug> tells it."""
    refuse_unknown_arguments()
    return dataset_document(slug)


def dataset_document(name: str) -> Response:
    """The document of a dataset as it is sent, its entity tag included. Raises NotFound."""
    return open_to_readers(dataset_answer(name))


@blueprint.get("/agreements/<number>.json")
def agreement(number: str) -> Response:
    """An agreement, as /api/v1/agreements/<number> tells it."""
    refuse_unknown_arguments()
    return agreement_answer(number, None)
