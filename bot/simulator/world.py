"""What LINE knows: people, chats, tokens, keys, menus. All in memory, under one lock."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.simulator import ids
from bot.simulator.schema import Json

BOT = "bot"
REPLY_TOKEN_S = 60.0
"""A reply token lives this long after each delivery of its webhook…"""
REPLY_TOKEN_LATEST_S = 20 * 60.0
"""…but no redelivery brings it back this long after the event."""
RETRY_KEY_S = 24 * 3600.0
MAX_ENTRIES = 400
MAX_CALLS = 200


@dataclass(slots=True)
class Person:
    """Somebody with LINE on a phone."""

    id: str
    name: str
    face: str
    friend: bool = False
    blocked: bool = False
    wrote_at: float = 0.0
    menu: str = ""
    """The rich menu linked to this person; empty: the default one."""
    changed: int = 0


@dataclass(slots=True)
class Entry:
    """Something seen in a chat: a message, a line of the system, or a refusal in red."""

    id: str
    at: float
    sender: str
    message: Json
    changed: int = 0
    unsent: bool = False
    refusal: Json | None = None


@dataclass(slots=True)
class Chat:
    """A talk with the bot: with one person (id = theirs), or a group or room of several."""

    id: str
    kind: str
    name: str
    members: list[str]
    bot_in: bool = True
    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=MAX_ENTRIES))
    loading_until: float = 0.0
    changed: int = 0


@dataclass(slots=True)
class Token:
    """A reply token: which chat it answers, until when, and whether it was used."""

    chat: str
    event_at: float
    expires_at: float
    used: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a retry key was used for."""

    at: float
    request_id: str
    answer: Json


@dataclass(slots=True)
class Menu:
    """A rich menu with its picture."""

    id: str
    request: Json
    image: bytes = b""
    content_type: str = ""
    draw: Callable[[], bytes] | None = None
    """Makes the picture when it is first looked at, for menus that were there from the start."""

    @property
    def pictured(self) -> bool:
        """Whether it has a picture."""
        return bool(self.image or self.draw)

    def picture(self) -> bytes:
        """The picture."""
        if not self.image and self.draw:
            self.image, self.content_type = self.draw(), "image/png"
        return self.image


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP exchange, as the panel shows it: `in` to the bot, `out` from the bot."""

    number: int
    at: float
    direction: str
    title: str
    status: int
    request: Any
    answer: Any
    version: int


class World:
    """The state of the played platform. Use it inside `with world.open():`."""

    def __init__(
        self,
        secret: str,
        access_token: str,
        *,
        clock: Callable[[], float] = time.time,
        quota: int | None = 500,
        strangers: bool = False,
        own_url: str = "",
    ) -> None:
        """`strangers`: an unknown user ID is taken for a person, for tests that make up theirs.

        own_url: the bot's own public address, which may lack https on loopback.
        """
        self.secret = secret
        self.access_token = access_token
        self.clock = clock
        self.quota = quota
        self.strangers = strangers
        self.own_url = own_url
        self.pushed = 0
        self.bot_id = ids.user(f"bot:{secret}")
        self.endpoint = ""
        self.people: dict[str, Person] = {}
        self.chats: dict[str, Chat] = {}
        self.tokens: dict[str, Token] = {}
        self.keys: dict[str, Accepted] = {}
        self.menus: dict[str, Menu] = {}
        self.aliases: dict[str, str] = {}
        self.default_menu = ""
        self.calls: deque[Call] = deque(maxlen=MAX_CALLS)
        self.epoch = ids.token()
        self.version = 1
        self.refusals = 0
        self._calls_made = 0
        self._lock = threading.RLock()

    @contextmanager
    def open(self) -> Iterator["World"]:
        """Alone with the state."""
        with self._lock:
            yield self

    def own_https(self) -> str:
        """The bot's own address as if it had a certificate."""
        return "https://" + self.own_url.partition("://")[2]

    def touch(self, thing: Person | Chat | Entry) -> None:
        """Note that the page must draw this again."""
        self.version += 1
        thing.changed = self.version

    def add_person(self, name: str, face: str, *, person_id: str = "") -> Person:
        """A new person, who is not a friend of the bot yet, with an empty chat."""
        person = Person(person_id or ids.user(), name, face)
        self.people[person.id] = person
        chat = Chat(person.id, "user", name, [person.id])
        self.chats[chat.id] = chat
        self.touch(person)
        self.touch(chat)
        return person

    def add_group(self, name: str, members: list[str], kind: str = "group") -> Chat:
        """A group or room without the bot."""
        chat = Chat(ids.chat(kind), kind, name, members, bot_in=False)
        self.chats[chat.id] = chat
        self.touch(chat)
        return chat

    def say(self, chat: Chat, sender: str, message: Json, refusal: Json | None = None) -> Entry:
        """Put something into a chat."""
        entry = Entry(ids.message(), self.clock(), sender, message, refusal=refusal)
        chat.entries.append(entry)
        self.touch(entry)
        return entry

    def entry(self, message_id: str) -> tuple[Chat, Entry] | None:
        """The message of this id and its chat."""
        for chat in self.chats.values():
            for entry in chat.entries:
                if entry.id == message_id:
                    return chat, entry
        return None

    def give_token(self, chat: str) -> str:
        """A new reply token; it starts to live when its webhook is delivered."""
        now = self.clock()
        self.tokens = {t: v for t, v in self.tokens.items() if v.event_at > now - 3600}
        token = ids.token()
        self.tokens[token] = Token(chat, now, now + REPLY_TOKEN_S)
        return token

    def delivered(self, token: str) -> None:
        """A webhook with this token goes out: it lives again, if not used or too old."""
        held = self.tokens.get(token)
        now = self.clock()
        if held and not held.used and now - held.event_at < REPLY_TOKEN_LATEST_S:
            held.expires_at = now + REPLY_TOKEN_S

    def use_token(self, token: str) -> Chat | None:
        """The chat that this token answers; None when it is used, late or unknown."""
        held = self.tokens.get(token)
        if held is None or held.used or self.clock() > held.expires_at:
            return None
        return self.chats.get(held.chat)

    def accepted(self, key: str) -> Accepted | None:
        """What was accepted under this retry key within its 24 hours."""
        found = self.keys.get(key)
        return found if found and self.clock() - found.at < RETRY_KEY_S else None

    def note_call(self, direction: str, title: str, status: int, request: Any, answer: Any) -> None:
        """Keep an exchange for the panel."""
        self._calls_made += 1
        self.version += 1
        self.calls.append(
            Call(
                self._calls_made,
                self.clock(),
                direction,
                title,
                status,
                request,
                answer,
                self.version,
            )
        )

    def menu_of(self, person: Person) -> str:
        """The rich menu a person sees: their own, else the default one; empty for none."""
        return person.menu if person.menu in self.menus else self.default_menu
