"""Every file below datasets/ of the trial data: which of our readers takes it, and which are read by none, and why."""

import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import requests
from sqlalchemy import select

from catalogue.commands.context import CommandContext
from catalogue.datasets.importing import Feed, import_datasets
from catalogue.datasets.models import CataloguedResource
from catalogue.datasets.record import withdraw_dataset
from catalogue.formats.ckan_feed import read_ckan
from catalogue.formats.data_json_feed import read_data_json
from catalogue.formats.dcat_feed import read_dcat
from catalogue.formats.uk_model_feed import read_uk_model
from catalogue.search.indexer import drain
from register.agreements.events import DEFAULT_PREFIX
from schemas.outcomes import Action, Outcome
from schemas.settings import Settings, read_settings
from tests.services.commands import Gazette, end
from web.commands.making import make_installation
from web.samples import load_samples

READERS = {"ckan": read_ckan, "data-json": read_data_json, "dcat": read_dcat, "uk-model": read_uk_model}

_ARGENTINA = "argentina/tests/samples"
_AGENCIES = "dcatus-agencies-2025"
_HARVESTER = "gsa-harvester-fixtures/example_data"
_WAFS = "gsa-catalog-fixtures/tests/harvest-sources"

NOT_READ: Mapping[str, tuple[str, ...]] = {
    "ISO 19115 in XML": (
        f"{_HARVESTER}/valid_iso2_parent.xml",
        *(f"{_HARVESTER}/iso_2_waf/{name}.xml" for name in ("invalid_iso2", "valid_iso1", "valid_iso2")),
        f"{_HARVESTER}/iso_2_waf/valid_iso_too_many_keywords.xml",
        *(f"{_WAFS}/iso-waf/iso_metadata_{number}.xml" for number in (1, 2)),
    ),
    "FGDC metadata in XML": (
        f"{_WAFS}/fgdc-waf/fgdc_metadata_1.xml",
        *(f"{_HARVESTER}/waf/USGS{name}.xml" for name in ("HydroCached", "ImageryOnly", "ImageryTopo")),
        *(f"{_HARVESTER}/waf/{name}.xml" for name in ("USGSShadedReliefOnly", "browse/USGSHydroCached")),
        *(f"{_HARVESTER}/waf/{name}.xml" for name in ("browse/more/USGSShadedReliefOnly", "other/USGSImageryOnly")),
    ),
    "XML that describes nothing": (
        f"{_HARVESTER}/iso_2_waf/decode_error.xml",
        f"{_HARVESTER}/iso_2_waf/to_be_filtered_by_datetime.xml",
    ),
    "a catalogue in a workbook (XLSX)": (
        *(f"{_ARGENTINA}/catalogo_justicia{end}.xlsx" for end in ("", "_extra_columns", "_with_defaults")),
        f"{_ARGENTINA}/catalogo_justicia_no_xlsx_suffix",
        f"{_ARGENTINA}/catalogo-justicia-missing-distribution-identifier.xlsx",
        f"{_ARGENTINA}/lists_extra_commas.xlsx",
    ),
    "a table, not a catalogue": (
        *(f"{_ARGENTINA}/{name}" for name in ("read_table.xlsx", "prueba_sheet_to_table.xlsx", "read_table.csv")),
        *(f"{_ARGENTINA}/{name}.csv" for name in ("resource_sample", "processed_datasets_report")),
    ),
    "a list of organisations or of files, without a dataset": (
        f"{_ARGENTINA}/organization_tree.json",
        "hdx/expected_resources_to_update.json",
    ),
    "terms or notes about the files": (
        *(f"{folder}/LICENSE" for folder in ("argentina", "hdx")),
        *(f"gsa-{folder}-fixtures/LICENSE.md" for folder in ("datajson", "harvester")),
        "gsa-datajson-fixtures/ckanext/datajson/tests/datajson-samples/README.md",
    ),
}
"""The files of which no reader takes a record, by what they are."""

WITHDRAWN = f"{_ARGENTINA}/minimum_data.json"
"""The source whose one dataset is withdrawn again, so that something is there that nobody may get."""


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """A file that a reader takes: its place below datasets/, the reader, and the source its records are kept under."""

    name: str
    path: Path
    reader: str
    source: str

    def feed(self) -> Feed:
        """What is in it. Raises InvalidInput where the reader does not take it."""
        return READERS[self.reader](self.path.read_bytes(), self.path.name, self.source)


