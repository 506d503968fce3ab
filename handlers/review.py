"""The review before sending, the sending, and the receipt after it."""

import re
from dataclasses import replace
from datetime import date

from handlers.conversation import Conversation, Form
from handlers.display import full_name, shown, who
from handlers.effects import Effect, Remind, SetMenu, SubmitRegistration
from handlers.eligibility import birth_date
from handlers.flow import REVIEW, path
from handlers.form import ask, data, live, store
from handlers.phrases import button, call, long_date, say, word
from handlers.registration import REGISTRATION, submission
from handlers.replies import Show
from handlers.steps.text import plain
from handlers.turn import MAX_QUICK, Decision, Turn
from handlers.wording import steps
from nlp.cards import Button, Card, Row
from nlp.offices import offices_in

NOT_SHOWN = ("consent", "their_consent", "notify")
NOT_EDITED = (*NOT_SHOWN, "guardian", "relationship")
_SEND = re.compile(
    r"(?:(?:ตรวจ(?:ดู|ทาน|สอบ)?(?:แล้ว|ดูแล้ว)|ไม่(?:มี|ต้อง)?(?:อะไร)?(?:ต้อง)?แก้(?:ไข)?|ครบ|ส่ง|ถูก|ใช่|ยืนยัน|โอเค|ok(?:ay)?|ตกลง|ได้|เรียบร้อย|แม่น|yes|send|submit|correct|สมัครเลย)"
    r"(?:ต้อง|เลย|โลด|แล้ว|หมด|ทุกข้อ|ข้อมูล|ไป|นะ|ค่ะ|ครับ|จ้ะ|จ้า|เด้อ)*\s*)+"
)
_WRONG = re.compile(r"(?:ยัง)?(?:ไม่ถูก|ไม่ใช่|ผิด|มี(?:ข้อ|ที่)?ผิด|บ่แม่น|ไม่ตรง|wrong|no|ไม่)(?:ต้อง|ค่ะ)?")


def go_on(turn: Turn, form: Form, *lead: str, effects: tuple[Effect, ...] = ()) -> Decision:
    """The next question, or the review when none is open."""
    if form.at != REVIEW:
        return ask(turn, form, *lead, effects=effects)
    return show(turn, form, *lead, effects=effects)


def show(turn: Turn, form: Form, *lead: str, effects: tuple[Effect, ...] = ()) -> Decision:
    """All answers on a card, a button to send and one for each answer to change."""
    kept, kept_effects = store(turn, form)
    lang = turn.lang
    answers = live(turn, form)
    rows = tuple(
        Row(steps()[step].title(lang), shown(step, value, lang))
        for step, value in answers.items()
        if step not in NOT_SHOWN
    )
    card = Card(word("card", "review", lang), rows, colour="option1")
    opening = "\n".join(text for text in lead if text)
    return turn.reply(
        opening,
        Show((card,), card.title),
        say("review", lang),
        quick=_review_buttons(turn, form),
        talk=kept,
        effects=(*effects, *kept_effects),
    )


def _review_buttons(turn: Turn, form: Form) -> list[Button]:
    edits = edit_buttons(turn, form)[: MAX_QUICK - 2]
    return [_submit_button(turn, form), *edits, button("cancel", turn.lang)]


def _submit_button(turn: Turn, form: Form) -> Button:
    return button("submit", turn.lang, data=f"do:submit;f={form.serial}")


def edit_buttons(turn: Turn, form: Form) -> list[Button]:
    """A button to change each answer given so far."""
    found = []
    for step in live(turn, form):
        if step not in NOT_EDITED:
            label = word("button", "edit", turn.lang, label=steps()[step].title(turn.lang))
            found.append(Button(label, data=data(form, step), say=label))
    return found


def means_send(text: str) -> bool:
    """Words at the review that send the form."""
    return _SEND.fullmatch(plain(text)) is not None


def means_wrong(text: str) -> bool:
    """Words at the review that say something must be changed."""
    return _WRONG.fullmatch(plain(text)) is not None


