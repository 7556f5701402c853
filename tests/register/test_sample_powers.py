"""The sample powers: right by the schema, known by the sample agreements, and none of them says that a body may not."""

from register.powers.record import check_power
from register.samples import sample_agreements, sample_powers

POWERS = sample_powers()


def test_each_is_right_and_says_where_it_comes_from() -> None:
    assert [(power["id"], check_power(power)) for power in POWERS if check_power(power)] == []
    assert all(power["provenance"]["source"] == "transcribed" for power in POWERS)
    assert len({power["id"] for power in POWERS}) == len(POWERS)


def test_no_list_of_theirs_is_called_complete() -> None:
    assert not any(power.get("bodiesComplete") for power in POWERS)


def test_their_laws_are_those_that_sample_agreements_name() -> None:
    named = {
        power["instrument"]
        for sample in sample_agreements()
        for power in sample.document.get("legalPowers", ())
        if "instrument" in power
    }
    assert {power["instrument"] for power in POWERS} <= named
