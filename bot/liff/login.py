"""Who opened the page: LINE itself says so, about the ID token that the page sends.

LINE's reference: POST /oauth2/v2.1/verify. What the page says about the person is not believed.
"""

import re
from datetime import datetime

import orjson
import urllib3

ISSUER = "https://access.line.me"
TIMEOUT_S = 5.0
MAX_TOKEN = 4096
_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")
_USER = re.compile(r"U[0-9a-f]{32}")


class Refused(Exception):
    """The token is forged, too old or for somebody else."""


class LineAway(Exception):
    """LINE could not be asked just now."""


class Login:
    """Asks LINE about ID tokens of one LINE Login channel."""

    def __init__(self, api_url: str, liff_id: str) -> None:
        self._url = f"{api_url}/oauth2/v2.1/verify"
        self._channel = liff_id.partition("-")[0]
        """A LIFF ID begins with the ID of its channel, which is the audience of its tokens."""
        self._http = urllib3.PoolManager(retries=False, timeout=TIMEOUT_S, maxsize=8)

    def user(self, token: str, now: datetime) -> str:
        """The LINE user ID behind the token. Raises Refused, LineAway."""
        if len(token) > MAX_TOKEN or not _TOKEN.fullmatch(token):
            raise Refused
        fields = {"id_token": token, "client_id": self._channel}
        try:
            answer = self._http.request("POST", self._url, fields=fields, encode_multipart=False)
        except urllib3.exceptions.HTTPError as error:
            raise LineAway from error
        if 400 <= answer.status < 500 and answer.status != 429:
            raise Refused
        if answer.status != 200:
            raise LineAway
        return self._subject(answer.data, now)

    def _subject(self, body: bytes, now: datetime) -> str:
        try:
            claims = orjson.loads(body)
            good = (
                claims["iss"] == ISSUER
                and claims["aud"] == self._channel
                and claims["exp"] > now.timestamp()
            )
            user = str(claims["sub"])
        except (ValueError, KeyError, TypeError) as error:
            raise LineAway from error
        if not good or not _USER.fullmatch(user):
            raise Refused
        return user
