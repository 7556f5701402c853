"""What a real CKAN 2.12 answered, and its packages as records of ours: the same requests go to both."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalogue.datasets.importing import import_datasets
from catalogue.formats.ckan_feed import read_ckan
from catalogue.search.indexer import drain
from catalogue.search.tantivy_engine import TantivyPlace
from schemas.actor import LOCAL_REGISTRAR
from schemas.clock import random_ids
from schemas.database.engine import open_database
from schemas.settings import Settings, sqlite_url
from tests.fakes import FakeClock
from tests.web.conftest import Site


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request to CKAN and its answer."""

    name: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: str | None
    status: int
    content_type: str
    answer: Any


def exchanges(trial_data: Path) -> list[Exchange]:
    """Every exchange that was recorded."""
    found = []
    lines = (trial_data / "ckan-recorded" / "ckan-2.12-answers.jsonl").read_text(encoding="utf-8").splitlines()
    for line in map(json.loads, lines):
        asked, told = line["request"], line["response"]
        found.append(
            Exchange(
                line["name"],
                asked["method"],
                asked["path"],
                asked["headers"],
                asked["body"],
                told["status"],
                told["headers"]["Content-Type"],
                json.loads(told["body"]),
            )
        )
    return found


def packages_in(answers: list[Exchange]) -> dict[str, dict[str, Any]]:
    """Every whole package among the answers, by its name."""
    found: dict[str, dict[str, Any]] = {}
    for exchange in answers:
        result = exchange.answer.get("result") if isinstance(exchange.answer, dict) else None
        if isinstance(result, dict):
            shown = result.get("results", [result])
            found |= {package["name"]: package for package in shown if "resources" in package}
    return found


def site_of(packages: dict[str, dict[str, Any]], sqlite_template: Path, folder: Path) -> Iterator[Site]:
    """A site with these packages, each under CKAN's organisation: what they say of their publisher is left out."""
    shutil.copyfile(sqlite_template, folder / sqlite_template.name)
    clock = FakeClock()
    lines = [
        {**package, "extras": [pair for pair in package["extras"] if pair["key"] != "publisher"]}
        for package in packages.values()
    ]
    with closing(open_database(sqlite_url(folder))) as database:
        feed = read_ckan("\n".join(map(json.dumps, lines)).encode(), "recorded.jsonl", "ckan.example")
        with database.write() as session:
            list(import_datasets(session, LOCAL_REGISTRAR, feed, clock, random_ids))
        drain(database, TantivyPlace(folder / "search"), clock)
        yield Site(Settings(folder, str(database.engine.url), folder / "search"), database, clock)
