"""The parent of the web processes: `python -m bot.server`, what `python -m bot serve` becomes.

Apart from bot.__main__, which loads much to prepare; this one only watches its children.
"""

import os
import resource

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from bot.config import config_or_end

CONNECTIONS = 2048
"""Open at a time; one that only rests counts, and a webhook that waits costs next to nothing."""
STOP_S = 28


def main() -> None:
    """Serve until told to stop."""
    config = config_or_end()
    _allow_files(2 * CONNECTIONS)
    alone = bool(config.broker_url)  # else with the worker and the jobs in it
    sqlite = config.database_url.startswith("sqlite")
    # In demo there are logins on the screen, so nobody else's machine may reach them.
    host = os.environ.get("HOST") or ("127.0.0.1" if config.demo else "0.0.0.0")  # noqa: S104
    Server(
        "bot.wsgi_web:app" if alone else "bot.wsgi:app",
        address=host,
        port=config.port,
        interface=Interfaces.RSGI,
        workers=1 if sqlite else int(os.environ.get("WEB_CONCURRENCY") or 1),
        backpressure=CONNECTIONS,
        workers_kill_timeout=STOP_S,
        respawn_failed_workers=True,
        respawn_interval=1.0,
        log_level=LogLevels.error,
        websockets=False,
    ).serve()


def _allow_files(number: int) -> None:
    """Connections are files, and the usual limit (1024) is soft: the process may raise it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < number:
        wanted = number if hard == resource.RLIM_INFINITY else min(number, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    main()
