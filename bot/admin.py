"""`python -m bot admin EMAIL NAME`: make an administrator of the console, and print their link.

The way into a fresh console, and back into one whose last administrator is gone: only who may read
the server's settings can run it. Everybody else is invited in the console.
"""

import argparse
import secrets
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import url_for
from flask_security import hash_password
from flask_security.recoverable import generate_reset_password_token

from bot.app import create_app
from bot.config import config_or_end
from bot.staff.accounts import StaffUser
from db import audit, schema, staff
from db.keyring import unlock
from db.session import make_engine, transaction
from db.staff import Role


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the account or renew its link; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot admin", description=__doc__)
    parser.add_argument("email")
    parser.add_argument("name")
    chosen = parser.parse_args(arguments)
    if "@" not in chosen.email:
        parser.error("the first word is the e-mail address to sign in with")
    config = config_or_end()
    engine = make_engine(config.database_url)
    schema.migrate(engine)
    engine = unlock(engine, config.outer_keys)
    app = create_app(config, engine, wake=lambda: None)
    base = config.public_url or f"http://127.0.0.1:{config.port}"
    with app.test_request_context(base_url=base), transaction(engine) as session:
        now = datetime.now(UTC)
        if staff.by_email(session, chosen.email) is None:
            password = hash_password(secrets.token_urlsafe(32))
            staff.add(
                session,
                email=chosen.email,
                name=chosen.name,
                office="",
                role=Role.ADMIN,
                provinces=(),
                password=password,
                now=now,
            )
        found = staff.by_email(session, chosen.email)
        person = session.get(StaffUser, found.id if found else 0)
        if person is None or person.role != Role.ADMIN.value:
            print("This account is not an administrator's.", file=sys.stderr)  # noqa: T201 - as above
            return 1
        audit.write(session, at=now, action="person", detail=f"admin by command: {person.email}")
        token = str(generate_reset_password_token(person))  # type: ignore[no-untyped-call]  # untyped there
        link = url_for("security.reset_password", token=token, _external=True)
    print(f"Open this link within three days to choose a password and a second factor:\n{link}")  # noqa: T201 - as above
    return 0


if __name__ == "__main__":
    sys.exit(main())
