"""DCAT: the statements about one node, taken one by one, with what could not be read of them."""

from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode

from catalogue.formats.date_forms import is_date_in_any_form
from catalogue.formats.dcat_terms import (
    address_behind,
    address_of,
    as_json,
    beside,
    in_languages,
    label_of,
    local_name,
    may_be_person,
    tells_of_itself,
    words_of,
)
from catalogue.formats.eu_tables import language_tag, media_type_name
from catalogue.formats.members import Members, each, short, with_stated
from catalogue.formats.people import without_people
from catalogue.formats.rdf_order import Node, Term
from catalogue.formats.rdf_reading import Graph
from schemas.canonical import Json
from schemas.cleaning import Cleaning
from schemas.problems import Problem, pointer_to

_HOUSEKEEPING = ("rdf:type", "foaf:isPrimaryTopicOf", "dcat:record")
_IN_LANGUAGES = ("dct:title", "dct:alternative", "dct:description", "dct:abstract", "dcat:keyword", "rdfs:label")
_CHANGED = "dct:modified"
_PEOPLE = ("dct:contributor", "dct:rightsHolder", "prov:qualifiedAttribution", "prov:wasAttributedTo")


class NodeReader:
    """The statements about one node. `members` has their words, for the checks and problems.

    Texts in further languages and further values of what we take once are `left`, and become other statements.
    """

    def __init__(
        self,
        graph: Graph,
        node: Node,
        path: tuple[str | int, ...],
        problems: list[Problem],
        cleanings: list[Cleaning],
    ) -> None:
        self.graph = graph
        self.terms: dict[str, list[Term]] = {
            name: graph.values(node, name) for name in graph.names(node) if name not in _HOUSEKEEPING
        }
        self.members = Members({}, path, problems, cleanings)
        self.left: Json = {}
        for name in _IN_LANGUAGES:
            chosen, others = in_languages(self.take(name))
            if chosen:
                self.members.rest[name] = chosen
            self.left |= {f"{name}@{tag}" if tag else name: texts for tag, texts in others.items()}

    def take(self, *names: str) -> list[Term]:
        """Everything stated under these names."""
        return [term for name in names for term in self.terms.pop(name, ())]

    def _words(self, *names: str) -> list[str]:
        said = [self.said_by(names[0], term, words_of(self.graph, term)) for term in self.take(*names)]
        return list(dict.fromkeys(text for text in said if text))

    def said_by(self, name: str, term: Term, text: str, *also: str) -> str:
        """What was read of a value; what the file says of it beyond that, and `also`, is kept under `name`."""
        if isinstance(term, Text) or (isinstance(term, NamedNode) and not tells_of_itself(self.graph, term)):
            return text
        gone: list[str] = []
        more: Json = {} if may_be_person(self.graph, term) else beside(self.graph, term, gone, said=(text, *also))
        if gone or may_be_person(self.graph, term):
            self._about_a_person(name)
        address = address_of(term)
        if address and (more or address != text):
            more = {"address": address, **more}
        if more:
            self.left.setdefault(name, []).append(more)
        return text

    def _one(self, name: str, found: list[str]) -> None:
        """Put the first of several values where a check looks for it, and keep the others."""
        if found:
            self.members.rest[name] = found[0]
        if len(found) > 1:
            self.left[name] = [*found[1:], *self.left.get(name, ())]
            self.members.warn(
                name, f"There are {len(found)} values; “{short(found[0])}” was read, the others were kept."
            )

    def chosen(self, name: str, found: list[str]) -> str | None:
        """The first of some texts that were read already; the others are kept and told."""
        self._one(name, list(dict.fromkeys(text for text in found if text)))
        return self.members.text(name)

    def plain(self, name: str) -> str | None:
        """A text for readers, without markup."""
        held = self.members.rest.pop(name, None)
        self._one(name, held if isinstance(held, list) else [])
        return self.members.plain(name)

    def texts(self, name: str) -> list[str]:
        """Several texts, each once."""
        if name not in _IN_LANGUAGES:
            self.members.rest[name] = self._words(name)
        return self.members.texts(name)

    def first(self, *names: str) -> str | None:
        """One text, the first of those stated."""
        self._one(names[0], self._words(*names))
        return self.members.text(names[0])

    def title(self) -> str | None:
        """The title, on one line; the label of what has no title."""
        label = self.members.rest.get("rdfs:label")
        for name in ("dct:title", "rdfs:label"):
            held = self.members.rest.pop(name, None)
            self._one(name, held if isinstance(held, list) else [])
            if found := self.members.line(name):
                if label == [found]:
                    self.members.take("rdfs:label")
                return found
        return None

    def licence(self) -> str | None:
        """The licence: its address, also where it stands in a node that has a name too, else its name."""
        found = [
            self.said_by("dct:license", term, address_behind(self.graph, term) or words_of(self.graph, term))
            for term in self.take("dct:license", "dct:licence")
        ]
        return self.chosen("dct:license", found)

    def rights(self) -> str | None:
        """Terms in words; of those that have an address the words that the file has for them."""
        found = []
        for term in self.take("dct:rights"):
            named = label_of(self.graph, term) if tells_of_itself(self.graph, term) else ""
            found.append(self.said_by("dct:rights", term, named or words_of(self.graph, term)))
        self._one("dct:rights", list(dict.fromkeys(filter(None, found))))
        return self.members.plain("dct:rights")

    def date(self, *names: str) -> str | None:
        """One date, under the first name that has one. Of several the first in time; when it changed, the last."""
        for name in names:
            stated = sorted(self._words(name), reverse=name == _CHANGED)
            self._one(name, sorted(stated, key=lambda text: not is_date_in_any_form(text)))
            found = self.members.date(name)
            if found:
                return found
        return None

    def address(self, name: str) -> str | None:
        """One web address."""
        self._one(name, self._addresses(name))
        return self.members.address(name)

    def addresses(self, name: str) -> list[str]:
        """Several web addresses."""
        self.members.rest[name] = self._addresses(name)
        return self.members.addresses(name)

    def _addresses(self, name: str) -> list[str]:
        terms = self.take(name)
        behind = [address_behind(self.graph, term) or words_of(self.graph, term) for term in terms]
        said = [self.said_by(name, term, text) for term, text in zip(terms, behind, strict=True)]
        return list(dict.fromkeys(text for text in said if text))

    def languages(self) -> list[str]:
        """The languages, by their codes where the EU's, the Library of Congress's or Lexvo's addresses are written."""
        terms = self.take("dct:language")
        codes = [
            code if (code := language_tag(text)) != text else self.said_by("dct:language", term, text)
            for term in terms
            if (text := words_of(self.graph, term))
        ]
        return list(dict.fromkeys(codes))

    def described_by(self) -> Json:
        """The description of the data, with its media type."""
        terms = self.take("wdrs:describedby")
        kinds = [words_of(self.graph, kind) for term in terms[:1] for kind in self.graph.values(term, "dcat:mediaType")]
        texts = [self._address_behind(term) or words_of(self.graph, term) for term in terms]
        for term, text in zip(terms, texts, strict=True):
            self.said_by("wdrs:describedby", term, text, *kinds[:1])
        self._one("wdrs:describedby", texts)
        return with_stated(
            describedBy=self.members.address("wdrs:describedby"),
            describedByType=next((media_type_name(kind) or kind for kind in kinds if kind), None),
        )

    def _address_behind(self, term: Term) -> str:
        """The address of a distribution, which DCAT-US 3 describes where others name an address."""
        found = [words_of(self.graph, value) for value in self.graph.values(term, "dcat:accessURL", "dcat:downloadURL")]
        return next((text for text in found if text), "")

    def extras(self) -> Json:
        """What is left: as it is, but for what is about people."""
        left: Json = {**self.left, **self.members.rest}
        for name in self.left.keys() & self.members.rest.keys():
            left[name] = [*each(self.members.rest[name]), *each(self.left[name])]
        for name in list(self.terms):
            gone: list[str] = []
            kept = [] if name in _PEOPLE else [as_json(self.graph, term, gone) for term in self.terms[name]]
            if gone or name in _PEOPLE:
                self._about_a_person(name)
            stated = [item for item in kept if item]
            if stated:
                left[name] = stated[0] if len(stated) == 1 else stated
        extras: Json = {}
        for name, value in left.items():
            own = local_name(name.partition("@")[0])
            held, people = without_people({own: value})
            for _ in people:
                self._about_a_person(name)
            if held.get(own) not in (None, "", [], {}):
                extras[name] = held[own]
        return extras

    def _about_a_person(self, name: str) -> None:
        message = "This may name a person, so it was left out: what is kept here for ever names nobody."
        pointer = pointer_to((*self.members.path, name))
        self.members.problems.append(Problem(pointer, message, title=name, severity="warning"))
