"""Our own events: words and news from staff, and reminders."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers import paying, review, starting
from handlers.conversation import Conversation, Form
from handlers.events import Reminder, StaffMessage
from handlers.flow import REVIEW
from handlers.form import DRAFT_DAYS
from handlers.phrases import button, has, long_date, word
from handlers.turn import BANGKOK, Decision, Turn
from handlers.wording import steps

_GIVEN = (
    "office",
    "text",
    "reference",
    "first_name",
    "callback_words",
    "status",
    "province",
    "number",
    "name",
)
"""What the console says about a lead; a text may name any of it."""

OFFICER_TALKS = timedelta(minutes=30)


def from_staff(turn: Turn, event: StaffMessage) -> Decision:
    """An officer's message, or news of a registration."""
    if not has("news", event.kind):
        return turn.silent()
    turn = turn.with_talk(_taken_over(turn, event))
    lang, given = turn.lang, event.values
    values = {name: given.get(name, "") for name in _GIVEN}
    values["whose"] = _whose(event, lang)
    values["due_on"] = _day(given.get("due_on", ""), lang)
    values["at"] = _moment(given.get("at", ""), lang)
    told = word("news", event.kind, lang, **values)
    quick = [button("status", lang), button("staff", lang)]
    if event.kind == "member":
        quick.insert(0, button("pay_on", lang))
    reference = values["reference"]
    if event.kind == "unreachable" and reference:
        quick.insert(0, button("fix", lang, data=f"do:fix={reference}"))
    if event.kind in ("unreachable", "ineligible") and reference:
        quick.insert(0, button("reopen", lang, data=f"do:reopen={reference}"))
    return turn.reply(told, quick=quick)


def _taken_over(turn: Turn, event: StaffMessage) -> Conversation:
    """The talk in the hands of an officer, or back with the bot. Each word of theirs renews it."""
    until = turn.now + OFFICER_TALKS
    if event.kind == "given_back":
        return replace(turn.talk, officer_until=None)
    if event.kind == "taken" or (event.kind == "message" and with_officer(turn)):
        return replace(turn.talk, officer_until=until)
    return turn.talk


def with_officer(turn: Turn) -> bool:
    """Whether an officer talks with the person now. It ends by itself when nothing is said."""
    until = turn.talk.officer_until
    return until is not None and turn.now < until


def _whose(event: StaffMessage, lang: str) -> str:
    """«ของคุณ», or «ของคุณบุญมี» for someone who was registered by this person."""
    name = event.values.get("first_name", "")
    if event.values.get("for_other") and name:
        return f"ของคุณ{name}" if lang == "th" else name
    return word("card", "yours", lang)


def _day(iso: str, lang: str) -> str:
    try:
        return long_date(date.fromisoformat(iso), lang)
    except ValueError:
        return ""


def _moment(iso: str, lang: str) -> str:
    try:
        at = datetime.fromisoformat(iso)
    except ValueError:
        return ""
    local = at.astimezone(BANGKOK) if at.tzinfo else at
    return f"{long_date(local.date(), lang)} {local:%H:%M}"


def reminded(turn: Turn, event: Reminder) -> Decision:
    """A timed nudge: the half-made form, once and only if asked for; or its silent end."""
    if event.kind == paying.KIND:
        return paying.reminded(turn, event.values.get("day", ""))
    form = turn.talk.form
    if form is None:
        return turn.silent()
    if event.kind == "expire":
        return _expired(turn, form)
    if event.kind != "unfinished" or not turn.talk.nudge:
        return turn.silent()
    label = (
        steps()[form.at].title(turn.lang)
        if form.at != REVIEW
        else word("card", "review", turn.lang)
    )
    quick = [button("resume", turn.lang), button("cancel", turn.lang)]
    return turn.say("nudge", quick=quick, talk=replace(turn.talk, nudge=False), label=label)


def _expired(turn: Turn, form: Form) -> Decision:
    """The form is forgotten without a word, unless it was touched since the timer was set."""
    touched = date.fromisoformat(form.touched_on) if form.touched_on else None
    if touched and turn.today - touched < timedelta(days=DRAFT_DAYS):
        return turn.silent()
    effects = starting.forgotten(turn, form)
    return turn.silent(*effects, talk=review.closed(turn.talk, form))
