"""Turns and time of a registration: ``python -m tests.bench.registration``. Real nlp, no database.

Each of the ways below is one person's; a turn is one message or tap, from «สมัคร» to the sent form.
"""

import statistics
import time
from datetime import UTC, datetime

from handlers.memory import MemoryTools
from handlers.transcript import Chat

MOST_TURNS = 14
ROUNDS = 20
BEGINNING = ("สมัคร", "[ยินยอม]")
END = ("[เย็น]", "[ส่งเลย]")
WAYS: dict[str, tuple[str, ...]] = {
    "taps where there is a button": (
        *BEGINNING,
        "5 ม.ค. 2520",
        "[ไม่มีเลย]",
        "[บัตรประชาชนไทย]",
        "นางบุญมี ศรีสุข",
        "[ข้าม]",
        "081-234-5678",
        "ต.บ้านเป็ด อ.เมือง จ.ขอนแก่น",
        "[ค้าขาย]",
        "[ทางเลือก 1]",
        *END,
    ),
    "types everything, with an ID number": (
        "อยากสมัครค่ะ",
        "ยินยอมค่ะ",
        "๕ มกราคม ๒๕๒๐",
        "ไม่มีค่ะ",
        "คนไทย",
        "น.ส.บุญมี ศรีสุข",
        "1-1017-00123-45-6",
        "0812345678",
        "123 ม.4 ต.บ้านเป็ด อ.เมือง จ.ขอนแก่น 40000",
        "ทำนา",
        "เอาทางเลือก 2",
        "ตอนเย็น",
        "ส่งเลย",
    ),
    "two answers in one message": (
        *BEGINNING,
        "5 ม.ค. 2520",
        "ไม่มี",
        "ไทย",
        "นางบุญมี ศรีสุข เบอร์ 0812345678",
        "ข้าม",
        "ต.บ้านเป็ด อ.เมือง จ.ขอนแก่น",
        "ค้าขาย",
        "1",
        *END,
    ),
    "two-digit year, address in pieces": (
        *BEGINNING,
        "5/1/20",
        "ใช่",
        "บ่มี",
        "ไทย",
        "บุญมี ศรีสุข",
        "ข้าม",
        "0812345678",
        "ต.นาดี",
        "สุรินทร์",
        "เฮ็ดนา",
        "ยังไม่แน่ใจ",
        *END,
    ),
    "for the mother": (
        "สมัครให้แม่",
        "ลูก",
        "[ยินยอม ฉันอ่านให้]",
        "12/8/2510",
        "ไม่มี",
        "ไทย",
        "นางบุญมี ศรีสุข",
        "ข้าม",
        "0812345678",
        "ต.บ้านเป็ด อ.เมือง จ.ขอนแก่น",
        "ทำนา",
        "1",
        *END,
    ),
}


def walk(way: tuple[str, ...]) -> list[float]:
    """The seconds of each turn. Raises unless the form was sent."""
    chat = Chat(MemoryTools(datetime(2026, 11, 25, 3, tzinfo=UTC)))
    took = []
    for text in way:
        begun = time.perf_counter()
        chat.say(text)
        took.append(time.perf_counter() - begun)
    if len(chat.tools.world.leads) != 1:
        raise RuntimeError("the form was not sent")
    return took


def main() -> None:
    """Prints a line a way, then the median turns and the time a turn takes."""
    took: list[float] = []
    turns: list[int] = []
    for name, way in WAYS.items():
        walk(way)  # warms the caches
        took += [s for _ in range(ROUNDS) for s in walk(way)]
        turns.append(len(way))
        print(f"{len(way):3} turns  {name}")  # noqa: T201 - a report for a person
    ordered = sorted(took)
    middle = statistics.median(turns)
    print(  # noqa: T201
        f"median {middle:g} turns (at most {MOST_TURNS}); a turn takes "
        f"{statistics.median(took) * 1000:.2f} ms in the middle, "
        f"{ordered[int(len(ordered) * 0.99)] * 1000:.2f} ms at p99, {len(took)} turns"
    )
    if middle > MOST_TURNS:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
