"""The registration as a flow: which step is asked when, and what a finished form hands over."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from handlers.conversation import Form
from handlers.effects import Consent, CorrectRegistration, SubmitRegistration
from handlers.eligibility import birth_date, majority, needs_guardian, options_allowed, verdict
from handlers.flow import Answers, Flow, Step, path
from handlers.steps import thai_id
from handlers.steps.address import ADDRESS
from handlers.steps.call_times import with_days
from handlers.steps.choices import choice, found_by
from handlers.steps.dates import BIRTH_DATE
from handlers.steps.names import NAME
from handlers.steps.outcome import Heard, Invalid, Parser, Value
from handlers.steps.phone import PHONE
from handlers.steps.places import PROVINCE
from handlers.steps.prices import by_price
from handlers.steps.schemes import own_schemes
from handlers.steps.text import clean
from handlers.steps.thai_id import ID_NUMBER
from handlers.wording import consent_version, options

CORRECTABLE = ("name", "phone", "address", "birth_date", "occupation", "option", "contact_time")
_KIND_OF_DIGIT = {"6": "minority", "7": "minority", "0": "pending", "8": "other"}
_NO_CARD = re.compile(r"(?:ไม่|บ่)(?:เคย)?มีบัตร|บัตร\S{0,8}(?:หาย|หมดอายุ)")
_NO_SCHEME = (
    r"(?:^|(?<=[\s|,]))((?:ไม่|บ่)(?:ได้)?มี(?:สิทธิ|ประกัน(?:สังคม)?)(?:อื่น|อะไร|ที่ไหน|เลย)*)(?=[\s|,]|$)"
)
_THAI_CARD = r"(?:^|(?<=[\s|,]))(?:ถือ)?((?:บัตร(?:ประชาชน)?|คน|สัญชาติ)ไทย)(?=[\s|,]|$)"
_OCCUPATION = r"(?:^|(?<=[\s|,]))อาชีพ[:\s]*([ก-๙]{2,})(?=[\s|,]|$)"
"""What in a message that answers many questions at once is surely an answer to this one."""

When = Callable[[Answers, date], bool]


def _agreed(answers: Answers, today: date) -> bool:
    """Everyone whose consent is needed has given it."""
    if answers.get("consent") == "self":
        return True
    return answers.get("consent") == "other" and answers.get("their_consent", "no") != "no"


def _for_other(answers: Answers, today: date) -> bool:
    return answers.get("consent") == "other"


def _may_go_on(answers: Answers, today: date) -> bool:
    """Agreed, the guardian too where one is needed, and nothing known against joining."""
    guardian = answers.get("guardian", "no") != "no" or not needs_guardian(answers, today)
    return _agreed(answers, today) and guardian and verdict(answers, today) is None


def _is_kept_out(answers: Answers, today: date) -> bool:
    return _agreed(answers, today) and verdict(answers, today) is not None


def _eligible(answers: Answers, today: date) -> bool:
    """All questions of eligibility are answered well."""
    known = "birth_date" in answers and "schemes" in answers and "card" in answers
    return known and _may_go_on(answers, today)


def _leaves_contact(answers: Answers, today: date) -> bool:
    """May join, or wishes to be told when that changes."""
    return _eligible(answers, today) or _only_notify(answers, today)


def _only_notify(answers: Answers, today: date) -> bool:
    return _is_kept_out(answers, today) and answers.get("notify") == "yes"


def _guardian_asked(answers: Answers, today: date) -> bool:
    if not _agreed(answers, today) or verdict(answers, today) is not None:
        return False
    return needs_guardian(answers, today)


def _option_fits(answers: Answers, today: date) -> bool:
    allowed = options_allowed(answers, today)
    return allowed is None or answers.get("option") in allowed


def _read_option(base: Parser) -> Parser:
    """The wished option, within what another scheme leaves open."""

    def read(text: str, heard: Heard) -> Value:
        value = base.read(text, heard)
        if not _option_fits({**heard.answers, "option": value}, heard.today):
            raise Invalid("nsf")
        return value

    return replace(base, read=read, invalid=(*base.invalid, "nsf"))


def _read_card(base: Parser) -> Parser:
    """The kind of card; a whole ID number tells it by its first digit."""

    def read(text: str, heard: Heard) -> Value:
        digits = re.sub(r"\D", "", clean(text))
        if thai_id.has_good_check_digit(digits):
            return card_kind(digits)
        try:
            return base.read(text, heard)
        except Invalid:
            if _NO_CARD.search(clean(text)):
                raise Invalid("no_card") from None
            raise

    return replace(base, read=read, invalid=(*base.invalid, "no_card"))


def card_kind(digits: str) -> str:
    """What the first digit of an ID number says: thai, minority, pending or other."""
    return "other" if digits.startswith("00") else _KIND_OF_DIGIT.get(digits[:1], "thai")


def _ended(answers: Answers) -> str:
    """Why the flow stops: refused, or nothing to leave."""
    if answers.get("consent") == "no" or answers.get("their_consent") == "no":
        return "refused"
    if answers.get("guardian") == "no":
        return "guardian"
    return "not_now" if answers.get("notify") == "no" else ""


REGISTRATION = Flow(
    "registration",
    (
        Step("consent", choice(options("consent", numbered=False)), usual="self"),
        Step("relationship", choice(options("relationship", free=True)), when=_for_other),
        Step(
            "their_consent",
            choice(options("their_consent", numbered=False)),
            when=_for_other,
            usual="me",
        ),
        Step("birth_date", BIRTH_DATE, when=_agreed, usual="1980-01-01"),
        Step(
            "guardian",
            choice(options("guardian", numbered=False)),
            when=_guardian_asked,
            usual="yes",
        ),
        Step(
            "schemes",
            found_by(own_schemes(choice(options("schemes"))), _NO_SCHEME),
            when=_may_go_on,
            usual="none",
        ),
        Step(
            "card",
            found_by(_read_card(choice(options("card", numbered=False))), _THAI_CARD),
            when=_may_go_on,
            usual="thai",
        ),
        Step("notify", choice(options("notify", numbered=False)), when=_is_kept_out, usual="yes"),
        Step("name", NAME, when=_leaves_contact, loose=True),
        Step("id_number", ID_NUMBER, when=_eligible),
        Step("phone", PHONE, when=_leaves_contact),
        Step("province", PROVINCE, when=_only_notify),
        Step("address", ADDRESS, when=_eligible),
        Step(
            "occupation",
            found_by(choice(options("occupation", numbered=False, free=True)), _OCCUPATION),
            when=_eligible,
            loose=True,
        ),
        Step(
            "option",
            _read_option(by_price(choice(options("option", numbered=False)))),
            when=_eligible,
            fits=_option_fits,
        ),
        Step(
            "contact_time",
            with_days(choice(options("contact_time", numbered=False))),
            when=_eligible,
        ),
    ),
    ended=_ended,
)


def hints(answers: Answers) -> dict[str, str]:
    """What the wording of any step may name."""
    return {"majority": str(majority())}


def consent_of(form: Form, live: Answers, now: datetime) -> Consent:
    """The consent as it was given in this form."""
    at = datetime.fromisoformat(form.consent_at) if form.consent_at else now
    other = live.get("consent") == "other"
    return Consent(
        version=consent_version(),
        at=at,
        read_by=_text(live, "their_consent") if other else "",
        relationship=_text(live, "relationship") if other else "",
        guardian=live.get("guardian") == "yes",
    )


def submission(
    form: Form, reference: str, callback_words: str, campaign: str, now: datetime, today: date
) -> SubmitRegistration:
    """The finished form as a wish to make a lead. Only answers on the path are handed over."""
    live = path(REGISTRATION, form.answers, today).answers
    name, place = _record(live, "name"), _record(live, "address")
    number = _text(live, "id_number")
    born = birth_date(live)
    if born is None:
        raise ValueError("a form without a birth date can't be submitted")
    option = _text(live, "option")
    return SubmitRegistration(
        reference=reference,
        callback_words=callback_words,
        consent=consent_of(form, live, now),
        title=name.get("title", ""),
        first_name=name.get("first", ""),
        last_name=name.get("last", ""),
        birth_on=born,
        id_number=number if number.isdigit() else None,
        card_kind=card_kind(number) if number.isdigit() else _text(live, "card"),
        phone=_text(live, "phone"),
        province=place.get("province", "") or _text(live, "province"),
        district=place.get("district", ""),
        tambon=place.get("tambon", ""),
        address=place.get("line", ""),
        occupation=_text(live, "occupation"),
        option=int(option) if option.isdigit() else None,
        contact_time=_text(live, "contact_time"),
        for_other=live.get("consent") == "other",
        notify_only=live.get("notify") == "yes",
        campaign=campaign,
        extra={"schemes": _text(live, "schemes")} if live.get("schemes") == "unsure" else {},
    )


def correction(reference: str, step_id: str, value: Value) -> CorrectRegistration:
    """A corrected answer in the names of SubmitRegistration's fields."""
    if isinstance(value, str):
        field = {"birth_date": "birth_on"}.get(step_id, step_id)
        return CorrectRegistration(reference, {field: value})
    if step_id == "name":
        names = {"title": "title", "first": "first_name", "last": "last_name"}
    else:
        names = {
            "province": "province",
            "district": "district",
            "tambon": "tambon",
            "line": "address",
        }
    return CorrectRegistration(
        reference, {field: value.get(key, "") for key, field in names.items()}
    )


def _text(answers: Answers, step_id: str) -> str:
    value = answers.get(step_id, "")
    return value if isinstance(value, str) else ""


def _record(answers: Answers, step_id: str) -> dict[str, str]:
    value = answers.get(step_id, {})
    return {} if isinstance(value, str) else dict(value)
