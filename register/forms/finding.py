"""Looking up by name what a record points to, and letting the person choose."""

from collections.abc import Mapping, Sequence

from catalogue.organisations.record import fold_name
from register.forms.dialogue import Terminal, read_line
from register.forms.lookup import MOST_FOUND, Candidate, Lookup, NoLookup, Sought
from register.forms.places import Path, pattern_of
from schemas.errors import Unreachable

_SOUGHT: Mapping[str, Sought] = {
    "parties/*/name": "organisation",
    "parties/*/organisation": "organisation",
    "parties/*/otherRecipients/*/name": "organisation",
    "flows/*/datasets/*/title": "dataset",
    "flows/*/datasets/*/catalogueId": "dataset",
    "legalPowers/*/instrument": "power",
    "parentAgreement/name": "agreement",
    "relatedAgreements/*/name": "agreement",
}

FILLED: Mapping[Sought, Sequence[str]] = {
    "organisation": ("name", "organisation", "identifiers"),
    "dataset": ("title", "catalogueId", "uncatalogued"),
    "power": ("instrument", "provision", "title", "power", "url", "jurisdiction", "identifier"),
    "agreement": ("name", "agreement", "externalId"),
}
"""The members that say which one is meant: whoever chooses another one changes them all."""

_NOTHING: Mapping[Sought, str] = {
    "organisation": "The catalogue knows no organisation",
    "dataset": "The catalogue holds no dataset",
    "power": "The register knows no power",
    "agreement": "The register holds no agreement",
}


def sought_at(path: Path) -> Sought | None:
    """What is looked up where a place is asked for; None where nothing is."""
    return _SOUGHT.get(pattern_of(path))


class Finding:
    """Looks names up; where nothing can be looked up it says so once, and takes names as they are typed."""

    def __init__(self, lookup: Lookup, terminal: Terminal) -> None:
        self.lookup = lookup
        self.terminal = terminal

    @property
    def works(self) -> bool:
        """Whether there is anything to look in."""
        return not isinstance(self.lookup, NoLookup)

    def find(self, kind: Sought, text: str) -> Candidate | None:
        """The one that is meant by a name; None where it stays as it was typed.

        Raises Stopped, and GoneBack where the person wants the question again.
        """
        typed = text
        while self.works:
            found = self._found(kind, text)
            if not found:
                if self.works:
                    self.terminal.say(f"{_NOTHING[kind]} with “{text}” in its name. It stays as you typed it.")
                return None
            alone = found[0] if len(found) == 1 else None
            if alone and fold_name(text) in {fold_name(alone.title), fold_name(alone.code)}:
                return alone
            self._show(found, typed)
            text = read_line(self.terminal, "Number, or other words to look for: ")
            if text in {"0", "", "-"}:
                return None
            if text.isdecimal() and 1 <= int(text) <= len(found):
                return found[int(text) - 1]
            if text == "?":
                self.terminal.say("Type the number of the one you mean. Other words search again; < asks anew.")
                text = typed
        return None

    def _found(self, kind: Sought, text: str) -> Sequence[Candidate]:
        try:
            return self.lookup.search(kind, text)
        except Unreachable as error:
            self.terminal.say(f"Nothing can be looked up now: {error.message} Names are taken as you type them.")
            self.lookup = NoLookup()
            return ()

    def _show(self, found: Sequence[Candidate], typed: str) -> None:
        self.terminal.say("Found:")
        for number, one in enumerate(found, 1):
            self.terminal.say(f"{number:3}. {one.title}" + (f" – {one.note}" if one.note else ""))
        self.terminal.say(f"  0. None of these: keep “{typed}” as it is typed.")
        if len(found) == MOST_FOUND:
            self.terminal.say("There may be more. Type another word to find them.")
