"""The web of the chaos: the real webhook, `tests.chaos.site:app` under granian."""

from flask import Flask

from bot.config import read_config
from bot.front import Front
from bot.wake import Waker
from db.keyring import unlock
from db.session import make_engine

config = read_config()
waker = Waker()
engine = unlock(make_engine(config.database_url), config.outer_keys)
flask = Flask("site")


@flask.get("/healthz")
def healthz() -> str:
    return "ok"


app = Front(flask, config, engine, waker.wake)
