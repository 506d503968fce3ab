"""Talk to the bot in a terminal: ``python -m handlers``. ``[ยินยอม]`` taps that button."""

import sys
from datetime import UTC, datetime

from handlers.memory import MemoryTools
from handlers.transcript import Chat, lines


def main() -> None:
    """Reads a line, shows the answer, until the end of the input."""
    chat = Chat(MemoryTools(datetime.now(UTC)))
    if sys.stdin.isatty():
        print("พิมพ์คุยได้เลย กดปุ่มพิมพ์ [ชื่อปุ่ม] จบกด Ctrl-D")
    for line in sys.stdin:
        chat.tools.now = datetime.now(UTC)
        try:
            decision = chat.say(line.strip())
        except LookupError as error:
            print(error)
            continue
        print("\n".join(lines(decision.replies)), end="\n\n")


if __name__ == "__main__":
    main()
