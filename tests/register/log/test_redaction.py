"""Blanking: declared, gone from every body that holds it, the rest verifies; and nothing else can change a body."""

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from register.agreements.body import body_hash, seal
from register.agreements.events import NewEvent, append, body_document, events_of, locked_head
from register.agreements.models import Agreement, AgreementBody, AgreementEvent, AgreementNumber
from register.agreements.projection import project
from register.agreements.read import versions_of
from register.agreements.rebuild import differing_agreements
from register.lifecycle.acting import Tools
from register.log.leaf import read_leaf
from register.log.models import LogEntry
from register.log.redaction import AlreadyBlanked, Redacted, Redaction, redact
from register.log.store import read_body
from schemas.actor import LOCAL_REGISTRAR, Actor, Role
from schemas.canonical import Json, canonical_bytes
from schemas.database.engine import Database
from schemas.errors import InvalidInput, InvalidRecord, NotFound, Refused
from tests.register.making import Register, agreement

CONTACT = "privacy.office@rivers.example"
PARTIES = [
    {"name": "Ministry of Rivers", "flowRole": ["discloser"], "contact": CONTACT},
    {"name": "Bridges Office", "flowRole": ["recipient"]},
]
WHY = "It names a person"


@pytest.fixture
def filled(open_database: Database, register: Register) -> Database:
    """Three versions: the contact stands in the first two, and moved within its list in the third."""
    with open_database.write() as session:
        numbers = [{"scheme": "elsewhere", "id": "A-77"}]
        found = register.sign(session, agreement(parties=PARTIES, purpose="To mend bridges", externalIds=numbers))
        register.revise(session, found, agreement(parties=PARTIES, purpose="To paint bridges", externalIds=numbers))
        register.revise(session, found, agreement(parties=PARTIES[::-1], purpose="To paint bridges"))
        details = seal({"reason": f"Ask {CONTACT} about it"}, register.randomness)
        suspended = NewEvent(agreement_id="dg-1", event="suspended", details=details, schema_version="1.0.0")
        append(session, locked_head(session), suspended, register.clock)
        project(session, "dg-1", register.clock, register.ids)
    return open_database


def blank(
    database: Database, register: Register, pointer: str, actor: Actor = LOCAL_REGISTRAR, **more: Any
) -> Redacted:
    with database.write() as session:
        wanted = Redaction(pointer, more.pop("reason", WHY), **more)
        tools = Tools(register.clock, register.ids, register.randomness)
        return redact(session, actor, session.get_one(Agreement, "dg-1"), wanted, tools)


def documents(database: Database) -> list[Json]:
    with database.read() as session:
        return [version.document for version in versions_of(session, session.get_one(Agreement, "dg-1"))]


def contacts(database: Database) -> list[list[str | None]]:
    return [[party.get("contact") for party in document["parties"]] for document in documents(database)]


def everything_kept(database: Database) -> str:
    """All rows of all tables that a reader of the database finds."""
    tables = "agreement_body agreement agreement_party agreement_event agreement_number log_entry".split()
    with database.engine.connect() as connection:
        return "\n".join(str(row) for name in tables for row in connection.execute(text(f"SELECT * FROM {name}")))


def require_whole(database: Database) -> None:
    """Every body has the hash it is called by, and the rows are what the events say."""
    with database.read() as session:
        for body in session.scalars(select(AgreementBody)):
            file = json.loads(read_body(session, body.sha256))
            assert body_hash(_digest(item) for item in file["values"]) == body.sha256
        assert differing_agreements(session) == []


def _digest(item: list[Any]) -> bytes:
    if item[1] is None:
        _, salt, value, digest = item
        assert salt is value is None
        return bytes.fromhex(digest)
    return _value_digest(item)


def _value_digest(item: list[Any]) -> bytes:
    return hashlib.sha256(canonical_bytes(item)).digest()


def test_a_value_is_gone_from_every_version_that_holds_it(filled: Database, register: Register) -> None:
    done = blank(filled, register, "/parties/1/contact", law="UK GDPR Article 17")
    assert [(one.version, one.pointer) for one in done.blanked] == [
        (1, "/parties/0/contact"),
        (2, "/parties/0/contact"),
        (3, "/parties/1/contact"),
    ]
    assert [[party.get("contact") for party in document["parties"]] for document in documents(filled)] == [
        [None] * 2
    ] * 3
    assert documents(filled)[0]["purpose"] == "To mend bridges"
    assert done.left == ("event 4 has the same words at /events/4/reason",)
    require_whole(filled)


