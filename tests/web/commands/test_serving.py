"""The site as it is really served: granian with its workers, and the process that keeps the index."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from tests.services.commands import Gazette, Invoke

pytestmark = pytest.mark.heavy

DEADLINE_SECONDS = 60

DATASET = """
schemaVersion: "0.1.0"
kind: dataset
identifier: wells-1
title: Wells of the county
provenance: {source: official}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(process: subprocess.Popen[str], site: str) -> None:
    until = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"the server ended: {process.communicate()}")
        try:
            if httpx.get(f"{site}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    pytest.fail("the server was not ready in time")


def wait_for_text(url: str, text: str) -> httpx.Response:
    until = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < until:
        answer = httpx.get(url)
        if text in answer.text:
            return answer
        time.sleep(0.1)
    pytest.fail(f"“{text}” never stood on {url}")


def test_serve_keeps_the_index_up_to_date_whoever_writes(
    gazette: Gazette, ready: Invoke, processes: list[subprocess.Popen[str]], tmp_path: Path
) -> None:
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    server = gazette.start("serve", "--port", str(port))
    processes.append(server)
    wait_until_ready(server, site)
    record = tmp_path / "wells.yaml"
    record.write_text(DATASET, encoding="utf-8")
    assert ready("catalogue", "add", record).code == 0
    wait_for_text(f"{site}/search?q=wells", '<mark class="app-mark">Wells</mark> of the county')
    assert httpx.get(f"{site}/datasets/wells-of-the-county").status_code == 200
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=30) == 0


@pytest.mark.usefixtures("ready")
def test_a_port_that_is_taken_is_told_with_what_to_do(gazette: Gazette) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        ended = gazette("serve", "--port", str(holder.getsockname()[1]))
    assert ended.code == 1
    assert "--port" in ended.stderr


@pytest.mark.usefixtures("ready")
def test_the_server_keeps_to_http(gazette: Gazette, processes: list[subprocess.Popen[str]]) -> None:
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    server = gazette.start("serve", "--host", "localhost", "--port", str(port))
    processes.append(server)
    wait_until_ready(server, site)

    second = gazette("serve", "--port", str(port))
    assert second.code == 1, "two servers must not share a port"
    assert "--port" in second.stderr

    status = "/api/3/action/status_show"
    without_host = exchange(port, f"GET {status} HTTP/1.0\r\n\r\n")
    assert f'"help": "http://127.0.0.1:{port}/api/3/action/help_show' in without_host
    forwarded = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    assert httpx.get(site + status, headers=forwarded).json()["help"].startswith("https://127.0.0.1")
    whole, head = httpx.get(site + status), httpx.head(site + status)
    assert head.content == b""
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]
    for length, answer in ((60_000, "HTTP/1.1 200"), (70_000, "HTTP/1.1 414")):
        long = f"GET /search?q={'a' * length} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        assert exchange(port, long).startswith(answer)
    chunked = httpx.post(site + status, content=iter([b'{"a":', b" 1}"]))
    assert chunked.json()["success"] is True
    for host in ("a\r\nHost: b", "a, b", 'a"><script>', "a/b"):
        odd = f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        assert exchange(port, odd).startswith("HTTP/1.1 400"), host
    assert exchange(port, "GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n").startswith("HTTP/1.1 400")

    workers = workers_of(server.pid)
    os.kill(min(workers), signal.SIGKILL)
    until = time.monotonic() + DEADLINE_SECONDS
    while not workers_of(server.pid) - workers or min(workers) in workers_of(server.pid):
        assert time.monotonic() < until, "a worker that died was not replaced"
        time.sleep(0.1)
    wait_until_ready(server, site)


def workers_of(server: int) -> set[int]:
    """The processes that were forked from the server: they bear its name."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text("utf-8").split()
    named = {int(child): Path(f"/proc/{child}/cmdline") for child in children}
    name = Path(f"/proc/{server}/cmdline").read_bytes()
    return {child for child, command in named.items() if command.exists() and command.read_bytes() == name}


def exchange(port: int, sent: str) -> str:
    """What the server answers to these very bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_SECONDS) as connection:
        connection.sendall(sent.encode())
        return b"".join(iter(lambda: connection.recv(65_536), b"")).decode()


@pytest.mark.usefixtures("ready")
def test_the_indexer_does_not_outlive_a_killed_server(gazette: Gazette, processes: list[subprocess.Popen[str]]) -> None:
    port = free_port()
    server = gazette.start("serve", "--port", str(port))
    processes.append(server)
    wait_until_ready(server, f"http://127.0.0.1:{port}")
    group = os.getpgid(server.pid)
    server.kill()
    server.communicate()
    until = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < until:
        if not [p for p in Path("/proc").glob("[0-9]*/stat") if _group_of(p) == group]:
            return
        time.sleep(0.1)
    pytest.fail("processes of the killed server went on")


def _group_of(stat: Path) -> int:
    try:
        fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if fields[0] == "Z" else int(fields[2])


def test_demo_says_on_every_page_that_these_are_samples(
    gazette: Gazette, processes: list[subprocess.Popen[str]]
) -> None:
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    demo = gazette.start("demo", "--port", str(port))
    processes.append(demo)
    wait_until_ready(demo, site)
    found = wait_for_text(f"{site}/search?q=fraud", "results")
    assert "/agreements/" in found.text
    assert "/datasets/" in found.text
    for path in ("/", "/search?q=fraud", "/datasets", "/agreements", "/organisations", "/agreements/dg-1", "/nothing"):
        page = httpx.get(site + path)
        assert page.headers["X-Robots-Tag"].startswith("noindex")
        assert "sample" in page.text.lower()
    demo.send_signal(signal.SIGINT)
    out, err = demo.communicate(timeout=30)
    folder = next(line for line in out.splitlines() if "data folder is" in line).split()[4]
    assert not Path(folder).exists()
    assert "Traceback" not in err
