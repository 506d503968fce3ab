"""People who write: each waits until a message was taken before sending the next.

What is refused is sent again, as LINE does; some messages come twice, at once or long after they
were answered; some webhooks hold several. A few people's messages come late and out of order.
"""

import random
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field

import orjson
import urllib3
from urllib3.exceptions import HTTPError

from bot.line.signature import sign
from tests.bench.load import SECRET

LATE_SHARE = 0.1
LEAD_EVERY = 20
"""Of so many messages of a person one finishes a form."""
HELD_UP_S = 4.0
"""A late message comes after those that were written up to so much later."""
REMEMBERED = 500
Event = dict[str, object]


def finishes_form(text: str) -> bool:
    """Whether this message does. Not everybody's first: forms come evenly over a run."""
    name, _, number = text.partition("/")
    return (int(name, 16) + int(number)) % LEAD_EVERY == 0


@dataclass
class Person:
    """One talk: how many messages were sent, and which of them were taken (200)."""

    talk: str
    is_late: bool
    sent: int = 0
    last_ms: int = 0
    taken: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What this person's messages begin with."""
        return self.talk[-4:]


class Crowd:
    """Several threads, each the voice of its own people."""

    def __init__(self, port: int, people: int, threads: int, rate: float, seed: int) -> None:
        self._port = port
        self._stopping = threading.Event()
        self._talking = threading.Event()
        self._pause_s = threads / rate
        share = people // threads
        self.people = [
            Person(f"U{number:032x}", number % 10 < LATE_SHARE * 10) for number in range(people)
        ]
        self._by_name = {person.name: person for person in self.people}
        self.posts = 0
        self.refused: Counter[str] = Counter()
        """By status, or by what became of the connection."""
        self._threads = [
            threading.Thread(
                target=self._speak,
                args=(self.people[n * share : (n + 1) * share], random.Random(seed + n)),
            )
            for n in range(threads)
        ]

    def start(self) -> None:
        """Begin to write."""
        self._talking.set()
        for thread in self._threads:
            thread.start()

    def rest(self) -> None:
        """Write nothing new until `go_on`; what was begun is still sent until it is taken."""
        self._talking.clear()

    def go_on(self) -> None:
        """Write again."""
        self._talking.set()

    def stop(self) -> None:
        """Stop, when what was begun has been taken."""
        self._stopping.set()
        self._talking.set()
        for thread in self._threads:
            thread.join()

    @property
    def taken(self) -> int:
        """Messages acknowledged with 200."""
        return sum(len(person.taken) for person in self.people)

    def _speak(self, people: list[Person], dice: random.Random) -> None:
        http = urllib3.PoolManager(retries=False, timeout=3.0)
        held: list[tuple[float, Event]] = []
        said: deque[Event] = deque(maxlen=REMEMBERED)
        while not self._stopping.is_set():
            self._talking.wait()
            began = time.monotonic()
            events = self._written(people, dice, held)
            events += [event for due, event in held if due <= began]
            held[:] = [(due, event) for due, event in held if due > began]
            self._say(http, events, dice)
            said += events
            if said and dice.random() < 0.02:
                # LINE sends an old one once more: it must change nothing.
                self._post(http, [dice.choice(said)])
            time.sleep(max(self._pause_s * len(events) - (time.monotonic() - began), 0))
        self._say(http, [event for _, event in held], dice)

    def _written(
        self, people: list[Person], dice: random.Random, held: list[tuple[float, Event]]
    ) -> list[Event]:
        """New messages; some of a late person's are held up, and overtaken by the next."""
        chosen = dice.sample(people, dice.randint(1, 5))
        events = [self._event(person) for person in chosen]
        if chosen[0].is_late:
            due = time.monotonic() + dice.uniform(0, HELD_UP_S)
            held.append((due, events.pop(0)))
            events.append(self._event(chosen[0]))
        return events

    def _say(self, http: urllib3.PoolManager, events: list[Event], dice: random.Random) -> None:
        if not events:
            return
        self._post(http, events)
        if dice.random() < 0.1:
            self._post(http, events)
        for event in events:
            text: str = event["message"]["text"]  # type: ignore[index]
            self._by_name[text.partition("/")[0]].taken.append(text)

    def _event(self, person: Person) -> Event:
        number = person.sent
        person.sent += 1
        person.last_ms = max(person.last_ms + 1, int(time.time() * 1000))
        event_id = f"{person.name}-{number}"
        return {
            "type": "message",
            "webhookEventId": event_id,
            "timestamp": person.last_ms,
            "source": {"type": "user", "userId": person.talk},
            "message": {"type": "text", "id": "1", "text": f"{person.name}/{number}"},
        }

    def _post(self, http: urllib3.PoolManager, events: list[Event]) -> None:
        """Until it is taken; a token lives its minute from each delivery, as LINE has it."""
        url = f"http://127.0.0.1:{self._port}/callback"
        while True:
            self.posts += 1
            for event in events:
                event["replyToken"] = f"{int(time.time() * 1000)}-{event['webhookEventId']}"
            body = orjson.dumps({"destination": "U", "events": events})
            headers = {"x-line-signature": sign(SECRET, body)}
            try:
                status = http.request("POST", url, body=body, headers=headers).status
                if status == 200:
                    return
                self.refused[str(status)] += 1
            except HTTPError as error:
                http.clear()
                self.refused[type(error).__name__] += 1
            time.sleep(0.2)
