"""Three organisations with officials, a complete agreement between them, and the register they act on."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from catalogue.datasets.record import record_dataset
from catalogue.organisations.record import OrganisationDetails, record_organisation
from register.agreements.events import open_register
from register.agreements.models import Agreement
from register.lifecycle.acting import Act, Tools, act_on, enter, loaded
from schemas.actor import LOCAL_REGISTRAR, Actor, Role
from schemas.bundle import AGREEMENT_VERSION, DATASET_VERSION
from schemas.canonical import Json
from schemas.contract import load_part
from schemas.database.engine import Database
from tests.fakes import CountingIds, FakeClock, SeededRandomness

LEAD, RECEIVER, MATCHER, STRANGER = (
    "example-revenue-agency",
    "example-city-council",
    "example-data-services",
    "ministry-of-rivers",
)
REGISTRAR = Actor("registrar", roles=frozenset({Role.REGISTRAR}))


def complete(**members: Any) -> Json:
    """The complete example of the schema, without a number; a member given as None is left out."""
    document = deepcopy(load_part(AGREEMENT_VERSION, "examples", "complete"))
    document = {**document, "provenance": {**document["provenance"], "source": "official"}, **members}
    return {name: value for name, value in document.items() if value is not None and name != "id"}


def datasets_named(document: Json) -> set[str]:
    """The datasets that a record's flows name."""
    return {link["catalogueId"] for flow in document["flows"] for link in flow["datasets"] if "catalogueId" in link}


@dataclass
class World:
    """A register with its clock and chance, on one database."""

    database: Database
    clock: FakeClock = field(default_factory=FakeClock)
    ids: CountingIds = field(default_factory=CountingIds)
    randomness: SeededRandomness = field(default_factory=SeededRandomness)
    officials: dict[str, Actor] = field(default_factory=dict)

    @property
    def tools(self) -> Tools:
        return Tools(self.clock, self.ids, self.randomness)

    def people(self) -> "World":
        """Open the register and give each organisation an official who writes and signs."""
        with self.database.write() as session:
            open_register(session)
            for slug in (LEAD, RECEIVER, MATCHER, STRANGER):
                name = slug.replace("-", " ").title()
                details = OrganisationDetails(name=name, slug=slug)
                row = record_organisation(session, details, self.clock, self.ids)[1]
                roles = frozenset({Role.EDITOR, Role.APPROVER})
                self.officials[slug] = Actor(f"official-of-{slug}", row.id, roles)
            for slug in sorted(datasets_named(complete())):
                document = {
                    "schemaVersion": DATASET_VERSION,
                    "kind": "dataset",
                    "title": slug.replace("-", " ").capitalize(),
                    "provenance": {"source": "official"},
                }
                record_dataset(
                    session,
                    LOCAL_REGISTRAR,
                    document,
                    source="test",
                    identifier=slug,
                    slug=slug,
                    clock=self.clock,
                    ids=self.ids,
                )
        return self

    def who(self, slug: str) -> Actor:
        return REGISTRAR if slug == "registrar" else self.officials[slug]

    def enter(self, event: str = "signed", by: str = LEAD, document: Json | None = None) -> str:
        with self.database.write() as session:
            return enter(session, self.who(by), event, document or complete(), {}, self.tools).id

    def act(
        self,
        number: str,
        event: str,
        details: Json | None = None,
        by: str = LEAD,
        document: Json | None = None,
        **on: int,
    ) -> Agreement:
        with self.database.write() as session:
            act = Act(event, details or {}, document, **on)
            return act_on(session, self.who(by), loaded(session, number), act, self.tools)

    def read(self, number: str) -> Agreement:
        with self.database.read() as session:
            return loaded(session, number)
