"""A message understood: the one way in for the rest of the product."""

from dataclasses import replace
from datetime import date, datetime
from threading import Lock
from zoneinfo import ZoneInfo

from nlp.artefact import Model
from nlp.care import care
from nlp.classifier import Classifier, Mode
from nlp.decision import decide
from nlp.extract import groups, places
from nlp.followup import follow_up, in_context, inherited
from nlp.intents import Intent
from nlp.particulars import particular
from nlp.reading import Reading, read
from nlp.split import parts_of
from nlp.tokens import cut
from nlp.understanding import Outcome, Topic, Understanding

BANGKOK = ZoneInfo("Asia/Bangkok")


class Engine:
    """A classifier with everything around it; made once, shared by threads."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier

    def with_model(self, model: Model) -> "Engine":
        """The same with another model; the encoder is shared."""
        return Engine(self._classifier.with_model(model))

    def understand(
        self, text: str, topic: Topic | None = None, today: date | None = None
    ) -> Understanding:
        """What a message means. Never raises, whatever the text."""
        day = today or datetime.now(BANGKOK).date()
        message = read(text, day)
        if not any(c.isalnum() for c in message.text) or care(text) == "despair":
            return Understanding(message.text, Intent.OUT_OF_SCOPE, 1.0, Outcome.UNKNOWN)
        parts = parts_of(message.text)
        if not parts and (small := particular(message, topic)):
            return small
        followed = follow_up(message, topic)
        if followed is not None:
            return followed
        whole = self._one(message, topic)
        return self._with_others(whole, self._questions(parts, topic, day))

    def _one(self, message: Reading, topic: Topic | None) -> Understanding:
        prediction = in_context(
            self._classifier.predict(message.masked, message.text), topic, message.text
        )
        decision = decide(prediction)
        return Understanding(
            text=message.text,
            intent=decision.intent,
            confidence=round(decision.confidence, 4),
            outcome=decision.outcome,
            entities=inherited(message.entities, decision.intent, topic),
            suggestions=decision.suggestions,
        )

    def _questions(self, parts: list[str], topic: Topic | None, day: date) -> list[Understanding]:
        """What each question of a message asks, those we are sure of; the first is the topic of
        the second.
        """
        found: list[Understanding] = []
        for part in parts:
            asked = read(part, day)
            small = particular(asked, topic)
            said = small or follow_up(asked, topic) or self._one(asked, topic)
            if said.outcome is not Outcome.ANSWER:
                continue
            topic = Topic(said.intent, said.entities)
            if said.intent not in {f.intent for f in found}:
                found.append(said)
        return found

    @staticmethod
    def _with_others(whole: Understanding, questions: list[Understanding]) -> Understanding:
        """The whole message's reading first, then the further questions."""
        if len(questions) < 2:
            return whole
        if whole.outcome is not Outcome.ANSWER:
            whole = replace(questions[0], text=whole.text)
        return replace(
            whole, others=tuple(said for said in questions if said.intent is not whole.intent)
        )


_lock = Lock()
_engine: Engine | None = None


def engine() -> Engine:
    """The engine of the model on disk, read at first use. Raises ModelError."""
    global _engine
    if _engine is None:
        with _lock:
            if _engine is None:
                _engine = Engine(Classifier.open(Mode.FULL))
    return _engine


def understand(text: str, topic: Topic | None = None, today: date | None = None) -> Understanding:
    """What a message means, given what the talk was about. `today` is a day in Thailand."""
    return engine().understand(text, topic, today)


def warm_up() -> None:
    """Read the model, the dictionary and the lists of places now, so that the first person
    need not wait.
    """
    engine()
    groups.warm_up()
    places.warm_up()
    cut("สวัสดีค่ะ")
    understand("สมัครมาตรา 40 ที่ขอนแก่นยังไง")
