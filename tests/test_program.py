"""The four pieces of code on the home page are one program, and it trains as the app does."""

import pytest
import torch

from core.engine.training import train
from core.export import optimizer_lines
from core.export.program import program
from core.spec.experiment import ESSAY, Experiment, Loss, Optimizer
from tests.script_runs import run_all
from tests.strategies import CUSTOMS

ADAM = Experiment(optimizers=(ESSAY[3],))
KINDS = [
    ADAM,
    Experiment(optimizers=(Optimizer("AdamW", lr=0.003, weight_decay=0.1),), data="sine", epochs=2, target=0.1),
    Experiment(optimizers=(Optimizer("Momentum"),), data="saddle", points=200, epochs=3, activation="gelu"),
    Experiment(optimizers=(Optimizer("SGD"),), data="step", loss=Loss("log_cosh"), batch_size=None, epochs=30),
    Experiment(optimizers=(Optimizer("Adam", betas=(0.0, 0.99)),), target=50.0),  # there before the first update
    Experiment(loss=Loss("huber", delta=0.3), outlier_share=0.1, outlier_size=2.0, epochs=2, seeds=2),
]


@pytest.mark.parametrize("experiment", KINDS, ids=lambda e: f"{e.data}-{e.optimizers[0].name}-{e.loss.name}")
def test_the_four_pieces_run_and_train_as_the_app_does(experiment, capsys):
    history = train(experiment)
    left: dict = {}
    with torch.random.fork_rng(devices=[]):
        exec("\n".join(program(experiment)), left)
    reached = history.outcomes[0].reached
    assert left["step"] == (experiment.steps if reached is None else reached)
    row = history.full_steps.index(left["step"])
    assert left["full"] == pytest.approx(float(history.full_loss[row, 0]), rel=2e-4)
    if left["step"]:
        assert left["loss"].item() == pytest.approx(float(history.loss[left["step"] - 1, 0]), rel=2e-4)
    assert capsys.readouterr().out.split() == [str(left["step"]), str(left["full"])]


@pytest.mark.parametrize("custom", [CUSTOMS[1], CUSTOMS[8]], ids=str)
def test_the_readers_own_rule_brings_its_class_along(custom, tmp_path):
    e = Experiment(optimizers=(custom, Optimizer("SGD")), points=100, epochs=4, target=1e-9)
    pieces = program(e)
    assert pieces[3].startswith("class Custom(torch.optim.Optimizer):")
    history = train(e)
    left = run_all({"program": "\n".join(pieces)}, tmp_path)["program"]
    assert not left.error, left.error
    assert left.names["step"] == e.steps
    assert left.names["full"] == pytest.approx(float(history.full_loss[-1, 0]), rel=2e-4)
    assert left.names["loss"] == pytest.approx(float(history.loss[-1, 0]), rel=2e-4)
    assert "class Custom" not in program(ADAM)[3]


def test_it_stops_where_the_target_says():
    pieces = program(Experiment(optimizers=(ESSAY[3],), target=0.05))
    assert "target = 0.05" in pieces[2]
    assert max(len(line) for piece in program(ADAM) for line in piece.splitlines()) <= 36


def test_the_lines_of_the_optimizers_are_the_essays():
    assert optimizer_lines(Experiment()).splitlines() == [
        "LR = 0.01",
        "",
        "opt_SGD = torch.optim.SGD(net_SGD.parameters(), lr=LR)",
        "opt_Momentum = torch.optim.SGD(net_Momentum.parameters(), lr=LR, momentum=0.8)",
        "opt_RMSprop = torch.optim.RMSprop(net_RMSprop.parameters(), lr=LR, alpha=0.9)",
        "opt_Adam = torch.optim.Adam(net_Adam.parameters(), lr=LR, betas=(0.9, 0.99))",
    ]
