"""The files of the published contract that stand beside the log, so that a copy can be checked against them."""

from functools import cache
from importlib import resources

from schemas.canonical import canonical_bytes, sha256_hex
from schemas.codelists import codelist_names
from schemas.contract import bundle


@cache
def schema_file(version: str) -> bytes:
    """A version of the contract without its codelists: its SHA-256 stands in the entries. Raises NotFound."""
    contract = {name: member for name, member in bundle(version).items() if name != "codelists"}
    return canonical_bytes(contract)


@cache
def schema_versions() -> tuple[str, ...]:
    """Every version of the contract that an entry may name, oldest first, those before the first published included."""
    folders = resources.files("schemas").joinpath("agreement").iterdir()
    found = [folder.name for folder in folders if folder.joinpath("agreement.json").is_file()]
    return tuple(sorted(found, key=lambda version: [int(part) for part in version.split(".")]))


@cache
def codelist_file(name: str) -> bytes:
    """A codelist as it stands today. Raises KeyError where there is no such list."""
    if name not in codelist_names():
        raise KeyError(f"no codelist is called {name}")
    return resources.files("schemas.codelists").joinpath(f"{name}.csv").read_bytes()


@cache
def codelists_file() -> bytes:
    """The SHA-256 of every codelist's file, by its name."""
    return canonical_bytes({name: sha256_hex(codelist_file(name)) for name in codelist_names()})


@cache
def codelists_sha256() -> str:
    """The SHA-256 of `codelists_file`: an entry of the log names it when it changes."""
    return sha256_hex(codelists_file())


def contract_files() -> dict[str, bytes]:
    """Every file of the contract by its path beside the log."""
    files = {f"schemas/agreement/{version}.json": schema_file(version) for version in schema_versions()}
    files |= {f"codelists/{name}.csv": codelist_file(name) for name in codelist_names()}
    return {**files, "codelists.json": codelists_file()}
