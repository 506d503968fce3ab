"""GET /healthz (alive), /readyz (may be sent traffic), /metrics (Prometheus).

/healthz and the bare status of /readyz are for load balancers. Details and metrics tell about the
inside, so they are given only to loopback without a proxy in between, or with METRICS_TOKEN.
"""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.clock import now_ms, utc
from bot.config import Config
from bot.metrics_server import may_see
from db import budget, inbox, job_runs, outbox, rollups, schema, talks
from db.crypto import Unreadable
from db.session import keys, reading

STALE_S = 600
"""A waiting event this old means that nobody works: better no traffic than lost hours."""

health = Blueprint("health", __name__)


def register(app: Flask, engine: Engine, config: Config, model: Callable[[], bool]) -> None:
    """Serve the three. `model` tells whether understanding works."""
    app.extensions["nong_sisip_health"] = (engine, config, model)
    app.register_blueprint(health)


@health.get("/healthz")
def healthz() -> Response:
    """Alive."""
    return Response("ok\n", mimetype="text/plain")


@health.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Ready or not; to trusted callers also why not."""
    engine, config, model = current_app.extensions["nong_sisip_health"]
    found = checks(engine, model)
    ready = all(found.values())
    told: dict[str, object] = {"ready": ready}
    if _trusted(config):
        told["checks"] = found
    return jsonify(told), 200 if ready else 503


@health.get("/metrics")
def prometheus() -> Response:
    """What is counted, for those who may see it."""
    engine, config, _ = current_app.extensions["nong_sisip_health"]
    if not _trusted(config):
        abort(404)
    measure(engine)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def checks(engine: Engine, model: Callable[[], bool]) -> dict[str, bool]:
    """What must hold for this process to be useful."""
    found = {"database": False, "migrations": False, "keys": False, "backlog": False}
    try:
        found["migrations"] = schema.is_current(engine)
        with reading(engine) as session:
            found["database"] = True
            ring = keys(session)
            found["keys"] = ring.open_bytes(ring.seal_bytes(b"?", "check"), "check") == b"?"
            oldest = talks.oldest_ready_ms(session)
            found["backlog"] = oldest is None or now_ms() - oldest < STALE_S * 1000
    except (SQLAlchemyError, Unreadable, LookupError):
        pass
    return found | {"model": model()}


def measure(engine: Engine) -> None:
    """Bring the gauges that come from the database up to date."""
    try:
        with reading(engine) as session:
            oldest = talks.oldest_ready_ms(session)
            metrics.BACKLOG.set(inbox.backlog(session))
            metrics.UNSENT.set(outbox.unsent(session))
            metrics.OLDEST.set((now_ms() - oldest) / 1000 if oldest is not None else 0)
            month = budget.month(session, rollups.thai_day(utc(now_ms())))
            metrics.QUOTA_USED.set(month.used if month is not None else 0)
            if month is not None:
                metrics.QUOTA.set(month.limit)
            # Whoever ran them: this process, a worker, or Celery's, which serve no metrics.
            for name, done_at in job_runs.last_runs(session).items():
                metrics.JOB_RUN.labels(name).set(done_at.timestamp())
    except SQLAlchemyError:
        metrics.LOOP_ERRORS.inc()


def _trusted(config: Config) -> bool:
    given = request.headers.get("Authorization", "")
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded"))
    return may_see(config.metrics_token, given, request.remote_addr, forwarded)
