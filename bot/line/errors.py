"""The one error of this edge. Its verdict says what is known, so that delivery can decide."""

from enum import StrEnum


class Verdict(StrEnum):
    """What a failed call to LINE tells about the message.

    REFUSED:   surely not delivered, and never will be (bad message, unknown person).
    AGAIN:     surely not delivered; try again after `retry_after_s`.
    UNSURE:    nobody knows (no answer, 5xx): the same request again, never another channel.
    BAD_TOKEN: the reply token was used, late or unknown.
    QUOTA:     the month's messages are used up; waiting does not help.
    """

    REFUSED = "refused"
    AGAIN = "again"
    UNSURE = "unsure"
    BAD_TOKEN = "bad_token"  # noqa: S105 - a name, not a secret
    QUOTA = "quota"


class LineError(Exception):
    """A call that LINE did not carry out, or did not say so.

    Holds LINE's status and request id for the log; never the message, the person or the token.
    """

    def __init__(
        self,
        verdict: Verdict,
        *,
        status: int = 0,
        request_id: str = "",
        reason: str = "",
        retry_after_s: float = 0.0,
    ) -> None:
        super().__init__(f"LINE {verdict}: status {status} {reason}".strip())
        self.verdict = verdict
        self.status = status
        self.request_id = request_id
        self.reason = reason
        self.retry_after_s = retry_after_s
