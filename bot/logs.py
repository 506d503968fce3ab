"""JSON logs, one object a line. Names, numbers, texts and tokens don't belong here; a filter takes
out what looks like one all the same.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime

_PRIVATE = re.compile(
    r"\bBearer\s+\S+"
    r"|\b[UCR][0-9a-f]{32}\b"
    r"|(?<!\d)\d(?:[ -]?\d){12}(?!\d)"
    r"|(?<!\d)(?:\+66|0)(?:[ -]?\d){8,9}(?!\d)",
    re.IGNORECASE,
)
_OURS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "taskName", "color_message"}


class JsonLines(logging.Formatter):
    """A record as one line of JSON: its words, and whatever came as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        line.update({k: v for k, v in vars(record).items() if k not in _OURS})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return redact(json.dumps(line, ensure_ascii=False, default=str))


def redact(line: str) -> str:
    """The line without anything that looks like an ID number, a phone, a LINE id or a token."""
    return _PRIVATE.sub("[hidden]", line)


def set_up_logs(level: str = "INFO") -> None:
    """Send every log to stderr as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("urllib3", "alembic", "sqlalchemy", "celery.redirected", "werkzeug"):
        logging.getLogger(chatty).setLevel("WARNING")


def _where(record: logging.LogRecord) -> str:
    # The text of an exception may quote what a person wrote, so only the places are kept.
    frames = traceback.extract_tb(record.exc_info[2])[-6:] if record.exc_info else []
    return " < ".join(f"{f.filename.rpartition('/')[2]}:{f.lineno}" for f in reversed(frames))
