"""One training that is looked into at some of its steps, as a script: on new points, at its gradients."""

import textwrap
from string import Template

from core.analysis.gradient_noise import DRAWS, SIZES
from core.analysis.gradient_noise import SEED as NOISE_SEED
from core.analysis.held_out import POINTS as NEW
from core.analysis.held_out import SEED as NEW_SEED
from core.catalogue.data_sets import DATA_SETS
from core.engine.history import end_steps
from core.engine.training import snapshot_steps
from core.export.code import loss_class, optimizer_classes
from core.export.pieces import PROGRESS, assemble
from core.export.trainings import data_part, runs_part, tables_part, train_part
from core.spec.experiment import Experiment
from core.spec.sizes import parameter_count

#: Every one of so many first steps is printed where a coefficient is looked at.
FIRST = 11

_TRAIN = '''\
def batches():
    """Yield the points of every batch, epoch after epoch."""
    while True:
        yield from torch.randperm(N).split(BATCH)


def train($takes, progress):
    """Train one network; return its mini-batch losses, those on all points from step 0 on, and what was seen."""
PREPARE    torch.manual_seed(seed)
    x, y = data($data)
    net = nn.Sequential($layers)
    optimizer = OPTIMIZERS[method](net.parameters(), rate)
    loss_of = $loss
    losses, full, seen = [], [], {}
    for step, batch in enumerate(batches()):
        with torch.no_grad():
            full.append(loss_of(net(x), y).item())
        if step in LOOKS:
            seen[step] = LOOK
        if step == STEPS:
            return losses, full, seen
        loss = loss_of(net(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        progress.step()
'''

_MAIN = Template('''\
def main():
    """Train, and say what is seen on the way."""
    progress = Progress(f"Runs: {len(RUNS)}, of {STEPS} steps each", len(RUNS) * STEPS)
    curves = {run: train(*run, progress) for run in RUNS}
$tell
    return curves
''')

_NEW_POINTS = f"""\
    torch.manual_seed({NEW_SEED} + seed)
    new_x, new_y = data({NEW})
"""

_TELL_NEW = """\
    ends = []
    for (*_, seed), (_, full, held) in curves.items():
        trained, new = (sum(found[step] for step in LAST) / len(LAST) for found in (full, held))
        ends.append((trained, new))
        best = min(held, key=held.get)
        print(f"points {seed + 1}: ends at {trained:.6f}, on new points at {new:.6f};", end=" ")
        print(f"best there at step {best}, {held[best]:.6f}")
    trained, new = (statistics.median(found) for found in zip(*ends))
    print(f"median: {trained:.6f}, on new points {new:.6f}")"""

_GRADIENT = '''\
def gradient(net, loss_of, x, y):
    """Return the slope of the loss for every coefficient, by back-propagation, in float64."""
    exact = copy.deepcopy(net).double()
    loss = loss_of(exact(x.double()), y.double())
    return loss.item(), torch.cat([g.flatten() for g in torch.autograd.grad(loss, exact.parameters())])
'''

_TELL_GRADIENTS = Template("""\
    for _, _, seen in curves.values():
        for step, (loss, slopes) in seen.items():
            print(f"step {step:>5}  loss {loss:.6f}  length of the gradient {slopes.norm().item():.6f}")
        sizes = {"W1": $inputs * WIDTH, "b1": WIDTH, "W2": WIDTH, "b2": 1}
        for name, part in zip(sizes, slopes.split(list(sizes.values()))):
            print(f"{name} at step {STEPS}:", ", ".join(f"{slope:.6f}" for slope in part.tolist()))""")

_NOISE = """\
torch.manual_seed({seed})
ORDERS = [torch.randperm(N) for _ in range({draws})]  # of which each batch is the beginning
SIZES = {sizes}
"""

_GRADIENT_NOISE = '''\
def gradient_noise(net, loss_of, x, y):
    """Return, for each size, every batch's angle with the full gradient, its relative length, and their scatter."""
    exact, x, y = copy.deepcopy(net).double(), x.double(), y.double()

    def gradient(batch):
        loss = loss_of(exact(x[batch]), y[batch])
        return torch.cat([g.flatten() for g in torch.autograd.grad(loss, exact.parameters())])

    full, found = gradient(slice(None)), {}
    for size in SIZES:
        some = torch.stack([gradient(order[:size]) for order in ORDERS])
        lengths = some.norm(dim=1) / full.norm()
        cosines = (some @ full) / (some.norm(dim=1) * full.norm())
        scatter = (some - full).square().sum(1).mean().sqrt() / full.norm()
        found[size] = torch.rad2deg(cosines.clamp(-1, 1).arccos()), lengths, scatter.item()
    return found
'''

