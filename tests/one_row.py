"""Adds a row of every kind to the catalogue before anything reads it, and says where each turns up.

A program of its own: forms and controls are made of the catalogue when they are imported.
"""

import dataclasses
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parents[1]))

from core import text
from core.catalogue.activations import ACTIVATIONS, Activation
from core.catalogue.data_sets import DATA_SETS, DataSet
from core.catalogue.losses import LOSSES, LossKind
from core.catalogue.optimizers import METHODS

ADDED = "Heavy"
HALF = """\
class Half(nn.Module):
    def forward(self, prediction, y):
        return ((prediction - y) ** 2 / 2).mean()"""
METHODS[ADDED] = dataclasses.replace(METHODS["Momentum"], name=ADDED)
LOSSES["half"] = LossKind(
    "half",
    lambda r, _: r * r / 2,
    lambda r, _, out: out.copy_(r),
    lambda _: Half(),
    "Half()",
    linear=1.0,
    class_code=HALF,
)
ACTIVATIONS["softsign"] = Activation(
    "softsign",
    r"\frac{z}{1+|z|}",
    r"(1-|a|)^2",
    nn.Softsign,
    "nn.Softsign()",
    lambda z, out: torch.div(z, 1 + z.abs(), out=out),
    lambda z, a, out: out.copy_((1 - a.abs()).square()),
    "b = 1 - abs(a); b * b",
    "b = 1 + abs(z); 1 / (b * b)",
)
DATA_SETS["cube"] = DataSet("cube", 1, lambda x: x[:, 0] ** 3, "x[:, 0] ** 3")


class Half(nn.Module):
    def forward(self, prediction, y):
        return ((prediction - y) ** 2 / 2).mean()


for language in text.LANGUAGES:  # the row of texts that each needs
    words = text.entries(language)
    for name in ("loss.half", "activation.softsign", "data.cube", "data_short.cube"):
        words[name] = name


def main() -> None:
    from core import Experiment, Loss, Optimizer, script, train, train_reference
    from core.charts.style import LOSSES as LOOKS
    from core.charts.style import OPTIMIZERS
    from core.export.latex import coefficients, formula
    from core.link.address import read, write
    from tests.visits import Visit

    e = Experiment(
        optimizers=(Optimizer("SGD"), Optimizer(ADDED, momentum=0.9)),
        loss=Loss("half"),
        activation="softsign",
        data="cube",
        points=60,
        epochs=2,
    )
    drawn, reference = train(e, dtype=torch.float64), train_reference(e)
    torch.testing.assert_close(drawn.loss, reference.loss.double(), rtol=1e-9, atol=1e-12)
    print("parity")

    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(script(e, "Rows") + "\nprint('ended')\n")
        file.flush()
        done = subprocess.run([sys.executable, "-W", "error", file.name], capture_output=True, text=True, check=True)
        assert "ended" in done.stdout
    print("export")

    assert OPTIMIZERS[ADDED].colour not in {look.colour for name, look in OPTIMIZERS.items() if name != ADDED}
    assert LOOKS["half"].colour not in {look.colour for name, look in LOOKS.items() if name != "half"}
    print("legend")

    assert r"\mu" in formula(Optimizer(ADDED), 0.01, False)
    assert ADDED in coefficients([Optimizer(ADDED)]).index
    print("formula")

    query = {"opt": ["SGD", ADDED], "heavy.momentum": ["0.9"], "loss": ["half"], "act": ["softsign"], "data": ["cube"]}
    query |= {"n": ["60"], "epochs": ["2"]}
    seen = Visit("optimizers.race", query=query | {"v": ["2"]})
    place = seen.situation.scene.place
    specs = read(query | {"v": ["2"]}, place).specs
    assert specs[0] == e
    assert read(write(place, specs, None), place).specs == specs
    print("link")

    assert not seen.faults()
    assert not seen.notices()
    assert ADDED in seen.app.pills(key="opt").options
    for fold in ("hyper", "data"):
        seen.app.session_state[f"fold.{fold}"] = True
    seen.app.run()
    assert not seen.faults()
    assert seen.app.select_slider(key="heavy.momentum").value == 0.9
    for key, label in (("loss", "loss.half"), ("act", "activation.softsign"), ("data", "data.cube")):
        assert label in seen.app.selectbox(key=key).options
    print("controls")


if __name__ == "__main__":
    main()
