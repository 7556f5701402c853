"""A throw-away PostgreSQL: one cluster for a run of the suite, one database for each test.

The cluster listens on a Unix socket in the run's own folder and on no port. It sorts text by the rules of a human
language (ICU, en-GB) where the server can, as an operator's server does: a listing that relies on the order of bytes
is found out here rather than there.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

DEBIAN_BINARIES = Path("/usr/lib/postgresql")
READY = "ready"
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
}


class PostgresMissing(Exception):
    """There is no PostgreSQL to test with; the message says why."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A server we may make databases on. `url` is the address of its maintenance database."""

    url: URL

    def address(self, database: str) -> str:
        """The SQLAlchemy address of one database on this server."""
        return self.url.set(database=database).render_as_string(hide_password=False)

    def exists(self, database: str) -> bool:
        """Whether there is a database of this name."""
        with self._connect() as connection:
            row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        return row is not None

    def create(self, database: str, template: str | None = None) -> str:
        """Make a database, a copy of `template` where one is named; give its address."""
        command = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database))
        if template is not None:
            command += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with self._connect() as connection:
            connection.execute(command)
        return self.address(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected to it."""
        with self._connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def drop_all(self, prefix: str) -> None:
        """Remove every database whose name begins so."""
        with self._connect() as connection:
            rows = connection.execute("SELECT datname FROM pg_database").fetchall()
        for (name,) in rows:
            if name.startswith(prefix):
                self.drop(name)

    def _connect(self) -> psycopg.Connection:
        conninfo = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(conninfo, autocommit=True)


def is_postgres(address: str) -> bool:
    """Whether an SQLAlchemy address is that of a PostgreSQL server."""
    return bool(address) and make_url(address).get_backend_name() in {"postgresql", "postgres"}


def server_at(address: str) -> PostgresServer:
    """The server of an operator's own address (`GAZETTE_DATABASE_URL`)."""
    return PostgresServer(make_url(address).set(drivername="postgresql+psycopg"))


def server_in(folder: Path) -> PostgresServer:
    """The run's own cluster in `folder`, started when it is not running yet. The caller holds the folder's lock.

    Raises PostgresMissing where the programs are not there or the cluster does not start.
    """
    if not (folder / READY).exists():
        _start(folder)
        (folder / READY).touch()
    return PostgresServer(
        URL.create(
            "postgresql+psycopg", username="postgres", database="postgres", query={"host": str(folder / "socket")}
        )
    )


def stop(folder: Path) -> None:
    """Stop the cluster in `folder`, if one was started there."""
    if (folder / READY).exists():
        (folder / READY).unlink()
        _run(_binaries() / "pg_ctl", "stop", "-D", str(folder / "cluster"), "-m", "immediate", "-w")


def _start(folder: Path) -> None:
    binaries = _binaries()
    cluster, socket = folder / "cluster", folder / "socket"
    for path in (cluster, socket):
        path.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(path, _account())
    folder.chmod(0o711)
    common = ["-D", str(cluster), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"]
    try:
        _run(binaries / "initdb", *common, "--locale=C", "--locale-provider=icu", "--icu-locale=en-GB")
    except PostgresMissing:  # before version 15, or built without ICU
        _run(binaries / "initdb", *common, "--no-locale")
    options = [f"-c {name}={value}" for name, value in {**FAST, "unix_socket_directories": str(socket)}.items()]
    _run(
        binaries / "pg_ctl", "start", "-w", "-t", "60", "-D", str(cluster), "-l", str(cluster / "server.log"),
        "-o", " ".join(options),
    )  # fmt: skip


def _binaries() -> Path:
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).parent
    versions = [path for path in DEBIAN_BINARIES.glob("*/bin") if (path / "initdb").exists()]
    if not versions:
        raise PostgresMissing("PostgreSQL is not installed: no initdb on the PATH or under /usr/lib/postgresql.")
    return max(versions, key=lambda path: float(path.parent.name))


def _run(program: Path, *arguments: str) -> None:
    """Run one of PostgreSQL's programs, as another account where we are root, which it refuses to run as."""
    account = _account() if os.geteuid() == 0 else None
    done = subprocess.run(
        [program, *arguments],
        user=account,
        group=pwd.getpwnam(account).pw_gid if account else None,
        extra_groups=[] if account else None,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
    )
    if done.returncode != 0:
        raise PostgresMissing(f"{program.name} failed: {(done.stderr or done.stdout).strip()}")


def _account() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
