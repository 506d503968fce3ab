"""`python -m nlp`: an utterance a line in, a JSON object a line out. Also train, evaluate,
lines, facts, readability.
"""

import argparse
import io
import runpy
import sys
from datetime import date, datetime
from typing import Any

import orjson

from nlp import ModelError, Outcome, Understanding, understand, warm_up
from nlp.answers import answer, labels, special
from nlp.care import care
from nlp.engine import BANGKOK
from nlp.evaluate import evaluate
from nlp.facts import facts_report
from nlp.language import language_of
from nlp.lines import report
from nlp.normalise import mask_private, well_formed
from nlp.readability import readability_report


def as_json(message: str, said: Understanding, with_answer: bool) -> dict[str, Any]:
    """The contract's members. `text` is the line as it came, with ID and phone numbers masked."""
    today = datetime.now(BANGKOK).date()
    out: dict[str, Any] = {
        "text": mask_private(well_formed(message)),
        "intent": said.intent,
        "confidence": said.confidence,
        "entities": said.entities.to_json(),
    }
    if with_answer:
        out["answer"] = reply(message, said, today)
    out["suggestions"] = list(
        dict.fromkeys([*said.suggestions[:1], *(o.intent for o in said.others), *said.suggestions])
    )[:3]
    return out


def reply(message: str, said: Understanding, today: date) -> str:
    """What the person would be told, in their language: the answer, a question back, or that it
    wasn't understood.
    """
    kind, lang = care(message), language_of(message) or "th"
    if kind == "despair" or (kind and said.outcome is not Outcome.ANSWER):
        return special(kind, today=today, lang=lang).text
    if said.outcome is Outcome.ANSWER:
        parts = [said, *said.others]
        return "\n\n".join(
            answer(part.intent, part.entities, today=today, lang=lang).text for part in parts
        )
    if said.outcome is Outcome.ASK:
        choices = [f"• {button.label}" for button in labels(said.suggestions, lang)]
        return "\n".join([special("which_did_you_mean", today=today, lang=lang).text, *choices])
    if said.elsewhere:
        return answer(said.intent, said.entities, today=today, lang=lang).text
    return special("unknown", today=today, lang=lang).text


def serve(with_answer: bool) -> int:
    """Read lines until the end, answering each at once; bytes that are no text are replaced."""
    warm_up()
    for line in io.TextIOWrapper(
        sys.stdin.buffer, encoding="utf-8", errors="replace", newline="\n"
    ):
        message = line.rstrip("\r\n")
        sys.stdout.buffer.write(
            orjson.dumps(as_json(message, understand(message), with_answer)) + b"\n"
        )
        sys.stdout.buffer.flush()
    return 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m nlp", description=__doc__)
    parser.add_argument("--no-answer", action="store_true", help="leave the answers out")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser(
        "train", help="train the n-gram views and the pool, and write the model card"
    )
    scoring = commands.add_parser(
        "evaluate", help='score a JSONL file of {"text","intent","accept"?} or a split'
    )
    scoring.add_argument("what", help="a file, or a split or writer's folder of nlp/examples")
    scoring.add_argument("--mode", choices=["ngram", "full"], default="full")
    commands.add_parser("facts", help="the facts that are old or not confirmed")
    commands.add_parser("readability", help="how easy each answer reads, hardest first")
    commands.add_parser("lines", help="near-duplicates, conflicts and coverage of the examples")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "train":
            runpy.run_module(
                "nlp.modelcard", run_name="__main__"
            )  # loads scikit-learn, which nothing else needs
            return 0
        if chosen.command == "evaluate":
            print(evaluate(chosen.what, chosen.mode))
            return 0
        if chosen.command == "facts":
            print(facts_report(datetime.now(BANGKOK).date()))
            return 0
        if chosen.command == "readability":
            for row in readability_report(datetime.now(BANGKOK).date()):
                print(row)
            return 0
        if chosen.command == "lines":
            said, conflicting = report()
            print(said)
            return int(conflicting)
        return serve(not chosen.no_answer)
    except ModelError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
