"""The dearest experiments that are admitted, found by a seeded search: seconds of one core and megabytes of each.

`python -m benchmarks.worst [--draws N] [--seed N] [--worst N]`

Each candidate trains in a fresh process, with its float64 twin and the frames of its race and its sweep; what is
measured is processor time and the growth of resident memory over what the process holds after one small training.
The search starts from random valid experiments and raises seeds, epochs, points, width or rates while they are
admitted; the dearest by units, and the dearest by bytes, of each activation and kind of loss are measured.
"""

import argparse
import base64
import json
import pickle
import random
import time
from dataclasses import replace

import torch

from benchmarks.timing import fresh_process, machine, markdown, peak_growth
from core.analysis import frames
from core.analysis.result_frames import sweep_frame
from core.analysis.rounding import parted, train_twin
from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.catalogue.optimizers import METHODS
from core.engine.training import train
from core.spec.experiment import BUDGET, BYTES, Experiment, Loss, Optimizer

#: What the published budget stands for.
SECONDS, MEGABYTES = 20.0, 150.0
OWN = (
    "log(1 + (5*r)**2)",
    "cosh(tanh(cosh(tanh(cosh(tanh(cosh(tanh(r))))))))",
    "exp(-abs(r)**1.5) + sqrt(abs(r) + 1)",
    "r + 1",
)
RAISED = {
    "seeds": (1, 2, 3, 8, 32, 100, 400),
    "epochs": (1, 2, 4, 12, 50, 100, 200),
    "points": (8, 64, 333, 1000, 2000, 5000),
    "width": (1, 2, 5, 20, 64, 128),
    "rates": (1, 2, 11, 100, 500),
    "batch_size": (None, 1, 3, 16, 32, 100, 1000),
}


def _experiment(
    activation: str, loss: Loss, data: str, methods: int, sizes: dict[str, int | None]
) -> Experiment | None:
    """Return the experiment of these sizes, None where it is not admitted."""
    rates = tuple(0.001 * (i + 1) for i in range(sizes["rates"] or 1))
    try:
        return Experiment(
            data=data,
            activation=activation,
            loss=loss,
            points=sizes["points"] or 8,
            width=sizes["width"] or 1,
            batch_size=sizes["batch_size"],
            epochs=sizes["epochs"] or 1,
            seeds=sizes["seeds"] or 1,
            learning_rates=rates,
            optimizers=tuple(Optimizer(name) for name in list(METHODS)[-methods:]),
            outlier_share=0.1,
            outlier_size=1.0,
        )
    except ValueError:
        return None


def search(draws: int, seed: int) -> list[Experiment]:
    """Return the dearest experiments found, by units and by bytes, of each activation and kind of loss."""
    chance = random.Random(seed)
    best: dict[tuple[str, str, str], Experiment] = {}
    for _ in range(draws):
        activation, data = chance.choice([*ACTIVATIONS]), chance.choice([*DATA_SETS])
        name = chance.choice(["mse", "log_cosh", "own", "own"])
        loss = Loss("own", expression=chance.choice(OWN)) if name == "own" else Loss(name)
        methods = chance.choice([1, 4, 7])
        sizes: dict[str, int | None] = {field: chance.choice(ladder) for field, ladder in RAISED.items()}
        found = _experiment(activation, loss, data, methods, sizes)
        for field in chance.sample([*RAISED], len(RAISED)):
            for value in RAISED[field]:
                raised = _experiment(activation, loss, data, methods, sizes | {field: value})
                if raised and (found is None or max(_shares(raised)) > max(_shares(found))):
                    found, sizes = raised, sizes | {field: value}
        if found is None:
            continue
        for place, share in zip(("units", "bytes"), _shares(found), strict=True):
            key = (place, activation if place == "units" else "", name)
            if key not in best or share > _shares(best[key])[place == "bytes"]:
                best[key] = found
    return list(dict.fromkeys(best.values()))


def _shares(e: Experiment) -> tuple[float, float]:
    return e.cost / BUDGET, e.bytes / BYTES


def _name(e: Experiment) -> str:
    lines = f"{e.columns // e.seeds} lines × {e.seeds} seeds × {e.steps} steps"
    loss = f"own, {e.loss.cost} passes" if e.loss.expression else e.loss.name
    return f"{e.data}, {e.activation}, {loss}, n={e.points}, width={e.width}, batch={e.batch_size}, {lines}"


def measure_here(packed: str) -> dict[str, float]:
    """Do all that an experiment costs in this process, and return the seconds, bytes and nanoseconds a unit."""
    torch.set_num_threads(1)
    experiment: Experiment = pickle.loads(base64.b64decode(packed))  # this program's own argument
    train(replace(Experiment(), epochs=1))
    spent: dict[str, float] = {}

    def everything() -> None:
        begun = time.process_time()
        history = train(experiment, device="cpu")
        spent["training"] = time.process_time() - begun
        parted(history, train_twin(experiment))
        frames.race_frame(history, 0.9)
        sweep_frame(history)
        spent["seconds"] = time.process_time() - begun

    peak = peak_growth(everything)
    return spent | {"bytes": float(peak or 0)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worst", description=__doc__)
    parser.add_argument("--draws", type=int, default=3000, help="experiments to start the search from")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--worst", type=int, default=12, help="how many of those found are measured")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(measure_here(options.one)))
        return
    found = sorted(search(options.draws, options.seed), key=lambda e: -max(_shares(e)))
    rows = []
    for e in found[: options.worst]:
        got = fresh_process("benchmarks.worst", "--one", base64.b64encode(pickle.dumps(e)).decode())
        rows.append(
            [
                _name(e),
                f"{got['seconds']:.1f}",
                f"{got['bytes'] / 1e6:.0f}",
                f"{e.cost / BUDGET:.2f}",
                f"{e.bytes / BYTES:.2f}",
                f"{got['training'] / e.effort * 1e9:.2f}",
            ]
        )
        print(*rows[-1], flush=True)
    print(f"\n{machine()}\n")
    print(markdown(["experiment", "s", "MB", "of the units", "of the bytes", "ns a unit in training"], rows))
    late = [row for row in rows if float(row[1]) > SECONDS or float(row[2]) > MEGABYTES]
    print(f"\n{len(late)} of {len(rows)} are over {SECONDS:.0f} s or {MEGABYTES:.0f} MB.")


if __name__ == "__main__":
    main()
