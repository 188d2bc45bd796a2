"""What the home page says, run: on its defaults and over seeds."""

from dataclasses import replace

import pytest
import torch

from core.four_steps import stop_step
from core.training import build_network, train
from core.ui.home import FOUR_STEPS

SEEDS = range(5)


@pytest.mark.parametrize("seed", SEEDS)
def test_without_an_activation_it_stays_a_line_and_misses_the_target(seed):
    e = replace(FOUR_STEPS, activation="identity", seeds=seed + 1)
    history = train(e)
    assert stop_step(history, seed, 0.02) is None
    module = build_network(e)
    x = torch.linspace(-1, 1, 5).unsqueeze(1)
    for snapshot in history.snapshots[::50, :, seed]:
        torch.nn.utils.vector_to_parameters(snapshot, module.parameters())
        torch.testing.assert_close(module(x).diff(n=2, dim=0), torch.zeros(3, 1), atol=1e-5, rtol=0)
