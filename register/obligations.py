"""What is due for an agreement, by when and by whom: one pure function of its history and a day.

It feeds `gazette register due`, the first lines of `whoami` and the home page. The register obliges nobody to confirm;
a version that somebody could confirm is told as waiting, without a day.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from register.agreements.life import state_of
from register.flags import overdue_review, unconfirmed_parties
from register.timeline import NOWHERE, Happening, Surroundings, Timeline, timeline_of, told
from schemas.canonical import Json
from schemas.dates import last_day

SIGN = "sign"
AGREE = "agree-amendment"
CONFIRM = "confirm"
ANSWER_DISPUTE = "answer-dispute"
REVIEW = "review"
REVIEW_OVERDUE = "review-overdue"
ENDING = "ending"
CONFIRM_DISPOSAL = "confirm-disposal"
REPORT_BENEFITS = "report-benefits"
CODES = (SIGN, AGREE, CONFIRM, ANSWER_DISPUTE, REVIEW_OVERDUE, REVIEW, ENDING, CONFIRM_DISPOSAL, REPORT_BENEFITS)
"""Every kind of thing that can be due, the most pressing of one day first."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing that is due: its code, the last day for it (None: none is set), who must act, and how.

    `organisations` are the short names of those that must act, empty where none of them is known here; `who` their
    names in the record; `command` is the next command, word for word.
    """

    code: str
    agreement: str
    due: date | None
    organisations: tuple[str, ...]
    who: tuple[str, ...]
    sentence: str
    command: str

    def is_overdue(self, day: date) -> bool:
        """Whether its day has passed."""
        return self.due is not None and self.due < day

    def as_json(self) -> Json:
        """A flat JSON object for listings."""
        return {
            "code": self.code,
            "agreement": self.agreement,
            "due": self.due.isoformat() if self.due else None,
            "organisations": list(self.organisations),
            "who": list(self.who),
            "sentence": self.sentence,
            "command": self.command,
        }


@dataclass(frozen=True, slots=True)
class _Setting:
    """An agreement on a day: its number, its timeline and state, and what is known around it."""

    id: str
    timeline: Timeline
    state: str
    around: Surroundings

    def of(self, code: str, due: date | None, parties: Sequence[Json], sentence: str, command: str) -> Obligation:
        """An obligation of some parties."""
        slugs = tuple(dict.fromkeys(slug for party in parties if (slug := self.around.slug_of(party))))
        who = tuple(party["name"] for party in parties)
        return Obligation(code, self.id, due, slugs, who, sentence, f"gazette register {command}")

    def parties(self, fits: Callable[[Json], bool] = lambda _party: True) -> list[Json]:
        """The parties that have not left and fit."""
        parties = self.timeline.document.get("parties", ())
        return [party for party in parties if "leftOn" not in party and fits(party)]

    def leading(self) -> list[Json]:
        """The lead party; where the record names none, every party."""
        return self.parties(lambda party: "lead-agency" in party.get("agreementRole", ())) or self.parties()


def obligations(
    history: Sequence[Happening],
    standing: str,
    day: date,
    surroundings: Surroundings = NOWHERE,
    agreement_id: str = "ID",
) -> list[Obligation]:
    """Everything due for an agreement as of a day: what has a day first, in the order of the days.

    `history` are its events oldest first, `standing` what they decide, `surroundings` who its parties are here and who
    can confirm. Reviews and ends that are still to come are there too: whoever lists them chooses how far ahead.
    """
    timeline = timeline_of(history, standing, day)
    if timeline is None:
        return []
    state = state_of(timeline.document, timeline.standing, day, timeline.proceedings)
    if state in {"withdrawn", "rejected"}:
        return []
    setting = _Setting(agreement_id, timeline, state, surroundings)
    found = [one for due in (_to_agree, _words, _review, _end, _after_the_end) for one in due(setting)]
    return sorted(found, key=lambda one: (one.due or date.max, CODES.index(one.code)))


def _to_agree(setting: _Setting) -> Iterator[Obligation]:
    """A proposal to sign, an amendment to agree to."""
    number = setting.id
    if setting.state == "proposed":
        sentence = f"{number} is proposed and waits to be signed."
        yield setting.of(SIGN, None, setting.leading(), sentence, f"sign {number}")
    elif "pendingAmendment" in setting.timeline.proceedings:
        sentence = f"An amendment of {number} is proposed and waits to be agreed to."
        yield setting.of(AGREE, None, setting.leading(), sentence, f"amend {number} --agree")


def _words(setting: _Setting) -> Iterator[Obligation]:
    """The newest version to confirm, by each party that could; and disputes of it to answer, by who leads."""
    number, version = setting.id, setting.timeline.versions[-1].version
    if setting.state != "proposed":
        waiting = unconfirmed_parties(setting.timeline, setting.around)
        for party in setting.parties(lambda party: party["name"] in waiting):
            sentence = f"{party['name']} has not said whether version {version} of {number} is right."
            yield setting.of(CONFIRM, None, [party], sentence, f"confirm {number} --version {version}")
    for word in setting.timeline.words():
        if word.right or word.version != version:
            continue
        name = setting.around.name_of(word.party, setting.timeline.document)
        sentence = f"{name} says that version {version} of {number} is not right: {word.reason}"
        command = f'correct {number} agreement.yaml --reason "…"'
        yield setting.of(ANSWER_DISPUTE, None, setting.leading(), sentence, command)


def _review(setting: _Setting) -> Iterator[Obligation]:
    review = setting.timeline.dates.get("nextReviewOn")
    if not review or setting.state not in {"signed", "in-force", "suspended", "dates-not-stated"}:
        return
    due, command = last_day(review), f"review {setting.id} --template"
    if overdue_review(setting.timeline, setting.state):
        sentence = f"A review of {setting.id} was due on {told(due)}; none is recorded."
        yield setting.of(REVIEW_OVERDUE, due, setting.leading(), sentence, command)
    elif due >= setting.timeline.day:
        sentence = f"{setting.id} is to be reviewed by {told(due)}."
        yield setting.of(REVIEW, due, setting.leading(), sentence, command)


def _end(setting: _Setting) -> Iterator[Obligation]:
    ends = setting.timeline.ended_on
    if ends and setting.state in {"signed", "in-force", "suspended", "dates-not-stated"}:
        due = last_day(ends)
        sentence = f"{setting.id} ends on {told(due)}: renew it, or let it end."
        yield setting.of(ENDING, due, setting.leading(), sentence, f"renew {setting.id} --template")


def _after_the_end(setting: _Setting) -> Iterator[Obligation]:
    """The data to destroy, by each recipient that has not said so; what became of the benefits, by who leads."""
    if setting.state != "ended":
        return
    number, timeline = setting.id, setting.timeline
    ends = last_day(timeline.ended_on) if timeline.ended_on else None
    when = f" on {told(ends)}" if ends else ""
    closed = {entry.get("party") for entry in timeline.proceedings.get("disposals", ())}
    for party in _recipients(timeline.document):
        if party["name"] not in closed and setting.around.slug_of(party) not in closed - {None, ""}:
            sentence = f"{number} ended{when}; {party['name']} has not said that the data was destroyed."
            due = _certificate(timeline.document) or ends
            yield setting.of(CONFIRM_DISPOSAL, due, [party], sentence, f"dispose {number} --template")
    if timeline.document.get("expectedBenefits") and not timeline.happened("reviewed"):
        sentence = f"{number} ended{when}; no review says what came of the benefits that were expected."
        yield setting.of(REPORT_BENEFITS, ends, setting.leading(), sentence, f"review {number} --template")


def _recipients(document: Json) -> list[Json]:
    """The parties that receive data, those that have left included: what they received may still be with them."""
    receivers = {flow["to"] for flow in document.get("flows", ()) if "to" in flow}
    return [
        party
        for party in document.get("parties", ())
        if "recipient" in party.get("flowRole", ()) or party["name"] in receivers
    ]


def _certificate(document: Json) -> date | None:
    stated = document.get("disposal", {}).get("certificateDueOn")
    return last_day(stated) if stated else None
