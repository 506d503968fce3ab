"""Spans of a message's journey for OpenTelemetry: stored, decided, called. Off unless
OTEL_EXPORTER_OTLP_ENDPOINT is set, and then without a text, a name, a number or a LINE id.

The three happen in different processes, and nothing but the event's own id crosses between them, so
the trace is reckoned from that id, one-way.
"""

import hashlib
import importlib
import importlib.util
import os
import time
from typing import Protocol

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


class Exporter(Protocol):
    """What bot.tracing_otlp does with a span."""

    def span(
        self, name: str, trace: bytes, began_ns: int, ended_ns: int, told: dict[str, str | int]
    ) -> None: ...
    def close(self) -> None: ...


class _Spans:
    exporter: Exporter | None = None


def is_possible() -> bool:
    """Whether what it needs is installed."""
    return importlib.util.find_spec("opentelemetry") is not None


def set_up() -> None:
    """Begin to tell, where it is configured; called once in each process."""
    if not os.environ.get(ENDPOINT):
        return
    # By name: those who don't want it need neither the packages nor their memory.
    _Spans.exporter = importlib.import_module("bot.tracing_otlp").exporter()


def close() -> None:
    """Send what is left."""
    if _Spans.exporter is not None:
        _Spans.exporter.close()
        _Spans.exporter = None


def span(name: str, event_id: str, began: float, **told: str | int) -> None:
    """A step of this event's journey has ended. began: its time.perf_counter().

    told: outcomes, kinds and counts only.
    """
    exporter = _Spans.exporter
    if exporter is None:
        return
    took_ns = int((time.perf_counter() - began) * 1e9)
    ended_ns = time.time_ns()
    trace = hashlib.sha256(event_id.encode()).digest()
    exporter.span(name, trace, ended_ns - took_ns, ended_ns, told)
