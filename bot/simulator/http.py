"""Requests and answers of the played platform, apart from any web framework."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.schema import Json, Problem

MAX_BODY_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """A call of the bot. Header names are lower case; `path` has no host."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    query: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Json:
        """The body as an object. Raises Refusal."""
        if "json" not in self.headers.get("content-type", ""):
            raise Refusal(415, "Unsupported Media Type")
        try:
            value = json.loads(self.body)
        except ValueError:
            raise Refusal(400, "The request body could not be parsed as JSON") from None
        if not isinstance(value, dict):
            raise Refusal(400, "The request body must be an object")
        return value


@dataclass(frozen=True, slots=True)
class Response:
    """What the platform answers: an object, or bytes of `content_type`."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    def content(self) -> bytes:
        """The bytes to send."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()

    def with_id(self, request_id: str) -> "Response":
        """The same, with LINE's id of the request."""
        headers = {"x-line-request-id": request_id, **self.headers}
        return Response(self.status, self.body, headers, self.content_type)


class Refusal(Exception):
    """LINE says no."""

    def __init__(
        self,
        status: int,
        message: str,
        details: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        body: Json = {"message": message}
        if details:
            body["details"] = [{"message": d.message, "property": d.property} for d in details]
        self.response = Response(status, body, headers or {})


def request_id() -> str:
    """A fresh x-line-request-id."""
    return str(uuid.uuid4())
