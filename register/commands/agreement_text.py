"""One agreement as text for a terminal, in the order a citizen asks."""

import textwrap
from collections.abc import Iterator

from schemas.canonical import Json
from schemas.codelists import title_of
from schemas.upgrades import upgrade

_WIDTH = 96
NOT_SAID = "The source does not say."
DIRECTION_NOT_SAID = "The source does not tell who sends what to whom."


def agreement_text(shown: Json) -> str:
    """An agreement as `gazette register show` gives it: what, who sends what to whom, why, by what law, until when."""
    document = upgrade(shown["document"])
    lines = [f"{shown['id']}  {document['title']}", ""]
    if shown["version"] != shown["newestVersion"]:
        lines += [f"This is version {shown['version']}; the newest is {shown['newestVersion']}.", ""]
    lines += _wrapped(document.get("summary", ""))
    for heading, found in _sections(shown, document):
        lines += ["", heading, *(line for text in found or [NOT_SAID] for line in _wrapped(text, "  "))]
    return "\n".join(lines)


def draft_text(shown: Json) -> str:
    """A draft as `gazette register show` gives it."""
    rest = {"state": "draft", "version": 1, "newestVersion": 1, "history": []}
    text = agreement_text({**shown, **rest})
    return f"{text}\n\nA draft, revision {shown['revision']}: only your organisation sees it."


def _sections(shown: Json, document: Json) -> Iterator[tuple[str, list[str]]]:
    yield "State today", [title_of("agreement-state", shown["state"])]
    yield "Parties", [_party(party) for party in document["parties"]]
    yield "Who sends what to whom", list(_flows(document))
    yield "Why", [text for text in (document.get("purpose"),) if text]
    yield "Expected benefits", [benefit["text"] for benefit in document.get("expectedBenefits", ())]
    yield "By what law", [*(_power(power) for power in document.get("legalPowers", ())), *_grounds(document)]
    yield "When", list(_dates(document))
    yield "How long it is kept", list(_retention(document))
    yield from _proceedings(shown.get("proceedings", {}))
    yield "History", [_version(version) for version in shown["history"]]
    yield "Where this record comes from", list(_provenance(document))


_PROCEEDINGS = (
    ("confirmations", "Confirmed", "Version {version}, by {party}, on {on}"),
    ("disputes", "Disputed", "Version {version}, by {party}, on {on}: {reason}"),
    ("reviews", "Reviews", "{date}: {outcome}"),
    ("renewals", "Renewals", "{date}"),
    ("incidents", "Incidents", "{date}: {text}"),
    ("consultations", "Consultations", "from {opened} to {closes}"),
    ("boardReviews", "Recommendations", "{date}, {body}"),
    ("disposals", "Data destroyed", "{party}, on {disposalConfirmedOn}"),
)
_LAST = (
    ("suspension", "Suspended", "{on}: {reason}"),
    ("termination", "Ended early", "{endedOn}: {reason}"),
    ("withdrawal", "Withdrawn", "{on}: {reason}"),
    ("rejection", "Rejected", "{on}: {reason}"),
    ("pendingAmendment", "An amendment is proposed", "{on}: {reason}"),
)


def _proceedings(proceedings: Json) -> Iterator[tuple[str, list[str]]]:
    """What happened beside the deal; nothing is said of what did not."""
    for name, heading, words in _PROCEEDINGS:
        if name in proceedings:
            yield heading, [words.format(**_titled(entry)) for entry in proceedings[name]]
    for name, heading, words in _LAST:
        if name in proceedings:
            yield heading, [words.format(**proceedings[name]), *_in_its_place(proceedings[name])]


def _in_its_place(entry: Json) -> Iterator[str]:
    successor = entry.get("successor", {})
    stated = [successor.get(name) for name in ("agreement", "name")]
    if elsewhere := successor.get("externalId"):
        stated.append(f"{elsewhere['scheme']}:{elsewhere['id']}")
    if words := ", ".join(word for word in stated if word):
        yield f"In its place: {words}"


