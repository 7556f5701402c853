"""The terms of an agreement in sentences: by what law, on what ground, for how long, checked by whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from register.law_flags import users_of
from register.powers.facts import Standing
from register.powers.table import PowersTable
from schemas.canonical import Json
from schemas.codelists import codelist, title_of
from schemas.dates import is_date, last_day
from web.presentation.agreements import Link
from web.presentation.dates import show_date, show_duration
from web.presentation.record import external_number
from web.presentation.words import coded, is_link, lower_first, sentence, show_address, upper_first

NO_POWERS = PowersTable()
"""Where nothing is known of powers."""

MOST_USERS = 4
"""Of how many parties it is told whether they may use a power; of more, the power's own page tells."""

ELSEWHERE = "ZZ"
"""The code of a country that is named in words only."""


@dataclass(frozen=True, slots=True)
class LawLine:
    """A legal power: what it is called, the law and provision, where it can be read, and who uses it.

    `page` is the address of its own page where it is known here; `notes` say what is known of its use here.
    """

    name: str
    law: Link
    party: str
    page: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grounds:
    """Grounds of one kind in data protection law: what the kind is called, and each ground in one line."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """Another agreement: what this one is to it, its name (linked where it stands here), and its number elsewhere."""

    relation: str
    name: Link
    number: str


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document: its title and address, and what there is to say of it."""

    name: Link
    lines: tuple[str, ...]


def show_laws(document: Json, powers: PowersTable = NO_POWERS, day: date | None = None) -> tuple[LawLine, ...]:
    """The legal powers in the order of the record; `powers` are those known here, `day` the day that counts."""
    lines = []
    for power in document.get("legalPowers", ()):
        law = ", ".join(part for part in (power.get("instrument"), power.get("provision")) if part)
        address = power.get("url", "")
        href = address if is_link(address) else ""
        name = power.get("title", "")
        known = powers.known(power)
        lines.append(
            LawLine(
                name if law else "",
                Link(law or name or "Law not named", href),
                power.get("party", ""),
                f"/powers/{known[0].id}" if len(known) == 1 else "",
                tuple(_uses(power, document, powers, day)) if known and day else (),
            )
        )
    return tuple(lines)


def day_in_force(document: Json, today: date) -> date:
    """The day on which it counts whether a law was in force: today, or the last day of a deal that is over."""
    ends = document.get("endsOn")
    return min(today, last_day(ends)) if ends and is_date(ends) else today


def _uses(power: Json, document: Json, powers: PowersTable, day: date) -> Iterator[str]:
    """Whether the power was in force, where that is known, and whether those that use it may."""
    standing = powers.standing(power, day)
    if standing.standing is not Standing.UNKNOWN:
        yield standing.sentence
    users = users_of(power, document)
    if len(users) <= MOST_USERS:
        yield from (powers.may_use(power, party, day).sentence for party in users)


_GROUNDS = (
    ("lawfulBasis", "lawful-basis", "Lawful basis in data protection law"),
    ("specialCategoryCondition", "special-category-condition", "Condition for special category data"),
    ("criminalOffenceCondition", "criminal-offence-condition", "Condition for data on offences and convictions"),
)


def show_grounds(document: Json) -> tuple[Grounds, ...]:
    """The grounds in data protection law that are stated, kind by kind."""
    found = []
    for name, codes, title in _GROUNDS:
        stated = document.get(name, [])
        grounds = stated if isinstance(stated, list) else [stated]
        if grounds:
            found.append(Grounds(title, tuple(_ground(ground, codes) for ground in grounds)))
    return tuple(found)


def _ground(ground: Json, codes: str) -> str:
    return ": ".join(part for part in (ground.get("party", ""), coded(ground, codes)) if part)


def show_transfers(document: Json) -> list[str]:
    """Where personal data is sent abroad, in sentences; nothing where the record does not say."""
    return [_transfer(transfer) for transfer in document.get("internationalTransfers", ())]


def _transfer(transfer: Json) -> str:
    if transfer.get("none"):
        return "Nothing is sent abroad."
    country = transfer.get("country", ELSEWHERE)
    named = [title_of("country", country)] if country != ELSEWHERE else []
    if "recipient" in transfer:
        named.append(transfer["recipient"])
    if "safeguard" in transfer:
        named.append(f"protected by: {lower_first(title_of('transfer-safeguard', transfer['safeguard']))}")
    return ". ".join(part for part in (", ".join(named), transfer.get("text", "")) if part)


