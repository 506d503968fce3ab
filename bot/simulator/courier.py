"""Delivers webhooks to the bot over HTTP, signed, in order, and again when it gave no 2xx."""

import queue
import threading
import time
from dataclasses import dataclass, field

import orjson
import urllib3

from bot.line.signature import sign
from bot.simulator.schema import Json
from bot.simulator.world import World

TIMEOUT_S = 2.0
"""A bot that takes longer has failed, says LINE."""
REDELIVER_AFTER_S = (2.0, 10.0, 60.0)


@dataclass(order=True, slots=True)
class Webhook:
    """A webhook to deliver at `due`."""

    due: float
    events: list[Json] = field(compare=False)
    tries: int = field(default=0, compare=False)
    forged: bool = field(default=False, compare=False)


class Courier:
    """One thread, started by the first webhook."""

    def __init__(self, world: World, callback_url: str) -> None:
        self._world = world
        self._url = callback_url
        self._http = urllib3.PoolManager(retries=False, timeout=TIMEOUT_S)
        self._waiting: queue.PriorityQueue[Webhook] = queue.PriorityQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self.last: list[Json] = []
        """The events of the last webhook, for sending them again."""

    def send(self, events: list[Json], *, forged: bool = False) -> None:
        """Deliver soon. `forged`: with a wrong signature, to see the bot refuse it."""
        self.last = events or self.last
        self._waiting.put(Webhook(time.monotonic(), events, forged=forged))
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            webhook = self._waiting.get()
            wait = webhook.due - time.monotonic()
            if wait > 0:
                # Not due: back with it, and look again soon, since a newer one may be due first.
                self._waiting.put(webhook)
                time.sleep(min(wait, 0.05))
                continue
            if not self._deliver(webhook) and webhook.tries < len(REDELIVER_AFTER_S):
                self._again(webhook)

    def _again(self, webhook: Webhook) -> None:
        due = time.monotonic() + REDELIVER_AFTER_S[webhook.tries]
        events = [redelivered(event) for event in webhook.events]
        self._waiting.put(Webhook(due, events, webhook.tries + 1, webhook.forged))

    def _deliver(self, webhook: Webhook) -> bool:
        body = orjson.dumps({"destination": self._world.bot_id, "events": webhook.events})
        signature = sign("forged" if webhook.forged else self._world.secret, body)
        headers = {
            "content-type": "application/json; charset=utf-8",
            "x-line-signature": signature,
            "user-agent": "LineBotWebhook/2.0",
        }
        with self._world.open() as world:
            for event in webhook.events:
                world.delivered(event.get("replyToken", ""))
        try:
            answer = self._http.request("POST", self._url, body=body, headers=headers)
            status, words = answer.status, answer.data.decode("utf-8", "replace")[:500]
        except urllib3.exceptions.HTTPError as error:
            status, words = 0, type(error).__name__
        title = ", ".join(event["type"] for event in webhook.events) or "verify"
        with self._world.open() as world:
            world.note_call("in", title, status, orjson.loads(body), words)
        return 200 <= status < 300 or webhook.forged


def redelivered(event: Json) -> Json:
    """The same event as LINE sends it again."""
    return event | {"deliveryContext": {"isRedelivery": True}}
