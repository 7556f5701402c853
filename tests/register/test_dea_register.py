"""The real register of the Digital Economy Act, from its RSF file into the database, on either engine."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from catalogue.contacts import Contact, is_role_address
from catalogue.formats.rsf import RsfRegister, read_rsf
from catalogue.organisations.record import OrganisationDetails, find_organisation
from register.agreements.models import Agreement, AgreementBody, AgreementEvent
from register.agreements.read import agreements_of, state_now, versions_of
from register.agreements.rebuild import differing_agreements
from register.agreements.record import find_agreement
from register.commands.importing import read_code_tables
from register.formats.rsf import DEA_REGISTER, Resolved, agreement_from_rsf, agreement_to_rsf, number_scheme
from register.importing import CodeTables, import_rsf
from schemas.database.engine import Database
from schemas.database.outbox import waiting
from schemas.outcomes import Action, Outcome
from tests.register.making import Register, numbers_and_times

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


@pytest.fixture(scope="module")
def folder(trial_data: Path) -> Path:
    return trial_data / "agreements" / "dea-register-2019"


@pytest.fixture(scope="module")
def dea(folder: Path) -> RsfRegister:
    return read_rsf((folder / f"{DEA_REGISTER}.rsf").read_bytes(), f"{DEA_REGISTER}.rsf")


@pytest.fixture(scope="module")
def codes(folder: Path) -> CodeTables:
    return read_code_tables(tuple(sorted(set(folder.glob("*.rsf")) - {folder / f"{DEA_REGISTER}.rsf"})))


def take(database: Database, register: Register, dea: RsfRegister, codes: CodeTables) -> list[Outcome]:
    with database.write() as session:
        return list(import_rsf(session, register.importer, dea, codes))


def everything_in(database: Database) -> str:
    """Every value of every table, as text."""
    with database.engine.connect() as connection:
        tables = inspect(database.engine).get_table_names()
        return "\n".join(str(row) for table in tables for row in connection.execute(text(f'SELECT * FROM "{table}"')))


def test_the_whole_register_comes_in_and_a_second_time_nothing_happens(
    open_database: Database, register: Register, dea: RsfRegister, codes: CodeTables
) -> None:
    outcomes = take(open_database, register, dea, codes)
    assert Counter(outcome.action for outcome in outcomes) == {Action.ADDED: 38}
    with open_database.read() as session:
        events = session.query(AgreementEvent).order_by(AgreementEvent.number).all()
        assert [number for number, _ in numbers_and_times(session)] == list(range(1, 41))
        assert Counter(event.event for event in events) == {"signed": 38, "amended": 1, "corrected": 1}
        times = {
            f"{DEA_REGISTER}:{entry.key}@{entry.number}#{entry.item_sha256}": entry.timestamp for entry in dea.entries
        }
        assert {event.source_entry: event.registered_on for event in events} == times
        assert {event.recorded_at for event in events} == {register.clock()}
        assert differing_agreements(session) == []
        assert len(waiting(session, 100)) == 40
    before = everything_in(open_database)
    register.clock.advance(days=1)
    again = take(open_database, register, dea, codes)
    assert Counter(outcome.action for outcome in again) == {Action.UNCHANGED: 38}
    assert everything_in(open_database) == before


@pytest.fixture
def taken(open_sqlite: Database, register: Register, dea: RsfRegister, codes: CodeTables) -> Database:
    take(open_sqlite, register, dea, codes)
    return open_sqlite


def numbered(session: object, number: str) -> Agreement:
    return find_agreement(session, f"{number_scheme(DEA_REGISTER)}:{number}")  # type: ignore[arg-type]


def test_two_agreements_have_a_second_version_and_what_changed_in_it(taken: Database) -> None:
    changed = {}
    with taken.read() as session:
        for row in session.query(Agreement):
            versions = versions_of(session, row)
            for before, after in pairwise(versions):
                members = before.document.keys() | after.document.keys()
                number = row.document["externalIds"][0]["id"]
                changed[number] = (
                    after.event,
                    {name for name in members if before.document.get(name) != after.document.get(name)},
                )
    assert changed == {
        "2": ("amended", {"endsOn"}),
        "4": ("corrected", {"legalPowers", "purposeCategories"}),
    }


def test_where_a_body_stands_on_both_sides_nobody_is_said_to_send(taken: Database) -> None:
    kinds: Counter[str] = Counter()
    with taken.read() as session:
        for row in session.query(Agreement):
            roles = [set(party["flowRole"]) for party in row.document["parties"]]
            directed = [flow for flow in row.document["flows"] if "from" in flow or "to" in flow]
            if any({"discloser", "recipient"} <= held for held in roles):
                kinds["both sides"] += 1
                assert directed == []
            elif not any("recipient" in held for held in roles):
                kinds["no recipient"] += 1
                assert directed == []
            else:
                kinds["told apart"] += 1
                assert all(flow["basis"] == "source-fields" and {"from", "to"} <= flow.keys() for flow in directed)
                assert directed
    assert kinds == {"both sides": 31, "no recipient": 4, "told apart": 3}


def test_organisations_are_those_the_codes_mean(taken: Database) -> None:
    with taken.read() as session:
        for row in session.query(Agreement):
            for stated, party in zip(row.document["parties"], row.parties, strict=True):
                assert (party.organisation is not None) == ("identifiers" in stated), party.name
        tax = find_organisation(session, "government-organisation:EA74")
        assert len(agreements_of(session, tax)) >= 1


def test_a_code_that_means_nothing_is_told_and_kept_as_it_stands(
    open_sqlite: Database, register: Register, dea: RsfRegister, codes: CodeTables
) -> None:
    outcomes = take(open_sqlite, register, dea, codes)
    (told,) = [outcome for outcome in outcomes if outcome.problems]
    (problem,) = told.problems
    assert told.identifier == f"{DEA_REGISTER}:4"
    assert problem.severity == "warning"
    assert "line 66, entry 4, key 4" in problem.message
    with open_sqlite.read() as session:
        first = versions_of(session, numbered(session, "4"))[0]
        (power,) = first.document["legalPowers"]
        assert power["title"] == f"{power['identifier']['scheme']}:{power['identifier']['id']}"
        assert power["title"] in problem.message


def test_without_code_tables_everything_is_taken_and_every_code_told(
    open_sqlite: Database, register: Register, dea: RsfRegister
) -> None:
    outcomes = take(open_sqlite, register, dea, CodeTables({}, {}))
    assert {outcome.action for outcome in outcomes} == {Action.ADDED}
    assert all(outcome.problems for outcome in outcomes)
    with open_sqlite.read() as session:
        named = {party["name"] for row in session.query(Agreement) for party in row.document["parties"]}
        assert any(name.startswith("government-organisation:") for name in named)
        assert differing_agreements(session) == []


def test_nobody_s_name_and_no_person_s_address_lies_where_nothing_can_be_erased(
    open_database: Database, register: Register, dea: RsfRegister, codes: CodeTables
) -> None:
    take(open_database, register, dea, codes)
    with open_database.read() as session:
        sealed = " ".join(json.dumps(body.sealed) for body in session.query(AgreementBody))
        rows = " ".join(json.dumps(row.document) for row in session.query(Agreement))
        outbox = " ".join(json.dumps(row.document) for row in waiting(session, 100))
        addresses = {address.rstrip(".") for address in EMAIL.findall(sealed + rows + outbox)}
        assert len(addresses) > 20
        assert {address for address in addresses if not is_role_address(address)} == set()
        contacts = {contact.source: (contact.email, contact.address) for contact in session.query(Contact)}
        assert contacts.keys() == {f"{DEA_REGISTER}:27", f"{DEA_REGISTER}:38"}
        for source, (email, address) in contacts.items():
            document = numbered(session, source.rpartition(":")[2]).document
            assert document["rightsHandling"].keys() == {"contactRecord"}
            assert (email or address or "?").split("\n")[0] not in sealed + rows + outbox


def test_custodians_of_the_register_are_nowhere(
    folder: Path, open_sqlite: Database, register: Register, dea: RsfRegister, codes: CodeTables
) -> None:
    take(open_sqlite, register, dea, codes)
    with open_sqlite.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    path = open_sqlite.engine.url.database
    assert path is not None
    stored = Path(path).read_bytes()
    names = [
        json.loads(line.partition("\t")[2])["custodian"]
        for file in folder.glob("*.rsf")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith('add-item\t{"custodian"')
    ]
    assert names
    assert [name for name in names if name.encode() in stored] == []
    assert b"Digital Economy Act" in stored  # what is stored can be found in the file at all


def test_states_are_computed_and_none_is_active_without_an_end(taken: Database) -> None:
    with taken.read() as session:
        rows = session.query(Agreement).all()
        for row in rows:
            for event in session.query(AgreementEvent).filter_by(agreement_id=row.id):
                state = state_now(row, event.registered_on.date())
                assert state != "in-force" or (row.effective_from and row.ends_on)


def resolver(codes: CodeTables) -> object:
    """What a code means, without a database."""
    named: Mapping[str, OrganisationDetails] = codes.organisations

    def resolve(code: str) -> Resolved | None:
        if code in named:
            return Resolved(named[code].name, "x")
        return Resolved(codes.names[code]) if code in codes.names else None

    return resolve


def test_every_item_survives_the_way_there_and_back(dea: RsfRegister, codes: CodeTables) -> None:
    resolve: object = resolver(codes)
    for entry in dea.entries:
        item = entry.item or {}
        read = agreement_from_rsf(item, dea.name, dea.title, resolve)  # type: ignore[arg-type]
        written = agreement_to_rsf(read.document, dea.name)
        again = agreement_from_rsf(written, dea.name, dea.title, resolve)  # type: ignore[arg-type]
        assert again.document == read.document
        stated = {name: value for name, value in item.items() if value not in ("", [])}
        if read.contact:
            stated.pop("contact")
        assert written.keys() == stated.keys()
        for name, value in stated.items():
            if name == "contact":
                assert re.split(r"\s*;\s*", value) == written[name].split(";")
            else:
                assert written[name] == value, name
