"""The demo mode's logins and made-up leads, so that a first look needs nothing.

The logins follow from the installation's own secret: nothing is the same anywhere else, nothing
but hashes is stored, and they can be shown again.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp
from flask import Flask
from flask_security import hash_password
from sqlalchemy import Engine, select

from bot.staff.accounts import OnceTotp
from db import demo, demo_desk, staff
from db.lead_tables import Registration
from db.session import reading, transaction
from db.staff import Role

LEADS = 240
PROVINCES = ("อุดรธานี", "ขอนแก่น", "หนองคาย")
ALSO = ("นครพนม", "น่าน", "ยะลา")
PEOPLE = (
    ("admin@demo.example", "อนงค์ ดูแลระบบ", Role.ADMIN, ()),
    ("officer@demo.example", "บุญมี รับสาย", Role.OFFICER, PROVINCES),
    ("supervisor@demo.example", "จันทร์ ดูแลทีม", Role.SUPERVISOR, PROVINCES),
    ("editor@demo.example", "ดาว เขียนคำตอบ", Role.EDITOR, ()),
    ("viewer@demo.example", "เอก ดูตัวเลข", Role.VIEWER, PROVINCES),
    ("auditor@demo.example", "ฟ้า ตรวจสอบ", Role.AUDITOR, ()),
)


@dataclass(frozen=True, slots=True)
class Login:
    """What somebody who tries it out types."""

    email: str
    password: str
    totp_secret: str

    def code(self) -> str:
        """The six digits of this moment."""
        return pyotp.TOTP(self.totp_secret).now()


def logins(secret_key: str) -> tuple[Login, ...]:
    """The demo logins of this installation."""
    return tuple(
        Login(
            email,
            f"demo-{_text(secret_key, email, 10).lower()}",
            _text(secret_key, f"{email} totp", 20),
        )
        for email, *_rest in PEOPLE
    )


def ensure(app: Flask, engine: Engine, secret_key: str, now: datetime) -> None:
    """Make the demo accounts and a few leads, unless they are there."""
    with reading(engine) as session:
        there = set(session.scalars(select(staff.Staff.email)))
        empty = session.scalar(select(Registration.id).limit(1)) is None
    totp = OnceTotp({"1": app.config["SECURITY_TOTP_SECRETS"]["1"]}, "demo")
    for login, (email, name, role, provinces) in zip(logins(secret_key), PEOPLE, strict=True):
        if email in there:
            continue
        with app.app_context():
            password = hash_password(login.password)
        with transaction(engine) as session:
            person = staff.add(
                session,
                email=email,
                name=name,
                office="สำนักงานทดลอง",
                role=role,
                provinces=provinces,
                password=password,
                now=now,
            )
            person.tf_primary_method = "authenticator"
            person.tf_totp_secret = totp.sealed(login.totp_secret)
    if empty:
        demo.make(engine, LEADS, now, provinces=(*PROVINCES, *ALSO))
        with transaction(engine) as session:
            demo_desk.fill(session, now)


def _text(secret_key: str, purpose: str, length: int) -> str:
    made = hmac.digest(secret_key.encode(), f"demo login {purpose}".encode(), "sha256")
    return base64.b32encode(made[:length]).decode().rstrip("=")
