"""Words that are one word in two spellings: British and American English, months written short, irregular plurals.

Records come from both sides of the Atlantic, and titles write “Dec 2018” where people ask for “december 2018”. The
stemmer sees one spelling of both; unstemmed words stay as they were written.
"""

import re
from collections.abc import Callable

MONTHS = dict(
    written.split("=")
    for written in "jan=january feb=february mar=march apr=april jun=june jul=july aug=august sep=september "
    "sept=september oct=october nov=november dec=december".split()
)
"""The short forms of the months that are no other common word."""

PLURALS = dict(
    written.split("=")
    for written in "children=child women=woman men=man feet=foot teeth=tooth mice=mouse "
    "geese=goose indices=index appendices=appendix matrices=matrix vertices=vertex criteria=criterion "
    "phenomena=phenomenon analyses=analysis crises=crisis diagnoses=diagnosis hypotheses=hypothesis "
    "parentheses=parenthesis syntheses=synthesis prognoses=prognosis bacteria=bacterium fungi=fungus larvae=larva "
    "algae=alga nuclei=nucleus stimuli=stimulus syllabi=syllabus quanta=quantum strata=stratum wolves=wolf "
    "halves=half calves=calf thieves=thief".split()
)
"""The plurals that no rule makes, so that who looks for a child finds the children too."""

_ONE_BY_ONE = MONTHS | PLURALS

_VARIANTS = (
    (r"^advisor(?=s?$)", "adviser"),
    (r"^practis", "practic"),
    (r"^manoeuv", "maneuv"),
    # organise, organised, organisation; after a vowel (raise, noise) it is another word
    (r"(?<=..[b-df-hj-np-tv-z])is(?=(?:e|ed|es|ing|er|ers|able|ation|ations|ational)$)", "iz"),
    (r"^(anal|paral|catal|dial|electrol|hydrol)ys(?=(?:e|ed|es|ing|er|ers)$)", r"\1yz"),
    (r"^((?:mis)?behavi|arm|col|endeav|fav|flav|harb|hon|hum|lab|neighb|od|parl|rum|sav|tum|vap|vig)our", r"\1or"),
    (r"^((?:kilo|centi|milli|micro|nano)?(?:met|lit))re(?=s?$)", r"\1er"),
    (r"^(cent|theat|fib|calib|sab|somb|spect|lust|maneuv|meag)re(?=s?$)", r"\1er"),
    (r"^(cent|maneuv)red$", r"\1ered"),
    (r"^(def|off|pret)ence", r"\1ense"),
    (r"^(sub)?licenc", r"\1licens"),
    (r"^(cata|dia|ana|mono|pro)logue(?=[sd]?$)", r"\1log"),
    (r"^programme(?=s?$)", "program"),
    (r"^(judg|acknowledg)ement", r"\1ment"),
    (r"^ageing$", "aging"),
    (r"^enquir", "inquir"),
    (r"^artefact", "artifact"),
    (r"^alumini", "alumin"),
    (r"^jeweller", "jewelr"),
    (r"^sceptic", "skeptic"),
    (r"^grey", "gray"),
    (r"^tyre(?=s?$)", "tire"),
    (r"^kerb", "curb"),
    (r"^mould", "mold"),
    (r"^plough", "plow"),
    (r"^(counci|trave|counse|chance|woo)ll(?=ors?$|ers?$|ing$|ed$|en$)", r"\1l"),
    (r"^skilful", "skillful"),
    (r"^(lik|rat|sal|siz)eable", r"\1able"),
    (r"^aeroplane", "airplane"),
    (r"^caesar(?=ean|ian)", "cesar"),
    (r"^despatch", "dispatch"),
    (r"^specialit(?=y$|ies$)", "specialt"),
    (r"^pyjama", "pajama"),
    (r"^whisky", "whiskey"),
    (r"^(fue|dia)ll(?=ed|ing|er)", r"\1l"),
    (r"^(an|leuk|tox)aem", r"\1em"),
    (r"^(gyn|orthop|p|an|h|encyclop)ae(?=[a-z]{3})", r"\1e"),
    (r"^o(?=estr|esoph|edem)", ""),
    (r"^foet(?=al|us)", "fet"),
    (r"diarrhoe", "diarrhe"),
    (r"^(sul)ph(?=ur|at|it|id)", r"\1f"),
)
_RULES: tuple[tuple[Callable[[str, str], str], str], ...] = tuple(
    (re.compile(pattern).sub, spelling) for pattern, spelling in _VARIANTS
)


def spelt_alike(word: str) -> str:
    """The one spelling that stands for a folded word and its variants; no word to show."""
    if word in _ONE_BY_ONE:
        return _ONE_BY_ONE[word]
    if not word.isascii() or not word.isalpha():
        return word
    for rewritten, spelling in _RULES:
        word = rewritten(spelling, word)
    return word