def show_uses_not_allowed(document: Json) -> list[str]:
    """What the data may not be used for, each in one line."""
    return [coded(use, "incompatible-use") for use in document.get("incompatibleUses", ())]


def show_automated_decision(document: Json) -> str:
    """Whether a machine decides, in a sentence; empty where the record does not say."""
    code = document.get("automatedDecision")
    entry = codelist("automated-decision").get(code) if code else None
    return sentence(entry.description or entry.title) if entry else code or ""


def retention_lines(document: Json) -> list[str]:
    """How long the data is kept, in sentences."""
    retention = document.get("retention", {})
    lines: list[str] = []
    for name, of_what in (("sharedData", "The shared data"), ("derivedData", "What is made from it")):
        if name in retention:
            lines += _keeping(retention[name], of_what)
    return [*lines, retention["text"]] if "text" in retention else lines


def _keeping(keeping: Json, of_what: str) -> Iterator[str]:
    trigger = keeping.get("trigger")
    counted = f"counted from: {lower_first(title_of('retention-trigger', trigger))}" if trigger else ""
    if "duration" in keeping:
        time = f"{of_what} is kept for {show_duration(keeping['duration'])}"
        yield sentence(", ".join(part for part in (time, counted) if part))
    elif counted:
        yield f"{of_what}: the time is {counted}."
    if "text" in keeping:
        yield keeping["text"] if "duration" in keeping else f"{of_what}: {keeping['text']}"
    if "afterEnd" in keeping:
        yield f"When the agreement ends: {keeping['afterEnd']}"


def disposal_lines(document: Json) -> list[str]:
    """What happens to the data at the end, in sentences."""
    disposal = document.get("disposal", {})
    lines = [sentence(title_of("disposal-method", disposal["method"]))] if "method" in disposal else []
    if "text" in disposal:
        lines.append(disposal["text"])
    if "certificateDueOn" in disposal:
        lines.append(f"Proof of it is due: {show_date(disposal['certificateDueOn'])}.")
    return lines


def review_sentence(due: str | None, day: date, *, overdue: bool) -> str:
    """What there is to say of the next review: its day, and whether that passed without a review recorded here."""
    if not due or not is_date(due):
        return ""
    if last_day(due) >= day:
        return f"Next review: {show_date(due)}."
    return f"A review was due on {show_date(due)}.{' No review is recorded here.' if overdue else ''}"


_CHECKS = (
    ("legalReview", "Legal check"),
    ("dpReview", "Data protection check"),
    ("securityReview", "Security check"),
)


def check_lines(document: Json) -> list[str]:
    """Which checks were made before, when and by which office, each in one line."""
    return [_check(label, document[name]) for name, label in _CHECKS if name in document]


def _check(label: str, review: Json) -> str:
    told = [f"{label}: {'made' if review['done'] else 'not made'}" if "done" in review else label]
    told += [show_date(review["date"])] if "date" in review else []
    told += [f"by: {review['role']}"] if "role" in review else []
    return " ".join(part for part in (sentence(", ".join(told)), review.get("text", "")) if part)


def assessment_sentence(document: Json) -> str:
    """Whether the risks were assessed before, in a sentence; empty where the record does not say."""
    assessment = document.get("dpia")
    if assessment is None:
        return ""
    status = assessment.get("status")
    told = [lower_first(title_of("dpia-status", status)) if status else "named in the source"]
    if "date" in assessment:
        told.append(show_date(assessment["date"]))
    number = f" ({assessment['reference']})" if "reference" in assessment else ""
    return f"Data protection impact assessment: {', '.join(told)}{number}."


def numbers_related(document: Json) -> list[str]:
    """The numbers of other agreements of this register that a record names."""
    return [reference["agreement"] for _, reference in _related(document) if "agreement" in reference]


def show_related(document: Json, titles: Mapping[str, str]) -> tuple[RelatedLine, ...]:
    """The agreements that a record names; `titles` gives those of this register by their numbers."""
    return tuple(_related_line(relation, reference, titles) for relation, reference in _related(document))


