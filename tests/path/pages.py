"""The front door with odd pages behind it: `tests.path.pages:app`, under RSGI or plain WSGI."""

import time
from collections.abc import Iterator

import orjson
from flask import Flask, Response, request, stream_with_context

from bot.config import read_config
from bot.front import Front
from db.keyring import unlock
from db.session import make_engine

config = read_config()
engine = unlock(make_engine(config.database_url), config.outer_keys)
flask = Flask("pages")


@flask.get("/healthz")
def healthz() -> str:
    return "ok"


@flask.route("/seen/<path:rest>", methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
def seen(rest: str) -> Response:
    """What Flask was told of the request."""
    told = {name: value for name, value in request.environ.items() if isinstance(value, str)}
    told |= {"body": request.get_data(as_text=True), "path": rest, "url": request.url}
    answer = Response(orjson.dumps(told), mimetype="application/json")
    answer.set_cookie("one", "1")
    answer.set_cookie("two", "2")
    return answer


@flask.get("/slow")
def slow() -> str:
    time.sleep(1.5)
    return "at last"


@flask.get("/stream")
def stream() -> Response:
    def lines() -> Iterator[str]:
        for number in range(4):
            yield f"{request.args['name']} {number}\n"
            time.sleep(0.3)

    return Response(stream_with_context(lines()), mimetype="text/csv")


@flask.get("/nothing")
def nothing() -> tuple[str, int]:
    return "", 204


@flask.get("/broken")
def broken() -> Response:
    def lines() -> Iterator[str]:
        yield "one\n"
        yield "two\n"
        raise ValueError("in the middle")

    return Response(lines())


app = Front(flask, config, engine, lambda: None)
