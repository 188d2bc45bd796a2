"""The exported script, run as a reader would, repeats the app's curves."""

import dataclasses
import runpy

import pytest
import torch

from core.data import DATA_SETS
from core.export import optimizer_lines, script
from core.losses import LOSSES
from core.methods import METHODS
from core.network import ACTIVATIONS
from core.spec import Experiment, Loss, Optimizer
from core.training import train

BASE = Experiment(points=60, epochs=2, width=6, optimizers=tuple(Optimizer(n) for n in METHODS), seeds=2)
CASES = [
    *({"data": d} for d in DATA_SETS),
    *({"activation": a} for a in ACTIVATIONS),
    *({"loss": Loss(name)} for name in LOSSES),
    {"batch_size": None},
    {"outlier_share": 0.1, "outlier_size": 3.0},
    {"optimizers": (Optimizer("SGD", lr=0.3), Optimizer("Adam")), "learning_rates": (0.001, 0.1)},
]


@pytest.mark.parametrize("changes", CASES, ids=str)
def test_the_script_repeats_every_loss(changes, tmp_path):
    e = dataclasses.replace(BASE, **changes)
    path = tmp_path / "experiment.py"
    path.write_text(script(e, "A test"), encoding="utf-8")
    module = runpy.run_path(str(path))
    ours = train(e)
    with torch.random.fork_rng(devices=[]):
        for column, r in enumerate(ours.runs):
            make = module["OPTIMIZERS"][r.optimizer.name]
            losses, full = module["run"](make, r.learning_rate, r.seed)
            torch.testing.assert_close(torch.tensor(losses), ours.loss[:, column], rtol=1e-4, atol=1e-5)
            torch.testing.assert_close(torch.tensor(full), ours.full_loss[:, column], rtol=1e-4, atol=1e-5)


def test_the_script_runs_from_start_to_end(tmp_path, capsys):
    path = tmp_path / "experiment.py"
    path.write_text(script(BASE, "A test"), encoding="utf-8")
    with torch.random.fork_rng(devices=[]):
        runpy.run_path(str(path), run_name="__main__")
    assert len(capsys.readouterr().out.splitlines()) == len(BASE.runs)


def test_the_lines_are_the_essays():
    assert optimizer_lines(Experiment()).splitlines() == [
        "LR = 0.01",
        "",
        "opt_SGD = torch.optim.SGD(net_SGD.parameters(), lr=LR)",
        "opt_Momentum = torch.optim.SGD(net_Momentum.parameters(), lr=LR, momentum=0.8)",
        "opt_RMSprop = torch.optim.RMSprop(net_RMSprop.parameters(), lr=LR, alpha=0.9)",
        "opt_Adam = torch.optim.Adam(net_Adam.parameters(), lr=LR, betas=(0.9, 0.99))",
    ]
