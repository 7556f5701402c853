"""The orders in which organisations and groups can be listed."""

from web.ckan.errors import ValidationError
from web.ckan.parameters import Parameters

_SORTS = {"name", "package_count", "title"}


def list_order(asked: Parameters) -> tuple[str, bool]:
    """By which field, and whether the greatest comes first, as it does where counts are asked for without a direction.

    `order_by` is the older name. Raises ValidationError.
    """
    text = asked.text("sort") or asked.text("order_by") or "title asc"
    field, _, direction = text.strip().partition(" ")
    direction = direction.strip().lower()
    if field in {"packages", "package_count"}:
        field, direction = "package_count", direction or "desc"
    if field not in _SORTS or direction not in {"", "asc", "desc"}:
        raise ValidationError({"sort": [f"Cannot sort by field `{field[:60]}`"]})
    return field, direction == "desc"
