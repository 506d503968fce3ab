"""`python -m bot`: serve, worker, admin, doctor, menu, preview, contact-sheet."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from bot.config import Config, config_or_end
from bot.welcome import welcome
from db import schema
from db.crypto import Unreadable
from db.keyring import unlock
from db.session import make_engine

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
    config = config_or_end()
    try:
        prepare(config)
    except Unreadable as error:
        print(f"PII_ENCRYPTION_KEYS: {error}", file=sys.stderr)
        return 2
    return _become("bot.worker_main" if chosen.command == "worker" else "bot.server")


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


def _become(module: str, *arguments: str) -> NoReturn:
    """Go on as another program: the parent of the web processes must hold next to nothing."""
    command = [sys.executable, "-m", module, *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - our own module


if __name__ == "__main__":
    sys.exit(main())
