"""An agreement as its page tells it: the questions people ask, in the order in which they ask them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from schemas.canonical import Json
from schemas.codelists import title_of
from schemas.subject_groups import LIST as GROUPS_LIST
from web.presentation.dates import show_date
from web.presentation.record import external_number
from web.presentation.words import lower_first, show_list, unique, upper_first

DIRECTION_NOT_TOLD = "The source does not tell who sends what to whom."
NOT_SAID = "The source does not say."


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to an address, or leads nowhere where `href` is empty."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class SharedData:
    """Data that is shared: its name if it has one, where the catalogue has it, and what the source says of it."""

    name: Link
    description: str
    items: tuple[str, ...]
    records: int | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowLine:
    """Flows of the same data: all these senders to all these recipients (none where the source does not say)."""

    senders: tuple[Link, ...]
    recipients: tuple[Link, ...]
    data: tuple[SharedData, ...]
    note: str
    passed_on_from: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Flows:
    """Who sends what to whom. Where the source does not tell (`told` is false) the flows only say what is shared.

    `inferred` where the direction was read from the source's lists of senders and receivers, not from its words.
    """

    told: bool
    inferred: bool
    lines: tuple[FlowLine, ...]


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party: its name (linked where it is an organisation here), its parts in the flow and in law, and the rest.

    `lines` say what function the sharing serves, its part in the agreement, and to whom it passes the data on.
    """

    name: Link
    roles: tuple[str, ...]
    law: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeopleLine:
    """A group of people that the data is about."""

    group: str
    description: str


def direction_told(document: Json) -> bool:
    """Whether the record says, for every flow, who sends and who receives, and the two are not one body."""
    flows = document.get("flows", ())
    return bool(flows) and all("from" in flow and "to" in flow and flow["from"] != flow["to"] for flow in flows)


def show_flows(document: Json, organisations: Mapping[str, str], datasets: Mapping[str, str]) -> Flows:
    """The flows of an agreement, with links to organisations and catalogued datasets.

    `organisations` gives the address of a party by its name, `datasets` the title of a catalogued dataset by its
    short name. Flows of the same data from several bodies to several others are told as one.
    """
    told = direction_told(document)
    lines: list[FlowLine] = []
    for pairs, flow in _alike(document.get("flows", ())):
        data = tuple(_shared(link, datasets) for link in flow.get("datasets", ()))
        for senders, recipients in _sides(pairs):
            lines.append(
                FlowLine(
                    tuple(Link(name, organisations.get(name, "")) for name in senders),
                    tuple(Link(name, organisations.get(name, "")) for name in recipients),
                    data,
                    flow.get("note", ""),
                    tuple(Link(one["agreement"], f"/agreements/{one['agreement']}") for one in _sources(flow)),
                )
            )
    inferred = any(flow.get("basis") == "source-fields" for flow in document.get("flows", ()))
    return Flows(told, inferred, tuple(lines))


def _sources(flow: Json) -> Iterator[Json]:
    yield from (source for source in flow.get("derivedFrom", ()) if "agreement" in source)


_Pair = tuple[str, str]


def _alike(flows: Iterable[Json]) -> list[tuple[list[_Pair], Json]]:
    """Flows of the same data with the same ends told, and who sends and who receives in each ("" where not told)."""
    groups: list[tuple[list[_Pair], Json]] = []
    for flow in flows:
        pair = (flow.get("from", ""), flow.get("to", ""))
        rest = {name: value for name, value in flow.items() if name not in {"id", "from", "to", "basis"}}
        for pairs, known in groups:
            if known == rest and [bool(end) for end in pairs[0]] == [bool(end) for end in pair]:
                pairs.append(pair)
                break
        else:
            groups.append(([pair], rest))
    return groups


def _sides(pairs: list[_Pair]) -> Iterator[tuple[list[str], list[str]]]:
    """The two sides at once where every sender sends to every recipient; else one sender at a time."""
    senders, recipients = unique(pair[0] for pair in pairs), unique(pair[1] for pair in pairs)
    if len(set(pairs)) == max(1, len(senders)) * max(1, len(recipients)):
        yield senders, recipients
        return
    for sender in dict.fromkeys(pair[0] for pair in pairs):
        yield unique([sender]), unique(pair[1] for pair in pairs if pair[0] == sender)


def _shared(link: Json, datasets: Mapping[str, str]) -> SharedData:
    slug = link.get("catalogueId", "")
    known = slug in datasets
    return SharedData(
        name=Link(link.get("title") or datasets.get(slug, slug), f"/datasets/{slug}" if known else ""),
        description=link.get("description", ""),
        items=tuple(_data_item(item) for item in link.get("dataItems", ())),
        records=link.get("recordsApprox"),
        notes=tuple(_data_notes(link)),
    )


def _data_item(item: Json) -> str:
    """An item with its kind, and why it is needed."""
    kind = title_of("personal-data-category", item["category"]) if "category" in item else ""
    beside = [kind] if kind.casefold() != item["name"].casefold() else []
    if "necessary" in item:
        beside.append("needed" if item["necessary"] else "the purpose can be met without it")
    told = ", ".join(part for part in beside if part)
    named = f"{item['name']} ({told})" if told else item["name"]
    return ": ".join(part for part in (named, item.get("description", ""), item.get("why", "")) if part)


