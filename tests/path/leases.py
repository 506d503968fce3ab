"""Talks leased as a worker does it, but in one step."""

from sqlalchemy.orm import Session

from db import talks
from db.bulk import ask
from db.talks import Claim


def claim(
    session: Session,
    owner: str,
    now_ms: int,
    limit: int,
    lease_ms: int,
    *,
    oldest_first: bool = False,
) -> list[Claim]:
    """The talks are the owner's from now on."""
    question = talks.choosing(session, owner, now_ms, limit, lease_ms, oldest_first=oldest_first)
    (rows,) = ask(session, question)
    found = talks.chosen(rows, owner)
    ask(session, talks.leasing(session, owner, [one.talk for one in found], now_ms + lease_ms))
    return found
