"""Legal powers: the list, and each one's page with who may use it and the agreements that rely on it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from register.powers.read import find_power, powers_table, revisions_of, search_powers
from register.powers.uses import uses_of
from schemas.cleaning import clean_text
from schemas.errors import NotFound
from web.context import session, today
from web.presentation import powers as shown
from web.presentation.summaries import agreement_line

blueprint = Blueprint("powers", __name__)

LONGEST_WORDS = 200


@blueprint.get("/powers")
def powers() -> ResponseReturnValue:
    """Every power by its name, or those with some words; and the laws that agreements name and no list here holds."""
    words = clean_text(request.args.get("q", ""))[0].strip()[:LONGEST_WORDS]
    table = powers_table(session())
    uses = uses_of(session(), table)
    found = search_powers(session(), words)
    lines = [shown.power_line(power, table, len(uses.known[power.id]), today()) for power in found]
    unlisted = [
        (", ".join(part for part in law if part), [(one.id, one.address, one.title) for one in agreements])
        for law, agreements in sorted(uses.unlisted.items())
    ]
    return render_template("powers.html", words=words, lines=lines, unlisted=[] if words else unlisted)


@blueprint.get("/powers/<name>")
def power(name: str) -> ResponseReturnValue:
    """One power. One that is law no longer keeps its page."""
    name = clean_text(name)[0]
    found = find_power(session(), name)
    if found.id != name:
        raise NotFound(f"There is no power “{name}”.")
    table = powers_table(session())
    agreements = uses_of(session(), table).known[found.id]
    (facts,) = table.known({"power": found.id})
    slugs = {row.id: body.organisation for row, body in zip(found.bodies, facts.bodies, strict=True)}
    now, before = shown.show_bodies(found.bodies, slugs)
    return render_template(
        "power.html",
        power=found,
        record=found.document,
        standing=shown.show_standing(found, table, today()),
        law=shown.law_link(found),
        place=shown.show_place(found.jurisdiction),
        bodies=now,
        bodies_before=before,
        how_known=shown.how_known(found, found.bodies),
        agreements=[agreement_line(agreement, today()) for agreement in agreements],
        revisions=shown.show_revisions(revisions_of(session(), found)),
    )
