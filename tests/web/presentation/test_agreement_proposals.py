"""What became of a proposed change."""

import pytest

from web.presentation.agreement_proposals import Fate, Proposal, fate_of

SIGNED, PROPOSED = Proposal(1, "signed", 1), Proposal(5, "amendment-proposed", None)


@pytest.mark.parametrize(
    ("later", "living", "waits", "compared_with", "followed_by"),
    [
        ([], True, True, 1, None),
        ([], False, False, 1, None),
        ([Proposal(6, "corrected", 2)], True, True, 2, None),
        ([Proposal(6, "corrected", 2), Proposal(7, "amended", 3)], True, False, 1, 3),
        ([Proposal(6, "amendment-proposed", None), Proposal(7, "amended", 2)], True, False, 1, None),
    ],
)
def test_a_proposal_waits_until_it_is_agreed_replaced_or_overtaken(
    later: list[Proposal], living: bool, waits: bool, compared_with: int, followed_by: int | None
) -> None:
    fate = fate_of([SIGNED, PROPOSED, *later], 5, living=living)
    assert fate == Fate(waits, fate.sentence, compared_with, followed_by)
    assert fate.sentence.endswith(".")
