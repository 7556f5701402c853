"""Templates of the small bodies of events: a review, an incident, a recommendation."""

from register.forms.fields import Form, event_form
from register.forms.places import Path
from register.forms.template_text import FormText

_HEADING = """\
## {title}. {description}
##
## Lines that begin with ## are notes for you and may stay. Write each value behind its colon; put it in quotes
## where it holds a colon or a #. The fields that begin with # may be left out: take the “# ” away to give one,
## and from the line of the group or list it stands in.
"""


def event_template(event: str) -> str:
    """The body of an event (a code of agreement-event) as a form in YAML. Raises NotFound where an event has none."""
    form = event_form(event)
    required = form.root.get("required", ())
    text = FormText(
        form,
        members=form.members,
        marks=lambda path: _marks(form, path),
        plain=lambda path: "" if len(path) == 1 and path[0] in required else None,
    )
    heading = _HEADING.format(title=form.root["title"], description=form.root["description"])
    return "\n".join([heading, *text.group(())]).rstrip("\n") + "\n"


def _marks(form: Form, path: Path) -> list[str]:
    around = form.field(path[:-1])
    if around is None or path[-1] not in around.required:
        return []
    return ["Must be given." if len(path) == 1 else "Must be given where the group around it is."]
