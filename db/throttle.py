"""Slowing down guesses at passwords and codes, without letting anyone lock another out for good.

Each try is counted for the account from that address, and for the address. Past a few free tries
the wait doubles up to a quarter of an hour. Somebody at another address does
not stop the owner.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from db.session import keys
from db.staff import SignInFailure

FREE_FOR_ACCOUNT, FREE_FOR_ADDRESS = 5, 20
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


def wait(session: Session, account: str, address: str, *, now: datetime) -> timedelta:
    """How long this try must still wait; zero when it may go on."""
    waits = [
        _wait(session.get(SignInFailure, key), free, now)
        for key, free in _keys(session, account, address)
    ]
    return max(waits)


def failed(session: Session, account: str, address: str, *, now: datetime) -> None:
    """Count a failed try."""
    for key, _ in _keys(session, account, address):
        row = session.get(SignInFailure, key)
        if row is None:
            session.add(SignInFailure(key=key, failures=1, last_at=now))
        else:
            fresh = now - row.last_at > FORGOTTEN_AFTER
            row.failures, row.last_at = 1 if fresh else row.failures + 1, now
    session.flush()


def succeeded(session: Session, account: str, address: str) -> None:
    """Forget the failures of this account from this address."""
    (key, _), _ = _keys(session, account, address)
    session.execute(delete(SignInFailure).where(SignInFailure.key == key))


def _wait(row: SignInFailure | None, free: int, now: datetime) -> timedelta:
    if row is None or row.failures < free or now - row.last_at > FORGOTTEN_AFTER:
        return timedelta()
    pause = min(timedelta(seconds=2 ** min(row.failures - free + 1, 12)), LONGEST_WAIT)
    return max(row.last_at + pause - now, timedelta())


def _keys(session: Session, account: str, address: str) -> tuple[tuple[bytes, int], ...]:
    ring = keys(session)
    both = ring.blind_index("sign_in.account", f"{account.strip().lower()}\0{address}")
    return (both, FREE_FOR_ACCOUNT), (
        ring.blind_index("sign_in.address", address),
        FREE_FOR_ADDRESS,
    )
