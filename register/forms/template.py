"""The template of an agreement: a form in YAML, whole or with what some laws want and nothing else."""

from collections.abc import Sequence
from functools import cache

from register.forms.fields import Form, agreement_form
from register.forms.order import BESIDES, SECTIONS, WRITTEN_BY_ITSELF, head_of, members_in_order
from register.forms.places import Path, pattern_of
from register.forms.rules import Named, places_named
from register.forms.template_text import FormText
from schemas.bundle import AGREEMENT_VERSION
from schemas.profiles import profile_title

_USUAL = "complete"
_PLAIN = {"schemaVersion": f'"{AGREEMENT_VERSION}"', "provenance/source": "official"}
_OF_EVERYBODY = frozenset({"parties/*/flowRole"})
"""What a rule of the register wants of every record of an official: somebody who sends, and somebody who receives."""

_HEADING = """\
## A data-sharing agreement, to be filled in.
##
## Lines that begin with ## are notes for you and may stay. To give a field, take the “# ” at the beginning
## of its line away and write the value behind the colon; do the same with the line of the group or list it
## stands in. A list that begins with a dash may hold several: copy its lines, dash and all, for each.
## Put a value in quotes where it holds a colon or a #. Leave out what does not apply.
##
## When you have filled it in, this says what is still wanted (FILE is the name of this file):
##   gazette register check FILE{asked}
"""


def template(profiles: Sequence[str] = ()) -> str:
    """The template of an agreement with every field, marked with what the complete record wants.

    With profiles: only the fields that they want, and those that every record must have. Raises NotFound.
    """
    form = agreement_form()
    named = [one for profile in profiles or [_USUAL] for one in places_named(profile)]
    shown = _places_for(tuple(profiles)) if profiles else None
    text = FormText(
        form,
        members=lambda path: members_in_order(form, path),
        shown=lambda path: (
            pattern_of(path) not in {"id", "schemaVersion"} and (shown is None or pattern_of(path) in shown)
        ),
        marks=lambda path: _marks(form, path, named),
        plain=lambda path: _PLAIN.get(pattern_of(path)),
    )
    asked = "".join(f" --profile {name}" for name in dict.fromkeys([_USUAL, *profiles]))
    lines = [_HEADING.format(asked=asked)]
    if profiles:
        titles = "; ".join(profile_title(profile, AGREEMENT_VERSION) for profile in profiles)
        lines += [f"## It holds what is wanted by: {titles}.\n"]
    lines += [f"schemaVersion: {_PLAIN['schemaVersion']}", ""]
    for number, section in enumerate(SECTIONS, 1):
        names = [place for place in section.places if "/" not in place]
        written = list(FormText.group(_only(text, names), ()))
        if written:
            lines += [f"## ---- {number}. {section.title} ----", "", *written]
    return "\n".join(lines).rstrip("\n") + "\n"


def _only(text: FormText, names: Sequence[str]) -> FormText:
    """The same, of the record's own fields these alone."""
    return FormText(
        text.form,
        lambda path: text.members(path) if path else names,
        text.shown,
        text.marks,
        text.plain,
        text.listed,
    )


def _marks(form: Form, path: Path, named: Sequence[Named]) -> list[str]:
    """Who wants a field: the core schema, and the clauses of the profiles."""
    place = pattern_of(path)
    around = form.field(path[:-1])
    found = ["Every record must have it."] if around and path[-1] in around.required and len(path) == 1 else []
    if around and path[-1] in around.required and len(path) > 1:
        found = ["Must be given where the group around it is."]
    always = [one.clause for one in named if one.place == place and one.wanted and one.always]
    depends = [one.clause for one in named if one.place == place and one.wanted and not one.always]
    if always:
        found.append(f"Wanted: {'; '.join(dict.fromkeys(always))}.")
    depends = [clause for clause in depends if clause not in always]
    if depends:
        found.append(f"Wanted where it applies, or as one of several: {'; '.join(dict.fromkeys(depends))}.")
    return found


@cache
def _places_for(profiles: tuple[str, ...]) -> frozenset[str]:
    """The kinds of place that profiles want, with what is around and inside them, and what every record must have."""
    form = agreement_form()
    found: set[str] = set(_PLAIN)
    for profile in profiles:
        places = {one.place for one in places_named(profile)}
        whole = {place for place in places if not any(other.startswith(f"{place}/") for other in places)}
        found |= places | _with_members(form, (), places, whole)
    return frozenset(found)


def _with_members(form: Form, path: Path, places: set[str], whole: set[str], *, inside: bool = False) -> set[str]:
    """The places below one that are wanted, or cannot be left out where something beside them is."""
    found: set[str] = set()
    here = form.field(path)
    for name in members_in_order(form, path):
        inner = (*path, name)
        place, field = pattern_of(inner), form.field(inner)
        if field is None or here is None:
            continue
        first = bool(path) and name == head_of(form, path)
        asked = place in places or place in BESIDES or place in _OF_EVERYBODY
        if not (inside or asked or first or name in (*here.required, "none")):
            continue
        if place in WRITTEN_BY_ITSELF - {"provenance/source"}:
            continue
        found.add(place)
        down = {"group": inner, "list": (*inner, 0)}.get(field.kind)
        if down and (held := form.field(down)) and held.kind == "group":
            found |= _with_members(form, down, places, whole, inside=inside or place in whole)
    return found
