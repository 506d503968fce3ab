"""A worker process of its own: `python -m bot.worker_main`, what `python -m bot worker` becomes.

Apart from bot.__main__, so that the parent of the web processes doesn't hold the model.
"""

import signal
import threading
from types import FrameType

from bot import metrics_server
from bot.config import config_or_end
from bot.interpreter import settle
from bot.process import Process


def main() -> None:
    """Work until told to stop."""
    config = config_or_end()
    process = Process(config)
    ended = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    process.start()
    metrics_server.serve(config)
    settle()
    ended.wait()
    process.stop()


if __name__ == "__main__":
    main()
