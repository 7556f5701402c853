"""Words that are one word in two spellings: British and American English, and months written short.

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

_VARIANTS = (
    (r"^practis", "practic"),
    (r"^manoeuv", "maneuv"),
    # organise, organised, organisation; after a vowel (raise, noise) it is another word
    (r"(?<=..[b-df-hj-np-tv-z])is(?=(?:e|ed|es|ing|er|ers|able|ation|ations|ational)$)", "iz"),
    (r"^(anal|paral|catal)ys(?=(?:e|ed|es|ing|er|ers)$)", r"\1yz"),
    (r"^((?:mis)?behavi|arm|col|endeav|fav|flav|harb|hon|hum|lab|neighb|od|parl|rum|sav|tum|vap|vig)our", r"\1or"),
    (r"^((?:kilo|centi|milli)?(?:met|lit)|cent|theat|fib|calib|sab|somb|spect|lust|maneuv|meag)re(?=s?$)", r"\1er"),
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
    if word in MONTHS:
        return MONTHS[word]
    if not word.isascii() or not word.isalpha():
        return word
    for rewritten, spelling in _RULES:
        word = rewritten(spelling, word)
    return word
