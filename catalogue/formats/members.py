"""Reading a source's record member by member: nothing is taken for what it is not, nothing is dropped unsaid."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from catalogue.formats.date_forms import read_date_in_any_form
from catalogue.formats.json_file import kind_of
from catalogue.formats.markup import plain_text
from schemas.canonical import Json
from schemas.checking import is_web_address
from schemas.cleaning import Cleaning
from schemas.errors import InvalidInput
from schemas.problems import Problem, pointer_to

_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")

MARKUP_READ = "markup (HTML) was read as the plain text it shows"


class Members:
    """One JSON object of a source. What was taken is gone from `rest`; what could not be read is put back into it.

    Empty texts, lists and objects, and nulls, count as absent. `path` is where the object stands in its record;
    `problems` and `cleanings` are shared with the record's other objects.
    """

    def __init__(
        self, value: Json, path: tuple[str | int, ...], problems: list[Problem], cleanings: list[Cleaning]
    ) -> None:
        self.rest: Json = {name: item for name, item in value.items() if not _is_empty(item)}
        self.path = path
        self.problems = problems
        self.cleanings = cleanings

    def inside(self, value: Json, *path: str | int) -> "Members":
        """An object that stands inside this one."""
        return Members(value, (*self.path, *path), self.problems, self.cleanings)

    def take(self, name: str) -> object:
        """The value of a member, whatever it is; None where it is absent."""
        return self.rest.pop(name, None)

    def warn(self, name: str, message: str, advice: str = "") -> None:
        """Tell of something that is no reason to refuse the record."""
        pointer = pointer_to((*self.path, name))
        self.problems.append(Problem(pointer, message, advice, title=name, severity="warning"))

    def put_back(self, name: str, value: object, message: str, advice: str = "") -> None:
        """Keep a value as the source gives it, because it cannot be read, and say so."""
        self.rest[name] = value
        self.warn(name, f"{message} It was kept as it is among the other statements.", advice)

    def put_beside(self, name: str, value: object, message: str, advice: str = "") -> None:
        """As `put_back`, beside what was put back under this name already."""
        before = each(self.rest.get(name))
        self.put_back(name, [*before, value] if before else value, message, advice)

    def spelled_as(self, names: Collection[str]) -> None:
        """Read members that differ from these names in capitals only as the members that they are."""
        usual = {name.casefold(): name for name in names}
        for name in list(self.rest):
            meant = usual.get(name.casefold(), name)
            if meant not in self.rest:
                self.rest[meant] = self.rest.pop(name)
                self.warn(meant, f"“{name}” was read as “{meant}”.", "Write it so.")

    def text(self, name: str) -> str | None:
        """A text, without blanks around it. A number counts as its digits.

        Of a text in several languages the English one counts, of a list the first; the others are kept and told.
        """
        value = self._in_one_language(name, _value_of(self.take(name)))
        if isinstance(value, list):
            value = self._first(name, value)
        if value is None:
            return None
        text = self._as_text(name, value)
        if text is None:
            self.put_back(name, value, f"This is {kind_of(value)}; it must be text.")
        return text or None

    def plain(self, name: str) -> str | None:
        """A text for readers: markup in it is read as the plain text it shows."""
        text = self.text(name)
        if text is None:
            return None
        plain, changed = plain_text(text)
        if changed:
            self.cleanings.append(Cleaning(pointer_to((*self.path, name)), MARKUP_READ))
        return plain or None

    def line(self, name: str) -> str | None:
        """A text for readers that stands on one line, as titles do: blanks for the line ends in it."""
        text = self.plain(name)
        return one_line(text) if text else None

    def texts(self, name: str) -> list[str]:
        """A list of texts in the source's order, each once. A single text counts as a list of one."""
        value = self._in_one_language(name, self.take(name))
        items = value if isinstance(value, list) else [] if value is None else [value]
        found = [self._as_text(name, _value_of(item)) for item in items]
        unread = [item for item, text in zip(items, found, strict=True) if text is None and not _is_empty(item)]
        if unread:
            self.put_back(name, unread, f"This holds {kind_of(unread[0])} where there must be text.")
        return _each_once(text for text in found if text)

    def word_set(self, name: str) -> list[str]:
        """A list of texts whose order says nothing, as DCAT's keywords: sorted, so that a new order is no change."""
        return sorted(self.texts(name), key=lambda text: (text.casefold(), text))

    def address(self, name: str) -> str | None:
        """A web address. What is none is kept among the other statements."""
        text = self.text(name)
        if text is None or is_web_address(text):
            return text
        self.put_back(name, text, f"“{short(text)}” is not a whole web address.", "It must begin with http(s)://.")
        return None

    def addresses(self, name: str) -> list[str]:
        """A list of web addresses. What is none is kept among the other statements."""
        found = self.texts(name)
        others = [text for text in found if not is_web_address(text)]
        if others:
            message = f"“{short(others[0])}” is not a whole web address."
            self.put_back(name, others, message, "It must begin with http(s)://.")
        return [text for text in found if is_web_address(text)]

    def date(self, name: str) -> str | None:
        """A date, whatever its form. One that cannot be read is kept among the other statements."""
        text = self.text(name)
        if text is None:
            return None
        try:
            return read_date_in_any_form(text)
        except InvalidInput as error:
            self.put_back(name, text, error.message, error.advice)
            return None

    def whole_number(self, name: str) -> int | None:
        """A whole number of at least 0, also where it is written as text."""
        value = self.take(name)
        text = str(value).strip() if isinstance(value, int | float | str) and not isinstance(value, bool) else ""
        if text.removesuffix(".0").isdecimal():
            return int(text.removesuffix(".0"))
        if value is not None:
            self.put_back(name, value, f"“{short(str(value))}” is not a whole number.")
        return None

    def _in_one_language(self, name: str, value: object) -> object:
        """The English value of a group whose members are languages, else the first by tag; others stay (`name@fr`)."""
        if not isinstance(value, dict) or not _are_languages(value):
            return value
        stated = {tag: item for tag, item in value.items() if not _is_empty(item)}
        if not stated:
            return None
        chosen = min(stated, key=lambda tag: (not tag.startswith("en"), tag))
        found = stated.pop(chosen)
        self.rest |= {f"{name}@{tag}": item for tag, item in stated.items()}
        if stated:
            self.warn(name, f"This stands in {len(stated) + 1} languages; “{chosen}” was read, the others were kept.")
        return found

    def _first(self, name: str, values: list[object]) -> object:
        """The first of several values where each of them could be a text; else the list itself."""
        stated = [item for item in map(_value_of, values) if not _is_empty(item)]
        if not all(isinstance(item, str | int | float) for item in stated):
            return values
        if len(stated) > 1:
            message = f"There are {len(stated)} values; the first was read, the others were kept."
            self.rest[name] = stated[1:]
            self.warn(name, message)
        return stated[0] if stated else None

    def _as_text(self, name: str, value: object) -> str | None:
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, int | float) and not isinstance(value, bool):
            self.warn(name, f"This is the number {value}; it was read as text.", "Write it in quotation marks.")
            return str(value)
        return None


