"""What pages call open is what the register calls due."""

from register.agreements.happenings import histories_of, surroundings_of
from register.agreements.read import all_agreements
from register.obligations import AGREE, ANSWER_DISPUTE, CONFIRM, REVIEW_OVERDUE, SIGN, obligations
from tests.web.conftest import Site
from tests.web.lives import BRIDGES, COUNCIL, FERRIES, RIVERS
from web.accounts.read import approver_organisations
from web.pages.organisations import makers_of
from web.presentation.agreement_matters import (
    AMENDMENT,
    DISPUTE,
    PROPOSAL,
    REVIEW,
    could_confirm,
    matters_of,
)
from web.presentation.agreement_matters import (
    CONFIRM as COULD_CONFIRM,
)

SAME = {SIGN: PROPOSAL, AGREE: AMENDMENT, ANSWER_DISPUTE: DISPUTE, REVIEW_OVERDUE: REVIEW}


def test_the_two_say_the_same(site: Site) -> None:
    day = site.clock().date()
    with site.database.read() as session:
        agreements = all_agreements(session)
        can = approver_organisations(session)
        around = surroundings_of(session, agreements, can_confirm=can)
        histories = histories_of(session, agreements)
        makers = makers_of(session, [agreement.id for agreement in agreements])
        due, told = set(), set()
        for one in agreements:
            for found in obligations(histories[one.id], one.standing, day, around[one.id], one.id):
                due |= {(one.id, SAME[found.code])} if found.code in SAME else set()
                due |= {(one.id, slug) for slug in found.organisations if found.code == CONFIRM}
            told |= {(one.id, matter.kind) for matter in matters_of(one, day, {})} & {
                (one.id, kind) for kind in SAME.values()
            }
            for slug in {RIVERS, COUNCIL, BRIDGES, FERRIES} & can:
                waiting = could_confirm(one, slug, makers.get(one.id), day)
                assert waiting is None or waiting.kind == COULD_CONFIRM
                told |= {(one.id, slug)} if waiting else set()
    assert told == due
    assert {kind for _, kind in told} >= set(SAME.values())
