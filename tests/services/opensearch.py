"""A throw-away OpenSearch: one node for a run of the suite, one index name for each test.

Its jars come from Maven once and stay in a folder of the account's cache; the node keeps all else in the run's own
folder and listens on free ports of this machine alone. It is the server itself, started by its own main class, with
no module but the one that speaks HTTP.
"""

import hashlib
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from functools import cache
from pathlib import Path

from catalogue.search.opensearch_lock import LEASES
from tests.services.need import Need, lacking
from tests.services.shared import SharedFolder

SHARED = "GAZETTE_TEST_SHARED"
"""The variable with the folder of this run, for the processes that tests start."""

_POM = Path(__file__).with_name("opensearch") / "pom.xml"
_ADDRESS, _OPERATORS, _MISSING, _PID = "address", "operators", "missing", "pid"
_PUBLISHED = re.compile(r"HttpServerTransport\s*\].*publish_address \{([^}]+)\}")
_STARTS_WITHIN = 180
_FETCHED_WITHIN = 600


class OpenSearchMissing(Exception):
    """There is no OpenSearch to test with; the message says why."""


def use_operators(shared: SharedFolder, address: str) -> None:
    """Test with the operator's own server (`GAZETTE_SEARCH_URL`), whose other indexes are left alone."""
    with shared.locked("opensearch") as folder:
        (folder / _ADDRESS).write_text(address.rstrip("/"))
        (folder / _OPERATORS).touch()


@cache
def address_for_tests() -> str:
    """The address of a server, started by the first that asks; skips or fails the test where there can be none."""
    shared = SharedFolder(Path(os.environ[SHARED]))
    with shared.locked("opensearch") as folder:
        if not (folder / _ADDRESS).exists() and not (folder / _MISSING).exists():
            try:
                _start(folder, jars())
            except OpenSearchMissing as missing:
                (folder / _MISSING).write_text(str(missing))
        if (folder / _MISSING).exists():
            lacking(Need.OPENSEARCH, (folder / _MISSING).read_text())
        return (folder / _ADDRESS).read_text()


def index_for(folder: Path) -> str:
    """An address with the name of an index that belongs to a folder of this run, and to no other."""
    run = SharedFolder(Path(os.environ[SHARED])).name
    mine = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return f"{address_for_tests()}/{_prefix(run)}{mine}"


def stop(shared: SharedFolder) -> None:
    """Stop the node of this run, or take this run's indexes away from the operator's server."""
    with shared.locked("opensearch") as folder:
        if (folder / _OPERATORS).exists():
            _clear((folder / _ADDRESS).read_text(), _prefix(shared.name))
        if (folder / _PID).exists():
            _end(int((folder / _PID).read_text()))
            shutil.rmtree(_data(folder))


