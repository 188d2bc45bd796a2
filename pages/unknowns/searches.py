"""Searches for coefficients from known data as scripts: a formula, two classes, centres, by the same few lines."""

from string import Template

from core.export.code import optimizer_call
from core.export.pieces import assemble
from core.spec.experiment import Optimizer
from pages.unknowns.clustering import CLOUDS, REACH, Clustering
from pages.unknowns.formula_fit import FORMULAS, FormulaFit
from pages.unknowns.two_classes import Logistic

Search = FormulaFit | Logistic | Clustering

_TRAIN = '''\
def train(parameters, loss_of, name, rate, steps):
    """Walk down the loss; return it before and after every step."""
    optimizer = OPTIMIZERS[name](parameters, rate)
    losses = []
    for _ in range(steps):
        loss = loss_of()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return [*losses, loss_of().item()]
'''

_SAID = '''\
def said(losses):
    """Return where the losses start and end, and when they are no longer a number, or a million times the start."""
    lost = next((step for step, loss in enumerate(losses) if not loss <= 1e6 * losses[0]), None)
    return f"{losses[0]:.6f} -> {losses[-1]:.6f}" + ("" if lost is None else f"  diverges at step {lost}")
'''

_FORMULA = Template('''\
def problem():
    """Draw the points; return the coefficients to start from, and their loss."""
    torch.manual_seed($seed)
    low, high = torch.tensor($low), torch.tensor($high)
    hidden = (low + torch.rand(2) * (high - low)).double()
    noise = torch.randn($points).double()
    x = torch.linspace(-$reach, $reach, $points).double()

    def value(c1, c2):
        return $value

    y = value(*hidden) + $noise * noise
    c = torch.tensor([$t1, $t2], dtype=torch.float64, requires_grad=True)
    return c, lambda: (value(*c) - y).square().mean()


def formula(name):
    """Find both coefficients of a formula, from the reader's guess."""
    c, loss_of = problem()
    losses = train([c], loss_of, name, $rate, $steps)
    return losses, c.tolist()
''')

_BY_HAND = Template('''\
def by_hand(steps):
    """Take a few steps without an optimizer, and print them with their numbers."""
    c, loss_of = problem()
    for step in range(1, steps + 1):
        (gradient,) = torch.autograd.grad(loss_of(), c)
        for old, slope in zip(c.tolist(), gradient.tolist()):
            print(f"step {step}: {old:.4f} - $rate * {slope:.4f} = {old - $rate * slope:.4f}")
        with torch.no_grad():
            c -= $rate * gradient
''')

_LOGISTIC = Template('''\
def logistic(name):
    """Find the weights of the line between two classes."""
    torch.manual_seed($seed)
    y = (torch.arange($points) >= $points // 2).float()
    x = ((y - 0.5) * $gap / math.sqrt(2)).unsqueeze(1) + torch.randn($points, 2)
    net = nn.Linear(2, 1).double()
    x, y = x.double(), y.double()
    loss_of = nn.BCEWithLogitsLoss()
    losses = train(net.parameters(), lambda: loss_of(net(x)[:, 0], y), name, $rate, $steps)
    return losses, [*net.weight[0].tolist(), net.bias.item()]
''')

_CLUSTERING = Template('''\
def points_and_centres():
    """Draw the points, and some of them as the centres to start from."""
    torch.manual_seed($seed)
    middles = $square * (2 * torch.rand($clouds, 2) - 1)
    x = middles[torch.arange($points) % $clouds] + $spread * torch.randn($points, 2)
    return x.double(), x[torch.randperm($points)[:$k]].double()


def distances(x, centres):
    """Return the squared distance of every point to every centre."""
    return (x[:, None] - centres).square().sum(2)


def clustering(name):
    """Find the centres that are nearest to their points, on average."""
    x, centres = points_and_centres()
    centres.requires_grad_()
    losses = train([centres], lambda: distances(x, centres).min(1).values.mean(), name, $rate, $steps)
    return losses, centres.flatten().tolist()


def lloyd():
    """Put every centre at the mean of its points until none moves."""
    x, centres = points_and_centres()
    losses = []
    while True:
        apart = distances(x, centres)
        losses.append(apart.min(1).values.mean().item())
        nearest = apart.argmin(1)
        own = [x[nearest == k] for k in range(len(centres))]
        moved = torch.stack([o.mean(0) if len(o) else c for o, c in zip(own, centres)])
        if torch.allclose(moved, centres, rtol=0, atol=1e-12):
            return losses, centres.flatten().tolist()
        centres = moved
''')

_MAIN = Template('''\
def main():
    """Let every optimizer walk, and say where it starts and ends."""
    curves = {}$first
    for search, names in ($searches):
        for name in names:
            losses, found = curves[search.__name__, name] = search(name)
            print(f"{search.__name__:10} {name:9} {said(losses)}  at", ", ".join(f"{v:.4f}" for v in found))$more
    return curves
''')

_LLOYD = """
    losses, found = curves["clustering", "Lloyd"] = lloyd()
    print(f"clustering Lloyd     {said(losses)} after {len(losses) - 1} iterations")"""


def _formula(spec: FormulaFit) -> str:
    of = FORMULAS[spec.formula]
    return _FORMULA.substitute(
        vars(spec),
        low=[low for low, _ in of.hidden],
        high=[high for _, high in of.hidden],
        reach=of.reach,
        value=of.code,
    )


def _part(spec: Search) -> str:
    if isinstance(spec, FormulaFit):
        return _formula(spec)
    if isinstance(spec, Logistic):
        return _LOGISTIC.substitute(vars(spec))
    return _CLUSTERING.substitute(vars(spec), clouds=CLOUDS, square=REACH)


def search_script(specs: Search | tuple[Search, ...], title: str, *, by_hand: int = 0) -> str:
    """Return a plain PyTorch script that repeats one or several searches, losses and all.

    Of the search for a formula's coefficients it takes so many steps `by_hand` first.
    """
    given = specs if isinstance(specs, tuple) else (specs,)
    names = dict.fromkeys(name for spec in given for name in spec.optimizers)
    rows = [f'    "{name}": lambda p, lr: {optimizer_call(Optimizer(name), "p", "lr")},' for name in names]
    called = {FormulaFit: "formula", Logistic: "logistic", Clustering: "clustering"}
    searches = "".join(f"({called[type(spec)]}, {list(spec.optimizers)}), " for spec in given).replace("'", '"')
    main = _MAIN.substitute(
        first=f"\n    by_hand({by_hand})" if by_hand else "",
        searches=searches.rstrip(),
        more=_LLOYD if any(isinstance(spec, Clustering) for spec in given) else "",
    )
    hand = [_BY_HAND.substitute(rate=spec.rate) for spec in given if by_hand and isinstance(spec, FormulaFit)]
    about = "Searches for coefficients from known data, in float64."
    return assemble(
        title, about, ["\n".join(["OPTIMIZERS = {", *rows, "}"]), _TRAIN, _SAID, *map(_part, given), *hand, main]
    )
