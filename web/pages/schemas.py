"""The published schemas at `/schemas/`: for people as pages, for programs as JSON and CSV at the same addresses."""

from collections.abc import Sequence
from typing import NoReturn

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from schemas.bundle import load_schema
from schemas.canonical import Json
from schemas.codelist_tables import codelist_rows
from schemas.codelists import codelist_names
from schemas.contract import bundle, bundle_sha256, load_part
from schemas.errors import NotFound
from schemas.profiles import check_profiles, load_profile
from web.pages.schema_files import (
    CSV,
    HTML,
    JSON,
    PROBLEM,
    SCHEMA,
    Form,
    as_json,
    file_answer,
    open_to_all,
    page_or,
    wanted_type,
)
from web.presentation.record import entries_of
from web.presentation.schema_codelists import codelist_file, codelist_schema_file, codelists, show_codelist
from web.presentation.schema_fields import blocks_of, field_titles, schema_fields
from web.presentation.schema_life import event_rules
from web.presentation.schema_rules import asks_by_field, grade_of, rules_of
from web.presentation.schema_versions import (
    FOLDER,
    KINDS,
    Version,
    addresses_by_urn,
    codelist_address,
    directory,
    part_address,
    parts_of,
    versions_of_schema,
)

blueprint = Blueprint("schemas", __name__, url_prefix=FOLDER)
blueprint.after_request(open_to_all)

EXAMPLE = "complete"
_OF_A_PART = {"profiles": "profile", "events": "event", "examples": "example"}


class _NotThere(NotFound):
    """A version or a part that is not there, with the titles and addresses of those that are."""

    def __init__(self, message: str, there: Sequence[tuple[str, str]]) -> None:
        super().__init__(message, f"There are: {', '.join(title for title, _ in there)}.")
        self.there = there


@blueprint.errorhandler(_NotThere)
def not_there(error: _NotThere) -> Response:
    """A page that names those there are; for a program a problem document (RFC 9457)."""
    offers = (
        (PROBLEM, JSON, SCHEMA, HTML) if request.path.endswith((".json", ".csv")) else (HTML, PROBLEM, JSON, SCHEMA)
    )
    if wanted_type(*offers) == HTML:
        response = make_response(render_template("schemas/missing.html", error=error), 404)
    else:
        body = {"title": error.message, "detail": error.advice, "status": 404}
        response = make_response(as_json(body), 404)
        response.content_type = PROBLEM
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """What is published: versions, profiles, codelists, and what changed."""
    return page_or(
        lambda: render_template(
            "schemas/index.html",
            versions={kind: versions_of_schema(kind) for kind in KINDS},
            newest=versions_of_schema("agreement")[0],
            profiles=_titled("profiles", versions_of_schema("agreement")[0]),
            lists=codelists(),
            events=event_rules(),
        ),
        _as_data(directory(codelist_names()), f"{FOLDER}/index.json"),
    )


@blueprint.get("/index.json")
def index_file() -> ResponseReturnValue:
    """The same for programs: every version with the address of each `$id`, and every codelist."""
    return file_answer(as_json(directory(codelist_names())), JSON, fixed=False)


@blueprint.get("/<kind>/")
def newest(kind: str) -> ResponseReturnValue:
    """The way to the newest version."""
    _known(kind)
    return _sent_to(versions_of_schema(kind)[0].address)


@blueprint.get("/<kind>/<number>/")
def version(kind: str, number: str) -> ResponseReturnValue:
    """A version: its fields, who asks for each, its profiles, events and example. Also the schema itself."""
    found = _version(kind, number)
    schema = load_schema(kind, number)
    has_rules = bool(parts_of(found, "profiles"))
    return page_or(
        lambda: render_template(
            "schemas/version.html",
            version=found,
            schema=schema,
            blocks=blocks_of(schema),
            asks=asks_by_field(number) if has_rules else {},
            grade_of=grade_of,
            has_rules=has_rules,
            versions=versions_of_schema(kind),
            profiles=_titled("profiles", found),
            events=[rule for rule in event_rules() if rule.name in parts_of(found, "events")],
            examples=parts_of(found, "examples"),
            urns=addresses_by_urn(found),
            bundle_sha256=bundle_sha256(number) if kind == "agreement" else "",
            codelist_address=codelist_address,
        ),
        _as_schema(schema, found.file),
    )


