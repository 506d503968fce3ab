"""On the path of the processes whose clock jumps: libfaketime breaks clock_nanosleep, by which
time.sleep waits (EINVAL), so sleeping is left to select.
"""

import select
import time


def _sleep(seconds: float, /) -> None:
    select.select((), (), (), seconds)


time.sleep = _sleep  # type: ignore[assignment]  # of what it takes this is enough
