"""The process behind the server: the application, the worker and the jobs in one.

Importing this module starts the threads: only the server does. See bot.wsgi_web for web alone.
"""

from multiprocessing.util import Finalize

from bot.app import create_app
from bot.config import config_or_end
from bot.front import Front
from bot.interpreter import settle
from bot.process import Process

_config = config_or_end()
_process = Process(_config)
_wake = _process.waker.wake
_flask = create_app(_config, _process.engine, wake=_wake, model=_process.model_is_ready)
app = Front(_flask, _config, _process.engine, _wake)
_process.start()
settle()
# The server runs us in a child process, where atexit is not called.
_stopping = Finalize(None, _process.stop, exitpriority=10)