@blueprint.get("/<kind>/<number>/<name>.json")
def version_file(kind: str, number: str, name: str) -> ResponseReturnValue:
    """The schema itself, or all that belongs to a version of the agreement's in one document (`bundle`)."""
    found = _version(kind, number)
    if name == kind:
        return file_answer(as_json(load_schema(kind, number)), SCHEMA, fixed=found.published)
    if name == "bundle" and kind == "agreement":
        return file_answer(as_json(bundle(number)), JSON, fixed=False)
    files = [f"{kind}.json", *(["bundle.json"] if kind == "agreement" else [])]
    raise _NotThere(f"There is no “{name}.json” here.", [(file, found.address + file) for file in files])


@blueprint.get("/<kind>/<number>/profiles/<name>")
def profile(kind: str, number: str, name: str) -> ResponseReturnValue:
    """A profile: each clause, how it is known, what it asks of which fields."""
    found = _part(kind, number, "profiles", name)
    content = load_profile(name, number)
    return page_or(
        lambda: render_template(
            "schemas/profile.html",
            version=found,
            name=name,
            profile=content,
            rules=rules_of(name, number),
            titles=field_titles(kind, number),
            example=EXAMPLE if _conforms(number, name) else "",
            others=_titled("profiles", found),
        ),
        _as_schema(content, f"{part_address(found, 'profiles', name)}.json"),
    )


@blueprint.get("/<kind>/<number>/events/<name>")
def event(kind: str, number: str, name: str) -> ResponseReturnValue:
    """An event: who may, from which states, where it leads, and the fields of its small body."""
    found = _part(kind, number, "events", name)
    content = load_part(number, "events", name)
    return page_or(
        lambda: render_template(
            "schemas/event.html",
            version=found,
            name=name,
            event=content,
            rule=next((rule for rule in event_rules() if rule.name == name), None),
            fields=schema_fields(content),
            others=_titled("events", found),
            codelist_address=codelist_address,
        ),
        _as_schema(content, f"{part_address(found, 'events', name)}.json"),
    )


@blueprint.get("/<kind>/<number>/examples/<name>")
def example(kind: str, number: str, name: str) -> ResponseReturnValue:
    """An example: an invented record, as people read it and as it is written."""
    found = _part(kind, number, "examples", name)
    content = load_part(number, "examples", name)
    return page_or(
        lambda: render_template(
            "schemas/example.html",
            version=found,
            name=name,
            record=content,
            written=as_json(content).decode("utf-8"),
            entries=entries_of(content, load_schema(kind, number)),
            profiles=[(key, title) for key, title, _ in _titled("profiles", found) if _conforms(number, key)],
        ),
        _as_data(content, f"{part_address(found, 'examples', name)}.json"),
    )


@blueprint.get("/<kind>/<number>/profiles/<name>.json", defaults={"folder": "profiles"})
@blueprint.get("/<kind>/<number>/events/<name>.json", defaults={"folder": "events"})
@blueprint.get("/<kind>/<number>/examples/<name>.json", defaults={"folder": "examples"})
def part_file(kind: str, number: str, folder: str, name: str) -> ResponseReturnValue:
    """A profile, an event or an example itself."""
    found = _part(kind, number, folder, name)
    media_type = JSON if folder == "examples" else SCHEMA
    return file_answer(as_json(load_part(number, folder, name)), media_type, fixed=found.published)


