"""Lists within an answer: a line for each right or part of a sum."""

from collections.abc import Iterable

from nlp.answering.words import word
from nlp.calculators import OldAge, RightAfterMiss


def line(kind: str, lang: str, **values: int | str) -> str:
    """One line of content/words.toml [line], its values filled in."""
    shown = {k: f"{v:,}" if isinstance(v, int) else v for k, v in values.items()}
    return word("line", kind, lang).format(**shown)


def right_lines(
    rights: Iterable[RightAfterMiss],
    lang: str,
    *,
    held: str = "held",
    held_child: str = "",
    lost: str = "regain",
) -> list[str]:
    """A line for each right: held, or how many months to go.

    held_child: the line for a child allowance still held, where it needs words of its own.
    """
    lines = []
    for right in rights:
        name = word("right", right.rule.name, lang)
        kept = held_child if held_child and right.rule.name == "child" else held
        kind = kept if right.held else lost
        lines.append(line(kind, lang, right=name, months=right.months_to_go))
    return lines


def sum_lines(total: OldAge, bonus_months: int, lang: str) -> str:
    """The parts of an old-age sum, one a line; parts of nothing are left out."""
    lines = [line("contributions", lang, amount=total.contributions)]
    if total.extra:
        lines.append(line("extra", lang, amount=total.extra))
    if total.bonus:
        lines.append(line("bonus", lang, amount=total.bonus, months=bonus_months))
    return "\n".join(lines)
