"""What every process of the bot has: logs, the unlocked database; and what decides, where it
does.
"""

from datetime import datetime, timedelta

from bot import tracing
from bot.config import Config
from bot.crew import Crew
from bot.jobs import BROKER_IS_GONE, Jobs
from bot.live_language import LiveLanguage
from bot.logs import set_up_logs
from bot.tools import BANGKOK
from bot.wake import Waker
from db.keyring import unlock
from db.session import make_engine


class Process:
    """A process that decides: database, model, worker, and the jobs that Celery doesn't run."""

    def __init__(self, config: Config) -> None:
        set_up_logs()
        tracing.set_up()
        self.waker = Waker()
        self.engine = unlock(make_engine(config.database_url), config.outer_keys)
        self._understand = LiveLanguage(self.engine).understand
        self._crew = Crew(config, self.engine, self._understand, self.waker)
        late = BROKER_IS_GONE if config.broker_url else timedelta(0)
        self._jobs = Jobs(self.engine, self.waker.wake, late)

    def start(self) -> None:
        """Begin."""
        self._crew.start()
        self._jobs.start()

    def stop(self) -> None:
        """End, losing nothing; within half a minute."""
        self._jobs.stop()
        self._crew.stop()
        self.engine.dispose()
        tracing.close()

    def model_is_ready(self) -> bool:
        """Whether the model understands a greeting: not only there, but working."""
        today = datetime.now(BANGKOK).date()
        return self._understand("สวัสดี", None, today).confidence > 0
