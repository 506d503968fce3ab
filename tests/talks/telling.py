"""The bot's side of a transcript, with nlp's answers by their name."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from handlers.effects import Remind, SubmitRegistration
from handlers.replies import Replies, Say, Show
from handlers.transcript import lines
from handlers.turn import Decision
from nlp.answers import answer, special, special_kinds
from tests.talks.stage import CLOCK, LINE, Stage


def told(stage: Stage, who: str, decision: Decision) -> Iterator[str]:
    """The bot's side, with nlp's answers by name."""
    replies = _named(stage, decision)
    for message in lines(replies):
        first, *rest = message.split("\n")
        yield f"บอท> {first}"
        yield from (f"     {line}" for line in rest)
    if not decision.replies.messages:
        yield "บอท> (เงียบ)"
    for effect in decision.effects:
        yield f"ผล> {_effect(effect)}"


def _named(stage: Stage, decision: Decision) -> Replies:
    """Answers of nlp as «คำตอบ: intent»: their wording may change without touching the talk."""
    names = _answers(stage, decision)
    kept: list[Say | Show] = []
    for message in decision.replies.messages:
        if isinstance(message, Say) and message.text in names:
            name = Say(f"«คำตอบ: {names[message.text]}»")
            if not kept or kept[-1] != name:
                kept.append(name)
        elif isinstance(message, Show) and message.alt in names:
            continue
        elif isinstance(message, Say | Show):
            kept.append(message)
    quick = (
        decision.replies.quick
        if not names
        else tuple(b for b in decision.replies.quick if not b.data.startswith("ask:"))
    )
    return replace(decision.replies, messages=tuple(kept), quick=quick)


def _answers(stage: Stage, decision: Decision) -> dict[str, str]:
    """Text → name, for every text of the decision that nlp gave."""
    today = stage.now.date()
    talk, said = decision.talk, {m.text for m in decision.replies.messages if isinstance(m, Say)}
    known: dict[str, str] = {}
    if talk.topic is not None:
        given = answer(
            talk.topic.intent, talk.topic.entities, today=today, lang=talk.lang, easy=talk.easy
        )
        known |= dict.fromkeys(given.bubbles, talk.topic.intent.value)
        if given.cards and said & set(given.bubbles):
            known[given.cards[0].title] = talk.topic.intent.value
    for kind in special_kinds():
        known |= dict.fromkeys(special(kind, today=today, lang=talk.lang).bubbles, kind)
    return {text: name for text, name in known.items() if text in said or text in _alts(decision)}


def _alts(decision: Decision) -> set[str]:
    return {m.alt for m in decision.replies.messages if isinstance(m, Show)}


def _effect(effect: object) -> str:
    name = type(effect).__name__
    if isinstance(effect, SubmitRegistration):
        kind = " (รอแจ้ง)" if effect.notify_only else ""
        return f"{name} {effect.reference}{kind}"
    if isinstance(effect, Remind):
        return f"{name} {effect.kind} {effect.at.date() if effect.at else 'ยกเลิก'}"
    return name


def played(text: str) -> str:
    """The transcript as it runs today."""
    stage, out = Stage(), []
    for line in text.splitlines():
        clock, spoken = CLOCK.match(line), LINE.match(line)
        if clock:
            unit = {"d": "days", "h": "hours", "m": "minutes"}[clock[2]]
            stage.now += timedelta(**{unit: int(clock[1])})
            out += ["", line]
        elif spoken:
            if not clock and out and not out[-1].startswith(("#", "@")):
                out.append("")
            out.append(line)
            out += told(stage, spoken[1], stage.play(spoken[1], spoken[2]))
        elif line.startswith("#"):
            out += ["", line] if out else [line]
    return "\n".join(out) + "\n"
