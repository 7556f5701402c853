"""Promises find their outcomes, however reviews word them."""

from schemas.canonical import Json
from web.presentation.agreement_promises import show_promises

DEAL: Json = {"expectedBenefits": [{"text": "Less is lost."}, {"text": "Fewer letters"}]}


def test_a_result_answers_the_promise_that_it_names_and_an_output_may_too() -> None:
    reviews: list[Json] = [
        {"realisedBenefits": [{"benefit": "less  is lost", "text": "£2m"}, {"benefit": "Unknown", "text": "Calm"}]},
        {"outputs": [{"benefit": "Fewer letters", "text": "A count"}, {"text": "A map"}]},
    ]
    shown = show_promises(DEAL, reviews, "in-force")
    assert [[one.text for one in line.results] for line in shown.lines] == [["£2m"], ["A count"]]
    assert ([one.text for one in shown.others], [one.text for one in shown.outputs]) == (["Calm"], ["A map"])
    assert shown.sentence == "2 benefits were expected, and the reviews tell what came of each."


def test_nobody_has_to_answer_before_a_review_or_the_end() -> None:
    assert not show_promises(DEAL, [], "in-force").asked
    assert show_promises(DEAL, [], "in-force").sentence == ""
    over = show_promises(DEAL, [], "ended")
    assert over.sentence == "2 benefits were expected; no review says what came of them."
    assert over.unanswered == over.lines
    assert "say nothing yet of what came of them" in show_promises(DEAL, [{"outcome": "continue"}], "in-force").sentence
    assert not show_promises({}, [{"outcome": "continue"}], "ended").sentence
