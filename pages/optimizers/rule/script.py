"""The race and momentum's forms as PyTorch."""

from string import Template

from core.catalogue.activations import ACTIVATIONS
from core.catalogue.data_sets import DATA_SETS
from core.engine.asking import Ask
from core.export.code import argument, layers, loss_call
from core.export.trainings import script as trainings_script
from core.link.forms import Specs
from core.spec.experiment import Experiment
from pages.optimizers.rule.compute import CUT, FORMS, cut_step, momentum_run, rest

_FORMS = Template('''\
# Momentum as three texts write it, and what is set anew where the rate is cut.
FORMS = {
$forms
}
CUT = $cut  # after so many steps


def train_form(form):
    """Train with momentum in one of its forms; return the mini-batch losses."""
    make, anew = FORMS[form]
    torch.manual_seed($seed)
    x, y = data()
    net = nn.Sequential($layers)
    optimizer = make(net.parameters())
    loss_of = $loss
    losses = []
    for epoch in range(EPOCHS):
        for batch in torch.randperm(N).split(BATCH):
            if len(losses) == CUT:
                optimizer.param_groups[0].update(anew)
            loss = loss_of(net(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses
''')

_AFTER = """
    for form in FORMS:
        curves[form] = train_form(form)
        print(f"Momentum, {form}: last mini-batch loss {curves[form][-1]:.6f}")"""


def _forms(e: Experiment, cut: int | None) -> str:
    run = e.runs[0]
    rate, h = run.learning_rate, run.optimizer.hyperparameters
    eta, part, kept, share = (argument(v) for v in (rate, rate * CUT, h["momentum"], rest(h["momentum"])))
    decay = f", weight_decay={argument(h['weight_decay'])}" if h["weight_decay"] else ""
    made = {
        "torch": (f"torch.optim.SGD(p, lr={eta}, momentum={kept}{decay})", f'{{"lr": {part}}}'),
        "mean": (f"Custom(p, lr={eta}, beta1={kept}, c1={share}{decay})", f'{{"lr": {part}}}'),
        "rate_inside": (f"Custom(p, lr=1.0, beta1={kept}, c1={eta}{decay})", f'{{"c1": {part}}}'),
    }
    rows = "\n".join(f'    "{form}": (lambda p: {made[form][0]}, {made[form][1]}),' for form in FORMS)
    return _FORMS.substitute(
        forms=rows,
        cut=cut,
        seed=run.seed,
        layers=", ".join(layers(DATA_SETS[e.data].inputs, "WIDTH", ACTIVATIONS[e.activation].code)),
        loss=loss_call(e.loss),
    )


def script(specs: Specs, _: Ask, title: str) -> str:
    """Return the script of the race, and of momentum in the three forms in which texts write it."""
    experiment, _, page = specs
    run = momentum_run(experiment)
    return trainings_script(experiment, title, parts=[_forms(run, cut_step(run, page.cut))], after=_AFTER)
