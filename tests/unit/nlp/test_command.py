"""`python -m nlp` as a pipe."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from nlp.facts import facts_on
from nlp.intents import Intent

ROOT = Path(__file__).parents[3]


def run(given: bytes, *arguments: str) -> list[dict[str, Any]]:
    """The command on this input, with nothing in its environment."""
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-m", "nlp", *arguments],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env=environment,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_a_line_in_is_an_object_out() -> None:
    lines = run("สมัครยังไง\nทางเลือก 2 นอนโรงบาลสามคืนได้กี่บาท\n".encode())
    assert [line["intent"] for line in lines] == ["register_how", "benefit_sickness"]
    assert (
        lines[1]["entities"] | {"option": 2, "days": 3, "in_hospital": True} == lines[1]["entities"]
    )
    assert all(
        set(line) == {"text", "intent", "confidence", "entities", "answer", "suggestions"}
        for line in lines
    )
    assert all(line["answer"] for line in lines)
    assert lines[0]["text"] == "สมัครยังไง"


def test_answers_can_be_left_out() -> None:
    (line,) = run("จ่ายที่ไหน\n".encode(), "--no-answer")
    assert "answer" not in line
    assert set(line["suggestions"]) <= set(Intent)


def test_strange_lines_each_get_their_object() -> None:
    lines = run(
        "\n\xff\xfe\nก\x00ข\r\nเลขบัตร 1234567890123\n".encode("latin-1", "ignore") + "ท้าย".encode()
    )
    assert len(lines) == 5
    assert lines[0]["intent"] == "out_of_scope"


def test_despair_is_met_with_care_and_the_helpline() -> None:
    (line,) = run("ไม่อยากอยู่แล้ว\n".encode())
    assert facts_on(date(2026, 11, 25)).fact("contact.mental_health").text() in line["answer"]


def test_an_id_number_is_not_echoed() -> None:
    (line,) = run("เลขบัตร 1-2345-67890-12-3 สมัครได้ไหม\n".encode(), "--no-answer")
    assert "67890" not in json.dumps(line)


def test_evaluate_scores_a_file(tmp_path: Path) -> None:
    file = tmp_path / "few.jsonl"
    rows = [
        {"text": "สวัสดีค่ะ", "intent": "greet"},
        {"text": "สมัครยังไง", "intent": "register_start", "accept": ["register_how"]},
        {"text": "สวัสดีครับ", "intent": "privacy"},
        {"text": "วันนี้ฝนตกไหม", "intent": "out_of_scope"},
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    done = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-m", "nlp", "evaluate", str(file)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert "4 messages" in done.stdout
    assert "top-1 right" in done.stdout
    assert "0.750" in done.stdout
    assert "privacy → greet: 1" in done.stdout


def test_readability_lists_every_question_hardest_first() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nlp", "readability"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    lines = done.stdout.splitlines()
    lengths = [float(line.split()[0]) for line in lines]
    assert lengths == sorted(lengths, reverse=True)
    assert {word for line in lines for word in line.split()} >= set(Intent)


def test_an_unclear_line_gets_a_question_back_or_an_apology() -> None:
    unclear, outside = run("เงินเดือน\nหวยงวดนี้ออกอะไร\n".encode())
    assert outside["intent"] == "out_of_scope"
    assert "ขอโทษ" in outside["answer"]
    assert unclear["answer"]


def test_a_question_in_english_is_answered_in_english() -> None:
    english, thai = run("how much is it per month\nจ่ายเดือนละเท่าไหร่\n".encode())
    assert english["intent"] == thai["intent"] == "contribution_rate"
    assert not any("\u0e01" <= letter <= "\u0e5b" for letter in english["answer"])
    assert "บาท" in thai["answer"]
