"""What a page of the console works with: who asks, what they may see, the database, the time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import Flask, current_app, g, request
from flask_security import current_user
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.staff.accounts import StaffUser
from db import audit
from db.lead_search import Scope
from db.lead_work import scope_of
from db.session import looking

YEARS = (1900, 2200)


@dataclass(frozen=True, slots=True)
class Console:
    """What `register` was given."""

    engine: Engine
    now: Callable[[], datetime]
    demo: bool
    wake: Callable[[], None]
    """Called after an event for a person was stored."""


def console() -> Console:
    """The console of the app that answers."""
    return cast(Console, current_app.extensions["nong_sisip_staff"])


def engine() -> Engine:
    """The database."""
    return console().engine


def now() -> datetime:
    """The present moment, aware UTC."""
    return console().now()


def day_of(text: str) -> date | None:
    """The day of a form's date field; None: not one, or one that nobody means."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if YEARS[0] <= day.year <= YEARS[1] else None


def rows() -> Session:
    """This request's session for reading; it is closed after the answer."""
    if "staff_rows" not in g:
        g.staff_rows = looking(engine())
    return cast(Session, g.staff_rows)


def close_rows(app: Flask) -> None:
    """Give the reading session back after each request."""

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        session = g.pop("staff_rows", None)
        if session is not None:
            session.close()


def me() -> StaffUser:
    """Who is signed in."""
    return cast(StaffUser, current_user)


def scope() -> Scope:
    """Which leads this person may see."""
    return scope_of(me())


def audited(session: Session, action: str, *, reference: str = "", detail: str = "") -> None:
    """An audit row of the one who is signed in. Write it last in a transaction."""
    known = current_user.is_authenticated
    audit.write(
        session,
        at=now(),
        action=action,
        staff=me().id if known else None,
        who=me().email if known else "",
        office=me().office if known else "",
        reference=reference,
        detail=detail,
        address=request.remote_addr or "",
    )
