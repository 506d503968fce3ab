"""Draws messages as a phone shows them, to a PNG: the simulator's page without its frame, shot by
Chromium."""

import io
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageChops
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.simulator.courier import Courier
from bot.simulator.schema import Json
from bot.simulator.views import create_simulator
from bot.simulator.world import BOT, World

TALLEST_PX = 5000
MARGIN_PX = 12
TIMEOUT_S = 60
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    "--headless=new",
    "--hide-scrollbars",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=4000",
)


class NoBrowser(Exception):
    """There is no Chromium on this machine, or it made no picture."""


def draw(messages: Sequence[Json], width_px: int = 390) -> bytes:
    """The PNG of these messages of the bot, as high as they are. Raises NoBrowser."""
    return draw_chats([messages], width_px)


def draw_chats(chats: Sequence[Sequence[Json]], width_px: int = 390) -> bytes:
    """The same of several chats, side by side. Raises NoBrowser."""
    browser = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        raise NoBrowser("Chromium is needed to draw a picture (Debian: apt-get install chromium)")
    with serving(chats) as address, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shot.png"
        # Chromium's sandbox can't be set up by root, as in a container.
        sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
        command = [
            browser,
            *_ARGUMENTS,
            *sandbox,
            f"--window-size={width_px * len(chats)},{TALLEST_PX}",
        ]
        command += [f"--user-data-dir={folder}/profile", f"--screenshot={file}", address]
        subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=False)  # noqa: S603
        if not file.exists():
            raise NoBrowser("Chromium made no picture")
        return _trimmed(file.read_bytes())


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """No line a request."""


@contextmanager
def serving(chats: Sequence[Sequence[Json]], own_url: str = "") -> Iterator[str]:
    """A page that shows nothing but these chats, a column each; its address."""
    world = World("still", "still", own_url=own_url)
    for number, messages in enumerate(chats):
        person = world.add_person(f"คนที่ {number + 1}", "🙂")
        for message in messages:
            world.say(world.chats[person.id], BOT, message)
    app = create_simulator(world, Courier(world, ""))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}/?still#{'+'.join(world.chats)}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _trimmed(png: bytes) -> bytes:
    """Without the empty ground below the last message."""
    with Image.open(io.BytesIO(png)) as picture:
        flat = picture.convert("RGB")
    ground = Image.new("RGB", flat.size, flat.getpixel((0, flat.height - 1)))
    box = ImageChops.difference(flat, ground).getbbox()
    below = min(flat.height, (box[3] if box else 0) + MARGIN_PX)
    out = io.BytesIO()
    flat.crop((0, 0, flat.width, below)).save(out, "PNG", optimize=True)
    return out.getvalue()
