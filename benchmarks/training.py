"""How fast the engine trains the classic experiment, beside the plain torch loop and JAX: one table.

`python -m benchmarks.training [--quick] [--cores N] [--torch-threads N]`
"""

import argparse
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from statistics import median
from unittest import mock

import numpy as np
import torch

from benchmarks.timing import cores, fresh_process, interleave, machine, markdown, use_cores
from core.engine import training
from core.engine.evaluation import FullLoss
from core.spec import sizes
from core.spec.experiment import LADDER, Experiment

ENGINE, LOOP, JAX = "Small Steps", "plain torch loop", "JAX"
EVALUATED = "Small Steps with full-data evaluation"

EXPERIMENTS = {  # optimizers × learning rates × seeds
    4: Experiment(),  # 4 × 1 × 1
    224: Experiment(learning_rates=LADDER[1:8], seeds=8),  # 4 × 7 × 8
    1600: Experiment(learning_rates=LADDER[:10], seeds=40),  # 4 × 10 × 40
}
#: How many times as fast the engine is to be on 2 cores, by comparison and number of runs.
TARGETS = {
    "plain torch loop": {4: 15, 224: 250},
    "warm JAX": {224: 2, 1600: 2},
    "cold JAX, first answer": {224: 30},
}
AGREEMENT = 1e-3  # the most the final losses may differ, relatively

Trains = Callable[[], np.ndarray]


def _nothing(_: FullLoss, rows: torch.Tensor) -> bool:
    return False


def _engine(experiment: Experiment) -> np.ndarray:
    """Train without losses on the full data, which JAX is not asked for either."""
    with mock.patch.object(FullLoss, "add", _nothing):  # a Mock would take as long as a step
        return training.train(experiment, device="cpu").loss.numpy()


def _loop(experiment: Experiment) -> np.ndarray:
    """Train run after run with torch.optim, without evaluations and snapshots on the way."""
    with mock.patch.multiple(sizes, EVALUATION_BUDGET=1, SNAPSHOTS=2):
        return training.train_reference(experiment, dtype=torch.float32).loss.numpy()


def contender(name: str, runs: int) -> Trains:
    """Return a function that trains once and returns the mini-batch losses (steps, runs)."""
    experiment = EXPERIMENTS[runs]
    if name == JAX:
        from benchmarks import jax_peer  # only here, so that the others' memory is without it

        return jax_peer.build(experiment)
    if name == EVALUATED:
        return lambda: training.train(experiment, device="cpu").loss.numpy()
    return partial({ENGINE: _engine, LOOP: _loop}[name], experiment)


def check_agreement(runs: int) -> float:
    """Return how far the contenders' final losses of SGD at 0.01 lie apart, relatively; too far raises."""
    experiment = EXPERIMENTS[runs]
    same = [r.optimizer.name == "SGD" and r.learning_rate == 0.01 for r in experiment.runs]
    names = (ENGINE, JAX, LOOP) if runs == 4 else (ENGINE, JAX)
    ours, *others = (contender(name, runs)()[-1, same] for name in names)
    apart = max(float(np.abs(other / ours - 1).max()) for other in others)
    if not apart <= AGREEMENT:
        raise SystemExit(f"at {runs} runs the contenders disagree: final losses {apart:.1e} apart")
    return apart


def measure(runs: int, repetitions: int, fresh: int, threads: int) -> dict[str, float]:
    """Return the medians of one number of runs: microseconds per run and step, seconds, bytes."""
    experiment = EXPERIMENTS[runs]
    actions = {name: contender(name, runs) for name in (ENGINE, EVALUATED, JAX)}
    actions[LOOP] = contender(LOOP, 4)  # one run after the other: the same time per run at any number
    found = {}
    for name, times in interleave(actions, repetitions).items():
        count = 4 if name == LOOP else runs
        found[name] = median(times) / (count * experiment.steps) * 1e6
    for name in (ENGINE, JAX, LOOP):
        count, times_over = (4, 1) if name == LOOP else (runs, fresh)
        firsts = [fresh_process("benchmarks.first_answer", name, count, threads) for _ in range(times_over)]
        found[f"{name} first"] = median(f["seconds"] for f in firsts)
        found[f"{name} memory"] = median(f["peak"] or float("nan") for f in firsts)
    return found


