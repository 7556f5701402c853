"""Promises beside outcomes: what each expected benefit has come to, as reviews tell it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.canonical import Json
from schemas.codelists import title_of
from web.presentation.agreements import Link
from web.presentation.dates import show_date
from web.presentation.words import count_of, is_link, show_address


@dataclass(frozen=True, slots=True)
class Result:
    """Something that came of the sharing: in words, the figure that shows it, the day, and where it can be read."""

    text: str
    measure: str
    day: str
    link: Link | None


@dataclass(frozen=True, slots=True)
class Promise:
    """A benefit that was expected, for whom, how it is measured, and what came of it so far."""

    who: str
    kind: str
    text: str
    measure: str
    target: str
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Promises:
    """Every promise with its outcome; `others` are results that answer none, `outputs` what was made of the data.

    `asked` where somebody should have told by now: a review was held, or the agreement is over.
    """

    lines: tuple[Promise, ...]
    others: tuple[Result, ...]
    outputs: tuple[Result, ...]
    asked: bool
    sentence: str

    @property
    def unanswered(self) -> tuple[Promise, ...]:
        """Those of which nothing is told yet."""
        return tuple(line for line in self.lines if not line.results)


def show_promises(document: Json, reviews: Sequence[Json], state: str) -> Promises:
    """The promises of a deal beside what its reviews say; `state` is the code of its state today."""
    expected = [benefit for benefit in document.get("expectedBenefits", ()) if benefit]
    told = list(_results(reviews, "realisedBenefits"))
    made = list(_results(reviews, "outputs"))
    known = {_folded(benefit.get("text", "")) for benefit in expected}
    lines = tuple(_promise(benefit, [*told, *made]) for benefit in expected)
    missing = sum(not line.results for line in lines)
    asked = bool(reviews) or state == "ended"
    return Promises(
        lines=lines,
        others=tuple(_result(one) for one in told if _folded(one.get("benefit", "")) not in known),
        outputs=tuple(_result(one) for one in made if _folded(one.get("benefit", "")) not in known),
        asked=asked,
        sentence=_sentence(len(lines), missing, bool(reviews)) if asked and lines else "",
    )


def _results(reviews: Sequence[Json], name: str) -> Iterator[Json]:
    for review in reviews:
        yield from review.get(name, ())


def _promise(benefit: Json, results: Sequence[Json]) -> Promise:
    words = benefit.get("text", "")
    return Promise(
        who=benefit.get("who", ""),
        kind=title_of("benefit", benefit["code"]) if "code" in benefit else "",
        text=words,
        measure=benefit.get("measure", ""),
        target=benefit.get("target", ""),
        results=tuple(_result(one) for one in results if words and _folded(one.get("benefit", "")) == _folded(words)),
    )


def _result(stated: Json) -> Result:
    address = stated.get("url", "")
    return Result(
        stated.get("text", ""),
        stated.get("measure", ""),
        show_date(stated.get("date", "")),
        Link(show_address(address), address if is_link(address) else "") if address else None,
    )


def _folded(text: str) -> str:
    """The same promise, however its words are spaced and ended."""
    return " ".join(text.split()).casefold().rstrip(".")


def _sentence(promised: int, missing: int, reviewed: bool) -> str:
    expected = f"{count_of(promised, 'benefit')} {'was' if promised == 1 else 'were'} expected"
    if not reviewed:
        return f"{expected}; no review says what came of {'it' if promised == 1 else 'them'}."
    if not missing:
        return f"{expected}, and the reviews tell what came of {'it' if promised == 1 else 'each'}."
    if missing == promised:
        return f"{expected}; the reviews say nothing yet of what came of {'it' if promised == 1 else 'them'}."
    return f"{expected}. The reviews say nothing yet of {missing} of them."