def test_each_blanked_value_is_declared_by_an_entry_of_the_log(filled: Database, register: Register) -> None:
    done = blank(filled, register, "/parties/1/contact", law="UK GDPR Article 17")
    with filled.read() as session:
        events = [event for event in events_of(session, "dg-1") if event.event == "redacted"]
        said = [body_document(session, event.details_sha256 or "") for event in events]
        assert said == [
            {"version": one.version, "pointer": one.pointer, "reason": WHY, "law": "UK GDPR Article 17"}
            for one in done.blanked
        ]
        logged = session.scalars(select(LogEntry).order_by(LogEntry.seq)).all()[-3:]
        assert [read_leaf(row.entry.encode()).details_sha256 for row in logged] == [  # type: ignore[union-attr]
            event.details_sha256 for event in events
        ]
        proceedings = session.get_one(Agreement, "dg-1").proceedings
        assert proceedings is not None
        assert [entry["pointer"] for entry in proceedings["redactions"]] == [one.pointer for one in done.blanked]


def test_what_an_event_says_can_be_blanked(filled: Database, register: Register) -> None:
    done = blank(filled, register, "/events/4/reason")
    assert [(one.version, one.pointer) for one in done.blanked] == [(3, "/events/4/reason")]
    with filled.read() as session:
        event = session.get_one(AgreementEvent, 4)
        assert body_document(session, event.details_sha256 or "") == {"reason": "[blanked]"}
        proceedings = session.get_one(Agreement, "dg-1").proceedings
        assert proceedings is not None
        assert proceedings["suspension"]["reason"] == "[blanked]"
    require_whole(filled)


def test_nothing_of_it_is_left_in_any_row(filled: Database, register: Register) -> None:
    assert CONTACT in everything_kept(filled)
    salts = _salts_of(filled, CONTACT)
    blank(filled, register, "/parties/1/contact")
    blank(filled, register, "/events/4/reason")
    kept = everything_kept(filled)
    assert CONTACT not in kept
    assert len(salts) == 3
    assert not any(salt in kept for salt in salts)


def _salts_of(database: Database, words: str) -> list[str]:
    with database.read() as session:
        return [item[1] for body in session.scalars(select(AgreementBody)) for item in body.sealed if item[2] == words]


def test_one_version_alone(filled: Database, register: Register) -> None:
    blank(filled, register, "/parties/0/contact", version=2)
    assert contacts(filled) == [[CONTACT, None], [None, None], [None, CONTACT]]
    require_whole(filled)


def test_another_value_of_the_same_place_is_told_and_left(filled: Database, register: Register) -> None:
    done = blank(filled, register, "/purpose")
    assert [one.version for one in done.blanked] == [2, 3]
    assert documents(filled)[0]["purpose"] == "To mend bridges"
    assert done.left == ("version 1 has another value at /purpose; blank it with --version 1",)


@pytest.mark.parametrize(
    ("pointer", "left"),
    [
        ("/title", lambda document: document["title"] == "[blanked]"),
        ("/parties/0/name", lambda document: document["parties"][0]["name"] == "[blanked]"),
        ("/parties/1", lambda document: document["parties"][1:] == [{"name": "[blanked]"}]),
        ("/externalIds/0/id", lambda document: "externalIds" not in document),
        ("/provenance/source", None),
        ("/schemaVersion", None),
        ("/id", None),
    ],
)
def test_what_is_left_can_still_be_read(filled: Database, register: Register, pointer: str, left: Any) -> None:
    if left is None:
        with pytest.raises(InvalidInput, match="cannot be blanked"):
            blank(filled, register, pointer, version=2)
        return
    blank(filled, register, pointer, version=2)
    assert left(documents(filled)[1])
    require_whole(filled)


def test_a_number_elsewhere_that_was_blanked_is_free_of_its_row(filled: Database, register: Register) -> None:
    with filled.write() as session:
        found = session.get_one(Agreement, "dg-1")
        register.revise(session, found, agreement(externalIds=[{"scheme": "elsewhere", "id": "A-77"}]))
        assert session.get(AgreementNumber, ("elsewhere", "A-77"))
    blank(filled, register, "/externalIds/0/id")
    with filled.read() as session:
        assert session.get(AgreementNumber, ("elsewhere", "A-77")) is None
    require_whole(filled)


def test_who_may_not_and_what_is_not_there(filled: Database, register: Register) -> None:
    approver = Actor("someone", "1", frozenset({Role.APPROVER, Role.EDITOR, Role.ADMINISTRATOR}))
    before = everything_kept(filled)
    with pytest.raises(Refused, match="Only the registrar"):
        blank(filled, register, "/purpose", actor=approver)
    for pointer in ("/nothing", "/parties/7/contact", "/events/1/reason", "/events/99/reason", "/events/4"):
        with pytest.raises(NotFound):
            blank(filled, register, pointer)
    for pointer in ("purpose", "", "/", "/parties/"):
        with pytest.raises(InvalidInput, match="no JSON Pointer"):
            blank(filled, register, pointer)
    with pytest.raises(NotFound, match="no version 9"):
        blank(filled, register, "/purpose", version=9)
    with pytest.raises(InvalidInput, match="repeats"):
        blank(filled, register, "/purpose", reason="“to paint bridges” is not lawful")
    with pytest.raises(InvalidRecord):
        blank(filled, register, "/purpose", reason=" ")
    assert everything_kept(filled) == before


