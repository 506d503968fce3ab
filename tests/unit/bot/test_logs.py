"""Logs: one JSON object a line, and nothing that looks private."""

import json
import logging

import pytest

from bot.logs import JsonLines


def written(message: str, **extra: object) -> str:
    record = logging.makeLogRecord({"msg": message, "levelname": "INFO", **extra})
    return JsonLines().format(record)


@pytest.mark.parametrize(
    "private",
    [
        "1101700230708",
        "1-1017-00230-70-8",
        "0812345678",
        "081-234-5678",
        "+66812345678",
        "U8e742f61d673b39c7fff3cecb7536ef0",
        "Bearer abc.def",
    ],
)
def test_what_looks_private_is_hidden(private: str) -> None:
    assert private not in written(f"someone {private} wrote", who=private)


def test_a_line_is_one_json_object() -> None:
    line = written("two\nlines", event="01HEVENT", ms=5)
    assert "\n" not in line
    assert json.loads(line)["event"] == "01HEVENT"
    assert json.loads(line)["ms"] == 5


def test_an_exception_gives_places_not_its_words() -> None:
    try:
        raise ValueError("สมชาย 1101700230708")
    except ValueError as error:
        line = written("broke", exc_info=(ValueError, error, error.__traceback__))
    assert "สมชาย" not in line
    assert json.loads(line)["error"] == "ValueError"
    assert "test_logs.py" in json.loads(line)["where"]
