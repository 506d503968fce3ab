"""What is counted and timed, for Prometheus. No label names a person, a talk or a text."""

from prometheus_client import Counter, Gauge, Histogram

from nlp.intents import Intent
from nlp.understanding import Outcome, Understanding

_FAST = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_SLOW = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)

WEBHOOKS = Counter("bot_webhooks_total", "Webhook requests by outcome", ["outcome"])
EVENTS = Counter("bot_events_stored_total", "Events stored in the inbox")
ACK = Histogram("bot_ack_seconds", "From a webhook's arrival to its 200", buckets=_FAST)
GROUP = Histogram(
    "bot_ack_group_size", "Webhooks acknowledged by one commit", buckets=(1, 2, 4, 8, 16, 32, 64)
)
DECIDED = Counter("bot_events_decided_total", "Events decided on, by kind", ["kind"])
DECIDE = Histogram("bot_decide_seconds", "Deciding on one event", buckets=_FAST)
DEAD = Counter("bot_events_dead_total", "Events given up after repeated failures")
FLOODED = Counter("bot_events_flooded_total", "Events passed over since one talk sent too many")
SENT = Counter("bot_calls_total", "Calls to LINE by way and outcome", ["way", "outcome"])
UNSURE = Counter("bot_messages_unsure_total", "Messages of which nobody knows if they arrived")
CALL = Histogram("bot_call_seconds", "One call to LINE", buckets=_SLOW)
END_TO_END = Histogram("bot_end_to_end_seconds", "From webhook to LINE's 200", buckets=_SLOW)
TAKEN_OVER = Counter("bot_leases_taken_over_total", "Talks taken from a worker that went silent")
FENCED = Counter("bot_turns_fenced_total", "Turns thrown away since the lease was lost")
LOOP_ERRORS = Counter("bot_worker_errors_total", "Rounds of the worker that failed")
IN_FLIGHT = Gauge("bot_outbox_in_hand", "Outbox rows in this worker's hands")
BREAKER = Gauge("bot_line_breaker_open", "1 while LINE is taken to be down")
BACKLOG = Gauge("bot_inbox_pending", "Events that wait")
OLDEST = Gauge("bot_inbox_oldest_seconds", "Age of the oldest event that waits")
UNSENT = Gauge("bot_outbox_open", "Outbox rows not yet sent")
INTENTS = Counter("bot_intents_total", "Messages outside a form, by what they mean", ["intent"])
REFUSALS = Counter(
    "bot_refusals_total",
    "Messages outside a form that got no answer: out_of_scope, unknown, ask (asked back)",
    ["outcome"],
)
PUSHES = Gauge("bot_pushes_month", "Pushes sent this calendar month")
QUOTA = Gauge("bot_line_quota_month", "Messages LINE lets us push this month, as it last said")
QUOTA_USED = Gauge("bot_line_quota_used_month", "Messages of this month's quota that are used")
JOB_RUN = Gauge("bot_job_last_success_timestamp_seconds", "When a job last succeeded", ["job"])


def count_understood(understood: Understanding) -> None:
    """What a message was taken for. The labels are ids of nlp and of nothing a person wrote."""
    INTENTS.labels(understood.intent.value).inc()
    if understood.elsewhere:
        REFUSALS.labels(Intent.OUT_OF_SCOPE.value).inc()
    elif understood.outcome is not Outcome.ANSWER:
        REFUSALS.labels(understood.outcome.value).inc()
