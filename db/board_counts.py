"""What the target board counts of a lead that went into another one, or came out of it again.

The board counts people. Two leads of one person are one person, so a merged lead is taken off its
place and its code, in the weeks in which it was counted; the dashboard goes on counting leads.
"""

from sqlalchemy.orm import Session

from db import tallies
from db.lead_tables import MEMBER, MERGED, Registration
from db.rollups import flow


def follow(session: Session, lead: Registration, before: str) -> None:
    """The status of a lead changed from `before`: its person is counted once."""
    if (before == MERGED) != (lead.status == MERGED):
        moments = {"submitted": lead.created_at, "contacted": lead.first_contact_at}
        number = 1 if before == MERGED else -1
        tallies.add_leads(
            session,
            {
                key: number
                for metric, at in moments.items()
                if at is not None
                for key, _ in flow(metric, lead, at)
            },
        )


def member_again(session: Session, lead: Registration) -> None:
    """A change was taken back, and the lead is a member as before."""
    keys = [key for key, _ in flow(MEMBER, lead, lead.status_since)]
    tallies.add_leads(session, dict.fromkeys(keys, 1))
