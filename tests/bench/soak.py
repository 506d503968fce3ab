"""`python -m tests.bench.soak`: half an hour at half of what the machine carries; memory,
connections and open files must stay as they are. Draws docs/images/soak.png.
"""

import argparse
import sys
import time
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.bench import load, systems
from tests.bench.gauges import Gauges, Sample, grown
from tests.bench.path import LineProcess, measure
from tests.bench.systems import System
from tests.path.postgres import Cluster

USERS = 500
CHUNK_S = 10.0
PICTURE = Path(__file__).parents[2] / "docs" / "images" / "soak.png"
WIDTH, PANEL, MARGIN = 900, 150, 56
INK, LINE = "#333333", "#1f6f54"
Series = list[tuple[float, float]]


def main() -> int:
    """Run, print, draw; 1 if anything grew or was refused."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rate", type=float, help="events a second; else half of what it carries")
    chosen = parser.parse_args()
    cluster = Cluster("shared_buffers=128MB", "max_connections=100")
    cluster.start()
    line = LineProcess()
    try:
        return soak(cluster, line, chosen.minutes * 60, chosen.rate)
    finally:
        line.stop()
        cluster.stop()
        cluster.remove()


def soak(cluster: Cluster, line: LineProcess, seconds: float, rate: float | None) -> int:
    """Web and a worker on PostgreSQL; the server's own memory is not counted, as it caches."""
    with systems.ours_postgres(line.url, cluster) as system:
        ours = System(system.port, [pid for pid in system.roots if pid != cluster.pid])
        rate = rate or measure(system, line, 3000).events_s / 2
        gauges = Gauges(lambda: ours, cluster.url, max(seconds / 360, 0.5))
        gauges.start()
        acks, refused, sent = _load(system.port, seconds, rate)
        gauges.stop()
        answered = sum(mark.startswith("x-soak") for mark in line.accepted())
    found = grown(gauges.samples)
    if refused or answered < sent:
        found.append(f"{refused} refused, {answered} of {sent} answered")
    what = f"{sent:,} messages at {rate:.0f} a second for {seconds / 60:.0f} minutes"
    sys.stdout.write(f"{what}: {'; '.join(found) or 'nothing grew, all were answered'}\n")
    _draw(what, gauges.samples, acks)
    return 1 if found else 0


def _load(port: int, seconds: float, rate: float) -> tuple[Series, int, int]:
    """(when, p99 of the acknowledgements in ms) a chunk; how many were refused, and sent."""
    acks: Series = []
    began, refused, sent = time.monotonic(), 0, 0
    while (at_s := time.monotonic() - began) < seconds:
        made = load.requests(f"soak{len(acks)}", int(rate * CHUNK_S), USERS, "/callback")
        outcome = load.run(port, made, rate)
        acks.append((at_s, sorted(outcome.acks_s)[int(len(made) * 0.99)] * 1000))
        refused += outcome.refused
        sent += len(made)
    time.sleep(5)  # the last answers
    return acks, refused, sent


def _draw(title: str, samples: list[Sample], acks: Series) -> None:
    panels: dict[str, Series] = {
        "memory of web and worker, MiB": [(one.at_s, one.memory_mib) for one in samples],
        "open files": [(one.at_s, float(one.files)) for one in samples],
        "connections to PostgreSQL": [(one.at_s, float(one.connections)) for one in samples],
        "acknowledgement, p99, ms": acks,
    }
    picture = Image.new("RGB", (WIDTH, PANEL * len(panels) + 30), "white")
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(14)
    pen.text((MARGIN, 6), title, INK, font)
    for number, (name, series) in enumerate(panels.items()):
        _panel(pen, font, name, series, 30 + number * PANEL)
    PICTURE.parent.mkdir(exist_ok=True)
    picture.save(PICTURE, optimize=True)


def _panel(
    pen: ImageDraw.ImageDraw,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    name: str,
    series: Series,
    top: int,
) -> None:
    """One line from nothing up, so that what is flat looks flat."""
    left, right, bottom = MARGIN, WIDTH - 20, top + PANEL - 26
    longest = max(at for at, _ in series) or 1.0
    highest = max(value for _, value in series) * 1.2 or 1.0
    pen.line([(left, top + 22), (left, bottom), (right, bottom)], INK)
    pen.text((left + 6, top + 4), name, INK, font)
    pen.text((4, top + 18), f"{highest:.0f}", INK, font)
    pen.text((4, bottom - 14), "0", INK, font)
    pen.text((right - 50, bottom + 4), f"{longest / 60:.0f} min", INK, font)
    points = [
        (left + at / longest * (right - left), bottom - value / highest * (bottom - top - 22))
        for at, value in series
    ]
    pen.line(points, LINE, width=2)


if __name__ == "__main__":
    sys.exit(main())
