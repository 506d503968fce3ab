"""How the interpreter is set up in a process that serves: called once, when all is loaded."""

import gc
import sys

SWITCH_S = 0.001
"""A thread that computes keeps the others waiting for so long; the usual 5 ms are a lot for those
who only pass an answer on.
"""
YOUNG = 20_000
"""Objects between two looks for garbage: a webhook under way is some dozens of them."""


def settle() -> None:
    """What is loaded (the model, the application) stays: no search for garbage goes through it."""
    sys.setswitchinterval(SWITCH_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
