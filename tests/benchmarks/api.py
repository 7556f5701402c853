"""How fast the doors for programs are, on records made of the real ones. Run by hand, never as a test:

    GAZETTE_TEST_DATA=… PYTHONPATH=. python tests/benchmarks/api.py [--records 3357] [--times 60]
        [--folder F] [--no-dump]

Fills a fresh data folder (or uses the one in F, filling it where it is empty), starts `gazette serve` with two workers
and measures over the loopback. Prints a table: the median and the 95th percentile in milliseconds by the client's
clock, in brackets the mean of the server's processor time, first for answers that are worked out anew, then for the
same answers given again within a minute; how long an answer is; and what CKAN 2.12 with Solr took on a like machine.
The dump is `ckanapi dump datasets --all`; its floor is the same client against a server that does nothing but send the
same bytes. Other work on the machine counts: the load is printed beside, and the processor time hardly depends on it.
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from tests.benchmarks.canned import canned_server
from tests.benchmarks.search_corpus import real_records

WORKERS = 2
READY_SECONDS = 60
IDLE = 0.03
"""The seconds of the processor's time in one second below which a server is idle."""

WARMING = 6
"""So often each work is done before it counts: every worker has read what there is to read by then."""

SLOW = 20
"""So often is asked what takes long."""

ANEW = {"Cookie": "a=b"}
"""Who sends a cookie gets no answer that was given before: it is worked out anew."""

FACETS = json.dumps(["organization", "tags", "res_format"])


@dataclass(frozen=True)
class Work:
    """What is asked: its name, its addresses (asked in turn), how often, and CKAN's median in milliseconds."""

    name: str
    addresses: Sequence[str]
    times: int
    ckan: str = ""


