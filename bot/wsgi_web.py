"""The application alone, for web processes beside workers of their own: no model, no worker."""

from multiprocessing.util import Finalize

from bot import tracing
from bot.app import create_app
from bot.config import config_or_end
from bot.front import Front
from bot.interpreter import settle
from bot.logs import set_up_logs
from db.keyring import unlock
from db.session import make_engine

set_up_logs()
tracing.set_up()
_config = config_or_end()


def _told_by_notify() -> None:
    """PostgreSQL's NOTIFY, sent with the commit, wakes the workers."""


_engine = unlock(make_engine(_config.database_url), _config.outer_keys)
app = Front(
    create_app(_config, _engine, wake=_told_by_notify), _config, _engine, wake=_told_by_notify
)
settle()
# The server runs us in a child process, where atexit is not called.
_stopping = Finalize(None, tracing.close, exitpriority=5)
