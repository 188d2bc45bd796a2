"""The chain as PyTorch: both slopes by autograd, and the gradient that it finds itself."""

from core.catalogue.activations import ACTIVATIONS
from core.engine.asking import Ask
from core.export.code import loss_call, loss_class
from core.export.pieces import assemble
from core.link.forms import Specs
from core.spec.experiment import Loss
from pages.objective.chain.spec import Chain

_CHAIN = '''\
def main():
    """Tell the slope of the loss, that of the prediction, their product, and what backward() finds."""
    coefficients = {"w": W, "b": B, "v": V}
    w, b, v = (torch.tensor(c, dtype=torch.float64, requires_grad=True) for c in coefficients.values())
    asked = {"w": w, "b": b, "v": v}[OF]
    prediction = v * activation(w * X + b)
    (moves,) = torch.autograd.grad(prediction, asked, retain_graph=True)
    apart = prediction.detach().requires_grad_()
    (rises,) = torch.autograd.grad(loss_of(apart, torch.full_like(apart, Y)), apart)
    loss_of(prediction, torch.full_like(prediction, Y)).backward()
    print(f"residual {prediction.item() - Y:.6g}, slope of the loss {rises.item():.6g}")
    print(f"the prediction moves {moves.item():.6g} for every 1 that {OF} rises")
    print(f"product {rises.item() * moves.item():.6g}, backward() finds {asked.grad.item():.6g}")
    return {"chain": [prediction.item() - Y, rises.item(), moves.item(), asked.grad.item()]}
'''


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script that tells all factors and their product."""
    spec: Chain = specs[0]
    loss = Loss(spec.loss)
    about = "One point, one unit: the gradient of a coefficient as a product of two slopes."
    numbers = "\n".join(
        (
            f"X, Y = {spec.x!r}, {spec.y!r}",
            f"W, B, V, OF = {spec.weight!r}, {spec.bias!r}, {spec.output!r}, {spec.of!r}",
            f"activation = {ACTIVATIONS[spec.activation].code}",
        )
    )
    return assemble(title, about, [loss_class(loss), f"{numbers}\nloss_of = {loss_call(loss)}", _CHAIN])
