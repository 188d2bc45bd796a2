"""What several scripts share, as text: the head, how far the work is, one number for all points, what a run came to."""

import re
from string import Template
from textwrap import fill, indent

HEAD = Template('''\
"""$title

$about
"""

$imports
''')

PROGRESS = '''\
class Progress:
    """Says, where the work takes longer than ten seconds, how much there is and how far it is."""

    def __init__(self, scope, steps):
        self.scope, self.steps, self.done = scope, steps, 0
        self.begun, self.due = None, 2  # the clock starts after the first step: torch loads what it needs there

    def step(self):
        self.done += 1
        now = time.monotonic()
        self.begun = now if self.begun is None else self.begun
        passed = now - self.begun
        if passed < self.due:
            return
        left = passed * (self.steps - self.done) / (self.done - 1)
        if passed + left > 10:
            share = f"{self.done / self.steps:.0%} done, roughly {left:.0f} s left"
            print(f"{self.scope}: {share}", file=sys.stderr, flush=True)
        self.due = passed + 10
'''

BEST_CONSTANT = '''\
def best_constant(loss_of, y):
    """Return the least loss that one number reaches, said of every point; a network should do better."""
    y = y.double()
    low, high, least = (2 * y.min() - y.max()).item(), (2 * y.max() - y.min()).item(), math.inf
    for count in (65, *[9] * 8):
        gap = (high - low) / (count - 1)
        tried = [low + i * gap for i in range(count)]
        losses = [loss_of(torch.full_like(y, c), y).item() for c in tried]
        losses = [loss if loss == loss else math.inf for loss in losses]
        best = tried[losses.index(min(losses))]
        least, low, high = min(least, *losses), best - gap, best + gap
    return least
'''

OUTCOME = '''\
def outcome(losses, full, constant, size, bends):
    """Return the end of a run, the step at which it diverged, and what became of it in words.

    The end is the mean loss on all points at 8 evenly spread steps of the last epoch, infinite after a divergence.
    `size` is that of the batches; without an activation (`bends`) no run collapses.
    """
    sizes = [min(size, N - first) for first in range(0, N, size)]
    steps, per_epoch = len(losses), len(sizes)
    count = min(8, per_epoch)
    last = [steps - per_epoch + per_epoch * i // count for i in range(1, count + 1)]
    large = 1e6 * max((abs(v) for v in (full[0], constant) if math.isfinite(v)), default=0)
    measured = [*enumerate(losses), *((step, full[step]) for step in (0, *last))]
    diverged = min((step for step, loss in measured if not abs(loss) <= large), default=None)
    reached = next((step for step, loss in enumerate(full[:diverged]) if loss < TARGET), None)
    when = "" if reached is None else f", gets below {TARGET} at step {reached}"
    if diverged is not None:
        return math.inf, diverged, f"diverges at step {diverged}{when}"
    end = sum(full[step] for step in last) / count
    if end < constant - 1e-6 * abs(constant):
        return end, None, f"ends {'below' if end < TARGET else 'above'} {TARGET}{when}"
    epochs = [zip(losses[first:], sizes) for first in range(0, steps, per_epoch)]
    means = [sum(loss * points for loss, points in epoch) / N for epoch in epochs]
    rose = bends and max(means) > full[0] + 1e-5 * abs(full[0])
    return end, None, f"no better than one constant{', collapsed' if rose else ''}{when}"
'''

FOOT = """\
if __name__ == "__main__":
    curves = main()
"""


def assemble(title: str, about: str, parts: list[str]) -> str:
    """Return a whole script: its docstring, the imports that its parts need, and the parts, two lines apart."""
    from torch import __version__ as version

    body = "\n\n\n".join(part.strip("\n") for part in [*parts, FOOT] if part.strip())
    used = [m for m in ("copy", "math", "statistics", "sys", "time") if re.search(rf"\b{m}\.", body)]
    libraries = ["import torch", *(["from torch import nn"] if re.search(r"\bnn\.", body) else [])]
    imports = "\n".join([*(f"import {m}" for m in used), *([""] if used else []), *libraries])
    said = f"{about} Written for torch {version.partition('+')[0]}."
    safe = title.replace("\\", "\\\\").replace('"', "'")
    head = HEAD.substitute(title=safe, about=fill(said, 110), imports=imports)
    return f"{head}\n{body}\n"


def block(lines: list[str], depth: int = 1) -> str:
    """Return lines as the body of a function."""
    return indent("\n".join(lines), "    " * depth)
