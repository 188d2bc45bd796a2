"""What stands around the pages: whose example it is, addresses without a page, what a waiting reader is told."""

import threading
from dataclasses import replace

import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn

from core.analysis import frames
from core.analysis.unit_frames import sum_lines, unit_lines
from core.engine.training import build_network, train
from core.spec.experiment import BUDGET, Experiment, Optimizer
from core.text import Text
from core.ui.kept import Kept
from core.ui.link_preview import head
from core.ui.pace import BUDGET_SECONDS
from core.ui.sections import ROOT, SECTIONS, section_at
from core.ui.trainer import LONGEST_WAIT, Busy, Trainer
from core.ui.works import Computation
from tests.test_pages import open_page

ENGLISH = Text("en")
SECOND = BUDGET / BUDGET_SECONDS  # units


def test_the_example_is_that_of_the_tutorial():
    """LR, BATCH_SIZE, EPOCH, the data, the net and the four optimizers of tutorial 306."""
    e = Experiment()
    assert (e.learning_rates, e.batch_size, e.epochs, e.points) == ((0.01,), 32, 12, 1000)
    assert (e.data, e.noise, e.loss.name) == ("parabola", 0.1, "mse")
    net = build_network(e)
    assert isinstance(net[1], nn.ReLU)
    assert (net[0].in_features, net[0].out_features, net[2].out_features) == (1, 20, 1)
    sgd, momentum, rmsprop, adam = e.optimizers
    assert (sgd, adam.betas) == (Optimizer("SGD"), (0.9, 0.99))
    assert (momentum.momentum, rmsprop.alpha) == (0.8, 0.9)
    assert [s.key for s in SECTIONS] == [
        *("home", "unknowns", "transformer", "objective", "small_steps", "optimizers", "learning_rate"),
    ]


def test_an_address_without_a_page_is_said_to_be_one():
    for path in ("nowhere", "unknown", "transformer2"):
        assert section_at(path) is None
        assert ENGLISH("shell.missing.title") in head(path, ENGLISH)
    assert all(ENGLISH("shell.missing.title") not in head(s.url_path, ENGLISH) for s in SECTIONS)
    app = AppTest.from_file(str(ROOT / "core/ui/shell.py"), default_timeout=60).run()
    links = [link.proto.page for link in app.main.get("page_link")][: len(SECTIONS) - 1]
    assert links == [s.url_path for s in SECTIONS if s.url_path]  # the app opens on the first


def test_racers_start_from_the_same_weights_and_see_the_same_batches():
    for seed in range(5):
        history = train(replace(Experiment(), first_seed=seed, learning_rates=(1e-12,), epochs=1))
        start = history.snapshots[0]
        assert (start == start[:, :1]).all()
        losses = history.loss  # nobody moves, so equal batches give equal losses
        torch.testing.assert_close(losses, losses[:, :1].expand_as(losses), rtol=1e-5, atol=0)
        assert losses[:, 0].std() > 0


@pytest.mark.parametrize("e", [Experiment(optimizers=(Optimizer("Adam"),), width=w) for w in (1, 20, 128)])
def test_curves_are_drawn_where_coefficients_were_kept(e):
    history = train(replace(e, activation="tanh"))
    kept = set(history.snapshot_steps)
    assert len(kept) < e.steps
    drawn = unit_lines(history, 0)
    assert set(drawn.loc[drawn["line"] == 0, "begin"]) == set(frames.fit_frame(history, 0)["begin"]) == kept
    assert set(drawn["begin"]) | set(sum_lines(history, 0)["begin"]) <= kept
    said = ENGLISH("player.kept", count=len(kept), steps=e.steps)
    assert f"up to {len(kept)} of the {e.steps} steps" in said


def held(queue: Trainer, seconds: float) -> threading.Event:
    begun, let_go = threading.Event(), threading.Event()

    def call(progress):
        begun.set()
        while not let_go.wait(0.01):
            progress(0.0)

    queue.join("held", Computation(call, seconds * SECOND))
    assert begun.wait(5)
    return let_go


def test_what_would_wait_too_long_is_sent_away():
    queue = Trainer(Kept())
    let_go = held(queue, LONGEST_WAIT - 1)
    second = queue.join("second", Computation(lambda progress: 1, LONGEST_WAIT * SECOND))
    with pytest.raises(Busy):
        queue.join("third", Computation(lambda progress: 1, (LONGEST_WAIT + 1) * SECOND))
    let_go.set()
    assert second.done.wait(5)
    assert f"more than {LONGEST_WAIT:g} seconds" in ENGLISH("wait.busy", seconds=f"{LONGEST_WAIT:g}")


def test_who_waits_is_told_how_many_are_ahead_and_how_long():
    queue = Trainer(Kept())
    let_go = held(queue, 2)
    jobs = [queue.join(f"{i}", Computation(lambda progress: 1, (3 + i) * SECOND)) for i in range(3)]
    waits = [queue.wait_of(job) for job in jobs]
    assert [ahead for ahead, _ in waits] == [1, 2, 3]
    assert [seconds for _, seconds in waits] == pytest.approx([2 + 3, 2 + 3 + 4, 2 + 3 + 4 + 5], rel=0.1)
    let_go.set()
    assert all(job.done.wait(5) for job in jobs)


def test_a_training_is_said_to_be_of_its_runs_and_steps():
    for e in (
        Experiment(),
        Experiment(seeds=5, learning_rates=(0.1, 0.3), epochs=1),
        Experiment(points=8, batch_size=3, epochs=1),
    ):
        history = train(e)
        assert (e.columns, e.steps) == (history.loss.shape[1], history.loss.shape[0])
        assert (history.loss.dtype, history.snapshots.dtype) == (torch.float32, torch.float32)
        asked = {"seeds": e.seeds, "epochs": e.epochs, "n": e.points, "batch": e.batch_size, "lr": e.learning_rates[0]}
        app = open_page("optimizers", {name: str(value) for name, value in asked.items()})
        where = {"cpu": "on the CPU in float32", "cuda": "on a GPU in float32"}[history.device]
        assert any(f"{4 * e.seeds} runs, each of {e.steps} steps, {where}" in c.value for c in app.caption)
    one = replace(Experiment(), optimizers=(Optimizer("SGD"),), points=8, batch_size=None, epochs=1)
    assert ENGLISH("wait.training", runs=one.columns, steps=one.steps) == "Training 1 run of 1 step."
