"""Bringing records up from an older version of the agreement schema, without losing a word.

Each step is a pure function from one version to the next. What the newer version has no field for goes to the notes
on the source; what it wants as a code and the older version had in words stays in words.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from schemas.canonical import Json
from schemas.codelists import codelist

_NUMBER_HERE = re.compile(r"[a-z][a-z0-9]{0,15}-[1-9][0-9]{0,11}")
_ARTICLE = re.compile(r"(?:art(?:icle)?\.?\s*)?([69])\s*\(\s*([12])\s*\)\s*\(\s*([a-z]{1,2})\s*\)", re.IGNORECASE)
_SCHEME = re.compile(r"[^a-z0-9._-]+")

_IN_WORDS = ("security", "disposal", "complaints", "cost", "endCondition")
"""Members that were a text and are a group of fields with a `text` in it."""

_NOTED = {"consultation": "Consultation", "approval": "Approval"}
"""Members that were a text in the record and are events now; what a source says of them is a note on the source."""


def older_version(document: Json) -> str | None:
    """The older version that a record says it is in, where it can be brought up from there."""
    stated = document.get("schemaVersion")
    return stated if isinstance(stated, str) and stated in _STEPS else None


def upgrade(document: Json) -> Json:
    """A record in the newest version. One that is in it already, or in no version known, is given back as it is."""
    step = _STEPS.get(str(document.get("schemaVersion")))
    return upgrade(step(document)) if step else document


def upgrade_0_1_0(document: Json) -> Json:
    """A record that conforms to version 0.1.0, in version 1.0.0. The record given is left as it is.

    What 1.0.0 bounds more tightly (the length of texts, the language of a document, the form of a short name) stays
    as it stands, for the check to name.
    """
    upgraded = {**document, "schemaVersion": "1.0.0"}
    for name in _IN_WORDS:
        if name in upgraded:
            upgraded[name] = {"text": upgraded[name]}
    for name, step in _MEMBERS.items():
        if name in upgraded:
            upgraded[name] = step(upgraded[name])
    upgraded |= _grounds(upgraded.pop("lawfulBasis", []))
    notes = [f"{label}: {upgraded.pop(name)}" for name, label in _NOTED.items() if name in upgraded]
    if notes:
        upgraded["sourceNotes"] = [*upgraded.get("sourceNotes", ()), *notes]
    return upgraded


def _reference(text: str) -> Json:
    return {"agreement": text} if _NUMBER_HERE.fullmatch(text) else {"name": text}


def _external_id(number: Json) -> Json:
    """The name of a list was any text, and is written in lower-case letters, digits and hyphens."""
    scheme = _SCHEME.sub("-", number["scheme"].casefold()).strip("-._")
    return {**number, "scheme": scheme or "other"}


def _external_ids(numbers: list[Json]) -> list[Json]:
    return [_external_id(number) for number in numbers]


def _related(relations: list[Json]) -> list[Json]:
    return [_related_one(relation) for relation in relations]


def _related_one(relation: Json) -> Json:
    kept = {name: value for name, value in relation.items() if name != "agreement"}
    if "externalId" in kept:
        kept["externalId"] = _external_id(kept["externalId"])
    named = _reference(relation["agreement"]) if "agreement" in relation else {}
    if not named and "externalId" not in kept:
        named = {"name": codelist("related-agreement")[kept["relation"]].title}
    return {**kept, **named}


def _parties(parties: list[Json]) -> list[Json]:
    return [_with(party, identifiers=_external_ids, functionServed=_in_text) for party in parties]


def _powers(powers: list[Json]) -> list[Json]:
    return [_with(power, identifier=_external_id) for power in powers]


def _flows(flows: list[Json]) -> list[Json]:
    return [_with(flow, datasets=_datasets) for flow in flows]


def _datasets(datasets: list[Json]) -> list[Json]:
    return [
        _renamed(
            _with(
                dataset,
                identifiers=_external_ids,
                dataItems=_data_items,
                dataSubjects=_data_subjects,
                optOut=lambda text: {"reason": text},
            ),
            {"optOut": "optOutApplied"},
        )
        for dataset in datasets
    ]


def _data_items(items: list[Json]) -> list[Json]:
    return [
        item if item.get("category") in {None, *codelist("personal-data-category")}
        else {"name": item["name"], "description": item["category"]}
        for item in items
    ]  # fmt: skip


def _data_subjects(subjects: list[Json]) -> list[Json]:
    """A group was any text. Which code it would be is for somebody to say who knows."""
    return [
        subject if subject.get("group") in {None, *codelist("data-subject-groups")}
        else {"description": ": ".join(subject[name] for name in ("group", "description") if name in subject)}
        for subject in subjects
    ]  # fmt: skip


def _grounds(bases: list[Json]) -> Json:
    """Articles 6 and 9 stood in one list; each has a list of its own."""
    found: Json = {}
    for basis in bases:
        name, ground = _ground(basis)
        found.setdefault(name, []).append(ground)
    return found


def _ground(basis: Json) -> tuple[str, Json]:
    rest = {name: value for name, value in basis.items() if name != "code"}
    written = basis.get("code")
    if written is None:
        return "lawfulBasis", rest
    article = _ARTICLE.fullmatch(written.strip())
    code = f"art-{'-'.join(article.groups())}".lower() if article else written
    for name, codes in (("lawfulBasis", "lawful-basis"), ("specialCategoryCondition", "special-category-condition")):
        if code in codelist(codes):
            return name, {"code": code, **rest}
    text = ": ".join(part for part in (written, rest.get("text")) if part)
    return "lawfulBasis", {**rest, "text": text}


def _transfers(transfers: list[Json]) -> list[Json]:
    return [_transfer(transfer) for transfer in transfers]


def _transfer(transfer: Json) -> Json:
    """Country and safeguard were any text; what is no code stays in words."""
    country, safeguard = transfer["country"], transfer.get("safeguard")
    coded: Json = {}
    words = []
    if country in codelist("country"):
        coded["country"] = country
    else:
        named = {entry.title.casefold(): entry.code for entry in codelist("country").values()}
        coded["country"] = named.get(country.casefold(), _ELSEWHERE)
        words += [country] if coded["country"] == _ELSEWHERE else []
    if safeguard in codelist("transfer-safeguard"):
        coded["safeguard"] = safeguard
    elif safeguard:
        words.append(safeguard)
    return {**coded, "text": ". ".join(words)} if words else coded


_ELSEWHERE = "ZZ"
"""ISO 3166-1 keeps ZZ free for the user: here, a country that is named in words only."""


def _retention(retention: Json) -> Json:
    return _with(retention, sharedData=_lasting, derivedData=_lasting)


def _lasting(duration: str) -> Json:
    return {"duration": duration}


def _in_text(text: str) -> Json:
    return {"text": text}


def _in_text_each(texts: list[str]) -> list[Json]:
    return [{"text": text} for text in texts]


def _dpia(dpia: Json) -> Json:
    return _with(dpia, summary=_in_text)


def _with(holder: Json, **steps: Callable[[Any], Any]) -> Json:
    """A copy in which each member that has a step went through it."""
    return {name: steps[name](value) if name in steps else value for name, value in holder.items()}


def _renamed(holder: Json, names: Mapping[str, str]) -> Json:
    return dict(_pairs(holder, names))


def _pairs(holder: Json, names: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name, value in holder.items():
        yield names.get(name, name), value


_MEMBERS: Mapping[str, Callable[[Any], Any]] = {
    "externalIds": _external_ids,
    "parentAgreement": _reference,
    "relatedAgreements": _related,
    "parties": _parties,
    "incompatibleUses": _in_text_each,
    "legalPowers": _powers,
    "internationalTransfers": _transfers,
    "flows": _flows,
    "retention": _retention,
    "dpia": _dpia,
}

_STEPS: Mapping[str, Callable[[Json], Json]] = {"0.1.0": upgrade_0_1_0}
