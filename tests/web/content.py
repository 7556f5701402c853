"""A small catalogue and register to show: every kind of record that a page must cope with."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from catalogue.contacts import Contact, hold_contact
from catalogue.datasets.record import record_dataset, withdraw_dataset
from catalogue.organisations.record import OrganisationDetails, record_organisation
from catalogue.search.engine import SearchPlace
from catalogue.search.indexer import drain
from register.agreements.events import NewEvent, append, locked_head, open_register
from register.agreements.projection import project
from register.agreements.record import Source, revise_agreement, sign_agreement
from register.lifecycle.acting import Tools
from register.powers.record import PowerSource, record_power, retire_power
from schemas.actor import LOCAL_REGISTRAR
from schemas.bundle import AGREEMENT_VERSION, DATASET_VERSION
from schemas.canonical import Json
from schemas.clock import Clock, Ids, Randomness
from schemas.database.engine import Database
from tests.fakes import FakeClock
from tests.web.lives import Player, play

ORGANISATIONS = (
    OrganisationDetails(name="Revenue Office", slug="revenue-office", kind="department", jurisdiction="GB",
                        aliases=(("RO", None), ("Swyddfa Refeniw", "cy")), website="https://revenue.example/"),
    OrganisationDetails(name="Valuation Agency", slug="valuation-agency", kind="agency", parent="revenue-office"),
    OrganisationDetails(name="Riverton Council", slug="riverton-council", kind="local-authority", area="E09000001"),
    OrganisationDetails(name="Quiet Body", slug="quiet-body"),
)  # fmt: skip

TAX: Json = {
    "schemaVersion": DATASET_VERSION,
    "kind": "dataset",
    "title": "Tax returns",
    "description": "What people earn.\n\nOne line for each year.\n<b>Not bold</b>",
    "publisher": {"organisation": "revenue-office", "name": "Revenue Office"},
    "accessRights": "restricted",
    "rights": "Only for statistics.",
    "accessRequest": {
        "who": "Accredited researchers",
        "basis": "Statistics Act s.1",
        "route": "Fill in the form",
        "url": "https://revenue.example/ask",
    },
    "legalBasis": ["Revenue Act 2005 s.18"],
    "keyword": ["income", "self-assessment"],
    "theme": ["economy"],
    "temporal": [{"start": "2015", "end": "2019-04"}],
    "spatial": [{"name": "Riverton"}],
    "accrualPeriodicity": "annual",
    "provenance": {"source": "transcribed", "sourceAddress": "https://revenue.example/tax", "seen": "The whole page."},
}
ROADS: Json = {
    "schemaVersion": DATASET_VERSION,
    "kind": "dataset",
    "title": "Roads of Riverton",
    "description": "Every road, with fraud-proof surface.",
    "publisher": {"organisation": "riverton-council", "name": "Riverton Council"},
    "accessRights": "open",
    "licence": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "modified": "2019-04-05",
    "landingPage": "https://riverton.example/roads",
    "distribution": [
        {
            "title": "All roads",
            "format": "CSV",
            "byteSize": 3_400_000,
            "downloadURL": "https://riverton.example/roads.csv",
            "checksum": {"algorithm": "SHA-256", "value": "9f86d081884c7d659a2feaa0c55ad015" * 2},
            "column": [
                {"name": "road_id", "type": "string", "description": "The number of the road."},
                {"name": "length", "title": "Length of the road", "type": "number", "unit": "km"},
            ],
        },
        {"accessURL": "https://riverton.example/map", "format": "HTML"},
    ],
    "extras": {"colour": "green"},
    "provenance": {"source": "imported", "sourceName": "Riverton open data"},
}
SECRET: Json = {
    "schemaVersion": DATASET_VERSION,
    "kind": "dataset",
    "title": "Sealed records",
    "accessRights": "closed",
    "provenance": {"source": "foi"},
}
SERVICE: Json = {
    "schemaVersion": DATASET_VERSION,
    "kind": "data-service",
    "title": "Valuation service",
    "description": "Answers questions about property.",
    "publisher": {"organisation": "valuation-agency", "name": "Valuation Agency"},
    "endpointURL": ["https://valuation.example/api"],
    "provenance": {"source": "transcribed"},
}

FRAUD: Json = {
    "id": "digital-economy-act-2017-s56",
    "title": "Disclosure of information to combat fraud",
    "instrument": "Digital Economy Act 2017",
    "provision": "section 56",
    "url": "https://www.legislation.gov.uk/ukpga/2017/30/section/56",
    "jurisdiction": "GB",
    "kind": "may-share",
    "allows": "Public bodies may tell each other\nwhat they need to find fraud.",
    "identifiers": [{"scheme": "list", "id": "7"}],
    "inForce": [{"from": "2018-05-01"}],
    "bodies": [
        {"name": "Revenue Office", "organisation": "revenue-office", "from": "2018-05-01"},
        {"name": "A district council in England", "class": True},
    ],
    "provenance": {"source": "transcribed", "sourceName": "The act", "seen": "The section"},
}
TOLLS: Json = {"id": "bridge-act-1890-s2", "title": "Collecting tolls", "inForce": [{"from": "1890"}]}

_FULL: Json = {
    "schemaVersion": AGREEMENT_VERSION,
    "title": "Finding fraud in Council Tax",
    "summary": "The Revenue Office tells Riverton Council who earns what, so that it finds fraud.",
    "parties": [
        {
            "organisation": "revenue-office",
            "name": "The Revenue Office",
            "flowRole": ["discloser"],
            "dataProtectionRole": "controller",
            "contact": "privacy@revenue.example",
        },
        {"organisation": "riverton-council", "name": "Riverton Council", "flowRole": ["recipient"]},
    ],
    "purpose": "To find fraud.\n• in claims\n• in discounts",
    "purposeCategories": ["fraud"],
    "expectedBenefits": [{"who": "Taxpayers", "text": "Less is lost."}],
    "legalPowers": [
        {"title": "Combating fraud", "instrument": "Digital Economy Act 2017", "provision": "s.56",
         "url": "https://www.legislation.gov.uk/ukpga/2017/30/section/56"}
    ],
    "flows": [
        {
            "from": "The Revenue Office",
            "to": "Riverton Council",
            "basis": "stated",
            "datasets": [
                {
                    "catalogueId": "tax-returns",
                    "title": "Tax returns of residents",
                    "dataSubjects": [{"group": "local-taxpayers", "description": "People who pay Council Tax"}],
                    "identifiability": "identifiable",
                    "dataItems": [{"name": "Name"}, {"name": "Income"}],
                    "recordsApprox": 40000,
                }
            ],
        }
    ],
    "effectOnIndividuals": "A person looks at every match before anything happens.",
    "retention": {"sharedData": {"duration": "P1Y6M", "trigger": "receipt"}},
    "effectiveFrom": "2025-04-01",
    "endsOn": "2027-03-31",
    "nextReviewOn": "2025-12-01",
    "dpia": {"status": "done", "date": "2025-01"},
    "rightsHandling": {"text": "Write to the council."},
    "complaints": {"text": "To the Information Commissioner."},
    "documents": [{"type": "agreement", "title": "The text", "url": "https://revenue.example/dua.pdf"}],
    "provenance": {"source": "official", "registeredBy": "Revenue Office"},
}  # fmt: skip
_BARE: Json = {
    "schemaVersion": AGREEMENT_VERSION,
    "title": "A bare agreement",
    "parties": [{"name": "Someone"}],
    "provenance": {"source": "transcribed"},
}
_BOTH_SIDES: Json = {
    "schemaVersion": AGREEMENT_VERSION,
    "title": "Both send and both receive",
    "parties": [
        {"organisation": "revenue-office", "name": "Revenue Office", "flowRole": ["discloser", "recipient"]},
        {"organisation": "riverton-council", "name": "Riverton Council", "flowRole": ["discloser", "recipient"]},
    ],
    "flows": [{"datasets": [{"description": "Names and addresses"}]}],
    "effectiveFrom": "2018-09-06",
    "endsOn": "2019-03-31",
    "externalIds": [{"scheme": "register-x", "id": "7"}],
    "provenance": {"source": "imported", "register": "Register X"},
}


def fill(database: Database, place: SearchPlace, clock: FakeClock, ids: Ids, randomness: Randomness) -> None:
    """Put the records in, and take them into the index."""
    with database.write() as session:
        open_register(session)
        for details in ORGANISATIONS:
            record_organisation(session, details, clock, ids)
        _datasets(session, clock, ids)
        _powers(session, clock, ids)
        _agreements(session, clock, ids, randomness)
        play(Player(session, Tools(clock, ids, randomness), clock).people())
    drain(database, place, clock)


def _datasets(session: Session, clock: Clock, ids: Ids) -> None:
    known = hold_contact(session, {"name": "Data desk", "email": "data@riverton.example"}, "test", clock, ids)
    erased = hold_contact(session, {"name": "Jo Bloggs", "email": "jo@revenue.example"}, "test", clock, ids)
    documents = (
        ("roads", {**ROADS, "contactPoint": known}),
        ("roads", {**ROADS, "title": "Roads in Riverton", "contactPoint": known}),
        ("tax", {**TAX, "contactPoint": erased}),
        ("secret", SECRET),
        ("service", SERVICE),
    )
    for identifier, document in documents:
        recorded = record_dataset(
            session, LOCAL_REGISTRAR, document, source="test", identifier=identifier, clock=clock, ids=ids
        )
        if identifier == "secret":
            withdraw_dataset(session, LOCAL_REGISTRAR, recorded.resource, "It was burnt", clock)
    contact = session.get_one(Contact, erased)
    contact.name = contact.email = contact.digest = None
    contact.erased_at = clock()


def _powers(session: Session, clock: Clock, ids: Ids) -> None:
    record_power(session, LOCAL_REGISTRAR, FRAUD, PowerSource(), clock=clock, ids=ids)
    _, tolls = record_power(session, LOCAL_REGISTRAR, TOLLS, PowerSource(), clock=clock, ids=ids)
    retire_power(session, LOCAL_REGISTRAR, tolls, date(1990, 5, 31), "The bridge was paid.", clock=clock)


def _agreements(session: Session, clock: Clock, ids: Ids, randomness: Randomness) -> None:
    sign_agreement(session, LOCAL_REGISTRAR, _FULL, Source(), clock=clock, ids=ids, randomness=randomness)
    sign_agreement(session, LOCAL_REGISTRAR, _BARE, Source(), clock=clock, ids=ids, randomness=randomness)
    first = Source("7a", datetime(2019, 2, 25, tzinfo=UTC))
    old = {**_BOTH_SIDES, "endsOn": "2019-02-28"}
    imported = sign_agreement(session, LOCAL_REGISTRAR, old, first, clock=clock, ids=ids, randomness=randomness)
    second = Source("7b", datetime(2019, 4, 5, tzinfo=UTC))
    revise_agreement(
        session, LOCAL_REGISTRAR, imported, "amended", _BOTH_SIDES, second, clock=clock, ids=ids, randomness=randomness
    )
    gone = sign_agreement(
        session,
        LOCAL_REGISTRAR,
        {**_BARE, "title": "A withdrawn agreement"},
        Source(),
        clock=clock,
        ids=ids,
        randomness=randomness,
    )
    append(session, locked_head(session), NewEvent(gone.id, "withdrawn"), clock)
    project(session, gone.id, clock, ids)
