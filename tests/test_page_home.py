"""The home page: four panels of one run, where it may stop, and what its prose claims."""

import math

import pytest
import torch

from core.analysis.four_steps import POINTS, RESIDUALS, VISITS, losses_frame, residuals_frame, stop_step, visits_frame
from core.engine.training import build_network, train
from core.spec.experiment import ESSAY, Experiment, Loss, Optimizer
from core.spec.view import View
from core.text import LANGUAGES, Text
from core.ui.controls import LADDERS
from pages.home.run.compute import training_of
from pages.home.run.figure import build_four_steps
from pages.home.run.spec import FOUR_STEPS
from tests.test_pages import open_page, query_of, said

HISTORY = train(training_of(FOUR_STEPS))
WILD = train(Experiment(optimizers=(Optimizer("SGD"),), learning_rates=(30.0,), epochs=2))


def test_visits_are_the_batches_of_a_plain_loop():
    e = Experiment(points=50, batch_size=16, epochs=3)
    frame = visits_frame(e)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        y = torch.linspace(-1, 1, 50) ** 2 + 0.1 * torch.randn(50)
        build_network(e)
        step, expected = 0, {i: [] for i in range(50)}
        for _ in range(e.epochs):
            for batch in torch.randperm(50).split(16):
                step += 1
                for i in batch.tolist():
                    expected[i].append(step)
    assert frame["visits"].tolist() == list(expected.values())
    torch.testing.assert_close(torch.tensor(frame["y"].to_numpy()), y)


@pytest.mark.parametrize(
    "e", [Experiment(), Experiment(points=5000, epochs=100, data="saddle")], ids=["classic", "large"]
)
def test_points_and_visits_are_bounded(e):
    frame = visits_frame(e)
    assert len(frame) <= POINTS
    assert frame["visits"].map(len).sum() <= VISITS + e.epochs
    assert set(frame["visits"].map(len)) == {e.epochs}


def test_residual_lines_join_points_to_what_the_network_says():
    frame = residuals_frame(HISTORY, 0)
    assert list(frame["begin"]) == list(HISTORY.snapshot_steps)
    assert len(frame["x"].iloc[0]) == RESIDUALS
    module = build_network(FOUR_STEPS)
    for row in (0, 10, -1):
        torch.nn.utils.vector_to_parameters(HISTORY.snapshots[row, :, 0], module.parameters())
        x = torch.tensor(frame["x"].iloc[row]).unsqueeze(1)
        torch.testing.assert_close(torch.tensor(frame["fit"].iloc[row]), module(x)[:, 0].detach(), atol=1e-5, rtol=1e-4)
    points = visits_frame(FOUR_STEPS).set_index("x")["y"]
    assert points.loc[frame["x"].iloc[0]].tolist() == frame["y"].iloc[0]


def test_losses_are_those_of_the_run():
    frame = losses_frame(HISTORY, 0)
    assert list(frame["step"]) == list(range(385))
    assert math.isnan(frame["batch"][0])
    torch.testing.assert_close(torch.tensor(frame["batch"][1:].to_numpy()), HISTORY.loss[:, 0].double())
    torch.testing.assert_close(torch.tensor(frame["full"].to_numpy()), HISTORY.full_loss[:, 0].double())


def test_after_a_loss_that_is_no_number_nothing_follows():
    frame = losses_frame(WILD, 0)
    first = frame["full"].isna().idxmax()
    assert first > 0
    assert frame["full"][first:].isna().all()
    assert stop_step(WILD, 0, 1e-9) is None
    build_four_steps(WILD, 0.02, View(), Text("en"))


@pytest.mark.parametrize("target", LADDERS["target"])
def test_it_may_stop_where_the_loss_is_first_below_the_target(target):
    full = HISTORY.full_loss[:, 0].tolist()
    expected = next((step for step, loss in enumerate(full) if loss < target), None)
    shown = build_four_steps(HISTORY, target, View(), Text("en"))
    assert shown.stop == expected
    if expected:
        assert f"step {expected}:" in shown.sentences[0]
    elif expected is None:
        assert "Not within 384 steps" in shown.sentences[0]


@pytest.mark.parametrize("loss", [Loss(), Loss("l1"), Loss("log_cosh")], ids=lambda loss: loss.name)
@pytest.mark.parametrize("data", ["sine", "ripple"])
def test_the_panels_take_any_experiment(data, loss):
    e = Experiment(data=data, loss=loss, epochs=2, seeds=2, activation="gelu", width=3, optimizers=(ESSAY[1],))
    shown = build_four_steps(train(e), 0.001, View(scale="log"), Text("zh-Hant"))
    assert [c.name for c in shown.charts] == ["data", "model", "loss", "train"]
    assert all(len(str(c.spec)) < 300_000 for c in shown.charts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scene_says_where_training_may_stop_and_its_program_stops_there(language):
    app = open_page("home", {"v": "2", "target": "0.01"}, language)
    assert Text(language)("home.floor", floor="0.01") in [c.value for c in app.caption]
    app = open_page("home", language=language)
    step = stop_step(HISTORY, 0, FOUR_STEPS.target)
    assert Text(language)("home.stop", step=step, target="0.02") in said(app)
    app.session_state["fold.code"] = True
    app.run()
    assert "target = 0.02" in app.code[0].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_of_the_first_version_is_what_the_scene_shows(language):
    shared = (
        Experiment(optimizers=(Optimizer("RMSprop", alpha=0.5),), width=5, data="saddle", epochs=2, target=0.07),
        View(step=9),
    )
    app = open_page("home", query_of(*shared), language)
    assert not app.warning
    assert app.session_state["scene_situations"]["home", "run"].specs == (shared[0], View())
    assert app.query_params["step"] == "9"