def table(found: dict[int, dict[str, float]]) -> str:
    """Return the one table: a column for each number of runs."""

    def row(label: str, value: Callable[[dict[str, float]], float], form: str) -> list[str]:
        return [label, *(format(value(f), form) for f in found.values())]

    evaluations = [len(sizes.evaluation_steps(EXPERIMENTS[r])) for r in found]
    rows = [
        row("plain torch loop, µs per run and step", lambda f: f[LOOP], ".0f"),
        row("JAX, compiled, µs per run and step", lambda f: f[JAX], ".2f"),
        row("Small Steps, µs per run and step", lambda f: f[ENGINE], ".2f"),
        row("… times as fast as the plain loop", lambda f: f[LOOP] / f[ENGINE], ".1f"),
        row("… times as fast as JAX, compiled", lambda f: f[JAX] / f[ENGINE], ".1f"),
        row("JAX, first answer, s", lambda f: f[f"{JAX} first"], ".2f"),
        row("Small Steps, first answer, s", lambda f: f[f"{ENGINE} first"], ".3f"),
        row("… times as soon", lambda f: f[f"{JAX} first"] / f[f"{ENGINE} first"], ".1f"),
        ["Small Steps, losses on the full data", *(str(n) for n in evaluations)],
        row("… add, µs per run and step", lambda f: f[EVALUATED] - f[ENGINE], ".2f"),
        row("plain torch loop, peak memory, MB", lambda f: f[f"{LOOP} memory"] / 1e6, ".0f"),
        row("JAX, peak memory, MB", lambda f: f[f"{JAX} memory"] / 1e6, ".0f"),
        row("Small Steps, peak memory, MB", lambda f: f[f"{ENGINE} memory"] / 1e6, ".0f"),
    ]
    return markdown(["classic experiment", *(f"{r:,} runs" for r in found)], rows)


def targets(found: dict[int, dict[str, float]]) -> list[str]:
    """Return a line for each target: reached or missed."""
    pairs = {
        "plain torch loop": (LOOP, ENGINE),
        "warm JAX": (JAX, ENGINE),
        "cold JAX, first answer": (f"{JAX} first", f"{ENGINE} first"),
    }
    lines = []
    for name, wanted in TARGETS.items():
        slow, fast = pairs[name]
        for runs, times in wanted.items():
            ratio = found[runs][slow] / found[runs][fast]
            verdict = "reached" if ratio >= times else "missed"
            lines.append(f"- {runs:,} runs, {name}: target ≥ {times}×, measured {ratio:.1f}×: {verdict}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="5 repetitions instead of 15, 1 fresh process")
    parser.add_argument("--cores", type=int, default=cores(), help="keep every contender to so many cores")
    parser.add_argument("--torch-threads", type=int, help="threads of torch, by default one a core")
    options = parser.parse_args()
    use_cores(options.cores)
    threads = options.torch_threads or options.cores
    torch.set_num_threads(threads)
    repetitions, fresh = (5, 1) if options.quick else (15, 5)
    packages = ", ".join(f"{name} {version(name)}" for name in ("torch", "jax", "jaxlib", "optax"))
    print(f"{machine()}, {packages}; float32; torch on {threads} threads, JAX on {options.cores}.\n")
    agreement = {runs: check_agreement(runs) for runs in EXPERIMENTS}
    found = {runs: measure(runs, repetitions, fresh, threads) for runs in EXPERIMENTS}
    print(table(found), end="\n\n")
    print(*targets(found), sep="\n", end="\n\n")
    apart = ", ".join(f"{a:.0e} at {runs:,} runs" for runs, a in agreement.items())
    print(
        f"Medians of {repetitions} repetitions after a warm-up, taken in turns in one process; the first\n"
        f"answers and peaks of {fresh} fresh process(es) each, imports done. JAX is given its data and batch\n"
        "orders, Small Steps and the plain loop draw theirs. The plain loop is timed on 4 runs: it takes one\n"
        "run after the other. Training is timed without losses on the full data, whose cost is the line of\n"
        "its own. Peak memory is the growth of resident memory during that first answer. Final losses of\n"
        f"SGD at 0.01 differ relatively by at most {apart}."
    )


if __name__ == "__main__":
    main()
