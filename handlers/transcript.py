"""Replies as plain text, words and button labels as events: a talk on a terminal, a transcript."""

from dataclasses import dataclass, field
from datetime import datetime

from handlers.conversation import Conversation
from handlers.dispatch import decide
from handlers.events import Envelope, Inbound, Postback, TextMessage
from handlers.memory import MemoryTools
from handlers.replies import Picture, Replies, Say, Show
from handlers.turn import Decision
from nlp.cards import Button, Card


def lines(replies: Replies) -> list[str]:
    """Each message in words, then the buttons in one line."""
    out: list[str] = []
    for message in replies.messages:
        match message:
            case Say(text):
                out.append(text)
            case Show(cards, _):
                out += [card_lines(card) for card in cards]
            case Picture(_, alt):
                out.append(f"(รูป: {alt})")
    if replies.quick:
        out.append(" ".join(f"[{b.label}]" for b in replies.quick))
    return out


def card_lines(card: Card) -> str:
    """A card as a small table of text."""
    rows = [f"  {row.label}: {row.value}" if row.value else f"  {row.label}" for row in card.rows]
    title = f"▌{card.title}" + (f" – {card.subtitle}" if card.subtitle else "")
    foot = [f"  ({card.note})"] if card.note else []
    taps = ["  " + " ".join(f"[{b.label}]" for b in card.buttons)] if card.buttons else []
    return "\n".join([title, *rows, *foot, *taps])


@dataclass(slots=True)
class Chat:
    """One person's talk, state and all, on MemoryTools."""

    tools: MemoryTools
    talk: Conversation = field(default_factory=Conversation)
    shown: tuple[Button, ...] = ()
    count: int = 0

    def send(self, event: Inbound) -> Decision:
        """One event through the bot; the state goes through JSON as it does in earnest."""
        before = Conversation.from_json(self.talk.to_json())
        decision = decide(before, event, self.tools)
        self.talk = decision.talk
        self.tools.apply(decision.effects)
        cards = [c for m in decision.replies.messages if isinstance(m, Show) for c in m.cards]
        tapped = (*decision.replies.quick, *(b for card in cards for b in card.buttons))
        self.shown = tapped or self.shown
        return decision

    def say(self, text: str) -> Decision:
        """Typed words, or the label of a button in brackets: ``[ส่งเลย]``."""
        if text.startswith("[") and text.endswith("]"):
            return self.tap(text[1:-1])
        return self.send_text(text)

    def send_text(self, text: str) -> Decision:
        """A text as it is, brackets and all."""
        return self.send(TextMessage(self.envelope(), f"m{self.count}", text))

    def send_data(self, data: str) -> Decision:
        """A button by its data, as one pressed late."""
        return self.send(Postback(self.envelope(), data))

    def tap(self, label: str, picked: str = "") -> Decision:
        """Taps the button with this label, among those last shown."""
        found = next((b for b in self.shown if b.label == label), None)
        if found is None:
            raise LookupError(f"no button {label!r} among {[b.label for b in self.shown]}")
        if found.data:
            return self.send(Postback(self.envelope(), found.data, picked))
        return self.say(found.say or found.label)

    def envelope(self) -> Envelope:
        """A new event of this person, now."""
        self.count += 1
        at: datetime = self.tools.now
        return Envelope(f"e{self.count}", at, "user", self.tools.user, self.tools.user)
