"""create_app: one WSGI application for the webhook, health, the console and, in demo, the
simulator.

It starts nothing; threads are bot.wsgi's and bot.crew's.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, redirect
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from bot import health, liff, mydata, pictures, receipts, simulator, site, staff
from bot.config import Config
from bot.outreach import kit, public
from bot.webhook import Webhook


def create_app(
    config: Config,
    engine: Engine,
    *,
    wake: Callable[[], None],
    model: Callable[[], bool] = lambda: True,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Flask:
    """The application. `wake` is called after events were stored."""
    app = site.Site("bot", static_folder=None)
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=4 * 1024 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=not config.demo,
    )
    site.install(app, https=config.public_url.startswith("https://") or not config.demo)
    health.register(app, engine, config, model)
    mydata.register(app, engine, now)
    pictures.register(app, config.secret_key)
    receipts.register(app, config.secret_key, now)
    public.register(app, engine, now)
    kit.register(app, engine, config.secret_key, now)
    liff.register(app, engine, config, now=now, wake=wake)
    staff.register(app, engine, config, now=now, wake=wake)
    if config.demo:
        simulator.mount(app, config)
        app.add_url_rule("/", "first_page", lambda: redirect("/simulator/"))
    if config.trusted_proxies:
        # Else all of the world is one address, and one guesser slows every sign-in down.
        near = ProxyFix(app.wsgi_app, x_for=config.trusted_proxies, x_proto=1)
        app.wsgi_app = near  # type: ignore[method-assign]  # Flask's documented seam
    # Flask's documented seam for wrapping an app.
    app.wsgi_app = Webhook(  # type: ignore[assignment, method-assign]
        app.wsgi_app, config, engine, wake
    )
    return app
