"""Full-batch descents as scripts: either sign, one way in few or many steps, straight lines."""

from string import Template

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.engine.descent import COUNTS
from core.export.code import layers, loss_call, loss_class
from core.export.pieces import assemble
from core.export.trainings import data_part
from core.spec.experiment import Experiment
from pages.small_steps.line_fit import HEIGHT, HELD_OUT, POINTS, RATE, SLOPE, STEPS

_START = Template('''\
def start():
    """Return the points, the network at its start, and the loss."""
    torch.manual_seed($seed)
    x, y = data()
    net = nn.Sequential($layers)
    return x, y, net, $loss
''')

_SIGNS = '''\
def walk(sign):
    """Go along the gradient, or against it; return the loss on all points at every step."""
    x, y, net, loss_of = start()
    losses = []
    for step in range(STEPS + 1):
        loss = loss_of(net(x), y)
        losses.append(loss.item())
        net.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in net.parameters():
                p += sign * RATE * p.grad
    return losses


def main():
    """Walk both ways."""
    curves = {}
    for name, sign in {"subtract": -1, "add": +1}.items():
        losses = curves[name] = walk(sign)
        print(f"{name:<8} {losses[0]:.6f} -> {losses[-1]:.6f} after {STEPS} steps")
    return curves
'''

_GIANT = '''\
def walk(count):
    """Walk the way in so many equal steps; return the loss at every place of it.

    The gradient is looked at where a step begins; between, the loss is that on the straight line.
    """
    x, y, net, loss_of = start()
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE * WAY / count)
    corners = [parameters_to_vector(net.parameters()).detach().clone()]
    for _ in range(count):
        loss = loss_of(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        corners.append(parameters_to_vector(net.parameters()).detach().clone())
    losses = []
    for place in range(WAY + 1):
        corner, rest = divmod(place * count, WAY)
        here = corners[corner]
        if rest:
            here = torch.lerp(here, corners[corner + 1], rest / WAY)
        vector_to_parameters(here, net.parameters())
        with torch.no_grad():
            losses.append(loss_of(net(x), y).item())
    return losses


def main():
    """Walk the same way in fewer and in more steps."""
    curves = {}
    for count in COUNTS:
        losses = curves[count] = walk(count)
        print(f"{count:>4} steps at rate {RATE * WAY / count:<8g} {losses[0]:.6f} -> {losses[-1]:.6f}")
    return curves
'''

_LINES = f'''\
N, STEPS, RATE, NOISE = {POINTS}, {STEPS}, {RATE}, NOISE_GIVEN


def line(n, noise, seed):
    """Return n points of a straight line, with noise."""
    torch.manual_seed(seed)
    x = torch.linspace(-1, 1, n)
    return x, {SLOPE} * x + {HEIGHT} + noise * torch.randn(n)


def loss_of(c, x, y):
    """Return the mean squared residual of the line with slope and height c, in float64."""
    slope, height = c.detach().double()
    return (slope * x.double() + height - y.double()).square().mean().item()


def train(x, y, new=None):
    """Fit a line to the points from slope 0, height 0; return its losses there, and on new points."""
    c = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.SGD([c], lr=RATE)
    losses, held = [loss_of(c, x, y)], []
    for step in range(STEPS + 1):
        if new is not None:
            held.append(loss_of(c, *new))
        if step == STEPS:
            return losses, held
        loss = (c[0] * x + c[1] - y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss_of(c, x, y))


def main():
    """Fit the points of a line, of a curve, and of a noisy line."""
    x, y = line(N, 0, 0)
    curves = {{"exact": train(x, y)[0], "bent": train(x, x * x)[0]}}
    curves["noisy"], curves["held"] = train(*line(N, NOISE, 0), new=line({HELD_OUT}, NOISE, 1))
    for name, losses in curves.items():
        print(f"{{name:<6}} {{losses[0]:.6g}} -> {{losses[-1]:.6g}}")
    return curves
'''


def _network_script(e: Experiment, title: str, about: str, numbers: str, walk: str) -> str:
    start = _START.substitute(
        seed=e.runs[0].seed,
        layers=", ".join(layers(DATA_SETS[e.data].inputs, "WIDTH", ACTIVATIONS[e.activation].code)),
        loss=loss_call(e.loss),
    )
    sizes = f"N, WIDTH = {e.points}, {e.width}"
    return assemble(title, about, [loss_class(e.loss), f"{sizes}\n{numbers}", data_part((e,)), start, walk])


def signs_script(experiment: Experiment, rate: float, steps: int, title: str) -> str:
    """Return the script that subtracts the gradient, and one that adds it."""
    about = "Subtracts the gradient of all points at every step, then adds it instead."
    return _network_script(experiment, title, about, f"STEPS, RATE = {steps}, {rate!r}", _SIGNS)


def giant_script(experiment: Experiment, rate: float, title: str) -> str:
    """Return the script that walks the same way in one step and in many."""
    about = "Walks the same way, rate times steps long, in one giant step and in many small ones."
    numbers = f"WAY, RATE, COUNTS = {max(COUNTS)}, {rate!r}, {COUNTS}"
    imports = "from torch.nn.utils import parameters_to_vector, vector_to_parameters"
    found = _network_script(experiment, title, about, numbers, _GIANT)
    return found.replace("from torch import nn\n", f"from torch import nn\n{imports}\n", 1)


def lines_script(noise: float, title: str) -> str:
    """Return the script that fits a straight line to three data sets."""
    about = (
        "Fits a straight line to points of a line, of a curve, and of a noisy line, and tells the loss on new points."
    )
    return assemble(title, about, [_LINES.replace("NOISE_GIVEN", repr(noise))])