def submit(turn: Turn, form: Form, *, likely_is_fine: bool = False) -> Decision:
    """Sends the form, unless answers are missing or the person is registered already."""
    walk = path(REGISTRATION, form.answers, turn.today)
    if walk.first_open != REVIEW:
        return go_on(turn, replace(form, at=walk.first_open, partial={}, asking={}))
    known = _known(turn, form)
    if known == "same":
        return _same(turn, form)
    if known == "likely" and not likely_is_fine:
        talk = replace(store(turn, form)[0], pending="likely")
        quick = [button("yes", turn.lang), button("no", turn.lang)]
        return turn.say("duplicate_likely", quick=quick, talk=talk)
    return _sent(turn, form)


def _known(turn: Turn, form: Form) -> str:
    answers = live(turn, form)
    name, place = answers.get("name", {}), answers.get("address", {})
    number, born = answers.get("id_number"), birth_date(answers)
    if isinstance(name, str) or isinstance(place, str) or born is None:
        return ""
    return turn.tools.known(
        id_number=number if isinstance(number, str) and number.isdigit() else None,
        name=f"{name.get('first', '')} {name.get('last', '')}".strip(),
        birth_on=born,
        tambon=place.get("tambon", ""),
    )


def _same(turn: Turn, form: Form) -> Decision:
    """Told, without a word about the other record; a mistyped number can be mended."""
    quick = [
        button("fix_id", turn.lang, data=data(form, "id_number")),
        button("status", turn.lang),
        button("staff", turn.lang),
        button("cancel", turn.lang),
    ]
    return turn.say("duplicate_same", quick=quick, talk=store(turn, form)[0])


def _sent(turn: Turn, form: Form) -> Decision:
    tools = turn.tools
    wish = submission(
        form,
        tools.new_reference(),
        tools.callback_words(),
        turn.talk.campaign,
        turn.now,
        turn.today,
    )
    effects = (wish, SetMenu("registered"), Remind("expire", None), Remind("unfinished", None))
    talk = closed(turn.talk, form, wish.reference)
    if wish.notify_only:
        quick = [button("register_other", turn.lang), button("menu", turn.lang)]
        return turn.say(
            "submitted_notify", quick=quick, talk=talk, effects=effects, reference=wish.reference
        )
    return _receipt(turn, form, wish, talk, effects)


def closed(talk: Conversation, form: Form, reference: str = "") -> Conversation:
    """The talk without this form; its late buttons are still recognised."""
    return replace(
        talk,
        form=None,
        pending="",
        nudge=False,
        last_serial=form.serial,
        last_reference=reference,
    )


def _receipt(
    turn: Turn,
    form: Form,
    wish: SubmitRegistration,
    talk: Conversation,
    effects: tuple[Effect, ...],
) -> Decision:
    lang, due_on = turn.lang, turn.tools.call_due()
    due = long_date(due_on, lang)
    name = full_name({"title": wish.title, "first": wish.first_name, "last": wish.last_name})
    card = Card(
        title=word("card", "receipt", lang),
        subtitle=name,
        rows=(
            Row(word("card", "reference", lang), wish.reference, strong=True),
            Row(word("card", "callback", lang), wish.callback_words, strong=True),
            Row(word("card", "office", lang), office(wish.province, lang)),
            Row(word("card", "due", lang), due),
            Row(word("card", "next", lang), word("card", "next_value", lang)),
        ),
        note=word("card", "note", lang),
        buttons=_to_calendar(turn, wish.reference, due_on),
        colour="good",
        image=turn.tools.receipt_picture(wish.reference),
    )
    told = say(
        "submitted",
        lang,
        who=who(live(turn, form), lang),
        due=due,
        callback=wish.callback_words,
    )
    quick = [button("status", lang), button("register_other", lang), call(lang)]
    if wish.for_other:
        quick.insert(0, button("handover", lang, data=f"do:handover={wish.reference}"))
    alt = f"{card.title} {wish.reference}"
    return turn.reply(
        Show((card,), alt),
        told,
        say("submitted_not_member", lang),
        quick=quick,
        talk=talk,
        effects=effects,
    )


def _to_calendar(turn: Turn, reference: str, due: date) -> tuple[Button, ...]:
    path = turn.tools.receipt_calendar(reference, due)
    return (Button(word("button", "to_calendar", turn.lang), uri=path),) if path else ()


def office(province: str, lang: str) -> str:
    """The office's name where the province has only one; its area otherwise."""
    offices = offices_in(province)
    return offices[0].name if len(offices) == 1 else word("card", "office_area", lang)


def short_day(day: date | None, lang: str) -> str:
    """A day for a card; empty when there is none."""
    return long_date(day, lang) if day else ""
