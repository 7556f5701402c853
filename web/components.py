"""GOV.UK Frontend's components as our templates call them: `{{ govukTag({'text': 'Open'}) }}`.

The package's templates read parameters that nobody gave and so need a lenient environment; ours is strict
(`StrictUndefined`). So the components have an environment of their own, and our templates get its macros.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, PrefixLoader
from markupsafe import Markup, escape

from catalogue.search.engine import Piece

_PACKAGE = "govuk_frontend_jinja"

_MACROS = {
    "govukBreadcrumbs": "breadcrumbs",
    "govukButton": "button",
    "govukCheckboxes": "checkboxes",
    "govukDetails": "details",
    "govukErrorSummary": "error-summary",
    "govukInput": "input",
    "govukInsetText": "inset-text",
    "govukNotificationBanner": "notification-banner",
    "govukPagination": "pagination",
    "govukPhaseBanner": "phase-banner",
    "govukServiceNavigation": "service-navigation",
    "govukSkipLink": "skip-link",
    "govukSummaryList": "summary-list",
    "govukTag": "tag",
    "govukWarningText": "warning-text",
}
"""The components that our templates use, and the folder of each."""


@cache
def govuk_components() -> dict[str, Any]:
    """Every component’s macro by its name. They know nothing of an application, so they are read once."""
    environment = Environment(loader=PrefixLoader({_PACKAGE: PackageLoader(_PACKAGE)}), autoescape=True)
    return {
        name: getattr(environment.get_template(f"{_PACKAGE}/components/{folder}/macro.html").module, name)
        for name, folder in _MACROS.items()
    }


@lru_cache(maxsize=500)
def tag(text: str, colour: str = "") -> Markup:
    """A tag. A list has dozens of few kinds, and the component takes its time, so each is made once."""
    classes = f"govuk-tag--{colour}" if colour else ""
    return Markup(govuk_components()["govukTag"]({"text": text, "classes": classes}))  # noqa: S704 - it has escaped


def marked(pieces: Iterable[Piece]) -> Markup:
    """The pieces of a text, with the words looked for marked."""
    return Markup("").join(
        Markup('<mark class="app-mark">{}</mark>').format(piece.text) if piece.matched else escape(piece.text)
        for piece in pieces
    )
