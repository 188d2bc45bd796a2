"""Runs scripts as a reader would: in an interpreter of their own, with warnings as errors."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

#: Runs each script as a program; keeps what it left and what it said, or how it failed.
DRIVER = """
import contextlib, io, runpy, sys, traceback
import torch

*paths, out = sys.argv[1:]
left = {}
for path in paths:
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            names = runpy.run_path(path, run_name="__main__")
        kept = {n: names[n] for n in ("curves", "step", "full", "loss") if n in names}
        if isinstance(kept.get("loss"), torch.Tensor):
            kept["loss"] = kept["loss"].item()
        left[path] = kept, said.getvalue(), ""
    except Exception:
        left[path] = {}, said.getvalue(), traceback.format_exc()
torch.save(left, out)
"""


@dataclass(frozen=True)
class Left:
    """What a script left: names from its top level, its lines, and its traceback if it failed."""

    names: Mapping[str, Any]
    lines: tuple[str, ...]
    error: str


def run_all(scripts: Mapping[str, str], folder: Path) -> dict[str, Left]:
    """Run scripts, by name, one after the other in one fresh interpreter; no warning passes."""
    paths = {}
    for i, (name, script) in enumerate(scripts.items()):
        paths[name] = folder / f"small_steps_{i}.py"
        paths[name].write_text(script, encoding="utf-8")
    out = folder / "left.pt"
    call = [sys.executable, "-W", "error", "-c", DRIVER, *map(str, paths.values()), str(out)]
    subprocess.run(call, check=True, cwd=folder, timeout=500)
    left = torch.load(out, weights_only=False)
    return {
        name: Left(names, tuple(said.splitlines()), error)
        for name, path in paths.items()
        for names, said, error in [left[str(path)]]
    }
