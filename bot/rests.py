"""Who leaves the others alone for a moment, and when talks that go on are to be taken up again."""

import heapq
from collections.abc import Iterable

from bot.turns import LONGEST_REST_MS, Turn


class Rests:
    """What one worker remembers of the turns it took; nothing depends on it but fairness."""

    def __init__(self) -> None:
        self._until: dict[str, int] = {}
        self._again: list[int] = []

    def begin(self, turn: Turn) -> None:
        """A turn was taken."""
        self._until[turn.talk] = turn.rests_until_ms

    def resting(self, now_ms: int) -> list[str]:
        """The talks that are not to be taken yet. A rest of hours is a clock that was put back."""
        self._until = {
            talk: until_ms
            for talk, until_ms in self._until.items()
            if 0 < until_ms - now_ms <= LONGEST_REST_MS
        }
        return list(self._until)

    def wake_after(self, talk: str) -> None:
        """A talk that rests has something to do."""
        heapq.heappush(self._again, self._until[talk])

    def go_on(self, turns: Iterable[Turn], now_ms: int) -> bool:
        """Whether a talk is to be taken up again at once, of these just written or of others."""
        for turn in turns:
            if turn.ready_ms is not None:
                heapq.heappush(self._again, turn.ready_ms)
        goes_on = False
        while self._again and self._again[0] <= now_ms:
            heapq.heappop(self._again)
            goes_on = True
        return goes_on

    def next_ms(self) -> int | None:
        """When the next one is."""
        return self._again[0] if self._again else None
