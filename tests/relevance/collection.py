"""The collection that the judged set was judged on: every record that the importers can take from the trial data.

What several files hold alike (test files repeat one another, and the recorded CKAN holds the agencies' feeds again) is
in it once: a record whose title and description were taken already is passed over.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from catalogue.datasets.models import CataloguedResource
from catalogue.datasets.record import check_dataset
from catalogue.datasets.search_documents import dataset_search_document
from catalogue.formats.ckan_feed import read_ckan
from catalogue.formats.data_json_feed import read_data_json
from catalogue.formats.rsf import read_rsf
from catalogue.organisations.models import Organisation
from catalogue.search.document import SearchDocument
from catalogue.slugs import slug_of
from register.agreements.events import open_register
from register.agreements.models import Agreement
from register.agreements.search_documents import AgreementDocuments, agreement_search_id
from register.commands.importing import read_code_tables
from register.formats.rsf import DEA_REGISTER
from register.importing import Importer, import_rsf
from schemas.actor import LOCAL_REGISTRAR
from schemas.canonical import Json
from schemas.clock import Ids
from schemas.database.engine import Database, open_database
from schemas.database.upgrade import upgrade
from schemas.errors import InvalidInput
from schemas.problems import errors_in
from schemas.reading import Read
from tests.fakes import CountingIds, SeededRandomness

NOW = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
"""When the records were taken in and every query is asked."""


def clock() -> datetime:
    """A clock that stands still."""
    return NOW


def collection(trial_data: Path, database: Database) -> list[SearchDocument]:
    """The search documents of all records, under identifiers that do not change from run to run.

    A dataset is `<file>:<the last part of its identifier there>`, an agreement `dea:<its number there>`. `database` is
    empty and migrated: agreements are made in it; datasets are made as an import makes them, but never stored, which
    would take ten times as long.
    """
    agreements = _agreements(trial_data / "agreements" / "dea-register-2019", database)
    return [*datasets(trial_data / "datasets").values(), *agreements]


def datasets(folder: Path) -> dict[str, SearchDocument]:
    """The search documents of all datasets that an import would not refuse, by their identifiers."""
    ids = CountingIds()
    found = {}
    for source, reads in feeds(folder):
        times = Counter(read.identifier for read in reads)
        for read in reads:
            document = read.document
            if document is None or times[read.identifier] > 1 or errors_in([*read.problems, *check_dataset(document)]):
                continue
            key = f"{source}:{read.identifier.rstrip('/').rpartition('/')[2]}"
            found[key] = replace(dataset_search_document(_catalogued(source, read.identifier, document, ids)), id=key)
    return found


def _catalogued(source: str, identifier: str, document: Json, ids: Ids) -> CataloguedResource:
    """A dataset as the catalogue would hold it."""
    publisher = document.get("publisher", {}).get("name")
    body = Organisation(id=ids(), slug=slug_of(publisher), name=publisher, names=[]) if publisher else None
    return CataloguedResource(
        id=ids(),
        slug=slug_of(document["title"]),
        kind=document["kind"],
        source=source,
        identifier=identifier,
        title=document["title"],
        publisher=body,
        access_rights=document.get("accessRights"),
        issued=document.get("issued"),
        modified=document.get("modified"),
        state="active",
        revision=1,
        document=document,
        first_seen_at=NOW,
        metadata_modified_at=NOW,
    )


def _agreements(folder: Path, database: Database) -> list[SearchDocument]:
    register = read_rsf((folder / f"{DEA_REGISTER}.rsf").read_bytes(), DEA_REGISTER)
    codes = read_code_tables(tuple(sorted(set(folder.glob("*.rsf")) - {folder / f"{DEA_REGISTER}.rsf"})))
    importer = Importer(LOCAL_REGISTRAR, clock, CountingIds(), SeededRandomness())
    with database.write() as session:
        open_register(session)
        for _ in import_rsf(session, importer, register, codes):
            pass
    with database.read() as session:
        numbers = {
            agreement_search_id(agreement): agreement.document["externalIds"][0]["id"]
            for agreement in session.query(Agreement)
        }
        return [
            replace(document, id=f"dea:{numbers[document.id]}")
            for document in AgreementDocuments().documents(session, None)
        ]


def feeds(folder: Path) -> Iterator[tuple[str, Sequence[Read]]]:
    """What each file of datasets holds that no file before it held; files that no importer reads are passed over."""
    taken: set[tuple[str, str]] = set()
    agencies = sorted((folder / "dcatus-agencies-2025").glob("*.json"))
    for file in [*agencies, *sorted(set(folder.rglob("*.json")) - set(agencies))]:
        if "history" in file.parts:
            continue
        reads = [read for read in _reads(file) if _is_new(read, taken)]
        if reads:
            yield file.stem.removesuffix(".data"), reads


def _reads(file: Path) -> Sequence[Read]:
    data = file.read_bytes()
    for reader in (read_data_json, read_ckan):
        try:
            found = reader(data, file.name, file.stem).reads
        except InvalidInput:
            continue
        if any(read.document for read in found):
            return found
    return ()


def _is_new(read: Read, taken: set[tuple[str, str]]) -> bool:
    if read.document is None or not read.identifier:
        return False
    key = (str(read.document.get("title")), str(read.document.get("description", "")))
    if key in taken:
        return False
    taken.add(key)
    return True


def new_database(folder: Path) -> Database:
    """An empty database with every table, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    database = open_database(f"sqlite:///{folder / 'gazette.db'}")
    try:
        upgrade(database)
    except BaseException:
        database.close()
        raise
    return database


def all_documents(trial_data: Path, scratch: Path) -> list[SearchDocument]:
    """The collection, through a database of its own in a scratch folder."""
    with closing(new_database(scratch)) as database:
        return collection(trial_data, database)