def main() -> None:
    """Fill, serve, measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, default=3_357)
    options.add_argument("--times", type=int, default=60)
    options.add_argument("--folder", type=Path)
    options.add_argument("--no-dump", action="store_true")
    chosen = options.parse_args()
    trial_data = os.environ.get("GAZETTE_TEST_DATA")
    if not trial_data:
        sys.exit("Set GAZETTE_TEST_DATA to the folder with the trial data.")
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch) / "data"
        if not (folder / "gazette.db").exists():
            fill(folder, made_of(real_records(Path(trial_data)), chosen.records), Path(scratch))
        with served(folder) as (site, processor), httpx.Client(base_url=site, timeout=600) as client:
            settle(processor)
            tell(f"{chosen.records:,} records; load before {load()}")
            for work in works(client, chosen.times):
                tell(row(client, work, processor))
            if not chosen.no_dump:
                dump(site, client, Path(scratch))
    tell(f"load after {load()}")


def made_of(real: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """So many records: each a real one, those after the first of it under a title and a number of their own."""
    dice = random.Random(6)
    keywords = [word for record in real for word in record.get("keyword", ())]
    made = []
    for number in range(count):
        record, copy = real[number % len(real)], number // len(real)
        changed = {**record, "identifier": f"record-{number}"}
        if copy:
            changed["title"] = f"{record['title']}, part {copy}"
            changed["keyword"] = [*record.get("keyword", ()), *dice.sample(keywords, 2)]
        made.append(changed)
    return made


def fill(folder: Path, records: Sequence[dict[str, Any]], scratch: Path) -> None:
    """Take records into a new data folder as anybody does, from a data.json feed."""
    folder.mkdir(parents=True, exist_ok=True)
    feed = scratch / "data.json"
    feed.write_text(json.dumps({"dataset": list(records)}), encoding="utf-8")
    began = time.perf_counter()
    gazette = [sys.executable, "-m", "cli", "--data", str(folder)]
    for arguments in (["init"], ["catalogue", "import", str(feed), "--from", "data-json", "--source", "benchmark"]):
        done = subprocess.run([*gazette, *arguments], capture_output=True, encoding="utf-8", env=environment())
        if done.returncode not in {0, 1}:  # some of the real records are refused, and told
            sys.exit(done.stderr)
    tell(f"filled in {time.perf_counter() - began:.0f} s")


def environment() -> dict[str, str]:
    """The environment of what is started: ours, with the program in reach and two workers."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "GAZETTE_WORKERS": str(WORKERS)}


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, Callable[[], float]]]:
    """The site over a data folder until it is no longer needed, and what tells the processor time it took so far."""
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "cli", "--data", str(folder), "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(f"{site}/api/3/action/status_show")
            yield site, partial(processor_seconds, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(address: str) -> None:
    """Return once a server answers."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            httpx.get(address, timeout=5).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{address} does not answer.")


def works(client: httpx.Client, times: int) -> Iterator[Work]:
    """All that is asked of one site."""
    names = client.get("/api/3/action/package_list").json()["result"]
    dice = random.Random(7)
    some = dice.sample(names, min(len(names), times))
    words = [word for name in some for word in name.split("-") if len(word) > 4][:times]
    search = "/api/3/action/package_search?rows="
    counting = f"&facet.field={FACETS}"
    yield Work("package_search, 3 facets", [f"{search}10{counting}"], times, "24-30")
    yield Work("package_search, a word, 3 facets", [f"{search}10&q={word}{counting}" for word in words], times, "24-30")
    yield Work("package_show", [f"/api/3/action/package_show?id={name}" for name in some], times, "20")
    yield Work("dataset page", [f"/datasets/{name}" for name in some], times, "171")
    yield Work("/catalog.ttl, a page of 100", [f"/catalog.ttl?page={page}" for page in range(1, 6)], SLOW, "570")
    yield Work("package_search, rows=1000", [f"{search}1000&start={start}" for start in (0, 1000, 2000)], SLOW)
    for start in (0, len(names) - 100):
        yield Work(f"rows=100, start={start}", [f"{search}100&start={start}&sort=id asc"], times)
    yield Work("package_list, all names", ["/api/3/action/package_list"], SLOW)
    yield Work("organization_list, all fields", ["/api/3/action/organization_list?all_fields=true"], times)
    yield Work("tag_list", ["/api/3/action/tag_list"], SLOW)


def processor_seconds(process: int) -> float:
    """The processor time of a process and all that it started (Linux, proc(5))."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            number, told = int(folder.name), (folder / "stat").read_text().rpartition(")")[2].split()
            parents[number], ticks[number] = int(told[1]), int(told[11]) + int(told[12])
    family = {process}
    while more := {number for number, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(ticks.get(number, 0) for number in family) / os.sysconf("SC_CLK_TCK")


def settle(processor: Callable[[], float]) -> None:
    """Return once a server has done what it does at its start: a second passes in which it hardly works."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        began = processor()
        time.sleep(1)
        if processor() - began < IDLE:
            return


def row(client: httpx.Client, work: Work, processor: Callable[[], float]) -> str:
    """A row of the table: what was asked; how long it took worked out anew, and given again; how long it is; CKAN."""
    anew, size = measured(client, work, processor, ANEW)
    again, _size = measured(client, work, processor, {})
    return f"| {work.name:34} | {anew} | {again} | {size / 1000:8.0f} kB | {work.ckan:>6} |"


def measured(
    client: httpx.Client, work: Work, processor: Callable[[], float], headers: dict[str, str]
) -> tuple[str, int]:
    """How long one kind of work took, and how long an answer is."""
    asks = [partial(client.get, address, headers=headers) for address in work.addresses]
    warm = max(WARMING, len(asks))
    answers = [timed(asks[turn % len(asks)]) for turn in range(warm)]
    began = processor()
    answers += [timed(asks[turn % len(asks)]) for turn in range(work.times)]
    took = (processor() - began) / work.times
    statuses = {answer.status_code for _seconds, answer in answers}
    if statuses != {200}:
        return f"{'status ' + ', '.join(map(str, statuses)):>25}", 0
    seconds = sorted(seconds for seconds, _answer in answers[warm:])
    middle, high = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.95)]
    size = max(len(answer.content) for _seconds, answer in answers)
    return f"{middle * 1000:7.1f} / {high * 1000:6.1f} [{took * 1000:6.1f}]", size


def timed(work: Callable[[], httpx.Response]) -> tuple[float, httpx.Response]:
    """How long it takes, and its answer."""
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer


def dump(site: str, client: httpx.Client, scratch: Path) -> None:
    """The whole catalogue through CKAN's own client, and what the client takes of that itself."""
    names = client.get("/api/3/action/package_list").json()["result"]
    shown = [client.get("/api/3/action/package_show", params={"id": name}).content for name in names]
    answers = {"package_list": client.get("/api/3/action/package_list").content}
    answers |= dict(zip(names, shown, strict=True))
    port = free_port()
    with canned_server(answers, port):
        canned = f"http://127.0.0.1:{port}"
        wait_for(f"{canned}/")
        for _turn in range(2):
            ours, floor = dumped(site, scratch, len(names)), dumped(canned, scratch, len(names))
            tell(
                f"ckanapi dump datasets --all: {ours:.1f} s, floor {floor:.1f} s, {ours / floor:.2f} times (CKAN 58 s)"
            )


def dumped(address: str, scratch: Path, count: int) -> float:
    """The seconds of one dump."""
    out = scratch / "dump.jsonl"
    program = Path(sys.executable).parent
    path = f"{program}{os.pathsep}{os.environ['PATH']}"
    began = time.perf_counter()
    subprocess.run(
        [program / "ckanapi", "-r", address, "dump", "datasets", "--all", "-O", out],
        env={**os.environ, "PATH": path},
        check=True,
        capture_output=True,
    )
    seconds = time.perf_counter() - began
    lines = len(out.read_bytes().splitlines())
    if lines != count:
        raise AssertionError(f"{lines} lines of {count}")
    return seconds


def load() -> str:
    """How busy the machine is."""
    return " ".join(f"{figure:.1f}" for figure in os.getloadavg())


def tell(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
