"""What the benchmarks share: interleaved timing, peak memory, fresh processes, tables."""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parent.parent
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def seconds(action: Callable[[], object]) -> float:
    """Return how long one call takes, in seconds."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def interleave(contenders: Mapping[str, Callable[[], object]], repetitions: int) -> dict[str, list[float]]:
    """Return the seconds of every repetition of every contender, after one warm-up call of each.

    They take turns, A B C A B C …, so that whatever else the machine does hits all alike.
    """
    for action in contenders.values():
        action()
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(repetitions):
        for name, action in contenders.items():
            times[name].append(seconds(action))
    return times


def _memory(field: str) -> int:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def peak_growth(action: Callable[[], object]) -> int | None:
    """Return by how many bytes the process's resident memory peaks above its level before the call.

    None where there is no /proc. Not `getrusage`: its peak survives exec, so a child would report its
    parent's.
    """
    if not _CLEAR.exists():
        action()
        return None
    _CLEAR.write_text("5")  # resets the peak to the present level
    before = _memory("VmRSS")
    action()
    return _memory("VmHWM") - before


def fresh_process(module: str, *arguments: object) -> dict[str, Any]:
    """Run a module of this repository in a new Python process and return the JSON it prints."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def use_cores(count: int) -> None:
    """Keep this process, and those it starts, to `count` cores: before any thread pool is made."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def machine() -> str:
    """Return the processor's name, the cores in use, and the versions of system and Python."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    return f"{name}, {cores()} cores, {platform.system()}, Python {platform.python_version()}"


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table with padded columns, the first one left, the others right aligned."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        first, *rest = zip(cells, widths, strict=True)
        return "| " + " | ".join([first[0].ljust(first[1]), *(c.rjust(w) for c, w in rest)]) + " |"

    rule = "| " + " | ".join(["-" * widths[0], *("-" * (w - 1) + ":" for w in widths[1:])]) + " |"
    return "\n".join([line(header), rule, *map(line, rows)])
