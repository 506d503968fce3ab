"""Accounts of the console, as tests need them that sign nobody in."""

from datetime import datetime

from sqlalchemy.orm import Session

from db import staff
from db.staff import Role, Staff


def account(session: Session, name: str, role: Role, *provinces: str, now: datetime) -> Staff:
    """Somebody of this role who works in these provinces."""
    return staff.add(
        session,
        email=f"{name}@sso.example",
        name=name,
        office="",
        role=role,
        provinces=provinces,
        password="x",
        now=now,
    )
