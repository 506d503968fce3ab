"""Keeping people insured: a reminder on a day they choose, each month, off by one tap."""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta

from handlers.effects import Remind
from handlers.phrases import button, call, say
from handlers.steps.text import plain
from handlers.turn import BANGKOK, Decision, Turn
from nlp.cards import Button
from nlp.intents import Intent

KIND = "pay"
DAYS = (1, 5, 10, 15, 20, 25)
AT = time(9, 0)
"""Thai time: after the morning's work, before noon."""
MORNING, EVENING = 8, 20
"""Thai hours outside which no reminder rings."""
_DAY = re.compile(r"^(?:ช่วย)?เตือน(?:ให้)?จ่าย.*?วันที่ ?(\d{1,2})(?:.*เดือน)?$")


def by_day(at: datetime) -> datetime:
    """The moment, or the next morning when it would ring in the night."""
    local = at.astimezone(BANGKOK)
    if MORNING <= local.hour < EVENING:
        return at
    day = local.date() + timedelta(days=local.hour >= EVENING)
    return datetime.combine(day, AT, BANGKOK).astimezone(UTC)


def hear(turn: Turn, text: str) -> Decision | None:
    """«เตือนจ่ายวันที่ 7»: the day is said at once. Else None."""
    found = _DAY.match(plain(text))
    return choose(turn, found[1]) if found else None


def ask(turn: Turn) -> Decision:
    """Which day of the month."""
    days = [Button(f"วันที่ {day}", data=f"do:pay_day={day}", say=f"วันที่ {day}") for day in DAYS]
    return turn.say("pay_which_day", quick=days)


def choose(turn: Turn, day: str) -> Decision:
    """From now on each month on that day."""
    if not day.isdigit() or not 1 <= int(day) <= 31:
        return ask(turn)
    effect = _next(turn, int(day))
    return turn.say("pay_set", quick=[button("pay_off", turn.lang)], day=day, effects=[effect])


def stop(turn: Turn) -> Decision:
    """No reminder any more."""
    return turn.say("pay_off", quick=[button("menu", turn.lang)], effects=[Remind(KIND, None)])


def reminded(turn: Turn, day: str) -> Decision:
    """The day has come: what to do, what a missed month does, and the next month's reminder."""
    lang = turn.lang
    quick = [
        _about(Intent.PAYMENT_CHANNEL, "pay_where", lang),
        _about(Intent.PAYMENT_ARREARS, "pay_missed", lang),
        _about(Intent.CHECK_CONTRIBUTION, "pay_check", lang),
        call(lang),
        button("pay_off", lang),
    ]
    effect = _next(turn, int(day) if day.isdigit() else DAYS[0])
    return turn.reply(say("pay_now", lang), quick=quick, effects=[effect])


def _about(intent: Intent, key: str, lang: str) -> Button:
    return button(key, lang, data=f"ask:{intent.value}")


def _next(turn: Turn, day: int) -> Remind:
    """The next such day after today; a month that is too short has it on its last day."""
    today = turn.today
    here = _in_month(today.year, today.month, day)
    if here <= today:
        year, month = today.year + today.month // 12, today.month % 12 + 1
        here = _in_month(year, month, day)
    at = datetime.combine(here, AT, BANGKOK).astimezone(UTC)
    return Remind(KIND, at, {"day": str(day)})


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
