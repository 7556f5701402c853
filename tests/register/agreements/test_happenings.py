"""The history that flags and obligations are read out of, from the database: details, powers and related agreements."""

from datetime import date

from register.agreements.body import seal
from register.agreements.events import NewEvent, append, locked_head
from register.agreements.happenings import histories_of, surroundings_of
from register.agreements.projection import project
from register.agreements.read import all_agreements
from register.powers.record import PowerSource, record_power
from register.reports import flags_in
from schemas.actor import LOCAL_REGISTRAR
from schemas.database.engine import Database
from tests.register.making import Register, agreement

DAY = date(2026, 6, 1)


def test_flags_see_details_powers_and_related_agreements(open_database: Database, register: Register) -> None:
    law = {"instrument": "Water Act 1990", "provision": "s.5"}
    power = {"id": "water", "title": "Water power", **law, "inForce": [{"from": "2000-01-01", "until": "2026-04-30"}]}
    numbered = [{"scheme": "list", "id": "7"}]
    renewed = {"effectiveFrom": "2026-03-11", "endsOn": "2027-03-10", "legalPowers": [law]}
    with open_database.write() as session:
        record_power(session, LOCAL_REGISTRAR, power, PowerSource(), clock=register.clock, ids=register.ids)
        register.sign(session, agreement(effectiveFrom="2026-01-01", endsOn="2030-01-01", externalIds=numbered))
        for relation in ({"agreement": "dg-1"}, {"externalId": numbered[0]}):
            register.sign(session, agreement(**renewed, relatedAgreements=[{"relation": "renews", **relation}]))
        details = {"endedOn": "2026-02-28", "reason": "It met its aim."}
        new = NewEvent("dg-1", "terminated", details=seal(details, register.randomness))
        append(session, locked_head(session), new, register.clock)
        project(session, "dg-1", register.clock, register.ids)
    with open_database.read() as session:
        agreements = all_agreements(session)
        histories = histories_of(session, agreements)
        assert [(one.event, one.version, one.details) for one in histories["dg-1"]] == [
            ("signed", 1, None),
            ("terminated", None, details),
        ]
        related = surroundings_of(session, agreements)["dg-3"].related
        assert {key: one.ends_on for key, one in related.items()} == {"dg-1": "2026-02-28", "list:7": "2026-02-28"}
        found = {(one.id, flag.code, flag.value) for one, flag in flags_in(session, agreements, DAY)}
    assert {
        ("dg-1", "ended-not-closed", "2026-02-28"),
        ("dg-2", "gap", "10"),
        ("dg-3", "gap", "10"),
        ("dg-2", "power-not-in-force", "2026-06-01"),
    } <= found
    assert not {("dg-1", "gap"), ("dg-1", "power-not-in-force")} & {(agreement, code) for agreement, code, _ in found}
