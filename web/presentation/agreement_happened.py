"""What happened beside the deal, as its page tells it: reviews, incidents, consultations, renewals and the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from schemas.canonical import Json
from schemas.codelists import title_of
from schemas.dates import first_day, is_date, last_day
from web.presentation.agreement_blanks import place_blanked
from web.presentation.agreement_state import show_end_condition
from web.presentation.agreements import Link
from web.presentation.dates import show_date
from web.presentation.words import count_of, is_link, lower_first, sentence, show_address


@dataclass(frozen=True, slots=True)
class Point:
    """One thing of several, with the answer to it and what became of it (the title and colour of a tag)."""

    text: str
    answer: str = ""
    status: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened: its title, what there is to say of it, who put it on the record and when.

    `links` lead to where it can be read; `status` and `colour` are a tag's. `version` is the version it is about.
    """

    title: str
    lines: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    links: tuple[Link, ...] = ()
    by: Link | None = None
    recorded: str = ""
    status: str = ""
    colour: str = ""
    version: int | None = None


def organisation_link(slug: str, names: Mapping[str, str]) -> Link:
    """An organisation by its short name, linked where it is known here."""
    return Link(names[slug], f"/organisations/{slug}") if slug in names else Link(slug)


def actors_in(proceedings: Json) -> set[str]:
    """The short names of all organisations that acted or spoke."""
    members = [member if isinstance(member, list) else [member] for member in proceedings.values()]
    entries = [entry for member in members for entry in member]
    return {entry[name] for entry in entries for name in ("by", "party") if name in entry}


class Telling:
    """Tells the proceedings of one agreement as of a day.

    `names` are organisations' by their short names, `events` the codes of the agreement's events by their numbers.
    """

    def __init__(self, proceedings: Json, names: Mapping[str, str], day: date, events: Mapping[int, str]) -> None:
        self._events = events
        self._proceedings = proceedings
        self._names = names
        self._day = day

    def _entries(self, name: str) -> list[Json]:
        return list(self._proceedings.get(name, ()))

    def _told(self, title: str, entry: Json, lines: Sequence[str], **more: object) -> Told:
        """An entry; its note and its address stand at its end."""
        note = [entry["note"]] if "note" in entry else []
        addresses = [entry[name] for name in ("url", "document") if name in entry]
        return Told(
            title=title,
            lines=tuple(line for line in [*lines, *note] if line),
            links=tuple(Link(show_address(one), one if is_link(one) else "") for one in addresses),
            by=organisation_link(entry["by"], self._names) if "by" in entry else None,
            recorded=show_date(entry.get("on", "")),
            version=entry.get("version"),
            **more,  # type: ignore[arg-type]
        )

    def reviews(self) -> list[Told]:
        """Every review, the latest first."""
        return [self._review(entry) for entry in reversed(self._entries("reviews"))]

    def _review(self, entry: Json) -> Told:
        outcome = title_of("review-outcome", entry["outcome"]) if "outcome" in entry else ""
        then = f"Next review: {show_date(entry['nextReviewOn'])}." if "nextReviewOn" in entry else ""
        told = f"Reviewed on {show_date(entry.get('date', entry.get('on')))}"
        title = f"{told}: {lower_first(outcome)}" if outcome else told
        return self._told(title, entry, [entry.get("changes", ""), then])

    def incidents(self) -> list[Told]:
        """Everything that went wrong with the data, the latest first."""
        return [self._incident(entry) for entry in reversed(self._entries("incidents"))]

    def _incident(self, entry: Json) -> Told:
        nature = title_of("incident-nature", entry["nature"]) if "nature" in entry else "Incident"
        lines = [entry.get("text", "")]
        if "subjectsAffected" in entry:
            lines.append(f"About {count_of(entry['subjectsAffected'], 'person', 'people')} affected.")
        for name, yes, no in _TOLD_OF_IT:
            if name in entry:
                lines.append(yes if entry[name] else no)
        if "remedy" in entry:
            lines.append(f"What was done: {entry['remedy']}")
        return self._told(f"{show_date(entry.get('date', entry.get('on')))}: {lower_first(nature)}", entry, lines)

    def consultations(self) -> list[Told]:
        """Every consultation, the latest first; one that is open says how to take part."""
        return [self._consultation(entry) for entry in reversed(self._entries("consultations"))]

    def open_consultations(self) -> list[Told]:
        """Those in which anybody can take part today."""
        return [self._consultation(one) for one in self._entries("consultations") if is_open(one, self._day)]

    def _consultation(self, entry: Json) -> Told:
        opens, closes = show_date(entry.get("opened", "")), show_date(entry.get("closes", ""))
        status, colour = ("Open", "green") if is_open(entry, self._day) else ("Closed", "grey")
        title = f"Open for comment until {closes}" if status == "Open" else f"Comments were taken until {closes}"
        if status == "Closed" and is_date(entry.get("opened", "")) and first_day(entry["opened"]) > self._day:
            title, status, colour = f"Comments will be taken from {opens} until {closes}", "To come", "blue"
        law = f"The law that asks for it: {entry['law']}" if "law" in entry else ""
        told = self._told(title, entry, [entry.get("question", ""), law], status=status, colour=colour)
        if "contact" not in entry or status == "Closed":
            return told
        mailbox = Link(entry["contact"], f"mailto:{quote(entry['contact'], safe='@')}")
        return replace(told, links=(mailbox, *told.links))

    def recommendations(self) -> list[Told]:
        """What boards and advisers recommended and whether it was adopted, the latest first."""
        return [self._recommended(entry) for entry in reversed(self._entries("boardReviews"))]

    def _recommended(self, entry: Json) -> Told:
        points = tuple(_point(one) for one in entry.get("recommendations", ()))
        adopted = sum(one.get("status") in _ADOPTED for one in entry.get("recommendations", ()))
        told = f"{entry.get('body', 'Recommendation')}, {show_date(entry.get('date', entry.get('on')))}"
        lines = [f"{adopted or 'None'} of {count_of(len(points), 'recommendation')} adopted."]
        return self._told(told, entry, lines, points=points)

    def renewals(self) -> list[Told]:
        """Every renewal, oldest first."""
        return [self._renewal(entry) for entry in self._entries("renewals")]

    def _renewal(self, entry: Json) -> Told:
        day = show_date(entry.get("date", entry.get("on")))
        until = f" until {show_date(entry['endsOn'])}" if "endsOn" in entry else ""
        return self._told(f"Renewed on {day}{until}", entry, [show_end_condition(entry), entry.get("reason", "")])

    def disposals(self) -> list[Told]:
        """What recipients say of the data they destroyed, oldest first."""
        return [self._disposal(entry) for entry in self._entries("disposals")]

    def _disposal(self, entry: Json) -> Told:
        who = entry.get("party", "")
        day = show_date(entry.get("disposalConfirmedOn", ""))
        method = title_of("disposal-method", entry["method"]) if "method" in entry else ""
        how = f"How: {sentence(lower_first(method))}" if method else ""
        title = f"{self._names.get(who, who)}: destroyed by {day}"
        proof = f"Fingerprint of the certificate (SHA-256): {entry['sha256']}" if "sha256" in entry else ""
        return self._told(title, entry, [how, entry.get("text", ""), proof])

    def redactions(self) -> list[Told]:
        """The values that were blanked, oldest first, each by its title."""
        return [self._redaction(entry) for entry in self._entries("redactions")]

    def _redaction(self, entry: Json) -> Told:
        title = place_blanked(entry.get("pointer", ""), self._events)
        law = f"The law that requires it: {sentence(entry['law'])}" if "law" in entry else ""
        when = f"Blanked on {show_date(entry.get('on', ''))}: {entry.get('reason', 'no reason is given')}"
        return self._told(title, entry, [sentence(when), law])


