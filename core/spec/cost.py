"""What an experiment costs, in units and bytes that are the same on every machine: admission adds them up.

A unit is about a nanosecond of one core of the machine that the figures were measured on; `python -m
benchmarks.worst` measures the dearest experiments that are admitted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.spec.sizes import (
    AHEAD,
    CHUNK,
    CHUNK_EVALUATION,
    END_STEPS,
    EVALUATION_BUDGET,
    EVALUATIONS,
    SNAPSHOT_BYTES,
    SNAPSHOTS,
    chunk_size,
    evaluate_every,
    padded,
    parameter_count,
)

if TYPE_CHECKING:
    from core.spec.experiment import Experiment

#: A step of a chunk: its calls of torch, those of an evaluation after it, and those of each pass of an own loss.
STEP, OWN_STEP = 70_000, 1_500
#: A step of a run: its matrix products, each of its parameters, and each of its points beside the activations.
RUN, PARAMETER, POINT = 600, 5, 18
#: A residual under an own loss, for each of its passes, and one that a best constant leaves.
OWN, CONSTANT = 2, 400
#: Constants that are tried for an own loss.
TRIED = 110
#: A point of an evaluation beside its activations; a point drawn in an order.
EVALUATION_POINT, ORDER = 8, 20
#: A parameter kept; a loss kept and judged; a run judged; a seed drawn.
KEPT, LOSS, JUDGED, SEED = 4, 60, 40_000, 200_000
#: A twin in float64 takes at most so many times as long as the training.
TWIN = 2
#: What a figure makes of each run, of each loss, and at all.
FIGURE_RUN, FIGURE_LOSS, FIGURE = 100_000, 100, 300_000_000
#: Bytes beside the record: the buffers, and what torch and a figure need at all.
BUFFERS = 4 * (8 * CHUNK + 4 * CHUNK_EVALUATION + 6 * AHEAD) + 20_000_000


def added(e: Experiment) -> int:
    """Return the units that its runs take in themselves, as they would in a larger company."""
    evaluations = e.steps // evaluate_every(e) + END_STEPS + 1
    return _steps(e) + evaluations * _evaluation(e)


def training(e: Experiment) -> int:
    """Return the units of training an experiment, evaluations and best constants included."""
    return added(e) + _chunks(e)


def units(e: Experiment) -> int:
    """Return the units of all that is made of an experiment: training, its twin, figures.

    They grow with every size but the batch's. So evaluations count as the most they can be: fewer of them, because
    there are more runs, make no experiment cheaper.
    """
    figures = FIGURE + e.columns * FIGURE_RUN + e.steps * e.columns * FIGURE_LOSS
    trained = _steps(e) + _chunks(e)
    return trained + _all_evaluations(e) + TWIN * trained + figures


def size(e: Experiment) -> int:
    """Return the bytes that an experiment takes at most: its record, its data, a twin's losses, buffers."""
    runs, parameters = e.columns, _parameters(e)
    record = 4 * (2 * runs * (e.steps + END_STEPS) + _kept(e) + 2 * runs * parameters)
    data = e.seeds * (12 * e.points + 8 * parameters + 12_000)
    twin = 8 * runs * e.steps
    own = 8 * e.loss.cost * e.points
    return record + data + twin + own + 4_000 * runs + BUFFERS


def _parameters(e: Experiment) -> int:
    return parameter_count(DATA_SETS[e.data].inputs, e.width)


def _steps(e: Experiment) -> int:
    """Return the units of the runs' steps, and of what is kept of them."""
    both, parameters = ACTIVATIONS[e.activation].cost[1], _parameters(e)
    batches = padded(e.batch_sizes[0]) * len(e.batch_sizes)
    epoch = batches * (both * e.width + POINT + OWN * e.loss.cost)
    run = e.epochs * epoch + e.steps * (RUN + PARAMETER * parameters + LOSS) + JUDGED
    return e.columns * run + KEPT * _kept(e)


def _kept(e: Experiment) -> int:
    """Return how many numbers the snapshots are at most."""
    one = e.columns * _parameters(e)
    return min(one * (SNAPSHOTS + END_STEPS), max(SNAPSHOT_BYTES // 4, 2 * one))


def _evaluation(e: Experiment) -> int:
    """Return the units of one evaluation of all runs."""
    forward = ACTIVATIONS[e.activation].cost[0]
    return e.columns * padded(e.points) * (forward * e.width + EVALUATION_POINT + OWN * e.loss.cost)


def _all_evaluations(e: Experiment) -> int:
    """Return the units of all evaluations at most: as many as the runs are few, and those there are in any case."""
    one, forward = _evaluation(e), ACTIVATIONS[e.activation].cost[0]
    most = EVALUATION_BUDGET * (forward + OWN + 4)  # what a multiplication of their budget takes, padding and all
    return max(min(e.steps * one, most), min(e.steps, EVALUATIONS) * one) + (END_STEPS + 1) * one


def _chunks(e: Experiment) -> int:
    """Return the units that a training takes beside its runs: calls of torch, orders, best constants."""
    runs, own = e.columns, e.loss.cost
    chunks = -(-runs // min(runs, chunk_size(e, cuda=False)))
    orders = min(runs, chunks * e.seeds) * e.epochs * e.points * ORDER
    constants = e.seeds * (SEED + e.points * (CONSTANT + TRIED * OWN * own))
    return chunks * e.steps * (STEP + OWN_STEP * own) + orders + constants
