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


_SECTIONS = ("Search", "Datasets", "Agreements", "Organisations")
"""What the navigation of every page leads to."""


@cache
def govuk_components() -> dict[str, Any]:
    """Every component’s macro by its name, and our own ones. They know nothing of an application: they are read once.

    A component takes its time. So what is the same on many pages, and holds no text of a record, is made once:
    `main_navigation`, `skip_link`, and `plain_breadcrumbs` of fixed words.
    """
    return {
        **_macros(),
        "main_navigation": main_navigation,
        "skip_link": skip_link,
        "plain_breadcrumbs": plain_breadcrumbs,
    }


@cache
def _macros() -> dict[str, Any]:
    environment = Environment(loader=PrefixLoader({_PACKAGE: PackageLoader(_PACKAGE)}), autoescape=True)
    return {
        name: getattr(environment.get_template(f"{_PACKAGE}/components/{folder}/macro.html").module, name)
        for name, folder in _MACROS.items()
    }


@lru_cache(maxsize=500)
def tag(text: str, colour: str = "") -> Markup:
    """A tag. A list has dozens of few kinds, and the component takes its time, so each is made once."""
    classes = f"govuk-tag--{colour}" if colour else ""
    return Markup(_macros()["govukTag"]({"text": text, "classes": classes}))  # noqa: S704 - it has escaped


@lru_cache(maxsize=20)
def main_navigation(section: str) -> Markup:
    """The navigation of every page. `section` is where the page belongs, in small letters; empty for nowhere."""
    items = [{"href": f"/{name.lower()}", "text": name, "active": section == name.lower()} for name in _SECTIONS]
    classes = {"navigationLabel": "Main", "collapseNavigationOnMobile": False, "classes": "app-navigation"}
    return Markup(_macros()["govukServiceNavigation"]({**classes, "navigation": items}))  # noqa: S704 - it has escaped


@cache
def skip_link() -> Markup:
    """The link past the navigation."""
    asked = {"href": "#main-content", "text": "Skip to main content"}
    return Markup(_macros()["govukSkipLink"](asked))  # noqa: S704 - it has escaped


@lru_cache(maxsize=50)
def plain_breadcrumbs(*steps: tuple[str, str]) -> Markup:
    """The way to a page, each step its words and its address. For fixed words alone: what is made is remembered."""
    items = [{"text": text, "href": address} for text, address in steps]
    made = _macros()["govukBreadcrumbs"]({"items": items, "collapseOnMobile": True})
    return Markup(made)  # noqa: S704 - it has escaped


def marked(pieces: Iterable[Piece]) -> Markup:
    """The pieces of a text, with the words looked for marked."""
    texts = ((escape(piece.text), piece.matched) for piece in pieces)
    html = "".join(f'<mark class="app-mark">{text}</mark>' if matched else text for text, matched in texts)
    return Markup(html)  # noqa: S704 - each text is escaped
