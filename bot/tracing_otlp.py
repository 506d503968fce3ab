"""Where spans go: OTLP over HTTP, in batches, from a thread of its own. Needs
requirements-tracing.txt; its settings are OpenTelemetry's own (OTEL_…).
"""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    TraceFlags,
    set_span_in_context,
)

SERVICE = "nong-sisip"


class OtlpExporter:
    """bot.tracing.Exporter in earnest. A collector that is away costs nothing but its spans."""

    def __init__(self) -> None:
        named = Resource.create({"service.name": SERVICE})
        self._provider = TracerProvider(resource=named)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("bot")

    def span(
        self, name: str, trace: bytes, began_ns: int, ended_ns: int, told: dict[str, str | int]
    ) -> None:
        """Queue a span under the journey's common parent."""
        parent = SpanContext(
            int.from_bytes(trace[:16]) or 1,
            int.from_bytes(trace[16:24]) or 1,
            is_remote=True,
            trace_flags=TraceFlags(TraceFlags.SAMPLED),
        )
        around = set_span_in_context(NonRecordingSpan(parent))
        span = self._tracer.start_span(name, around, attributes=told, start_time=began_ns)
        span.end(ended_ns)

    def close(self) -> None:
        """Send what is queued, for a few seconds at most."""
        self._provider.shutdown()


def exporter() -> OtlpExporter:
    """The one of this process."""
    return OtlpExporter()
