"""The open step of a form as a message: the question, its buttons, what was just understood."""

from dataclasses import replace
from datetime import timedelta

from handlers.conversation import Conversation, Form
from handlers.correction import CORRECTION
from handlers.display import who
from handlers.effects import Effect, Remind, SetMenu
from handlers.flow import Answers, Flow, path, progress
from handlers.phrases import button, call, filled, say, word
from handlers.registration import REGISTRATION, hints
from handlers.steps.outcome import More
from handlers.turn import Decision, Turn
from handlers.wording import StepWords, steps
from nlp.cards import Button

DRAFT_DAYS = 30
"""A half-made form with consent is kept this long after the last answer."""
MISSES_BEFORE_PERSON = 3
FLOWS: dict[str, Flow] = {flow.id: flow for flow in (REGISTRATION, CORRECTION)}
PREFIX = {REGISTRATION.id: "reg", CORRECTION.id: "fix"}


def flow_of(form: Form) -> Flow:
    """The form's flow; one that is gone from the code is the registration again."""
    return FLOWS.get(form.flow, REGISTRATION)


def live(turn: Turn, form: Form) -> Answers:
    """The answers that count: those on the path."""
    return path(flow_of(form), form.answers, turn.today).answers


def ask(turn: Turn, form: Form, *lead: str, effects: tuple[Effect, ...] = ()) -> Decision:
    """Asks the open step, after what there is to say first."""
    kept, kept_effects = store(turn, form)
    opening = "\n".join(text for text in lead if text)
    body = f"{_progress(turn, form)}{question(turn, form)}"
    text = f"{opening}\n\n{body}" if opening else body
    return turn.reply(text, quick=buttons(turn, form), talk=kept, effects=(*effects, *kept_effects))


def store(turn: Turn, form: Form) -> tuple[Conversation, tuple[Effect, ...]]:
    """The talk with this form in it. A form with consent expires DRAFT_DAYS after its last day."""
    if form.flow != REGISTRATION.id:
        return replace(turn.talk, side=form), ()
    today = turn.today.isoformat()
    if not form.consent_at or form.touched_on == today:
        return replace(turn.talk, form=form), ()
    effects: tuple[Effect, ...] = (Remind("expire", turn.now + timedelta(days=DRAFT_DAYS)),)
    if not form.touched_on:
        effects = (SetMenu("progress"), *effects)
    return replace(turn.talk, form=replace(form, touched_on=today)), effects


def question(turn: Turn, form: Form) -> str:
    """The words of the open step: what completes a half answer, else the question itself."""
    words, lang = steps()[form.at], turn.lang
    names = {"who": who(live(turn, form), lang), **hints(form.answers)}
    if form.asking:
        code = form.asking["code"]
        told = (words.more_en[code],) if lang == "en" else words.more[code]
        given = {
            k.removeprefix("hint."): v for k, v in form.asking.items() if k.startswith("hint.")
        }
        return filled(told[form.tries % len(told)], **{**names, **given})
    return filled(words.question(lang, turn.talk.easy), **names)


def half_understood(form: Form, more: More) -> Form:
    """The form waiting for the rest of an answer. Asked the same again, it counts as a miss."""
    again = form.asking.get("code") == more.code
    asking = {"code": more.code, **{f"hint.{k}": v for k, v in more.hints.items()}}
    asking |= {f"choice.{i}": f"{c.label}\t{c.text}" for i, c in enumerate(more.choices)}
    tries = form.tries + 1 if again else 0
    return replace(form, partial=more.partial, asking=asking, tries=tries)


def buttons(turn: Turn, form: Form) -> list[Button]:
    """What can be tapped at the open step."""
    lang = turn.lang
    shown = _choices(turn, form) or _options(turn, form)
    if form.at == "consent":
        return [*shown, *_page(turn), button("notice", lang)]
    if form.tries >= MISSES_BEFORE_PERSON:
        shown = [*shown, button("staff", lang), call(lang)]
    if form.at == "option":
        shown = [*shown, button("recommend", lang)]
    controls = [button("back", lang)] if form.flow == REGISTRATION.id else []
    return [*shown, *controls, button("cancel", lang)]


def _page(turn: Turn) -> list[Button]:
    """The whole form on one page inside LINE, for those who like that better."""
    address = turn.tools.form_page()
    return [Button(word("button", "form_page", turn.lang), uri=address)] if address else []


def data(form: Form, step_id: str, value: str = "") -> str:
    """A button's data: the step, the answer it gives (none: go there), and which form it is of."""
    answer = f"={value}" if value else ""
    return f"{PREFIX[flow_of(form).id]}:{step_id}{answer};f={form.serial}"


def _choices(turn: Turn, form: Form) -> list[Button]:
    pairs = [v.split("\t", 1) for k, v in form.asking.items() if k.startswith("choice.")]
    return [Button(label, data=data(form, form.at, text), say=label) for label, text in pairs]


def _options(turn: Turn, form: Form) -> list[Button]:
    words, lang = steps()[form.at], turn.lang
    if form.at == "birth_date" and not form.partial:
        return [_date_picker(turn, form)]
    found = [_option(form, words, o.id, lang) for o in words.options if o.shown]
    if form.at in ("address", "province") and not form.partial:
        found.append(Button(word("button", "send_place", lang), pick="location"))
    return found


def _option(form: Form, words: StepWords, option: str, lang: str) -> Button:
    label = words.option_label(option, lang) or option
    return Button(label, data=data(form, form.at, option), say=label)


def _date_picker(turn: Turn, form: Form) -> Button:
    return Button(
        word("button", "pick_date", turn.lang),
        data=data(form, form.at),
        pick="date",
        initial=f"{turn.today.year - 40}-01-01",
        min=f"{turn.today.year - 100}-01-01",
        max=turn.today.isoformat(),
    )


def _progress(turn: Turn, form: Form) -> str:
    if form.flow != REGISTRATION.id:
        return ""
    at, of = progress(REGISTRATION, form, turn.today)
    return say("progress", turn.lang, at=str(at), of=str(of)) + "\n"
