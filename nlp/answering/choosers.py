"""The questions whose answer is more than the words for what was named: one function each."""

from nlp.answering import illness, joining, paying, receiving
from nlp.answering.choice import Choice, Chooser, Question, asked_small, by_name
from nlp.answering.content import Content
from nlp.intents import Intent

CHOOSERS: dict[Intent, Chooser] = {
    Intent.ELIGIBILITY: joining.eligibility,
    Intent.ELIGIBILITY_AGE: joining.eligibility_age,
    Intent.ELIGIBILITY_HEALTH: joining.eligibility_health,
    Intent.ELIGIBILITY_NATIONALITY: joining.eligibility_nationality,
    Intent.REGISTER_HOW: joining.registering,
    Intent.REGISTER_DOCUMENTS: joining.registering,
    Intent.COMPARE_OPTIONS: joining.compare_options,
    Intent.OFFICE_LOCATION: joining.office_location,
    Intent.CONTRIBUTION_RATE: paying.contribution_rate,
    Intent.PAYMENT_ADVANCE: paying.payment_advance,
    Intent.PAYMENT_ARREARS: paying.payment_arrears,
    Intent.EXTRA_SAVINGS: paying.extra_savings,
    Intent.TAX_DEDUCTION: paying.tax_deduction,
    Intent.BENEFIT_SICKNESS: illness.benefit_sickness,
    Intent.BENEFIT_DISABILITY: receiving.benefit_disability,
    Intent.BENEFIT_DEATH: receiving.benefit_death,
    Intent.BENEFIT_OLD_AGE: receiving.benefit_old_age,
    Intent.BENEFIT_CHILD: receiving.benefit_child,
    Intent.BENEFIT_MATERNITY: receiving.benefit_maternity,
    Intent.BENEFITS_OVERVIEW: receiving.benefits,
    Intent.OPTION_DETAIL: receiving.option_detail,
    Intent.QUALIFYING_PERIOD: receiving.qualifying_period,
    Intent.CLAIM_HOW: receiving.claim_how,
}
"""Every other question: choice.by_name."""


def chosen(intent: Intent, question: Question, page: Content) -> Choice:
    """Which words answer a question; page: the intent's own."""
    return asked_small(question, page) or CHOOSERS.get(intent, by_name)(question)
