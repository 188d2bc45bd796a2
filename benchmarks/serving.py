"""Apps that the benchmarks serve on loopback, each in a process of its own."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

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
    """An app that runs: the address of its root, and its process."""

    address: str
    pid: int


@contextmanager
def served(app: App) -> Iterator[Served]:
    """Start the app, give it once it says that it is ready, and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = [f"--server.port={port}", "--server.headless=true", "--server.address=127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", app.script, *flags]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                urllib.request.urlopen(f"{address}/{app.health}", timeout=5).close()
                break
            except OSError:
                if server.poll() is not None:
                    raise SystemExit(f"{app.script} did not start") from None
                time.sleep(0.05)
        yield Served(address, server.pid)
    finally:
        server.terminate()
        server.wait(20)