_TOLD_OF_IT = (
    ("reportedToRegulator", "The regulator was told.", "The regulator was not told."),
    ("peopleTold", "The people concerned were told.", "The people concerned were not told."),
)

_ADOPTED = frozenset({"accepted", "done"})
_STATUS_COLOURS = {"accepted": "green", "done": "green", "partly-accepted": "yellow", "not-accepted": "red"}


def _point(stated: Json) -> Point:
    status = stated.get("status", "")
    return Point(
        stated.get("text", ""),
        stated.get("response", ""),
        title_of("recommendation-status", status) if status else "",
        _STATUS_COLOURS.get(status, "grey"),
    )


def is_open(consultation: Json, day: date) -> bool:
    """Whether comments are taken on a day."""
    opened, closes = consultation.get("opened", ""), consultation.get("closes", "")
    begun = not is_date(opened) or first_day(opened) <= day
    return begun and is_date(closes) and last_day(closes) >= day


def moved_end(document: Json, dates: Json, proceedings: Json) -> str:
    """What the deal itself says of its end, where it was renewed or ended early since; empty where it was not."""
    written, now = document.get("endsOn"), dates.get("endsOn")
    if not written:
        return ""
    if written != now:
        return f"The deal says that it ends on {show_date(written)}; it has been renewed since."
    return f"The deal says that it was to end on {show_date(written)}." if "termination" in proceedings else ""


def successor_of(proceedings: Json) -> list[str]:
    """The number of the agreement that takes the place of a withdrawn one, where it stands in this register."""
    named = proceedings.get("withdrawal", {}).get("successor", {})
    return [named["agreement"]] if "agreement" in named else []
