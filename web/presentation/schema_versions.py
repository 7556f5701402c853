"""The versions of the published schemas, where each stands, and what changed from one to the next."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from register.powers.record import POWER_VERSION
from schemas.bundle import AGREEMENT_VERSION, DATASET_VERSION, load_schema
from schemas.canonical import Json
from schemas.contract import Published, part_names, published_versions
from schemas.profiles import profile_names

KINDS = {"agreement": AGREEMENT_VERSION, "power": POWER_VERSION, "dataset": DATASET_VERSION}
"""What there are schemas of, each with the version that records are checked against now."""

FOLDER = "/schemas"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a schema. Of one that is not published, and may change, `day` and `sha256` are empty."""

    kind: str
    version: str
    day: str = ""
    sha256: str = ""
    changes: str = ""

    @property
    def urn(self) -> str:
        """Its `$id`, the same everywhere."""
        return f"urn:data-gazette:{self.kind}:{self.version}"

    @property
    def address(self) -> str:
        """The address of its page; everything that belongs to it lies below."""
        return f"{FOLDER}/{self.kind}/{self.version}/"

    @property
    def file(self) -> str:
        """The address of the schema itself."""
        return f"{self.address}{self.kind}.json"

    @property
    def newest(self) -> bool:
        """Whether records are checked against it now."""
        return self.version == KINDS[self.kind]

    @property
    def published(self) -> bool:
        """Whether it never changes any more."""
        return bool(self.day)


@cache
def versions_of_schema(kind: str) -> tuple[Version, ...]:
    """The versions of a schema, newest first."""
    newest = KINDS[kind]
    changes = {change["version"]: change["text"]["en"] for change in load_schema(kind, newest).get("x-changes", ())}
    days = {published.version: published for published in published_versions()} if kind == "agreement" else {}
    return tuple(
        Version(kind, number, known.day, known.sha256, changes.get(number, ""))
        for number in dict.fromkeys([newest, *changes, *reversed(days)])
        for known in [days.get(number, Published(number, "", ""))]
    )


def parts_of(version: Version, folder: str) -> list[str]:
    """The names of the `profiles`, `events` or `examples` of a version; only agreements have any.

    Of the profiles that of the complete record goes first.
    """
    if version.kind != "agreement":
        return []
    return profile_names(version.version) if folder == "profiles" else part_names(version.version, folder)


def part_address(version: Version, folder: str, name: str) -> str:
    """The address of the page of a profile, an event or an example; with `.json` behind it, of the file."""
    return f"{version.address}{folder}/{name}"


def field_address(version: Version, path: str) -> str:
    """Where a field is explained. `path` is dotted, as `parties.flowRole`."""
    return f"{version.address}#{path}"


def codelist_address(name: str) -> str:
    """The address of the page of a codelist; with `.csv` or `.json` behind it, of the file."""
    return f"{FOLDER}/codelists/{name}"


def addresses_by_urn(version: Version) -> dict[str, str]:
    """Where to fetch each `$id` of a version: the schema's, then those of its profiles and its events."""
    return {version.urn: version.file} | dict(_parts_by_urn(version))


def _parts_by_urn(version: Version) -> Iterator[tuple[str, str]]:
    for folder, word in (("profiles", "profile"), ("events", "event")):
        for name in parts_of(version, folder):
            yield f"{version.urn}:{word}:{name}", f"{part_address(version, folder, name)}.json"


def directory(lists: list[str]) -> Json:
    """Everything that is published, for programs: each version with its addresses, and the codelists named."""
    files = {name: {form: f"{codelist_address(name)}.{form}" for form in ("csv", "json")} for name in lists}
    return {kind: [_entry(version) for version in versions_of_schema(kind)] for kind in KINDS} | {"codelists": files}


def _entry(version: Version) -> Json:
    entry: Json = {"version": version.version, "schema": version.urn, "addresses": addresses_by_urn(version)}
    if version.published:
        entry |= {"published": version.day, "sha256": version.sha256}
    if version.kind == "agreement":
        examples = {name: f"{part_address(version, 'examples', name)}.json" for name in parts_of(version, "examples")}
        entry |= {"bundle": f"{version.address}bundle.json", "examples": examples}
    return entry
