"""Progress of long commands, on standard error, where it doesn't mix with what a pipe reads."""

import sys


def say(line: str) -> None:
    """One line, at once."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