def all_files(trial_data: Path) -> dict[str, Path]:
    """Every file, by its place below datasets/."""
    folder = trial_data / "datasets"
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def catalogue_files(trial_data: Path) -> Iterator[CatalogueFile]:
    """Every file that is not known to be read by none, the editions of one feed in their order."""
    known = {name for names in NOT_READ.values() for name in names}
    names = [name for name in all_files(trial_data) if name not in known]
    for name in sorted(names, key=lambda name: (f"{_AGENCIES}/history/" not in name, name)):
        yield CatalogueFile(name, trial_data / "datasets" / name, _reader(name), _source(name))


def _reader(name: str) -> str:
    if name.startswith("hdx/"):
        return "ckan"
    return "dcat" if "/dcatus3_0" in name else "data-json"


def _source(name: str) -> str:
    """An agency's editions are one feed, of which the file outside history/ is the last; each other file is one."""
    if not name.startswith(_AGENCIES):
        return name
    return name.split("/")[2] if "/history/" in name else name.rpartition("/")[2].removesuffix(".json")


def import_file(context: CommandContext, file: CatalogueFile) -> list[Outcome]:
    """Take a file in as `gazette catalogue import` does, and tell what became of each of its records."""
    feed = file.feed()
    with context.database.write() as session:
        return list(import_datasets(session, context.actor, feed, context.clock, context.ids))


@dataclass(frozen=True, slots=True)
class RealSite:
    """A live server over every file and every sample. `outcomes` has what became of each record of each file.

    `withdrawn` is the one dataset that was withdrawn after it was taken in.
    """

    address: str
    context: CommandContext
    outcomes: Mapping[str, list[Outcome]]
    withdrawn: str

    def actions(self) -> Counter[Action]:
        """How often each became of a record, over all files."""
        return Counter(outcome.action for outcomes in self.outcomes.values() for outcome in outcomes)

    def resources(self) -> list[CataloguedResource]:
        """The records that a reader of the site may see."""
        with self.context.database.read() as session:
            query = select(CataloguedResource).where(CataloguedResource.state == "active")
            return list(session.scalars(query.order_by(CataloguedResource.slug)))


@contextmanager
def served_catalogues(trial_data: Path, folder: Path) -> Iterator[RealSite]:
    """Make the site in a folder as its commands do, and serve it as `gazette serve` does."""
    address = f"http://127.0.0.1:{_free_port()}"
    settings = replace(read_settings({}, folder), public_url=address)
    context = CommandContext(fixed_settings=settings)
    with context.closing:
        make_installation(context, DEFAULT_PREFIX)
        outcomes = {"samples": list(load_samples(context))}
        outcomes |= {file.name: import_file(context, file) for file in catalogue_files(trial_data)}
        with context.database.write() as session:
            gone = session.scalars(select(CataloguedResource).where(CataloguedResource.source == WITHDRAWN)).one()
            withdraw_dataset(session, context.actor, gone, "It is a test.", context.clock)
            withdrawn = str(UUID(gone.id))
        drain(context.database, context.index, context.clock)
        with _serving(settings, folder):
            yield RealSite(address, context, outcomes, withdrawn)


@contextmanager
def _serving(settings: Settings, folder: Path) -> Iterator[None]:
    gazette = Gazette(settings.data, folder)
    port = str(settings.site_address).rpartition(":")[2]
    environ = {"GAZETTE_PUBLIC_URL": settings.site_address}
    with (folder / "server.log").open("w+", encoding="utf-8") as log:
        server = gazette.start("serve", "--port", port, environ=environ, stdout=log, stderr=subprocess.STDOUT)
        try:
            until = time.monotonic() + 60
            while not _is_ready(settings.site_address):
                assert server.poll() is None, Path(log.name).read_text(encoding="utf-8")
                assert time.monotonic() < until
                time.sleep(0.05)
            yield
        finally:
            end(server)


def _is_ready(address: str) -> bool:
    try:
        return requests.get(f"{address}/readyz", timeout=10).status_code == 200
    except requests.RequestException:  # it does not listen yet, or its workers are still starting
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