def _titled(entry: Json) -> Json:
    return {**entry, "outcome": title_of("review-outcome", entry["outcome"])} if "outcome" in entry else entry


def _party(party: Json) -> str:
    roles = [title_of("flow-role", code).lower() for code in party.get("flowRole", ())]
    if role := party.get("dataProtectionRole"):
        roles.append(title_of("data-protection-role", role).lower())
    return f"{party['name']}" + (f" ({', '.join(roles)})" if roles else "")


def _flows(document: Json) -> Iterator[str]:
    flows = document.get("flows", ())
    if flows and not any("from" in flow and "to" in flow for flow in flows):
        yield DIRECTION_NOT_SAID
    for flow in flows:
        direction = " to ".join(flow[end] for end in ("from", "to") if end in flow)
        datasets = [
            link.get("title") or link.get("description") or link.get("catalogueId", "")
            for link in flow.get("datasets", ())
        ]
        yield ": ".join(part for part in (direction, "; ".join(datasets)) if part)


def _power(power: Json) -> str:
    return ", ".join(power[name] for name in ("instrument", "provision", "title") if name in power)


def _dates(document: Json) -> Iterator[str]:
    named = (
        ("signedOn", "signed on"),
        ("effectiveFrom", "from"),
        ("endsOn", "until"),
        ("nextReviewOn", "next review on"),
        ("period", "period"),
    )
    for name, word in named:
        if name in document:
            yield f"{word} {document[name]}"
    if "endCondition" in document:
        yield f"ends when: {_coded(document['endCondition'], 'end-condition')}"


_GROUNDS = (
    ("lawfulBasis", "lawful-basis"),
    ("specialCategoryCondition", "special-category-condition"),
    ("criminalOffenceCondition", "criminal-offence-condition"),
)


def _grounds(document: Json) -> Iterator[str]:
    """The grounds in data protection law, with the party where only one relies on it."""
    for name, codes in _GROUNDS:
        stated = document.get(name, [])
        for ground in stated if isinstance(stated, list) else [stated]:
            party = f" ({ground['party']})" if "party" in ground else ""
            yield f"{_coded(ground, codes)}{party}"


def _coded(group: Json, codes: str) -> str:
    """A code by its title, and the words beside it."""
    title = title_of(codes, group["code"]) if "code" in group else ""
    return ": ".join(part for part in (title, group.get("text", "")) if part)


def _retention(document: Json) -> Iterator[str]:
    retention = document.get("retention", {})
    for name, of_what in (("sharedData", "shared data"), ("derivedData", "what is made from it")):
        if name in retention:
            yield f"{of_what}: {_keeping(retention[name])}"
    if "text" in retention:
        yield retention["text"]


def _keeping(keeping: Json) -> str:
    trigger = keeping.get("trigger")
    told = (
        keeping.get("duration"),
        f"counted from: {title_of('retention-trigger', trigger).lower()}" if trigger else None,
        keeping.get("text"),
        f"when the agreement ends: {keeping['afterEnd']}" if "afterEnd" in keeping else None,
    )
    return "; ".join(part for part in told if part)


def _version(version: Json) -> str:
    event = title_of("agreement-event", version["event"])
    registered, recorded = version["registeredOn"][:10], version["recordedAt"][:10]
    here = f", recorded here on {recorded}" if recorded != registered else ""
    return f"Version {version['version']}: {event}, registered on {registered}{here}"


def _provenance(document: Json) -> Iterator[str]:
    provenance = document["provenance"]
    yield title_of("provenance-source", provenance["source"])
    yield from (provenance[name] for name in ("register", "sourceAddress", "seen") if name in provenance)


def _wrapped(text: str, indent: str = "") -> list[str]:
    return [
        line
        for paragraph in text.splitlines()
        for line in textwrap.wrap(paragraph, _WIDTH, initial_indent=indent, subsequent_indent=indent)
    ]
