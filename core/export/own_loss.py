"""A reader's own loss as a script: its value and its slope at residuals, by autograd."""

from core.analysis.loss_frames import PLACES, REACH
from core.export.code import loss_call, loss_class
from core.export.pieces import assemble
from core.spec.experiment import Loss

_OWN = f'''\
def main():
    """Tell value and slope at even residuals."""
    loss_of, curves = LOSS, {{}}
    half = {PLACES // 2}
    for i in range(-half, half + 1):
        r = torch.tensor(i * ({REACH} / half), dtype=torch.float64, requires_grad=True)
        value = loss_of(r, torch.zeros_like(r))
        (slope,) = torch.autograd.grad(value, r)
        slope = slope.where(value.isfinite(), torch.nan)  # no value, no slope
        curves[r.item()] = value.item(), slope.item()
        print(f"r {{r.item():>8.4f}}  loss {{value.item():.6g}}  slope {{slope.item():.6g}}")
    return curves
'''


def own_loss_script(loss: Loss, title: str) -> str:
    """Return the script that tells a loss and its slope."""
    about = "A loss of the residual r = prediction - y, and its slope."
    return assemble(title, about, [loss_class(loss), _OWN.replace("LOSS", loss_call(loss))])
