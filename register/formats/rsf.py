"""Agreements as the UK's Digital Economy Act register wrote them: 18 fields in RSF items.

That register's words (its field entries say so): `controllers` are the disclosers, `processors` are “the processors
or controllers in receipt”, `contact` is for subject access requests. Where one body stands on both sides, or a side
is empty, the fields do not tell who sends what to whom, and neither do we.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from catalogue.contacts import is_role_address
from schemas.bundle import AGREEMENT_VERSION
from schemas.canonical import Json
from schemas.checking import is_web_address
from schemas.problems import Problem, pointer_to
from schemas.upgrades import upgrade

DEA_REGISTER = "information-sharing-agreement-0001"
POWERS_REGISTER = "information-sharing-agreement-powers-and-objectives-0001"
UNCATALOGUED = "The source names no dataset."
NUMBER_SCHEMES = {DEA_REGISTER: "dea-register"}
"""What the numbers of a register are called, where the list external-id-scheme has a name for them."""

_INSTRUMENT = "Digital Economy Act 2017"
_PURPOSES = {
    "1": "multiple-disadvantage",
    "2": "fuel-poverty",
    "3": "fuel-poverty",
    "4": "public-service",
    "5": "civil-registration",
    "6": "debt",
    "7": "fraud",
}
"""The kind of purpose that each numbered objective of the powers register names."""

_TEXTS = (
    *("name", "purpose", "information-sharing-benefits", "legal-power-disclosure", "disclosed-information"),
    *("information-sharing-method", "retention-period", "start-date", "end-date", "review-date", "contact"),
)
_LISTS = ("controllers", "controller-names", "processors", "processor-names", "areas", "area-names")

_FIELD_OF = {
    "title": "name",
    "purpose": "purpose",
    "purposeCategories": "legal-power-disclosure",
    "expectedBenefits": "information-sharing-benefits",
    "legalPowers": "legal-power-disclosure",
    "flows": "disclosed-information",
    "method": "information-sharing-method",
    "retention": "retention-period",
    "effectiveFrom": "start-date",
    "endsOn": "end-date",
    "nextReviewOn": "review-date",
    "rightsHandling": "contact",
    "areas": "areas",
    "parties": "controllers",
}
"""The field of an item that each member of a record was read from."""

_METHODS = (
    ("secure file transfer", "secure-file-transfer"),
    ("secure data exchange", "secure-file-transfer"),
    ("secure email", "encrypted-email"),
    ("files via email", "encrypted-email"),
    ("usb", "physical-media"),
    (" cd ", "physical-media"),
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a code of a register means: a name, and the organisation's short name here where it is one."""

    name: str
    organisation: str | None = None


Resolve = Callable[[str], Resolved | None]
"""From a code (`register:key`) to what it means; None where nobody knows."""


@dataclass(frozen=True, slots=True)
class RsfAgreement:
    """An agreement read from an item: the record, a contact that may name a person, and what could not be read."""

    document: Json
    contact: Mapping[str, str]
    problems: tuple[Problem, ...]


def agreement_from_rsf(item: Mapping[str, Any], register: str, register_title: str, resolve: Resolve) -> RsfAgreement:
    """An agreement from an item of the register. What the item does not state, or states as nothing, is absent.

    A field of the wrong kind is an error, one that this reader does not know a warning; both are left out. An item
    that is a record of ours already (`register.formats.rsf_writing` wrote it) is given back as it is.
    """
    if "schemaVersion" in item:
        return RsfAgreement(upgrade(dict(item)), {}, ())
    problems: list[Problem] = []
    item = _stated(item, register, problems)
    parties = _parties(item, resolve, problems)
    contact, rights = _contact(item.get("contact"))
    power = _power(item.get("legal-power-disclosure"), resolve, problems)
    stated: Json = {
        "schemaVersion": AGREEMENT_VERSION,
        "externalIds": [{"scheme": number_scheme(register), "id": item[register]}] if register in item else None,
        "title": item.get("name"),
        "areas": _areas(item),
        "parties": parties,
        "purpose": item.get("purpose"),
        "purposeCategories": _purpose(item.get("legal-power-disclosure", "")),
        "expectedBenefits": _one({"text": item.get("information-sharing-benefits")}),
        "legalPowers": [power] if power else None,
        "flows": _flows(item, parties),
        "method": _method(item.get("information-sharing-method")),
        "retention": {"sharedData": {"duration": item["retention-period"]}} if "retention-period" in item else None,
        "rightsHandling": rights or None,
        "effectiveFrom": item.get("start-date"),
        "endsOn": item.get("end-date"),
        "nextReviewOn": item.get("review-date"),
        "provenance": {"source": "imported", "register": register_title or register},
    }
    document = {name: value for name, value in stated.items() if value not in (None, [], {}, "")}
    return RsfAgreement(document, contact, tuple(problems))