def jars() -> Path:
    """The folder with the server's jars; asks Maven for them where they are not there yet. Raises OpenSearchMissing."""
    if shutil.which("java") is None:
        raise OpenSearchMissing("There is no Java on this machine (Debian: default-jre-headless).")
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "data-gazette-tests"
    wanted = hashlib.sha256(_POM.read_bytes()).hexdigest()[:12]
    kept = caches / f"opensearch-{wanted}"
    if kept.is_dir():
        return kept
    maven = shutil.which("mvn")
    if maven is None:
        raise OpenSearchMissing("OpenSearch’s jars are not here, and there is no Maven to fetch them (Debian: maven).")
    draft = caches / f"opensearch-{wanted}.{os.getpid()}"
    asked = ["-f", str(_POM), "dependency:copy-dependencies", f"-DoutputDirectory={draft}", "-DincludeScope=runtime"]
    try:
        done = subprocess.run(
            [maven, "--batch-mode", "--quiet", *asked],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_FETCHED_WITHIN,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise OpenSearchMissing(f"Maven did not fetch OpenSearch’s jars within {_FETCHED_WITHIN} seconds.") from None
    if done.returncode != 0:
        told = next((line for line in done.stdout.splitlines() if "ERROR" in line), done.stderr.strip())
        raise OpenSearchMissing(f"Maven cannot fetch OpenSearch’s jars: {told}")
    if not kept.is_dir():
        draft.rename(kept)
    return kept


def _start(folder: Path, from_jars: Path) -> None:
    """Start a node in a folder, wait until it answers, and write its address and process down."""
    _lay_out(folder, from_jars)
    with (folder / "server.log").open("wb") as log:
        account = _account()
        process = subprocess.Popen(
            _command(folder),
            cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            user=account, group=pwd.getpwnam(account).pw_gid if account else None, extra_groups=[] if account else None,
        )  # fmt: skip
    try:
        address = _answering(process, folder / "server.log")
    except BaseException:
        process.kill()
        process.wait()
        raise
    (folder / _PID).write_text(str(process.pid))
    (folder / _ADDRESS).write_text(address)
    process.returncode = 0  # it outlives this worker: the process that started the run ends it


def _lay_out(folder: Path, from_jars: Path) -> None:
    """Put the server's home into the folder: jars as links where that can be, and files that say how it runs."""
    module = folder / "modules" / "transport-netty4"
    for made in (folder / "bin", folder / "lib", module, folder / "config", folder / "plugins"):
        made.mkdir(parents=True)
    for jar in from_jars.glob("*.jar"):
        _link(jar, (module if "netty" in jar.name else folder / "lib") / jar.name)
    version = next(from_jars.glob("opensearch-[0-9]*.jar")).stem.rpartition("-")[2]
    (module / "plugin-descriptor.properties").write_text(
        f"name=transport-netty4\ndescription=HTTP\nversion={version}\nopensearch.version={version}\n"
        "java.version=11\nclassname=org.opensearch.transport.Netty4Plugin\n"
    )
    (module / "plugin-security.policy").write_text(
        'grant {\n  permission java.net.SocketPermission "*", "accept,connect,resolve";\n'
        '  permission java.net.SocketPermission "localhost:0", "listen,resolve";\n};\n'
    )
    (folder / "config" / "opensearch.yml").write_text(
        "cluster.name: tests\nnode.name: one\ndiscovery.type: single-node\nnetwork.host: 127.0.0.1\n"
        f"path.data: {_data(folder)}\nhttp.port: 0\ntransport.port: 0\n"
        "cluster.routing.allocation.disk.threshold_enabled: false\ncluster.max_shards_per_node: 20000\n"
    )
    (folder / "config" / "log4j2.properties").write_text(
        "status = error\nappender.console.type = Console\nappender.console.name = console\n"
        "appender.console.layout.type = PatternLayout\nappender.console.layout.pattern = [%p][%c{1.}] %m%n\n"
        "rootLogger.level = info\nrootLogger.appenderRef.console.ref = console\n"
    )
    account = _account()
    for own in (folder / "config", _data(folder), folder / "logs", folder / "tmp"):
        own.mkdir(exist_ok=True)
        if account:
            shutil.chown(own, account)
    folder.chmod(0o755)


def _data(folder: Path) -> Path:
    """Where the node keeps its indexes: in memory where the machine can, for it waits for the disk at every step."""
    memory = Path("/dev/shm")
    return memory / f"{folder.parent.name}-opensearch" if os.access(memory, os.W_OK) else folder / "data"


def _command(folder: Path) -> list[str]:
    return [
        "java", "-Xms512m", "-Xmx512m", "-Xss1m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-Djava.security.manager=allow", f"-Djava.io.tmpdir={folder / 'tmp'}", "-Dfile.encoding=UTF-8",
        "-Dlog4j2.disable.jmx=true", f"-Dopensearch.path.home={folder}",
        f"-Dopensearch.path.conf={folder / 'config'}", "-Dopensearch.distribution.type=tar",
        "-cp", f"{folder / 'lib'}/*", "org.opensearch.bootstrap.OpenSearch",
    ]  # fmt: skip


def _answering(process: "subprocess.Popen[bytes]", log: Path) -> str:
    """The address at which the node answers, once it does. Raises OpenSearchMissing where it does not come up."""
    ends = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < ends and process.poll() is None:
        published = _PUBLISHED.search(log.read_text("utf-8", "replace"))
        if published is not None:
            try:
                address = f"http://{published.group(1)}"
                _ask("GET", f"{address}/_cluster/health?wait_for_status=yellow&timeout=30s")
            except OSError:
                pass
            else:
                return address
        time.sleep(0.1)
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    told = next((line for line in lines if "Exception: " in line), lines[-1] if lines else "it says nothing")
    raise OpenSearchMissing(f"OpenSearch does not start: {told}")


def _clear(address: str, prefix: str) -> None:
    for row in json.loads(_ask("GET", f"{address}/_cat/indices/{prefix}*?format=json&expand_wildcards=all")):
        with suppress(urllib.error.HTTPError):  # a process that was killed has just taken it away
            _ask("DELETE", f"{address}/{row['index']}")
    with suppress(urllib.error.HTTPError):  # nobody ever wrote
        for hit in json.loads(_ask("GET", f"{address}/{LEASES}/_search?size=10000"))["hits"]["hits"]:
            if hit["_id"].startswith(prefix):
                _ask("DELETE", f"{address}/{LEASES}/_doc/{hit['_id']}")


def _ask(method: str, url: str) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=40) as answer:
        said: bytes = answer.read()
    return said


def _end(pid: int) -> None:
    """End the node's process and wait until it is gone, or only its name is left."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        for _ in range(40):
            with suppress(ChildProcessError):  # another worker started it
                os.waitpid(pid, os.WNOHANG)
            os.kill(pid, 0)
            time.sleep(0.05)


def _link(jar: Path, to: Path) -> None:
    try:
        to.hardlink_to(jar)
    except OSError:  # another disk, or one without links
        shutil.copyfile(jar, to)
    to.chmod(0o644)


def _account() -> str | None:
    """OpenSearch refuses to run as root: then another account runs it."""
    return "nobody" if os.geteuid() == 0 else None


def _prefix(run: str) -> str:
    return f"gazette-{run.replace('_', '-')}-"
