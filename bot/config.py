"""The settings: read once from the environment, frozen, every bad value named at once.

Without LINE credentials it is demo mode: the secrets are made once and kept in var/, readable by
this user only, and LINE is played by the simulator on the same port.
"""

import base64
import json
import os
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot import tracing
from db.crypto import BadKeys, OuterKey, outer_keys

LINE_API = "https://api.line.me"
LINE_DATA_API = "https://api-data.line.me"
SIMULATOR_PATH = "/simulator/line"
DEFAULT_PORT = 8000
DEMO_LIFF_ID = "1234567890-forty"
"""A page of the LINE Login channel that the simulator plays."""
LIFF_ID = re.compile(r"\d{6,}-\w{4,}")
MIN_SECRET_KEY = 16
NO_LIMIT = 10_000_000
"""Of pushes: LINE's own quota is the limit then."""
VAR = Path("var")


class BadConfig(Exception):
    """Settings that can't be used; the text names every one of them, and no value."""


@dataclass(frozen=True, slots=True, repr=False)
class Config:
    """What the operator decides. See README.md for each setting."""

    channel_secrets: tuple[str, ...]
    access_token: str
    line_api_url: str
    line_data_api_url: str
    database_url: str
    broker_url: str
    port: int
    secret_key: str
    outer_keys: tuple[OuterKey, ...]
    public_url: str
    demo: bool
    metrics_token: str
    metrics_host: str
    metrics_port: int
    """Where a worker process serves its metrics; port 0: nowhere."""
    push_budget: int
    """Pushes a calendar month the bot may pay for, within LINE's quota; replies are free."""
    surge_wait_s: int
    """How old the oldest waiting message may get before people are told that there is a queue."""
    flood_burst: int
    """Messages one talk may send at once before the bot asks for patience; 0: no limit."""
    liff_id: str
    """Of the form page inside LINE; empty: there is no such page."""
    trusted_proxies: int
    """How many proxies stand before this process, each adding the address it was called from."""

    @property
    def form_page(self) -> str:
        """The address that opens the form page inside LINE; empty: there is none."""
        return f"https://liff.line.me/{self.liff_id}/" if self.liff_id else ""


class _Reader:
    """Takes settings one by one and remembers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.wrong: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """The value; `NAME_FILE` may name a file that holds it, since the environment leaks."""
        value = self._environ.get(name, "").strip()
        path = self._environ.get(f"{name}_FILE", "").strip()
        if not value and path:
            try:
                value = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                self.wrong.append(f"{name}_FILE: the file can't be read")
        return value or default

    def url(self, name: str, default: str) -> str:
        """A http(s) address without a path's closing slash."""
        value = self.text(name, default)
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
            self.wrong.append(f"{name}: not a http(s) address")
        return value.rstrip("/")

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            self.wrong.append(f"{name}: a whole number from {low} to {high} is needed")
            return default
        return int(value)

    def keys(self, name: str, value: str) -> tuple[OuterKey, ...]:
        """The encryption keys."""
        if not value:
            self.wrong.append(f"{name}: missing")
            return ()
        try:
            return outer_keys(value)
        except BadKeys as error:
            self.wrong.append(f"{name}: {error}")
            return ()