def _related(document: Json) -> Iterator[tuple[str, Json]]:
    """What this agreement is to each other one; an umbrella that a record names twice stands there once."""
    stated = [
        (relation["relation"], {name: value for name, value in relation.items() if name != "relation"})
        for relation in document.get("relatedAgreements", ())
    ]
    if "parentAgreement" in document:
        umbrella = ("under-umbrella", document["parentAgreement"])
        stated = [umbrella, *(relation for relation in stated if relation != umbrella)]
    for code, reference in stated:
        yield title_of("related-agreement", code), reference


def show_reference(reference: Json | None, titles: Mapping[str, str]) -> Link | None:
    """Another agreement by its name, linked where it stands in this register; None where none is named."""
    return _related_line("", reference, titles).name if reference else None


def _related_line(relation: str, reference: Json, titles: Mapping[str, str]) -> RelatedLine:
    here = reference.get("agreement", "")
    elsewhere = external_number(reference["externalId"]) if "externalId" in reference else ""
    name = reference.get("name") or titles.get(here) or here or elsewhere
    return RelatedLine(relation, Link(name, f"/agreements/{here}" if here in titles else ""), elsewhere)


_LANGUAGES = {"cy": "Welsh", "ga": "Irish", "gd": "Scottish Gaelic", "mi": "Māori", "fr": "French"}


def show_contacts(document: Json) -> list[tuple[str, str]]:
    """The mailboxes of the parties, each with the party's name."""
    return [
        (f"{party['name']}{whose}", party[name])
        for party in document.get("parties", ())
        for name, whose in (("contact", ""), ("dpoContact", ", data protection officer"))
        if name in party
    ]


def show_places(document: Json) -> str:
    """Whose law governs the sharing: countries by name, a part of a country with its code."""
    return "; ".join(_place(code) for code in document.get("jurisdictions", ()))


def _place(code: str) -> str:
    """A country by its name; a part of one by its own where that is known, else by the country's, with its code."""
    if "-" not in code:
        return title_of("country", code)
    part = codelist("country-part").get(code)
    return f"{part.title if part else title_of('country', code.partition('-')[0])} ({code})"


_TOLD = {"rightsHandling": {"contact", "contactRecord", "text"}, "dpia": {"status", "date", "reference"}}


def without_told(document: Json) -> Json:
    """A record without the members of groups that its page tells in words of its own."""
    kept = {name: _without(value, _TOLD[name]) if name in _TOLD else value for name, value in document.items()}
    return {name: value for name, value in kept.items() if value != {}}


def _without(group: Json, names: set[str]) -> Json:
    return {name: value for name, value in group.items() if name not in names}


def show_documents(document: Json) -> tuple[DocumentLine, ...]:
    """The documents of an agreement in the order of the record."""
    return tuple(_document(item) for item in document.get("documents", ()))


def _document(item: Json) -> DocumentLine:
    language = item.get("language", "")
    about = [
        title_of("document-type", item["type"]) if "type" in item else "",
        f"published {show_date(item['published'])}" if "published" in item else "",
        f"in {_LANGUAGES.get(language, language)}" if language not in {"", "en"} else "",
    ]
    line = upper_first(", ".join(part for part in about if part))
    blacked_out = f"Blacked out: {item['redactions']}" if "redactions" in item else ""
    href = item["url"] if is_link(item["url"]) else ""
    return DocumentLine(
        Link(item.get("title") or show_address(item["url"]), href), tuple(one for one in (line, blacked_out) if one)
    )


def show_withheld(document: Json, titles: Mapping[str, str]) -> list[str]:
    """What is not published and why, each in one line; `titles` gives the names of fields as people know them."""
    return [_withheld(item, titles) for item in document.get("withheld", ())]


def _withheld(item: Json, titles: Mapping[str, str]) -> str:
    exemption = f" ({item['exemption']})" if "exemption" in item else ""
    reason = f": {item['reason']}" if "reason" in item else ""
    again = f" This is looked at again: {show_date(item['reviewOn'])}." if "reviewOn" in item else ""
    told = f"{titles.get(item['field'], item['field'])}{exemption}{reason}"
    return f"{sentence(told)}{again}" if again else told
