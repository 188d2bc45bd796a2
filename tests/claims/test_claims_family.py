"""What is said of a network as a family of functions, by plain PyTorch."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from core.engine.asking import AtOnce
from core.text import Text
from core.text.numbers import sig
from pages.unknowns import network
from pages.unknowns.network.compute import WIDER, coefficients, found_frame
from pages.unknowns.network.spec import DEFAULTS, MEMBERS, TRIES, Network
from tests.claims import plain
from tests.drawn import drawn

ENGLISH = Text("en")


def sought(spec: Network):
    return network.SCENE.compute((spec,), AtOnce())


def tried(name: str) -> Network:
    return network.SCENE.form.build(network.SCENE.form.flatten(DEFAULTS) | TRIES[name])[0]


def end_of(run: plain.Run) -> float:
    """The mean loss on all points at 8 even steps of the last epoch, of 32."""
    return sum(run.full[-1 - 4 * i] for i in range(8)) / 8


def plain_network(width: int, seed: int) -> nn.Sequential:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(1, width), nn.ReLU(), nn.Linear(width, 1))


@pytest.mark.parametrize("width", [1, 2, 20])
def test_each_set_of_coefficients_is_one_curve(width):
    spec = Network(width=width, member=3)
    found = sought(spec)
    x = torch.tensor(found.family["x"].to_numpy()).unsqueeze(1)
    for member in (1, 3, MEMBERS):
        net = plain_network(width, member)
        wide = WIDER * parameters_to_vector(net.parameters())
        assert torch.allclose(coefficients(width, member), wide)
        vector_to_parameters(wide, net.parameters())
        curve = net(x.float())[:, 0].detach().double()
        assert torch.allclose(
            torch.tensor(found.family[f"c{member}"].to_numpy(), dtype=torch.float64), curve, atol=1e-5
        )
        if member == spec.member:
            assert found.given == pytest.approx(wide.tolist())
    count = 3 * width + 1
    said = drawn(network.SCENE, spec, text=ENGLISH).sentences[0]
    assert f"{count} coefficients" in said
    assert f"{MEMBERS} sets" in said


def test_training_moves_coefficients_until_the_curve_fits():
    spec = DEFAULTS[0]
    found = sought(spec)
    run = plain.run(spec.sought, 0, keep=True)
    first, last = (parameters_to_vector(run.nets[i].parameters()) for i in (0, -1))
    moved = int((first != last).sum())
    frame = found_frame(found.history)
    drawn_first, drawn_last = (frame[frame["begin"] == step]["value"] for step in (0, spec.sought.steps))
    assert drawn_first.tolist() == pytest.approx(first.tolist())
    assert drawn_last.tolist() == pytest.approx(last.tolist(), rel=0.01, abs=1e-3)
    assert len(first) == 61
    said = drawn(network.SCENE, spec, text=ENGLISH).sentences[1]
    assert f"moved {moved} of 61 coefficients" in said
    assert said.endswith(f"a loss of {sig(float(found.history.end[0]))}.")
    assert end_of(run) == pytest.approx(float(found.history.end[0]), rel=0.01)
    assert end_of(run) < 0.5 * run.full[0]


def test_coefficients_that_stay_belong_to_units_that_are_zero_everywhere():
    for seed in range(6):
        run = plain.run(DEFAULTS[0].sought, seed, keep=True)
        before, after = run.nets[0], run.nets[-1]
        for unit in range(20):
            always = (before[0](run.x)[:, unit] <= 0).all()
            same = [
                bool(before[0].weight[unit] == after[0].weight[unit]),
                bool(before[0].bias[unit] == after[0].bias[unit]),
                bool(before[2].weight[0, unit] == after[2].weight[0, unit]),
            ]
            assert same == [bool(always)] * 3


def test_one_unit_bends_once_and_fits_worse():
    small = sought(tried("few"))
    assert len(small.given) == 4
    for name in (c for c in small.family if c != "x"):
        slope = small.family[name].diff().dropna().to_numpy()
        level = abs(slope) < 1e-5 * (1 + abs(slope).max())
        assert (abs(np.diff(level.astype(int))).sum()) <= 1  # level on one side of the bend
        straight = slope[~level][1:-1]
        assert len(straight) == 0 or np.ptp(straight) < 1e-3 * (1 + abs(slope).max())
    for seed in range(6):
        ends = [end_of(plain.run(Network(width=width).sought, seed)) for width in (1, 20)]
        assert ends[0] > 2 * ends[1]


def test_other_points_find_other_coefficients_from_the_same_start():
    usual, sine = (found_frame(sought(spec).history) for spec in (DEFAULTS[0], tried("sine")))
    start = [frame[frame["begin"] == 0]["value"].to_numpy() for frame in (usual, sine)]
    end = [frame[frame["begin"] == frame["begin"].max()]["value"].to_numpy() for frame in (usual, sine)]
    assert (start[0] == start[1]).all()
    assert abs(end[0] - end[1]).max() > 0.1
