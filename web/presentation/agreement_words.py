"""What the parties say of a version: who stands by it, who disputes it and why, who could speak and has not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from register.lifecycle.membership import has_left
from register.timeline import Happening, Surroundings
from schemas.canonical import Json
from web.presentation.agreements import Link
from web.presentation.dates import show_date
from web.presentation.words import count_of


@dataclass(frozen=True, slots=True)
class Shown:
    """The version that is shown: its number, what it says, and whether the parties are still asked about it."""

    number: int
    document: Json
    asked: bool


@dataclass(frozen=True, slots=True)
class PartyWord:
    """What one party says of a version: whether it is right (None: it has said nothing), and what is wrong.

    `fields` are JSON Pointers to what it disputes.
    """

    name: Link
    right: bool | None
    sentence: str
    reason: str = ""
    fields: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What the parties say of one version; `cannot` are those that have no account to say anything with."""

    version: int
    sentence: str
    lines: tuple[PartyWord, ...]
    cannot: tuple[Link, ...]

    @property
    def disputes(self) -> tuple[PartyWord, ...]:
        """Those who say that it is not right."""
        return tuple(line for line in self.lines if line.right is False)


@dataclass(frozen=True, slots=True)
class _Said:
    """One statement: by whom (a short name), of which version, whether it is right, when, and by which event."""

    who: str
    version: int
    right: bool
    on: date
    event: str
    details: Json


def show_words(shown: Shown, history: Sequence[Happening], around: Surroundings, names: Mapping[str, str]) -> Words:
    """What the parties say of a version, in the order of the record; `names` are organisations' by their short names.

    Where the parties are not asked any more (of an old version, or where all is over) only those stand here that
    spoke.
    """
    said = list(_statements(history))
    of_it = {one.who: one for one in said if one.version == shown.number}
    before = {one.who: one for one in said if one.version < shown.number and one.right}
    lines: list[PartyWord] = []
    cannot: list[Link] = []
    parties = [party for party in shown.document.get("parties", ()) if party.get("name")]
    for party in parties:
        slug = around.slug_of(party)
        name = _link(slug, party["name"], names)
        if slug in of_it:
            lines.append(_spoke(name, of_it.pop(slug)))
        elif not shown.asked or has_left(party):
            continue
        elif slug in around.can_confirm or slug in before:
            lines.append(_silent(name, shown.number, before.get(slug), slug in around.can_confirm))
        else:
            cannot.append(name)
    lines += [_spoke(_link(slug, slug, names), one) for slug, one in of_it.items()]
    here = sum(not has_left(party) for party in parties)
    return Words(shown.number, _summary(shown.number, lines, here), tuple(lines), tuple(cannot))


def _statements(history: Sequence[Happening]) -> Iterator[_Said]:
    """Everything that parties said of a version, oldest first; who makes a version says yes to it."""
    newest = 0
    for happening in history:
        details = happening.details or {}
        on, event = happening.registered_on.date(), happening.event
        who = details.get("party") or happening.by
        if event in {"confirmed", "disputed"} and who:
            yield _Said(who, details.get("version", newest), event == "confirmed", on, event, details)
        elif happening.document is not None and happening.by:
            yield _Said(happening.by, happening.version or newest, right=True, on=on, event=event, details=details)
        newest = happening.version or newest


_YES = {
    "confirmed": "Confirmed version {version} on {day}.",
    "proposed": "Proposed version {version} on {day}.",
    "signed": "Signed version {version} on {day}.",
    "corrected": "Corrected the record on {day}, which made it version {version}.",
}


def _spoke(name: Link, said: _Said) -> PartyWord:
    day = show_date(said.on)
    note = said.details.get("note", "") if said.event in {"confirmed", "disputed"} else ""
    if said.right:
        return PartyWord(name, right=True, sentence=_yes(said), note=note)
    return PartyWord(
        name,
        right=False,
        sentence=f"Said on {day} that version {said.version} is not right.",
        reason=said.details.get("reason", ""),
        fields=tuple(said.details.get("fields", ())),
        note=note,
    )


def _yes(said: _Said) -> str:
    told = _YES.get(said.event, "Put version {version} on the record on {day}.")
    return told.format(version=said.version, day=show_date(said.on))


def _silent(name: Link, version: int, before: _Said | None, can: bool) -> PartyWord:
    told = (
        f"It could confirm version {version} here and has not." if can else f"It has said nothing of version {version}."
    )
    if before is None:
        return PartyWord(name, None, told)
    earlier = _YES.get(before.event, "Put version {version} on the record on {day}.")
    return PartyWord(name, None, f"{earlier.format(version=before.version, day=show_date(before.on))} {told}")


def _summary(version: int, lines: Sequence[PartyWord], parties: int) -> str:
    stand_by = sum(line.right is True for line in lines)
    dispute = sum(line.right is False for line in lines)
    if not stand_by and not dispute:
        return f"No party has confirmed version {version} here."
    if stand_by >= parties and not dispute:
        return f"Every party stands by version {version}." if parties > 1 else f"Its party stands by version {version}."
    stand = "stands" if stand_by == 1 else "stand"
    yes = f"{stand_by or 'None'} of {count_of(parties, 'party', 'parties')} {stand} by version {version}"
    return f"{yes}; {dispute} {'disputes' if dispute == 1 else 'dispute'} it." if dispute else f"{yes}."


def _link(slug: str, name: str, names: Mapping[str, str]) -> Link:
    """A party, linked to its page where it is an organisation here; by the name of that where the record gives none."""
    known = slug in names
    return Link(names[slug] if known and name == slug else name, f"/organisations/{slug}" if known else "")
