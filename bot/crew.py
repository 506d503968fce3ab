"""A worker with all it needs, as a thread of this process: the same for `serve` and `worker`."""

import logging
import threading
import time

from sqlalchemy import Engine

from bot.config import Config
from bot.deciding import HandlersDecider
from bot.effects import apply
from bot.line.client import LineClient
from bot.line.errors import LineError
from bot.outreach.mailing import Mailing
from bot.pictures import ChartLinks
from bot.receipts import ReceiptLinks
from bot.rewording import LivePages
from bot.tools import Understand
from bot.wake import Listener, Waker
from bot.watch import Watch
from bot.worker import Limits, Worker

log = logging.getLogger(__name__)


class Crew:
    """The worker's thread, the listener's and the watch's; started and stopped together."""

    def __init__(
        self, config: Config, engine: Engine, understand: Understand, waker: Waker
    ) -> None:
        line = LineClient(config.access_token, config.line_api_url)
        address = PublicAddress(config.public_url, line)
        self.worker = Worker(
            engine,
            line.live,
            HandlersDecider(
                engine,
                understand,
                address,
                config.form_page,
                ReceiptLinks(config.secret_key),
                ChartLinks(config.secret_key),
                LivePages(engine),
            ),
            apply,
            waker,
            Limits(config.flood_burst, config.push_budget),
        )
        self._listener = Listener(engine, waker)
        self._watch = Watch(engine, self.worker, config)
        self._mailing = Mailing(engine, line, config.push_budget)
        self._thread = threading.Thread(target=self.worker.run, name="worker")

    def start(self) -> None:
        """Begin to work."""
        self._listener.start()
        self._watch.start()
        self._mailing.start()
        self._thread.start()

    def stop(self) -> None:
        """End what is under way, give back what is held; within half a minute."""
        self._watch.stop()
        self._mailing.stop()
        self._listener.stop()
        self.worker.stop()
        self._thread.join()


class PublicAddress:
    """Where people's phones reach the bot: PUBLIC_URL, else the webhook's own address at LINE."""

    ASK_AGAIN_S = 300.0

    def __init__(self, given: str, line: LineClient) -> None:
        self._known = given
        self._line = line
        self._asked_at: float | None = None

    def __call__(self) -> str:
        """The https address, or nothing as long as it isn't known."""
        due = self._asked_at is None or time.monotonic() - self._asked_at > self.ASK_AGAIN_S
        if not self._known and due:
            self._asked_at = time.monotonic()
            threading.Thread(target=self._ask, daemon=True).start()
        return self._known

    def _ask(self) -> None:
        try:
            endpoint = self._line.webhook_endpoint()
        except LineError as error:
            log.info("the public address is not known yet", extra={"why": type(error).__name__})
            return
        if endpoint.startswith("https://"):
            self._known = endpoint.removesuffix("/callback").rstrip("/")
