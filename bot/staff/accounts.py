"""Staff accounts as Flask-Security wants them: stored by us, everything of sign-in done by it."""

import json
from typing import Any

from flask import current_app, g
from flask_security import RoleMixin, UserMixin, hash_password, verify_password
from flask_security.datastore import UserDatastore
from flask_security.recovery_codes import MfRecoveryCodesUtil
from flask_security.totp import Totp
from sqlalchemy import Engine, select, update

from db.session import looking, reading, transaction
from db.staff import Role, Staff


class StaffUser(Staff, UserMixin):  # type: ignore[misc]  # columns where it has plain names
    """A row of `staff`, as the one who is signed in."""

    @property
    def mf_recovery_codes(self) -> list[str]:
        """Hashes of the codes that are left; those of an earlier, weaker kind count no more."""
        return [kept for kept in json.loads(self.recovery_codes_json) if kept.startswith("$")]

    @mf_recovery_codes.setter
    def mf_recovery_codes(self, codes: list[str] | None) -> None:
        self.recovery_codes_json = json.dumps(codes or [])

    @property
    def kind(self) -> Role:
        """The role, typed."""
        return Role(self.role)


FORESEEN = "staff_foreseen"


def foresee(person: StaffUser | None) -> None:
    """Keep the account that came with the session, for the one who asks for it in a moment: once,
    for whoever asks later wants to know what has changed meanwhile.
    """
    setattr(g, FORESEEN, person)


class StaffDatastore(UserDatastore):
    """Finds accounts in short read-only sessions and writes changes in one transaction."""

    def __init__(self, engine: Engine) -> None:
        # Roles are ours: a column, checked by the guard. The library needs a class all the same.
        super().__init__(StaffUser, RoleMixin)
        self._engine = engine

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> StaffUser | None:
        """The account with this e-mail, number or uniquifier."""
        ((column, value),) = wanted.items()
        if column == "email":
            value = str(value).strip().lower()
        known: StaffUser | None = g.pop(FORESEEN, None)
        if known is not None and getattr(known, column) == value:
            return known
        with looking(self._engine) as session:
            found = session.scalars(
                select(StaffUser).where(getattr(StaffUser, column) == value)
            ).first()
            if found is not None:
                session.expunge(found)
            return found

    def find_role(self, role: str) -> None:
        """Roles are no rows."""

    def put(self, model: StaffUser) -> StaffUser:
        """Write the changes of an account."""
        with transaction(self._engine) as session:
            session.merge(model)
        return model

    def commit(self) -> None:
        """`put` has written."""


class OnceTotp(Totp):
    """Each code counts once: the last step that was used is kept with the account."""

    engine: Engine

    def sealed(self, secret: str) -> str:
        """A secret that is known already (base32), encrypted as the account keeps it."""
        return str(self._totp(key=secret, format="base32").to_json(encrypt=True))

    def get_last_counter(self, user: Any) -> int | None:
        """The step of the last code that was accepted."""
        with reading(self.engine) as session:
            return session.scalar(select(Staff.last_totp_step).where(Staff.id == user.id))

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Remember the step of this code."""
        user.last_totp_step = tmatch.counter
        with transaction(self.engine) as session:
            session.execute(
                update(Staff).where(Staff.id == user.id).values(last_totp_step=tmatch.counter)
            )


class HashedRecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes are shown once and kept like passwords: they are short enough to be typed, so
    a plain hash of one could be found by trying all.
    """

    def get_recovery_codes(self, user: Any) -> list[str]:
        """They can't be shown again."""
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Whether this is one of the codes that are left."""
        return any(_is(code, kept) for kept in user.mf_recovery_codes)

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Use a code up."""
        left = [kept for kept in user.mf_recovery_codes if not _is(code, kept)]
        current_app.extensions["security"].datastore.mf_set_recovery_codes(user, left)
        return True

    def _encrypt_codes(self, codes: list[str]) -> list[str]:
        return [hash_password(_plain(code)) for code in codes]


def _is(code: str, kept: str) -> bool:
    return bool(verify_password(_plain(code), kept))


def _plain(code: str) -> str:
    return code.strip().lower()
