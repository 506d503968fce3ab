"""What was registered: its status, «nobody called», correction, withdrawal, and handing it over."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from handlers.conversation import Form
from handlers.display import grouped
from handlers.effects import (
    ClaimLead,
    OfferHandOver,
    ReopenRegistration,
    SetMenu,
    WithdrawRegistration,
)
from handlers.phrases import button, has, long_date, say, word
from handlers.registration import CORRECTABLE
from handlers.replies import Show
from handlers.review import go_on, office, short_day
from handlers.steps.text import clean
from handlers.tools import LeadSummary
from handlers.turn import BANGKOK, Decision, Turn
from handlers.wording import steps
from nlp.cards import Button, Card, Row

HANDOVER_DAYS = 3
MAX_WRONG_CODES = 5
LOCKED_FOR = timedelta(hours=1)
_NO_ANSWER = re.compile(r"ลงชื่อ|สำนักงาน|ทำงาน|ชื่อเรื่อง")
"""Words with the name of an answer in them that name none."""
_REFERENCE = re.compile(r"(?<![0-9a-z])s40-?[0-9a-z]{4}-?[0-9a-z]{4}(?![0-9a-z])", re.IGNORECASE)
DONE = ("member", "ineligible", "withdrawn", "merged")
MAX_CARDS = 10


def names_reference(text: str) -> bool:
    """«S40-ABCD-EFGH ถึงไหนแล้ว»: whoever's it is, one's own are shown."""
    return _REFERENCE.search(clean(text)) is not None


def find(turn: Turn, reference: str) -> LeadSummary | None:
    """The account's own lead with this reference."""
    return next((lead for lead in turn.tools.leads() if lead.reference == reference), None)


def named(lead: LeadSummary, lang: str) -> str:
    """«คุณบุญมี»: by first name, which tells apart the people of one account."""
    return f"คุณ{lead.first_name}" if lang == "th" else lead.first_name


def status(turn: Turn) -> Decision:
    """Each registration on a card: where it stands, since when, what is next, by when."""
    found, lang = turn.tools.leads()[:MAX_CARDS], turn.lang
    waiting = [say("form_waiting", lang)] if turn.talk.form else []
    resume = [button("resume", lang)] if turn.talk.form else []
    if not found:
        if waiting:
            return turn.reply(*waiting, quick=[*resume, button("cancel", lang)])
        return turn.say("no_leads", quick=[button("register", lang), button("menu", lang)])
    shown = Show(tuple(_card(turn, lead) for lead in found), say("status_alt", lang))
    quick = [*resume, button("register_other", lang), button("mydata", lang), button("staff", lang)]
    return turn.reply(*waiting, shown, quick=quick)


def _card(turn: Turn, lead: LeadSummary) -> Card:
    lang = turn.lang
    told = word("status", lead.status, lang) if has("status", lead.status) else lead.status
    rows = [
        Row(word("card", "status", lang), told, strong=True),
        Row(word("card", "since", lang), long_date(lead.since.astimezone(BANGKOK).date(), lang)),
        Row(word("card", "reference", lang), lead.reference),
        Row(word("card", "office", lang), office(lead.province, lang)),
    ]
    if lead.status not in DONE:
        rows.append(Row(word("card", "callback", lang), lead.callback_words))
    if due := short_day(lead.due_on, lang):
        rows.append(Row(word("card", "due", lang), due))
    colour = {"member": "good", "unreachable": "warn", "ineligible": "warn"}.get(lead.status, "")
    return Card(named(lead, lang), tuple(rows), colour=colour, buttons=_card_buttons(turn, lead))


def _card_buttons(turn: Turn, lead: LeadSummary) -> tuple[Button, ...]:
    lang, reference = turn.lang, lead.reference
    if lead.status in ("withdrawn", "merged"):
        return ()
    late = lead.due_on is not None and lead.due_on < turn.today
    names = ["reopen"] if late or lead.status in ("unreachable", "ineligible") else []
    if lead.status not in DONE:
        names += ["fix", *(["handover"] if lead.for_other else []), "withdraw"]
    return tuple(button(name, lang, data=f"do:{name}={reference}") for name in names)


def choose(turn: Turn, name: str, act: Callable[[Turn, LeadSummary], Decision]) -> Decision:
    """Does it to the only registration there is, or asks whose."""
    open_ = [lead for lead in turn.tools.leads() if lead.status not in ("withdrawn", "merged")]
    if not open_:
        return turn.say(
            "no_leads", quick=[button("register", turn.lang), button("menu", turn.lang)]
        )
    if len(open_) == 1:
        return act(turn, open_[0])
    quick = [
        Button(named(lead, turn.lang), data=f"do:{name}={lead.reference}", say=lead.first_name)
        for lead in open_[:MAX_CARDS]
    ]
    return turn.say("which_person", quick=quick)


def reopen(turn: Turn, lead: LeadSummary) -> Decision:
    """«ยังไม่ได้รับการติดต่อ»: back into the queue."""
    return turn.say(
        "reopened",
        quick=[button("status", turn.lang), button("staff", turn.lang)],
        effects=[ReopenRegistration(lead.reference)],
        reference=lead.reference,
    )


