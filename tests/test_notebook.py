"""The engine in a notebook, and who may name a language."""

import subprocess
import sys
from pathlib import Path

import pytest

import core
from core.text import LANGUAGES

ROOT = Path(__file__).parents[1]


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_the_engine_is_three_lines_away():
    code = """
from core import Experiment, Loss, Optimizer, script, train, train_reference
e = Experiment(optimizers=(Optimizer("Adam"),), loss=Loss("l1"), points=60, epochs=2)
print(train(e).loss.shape, train_reference(e).loss.shape)
assert "Adam" in script(e, "A test")
"""
    assert run(code).split("\n")[0] == "torch.Size([4, 1]) torch.Size([4, 1])"


def test_every_name_is_there_and_no_other():
    assert all(getattr(core, name) is not None for name in core.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        core.nothing  # noqa: B018


def test_only_texts_name_a_language():
    """A language is its texts and its row in `LANGUAGES`; whoever needs to know of one iterates."""
    tagged = [name for name in LANGUAGES if name != "en"]
    for folder in ("core", "pages"):
        for path in (ROOT / folder).rglob("*.py"):
            words = path.read_text(encoding="utf-8")
            assert path.parent.name == "text" or not any(f'"{tag}"' in words for tag in tagged), path
