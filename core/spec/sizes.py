"""How a training is cut up, by its sizes alone: what is evaluated and kept when, and how many runs go at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.spec.experiment import Experiment

#: Multiplications that evaluations on the full data may add to one training, beside those of the end …
EVALUATION_BUDGET = 55_000_000
#: … and how many there are in any case, or one a step.
EVALUATIONS = 8
#: How many steps of the last epoch make the end of a run.
END_STEPS = 8
SNAPSHOTS = 60
SNAPSHOT_BYTES = 4_000_000
#: Numbers that one chunk works on at once (runs × batch × hidden, and what each point needs besides) on the CPU.
CHUNK = 300_000
#: Activations of an evaluation on the CPU, which works in one buffer.
CHUNK_EVALUATION = 400_000
#: The same of both on a GPU, where it bounds memory only.
CHUNK_CUDA = 200_000_000
#: Numbers of the batches that are laid out in advance.
AHEAD = 1_000_000
#: What a point needs in a chunk beside its activations, in numbers; an own loss, one for each pass.
BESIDE = 8

#: A batch is padded to a multiple of so many points.
POINTS = 16


def padded(points: int) -> int:
    """Return how many points a batch takes with its padding."""
    return -(-points // POINTS) * POINTS


def in_rows(runs: int, seeds: int) -> int:
    """Return about so many runs, whole lines of all seeds if that many fit."""
    return runs - runs % seeds if runs >= seeds else runs


def parameter_count(inputs: int, width: int) -> int:
    """Return the number of parameters: hidden weights and biases, output weights and bias."""
    return width * inputs + 2 * width + 1


def end_steps(steps: int, per_epoch: int) -> tuple[int, ...]:
    """Return the steps whose mean loss is the end of a run: 8 evenly spaced in the last epoch, or all of fewer."""
    count = min(END_STEPS, per_epoch)
    return tuple(steps - per_epoch + per_epoch * i // count for i in range(1, count + 1))


def evaluate_every(e: Experiment) -> int:
    """Return how many steps lie between two evaluations before the end, 1 where that is cheap.

    Only this depends on how many runs there are: it decides how exactly it is known when a target was reached, and
    nothing else.
    """
    e = e.alone
    every = -(-e.columns * e.points * e.passes * e.steps // EVALUATION_BUDGET)
    return min(every, -(-e.steps // EVALUATIONS))


def evaluation_steps(e: Experiment) -> tuple[int, ...]:
    """Return the steps with a full-data loss: 0, every k-th, and those of the end."""
    return tuple(sorted({*range(0, e.steps, evaluate_every(e)), *end_steps(e.steps, len(e.batch_sizes))}))


def snapshot_steps(e: Experiment, parameters: int, itemsize: int) -> tuple[int, ...]:
    """Return up to 60 steps spread evenly from 0 to the last, fewer where their memory is bounded.

    Where it allows, the steps that make the end of a run are among them.
    """
    fits = SNAPSHOT_BYTES // (parameters * e.alone.columns * itemsize)
    count = min(SNAPSHOTS, max(2, fits), e.steps + 1)
    spread = {round(i * e.steps / (count - 1)) for i in range(count)}
    both = spread | set(end_steps(e.steps, len(e.batch_sizes)))
    return tuple(sorted(both if len(both) <= fits else spread))


def chunk_size(e: Experiment, cuda: bool) -> int:
    """Return how many runs train at once."""
    batch = padded(e.batch_sizes[0]) * (e.width + BESIDE + e.loss.cost)
    return in_rows(max(1, (CHUNK_CUDA if cuda else CHUNK) // batch), e.seeds)