def each(value: object) -> list[Any]:
    """A list, or a single value as a list of one; of nothing an empty one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def one_line(text: str) -> str:
    """A text without line ends and tabs, with a blank for each and what blanks are around it."""
    return re.sub(r"\s*[\n\t]\s*", " ", text)


def with_stated(**values: object) -> Json:
    """A JSON object of the values that are stated: without None, empty texts and empty lists."""
    return {name: value for name, value in values.items() if not _is_empty(value)}


def _value_of(value: object) -> object:
    """What JSON-LD writes as a group of fields where a text would do: a value object, or a node by its address."""
    if not isinstance(value, dict):
        return value
    if "@value" in value and set(value) <= {"@value", "@type", "@language", "@direction"}:
        return value["@value"]
    return value["@id"] if set(value) == {"@id"} else value


def _are_languages(value: Mapping[str, object]) -> bool:
    """Whether a group of fields is one text (or list of texts) in several languages."""
    return (
        bool(value)
        and set(value) != {"id"}
        and all(_LANGUAGE.fullmatch(name) for name in value)
        and all(item is None or isinstance(item, str | list) for item in value.values())
    )


def _is_empty(value: object) -> bool:
    return value is None or value == [] or value == {} or (isinstance(value, str) and not value.strip())


def _each_once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def short(text: str) -> str:
    """A text as it is told in a message: its beginning, where it is long."""
    return text if len(text) <= 80 else text[:77] + "…"
