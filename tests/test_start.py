"""Starts that cannot succeed, made for real: they end, and say what to do."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: The app, after a page's defaults have become impossible to make.
BROKEN = """
import sys
sys.path.insert(0, {root!r})

import streamlit as st

import core.ui.warm

core.ui.warm.warm = lambda: iter([1 / 0])

from core.ui.server import MIDDLEWARE, ROUTES, lifespan

app = st.App({root!r} + "/core/ui/shell.py", lifespan=lifespan, routes=ROUTES, middleware=MIDDLEWARE)
"""
STREAMLIT = ["streamlit", "run", "{app}", "--server.port=0", "--server.address=127.0.0.1", "--server.headless=true"]
UVICORN = ["uvicorn", "--app-dir={folder}", "{module}:app", "--port=0"]


def start(command: list[str], app: Path, **environment: str) -> tuple[int, str]:
    """Start the app and return how it ended and what it said."""
    names = {"app": app, "folder": app.parent, "module": app.stem}
    filled = [sys.executable, "-m", *(part.format(**names) for part in command)]
    where = {"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), "CUDA_VISIBLE_DEVICES": "", **environment}
    done = subprocess.run(filled, cwd=app.parent, env=where, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("command", [STREAMLIT, UVICORN], ids=["streamlit", "uvicorn"])
def test_a_misspelt_device_ends_the_start(command):
    code, said = start(command, ROOT / "app.py", SMALL_STEPS_DEVICE="gpu")
    assert code > 0
    assert "SMALL_STEPS_DEVICE is 'gpu'" in said
    assert "set it to one of auto, cpu, cuda" in said


def test_cuda_where_there_is_none_ends_the_start():
    code, said = start(UVICORN, ROOT / "app.py", SMALL_STEPS_DEVICE="cuda")
    assert code > 0
    assert "SMALL_STEPS_DEVICE is 'cuda'" in said
    assert "set it to cpu or auto" in said


@pytest.mark.parametrize("command", [STREAMLIT, UVICORN], ids=["streamlit", "uvicorn"])
def test_a_failed_warm_up_ends_the_start(command, tmp_path):
    app = tmp_path / "broken.py"
    app.write_text(BROKEN.format(root=str(ROOT)), encoding="utf-8")
    code, said = start(command, app)
    assert code > 0
    assert "ZeroDivisionError" in said
    assert "pip install -r requirements.txt" in said


def test_no_default_loads_what_only_a_compiler_needs():
    """Each would take a second and dozens of megabytes at every start."""
    heavy = ("torch._dynamo", "torch._inductor", "sympy", "vl_convert")
    run = f"import sys; from core.ui.warm import warm; print(len(list(warm())), *(set({heavy}) & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", run], cwd=ROOT, capture_output=True, text=True, timeout=300)
    count, *found = done.stdout.split()
    assert int(count) > 20, done.stderr
    assert not found
