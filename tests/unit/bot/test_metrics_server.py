"""The metrics of a worker process: served where it is said, to those who may see them."""

import base64
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import urllib3

from bot import metrics
from bot.config import Config, read_config
from bot.metrics_server import may_see, serve
from tests.path.postgres import free_port
from tests.path.running import wait_until

ROOT = Path(__file__).parents[3]
SETTINGS = {
    "LINE_CHANNEL_SECRET": "secret",
    "LINE_CHANNEL_ACCESS_TOKEN": "token",
    "SECRET_KEY": "a secret key of a test",
    "PII_ENCRYPTION_KEYS": base64.b64encode(bytes(range(32))).decode(),
}


@contextmanager
def served(**settings: str) -> Iterator[str]:
    """The address of a server with these settings."""
    port = free_port()
    server = serve(config(METRICS_PORT=str(port), **settings))
    assert server is not None
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()


def config(**settings: str) -> Config:
    return read_config(SETTINGS | settings)


def get(url: str, **headers: str) -> tuple[int, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = urllib3.request("GET", url, headers=named, timeout=5, retries=False)
    return answer.status, answer.data


def test_a_worker_tells_what_it_sent() -> None:
    metrics.SENT.labels("reply", "unsure").inc()
    with served() as url:
        status, told = get(url + "/metrics")
        assert status == 200
        assert b'bot_calls_total{outcome="unsure",way="reply"}' in told
        assert get(url + "/")[0] == 404
        assert get(url + "/metrics", X_Forwarded_For="203.0.113.5")[0] == 404


def test_a_token_is_asked_for() -> None:
    with served(METRICS_TOKEN="a-long-token") as url:
        assert get(url + "/metrics")[0] == 404
        assert get(url + "/metrics", Authorization="Bearer wrong")[0] == 404
        assert get(url + "/metrics", Authorization="Bearer a-long-token")[0] == 200


def test_without_a_token_nobody_from_elsewhere_may_see() -> None:
    assert may_see("", "", "127.0.0.1", forwarded=False)
    assert not may_see("", "", "203.0.113.5", forwarded=False)


def test_it_listens_on_loopback_unless_told_otherwise() -> None:
    for settings, host in (({}, "127.0.0.1"), ({"HOST": "127.0.0.2"}, "127.0.0.2")):
        server = serve(config(METRICS_PORT=str(free_port()), **settings))
        assert server is not None
        assert server.server_address[0] == host
        server.shutdown()
        server.server_close()


def test_no_port_no_server() -> None:
    assert serve(config()) is None


def test_a_port_that_is_taken_does_not_stop_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert serve(config(METRICS_PORT=str(taken.getsockname()[1]))) is None
    assert "METRICS_PORT" in caplog.text


@pytest.mark.db
def test_a_worker_process_serves_its_metrics(tmp_path: Path) -> None:
    port = free_port()
    made = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db",
        "LINE_API_BASE_URL": "http://127.0.0.1:1",
        "METRICS_PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
    worker = subprocess.Popen(
        [sys.executable, "-m", "bot", "worker"],
        env=os.environ | SETTINGS | made,
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert wait_until(lambda: answers(port), 60)
    finally:
        worker.terminate()
        assert worker.wait(30) == 0


def answers(port: int) -> bool:
    try:
        return b"bot_end_to_end_seconds" in get(f"http://127.0.0.1:{port}/metrics")[1]
    except urllib3.exceptions.HTTPError:
        return False
