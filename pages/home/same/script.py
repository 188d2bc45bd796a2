"""The loop and its three models as PyTorch."""

from core.engine.asking import Ask
from core.export.pieces import assemble
from core.link.forms import Specs
from pages.home.same.compute import BORDER, HEIGHT, POINTS, SEED, SLOPE, STEPS, WIDTH
from pages.home.same.spec import Same

_TRAIN = '''\
def train(model, loss_of, x, y):
    """Train a model on its points; return the loss on all of them at every step."""
    opt = torch.optim.SGD(model.parameters(), lr=RATE)
    losses = []
    for step in range(STEPS + 1):
        loss = loss_of(model(x), y)
        losses.append(loss.item())
        if step < STEPS:
            opt.zero_grad()
            loss.backward()
            opt.step()
    return losses
'''

_MAIN = f'''\
def points():
    """Return x and the noise on y."""
    torch.manual_seed({SEED})
    return torch.linspace(-1, 1, N).unsqueeze(1), NOISE * torch.randn(N, 1)


def main():
    """Fit a straight line, two classes and a curve with the same loop."""
    curves = {{}}
    x, noise = points()
    curves["line"] = train(nn.Linear(1, 1), nn.MSELoss(), x, {SLOPE} * x + {HEIGHT} + noise)
    x, noise = points()
    curves["classes"] = train(nn.Linear(1, 1), nn.BCEWithLogitsLoss(), x, (x + noise > {BORDER}).float())
    x, noise = points()
    network = nn.Sequential(nn.Linear(1, {WIDTH}), nn.ReLU(), nn.Linear({WIDTH}, 1))
    curves["network"] = train(network, nn.MSELoss(), x, x**2 + noise)
    for name, losses in curves.items():
        print(f"{{name:<8}} {{losses[0]:.6f}} -> {{losses[-1]:.6f}}")
    return curves
'''


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script that repeats what is drawn."""
    spec: Same = specs[0]
    about = "Runs one training loop on a straight line, on logistic regression and on a network."
    numbers = f"N, STEPS, RATE, NOISE = {POINTS}, {STEPS}, {spec.rate!r}, {spec.noise!r}"
    return assemble(title, about, [numbers, _TRAIN, _MAIN])
