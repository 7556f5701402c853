"""The official JSON Schemas of DCAT-US as validators, and addresses as RFC 3986 has them, written from its grammar."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

_UNRESERVED = r"A-Za-z0-9._~\-"
_PERCENT = r"%[0-9A-Fa-f]{2}"
_PCHAR = rf"(?:[{_UNRESERVED}!$&'()*+,;=:@]|{_PERCENT})"
_HOST = rf"(?:\[[0-9A-Fa-f:.]+\]|(?:[{_UNRESERVED}!$&'()*+,;=]|{_PERCENT})*)"
_USER = rf"(?:(?:[{_UNRESERVED}!$&'()*+,;=:]|{_PERCENT})*@)?"
_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.\-]*:(?://{_USER}{_HOST}(?::[0-9]*)?(?:/{_PCHAR}*)*|/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?"
    rf"|{_PCHAR}+(?:/{_PCHAR}*)*)(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?])*)?"
)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})", re.ASCII)

_formats = FormatChecker()


@_formats.checks("uri")
@_formats.checks("iri")
def is_uri(value: object) -> bool:
    """Whether a value is no text, or an address that RFC 3986 allows."""
    return not isinstance(value, str) or _URI.fullmatch(value) is not None


@_formats.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    if not isinstance(value, str) or _MOMENT.fullmatch(value) is None:
        return not isinstance(value, str)
    return bool(datetime.fromisoformat(value))


class Standards:
    """Validators of the official schemas in a folder."""

    def __init__(self, folder: Path) -> None:
        older = folder / "dcat-us-1.1"
        self.federal = _validator(json.loads((older / "federal_dataset.json").read_text("utf-8")))
        self.non_federal = _validator(json.loads((older / "non-federal_dataset.json").read_text("utf-8")))
        catalog = json.loads((older / "catalog.json").read_text("utf-8"))
        catalog["properties"]["dataset"]["items"].pop("$ref")  # it leads nowhere: datasets are validated one by one
        self.catalog = _validator(catalog)
        definitions = folder / "dcat-us-3.0" / "definitions"
        newer = [json.loads(path.read_text("utf-8")) for path in definitions.glob("*.json")]
        registry: Registry[Any] = Registry().with_resources(
            (schema["$id"], Resource.from_contents(schema)) for schema in newer
        )
        self.us3 = {schema["$id"].rpartition("/")[2]: _validator(schema, registry) for schema in newer}

    def wrong_with_data_json(self, node: dict[str, Any]) -> list[str]:
        """What the official schema says against a dataset of DCAT-US 1.1."""
        federal = "bureauCode" in node and "programCode" in node
        return messages(self.federal if federal else self.non_federal, node)


def messages(validator: Draft202012Validator, node: object) -> list[str]:
    """Every error of a validator, with its place."""
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(node)]


def _validator(schema: dict[str, Any], registry: Registry[Any] | None = None) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    if registry is None:
        return Draft202012Validator(schema, format_checker=_formats)
    return Draft202012Validator(schema, registry=registry, format_checker=_formats)
