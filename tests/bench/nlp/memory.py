"""The most memory a process has held, as Linux tells it; not `ru_maxrss`, which counts what the
process that started it held as well.
"""

from pathlib import Path


def peak_mib(pid: str = "self") -> float:
    """In MiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    lines = dict(line.split(":", 1) for line in status.splitlines())
    return int(lines["VmHWM"].split()[0]) / 1024
