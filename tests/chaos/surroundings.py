"""What a site stands on, and what may go wrong with it: its database's disk, its clocks."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.chaos.leash import Leash, kill_group
from tests.path.postgres import Cluster

SOURCE = Path(__file__).parent / "clock.c"
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

    def __init__(self, folder: Path, name: str) -> None:
        self._library = folder / "clock.so"
        self._path = folder / name
        self._path.write_bytes(bytes(8))
        if not self._library.exists():
            command = ["cc", "-shared", "-fPIC", "-O2", "-o", str(self._library), str(SOURCE)]
            subprocess.run(command, check=True)  # noqa: S603

    def jump(self, seconds: int) -> None:
        """The clock is wrong by so much from now on, also for those who run; 0: right again."""
        with self._path.open("r+b") as file:
            file.write(seconds.to_bytes(8, sys.byteorder, signed=True))

    def environment(self) -> dict[str, str]:
        """What makes a process go by this clock."""
        return {"LD_PRELOAD": str(self._library), "HOST_CLOCK": str(self._path)}


class Postgres:
    """A cluster that is started again whenever it is gone, as under systemd."""

    def __init__(self, disk: SmallDisk, leash: Leash) -> None:
        self._leash = leash
        self.cluster = Cluster("max_connections=100", "shared_buffers=128MB", where=disk.folder)
        self._group = 0
        self._changing = threading.Lock()
        self._stopped = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise)
        self._bring_up()
        self._supervisor.start()

    def crash(self) -> None:
        """The whole server is killed."""
        with self._changing:
            kill_group(self._group)
            self._bring_up()

    def stop(self) -> None:
        """The end."""
        self._stopped.set()
        self._supervisor.join()
        kill_group(self._group)
        self._leash.let_go(self._group)

    def _supervise(self) -> None:
        """It goes down by itself where its disk is full, and may take a while to do so."""
        while not self._stopped.wait(0.5):
            with self._changing:
                if not self._runs():
                    self._bring_up()

    def _bring_up(self) -> None:
        """Start it; that fails while the disk is full, or what is left of the last one goes."""
        while not self._stopped.is_set():
            try:
                self.cluster.start()
                break
            except subprocess.CalledProcessError:
                time.sleep(0.3)
        if self._group:
            self._leash.let_go(self._group)
        self._group = self.cluster.pid
        self._leash.hold(self._group)

    def _runs(self) -> bool:
        """Whether the postmaster is there; it may be busy recovering."""
        try:
            os.kill(self.cluster.pid, 0)
        except (OSError, ValueError, IndexError):
            return False
        return True
