"""One coefficient of every run, recorded at every step: what each optimizer makes its steps of."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.catalogue.optimizers import METHODS
from core.engine.chunk import Chunk
from core.engine.passes import Room
from core.engine.start import draw, draw_orders
from core.engine.training import Progress, build_optimizer, flushed_denormals
from core.spec.experiment import Experiment, Run


@dataclass(frozen=True)
class Recorded:
    """A coefficient of every run, its slope and both moments; column r of every tensor is run r."""

    experiment: Experiment
    index: int  # of the coefficient, in PyTorch's order
    parameter: Tensor  # (steps + 1, runs), before the first step and after every one
    gradient: Tensor  # (steps, runs) that enters m and v at each step; coupled weight decay is in it
    first: Tensor  # (steps + 1, runs) m
    second: Tensor  # (steps + 1, runs) v

    @property
    def nbytes(self) -> int:
        """The memory its tensors take."""
        return sum(t.nbytes for t in (self.parameter, self.gradient, self.first, self.second))


def record(experiment: Experiment, index: int, on_progress: Progress | None = None) -> Recorded:
    """Train the experiment once more, in float32 on the CPU, and keep one coefficient at every step.

    It moves bit for bit as in `train` there. IndexError if there is no such coefficient.
    """
    e, like = experiment, torch.empty(0)
    runs = len(e.runs)
    parameter, first, second = (torch.empty(e.steps + 1, runs) for _ in range(3))
    gradient = torch.empty(e.steps, runs)
    with flushed_denormals(), torch.inference_mode():
        start = draw(e)
        chunk = Chunk(e, start, range(runs), like, Room(like))
        place = int(chunk.order.columns(torch.arange(chunk.rows.shape[1]).unsqueeze(0))[index, 0])

        def visit(step: int, chunk: Chunk) -> None:
            parameter[step] = chunk.rows[:, place]
            first[step], second[step] = chunk.state.first[:, place], chunk.state.second[:, place]
            if step:
                gradient[step - 1] = chunk.gradients[:, place]

        visit(0, chunk)
        for epoch, order in enumerate(draw_orders(start, chunk.seeds, e.epochs)):
            chunk.epoch(order, epoch * len(e.batch_sizes), visit)
            if on_progress is not None:
                on_progress((epoch + 1) / e.epochs)
    return Recorded(e, index, parameter, gradient, first, second)


@dataclass(frozen=True)
class OneStep:
    """What torch.optim makes of one coefficient in one step; None where it keeps no such moment."""

    parameter: float
    first: float | None
    second: float | None


def torch_step(found: Recorded, column: int, step: int) -> OneStep:
    """Let torch.optim take step 1, 2, … of a run alone, from the engine's state before it."""
    run = found.experiment.runs[column]
    names, before = torch_moments(run), step - 1
    p = torch.nn.Parameter(found.parameter[before, column].reshape(1).clone())
    p.grad = own_gradient(found, column, step).reshape(1)
    optimizer = build_optimizer(run, [p])
    moments = (found.first[before, column], found.second[before, column])
    kept = {name: m.reshape(1).clone() for name, m in zip(names, moments, strict=True) if name}
    optimizer.state[p].update({"step": torch.tensor(float(before))} | kept)
    optimizer.step()
    after = [optimizer.state[p][name].item() if name else None for name in names]
    return OneStep(p.item(), *after)


def torch_moments(run: Run) -> tuple[str | None, str | None]:
    """Return where torch keeps m and v of a run: without momentum it keeps no buffer for it."""
    first, second = METHODS[run.optimizer.name].moments
    return None if run.optimizer.hyperparameters.get("momentum") == 0 else first, second


def own_gradient(found: Recorded, column: int, step: int) -> Tensor:
    """Return the slope of the mini-batch's loss at a step, without any weight decay; a number as a tensor."""
    return own_gradients(found)[step - 1, column]


def own_gradients(found: Recorded) -> Tensor:
    """Return the slope of the mini-batch's loss at every step, without any weight decay; (steps, runs)."""
    rows = [METHODS[run.optimizer.name].row(run.optimizer.hyperparameters) for run in found.experiment.runs]
    coupled = found.gradient.new_tensor([row.coupled for row in rows])
    return found.gradient - coupled * found.parameter[:-1]
