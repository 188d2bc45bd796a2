"""Trainings of the network as one script: every run of one or several experiments, losses and all."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import Template

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.export.code import (
    input_lines,
    layers,
    loss_call,
    loss_class,
    optimizer_call,
    optimizer_classes,
    target_lines,
)
from core.export.pieces import BEST_CONSTANT, OUTCOME, PROGRESS, assemble, block
from core.spec.experiment import Experiment

TRAIN = Template('''\
def train($takes, progress):
    """Train one network; return its mini-batch losses, those on all points from step 0 on, and a constant's."""
    torch.manual_seed(seed)
    x, y = data($data)
    net = nn.Sequential($layers)
    optimizer = OPTIMIZERS[method](net.parameters(), rate)
    loss_of = $loss
    losses, full = [], [loss_of(net(x), y).item()]
    for epoch in range($epochs):
        for batch in torch.randperm(N).split($batch):
            loss = loss_of(net(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            with torch.no_grad():
                full.append(loss_of(net(x), y).item())
            progress.step()
    return losses, full, best_constant(loss_of, y)
''')

MAIN = Template('''\
def main():
    """Train every run, and say where it starts and ends."""
    progress = Progress(f"Runs: {len(RUNS)}, of $each", $steps)
    curves, ends = {}, {}
    for run in RUNS:
        losses, full, constant = train(*run, progress)
        end, diverged, words = outcome(losses, full, constant, $size, $bends)
        name = f"$label"
        print(f"{name}  {full[0]:.6f} -> {end:.6f}  {words}", flush=True)
        curves[run] = losses, full, diverged
        ends.setdefault(run[:-1], []).append(end)$after
    return curves
''')

ABOUT = "Prints, for every run, the loss on all points before training, where it ends, and what became of it."

OVER_SEEDS = """
    for line, found in ends.items():
        print(*line, f"over {len(found)} seeds: median end {statistics.median(found):.6f}")"""


@dataclass(frozen=True)
class Column:
    """What may differ between the experiments of a figure: the name it has in the script, and its value."""

    name: str
    field: str

    def value(self, experiment: Experiment) -> str | int:
        """Return what stands in the list of runs."""
        e = experiment
        if self.field == "loss":
            return e.loss.name
        return e.batch_size or e.points if self.field == "batch_size" else getattr(e, self.field)


COLUMNS = tuple(
    Column(*names)
    for names in (
        ("shape", "data"),
        ("loss", "loss"),
        ("activation", "activation"),
        ("width", "width"),
        ("size", "batch_size"),
        ("epochs", "epochs"),
    )
)


def columns_of(experiments: Sequence[Experiment]) -> tuple[Column, ...]:
    """Return what differs between experiments; ValueError where something does that a script has no column for."""
    differing = tuple(c for c in COLUMNS if len({repr(getattr(e, c.field)) for e in experiments}) > 1)
    first = experiments[0]
    free = {c.field: getattr(first, c.field) for c in COLUMNS} | {"learning_rates": (1.0,)}
    for e in experiments:
        optimizers = tuple(replace(o, lr=None) for o in e.optimizers)
        wanted = tuple(replace(o, lr=None) for o in first.optimizers)
        if replace(e, optimizers=optimizers, **free) != replace(first, optimizers=wanted, **free):
            raise ValueError("these trainings differ in more than a script says")
    return differing


def data_part(experiments: Sequence[Experiment]) -> str:
    """Return the function that draws the data of a seed, of any of several data sets."""
    e, names = experiments[0], dict.fromkeys(x.data for x in experiments)
    said = '"""Draw the points: their inputs x (N, inputs) and noisy values y (N, 1)."""'
    if len(names) == 1:
        kind = DATA_SETS[e.data]
        lines = [said, *input_lines(kind.inputs), *target_lines(e, kind.code)]
        return f"def data():\n{block([*lines, 'return x, y'])}"
    parts = []
    for name, inputs in (("line", 1), ("square", 2)):
        if any(DATA_SETS[n].inputs == inputs for n in names):
            parts.append(f"def {name}():\n{block([*input_lines(inputs), 'return x'])}")
    kinds = {n: "line" if DATA_SETS[n].inputs == 1 else "square" for n in names}
    parts.append(_table("DATA", {n: f"({kind}, lambda x: {DATA_SETS[n].code})" for n, kind in kinds.items()}))
    lines = [said, "inputs, truth = DATA[shape]", "x = inputs()", *target_lines(e, "truth(x)")]
    parts.append(f"def data(shape):\n{block([*lines, 'return x, y'])}")
    return "\n\n\n".join(parts)


def _table(name: str, rows: dict[str, str]) -> str:
    return "\n".join([f"{name} = {{", *(f'    "{key}": {value},' for key, value in rows.items()), "}"])


def _quoted(code: str) -> str:
    return code.replace("'", '"')


def _rates(e: Experiment) -> dict[str, list[float]]:
    return {o.name: [o.lr] if o.lr is not None else list(e.learning_rates) for o in e.optimizers}


def _rates_of(e: Experiment) -> str:
    """Return optimizer -> rates as Python, short where all have the same."""
    rates = _rates(e)
    shared = list(rates.values())
    if len(shared) > 1 and all(r == shared[0] for r in shared):
        return f"dict.fromkeys(OPTIMIZERS, {shared[0]!r})"
    return repr(rates)


def runs_part(experiments: Sequence[Experiment], columns: Sequence[Column], note: str) -> str:
    """Return RATES and RUNS: every training, in the order in which the figure draws them."""
    comment = [f"# {line}" for line in note.splitlines()]
    names = [c.name for c in columns]
    run = ", ".join([*names, "method", "rate", "seed"])
    inner = ["for method, rates in {}.items()", "for rate in rates", "for seed in SEEDS"]
    rates = [_rates_of(e) for e in experiments]
    cases = [tuple(c.value(e) for c in columns) for e in experiments]
    shown = [repr(case[0] if len(case) == 1 else case) for case in cases]
    over, loops, of = ", ".join(names), [], "RATES"
    if len(set(rates)) == 1:
        table = [f"RATES = {rates[0]}"]
        if columns:
            table.append("CASES = [\n" + textwrap.indent(textwrap.fill(", ".join(shown), 100), "    ") + "\n]")
            loops = [f"for {over} in CASES"]
    else:
        of = "chosen"
        table = ["RATES = {", *(f"    {case}: {r}," for case, r in zip(shown, rates, strict=True)), "}"]
        loops = [f"for {over if len(names) == 1 else f'({over})'}, chosen in RATES.items()"]
    loops += [line.format(of) for line in inner]
    runs = ["RUNS = [", f"    ({run})", *(f"    {loop}" for loop in loops), "]"]
    return _quoted("\n".join([*comment, *table, *runs]))


def tables_part(experiments: Sequence[Experiment], columns: Sequence[Column]) -> str:
    """Return the numbers and the tables that the runs are made of."""
    e, differ = experiments[0], {c.field for c in columns}
    sized = {
        "width": ("WIDTH", e.width),
        "epochs": ("EPOCHS", e.epochs),
        "batch_size": ("BATCH", e.batch_size or e.points),
    }
    numbers = {"N": e.points} | dict(row for field, row in sized.items() if field not in differ)
    lines = [f"{', '.join(numbers)} = {', '.join(map(repr, numbers.values()))}"]
    first = e.runs[0].seed
    lines += [f"TARGET = {e.target!r}", f"SEEDS = range({first}, {first + e.seeds})"]
    lines.append(_table("OPTIMIZERS", {o.name: f"lambda p, lr: {optimizer_call(o, 'p', 'lr')}" for o in e.optimizers}))
    if "loss" in differ:
        lines.append(_table("LOSSES", {x.loss.name: loss_call(x.loss) for x in experiments}))
    if "activation" in differ:
        lines.append(_table("ACTIVATIONS", {x.activation: ACTIVATIONS[x.activation].code for x in experiments}))
    return "\n".join(lines)


def train_part(experiments: Sequence[Experiment], columns: Sequence[Column], template: Template = TRAIN) -> str:
    """Return the function that trains one network."""
    e, differ = experiments[0], {c.field for c in columns}
    inputs = {DATA_SETS[x.data].inputs for x in experiments}
    width = "width" if "width" in differ else "WIDTH"
    activation = "ACTIVATIONS[activation]" if "activation" in differ else ACTIVATIONS[e.activation].code
    return template.substitute(
        takes=", ".join([*(c.name for c in columns), "method", "rate", "seed"]),
        data="shape" if "data" in differ else "",
        layers=", ".join(layers("x.shape[1]" if len(inputs) > 1 else inputs.pop(), width, activation)),
        loss="LOSSES[loss]" if "loss" in differ else loss_call(e.loss),
        epochs="epochs" if "epochs" in differ else "EPOCHS",
        batch="size" if "batch_size" in differ else "BATCH",
    )


def script(
    experiments: Experiment | Sequence[Experiment],
    title: str,
    about: str = "",
    note: str = "",
    after: str = "",
    parts: Sequence[str] = (),
) -> str:
    """Return a plain PyTorch script that repeats every run of the experiments, losses and all.

    `note` stands over the rates, `after` where all runs are done and `curves` and `ends` hold what they left; it may
    use what `parts` define.
    """
    given = (experiments,) if isinstance(experiments, Experiment) else tuple(experiments)
    columns = columns_of(given)
    e = given[0]
    fields = [c.field for c in columns]
    steps = sorted({x.steps for x in given})
    words = [f"{c.name} " if c.field in ("width", "batch_size", "epochs") else "" for c in columns]
    label = " ".join(f"{word}{{run[{i}]:<10}}" for i, word in enumerate([*words, ""]))
    label += f" rate {{run[{len(columns) + 1}]:<8g}} seed {{run[{len(columns) + 2}]}}"
    main = MAIN.substitute(
        each=f"{steps[0]:,} steps each" if len(steps) == 1 else f"{steps[0]:,} to {steps[-1]:,} steps",
        steps=sum(x.steps * x.columns for x in given),
        size=f"run[{fields.index('batch_size')}]" if "batch_size" in fields else "BATCH",
        bends=f'run[{fields.index("activation")}] != "identity"'
        if "activation" in fields
        else e.activation != "identity",
        label=label,
        after=(OVER_SEEDS if e.seeds > 1 else "") + after,
    )
    all_ = [
        *dict.fromkeys(loss_class(x.loss) for x in given),
        optimizer_classes(given),
        "\n".join([tables_part(given, columns), runs_part(given, columns, note)]),
        data_part(given),
        BEST_CONSTANT,
        OUTCOME,
        PROGRESS,
        train_part(given, columns),
        *parts,
        main,
    ]
    return assemble(title, about or ABOUT, all_)
