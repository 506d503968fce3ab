"""`python -m tests.fuzz.understand -max_total_time=300 DIR`: no text raises or takes long.

Coverage-guided by atheris, in both modes. Bytes become either any text at all or a mix of the
words that the rules look for, with letters between them; what it finds is written to the folder
it runs in, as libFuzzer does.
"""

import sys
import time
from datetime import date

import atheris  # type: ignore[import-untyped]  # it has no types

with atheris.instrument_imports(include=["nlp"]):
    from nlp.classifier import Classifier, Mode
    from nlp.engine import Engine
    from nlp.intents import Intent
    from nlp.understanding import Topic

TODAY = date(2026, 11, 25)
LIMIT_S = 0.05
LONGEST = 5000
_SPOKEN = """
    สมัคร ทางเลือก มาตรา ม.40 1 2 3 25 20 ๔ สิบ ยี่สิบ ร้อย พัน หมื่น แสน ล้าน ครึ่ง บาท เดือน ปี วัน คืน
    อายุ เกิด พ.ศ. ที่แล้ว มกราคม / - . : ขอนแก่น อำเภอ ต. จ. เมือง ไหม บ่ ยังไง เท่าไหร่ แล้ว ล่ะ ไม่
    ลูก คน นอน รพ บัตรทอง ประกัน กอช แม่ค้า ไรเดอร์ ตากลม l,y8i \u0e4d \u0e33 ๆ 😀
"""
WORDS = [
    *_SPOKEN.split(),
    *("\u200b", "\ud800", "\x00", "\u202e", " ", "\n"),
]

_ENGINES = [Engine(Classifier.open(mode)) for mode in Mode]


def text_of(source: "atheris.FuzzedDataProvider") -> str:
    """Any text, or one of the rules' words."""
    if source.ConsumeBool():
        return str(source.ConsumeUnicode(LONGEST))
    mixed: list[str] = []
    while source.remaining_bytes() and len(mixed) < LONGEST // 10:
        word = WORDS[source.ConsumeIntInRange(0, len(WORDS) - 1)]
        mixed.append(word * source.ConsumeIntInRange(1, 3))
    return "".join(mixed)[:LONGEST]


def seconds(engine: Engine, text: str, topic: Topic | None) -> float:
    """CPU time of understanding it; the best of a few, since a cache is filled at first and a
    busy machine slows any single run.
    """
    spent: list[float] = []
    for _ in range(5):
        began = time.thread_time()
        said = engine.understand(text, topic, TODAY)
        spent.append(time.thread_time() - began)
        assert 0 <= said.confidence <= 1, said
        assert len(said.suggestions) <= 3, said
        said.entities.to_json()
        if spent[-1] < LIMIT_S:
            break
    return min(spent)


def one(data: bytes) -> None:
    """One input of the fuzzer."""
    source = atheris.FuzzedDataProvider(data)
    topic = Topic(source.PickValueInList(list(Intent))) if source.ConsumeBool() else None
    text = text_of(source)
    for engine in _ENGINES:
        spent = seconds(engine, text, topic)
        assert spent < LIMIT_S, f"{spent:.3f} s for {text!r}"


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
