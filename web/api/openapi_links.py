"""Where an answer leads: what it names is what further operations take (OpenAPI 3.1, Link Object)."""

from collections.abc import Mapping

from schemas.canonical import Json

_READ = {"query.onRevision": "$response.body#/revision"}


def _to(*operations: str, where: Mapping[str, str]) -> Json:
    return {
        name: {"operationId": name, "parameters": {f"path.{key}": at for key, at in where.items()}}
        for name in operations
    }


NEW_DRAFT: Json = _to(
    "getDraft", "saveDraft", "discardDraft", "publishDraft", where={"draft": "$response.body#/draft/id"}
)
"""A draft that was made can be read, saved anew, discarded and made public."""

READ_DRAFT: Json = _to("saveDraft", "discardDraft", "publishDraft", where={"draft": "$response.body#/id"})
READ_DRAFT["discardDraft"]["parameters"] |= _READ
"""A draft that was read can be saved anew, made public, and discarded if nobody else saved it meanwhile."""

AGREEMENT: Json = _to("getAgreement", "getHistory", "getFlags", "act", where={"name": "$response.body#/agreement/id"})
"""An agreement to which something happened can be read, with its history and flags, and more can happen to it."""

SYNONYM: Json = _to("getSynonym", "removeSynonym", where={"synonym": "$response.body#/id"})
SYNONYM["removeSynonym"]["parameters"] |= _READ
"""A synonym that was set can be read, and taken away if nobody else changed it meanwhile."""
