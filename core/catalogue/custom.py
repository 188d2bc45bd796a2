"""The one rule as a torch optimizer, with any coefficients; scripts carry this class as it stands here."""

import torch


class Custom(torch.optim.Optimizer):
    """Moves parameters by the one rule; as it is called without numbers it is plain SGD.

    m ← β₁·m + c₁·g        v ← β₂·v + c₂·g²        θ ← θ − η/bias₁ · (m + ν·(g + β₁·m − m)) / (a·√(v/bias₂) + floor)
    """

    def __init__(
        self,
        params,
        lr,
        beta1=0.0,  # how much of m is kept
        c1=1.0,  # how much of the gradient goes into m
        beta2=0.0,  # how much of v is kept
        c2=0.0,  # how much of the squared gradient goes into v
        a=0.0,  # how much √v divides the step
        floor=1.0,  # added to what divides it
        kappa=0.0,  # 1 corrects m and v for their start at 0
        nu=0.0,  # 1 looks ahead along m
        v0=0.0,  # v before the first step
        weight_decay=0.0,  # added to the gradient, times the parameter
        decoupled_weight_decay=0.0,  # taken off the parameter itself
    ):
        numbers = {name: value for name, value in locals().items() if name not in ("self", "params", "__class__")}
        super().__init__(params, numbers)

    @torch.no_grad()
    def step(self, closure=None):
        """Take one step; return what `closure` gives, if there is one."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self.move(p, group)
        return loss

    def move(self, p, group):
        """Take the step of one tensor of parameters."""
        state = self.state[p]
        if not state:
            start = group["v0"] if group["a"] else 0.0
            state.update(step=0, m=torch.zeros_like(p), v=torch.full_like(p, start))
        state["step"] += 1
        m, v = state["m"], state["v"]
        g = p.grad + group["weight_decay"] * p
        m.mul_(group["beta1"]).add_(group["c1"] * g)
        p.mul_(1 - group["lr"] * group["decoupled_weight_decay"])
        along = m + group["nu"] * (g + group["beta1"] * m - m)
        bias1, bias2 = (1 - group["kappa"] * group[beta] ** state["step"] for beta in ("beta1", "beta2"))
        divisor = torch.full_like(p, group["floor"])
        if group["a"]:  # else v may overflow, and 0 times that is no number
            v.mul_(group["beta2"]).add_(group["c2"] * g * g)
            divisor += group["a"] * (v / bias2).sqrt()
        p.sub_(group["lr"] / bias1 * along / divisor)
