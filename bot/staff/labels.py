"""The words of the console: labels of ids, Thai dates, languages; what templates may call."""

import tomllib
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from flask import Flask, request
from flask_babel import get_locale, gettext
from flask_security import current_user
from markupsafe import Markup, escape

from bot.staff import masks
from bot.staff.offices import several
from bot.staff.sessions import secure
from db.rollups import THAI_TIME

CATALOGUES = str(files("bot.staff") / "translations")
LANGUAGES = ("th", "en")
BUDDHIST_ERA = 543
MONTHS = [
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
]


def _(text: str, **values: object) -> str:
    """The words in the language of this request."""
    return str(gettext(text, **values))


def language_cookie() -> str:
    """The name under which a browser remembers its language, before anybody signs in."""
    return "__Host-staff-language" if secure() else "staff-language"


def language() -> str:
    """The language of this request: chosen by the person, Thai otherwise."""
    chosen = request.cookies.get(language_cookie(), "") if request else ""
    if not chosen and current_user and current_user.is_authenticated:
        chosen = current_user.language
    return chosen if chosen in LANGUAGES else "th"


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((files("bot.staff") / "labels.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _form_words() -> dict[str, dict[str, dict[str, str]]]:
    """The labels of the form's own answers, as the conversation shows them; names of offices."""
    told = tomllib.loads((files("handlers") / "registration.toml").read_text(encoding="utf-8"))
    found: dict[str, dict[str, dict[str, str]]] = {}
    for step in ("occupation", "contact_time", "option"):
        options = {**told[step].get("options", {}), **told[step].get("more_options", {})}
        found[step] = {
            key: {"th": words["label"], "en": words.get("en", words["label"])}
            for key, words in options.items()
        }
    found["office"] = {office.id: {"th": office.name} for office in several()}
    return found


def label(group: str, key: object) -> str:
    """The words for an id; the id itself where there are none (an occupation in own words)."""
    text = "" if key is None else str(key)
    words = _words().get(group, {}).get(text) or _form_words().get(group, {}).get(text)
    if words is None:
        return text
    return words.get(str(get_locale() or "th"), words["th"])


def choices(group: str) -> list[tuple[str, str]]:
    """The ids of a group with their words, in order."""
    known = _words().get(group) or _form_words().get(group, {})
    return [(key, label(group, key)) for key in known]


def thai_date(value: date | datetime | None) -> str:
    """«25 พ.ย. 69», in Thai time."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(THAI_TIME).date()
    if str(get_locale()) == "en":
        return f"{value:%d %b %Y}"
    return f"{value.day} {MONTHS[value.month - 1]} {(value.year + BUDDHIST_ERA) % 100:02d}"


def birth_date(iso: str) -> str:
    """«5 ม.ค. 2522»: the whole year, since a form needs it."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {MONTHS[day.month - 1]} {day.year + BUDDHIST_ERA}"


def birth_day(iso: str) -> str:
    """A birth date on the screen, in the language of this request."""
    if str(get_locale()) != "en":
        return birth_date(iso)
    try:
        return f"{date.fromisoformat(iso):%-d %b %Y}"
    except ValueError:
        return iso


def birth_year(iso: str) -> str:
    """The year of birth alone, as a masked date shows it."""
    return iso[:4] if str(get_locale()) == "en" else masks.birth_on(iso)


def thai_moment(value: datetime | None) -> str:
    """Date and time of day, in Thai time."""
    if value is None:
        return ""
    return f"{thai_date(value)} {value.astimezone(THAI_TIME):%H:%M}"


def device(browser: str) -> str:
    """«Chrome, Android» out of what a browser says of itself."""
    names = ("Edg", "Firefox", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    found = [next((name for name in group if name in browser), "") for group in (names, systems)]
    return ", ".join(part for part in found if part) or masks.short(browser, 40)


def seen(text: str) -> Markup:
    """Text of a stranger: invisible and direction-changing signs are shown, not obeyed."""
    if not any(map(masks.is_odd, text)):
        return escape(text)
    return Markup("").join(
        Markup('<span class="odd">{}</span>').format(f"U+{ord(sign):04X}")
        if masks.is_odd(sign)
        else escape(sign)
        for sign in text
    )


def install(app: Flask) -> None:
    """Give the templates of the console their words."""
    app.jinja_env.filters.update(
        thai_date=thai_date,
        thai_moment=thai_moment,
        device=device,
        seen=seen,
        thousands=lambda n: f"{n:,}",
    )
    app.jinja_env.filters["pair"] = lambda name: (name, name)
    names: dict[str, Any] = {"label": label, "choices": choices, "staff_language": language}
    app.jinja_env.globals.update(names)