@blueprint.get("/<kind>/<number>/<any(profiles, events, examples):folder>/")
def parts(kind: str, number: str, folder: str) -> ResponseReturnValue:
    """The way to the part of the version's page that lists them."""
    return _sent_to(f"{_version(kind, number).address}#section-{folder}")


@blueprint.get("/codelists/")
def lists() -> ResponseReturnValue:
    """Every codelist, with the number of its codes and the fields that use it."""
    return render_template("schemas/codelists.html", lists=codelists())


@blueprint.get("/codelists/<name>")
def codelist(name: str) -> ResponseReturnValue:
    """A codelist: its codes as a table."""
    _list(name)
    return page_or(
        lambda: render_template("schemas/codelist.html", list=show_codelist(name)),
        _as_data(codelist_rows(name), f"{codelist_address(name)}.json"),
        Form((CSV,), f"{codelist_address(name)}.csv", lambda: codelist_file(name)),
    )


@blueprint.get("/codelists/<name>.csv")
def codelist_csv(name: str) -> ResponseReturnValue:
    """A codelist as it is published."""
    _list(name)
    return file_answer(codelist_file(name), CSV, fixed=False)


@blueprint.get("/codelists/<name>.json")
def codelist_json(name: str) -> ResponseReturnValue:
    """A codelist as a list of rows, each with its filled-in columns."""
    _list(name)
    return file_answer(as_json(codelist_rows(name)), JSON, fixed=False)


@blueprint.get("/codelists/schema.json")
def codelist_schema() -> ResponseReturnValue:
    """The schema that every list of rows conforms to."""
    return file_answer(codelist_schema_file(), SCHEMA, fixed=False)


def _sent_to(address: str) -> Response:
    response = make_response("", 302)
    response.mimetype = "text/plain"
    response.headers["Location"] = address
    return response


def _as_schema(schema: Json, address: str) -> Form:
    return Form((SCHEMA, JSON), address, lambda: as_json(schema))


def _as_data(value: object, address: str) -> Form:
    return Form((JSON,), address, lambda: as_json(value))


def _known(kind: str) -> None:
    if kind not in KINDS:
        there = [
            *((kind, versions_of_schema(kind)[0].address) for kind in KINDS),
            ("codelists", f"{FOLDER}/codelists/"),
        ]
        raise _NotThere(f"There are no schemas of “{kind}”.", there)


def _version(kind: str, number: str) -> Version:
    _known(kind)
    there = versions_of_schema(kind)
    found = next((version for version in there if version.version == number), None)
    if found is None:
        raise _NotThere(
            f"There is no version {number} of the {kind}’s schema.", [(one.version, one.address) for one in there]
        )
    return found


def _part(kind: str, number: str, folder: str, name: str) -> Version:
    found = _version(kind, number)
    if name not in parts_of(found, folder):
        _no_part(found, folder, name)
    return found


def _no_part(version: Version, folder: str, name: str) -> NoReturn:
    there = [(one, part_address(version, folder, one)) for one in parts_of(version, folder)]
    raise _NotThere(
        f"There is no {_OF_A_PART[folder]} “{name}” in version {version.version} of the {version.kind}’s schema.",
        there or [(f"version {version.version}", version.address)],
    )


def _list(name: str) -> None:
    if name not in codelist_names():
        raise _NotThere(
            f"There is no codelist “{name}”.", [(there, codelist_address(there)) for there in codelist_names()]
        )


def _titled(folder: str, version: Version) -> list[tuple[str, str, str]]:
    """The parts of a version: the name, the title and the description of each."""
    parts = [(name, load_part(version.version, folder, name)) for name in parts_of(version, folder)]
    return [(name, str(part["title"]), str(part["description"])) for name, part in parts]


def _conforms(number: str, profile: str) -> bool:
    """Whether the example conforms to a profile."""
    return not check_profiles(load_part(number, "examples", EXAMPLE), [profile], number)
