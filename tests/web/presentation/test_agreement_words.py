"""What the parties say of a version, from the events."""

from datetime import UTC, datetime

from register.timeline import Happening, Surroundings
from schemas.canonical import Json
from web.presentation.agreement_words import Shown, Words, show_words

DEAL: Json = {"parties": [{"name": "A", "organisation": "a"}, {"name": "B", "organisation": "b"}, {"name": "C"}]}
NAMES = {"a": "Body A", "b": "Body B"}


def _event(event: str, by: str | None = None, makes: int | None = None, **details: object) -> Happening:
    on = datetime(2026, 3, 2, tzinfo=UTC)
    return Happening(event, makes, DEAL if makes else None, on, dict(details) or None, by)


def _words(*history: Happening, version: int = 1, asked: bool = True, can: frozenset[str] = frozenset()) -> Words:
    return show_words(Shown(version, DEAL, asked), history, Surroundings(can_confirm=can), NAMES)


def test_where_nobody_has_an_account_nobody_is_blamed() -> None:
    words = _words(_event("signed", makes=1))
    assert words.sentence == "No party has confirmed version 1 here."
    assert [name.text for name in words.cannot] == ["A", "B", "C"]
    assert words.lines == ()


def test_the_last_word_counts() -> None:
    signed = _event("signed", "a", 1)
    no = _event("disputed", "b", party="b", version=1, reason="Wrong")
    yes = _event("confirmed", "b", party="b", version=1)
    assert [word.name.text for word in _words(signed, no).disputes] == ["B"]
    assert _words(signed, no, yes).disputes == ()
    assert [word.right for word in _words(signed, yes, no).lines] == [True, False]
    assert _words(signed, no).sentence == "1 of 3 parties stands by version 1; 1 disputes it."


def test_a_new_version_asks_again() -> None:
    history = [_event("signed", "a", 1), _event("confirmed", "b", party="b", version=1), _event("amended", "a", 2)]
    made, silent = _words(*history, version=2, can=frozenset({"b"})).lines
    assert made.sentence == "Put version 2 on the record on 2 March 2026."
    assert silent.right is None
    assert silent.sentence == "Confirmed version 1 on 2 March 2026. It could confirm version 2 here and has not."
    assert [word.right for word in _words(*history, asked=False).lines] == [True, True]


def test_a_party_that_has_left_is_not_asked() -> None:
    gone: Json = {"parties": [DEAL["parties"][0], {**DEAL["parties"][1], "leftOn": "2026-03-01"}]}
    shown = Shown(1, gone, asked=True)
    words = show_words(shown, [_event("signed", "a", 1)], Surroundings(can_confirm=frozenset({"b"})), NAMES)
    assert [line.name.text for line in words.lines] == ["A"]
    assert (words.sentence, words.cannot) == ("Its party stands by version 1.", ())


def test_who_speaks_and_bears_no_name_in_the_record_goes_by_its_own() -> None:
    blanked: Json = {"parties": [{"organisation": "b"}]}
    spoke = _event("confirmed", "b", party="b", version=1)
    (line,) = show_words(Shown(1, blanked, asked=True), [spoke], Surroundings(), NAMES).lines
    assert (line.name.text, line.name.href) == ("Body B", "/organisations/b")
