"""What is open about agreements today and waits in public for somebody to act, read from the rows alone. Pure.

The full list of what is due, with its commands, is `register.obligations`; these are the matters a passer-by asks for:
is it open for comment, does a party say that it is wrong, who could confirm it and has not.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from register.agreements.life import state_of
from register.agreements.models import Agreement
from register.lifecycle.membership import has_left
from schemas.canonical import Json
from schemas.dates import last_day
from web.presentation.agreement_happened import is_open
from web.presentation.agreements import Link
from web.presentation.dates import show_date
from web.presentation.words import sentence, shorten

COMMENT = "comment"
DISPUTE = "dispute"
AMENDMENT = "amendment"
PROPOSAL = "proposal"
REVIEW = "review"
CONFIRM = "confirm"
KINDS: Mapping[str, str] = {
    COMMENT: "Open for comment",
    DISPUTE: "Disputed by a party",
    PROPOSAL: "Proposed and not yet signed",
    AMENDMENT: "A change is proposed",
    REVIEW: "A review is overdue",
    CONFIRM: "Could be confirmed and is not",
}
"""Every kind of matter, in the order in which pages show them."""

REASON_LENGTH = 200
_OVER = frozenset({"rejected", "withdrawn"})
_LIVING = frozenset({"signed", "in-force", "suspended", "dates-not-stated"})


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that is open: its kind, the agreement, a sentence, and the short name of who must act or acted."""

    kind: str
    agreement: Link
    sentence: str
    organisation: str = ""


def party_names(agreements: Iterable[Agreement]) -> dict[str, str]:
    """The names of the organisations that are parties, by their short names; parties are to be loaded."""
    bodies = [party.organisation for agreement in agreements for party in agreement.parties if party.organisation]
    return {body.slug: body.name for body in bodies}


def grouped(matters: Iterable[Matter]) -> list[tuple[str, list[Matter]]]:
    """Matters under the titles of their kinds, in the order of the kinds."""
    found = list(matters)
    groups = [(title, [one for one in found if one.kind == kind]) for kind, title in KINDS.items()]
    return [(title, group) for title, group in groups if group]


def matters_of(agreement: Agreement, day: date, names: Mapping[str, str]) -> Iterator[Matter]:
    """What is open about one agreement on a day; `names` are organisations' by their short names."""
    happened = agreement.proceedings or {}
    state = state_of(agreement.document, agreement.standing, day, happened)
    link = Link(agreement.title, agreement.address)
    for one in happened.get("consultations", ()):
        if is_open(one, day) and state not in _OVER:
            yield Matter(COMMENT, link, f"Comments are taken until {show_date(one['closes'])}.")
    if state == "proposed":
        yield Matter(PROPOSAL, link, "It is proposed, and nothing is shared under it yet.")
    if state not in _OVER:
        for slug, reason in open_disputes(agreement).items():
            told = f"{names.get(slug, slug)} says that version {agreement.version} is not right: {reason}"
            yield Matter(DISPUTE, link, sentence(shorten(told, REASON_LENGTH)), slug)
    if state in _LIVING and "pendingAmendment" in happened:
        pending = happened["pendingAmendment"]
        told = f"A change is proposed and not yet agreed: {pending.get('reason', 'no reason is given')}"
        yield Matter(AMENDMENT, link, sentence(shorten(told, REASON_LENGTH)), pending.get("by", ""))
    if state in _LIVING - {"signed"} and (due := _overdue(agreement, day)):
        yield Matter(REVIEW, link, f"A review was due on {show_date(due)}; none is recorded.")


def _overdue(agreement: Agreement, day: date) -> str:
    """The day of a review that passed without any on the record; where there is one it may have answered this."""
    due = agreement.next_review_on
    if not due or last_day(due) >= day or (agreement.proceedings or {}).get("reviews"):
        return ""
    return due


def open_disputes(agreement: Agreement) -> dict[str, str]:
    """Who says that the newest version is not right, with the reason; who found it right since has no quarrel."""
    return {
        slug: entry.get("reason", "") for slug, (kind, entry) in _last_words(agreement).items() if kind == "disputes"
    }


def could_confirm(agreement: Agreement, slug: str, maker: str | None, day: date) -> Matter | None:
    """The newest version waiting for an organisation to say whether it is right; `maker` made that version.

    To be asked only of an organisation that has an account which can confirm.
    """
    state = state_of(agreement.document, agreement.standing, day, agreement.proceedings)
    if state in _OVER | {"proposed"} or slug == maker or slug in _last_words(agreement):
        return None
    parties = zip(agreement.parties, agreement.document.get("parties", ()), strict=False)
    if not any(row.organisation and row.organisation.slug == slug and not has_left(stated) for row, stated in parties):
        return None
    told = f"It has not said whether version {agreement.version} is right."
    return Matter(CONFIRM, Link(agreement.title, agreement.address), told, slug)


def _last_words(agreement: Agreement) -> dict[str, tuple[str, Json]]:
    """What each party said last of the newest version, by its short name."""
    happened = agreement.proceedings or {}
    said = [
        (entry["event"], entry["party"], kind, entry)
        for kind in ("confirmations", "disputes")
        for entry in happened.get(kind, ())
        if entry.get("version") == agreement.version and "party" in entry
    ]
    return {party: (kind, entry) for _, party, kind, entry in sorted(said, key=lambda one: one[0])}
