"""A dataset as this site itself tells it: its record whole, with what belongs to it beside it.

It is a line of `gazette catalogue export --format jsonl` and of the dump. Nothing of a record is lost in it.
"""

import json

from catalogue.formats.converted import Written
from catalogue.formats.exported import Body, DatasetRecord
from catalogue.formats.members import with_stated
from schemas.canonical import Json


def dataset_to_own(record: DatasetRecord) -> Json:
    """The dataset as a JSON object.

    `document` is in the published dataset schema. `contact` is there only where it may be told; `publisher` where the
    body is one that this site knows; `named` has the addresses here of the datasets that the document names.
    """
    return {
        "id": record.number,
        "slug": record.slug,
        "address": record.address,
        "source": record.source,
        "revision": record.revision,
        "firstRecordedAt": record.first_recorded_at.isoformat(),
        "changedAt": record.changed_at.isoformat(),
        **with_stated(
            publisher=_body(record.publisher) if record.publisher else None,
            contact=dict(record.contact),
            references=[
                with_stated(relation=one.relation, address=one.address, title=one.title, state=one.state)
                for one in record.references
            ],
            named=dict(record.others),
        ),
        "document": record.document,
    }


def own_line(record: DatasetRecord) -> Written[str]:
    """The dataset as one line of JSON Lines, its end included. It carries everything."""
    return Written(json.dumps(dataset_to_own(record), ensure_ascii=False, separators=(",", ":")) + "\n", (), 0, 0)


def _body(body: Body) -> Json:
    return with_stated(slug=body.slug, name=body.name, address=body.address, kind=body.kind, website=body.website)