def test_a_second_time_says_so(filled: Database, register: Register) -> None:
    blank(filled, register, "/purpose", version=2)
    with pytest.raises(AlreadyBlanked):
        blank(filled, register, "/purpose", version=2)


def test_a_redaction_s_own_reason_can_be_blanked_and_its_place_cannot(filled: Database, register: Register) -> None:
    blank(filled, register, "/purpose", version=2)
    blank(filled, register, "/events/5/reason", reason="It said too much")
    with filled.read() as session:
        event = session.get_one(AgreementEvent, 5)
        said = body_document(session, event.details_sha256 or "")
    assert said == {"version": 2, "pointer": "/purpose", "reason": "[blanked]"}
    for pointer in ("/events/5/pointer", "/events/5/version"):
        with pytest.raises(InvalidInput):
            blank(filled, register, pointer, reason="Whatever")
    require_whole(filled)


def sealed_of(database: Database, version: int) -> tuple[str, list[Any]]:
    with database.read() as session:
        query = select(AgreementEvent).where(AgreementEvent.version == version)
        digest = session.scalars(query).one().body_sha256
        assert digest
        return digest, list(session.get_one(AgreementBody, digest).sealed)


def put(database: Database, sha256: str, sealed: object) -> None:
    with database.write() as session:
        statement = "UPDATE agreement_body SET sealed = :sealed WHERE sha256 = :sha256"
        if not database.is_sqlite:
            statement = statement.replace(":sealed", "CAST(:sealed AS jsonb)")
        session.execute(text(statement), {"sealed": json.dumps(sealed), "sha256": sha256})


def test_the_database_lets_nothing_but_a_declared_blanking_through(filled: Database, register: Register) -> None:
    blank(filled, register, "/purpose", version=2)  # declares version 2, /purpose, and no other
    sha256, sealed = sealed_of(filled, 2)
    place = next(place for place, item in enumerate(sealed) if item[0] == "/parties/0/contact")
    pointer, salt, value = sealed[place]
    digest = _value_digest(sealed[place]).hex()
    attempts: list[Any] = [
        sealed[1:],
        [*sealed, ["/new", "00" * 16, "x"]],
        sealed[::-1],
        {"0": sealed[0]},
        "text",
        [],
    ]
    attempts += [
        [item if at != place else other for at, item in enumerate(sealed)]
        for other in (
            [pointer, None, None, digest],  # right in form, and not declared
            [pointer, salt, "another@rivers.example"],
            [pointer, "11" * 16, value],
            [pointer, salt, None, digest],
            [pointer, None, value, digest],
            [pointer, None, None],
            [pointer, None, None, value],
            ["/purpose", None, None, digest],  # declared, and at another place
            None,
        )
    ]
    blanked = next(at for at, item in enumerate(sealed) if item[0] == "/purpose")
    attempts += [
        [item if at != blanked else other for at, item in enumerate(sealed)]
        for other in (["/purpose", None, None, "0" * 64], ["/purpose", "00" * 16, "To paint bridges"])
    ]
    first, of_first = sealed_of(filled, 1)
    wanted = [["/purpose", None, None, "0" * 64] if item[0] == "/purpose" else item for item in of_first]
    for digest_of, attempt in [*((sha256, one) for one in attempts), (first, wanted)]:
        with pytest.raises(DBAPIError):
            put(filled, digest_of, attempt)
    for statement in (
        "UPDATE agreement_body SET schema_version = '9.9.9'",
        "UPDATE agreement_body SET sha256 = 'x' || sha256",
        "DELETE FROM agreement_body",
    ):
        with pytest.raises(DBAPIError), filled.write() as session:
            session.execute(text(statement))
    assert sealed_of(filled, 2)[1] == sealed
    assert sealed_of(filled, 1)[1] == of_first
    put(filled, sha256, sealed)  # what changes nothing is no change


def test_a_declared_value_loses_itself_to_its_own_digest_alone(filled: Database, register: Register) -> None:
    """PostgreSQL compares the digest; SQLite cannot hash, takes any, and the body's own hash then tells."""
    sha256, sealed = sealed_of(filled, 1)
    with filled.write() as session:
        details = seal({"version": 1, "pointer": "/purpose", "reason": WHY}, register.randomness)
        declared = NewEvent(agreement_id="dg-1", event="redacted", details=details, schema_version="1.0.0")
        append(session, locked_head(session), declared, register.clock)

    def with_digest(digest: str) -> list[Any]:
        return [["/purpose", None, None, digest] if item[0] == "/purpose" else item for item in sealed]

    right = next(_value_digest(item).hex() for item in sealed if item[0] == "/purpose")
    if filled.is_sqlite:
        with pytest.raises(DBAPIError):
            put(filled, sha256, with_digest("no digest"))
    else:
        with pytest.raises(DBAPIError):
            put(filled, sha256, with_digest("0" * 64))
    put(filled, sha256, with_digest(right))
    assert ["/purpose", None, None, right] in sealed_of(filled, 1)[1]
