"""One power laid out for people, as lines of text."""

from collections.abc import Iterator

from schemas.canonical import Json
from schemas.codelists import title_of


def power_text(shown: Json) -> str:
    """The text of what `gazette powers show` shows."""
    return "\n".join(_lines(shown))


def _lines(shown: Json) -> Iterator[str]:
    record = shown["record"]
    yield shown["title"]
    yield "=" * len(shown["title"])
    yield ""
    stated = (
        ("Law", shown["law"]),
        ("Read it at", shown["url"]),
        ("Where", shown["jurisdiction"]),
        ("Kind", title_of("power-kind", record["kind"]) if "kind" in record else None),
        ("Aims", "; ".join(record.get("objectives", ()))),
        ("Numbers", ", ".join(shown["identifiers"])),
        ("Address here", shown["address"]),
    )
    yield from (f"{label:<14}{value}" for label, value in stated if value)
    if "allows" in record:
        yield ""
        yield record["allows"].strip()
    yield ""
    yield shown["standingSentence"]
    yield from _bodies(shown)
    if shown["reliedOnBy"]:
        yield ""
        yield f"Agreements that rely on it ({len(shown['reliedOnBy'])})"
        yield from (f"- {one['id']}  {one['title']}" for one in shown["reliedOnBy"])
    yield ""
    yield "History"
    for revision in shown["history"]:
        reason = f": {revision['reason']}" if revision["reason"] else ""
        yield f"- {revision['registeredOn'][:10]}  {revision['event']}{reason}"


def _bodies(shown: Json) -> Iterator[str]:
    yield ""
    listed = [body for body in shown["bodies"] if body["unlistedOn"] is None]
    if not listed:
        yield "The record does not say who may use it."
        return
    yield f"Who may use it ({len(listed)})"
    for body in listed:
        days = "".join(f", {word} {body[word]}" for word in ("from", "until") if body[word])
        yield f"- {body['name'].strip()}{days}{' (a class of bodies)' if body['class'] else ''}"
    if shown["bodiesComplete"]:
        yield "The list is complete: no other body may use it."
    else:
        yield "The list is not known to be complete: of a body that is not in it, nobody can say that it may not."
