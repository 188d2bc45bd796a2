"""The Unknowns page's script, run as a reader would, repeats its walks."""

import runpy

import pytest
import torch

from core import clustering, formula_fit, logistic
from core.clustering import Clustering
from core.export_swaps import swaps_script
from core.formula_fit import FORMULAS, FormulaFit
from core.logistic import Logistic
from core.methods import METHODS

ALL = tuple(METHODS)
SPECS = [
    *((FormulaFit(formula=name, optimizers=ALL, rate=0.01, steps=60), Logistic(), Clustering()) for name in FORMULAS),
    (FormulaFit(seed=7, points=9, noise=0.5, t1=0.5), Logistic(optimizers=ALL, rate=0.01, seed=4), Clustering(seed=1)),
    (FormulaFit(), Logistic(gap=0.0, points=11), Clustering(k=6, optimizers=ALL, rate=0.01, points=40, spread=2.0)),
]


@pytest.mark.parametrize("specs", SPECS, ids=lambda s: s[0].formula)
def test_the_script_repeats_every_loss(specs, tmp_path):
    path = tmp_path / "unknowns.py"
    path.write_text(swaps_script(specs, "A test"), encoding="utf-8")
    formula, classes, points = specs
    walks = {
        "formula": formula_fit.walk(formula, formula_fit.draw(formula)),
        "logistic": logistic.train(classes, logistic.draw(classes)),
        "clustering": clustering.train(points, clustering.draw(points)),
    }
    with torch.random.fork_rng(devices=[]):
        module = runpy.run_path(str(path))
        for name, ours in walks.items():
            for run, optimizer in enumerate(ours.optimizers):
                losses, found = module[name](optimizer)
                torch.testing.assert_close(torch.tensor(losses).double(), ours.loss[:, run], rtol=1e-4, atol=1e-5)
                torch.testing.assert_close(torch.tensor(found).double(), ours.path[-1, :, run], rtol=1e-3, atol=1e-3)
        cloud = clustering.draw(points)
        ours = cloud.loss(clustering.lloyd(cloud).T.contiguous())
        torch.testing.assert_close(torch.tensor(module["lloyd"]()).double(), ours, rtol=1e-6, atol=1e-6)


def test_the_script_runs_from_start_to_end(tmp_path, capsys):
    path = tmp_path / "unknowns.py"
    path.write_text(swaps_script((FormulaFit(), Logistic(), Clustering()), "A test"), encoding="utf-8")
    with torch.random.fork_rng(devices=[]):
        runpy.run_path(str(path), run_name="__main__")
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == ["formula"] * 2 + ["logistic"] * 2 + ["clustering"] * 2 + ["lloyd"]
