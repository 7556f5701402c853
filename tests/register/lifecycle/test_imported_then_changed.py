"""What officials do to an imported record is not undone by importing the same file again."""

from register.agreements.models import Agreement
from register.importing import Importer, import_documents
from schemas.actor import LOCAL_REGISTRAR
from schemas.outcomes import Action, Outcome
from schemas.reading import Read
from tests.register.lifecycle.world import LEAD, World, complete


def imported(world: World, **members: object) -> Outcome:
    document = complete(externalIds=None, provenance={"source": "imported"}, **members)
    importer = Importer(LOCAL_REGISTRAR, world.clock, world.ids, world.randomness)
    with world.database.write() as session:
        (outcome,) = import_documents(session, importer, [Read("record 1", "list:1", document)])
    return outcome


def held(world: World) -> Agreement:
    return world.read("dg-1")


def test_what_an_official_wrote_stays(small_world: World) -> None:
    assert imported(small_world).action is Action.ADDED
    assert imported(small_world, scale="More").action is Action.CHANGED
    corrected = {**held(small_world).document, "scale": "Some"}
    small_world.act("dg-1", "corrected", {"reason": "It is less"}, by=LEAD, document=corrected)
    assert imported(small_world, scale="More").action is Action.UNCHANGED
    refused = imported(small_world, scale="Less")
    assert refused.action is Action.REFUSED
    assert "What the official wrote stays" in refused.problems[0].message
    assert (held(small_world).version, held(small_world).document["scale"]) == (3, "Some")


def test_a_source_that_returns_to_its_first_word_is_taken_until_somebody_here_changes_it(small_world: World) -> None:
    for scale in ("More", "Less", "More"):
        imported(small_world, scale=scale)
    assert held(small_world).version == 3
    assert imported(small_world, scale="More").action is Action.UNCHANGED
    small_world.act("dg-1", "corrected", {"reason": "So"}, document={**held(small_world).document, "scale": "Some"})
    assert imported(small_world, scale="More").action is Action.UNCHANGED
    assert imported(small_world, scale="Less").action is Action.REFUSED
