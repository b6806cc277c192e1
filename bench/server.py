"""A server whose processor time and memory can be read."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.browser import ROOT, free_port, wait_for

APP, FLOOR = "app.py", "bench/floor_app.py"


@dataclass(frozen=True)
class Server:
    """A running server: where it answers, its process, when it was started on the monotonic clock."""

    address: str
    pid: int
    started: float

    def cpu_ms(self) -> float:
        """Milliseconds of processor time used so far, in user and kernel mode, by all threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Resident memory in megabytes."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextlib.contextmanager
def serving(script: str, root: Path = ROOT) -> Iterator[Server]:
    """Serve a script of the repository with the settings of the app, on a port of its own."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield Server(f"http://127.0.0.1:{port}", process.pid, started)
    finally:
        process.terminate()
        process.wait(timeout=20)
