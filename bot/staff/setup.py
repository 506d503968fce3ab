"""Puts the console into the app: accounts by Flask-Security, the guard, the pages, the words."""

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Blueprint, Flask
from flask_babel import Babel
from flask_security import Security
from flask_wtf import CSRFProtect
from sqlalchemy import Engine

from bot.staff import demo, guard, labels, menu
from bot.staff.accounts import HashedRecoveryCodes, OnceTotp, StaffDatastore
from bot.staff.context import Console, close_rows
from bot.staff.pages import PAGES
from bot.staff.passwords import OwnPasswords
from bot.staff.sessions import StaffSessions, utc_now

ISSUER = "น้องสี่สิบ"
ARGON2 = {"argon2__memory_cost": 19_456, "argon2__time_cost": 2, "argon2__parallelism": 1}
"""OWASP's floor: 22 ms a try here, so that a flood of tries can't take the machine."""


class Settings(Protocol):
    """What the console needs of the configuration."""

    @property
    def secret_key(self) -> str: ...
    @property
    def public_url(self) -> str: ...
    @property
    def demo(self) -> bool: ...


def register(
    app: Flask,
    engine: Engine,
    config: Settings,
    *,
    now: Callable[[], datetime] = utc_now,
    wake: Callable[[], None] = lambda: None,
) -> None:
    """Add everything under /staff to the app.

    wake: called after something was stored for a person, so that a worker of this process looks.
    """
    app.extensions["nong_sisip_staff"] = Console(engine, now, config.demo, wake)
    secure = config.public_url.startswith("https://") or not config.demo
    app.session_interface = StaffSessions(engine, secure=secure, now=now)
    app.config.update(_settings(config))
    csrf = CSRFProtect(app)
    Babel(app, locale_selector=labels.language, default_translation_directories=labels.CATALOGUES)
    app.register_blueprint(_pages())
    OnceTotp.engine = engine
    Security(
        app,
        StaffDatastore(engine),
        totp_cls=OnceTotp,
        password_util_cls=OwnPasswords,
        mf_recovery_codes_util_cls=HashedRecoveryCodes,
    )
    guard.install(app, csrf)
    close_rows(app)
    labels.install(app)
    menu.install(app)
    if config.demo:
        demo.ensure(app, engine, config.secret_key, now())


def _pages() -> Blueprint:
    parent = Blueprint(
        "staff", __name__, url_prefix="/staff", template_folder="templates", static_folder="static"
    )
    for page in PAGES:
        parent.register_blueprint(page)
    return parent


def _settings(config: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": config.secret_key,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "BABEL_DEFAULT_LOCALE": "th",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Bangkok",
        **{f"SECURITY_{name}": value for name, value in _security(config).items()},
    }


def _security(config: Settings) -> dict[str, Any]:
    """Flask-Security's settings, without their common beginning."""
    return {
        "URL_PREFIX": "/staff",
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
        "PASSWORD_SALT": _derived(config, "password"),
        "PASSWORD_LENGTH_MIN": 12,
        "PASSWORD_COMPLEXITY_CHECKER": "zxcvbn",
        "ZXCVBN_MINIMUM_SCORE": 3,
        "RETURN_GENERIC_RESPONSES": True,
        "TWO_FACTOR": True,
        "TWO_FACTOR_REQUIRED": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "TWO_FACTOR_POST_SETUP_VIEW": "/staff/account",
        "TOTP_SECRETS": {"1": _derived(config, "totp")},
        "TOTP_ISSUER": ISSUER,
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": 10,
        "RECOVERABLE": True,
        "RESET_PASSWORD_WITHIN": timedelta(days=3),
        "SEND_PASSWORD_RESET_EMAIL": False,
        "SEND_PASSWORD_RESET_NOTICE_EMAIL": False,
        "CHANGEABLE": True,
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "DEFAULT_REMEMBER_ME": False,
        "FRESHNESS": timedelta(minutes=15),
        "FRESHNESS_GRACE_PERIOD": timedelta(minutes=5),
        "POST_LOGIN_VIEW": "/staff/",
        "POST_LOGOUT_VIEW": "/staff/login",
        "POST_RESET_VIEW": "/staff/login",
        "LOGIN_USER_TEMPLATE": "staff/sign_in.html",
        "TWO_FACTOR_SETUP_TEMPLATE": "staff/code_setup.html",
        "TWO_FACTOR_VERIFY_CODE_TEMPLATE": "staff/code.html",
        "MULTI_FACTOR_RECOVERY_TEMPLATE": "staff/recovery.html",
        "MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "staff/recovery_codes.html",
        "RESET_PASSWORD_TEMPLATE": "staff/password_new.html",
        "VERIFY_TEMPLATE": "staff/verify.html",
        "CHANGE_PASSWORD_TEMPLATE": "staff/password_change.html",
    }


def _derived(config: Settings, purpose: str) -> str:
    """A key of its own for each purpose, so that one secret is enough to keep."""
    salt = hashlib.sha256(b"nong-sisip console").digest()
    made = HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose.encode())
    return base64.urlsafe_b64encode(made.derive(config.secret_key.encode())).decode()
