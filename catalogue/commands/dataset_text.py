"""A dataset as text for people: what its source says, in the order in which readers ask."""

import textwrap
from collections.abc import Iterator

from catalogue.formats.places import write_place
from catalogue.licences import licence_title
from schemas.canonical import Json
from schemas.codelists import title_of

_WIDTH = 100
_LABEL = 22
_WHOLE = textwrap.TextWrapper(_WIDTH, break_long_words=False, break_on_hyphens=False)
_BESIDE = textwrap.TextWrapper(_WIDTH - _LABEL, break_long_words=False, break_on_hyphens=False)


def dataset_text(shown: Json) -> str:
    """The text of one dataset, as `gazette catalogue show --format json` gives it."""
    document = shown["document"]
    lines = [document["title"], "=" * min(len(document["title"]), _WIDTH)]
    if shown["state"] == "withdrawn":
        lines += ["", *_wrapped(f"Withdrawn: {shown['withdrawnReason']}")]
    if "description" in document:
        for paragraph in document["description"].split("\n"):
            lines += ["", *_wrapped(paragraph)] if paragraph.strip() else []
    lines.append("")
    for label, value in _statements(document):
        lines += _labelled(label, value)
    lines += list(_forms(document))
    lines += list(_references(shown["references"]))
    lines += ["", *_labelled("Address here", shown["address"])]
    lines += _labelled("Known as", f"{shown['identifier']} (source: {shown['source']})")
    lines += _labelled("Record", f"revision {shown['revision']}, {shown['metadataModifiedAt'][:10]}")
    return "\n".join(lines)


def _statements(document: Json) -> Iterator[tuple[str, str]]:
    """Label and value of everything stated, people's questions first: what is it, may I have it, how, how fresh."""
    yield from _coded(document, "kind", "Kind", "resource-kind")
    publisher = document.get("publisher")
    if publisher:
        yield "Publisher", ", part of ".join([publisher["name"], *publisher.get("partOf", ())])
    yield from _coded(document, "accessRights", "Who may have it", "access-rights")
    yield from _plain(document, "rights", "Terms of access")
    request = document.get("accessRequest", {})
    for name, label in (("who", "Who may ask"), ("basis", "On what basis"), ("route", "How to ask"), ("url", "Where")):
        yield from _plain(request, name, label)
    if "licence" in document:
        title = licence_title(document["licence"])
        yield "Licence", title if title == document["licence"] else f"{title} ({document['licence']})"
    yield from _listed(document, "legalBasis", "Law it is held under")
    yield from _plain(document, "landingPage", "Landing page")
    yield from _listed(document, "page", "Documentation")
    yield from _plain(document, "describedBy", "Data described at")
    yield from _listed(document, "endpointURL", "Endpoint")
    yield from _plain(document, "issued", "First issued")
    yield from _plain(document, "modified", "Data modified")
    yield from _coded(document, "accrualPeriodicity", "Updated", "accrual-periodicity")
    if periods := [_period(period) for period in document.get("temporal", ())]:
        yield "Time covered", "; ".join(periods)
    if places := [text for place in document.get("spatial", ()) if (text := write_place(place))]:
        yield "Place covered", "; ".join(places)
    if themes := [title_of("theme", code) for code in document.get("theme", ())] or document.get("sourceTheme"):
        yield "Themes", ", ".join(themes)
    yield from _listed(document, "keyword", "Keywords")
    yield from _listed(document, "language", "Languages")
    yield from _listed(document, "conformsTo", "Conforms to")
    yield from _listed(document, "inSeries", "Belongs to")
    yield from _plain(document, "version", "Version")
    yield from _plain(document.get("provenance", {}), "sourceAddress", "Record comes from")


def _plain(holder: Json, name: str, label: str) -> Iterator[tuple[str, str]]:
    if name in holder:
        yield label, str(holder[name])


def _coded(holder: Json, name: str, label: str, codelist: str) -> Iterator[tuple[str, str]]:
    if name in holder:
        yield label, title_of(codelist, holder[name])


def _listed(holder: Json, name: str, label: str) -> Iterator[tuple[str, str]]:
    if holder.get(name):
        yield label, ", ".join(holder[name])


def _period(period: Json) -> str:
    if "start" in period or "end" in period:
        start, end = period.get("start"), period.get("end")
        if start == end:
            return str(start)
        return " ".join(part for part in (f"from {start}" if start else "", f"until {end}" if end else "") if part)
    return str(period["text"])


def _forms(document: Json) -> Iterator[str]:
    forms = document.get("distribution", [])
    if not forms:
        return
    yield ""
    yield f"Distributions ({len(forms)})"
    for form in forms:
        name = form.get("format") or form.get("mediaType")
        title = form.get("title")
        yield f"- {title} ({name})" if title and name else f"- {title or name or 'Distribution'}"
        for address in dict.fromkeys(form[end] for end in ("downloadURL", "accessURL") if end in form):
            yield f"  {address}"


def _references(references: list[Json]) -> Iterator[str]:
    if references:
        yield ""
        yield f"Used by ({len(references)})"
    for reference in references:
        state = ", withdrawn" if reference["state"] == "withdrawn" else ""
        yield f"- {reference['title']}{state}"
        yield f"  {reference['address']}"


def _labelled(label: str, value: str) -> list[str]:
    lines = [line for part in value.split("\n") for line in _BESIDE.wrap(part)] or [""]
    first, *rest = lines
    return [f"{label:<{_LABEL}}{first}", *(" " * _LABEL + line for line in rest)]


def _wrapped(text: str) -> list[str]:
    return _WHOLE.wrap(text)
