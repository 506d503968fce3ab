"""News for which the month has no push left: said below the next answer, which is free."""

from dataclasses import replace

from handlers.effects import RideAlong
from handlers.events import Inbound, Postback, TextMessage
from handlers.turn import MAX_MESSAGES, Decision, Turn
from nlp.care import care


def along(turn: Turn, event: Inbound, told: Decision) -> Decision:
    """The answer with the news that waits for this person, where it disturbs nothing: not inside a
    form or a question of ours, not to somebody in need, not beside something that was done.
    """
    if not isinstance(event, TextMessage | Postback) or not event.envelope.can_reply:
        return told
    talk, messages = told.talk, told.replies.messages
    busy = talk.form or talk.side or talk.pending or told.effects
    if busy or not 0 < len(messages) < MAX_MESSAGES:
        return told
    if isinstance(event, TextMessage) and care(event.text):
        return told
    found = turn.tools.waiting_news()
    if found is None:
        return told
    below = turn.reply(found.text).replies.messages
    return replace(
        told,
        replies=replace(told.replies, messages=(*messages, *below)),
        effects=(RideAlong(found.number),),
    )
