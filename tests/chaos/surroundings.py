"""What a site stands on, and what may go wrong with it: its database's disk, its clocks."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.chaos.leash import Leash, kill_group
from tests.path.postgres import Cluster

LIBRARY = "/usr/lib/*/faketime/libfaketimeMT.so.1"
PRELOAD = Path(__file__).parent / "preload"
DISK_MIB = 6000
"""Room enough for a run; only what is written takes memory."""


class SmallDisk:
    """A disk in memory that can be full. Only root may mount one: else a folder that never is."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="nong-disk-"))
        self.can_be_full = os.getuid() == 0 and self._mount(f"size={DISK_MIB}m,mode=755")

    def fill(self) -> None:
        """From now on there is no room left, whoever asks."""
        used = shutil.disk_usage(self.folder).used
        self._mount(f"remount,size={used // 1024 + 256}k")

    def free(self) -> None:
        """Somebody made room."""
        self._mount(f"remount,size={DISK_MIB}m")

    def remove(self) -> None:
        """Leave nothing behind."""
        if self.can_be_full:
            subprocess.run(["umount", "-l", str(self.folder)], check=False)  # noqa: S603, S607
        shutil.rmtree(self.folder, ignore_errors=True)

    def _mount(self, options: str) -> bool:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.folder)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603


class HostClock:
    """The wall clock of the processes of one host. How long something takes is not changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.jump(0)

    def jump(self, seconds: int) -> None:
        """The clock is wrong by so much from now on; 0: right again."""
        # In one piece: the processes may read it at any moment.
        fresh = self._path.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}", encoding="ascii")
        fresh.replace(self._path)

    def environment(self) -> dict[str, str]:
        """What makes a process go by this clock."""
        found = sorted(Path("/").glob(LIBRARY[1:]))
        return {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._path),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "PYTHONPATH": str(PRELOAD),
        }


class Postgres:
    """A cluster that comes back by itself after a crash, as under systemd."""

    def __init__(self, disk: SmallDisk, leash: Leash) -> None:
        self._leash = leash
        self.cluster = Cluster("max_connections=100", "shared_buffers=128MB", where=disk.folder)
        self._group = 0
        self.bring_up()

    def crash(self) -> None:
        """The whole server is killed."""
        kill_group(self._group)
        self.bring_up()

    def bring_up(self) -> None:
        """Start it unless it runs; what is left of the last one may take a while to go."""
        until = time.monotonic() + 60
        while not self._runs():
            try:
                self.cluster.start()
            except subprocess.CalledProcessError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.3)
        group = self.cluster.pid
        if group != self._group:
            if self._group:
                self._leash.let_go(self._group)
            self._group = group
            self._leash.hold(group)

    def stop(self) -> None:
        """The end."""
        kill_group(self._group)
        self._leash.let_go(self._group)

    def _runs(self) -> bool:
        """Whether the postmaster is there; it may be busy recovering."""
        try:
            os.kill(self.cluster.pid, 0)
        except (OSError, ValueError, IndexError):
            return False
        return True
