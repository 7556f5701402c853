"""A party joins and leaves: pure."""

import pytest

from register.lifecycle.membership import with_party, without_party
from schemas.canonical import Json
from schemas.errors import Refused

DEAL: Json = {"parties": [{"name": "Ministry of Rivers"}, {"name": "Bridges Office"}]}
BRIDGES: Json = {"name": "Bridges Office"}


@pytest.mark.parametrize("details", [BRIDGES, {**BRIDGES, "leftOn": "2026-03-02"}])
def test_whoever_left_may_join_again_and_whoever_is_there_may_not(details: Json) -> None:
    with pytest.raises(Refused, match="is a party already"):
        with_party(DEAL, BRIDGES, {})
    left = without_party(DEAL, details)
    assert left["parties"][1]["agreementRole"] == ["withdrawn"]
    joined = with_party(left, BRIDGES, {})
    assert joined["parties"] == [
        {"name": "Ministry of Rivers"},
        {"name": "Bridges Office", "agreementRole": ["acceding"]},
    ]
