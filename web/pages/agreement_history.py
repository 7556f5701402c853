"""What happened to an agreement, event by event, and each change that was proposed."""

from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from register.agreements.events import body_document
from register.agreements.models import AgreementEvent
from schemas.canonical import Json
from schemas.errors import NotFound
from schemas.upgrades import upgrade
from web.context import session
from web.pages.agreement_life import Life, find, life_of, schema_of
from web.pages.datasets import number_in_address
from web.presentation.agreement_happened import organisation_link
from web.presentation.agreement_proposals import Proposal, fate_of
from web.presentation.changes import changes_between
from web.presentation.record import entries_of

blueprint = Blueprint("agreement_history", __name__)


@blueprint.get("/agreements/<number>/history")
def history(number: str) -> ResponseReturnValue:
    """What happened so far, newest first, with everything that each event says and what each version changed."""
    life = life_of(find(number))
    return render_template("agreement_history.html", agreement=life.agreement, lines=life.lines()[::-1])


@blueprint.get("/agreements/<number>/proposals/<event>")
def proposal(number: str, event: str) -> ResponseReturnValue:
    """What a proposed amendment would change, or would have changed; `event` is the number of its event."""
    life = life_of(find(number))
    wanted = number_in_address(event)
    for one in life.events:
        if one.number == wanted and one.event == "amendment-proposed" and one.body_sha256:
            return _proposal_page(life, one, upgrade(body_document(session(), one.body_sha256)))
    raise NotFound(f"Agreement {life.agreement.id} has no proposed change numbered {wanted}.")


def _proposal_page(life: Life, event: AgreementEvent, proposed: Json) -> str:
    facts = [Proposal(one.number, one.event, one.version) for one in life.events]
    fate = fate_of(facts, event.number, living=not life.is_over)
    compared = life.document(fate.compared_with)
    changes = changes_between(compared, proposed, schema_of(proposed))
    details = life.history[[one.number for one in life.events].index(event.number)].details or {}
    return render_template(
        "agreement_proposal.html",
        agreement=life.agreement,
        event=event,
        fate=fate,
        reason=details.get("reason", ""),
        note=details.get("note", ""),
        by=organisation_link(event.actor_organisation, life.names) if event.actor_organisation else None,
        sections=[(title, list(group)) for title, group in groupby(changes, key=lambda change: change.titles[0])],
        count=len(changes),
        entries=entries_of(proposed, schema_of(proposed)),
    )
