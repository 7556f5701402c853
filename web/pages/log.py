"""The log of the register: its files for programs as C2SP tlog-tiles names them, and a page for people."""

import re
from pathlib import PurePosixPath

from flask import Blueprint, Response, make_response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from register.log.checkpoint import read_checkpoint
from register.log.checkpoints import latest_note, latest_size, proof_of_version, public_keys, standing_of
from register.log.contract_files import contract_files
from register.log.encoding import to_base64
from register.log.kept_bundle import kept_bundle
from register.log.note import read_vkey, split_note
from register.log.proof import SUFFIX
from register.log.publish import keys_file, tile_file, tile_within
from register.log.store import read_body
from register.log.tiles import read_path
from register.log.timestamp import REPLY_TYPE
from register.log.timestamps import LISTING, newest_timestamp, timestamp_file, token_path
from schemas.canonical import sha256_hex
from schemas.cleaning import clean_text
from schemas.errors import Conflict, NotFound
from web.context import session, site_address, web_context
from web.pages.datasets import number_in_address
from web.pages.schema_files import A_YEAR, open_to_all

blueprint = Blueprint("log", __name__)
blueprint.after_request(open_to_all)

CHECKPOINT_SECONDS = 5
"""How long a copy of the checkpoint is good: a new one is signed within a second of an entry."""

PARTIAL_SECONDS = 60


@blueprint.get("/register/log")
def log() -> ResponseReturnValue:
    """What the log is, how far it is, and how to check it."""
    standing = standing_of(session())
    keys = [read_vkey(vkey) for vkey in public_keys(session())]
    root = read_checkpoint(split_note(standing.checkpoint.note)[0]).root if standing.checkpoint else None
    return render_template(
        "log.html",
        standing=standing,
        root=to_base64(root) if root else None,
        stamp=newest_timestamp(session()),
        stamp_path=token_path,
        keys=keys,
        site=site_address(),
    )


@blueprint.get("/register/log/checkpoint")
def checkpoint() -> Response:
    """The newest signed checkpoint with its cosignatures."""
    return _file(latest_note(session()).encode(), "text/plain", f"public, max-age={CHECKPOINT_SECONDS}")


@blueprint.get("/register/log/tile/<path:path>")
def tile(path: str) -> Response:
    """A tile, or a bundle of entries, that the newest checkpoint covers."""
    try:
        wanted = read_path(f"tile/{path}")
    except ValueError as error:
        raise NotFound(f"The log has no tile there: {error}.") from None
    if not tile_within(wanted, latest_size(session())):
        raise NotFound("The log has not come so far.", "See /register/log/checkpoint for its size.")
    if wanted.level is None:
        kept = "no-cache"
    elif wanted.is_full:
        kept = f"public, max-age={A_YEAR}, immutable"
    else:
        kept = f"public, max-age={PARTIAL_SECONDS}"
    return _file(tile_file(session(), wanted), "application/octet-stream", kept)


_HASH = re.compile("[0-9a-f]{64}")


@blueprint.get("/register/log/bodies/<sha256>")
def body(sha256: str) -> Response:
    """A body by its hash. It is asked about every time: a value of it may have been blanked since."""
    if not _HASH.fullmatch(sha256):
        raise NotFound("There is no such body.", "A body is named by the 64 hexadecimal digits of its hash.")
    return _file(read_body(session(), sha256), "application/json", "no-cache")


@blueprint.get("/register/log/key")
def key() -> Response:
    """The public keys of the log, a line each, the newest first."""
    return _file(keys_file(session()), "text/plain", "no-cache")


@blueprint.get("/register/log/codelists.json")
@blueprint.get("/register/log/<any(codelists, schemas):folder>/<path:name>")
def contract(folder: str = "", name: str = "") -> Response:
    """A file of the contract, which a checker compares with the entries of the log."""
    path = f"{folder}/{name}" if folder else "codelists.json"
    files = contract_files()
    if path not in files:
        raise NotFound(f"There is no file {path} beside the log.")
    return _file(files[path], "text/csv" if path.endswith(".csv") else "application/json", "no-cache")


@blueprint.get(f"/register/log/{LISTING}")
@blueprint.get("/register/log/timestamps/<name>")
def timestamp(name: str = "") -> Response:
    """A timestamp, the checkpoint that it is over, or the list of all."""
    kept = f"public, max-age={A_YEAR}, immutable" if name else "no-cache"
    content = timestamp_file(session(), f"timestamps/{name}" if name else LISTING)
    kinds = {".tsr": REPLY_TYPE, ".checkpoint": "text/plain"}
    return _file(content, kinds.get(PurePosixPath(name).suffix, "application/json"), kept)


@blueprint.get("/register/bundle.zip")
def bundle() -> Response:
    """The whole register as one file, made once for a checkpoint; a redaction takes it away."""
    kept = kept_bundle(web_context().database, web_context().settings.data)
    answer = send_file(
        kept.file,
        "application/zip",
        as_attachment=True,
        download_name="register-bundle.zip",
        conditional=False,
        etag=kept.tag,
    )
    answer.content_length = kept.size
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request, accept_ranges=True, complete_length=kept.size)
    return answer


@blueprint.get(f"/agreements/<number>/versions/<version>{SUFFIX}")
def proof(number: str, version: str) -> Response:
    """The proof that a version stands in the log, under the newest checkpoint."""
    name, wanted = clean_text(number)[0], number_in_address(version)
    try:
        answer = _file(proof_of_version(session(), name, wanted).encode(), "text/plain", "no-cache")
    except Conflict as error:
        answer = Response(f"{error.message} Try again in a few minutes.\n", 404, mimetype="text/plain")
        answer.headers["Cache-Control"] = "no-store"
        return answer
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-v{wanted}{SUFFIX}"'
    return answer


def _file(content: bytes, media_type: str, kept: str) -> Response:
    response = make_response(content)
    response.content_type = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    response.headers["Cache-Control"] = kept
    response.set_etag(sha256_hex(content)[:32])
    response.make_conditional(request)
    return response
