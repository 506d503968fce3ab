"""A PostgreSQL to test against: TEST_DATABASE_URL, or a cluster of our own in a temporary
folder.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


class Cluster:
    """A throw-away server on a free port. Not run as root: PostgreSQL refuses that."""

    def __init__(self, *settings: str, where: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="nong-pg-", dir=where))
        self.data = self.folder / "data"
        self.port = free_port()
        self._settings = settings
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "-D", str(self.data), "-U", "tester", "-A", "trust", "-N")

    @property
    def url(self) -> str:
        """The address of its own database."""
        return f"postgresql://tester@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self) -> int:
        """The process of the server."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = [f"-p {self.port}", "-k ''", "-c listen_addresses=127.0.0.1"]
        options += [f"-c {setting}" for setting in self._settings]
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", log, "-o", " ".join(options), "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop; `immediate` is a crash."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def remove(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = self._command(program, *arguments)
        subprocess.run(command, check=True, capture_output=True, cwd="/")  # noqa: S603

    def _command(self, program: str, *arguments: str) -> list[str]:
        command = [_binary(program), *arguments]
        if os.getuid() != 0:
            return command
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]


@contextmanager
def server_url() -> Iterator[str]:
    """A server for the length of a test run."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given.replace("postgresql+psycopg://", "postgresql://")
        return
    # What is killed here is a process, never the machine, so nothing need reach the disk.
    cluster = Cluster("max_connections=100", "shared_buffers=64MB", "fsync=off")
    cluster.start()
    try:
        yield cluster.url
    finally:
        cluster.stop()
        cluster.remove()


@contextmanager
def fresh_database(server: str, template: str = "template1") -> Iterator[str]:
    """A copy of a database on the server, by default an empty one; dropped afterwards."""
    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield server.rpartition("/")[0] + "/" + name
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _binary(program: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    return str(found[-1]) if found else program
