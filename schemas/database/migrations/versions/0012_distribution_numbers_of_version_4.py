"""The numbers of distributions that were made are marked as of version 4: some clients take no others for numbers."""

from collections import Counter
from uuid import UUID, uuid5

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_AT_ONCE = 500

_resource = sa.table("catalogued_resource", sa.column("id", sa.Text()), sa.column("document", JSON))
_distribution = sa.table(
    "distribution",
    sa.column("resource_id", sa.Text()),
    sa.column("position", sa.Integer()),
    sa.column("number", sa.Text()),
)


def upgrade() -> None:
    connection = op.get_bind()
    last = ""
    while True:
        query = sa.select(_resource.c.id, _resource.c.document).where(_resource.c.id > last)
        rows = connection.execute(query.order_by(_resource.c.id).limit(_AT_ONCE)).all()
        if not rows:
            break
        last = rows[-1].id
        numbered = [
            {"of": row.id, "at": position, "given": number}
            for row in rows
            for position, number in enumerate(_numbers(row.id, row.document))
        ]
        if numbered:
            connection.execute(
                sa.update(_distribution)
                .where(_distribution.c.resource_id == sa.bindparam("of"))
                .where(_distribution.c.position == sa.bindparam("at"))
                .values(number=sa.bindparam("given")),
                numbered,
            )


def _numbers(resource_id: str, document: dict[str, list[dict[str, str]]]) -> list[str]:
    """As `catalogue.datasets.distribution_numbers` gives them on the day of this migration."""
    numbers: list[str] = []
    seen: Counter[str] = Counter()
    for form in document.get("distribution", []):
        stated = _as_number(form.get("identifier", ""))
        if stated and stated not in numbers:
            numbers.append(stated)
            continue
        told = form.get("downloadURL") or form.get("accessURL") or form.get("title") or ""
        seen[told] += 1
        made = str(uuid5(UUID(resource_id), f"{told}\n{seen[told]}"))
        numbers.append(f"{made[:14]}4{made[15:]}")
    return numbers


def _as_number(text: str) -> str:
    try:
        return str(UUID(text)) if len(text) == 36 else ""
    except ValueError:
        return ""