def fix_named(text: str) -> str:
    """The answer that «เบอร์ผิด ขอแก้เบอร์» names; empty: none or several."""
    said = _NO_ANSWER.sub("", clean(text))
    found = [
        step
        for step in CORRECTABLE
        if any(name in said for name in (*steps()[step].names, steps()[step].label))
    ]
    return found[0] if len(found) == 1 else ""


def open_ones(turn: Turn) -> list[LeadSummary]:
    """Those an officer has still to finish: what was wished can be changed here."""
    return [lead for lead in turn.tools.leads() if lead.status not in DONE]


def fix_option(turn: Turn, lead: LeadSummary) -> Decision:
    """The option, asked anew: no membership yet, so no rule about changing it."""
    return correct(turn, lead, "option")


def fix_at_once(text: str) -> Callable[[Turn, LeadSummary], Decision]:
    """Corrects the answer that the words name, or asks which."""
    step = fix_named(text)

    def act(turn: Turn, lead: LeadSummary) -> Decision:
        return correct(turn, lead, step) if step else fix(turn, lead)

    return act


def correct(turn: Turn, lead: LeadSummary, step: str) -> Decision:
    """Asks for the one answer anew."""
    form = correction_form(turn, lead.reference, step)
    return go_on(turn.with_talk(replace(turn.talk, forms=form.serial)), form)


def fix(turn: Turn, lead: LeadSummary) -> Decision:
    """Which answer of a sent registration to change."""
    quick = []
    for step in CORRECTABLE:
        label = word("button", "edit", turn.lang, label=steps()[step].title(turn.lang))
        quick.append(Button(label, data=f"do:fix={lead.reference}:{step}", say=label))
    return turn.say("fix_which", quick=quick, who=named(lead, turn.lang))


def correction_form(turn: Turn, reference: str, step: str) -> Form:
    """A form of one step, on top of whatever else is open."""
    answers = {"which": step, "reference": reference}
    return Form("correction", turn.talk.forms + 1, step, answers)


def ask_withdraw(turn: Turn, lead: LeadSummary) -> Decision:
    """Asks once before a registration is withdrawn."""
    return turn.say(
        "withdraw_ask",
        quick=[button("yes", turn.lang), button("no", turn.lang)],
        talk=replace(turn.talk, pending=f"withdraw:{lead.reference}"),
        who=named(lead, turn.lang),
        reference=lead.reference,
    )


def withdraw(turn: Turn, reference: str) -> Decision:
    """Withdrawn, if it is still the account's own."""
    if find(turn, reference) is None:
        return turn.say("no_leads", quick=[button("menu", turn.lang)])
    quick = [button("erase", turn.lang), button("menu", turn.lang)]
    return turn.say("withdrawn", quick=quick, effects=[WithdrawRegistration(reference)])


def hand_over(turn: Turn, lead: LeadSummary) -> Decision:
    """A one-time code for the person who was registered by someone else."""
    code = turn.tools.new_code()
    until = turn.now + timedelta(days=HANDOVER_DAYS)
    lang = turn.lang
    return turn.reply(
        say("handover", lang, who=named(lead, lang), days=str(HANDOVER_DAYS)),
        say("handover_code", lang, code=grouped(code)),
        quick=[button("status", lang), button("register_other", lang)],
        effects=[OfferHandOver(lead.reference, code, until)],
    )


def ask_claim(turn: Turn, code: str) -> Decision:
    """Someone typed a hand-over code: who they are, and their own consent. Guessing is slowed."""
    talk = turn.talk
    since = talk.wrong_at
    wrong = talk.wrong_codes if since and turn.now - since < LOCKED_FOR else 0
    if wrong >= MAX_WRONG_CODES:
        return turn.say("claim_locked")
    lead = turn.tools.handover_open(code)
    if lead is None:
        counted = replace(talk, wrong_codes=wrong + 1, wrong_at=turn.now)
        return turn.say("claim_bad", quick=[button("staff", turn.lang)], talk=counted)
    return turn.say(
        "claim_ask",
        quick=[button("yes", turn.lang), button("no", turn.lang), button("notice", turn.lang)],
        talk=replace(talk, pending=f"claim:{code}", wrong_codes=0, wrong_at=None),
        who=lead.first_name,
    )


def claim(turn: Turn, code: str) -> Decision:
    """The lead moves to this account."""
    if turn.tools.handover_open(code) is None:
        return turn.say("claim_bad")
    quick = [button("status", turn.lang), button("mydata", turn.lang)]
    return turn.say("claimed", quick=quick, effects=[ClaimLead(code), SetMenu("registered")])


def callback_word(turn: Turn) -> Decision:
    """«เบอร์นี้ของจริงไหม»: the word that a real officer says first."""
    open_ = open_ones(turn)
    quick = [button("looks", turn.lang), button("staff", turn.lang)]
    if not open_:
        return turn.say("callback_none", quick=quick)
    told = [
        say("callback_word", turn.lang, callback=lead.callback_words, reference=lead.reference)
        for lead in open_[:3]
    ]
    return turn.reply(*told, quick=quick)
