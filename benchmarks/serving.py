"""Apps that the benchmarks serve on loopback, each in a process of its own."""

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class App:
    """A Streamlit app: how to start it, where it says that it is ready, where the race is."""

    name: str
    script: str
    health: str
    path: str  # of the race, below the app's root


OURS = App("Small Steps", "app.py", "healthz", "optimizers")
MINIMAL = App("minimal app", "benchmarks/minimal_app.py", "_stcore/health", "")


@dataclass(frozen=True)
class Served:
    """An app that runs: the address of its root, its process, and when that was started, by `time.monotonic`."""

    app: App
    address: str
    process: subprocess.Popen
    begun: float

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self.process.pid

    @property
    def mebibytes(self) -> float:
        """The memory it holds now."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def health(self) -> dict[str, Any] | None:
        """Return what it says of its health; None while it says nothing, or that it is not ready."""
        try:
            with urllib.request.urlopen(f"{self.address}/{self.app.health}", timeout=5) as answer:
                said = answer.read()
        except OSError:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.app.script} did not start") from None
            return None
        return json.loads(said) if said.startswith(b"{") else {}

    def ready(self, *, warm: bool) -> float:
        """Wait until it is healthy, or with `warm` until it has made all it makes at the start; return the time."""
        while (said := self.health()) is None or (warm and not said.get("warm", True)):
            time.sleep(0.02)
        return time.monotonic()


@contextmanager
def started(app: App) -> Iterator[Served]:
    """Start the app, give it at once, and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = [f"--server.port={port}", "--server.headless=true", "--server.address=127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", app.script, *flags]
    begun = time.monotonic()
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield Served(app, f"http://127.0.0.1:{port}", server, begun)
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def served(app: App) -> Iterator[Served]:
    """Start the app, give it once it has made all it makes at the start, and stop it."""
    with started(app) as running:
        running.ready(warm=True)
        yield running