def read_config(environ: Mapping[str, str] | None = None, var: Path = VAR) -> Config:
    """The settings of this process. Raises BadConfig."""
    read = _Reader(os.environ if environ is None else environ)
    given_secret = read.text("LINE_CHANNEL_SECRET")
    given_token = read.text("LINE_CHANNEL_ACCESS_TOKEN")
    demo = not given_secret and not given_token
    port = read.whole("PORT", DEFAULT_PORT, 1, 65535)
    made = _demo_secrets(var) if demo else {}
    secret = given_secret or made.get("channel_secret", "")
    token = given_token or made.get("access_token", "")
    secret_key = read.text("SECRET_KEY", made.get("secret_key", ""))
    encryption = read.text("PII_ENCRYPTION_KEYS", made.get("encryption_key", ""))
    played = f"http://127.0.0.1:{port}{SIMULATOR_PATH}"
    config = Config(
        channel_secrets=tuple(part.strip() for part in secret.split(",") if part.strip()),
        access_token=token,
        line_api_url=read.url("LINE_API_BASE_URL", played if demo else LINE_API),
        line_data_api_url=read.url("LINE_DATA_API_BASE_URL", played if demo else LINE_DATA_API),
        database_url=read.text("DATABASE_URL", f"sqlite:///{var}/nong-sisip.db"),
        broker_url=read.text("CELERY_BROKER_URL"),
        port=port,
        secret_key=secret_key,
        outer_keys=read.keys("PII_ENCRYPTION_KEYS", encryption),
        public_url=read.url("PUBLIC_URL", f"http://127.0.0.1:{port}" if demo else ""),
        demo=demo,
        metrics_token=read.text("METRICS_TOKEN"),
        metrics_host=read.text("HOST", "127.0.0.1"),
        metrics_port=read.whole("METRICS_PORT", 0, 0, 65535),
        push_budget=read.whole("PUSH_BUDGET", NO_LIMIT, 0, NO_LIMIT),
        surge_wait_s=read.whole("SURGE_WAIT_S", 20, 5, 3600),
        flood_burst=read.whole("FLOOD_BURST", 100, 0, 100_000),
        liff_id=read.text("LIFF_ID", DEMO_LIFF_ID if demo else ""),
        # LINE calls https only, which this process does not speak: a proxy stands before it.
        trusted_proxies=read.whole("TRUSTED_PROXIES", 0 if demo else 1, 0, 5),
    )
    _check(config, read)
    if read.wrong:
        raise BadConfig("These settings are missing or wrong:\n  " + "\n  ".join(read.wrong))
    return config


def config_or_end() -> Config:
    """The settings, or the end of this process (status 2) with what is wrong: for every program,
    also those that granian and Celery start.
    """
    try:
        return read_config()
    except BadConfig as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


def _check(config: Config, read: _Reader) -> None:
    if not config.channel_secrets:
        read.wrong.append("LINE_CHANNEL_SECRET: missing")
    if not config.access_token:
        read.wrong.append("LINE_CHANNEL_ACCESS_TOKEN: missing")
    if len(config.secret_key) < MIN_SECRET_KEY or len(set(config.secret_key)) < 4:
        read.wrong.append(f"SECRET_KEY: at least {MIN_SECRET_KEY} random characters are needed")
    scheme = config.database_url.partition(":")[0]
    if scheme not in {"sqlite", "postgres", "postgresql", "postgresql+psycopg"}:
        read.wrong.append("DATABASE_URL: sqlite:///… or postgresql://… is needed")
    broker = config.broker_url.partition(":")[0]
    if config.broker_url and broker not in {"redis", "rediss", "amqp", "amqps"}:
        read.wrong.append("CELERY_BROKER_URL: redis://… or amqp://… is needed")
    if read.text(tracing.ENDPOINT) and not tracing.is_possible():
        read.wrong.append(f"{tracing.ENDPOINT}: needs pip install -r requirements-tracing.txt")
    if config.liff_id and not LIFF_ID.fullmatch(config.liff_id):
        read.wrong.append("LIFF_ID: the LIFF ID of the form page is needed, as 1234567890-AbcdEfgh")


def _demo_secrets(var: Path) -> dict[str, str]:
    path = var / "demo-secrets.json"
    if path.exists():
        return {str(k): str(v) for k, v in json.loads(path.read_text(encoding="utf-8")).items()}
    made = {
        "channel_secret": secrets.token_hex(16),
        "access_token": secrets.token_urlsafe(32),
        "secret_key": secrets.token_urlsafe(48),
        "encryption_key": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    var.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _demo_secrets(var)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(made, file)
    return made
