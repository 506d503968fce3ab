"""What a password may not be made of: words that everybody here knows, one's own name and address.

Length and common passwords are Flask-Security's (zxcvbn with its list).
"""

import re
from typing import Any

from flask_security import (
    PasswordUtil,
    password_complexity_validator,
    password_length_validator,
)

from bot.staff.accounts import StaffUser
from bot.staff.labels import _

KNOWN_WORDS = (
    *("สำนักงานประกันสังคม", "ประกันสังคม", "มาตรา", "น้องสี่สิบ", "สี่สิบ", "เจ้าหน้าที่", "กระทรวงแรงงาน"),
    *(
        "nongsisip",
        "nong sisip",
        "section",
        "social security",
        "thailand",
        "officer",
        "sso",
        "1506",
    ),
)
JUDGED = 72
"""zxcvbn takes no more letters; what follows makes a password no worse."""
LEFT_AT_LEAST = 6
"""Letters that must be left when known words, digits and signs are taken out."""
_NO_LETTERS = re.compile(r"[\W\d_]+")


class OwnPasswords(PasswordUtil):
    """Flask-Security's rules, and these."""

    def validate(
        self, password: str, is_register: bool, **known: Any
    ) -> tuple[list[str] | None, str]:
        """(what is wrong or None, the password as it is kept)."""
        kept = self.normalize(password)
        wrong = password_length_validator(kept) or password_complexity_validator(
            kept[:JUDGED], is_register, **known
        )
        if not wrong and _guessable(kept, known.get("user")):
            wrong = [_("ตั้งรหัสผ่านนี้ไม่ได้")]
        return wrong or None, kept


def _guessable(password: str, user: StaffUser | None) -> bool:
    words = list(KNOWN_WORDS)
    if user is not None:
        words += [
            part for part in re.split(r"[\s@.]+", f"{user.name} {user.email}") if len(part) > 2
        ]
    left = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word.casefold(), "")
    return len(_NO_LETTERS.sub("", left)) < LEFT_AT_LEAST
