"""What the doctor says of the broker, the jobs' clock and the ways to the servers."""

import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.doctor import broker, clock_of_jobs, encrypted
from tests.path.postgres import free_port
from tests.path.running import wait_until

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a Redis that asks for a password."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--save", "", "--requirepass", "right"]
    folder: Path = tmp_path_factory.mktemp("redis")
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        assert wait_until(lambda: _open(port), 20)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _open(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def test_no_broker_is_no_finding() -> None:
    assert not list(broker(""))


def test_a_broker_that_answers_is_fine(redis: int) -> None:
    (found,) = broker(f"redis://:right@127.0.0.1:{redis}/0")
    assert found.fine


def test_a_wrong_password_is_found_and_not_told(redis: int) -> None:
    (found,) = broker(f"redis://:mistaken@127.0.0.1:{redis}/0")
    assert not found.fine
    assert "mistaken" not in found.what + found.advice


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_is_gone_is_found(scheme: str) -> None:
    (found,) = broker(f"{scheme}://127.0.0.1:{free_port()}/")
    assert not found.fine
    assert "CELERY_BROKER_URL" in found.advice


@pytest.mark.parametrize(
    ("ago", "fine"), [(None, False), (timedelta(minutes=1), True), (timedelta(hours=1), False)]
)
def test_the_clock_of_the_jobs_must_have_called_lately(ago: timedelta | None, fine: bool) -> None:
    long_ago = {"retention": NOW - timedelta(hours=5)}
    runs = {} if ago is None else long_ago | {"reminders": NOW - ago}
    assert clock_of_jobs(runs, NOW).fine is fine


@pytest.mark.parametrize(
    ("database", "broker_url", "fine"),
    [
        ("sqlite:///bot.db", "", []),
        ("postgresql://bot@127.0.0.1/bot", "redis://localhost:6379/0", []),
        ("postgresql:///bot?host=/run/postgresql", "amqp://[::1]//", []),
        ("postgresql://bot@db.example/bot", "redis://redis.example/0", [False, False]),
        ("postgresql://bot@db.example/bot?sslmode=prefer", "amqp://mq.example//", [False, False]),
        ("postgres://bot@db.example/bot?sslmode=verify-full", "rediss://r.example/0", [True, True]),
        ("postgresql:///bot?host=db.example", "amqps://mq.example//", [False, True]),
    ],
)
def test_what_leaves_the_machine_must_be_encrypted(
    monkeypatch: pytest.MonkeyPatch, database: str, broker_url: str, fine: list[bool]
) -> None:
    monkeypatch.delenv("PGSSLMODE", raising=False)
    assert [found.fine for found in encrypted(database, broker_url)] == fine
