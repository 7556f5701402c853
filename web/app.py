"""The web application, made by a factory: nothing happens when this module is imported."""

from flask import Flask, Response, request
from jinja2 import StrictUndefined

from catalogue.licences import licence_title
from schemas.clock import Clock, Ids, Randomness, random_ids, system_randomness
from schemas.codelists import title_of
from schemas.database.engine import Database
from schemas.settings import Settings
from web import compression, context, headers
from web.api import changes as api_changes
from web.api import datasets as api_datasets
from web.api import documents as api_documents
from web.api import organisations as api_organisations
from web.api import powers as api_powers
from web.api import register as api_register
from web.api import reports as api_reports
from web.api import search as api_search
from web.api import synonyms as api_synonyms
from web.ckan import door as ckan_door
from web.ckan import moved as ckan_moved
from web.ckan import older as ckan_older
from web.ckan import rest as ckan_rest
from web.components import govuk_components, marked, tag
from web.context import EngineOpener, WebContext
from web.pages import (
    account,
    agreement_formats,
    agreement_history,
    agreements,
    catalogue_formats,
    changes_feed,
    compare,
    croissant,
    dataset_formats,
    datasets,
    developers,
    device,
    dumps,
    errors,
    home,
    log,
    oauth,
    organisations,
    powers,
    schemas,
    search,
    search_formats,
    service,
    sign_in,
    sitemap,
    static,
    suggest,
)
from web.presentation.dates import show_date, show_moment, show_period
from web.presentation.kinds import kind_colour, kind_title
from web.presentation.record import external_number
from web.presentation.search import asked_address, page_items, path_address
from web.presentation.words import (
    count_of,
    is_link,
    lower_first,
    sentence,
    shorten,
    show_address,
    show_number,
    show_some,
)
from web.repeated import repeat_answers

BLUEPRINTS = (
    home.blueprint,
    search.blueprint,
    search_formats.blueprint,
    changes_feed.blueprint,
    suggest.blueprint,
    datasets.blueprint,
    croissant.blueprint,
    agreements.blueprint,
    agreement_formats.blueprint,
    agreement_history.blueprint,
    compare.blueprint,
    organisations.blueprint,
    powers.blueprint,
    schemas.blueprint,
    log.blueprint,
    developers.blueprint,
    service.blueprint,
    sitemap.blueprint,
    dumps.blueprint,
    catalogue_formats.blueprint,
    dataset_formats.blueprint,
    static.blueprint,
    sign_in.blueprint,
    account.blueprint,
    device.blueprint,
    oauth.blueprint,
    api_register.blueprint,
    api_reports.blueprint,
    api_search.blueprint,
    ckan_door.blueprint,
    ckan_older.blueprint,
    ckan_rest.blueprint,
    ckan_moved.blueprint,
    api_synonyms.blueprint,
    api_datasets.blueprint,
    api_documents.blueprint,
    api_organisations.blueprint,
    api_powers.blueprint,
    api_changes.blueprint,
)
"""Every page there is: public and only read, but for those that sign people and devices in."""


REPEATED = (
    home.blueprint,
    search.blueprint,
    datasets.blueprint,
    agreements.blueprint,
    organisations.blueprint,
    powers.blueprint,
    catalogue_formats.blueprint,
    dataset_formats.blueprint,
    agreement_formats.blueprint,
    ckan_door.blueprint,
)
"""What is asked for over and over by programs and crawlers."""


def create_app(
    settings: Settings,
    database: Database,
    engine_opener: EngineOpener,
    clock: Clock,
    *,
    ids: Ids = random_ids,
    randomness: Randomness = system_randomness,
) -> Flask:
    """The application on an open database; `engine_opener` opens the search index when it is first asked for."""
    app = Flask(__name__, static_folder=None)
    app.url_map.strict_slashes = False
    context.install(app, WebContext(settings, database, engine_opener, clock, ids, randomness))
    compression.compress_answers(app)
    _prepare_templates(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    errors.register(app)
    app.after_request(_cacheable)
    headers.add_headers(app, samples=settings.samples)
    repeat_answers(app, REPEATED, database.commits, clock)
    return app


def _prepare_templates(app: Flask, settings: Settings) -> None:
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.filters.update(
        show_date=show_date,
        show_moment=show_moment,
        show_number=show_number,
        show_address=show_address,
        show_some=show_some,
        sentence=sentence,
        lower_first=lower_first,
        shorten=shorten,
        kind_title=kind_title,
        kind_colour=kind_colour,
        marked=marked,
    )
    environment.tests["link"] = is_link
    licence = settings.records_licence
    environment.globals.update(
        **govuk_components(),
        plain_tag=tag,
        asset=static.addresses(),
        asked_address=asked_address,
        page_items=page_items,
        path_address=path_address,
        count_of=count_of,
        show_period=show_period,
        title_of=title_of,
        external_number=external_number,
        service_name=settings.service_name,
        samples=settings.samples,
        records_licence={"title": licence_title(licence), "href": licence if is_link(licence) else ""},
    )


def _cacheable(response: Response) -> Response:
    """A page that did not change since a reader's copy is not sent again (RFC 9110, 13.1.2).

    A page that says of itself that nobody may keep a copy is left alone.
    """
    if "no-store" in response.headers.get("Cache-Control", ""):
        return response
    if request.method in {"GET", "HEAD"} and response.status_code == 200 and response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response