def in_words_of_rsf(problem: Problem) -> Problem:
    """A problem of a record that was read from an item, told of the item's field."""
    member = problem.pointer.removeprefix("/").partition("/")[0]
    field = _FIELD_OF.get(member)
    if field is None:
        return problem
    return replace(
        problem, pointer=f"/{field}", title=field, message=problem.message.replace(f"“{member}”", f"“{field}”")
    )


def agreement_to_rsf(document: Json, register: str) -> Json:
    """An item of the register from an agreement that `agreement_from_rsf` can read back."""
    numbers = [
        number["id"] for number in document.get("externalIds", ()) if number["scheme"] == number_scheme(register)
    ]
    sides = {"discloser": ("controllers", "controller-names"), "recipient": ("processors", "processor-names")}
    item: Json = {}
    for role, (codes, names) in sides.items():
        side = [party for party in document["parties"] if role in party.get("flowRole", ())]
        item[codes] = [f"{code['scheme']}:{code['id']}" for party in side for code in party.get("identifiers", ())]
        item[names] = [party["name"] for party in side if "identifiers" not in party]
    flows = document.get("flows", ())
    links = [link for flow in flows for link in flow.get("datasets", ())]
    powers = [p["identifier"] for p in document.get("legalPowers", ()) if "identifier" in p]
    rights = document.get("rightsHandling", {})
    item |= {
        register: numbers[0] if numbers else None,
        "name": document["title"],
        "purpose": document.get("purpose"),
        "information-sharing-benefits": "\n".join(b["text"] for b in document.get("expectedBenefits", ())),
        "legal-power-disclosure": f"{powers[0]['scheme']}:{powers[0]['id']}" if powers else None,
        "disclosed-information": next((link["description"] for link in links if "description" in link), None),
        "information-sharing-method": document.get("method", {}).get("text"),
        "retention-period": document.get("retention", {}).get("sharedData", {}).get("duration"),
        "start-date": document.get("effectiveFrom"),
        "end-date": document.get("endsOn"),
        "review-date": document.get("nextReviewOn"),
        "contact": ";".join(rights.get("contact", ())) or rights.get("text"),
        "areas": [area["code"] for area in document.get("areas", ()) if "code" in area],
        "area-names": [area["name"] for area in document.get("areas", ()) if "code" not in area],
    }
    return {name: value for name, value in item.items() if value not in (None, [], "")}


def _stated(item: Mapping[str, Any], register: str, problems: list[Problem]) -> Json:
    """The fields that say something, each of its kind."""
    stated: Json = {}
    for name, value in item.items():
        if name in _LISTS:
            right = isinstance(value, list) and all(isinstance(one, str) for one in value)
            found: Any = [one for one in value if one.strip()] if right else value
        elif name in {*_TEXTS, register}:
            right, found = isinstance(value, str), value
        else:
            problems.append(_unknown(name))
            continue
        if value is None or value == [] or (right and not "".join(found).strip()):
            continue
        if right:
            stated[name] = found
        else:
            problems.append(_wrong_kind(name))
    return stated


def _unknown(name: str) -> Problem:
    return Problem(
        pointer_to((name,)),
        f"The register of data-sharing agreements has no field “{name}”; it was left out.",
        title=name,
        severity="warning",
    )


def _wrong_kind(name: str) -> Problem:
    wanted = "a list of texts" if name in _LISTS else "text"
    return Problem(pointer_to((name,)), f"This must be {wanted}.", "Compare it with the register’s own file.", name)


def number_scheme(register: str) -> str:
    """The scheme of the numbers that a register gives."""
    return NUMBER_SCHEMES.get(register, register)


