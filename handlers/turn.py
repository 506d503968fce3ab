"""One event on its way to a decision: the talk so far, the tools, and what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.conversation import Conversation
from handlers.effects import Effect
from handlers.phrases import say
from handlers.replies import Replies, Reply, Say
from handlers.tools import Tools
from nlp.cards import Button

BANGKOK = ZoneInfo("Asia/Bangkok")
MAX_MESSAGES = 5
MAX_QUICK = 13


@dataclass(frozen=True, slots=True)
class Decision:
    """The talk as it stands now, what is said, and what must happen."""

    talk: Conversation
    replies: Replies = field(default_factory=Replies)
    effects: tuple[Effect, ...] = ()

    def after(self, *lead: Reply, effects: Sequence[Effect] = ()) -> "Decision":
        """The same decision with something said before, and effects before its own."""
        messages = (*lead, *self.replies.messages)[:MAX_MESSAGES]
        return replace(
            self,
            replies=replace(self.replies, messages=messages),
            effects=(*effects, *self.effects),
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """What a decision is made from."""

    talk: Conversation
    tools: Tools

    @property
    def now(self) -> datetime:
        return self.tools.now

    @property
    def today(self) -> date:
        """The day in Thailand."""
        return self.now.astimezone(BANGKOK).date()

    @property
    def lang(self) -> str:
        return self.talk.lang

    def with_talk(self, talk: Conversation) -> "Turn":
        return replace(self, talk=talk)

    def reply(
        self,
        *messages: Reply | str,
        quick: Sequence[Button] = (),
        talk: Conversation | None = None,
        effects: Sequence[Effect] = (),
    ) -> Decision:
        """A decision that says these messages; texts are plain bubbles."""
        shown = tuple(Say(m) if isinstance(m, str) else m for m in messages if m)
        after = talk or self.talk
        replies = Replies(shown[:MAX_MESSAGES], tuple(quick)[:MAX_QUICK], after.easy)
        return Decision(after, replies, tuple(effects))

    def say(
        self,
        key: str,
        *,
        quick: Sequence[Button] = (),
        talk: Conversation | None = None,
        effects: Sequence[Effect] = (),
        **hints: str,
    ) -> Decision:
        """A decision that says one sentence of words.toml."""
        spoken = talk or self.talk
        return self.reply(say(key, spoken.lang, **hints), quick=quick, talk=spoken, effects=effects)

    def silent(self, *effects: Effect, talk: Conversation | None = None) -> Decision:
        """A decision that says nothing."""
        return Decision(talk or self.talk, effects=effects)
