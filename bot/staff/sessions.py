"""Sessions on the server: the cookie is a random name, the data lies sealed in the database.

Only under /staff. The name changes when somebody signs in or out, so a name known before is worth
nothing after.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import Engine, select
from werkzeug.datastructures import CallbackDict

from bot.staff import accounts
from bot.staff.accounts import StaffUser
from bot.staff.context import rows
from db import staff
from db.session import is_postgresql, transaction

TOUCH_EVERY = timedelta(seconds=60)
WHO = "_user_id"


class StaffSession(CallbackDict[str, Any], SessionMixin):
    """A dict that knows whether it was changed and under which name it is kept."""

    def __init__(self, data: dict[str, Any] | None, cookie: str, seen_at: datetime | None) -> None:
        super().__init__(data or {}, lambda changed: setattr(changed, "modified", True))
        self.cookie = cookie
        self.who = self.get(WHO)
        self.seen_at = seen_at
        self.modified = False


def secure() -> bool:
    """Whether the console of the app that answers is reached by https only."""
    sessions = current_app.session_interface
    return isinstance(sessions, StaffSessions) and sessions.secure


class StaffSessions(SessionInterface):
    """Opens and saves sessions of the console; other paths of the app have none."""

    def __init__(self, engine: Engine, *, secure: bool, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self.secure = secure
        self._now = now
        self.cookie_name = "__Host-staff" if secure else "staff"

    def open_session(self, app: Flask, request: Request) -> StaffSession | None:
        """What is kept under the cookie's name; an unknown or old name starts an empty session."""
        if not request.path.startswith("/staff"):
            return None
        cookie = request.cookies.get(self.cookie_name, "")
        if not cookie:
            return StaffSession(None, "", None)
        session = rows()
        found = staff.load_session(session, cookie, self._now(), StaffUser)
        session.expunge_all()
        if not is_postgresql(session):
            session.close()  # or the page would see the database as it is now, not after its change
        if found is None:
            return StaffSession(None, "", None)
        accounts.foresee(found.person)
        return StaffSession(found.data, cookie, found.seen_at)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what changed; once a minute also that it is in use."""
        if not isinstance(session, StaffSession):
            return
        response.vary.add("Cookie")
        now = self._now()
        stale = session.seen_at is None or now - session.seen_at > TOUCH_EVERY
        if not session.modified and not (session.cookie and stale):
            return
        old, changed_hands = session.cookie, session.get(WHO) != session.who
        if not old or changed_hands:
            session.cookie = staff.new_session_id()
        self._write(session, old if changed_hands else "", now)
        response.set_cookie(
            self.cookie_name,
            session.cookie,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="Strict",
        )

    def _write(self, session: StaffSession, ended: str, now: datetime) -> None:
        with transaction(self._engine) as kept:
            if ended:
                staff.end_session(kept, staff.session_hash(ended))
            who = session.get(WHO)
            number = (
                kept.scalar(select(staff.Staff.id).where(staff.Staff.fs_uniquifier == who))
                if who
                else None
            )
            staff.save_session(
                kept,
                session.cookie,
                dict(session),
                staff=number,
                now=now,
                address=request.remote_addr or "",
                browser=request.user_agent.string,
            )


def utc_now() -> datetime:
    """The clock of the console."""
    return datetime.now(UTC)