def _data_notes(link: Json) -> Iterator[str]:
    """What else is said of a dataset: how it stands to the catalogue, and what kind of records it holds."""
    if "uncatalogued" in link:
        yield f"Not in the catalogue: {link['uncatalogued']}"
    yield from (external_number(number) for number in link.get("identifiers", ()))
    for name, codes, label in (
        ("subjectsKind", "subjects-kind", "About"),
        ("sensitivity", "sensitivity", "Sensitivity"),
    ):
        if name in link:
            yield f"{label}: {lower_first(title_of(codes, link[name]))}"
    if "legalBasisForDataset" in link:
        yield f"Law for this dataset: {link['legalBasisForDataset']}"
    if "conditionsFromProvider" in link:
        yield f"Conditions of the provider: {link['conditionsFromProvider']}"


def show_parties(document: Json, organisations: Mapping[str, str]) -> tuple[PartyLine, ...]:
    """The parties in the order of the record."""
    return tuple(
        PartyLine(
            name=Link(party["name"], organisations.get(party["name"], "")),
            roles=tuple(title_of("flow-role", role) for role in party.get("flowRole", ())),
            law=title_of("data-protection-role", party["dataProtectionRole"]) if "dataProtectionRole" in party else "",
            lines=tuple(_party_lines(party)),
        )
        for party in document["parties"]
    )


def _party_lines(party: Json) -> Iterator[str]:
    function = party.get("functionServed", {})
    if function:
        yield ", ".join(function[name] for name in ("text", "statute") if name in function)
    part = [title_of("agreement-role", code) for code in party.get("agreementRole", ())]
    part += [f"joined on {show_date(party['joinedOn'])}"] if "joinedOn" in party else []
    part += [f"left on {show_date(party['leftOn'])}"] if "leftOn" in party else []
    if part:
        yield upper_first("; ".join([part[0], *map(lower_first, part[1:])]))
    if "accreditation" in party:
        yield f"Accreditation: {party['accreditation']}"
    yield from _passing_on(party)


def _passing_on(party: Json) -> Iterator[str]:
    """To whom a party passes the data, and whether it may let others use it."""
    others = party.get("otherRecipients", [])
    if any(other.get("none") for other in others):
        yield "Passes the data to nobody else."
    named = [other for other in others if "name" in other]
    if named:
        told = [f"{other['name']} ({other['why']})" if "why" in other else other["name"] for other in named]
        yield f"Passes the data on to: {'; '.join(told)}"
    terms = party.get("sublicensing", {})
    if "allowed" in terms:
        may = f"{'May' if terms['allowed'] else 'May not'} let others use the data"
        yield f"{may}: {terms['terms']}" if "terms" in terms else f"{may}."


def show_people(document: Json) -> tuple[PeopleLine, ...]:
    """The groups of people that the data is about, each once."""
    return tuple(
        dict.fromkeys(
            PeopleLine(_group_title(subject), subject.get("description", ""))
            for link in _dataset_links(document)
            for subject in link.get("dataSubjects", ())
        )
    )


def _group_title(subject: Json) -> str:
    return title_of(GROUPS_LIST, subject["group"]) if "group" in subject else ""


def show_identifiability(document: Json) -> str:
    """Whether people can be identified in the data, in a sentence; empty where the source does not say."""
    codes = unique(link.get("identifiability", "") for link in _dataset_links(document))
    return show_list([title_of("identifiability", code) for code in codes], "or")


def opt_outs(document: Json) -> list[str]:
    """What the source says on opting out, each once."""
    return unique(_opt_out(link.get("optOutApplied", {})) for link in _dataset_links(document))


def _opt_out(stated: Json) -> str:
    applied = lower_first(title_of("opt-out", stated["code"])) if "code" in stated else ""
    return ". ".join(part for part in (applied, stated.get("reason", "")) if part)


def _dataset_links(document: Json) -> Iterator[Json]:
    for flow in document.get("flows", ()):
        yield from flow.get("datasets", ())


def catalogued(document: Json) -> list[str]:
    """The short names of the catalogue's datasets that an agreement shares."""
    return unique(link.get("catalogueId", "") for link in _dataset_links(document))


def part_of(document: Json, name: str) -> frozenset[str]:
    """What a party does: `sends`, `receives` or both; empty where the source does not tell which.

    What the flows say goes first. A body that stands on both sides of the source's lists, or on none, is a body
    whose part is not told.
    """
    flows = document.get("flows", ())
    told = {"sends" for flow in flows if flow.get("from") == name and flow.get("to") != name}
    told |= {"receives" for flow in flows if flow.get("to") == name and flow.get("from") != name}
    if told:
        return frozenset(told)
    parties = [party for party in document.get("parties", ()) if party.get("name") == name]
    roles = {role for party in parties for role in party.get("flowRole", ())}
    sides = roles & {"discloser", "recipient"}
    if len(sides) != 1:
        return frozenset()
    return frozenset({"sends"} if sides == {"discloser"} else {"receives"})
