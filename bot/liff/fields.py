"""The questions of the form as the page draws them, from the steps and their words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bot.liff.posted import Data, Posted, line_of
from handlers.conversation import Form
from handlers.display import shown, who
from handlers.eligibility import options_allowed, verdict
from handlers.flow import Step, path, way
from handlers.form_page import asked, reason
from handlers.phrases import filled, word
from handlers.registration import REGISTRATION, hints
from handlers.steps.outcome import Choice, More, Value
from handlers.steps.places import areas
from handlers.turn import Turn
from handlers.wording import StepWords, steps

INPUT = {
    "name": {"autocomplete": "name"},
    "phone": {"type": "tel", "autocomplete": "tel", "inputmode": "tel"},
    "id_number": {"autocomplete": "off", "inputmode": "numeric"},
}
"""How a phone should help to type; nothing special for the others."""
CODE_DIGITS = {"province": 2, "district": 4, "tambon": 6}


@dataclass(frozen=True, slots=True)
class Option:
    """Something to tap or to pick from a list."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One of the lists that lead to a tambon."""

    level: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `kept`: the answer as stored, shown with the ID number masked."""

    id: str
    title: str
    question: str
    why: str
    news: str
    """What there is to know first: why the person can't join."""
    kept: str
    error: str
    typed: bool
    line: str
    attributes: dict[str, str]
    options: tuple[Option, ...]
    places: tuple[Place, ...]
    choices: tuple[Choice, ...]
    before: tuple[str, ...]


def fields(turn: Turn, form: Form, posted: Posted | None, data: Data, nth: int) -> list[Field]:
    """The questions that may be answered. Before the consent only those that belong to it."""
    return [_field(turn, form, step, posted, data, nth) for step in asked(turn, form)]


def rows(turn: Turn, form: Form) -> list[tuple[str, str]]:
    """The review: each question's name, and its answer as the chat shows it."""
    live = path(REGISTRATION, form.answers, turn.today).answers
    return [
        (steps()[step].title(turn.lang), shown(step, value, turn.lang))
        for step, value in live.items()
    ]


def _field(
    turn: Turn, form: Form, step: Step, posted: Posted | None, data: Data, nth: int
) -> Field:
    live = path(REGISTRATION, form.answers, turn.today).answers
    words, value, lang = steps()[step.id], _value(turn, form, step), turn.lang
    refusal = posted.refused.get(step.id) if posted else None
    typed = posted.typed.get(step.id) if posted else None
    names = {"who": who(live, lang), **hints(form.answers)}
    return Field(
        id=step.id,
        title=words.title(lang),
        question=filled(words.question(lang, turn.talk.easy), **names),
        why=filled(words.why_en if lang == "en" else words.why, **names),
        news=_news(turn, form) if step.id == "notify" else "",
        kept=shown(step.id, value, lang) if value is not None else "",
        error=reason(turn, form, step.id, refusal, nth) if refusal else "",
        typed="choose" not in step.parser.invalid,
        line=typed or line_of(step.id, value, lang),
        attributes=INPUT.get(step.id, {}),
        options=_options(turn, form, words, value),
        places=_places(step.id, value, data),
        choices=refusal.choices if isinstance(refusal, More) else (),
        before=tuple(posted.before.get(step.id, ())) if posted else (),
    )


def _value(turn: Turn, form: Form, step: Step) -> Value | None:
    """The answer as it counts, given early or in its turn."""
    if step.id not in form.answers:
        return None
    return way(REGISTRATION, form.answers, turn.today).answers.get(step.id)


def _news(turn: Turn, form: Form) -> str:
    live = path(REGISTRATION, form.answers, turn.today).answers
    no = verdict(live, turn.today)
    if no is None:
        return ""
    return word("no", no.code, turn.lang, **{"who": who(live, turn.lang), **no.hints})


def _options(turn: Turn, form: Form, words: StepWords, value: Value | None) -> tuple[Option, ...]:
    allowed = options_allowed(form.answers, turn.today) if words.id == "option" else None
    return tuple(
        Option(one.id, words.option_label(one.id, turn.lang) or one.id, one.id == value)
        for one in words.options
        if (one.shown or one.id == value) and (allowed is None or one.id in allowed)
    )


def _places(step_id: str, value: Value | None, data: Data) -> tuple[Place, ...]:
    """Province, its districts, their tambons: as far as they are chosen."""
    if step_id != "address":
        return ()
    code = "" if value is None or isinstance(value, str) else value.get("code", "")
    chosen = data.get("address.tambon") or data.get("address.district") or ""
    province = data.get("address.province", code[:2])
    district = data.get("address.district", code[:4])
    inside = ["", province, district if district.startswith(province) else ""]
    picked = (province, district, chosen if len(chosen) == CODE_DIGITS["tambon"] else code)
    return tuple(
        Place(level, _within(within, level, now))
        for level, within, now in zip(CODE_DIGITS, inside, picked, strict=True)
        if within or level == "province"
    )


def _within(code: str, level: str, chosen: str) -> tuple[Option, ...]:
    return tuple(Option(c, name, c == chosen) for c, name in names_in(code, level))


@cache
def names_in(code: str, level: str) -> Sequence[tuple[str, str]]:
    """(code, name) of the places of a level inside a place, by name."""
    digits = CODE_DIGITS[level]
    found = {a.code[:digits]: str(getattr(a, level)) for a in areas() if a.code.startswith(code)}
    return tuple(sorted(found.items(), key=lambda pair: pair[1]))
