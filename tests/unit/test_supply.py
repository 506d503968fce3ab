"""What the product brings along and where it calls: an inventory that is whole, and few callers."""

import ast
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
CALLERS = {
    "bot/doctor.py": "the settings themselves: LINE, the database, the broker",
    "bot/liff/login.py": "LINE's check of a token",
    "bot/line/menu_maker.py": "LINE, from the settings",
    "bot/line/wire.py": "LINE, from the settings",
    "bot/simulator/courier.py": "the bot on this machine, in demo mode",
    "bot/tracing_otlp.py": "the collector that the settings name, if any",
}
"""Every module that opens a connection by HTTP, and to whom."""
CLIENTS = {
    "aiohttp",
    "urllib3",
    "requests",
    "httpx",
    "linebot",
    "smtplib",
    "ftplib",
    "opentelemetry",
}
CLIENT_MODULES = {"urllib.request", "http.client"}


def pinned() -> dict[str, Requirement]:
    """The lines of requirements.txt."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = (Requirement(line) for line in lines if line.strip() and not line.startswith("#"))
    return {canonicalize_name(one.name): one for one in wanted}


def brought_along(one: Requirement) -> Iterator[Requirement]:
    """What a distribution needs in turn, on this platform."""
    for line in metadata.requires(one.name) or ():
        needed = Requirement(line)
        extras = {"", *one.extras}
        if needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in extras):
            yield needed


def test_everything_that_is_brought_along_is_pinned_to_one_version() -> None:
    known = pinned()
    loose = [str(one) for one in known.values() if not str(one.specifier).startswith("==")]
    assert loose == []
    missing = {
        f"{one.name} needs {needed.name}"
        for one in known.values()
        for needed in brought_along(one)
        if canonicalize_name(needed.name) not in known
    }
    assert missing == set()


def test_what_is_pinned_is_what_runs() -> None:
    for one in pinned().values():
        assert one.specifier.contains(metadata.version(one.name)), str(one)


def imports(path: Path) -> set[str]:
    """The modules that a file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    return plain | {
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }


def test_only_these_modules_call_others_and_nobody_but_line() -> None:
    found = {
        str(path.relative_to(ROOT))
        for folder in ("bot", "db", "handlers", "nlp")
        for path in (ROOT / folder).rglob("*.py")
        for name in imports(path)
        if name in CLIENT_MODULES or name.partition(".")[0] in CLIENTS
    }
    assert found == set(CALLERS)