_TELL_NOISE = """\
    for _, _, seen in curves.values():
        for step, found in seen.items():
            parts = (f"  batch {s}: {a.median():.1f}°, scatter {r:.3f}" for s, (a, _, r) in found.items())
            print(f"step {step:>5}", *parts)"""


_INSIDE = Template('''\
PLACE = $place  # of the coefficient among all of them


def inside(net, optimizer):
    """Return the coefficient, the slope of its last step, and what the optimizer remembers of it."""
    place = PLACE
    for p in net.parameters():
        if place < p.numel():
            break
        place -= p.numel()
    slope = math.nan if p.grad is None else p.grad.flatten()[place].item()
    state = optimizer.state[p] if p in optimizer.state else {}
    kept = {name: value for name, value in state.items() if name != "step" and value is not None}
    return p.flatten()[place].item(), slope, {name: value.flatten()[place].item() for name, value in kept.items()}
''')

_TELL_INSIDE = """\
    for run, (_, _, seen) in curves.items():
        for step, (value, slope, kept) in seen.items():
            state = "".join(f"  {name} {number:.6g}" for name, number in kept.items())
            print(*run, f"step {step:>5}  slope {slope:.6g}{state}  coefficient {value:.6f}")"""


def _kept(e: Experiment) -> tuple[int, ...]:
    """Return the steps that the app looks at."""
    return snapshot_steps(e, parameter_count(DATA_SETS[e.data].inputs, e.width), 4)


def _script(
    e: Experiment, title: str, about: str, look: str, tell: str, parts: list[str], prepare: str = "", first: int = 0
) -> str:
    # the first steps, some evenly spread, and where a run's end is measured
    steps = sorted({*range(min(first, e.steps)), *_kept(e)})
    at = textwrap.fill(", ".join(map(str, steps)), 100)
    looks = "STEPS = EPOCHS * -(-N // BATCH)\nLOOKS = {\n" + textwrap.indent(at, "    ") + "\n}"
    template = Template(_TRAIN.replace("PREPARE", prepare).replace("LOOK\n", look + "\n"))
    training = train_part((e,), (), template)
    data = data_part((e,))
    if prepare:
        data, training = data.replace("def data():", "def data(N):"), training.replace("data()", "data(N)")
    tables = "\n".join([tables_part((e,), ()), runs_part((e,), (), ""), looks])
    main = _MAIN.substitute(tell=tell)
    return assemble(
        title, about, [loss_class(e.loss), optimizer_classes([e]), tables, data, *parts, PROGRESS, training, main]
    )


def new_points_script(experiment: Experiment, title: str) -> str:
    """Return the script of trainings on few points, looked at on new ones."""
    about = f"Trains on few points, {experiment.seeds} sets of them, and tells the loss on {NEW} new ones."
    last = [step for step in end_steps(experiment.steps, len(experiment.batch_sizes)) if step in _kept(experiment)]
    look, ends = "loss_of(net(new_x), new_y).item()", f"LAST = {last}  # their mean is the end of a run"
    return _script(experiment, title, about, look, _TELL_NEW, [ends], _NEW_POINTS)


def gradients_script(experiment: Experiment, of_all: bool, title: str) -> str:
    """Return the script of one training that prints its gradients, of all points or of the next mini-batch."""
    e = experiment
    points = "all points" if of_all else "the next mini-batch"
    about = f"Trains one network and back-propagates the loss of {points} at some of the steps."
    look = "gradient(net, loss_of, x, y)" if of_all else "gradient(net, loss_of, x[batch], y[batch])"
    tell = _TELL_GRADIENTS.substitute(inputs=DATA_SETS[e.data].inputs)
    return _script(e, title, about, look, tell, [_GRADIENT])


def noise_script(experiment: Experiment, title: str) -> str:
    """Return the script of one training at some of whose steps many mini-batches have their gradients taken."""
    about = f"Trains one network and, at some of the steps, takes the gradients of {DRAWS} batches of each size."
    drawn = _NOISE.format(seed=NOISE_SEED, draws=DRAWS, sizes=SIZES)
    return _script(
        experiment, title, about, "gradient_noise(net, loss_of, x, y)", _TELL_NOISE, [drawn, _GRADIENT_NOISE]
    )


def inside_script(experiment: Experiment, place: int, name: str, title: str) -> str:
    """Return the script of trainings that prints one coefficient, its slope and its optimizer's state along them."""
    about = f"Trains, and looks at {name}: its slope, what torch.optim remembers of it, and what it becomes."
    parts = [_INSIDE.substitute(place=place)]
    return _script(experiment, title, about, "inside(net, optimizer)", _TELL_INSIDE, parts, first=FIRST)
