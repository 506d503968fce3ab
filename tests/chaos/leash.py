"""Ends groups of processes when whoever started them is gone, even by kill -9.

`python -m tests.chaos.leash` reads `+GROUP` and `-GROUP` lines; at the end of its input it kills
the groups it still holds.
"""

import os
import signal
import subprocess
import sys


class Leash:
    """What is held goes with this process; nothing of a chaos run may stay behind it."""

    def __init__(self) -> None:
        self._keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.leash"],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def hold(self, group: int) -> None:
        """This group ends with us."""
        self._tell(f"+{group}\n")

    def let_go(self, group: int) -> None:
        """This group has ended; its number may become somebody else's."""
        self._tell(f"-{group}\n")

    def cut(self) -> None:
        """End what is still held."""
        self._keeper.communicate()

    def _tell(self, line: str) -> None:
        pipe = self._keeper.stdin
        assert pipe is not None
        pipe.write(line.encode())
        pipe.flush()


def kill_group(group: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Send the signal to all of them at once: none can be started again by another meanwhile."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def _main() -> None:
    held: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line.startswith("+"):
            held.add(group)
        else:
            held.discard(group)
    for group in held:
        kill_group(group)


if __name__ == "__main__":
    _main()
