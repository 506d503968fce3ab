"""`python -m bot`: serve, worker, admin, doctor, menu, preview, contact-sheet."""

import argparse
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from bot.config import BadConfig, Config, read_config
from bot.welcome import welcome
from db import schema
from db.crypto import Unreadable
from db.keyring import unlock
from db.session import make_engine

CONNECTIONS = 2048
"""Open at a time; one that only rests counts, and a webhook that waits costs next to nothing."""
STOP_S = 28
OTHERS = {
    "admin": "bot.admin",
    "contact-sheet": "bot.contact_sheet",
    "doctor": "bot.doctor",
    "learn": "bot.learn_main",
    "menu": "bot.menu_main",
    "preview": "bot.preview",
}
"""Commands that are programs of their own."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    parser = _parser()
    chosen, rest = parser.parse_known_args(arguments)
    if chosen.command in OTHERS:
        _become(OTHERS[chosen.command], *rest)
    if rest:
        parser.error(f"not known: {' '.join(rest)}")
    try:
        config = read_config()
    except BadConfig as error:
        print(error, file=sys.stderr)
        return 2
    try:
        prepare(config)
    except Unreadable as error:
        print(f"PII_ENCRYPTION_KEYS: {error}", file=sys.stderr)
        return 2
    if chosen.command == "worker":
        _become("bot.worker_main")
    return _serve(config)


def prepare(config: Config) -> None:
    """The schema is current and the keys open it. Raises Unreadable."""
    if config.database_url.startswith("sqlite:///"):
        Path(config.database_url.removeprefix("sqlite:///")).parent.mkdir(
            parents=True, exist_ok=True
        )
    engine = make_engine(config.database_url)
    schema.migrate(engine)
    unlock(engine, config.outer_keys)
    if config.demo:
        print(welcome(config, engine), flush=True)
    engine.dispose()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="webhook, console and (without a broker) worker and jobs")
    commands.add_parser("worker", help="decide and send, apart from the web processes")
    commands.add_parser("admin", help="make an administrator of the console", add_help=False)
    commands.add_parser("doctor", help="check everything, with advice")
    commands.add_parser("learn", help="train with the questions that staff labelled, if wished")
    commands.add_parser("menu", help="put the rich menus into the LINE account, once")
    commands.add_parser("preview", help="an answer as LINE shows it", add_help=False)
    commands.add_parser("contact-sheet", help="all answers, drawn in pages", add_help=False)
    return parser


def _serve(config: Config) -> int:
    alone = bool(config.broker_url)
    sqlite = config.database_url.startswith("sqlite")
    # In demo there are logins on the screen, so nobody else's machine may reach them.
    host = os.environ.get("HOST") or ("127.0.0.1" if config.demo else "0.0.0.0")  # noqa: S104
    _allow_files(2 * CONNECTIONS)
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
    return 0


def _allow_files(number: int) -> None:
    """Connections are files, and the usual limit (1024) is soft: the process may raise it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < number:
        wanted = number if hard == resource.RLIM_INFINITY else min(number, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _become(module: str, *arguments: str) -> NoReturn:
    """Go on as another program: the parent of the web processes must not hold the model."""
    command = [sys.executable, "-m", module, *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - our own module


if __name__ == "__main__":
    sys.exit(main())
