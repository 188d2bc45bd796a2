"""A row is enough: one more optimizer, loss, activation and data set is seen wherever there are such."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core import Experiment, Loss, script
from core.catalogue.losses import LOSSES
from core.catalogue.optimizers import METHODS

ROOT = Path(__file__).parents[1]


def test_a_new_row_is_seen_in_parity_export_legend_formula_link_and_controls():
    done = subprocess.run([sys.executable, "-m", "tests.one_row"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split() == ["parity", "export", "legend", "formula", "link", "controls"]


def test_every_method_names_its_paper_and_every_number_has_a_ladder_with_its_default():
    for method in METHODS.values():
        assert method.paper
        for h in method.hyperparameters:
            assert h.default in h.ladder or h.name == "weight_decay", (method.name, h.name)
            assert all(h.accepts(value) or (h.below and value == 0) for value in h.ladder), (method.name, h.name)
            assert h.symbol
    for kind in LOSSES.values():
        if isinstance(kind.default, float) and kind.parameter:
            assert kind.default in kind.ladder
            assert kind.paper


def test_a_loss_without_code_is_refused_by_the_exporter(monkeypatch):
    monkeypatch.setitem(LOSSES, "l1", replace(LOSSES["l1"], code="Nowhere()"))
    with pytest.raises(ValueError, match="l1 has no code"):
        script(Experiment(loss=Loss("l1")), "A test")
