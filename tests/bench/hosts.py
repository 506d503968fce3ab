"""`make bench-hosts`: the database and 1 to 3 workers each on a host of its own.

The hosts are network namespaces on one bridge; this one has the load, LINE and the web process. All
share this machine's cores: it shows that nothing but addresses joins them. Needs root.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from db import schema
from db.session import make_engine
from tests.bench.path import LineProcess, measure, out
from tests.bench.systems import System, environment, processes, serve, wait_until_up
from tests.path.postgres import Cluster, free_port, fresh_database

NET, BRIDGE = "10.140.0", "nong0"
EVENTS, WORKERS = 4000, 3


def run(*command: str) -> None:
    """Run an administrator's command."""
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own words


@contextmanager
def hosts(count: int) -> Iterator[list[str]]:
    """Namespaces h2, h3, … with the addresses .2, .3, …; this one is .1."""
    names = [f"nong-h{number}" for number in range(2, count + 2)]
    run("ip", "link", "add", BRIDGE, "type", "bridge")
    try:
        run("ip", "addr", "add", f"{NET}.1/24", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
        for number, name in enumerate(names, start=2):
            _plug_in(name, number)
        yield names
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)  # noqa: S603, S607
        run("ip", "link", "del", BRIDGE)


def _plug_in(name: str, number: int) -> None:
    outer, inner = f"nongo{number}", f"nongi{number}"
    run("ip", "netns", "add", name)
    run("ip", "link", "add", outer, "type", "veth", "peer", "name", inner)
    run("ip", "link", "set", outer, "master", BRIDGE, "up")
    run("ip", "link", "set", inner, "netns", name)
    inside = ("ip", "netns", "exec", name)
    run(*inside, "ip", "addr", "add", f"{NET}.{number}/24", "dev", inner)
    run(*inside, "ip", "link", "set", inner, "up")
    run(*inside, "ip", "link", "set", "lo", "up")


class DatabaseHost(Cluster):
    """A server on a host of its own."""

    def __init__(self, host: str, address: str) -> None:
        self._host, self._address = host, address
        super().__init__(f"listen_addresses={address}", "shared_buffers=256MB")
        with (self.data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {NET}.0/24 trust\n")

    @property
    def url(self) -> str:
        return f"postgresql://tester@{self._address}:{self.port}/postgres"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 - our own words
            ["ip", "netns", "exec", self._host, *self._command(program, *arguments)],  # noqa: S607
            check=True,
            capture_output=True,
            cwd="/",
        )


def main() -> None:
    """A line for each number of workers."""
    with ExitStack() as stack:
        names = stack.enter_context(hosts(1 + WORKERS))
        cluster = DatabaseHost(names[0], f"{NET}.2")
        cluster.start()
        stack.callback(cluster.remove)
        stack.callback(cluster.stop)
        line = LineProcess(f"{NET}.1")
        stack.callback(line.stop)
        for workers in range(1, WORKERS + 1):
            with ExitStack() as one:
                url = one.enter_context(fresh_database(cluster.url))
                schema.migrate(make_engine(url))
                running = one.enter_context(processes())
                port = free_port()
                env = environment(line.url, port, DATABASE_URL=url, ROLE="web")
                running.append(serve("tests.bench.echo_ours:app", port, env))
                for host in names[1 : workers + 1]:
                    command = ["ip", "netns", "exec", host, sys.executable]
                    command += ["-m", "tests.bench.echo_ours"]
                    running.append(subprocess.Popen(command, env=env))  # noqa: S603
                wait_until_up(port)
                system = System(port, [*(p.pid for p in running), cluster.pid])
                most = measure(system, line, EVENTS)
                half = measure(system, line, EVENTS, most.events_s / 2)
                out(
                    f"{workers} worker host(s): {most.events_s:.0f}/s, CPU {most.cpu_ms:.2f} ms;"
                    f" at half of it p50 {half.end_p50_ms:.0f} ms, p99 {half.end_p99_ms:.0f} ms;"
                    f" lost {most.lost + half.lost}"
                )


if __name__ == "__main__":
    main()