def _parties(item: Mapping[str, Any], resolve: Resolve, problems: list[Problem]) -> list[Json]:
    """The parties in the register's order, each body once with all its roles."""
    parties: dict[str, Json] = {}
    sides = (("controllers", "controller-names", "discloser"), ("processors", "processor-names", "recipient"))
    for codes, names, role in sides:
        named = [(None, name) for name in item.get(names, ())]
        for code, name in [*((code, None) for code in item.get(codes, ())), *named]:
            party = _party(code, name, codes, resolve, problems)
            known = parties.setdefault(party["name"], party)
            _add_identifiers(known, party)
            roles = known.setdefault("flowRole", [])
            if role not in roles:
                roles.append(role)
            if role == "discloser":
                known["dataProtectionRole"] = "controller"
    return list(parties.values())


def _add_identifiers(known: Json, party: Json) -> None:
    """One body may stand there under two codes, or by its name too."""
    for identifier in party.get("identifiers", ()):
        if identifier not in known.setdefault("identifiers", []):
            known["identifiers"].append(identifier)
    if "organisation" in party:
        known.setdefault("organisation", party["organisation"])


def _party(code: str | None, name: str | None, field: str, resolve: Resolve, problems: list[Problem]) -> Json:
    if code is None:
        return {"name": name}
    scheme, _, value = code.partition(":")
    party: Json = {"name": code, "identifiers": [{"scheme": scheme, "id": value or code}]}
    resolved = resolve(code)
    if resolved is None:
        problems.append(_unresolved(code, field))
        return party
    if resolved.organisation:
        return {"organisation": resolved.organisation, **party, "name": resolved.name}
    return {**party, "name": resolved.name}


def _unresolved(code: str, field: str) -> Problem:
    return Problem(
        f"/{field}",
        f"The code “{code}” stands in none of the registers read; it was kept as it is.",
        "Name the register it comes from with --organisations FILE.",
        title=field,
        severity="warning",
    )


def _power(code: str | None, resolve: Resolve, problems: list[Problem]) -> Json | None:
    if not code:
        return None
    scheme, _, value = code.partition(":")
    power: Json = {"instrument": _INSTRUMENT, "identifier": {"scheme": scheme, "id": value or code}}
    resolved = resolve(code)
    if resolved is None:
        problems.append(_unresolved(code, "legal-power-disclosure"))
        return {"title": code, **power}
    return {"title": resolved.name.strip(), **power}


def _purpose(code: str) -> list[str]:
    scheme, _, value = code.partition(":")
    return [_PURPOSES[value]] if scheme == POWERS_REGISTER and value in _PURPOSES else []


def _flows(item: Mapping[str, Any], parties: list[Json]) -> list[Json]:
    shared = _one({"description": item.get("disclosed-information")})
    datasets = [{"uncatalogued": UNCATALOGUED, **link} for link in shared]
    with_data = {"datasets": datasets} if datasets else {}
    directions = list(_directions(parties))
    if not directions:
        return [with_data] if datasets else []
    return [{"from": sender, "to": receiver, **with_data, "basis": "source-fields"} for sender, receiver in directions]


def _directions(parties: list[Json]) -> Iterator[tuple[str, str]]:
    """Every sender with every receiver, where the two fields tell them apart; else nothing."""
    senders = [party["name"] for party in parties if "discloser" in party["flowRole"]]
    receivers = [party["name"] for party in parties if "recipient" in party["flowRole"]]
    if not set(senders) & set(receivers):
        yield from ((sender, receiver) for sender in senders for receiver in receivers)


def _method(text: str | None) -> Json | None:
    if not text:
        return None
    folded = f" {text.casefold()} "
    codes = list(dict.fromkeys(code for words, code in _METHODS if words in folded))
    return {"codes": codes, "text": text} if codes else {"text": text}


def _areas(item: Mapping[str, Any]) -> list[Json]:
    return [{"code": code} for code in item.get("areas", ())] + [{"name": name} for name in item.get("area-names", ())]


def _contact(text: str | None) -> tuple[Mapping[str, str], Json]:
    """Role mailboxes and addresses of pages stay in the record; anything that may be a person's is apart."""
    if not text:
        return {}, {}
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if parts and all(is_role_address(part) for part in parts):
        return {}, {"contact": parts}
    if is_web_address(text.strip()):
        return {}, {"text": text.strip()}
    if len(parts) == 1 and "@" in parts[0] and "\n" not in parts[0]:
        return {"email": parts[0]}, {}
    return {"address": text}, {}


def _one(value: Mapping[str, str | None]) -> list[Json]:
    """A list of the one thing stated, or of nothing."""
    stated = {name: text for name, text in value.items() if text}
    return [stated] if stated else []
