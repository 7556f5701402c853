import pytest

from catalogue.harvest.addresses import checked_addresses, is_allowed
from schemas.errors import Refused, Unreachable


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed(address, allow_private=False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "100.64.0.1",
    ],
)
def test_addresses_of_an_own_network_are_refused_unless_vouched_for(address: str) -> None:
    assert not is_allowed(address, allow_private=False)
    assert is_allowed(address, allow_private=True) is (address != "100.64.0.1")


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "fe80::1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "ff02::1",
        "240.0.0.1",
        "255.255.255.255",
    ],
)
def test_some_addresses_are_never_allowed(address: str) -> None:
    assert not is_allowed(address, allow_private=False)
    assert not is_allowed(address, allow_private=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "2130706433", "0x7f.1"])
def test_other_spellings_of_this_machine_are_seen_through(host: str) -> None:
    with pytest.raises(Refused, match="not a public address") as refused:
        checked_addresses(host, 80, allow_private=False)
    assert "--allow-private" in refused.value.advice


def test_a_name_that_no_machine_has_is_told() -> None:
    with pytest.raises(Unreachable, match="no machine"):
        checked_addresses("nowhere.invalid", 80, allow_private=False)
