"""PyTorch's loss classes, reductions of three numbers, cross-entropy of three logits."""

import pandas as pd

from core.analysis.loss_frames import cross_entropy, reductions
from core.text import Text
from core.text.numbers import percent, sig
from pages.objective.spec import Objective

#: PyTorch's loss classes, the most used first, with their formulas for one entry. r = prediction − y, z a logit.
CLASSES = {
    "MSELoss": r"r^2",
    "L1Loss": r"|r|",
    "SmoothL1Loss": r"\tfrac{r^2}{2\beta}\ \text{or}\ |r|-\tfrac{\beta}{2}",
    "HuberLoss": r"\tfrac{r^2}{2}\ \text{or}\ \delta\,(|r|-\tfrac{\delta}{2})",
    "CrossEntropyLoss": r"-\log \tfrac{e^{z_k}}{\sum_j e^{z_j}}",
    "BCEWithLogitsLoss": r"\log(1+e^{-z})\ \text{or}\ \log(1+e^{z})",
}
MORE_CLASSES = {
    "NLLLoss": r"-\log p_k",
    "BCELoss": r"-\log p\ \text{or}\ -\log(1-p)",
    "SoftMarginLoss": r"\log(1+e^{-yz})",
    "MultiLabelSoftMarginLoss": r"\tfrac{1}{K}\sum_k \log(1+e^{-y_k z_k})",
    "MultiMarginLoss": r"\tfrac{1}{K}\sum_{j\neq k}\max(0,\,1-z_k+z_j)",
    "MultiLabelMarginLoss": r"\tfrac{1}{K}\sum_{k}\sum_{j}\max(0,\,1-z_k+z_j)",
    "HingeEmbeddingLoss": r"d\ \text{or}\ \max(0,\,1-d)",
    "MarginRankingLoss": r"\max(0,\,-y(z_1-z_2))",
    "TripletMarginLoss": r"\max(0,\,d_+-d_-+1)",
    "TripletMarginWithDistanceLoss": r"\max(0,\,d_+-d_-+1)",
    "CosineEmbeddingLoss": r"1-\cos\ \text{or}\ \max(0,\,\cos)",
    "KLDivLoss": r"q\,(\log q-\log p)",
    "PoissonNLLLoss": r"e^{z}-yz",
    "GaussianNLLLoss": r"\tfrac12\left(\log\sigma^2+\tfrac{r^2}{\sigma^2}\right)",
    "LinearCrossEntropyLoss": r"-\log \tfrac{e^{w_k\cdot x}}{\sum_j e^{w_j\cdot x}}",
    "CTCLoss": r"-\log \sum_{\pi} p(\pi)",
    "AdaptiveLogSoftmaxWithLoss": r"-\log p_k",
}


def class_table(classes: dict[str, str], text: Text) -> pd.DataFrame:
    """Return name with formula, in one cell since a phone has no room for two, and when to use it."""
    either = rf"\text{{{text('objective.table.or')}}}"
    formulas = {name: formula.replace(r"\text{or}", either) for name, formula in classes.items()}
    rows = [(f"`{n}` ${f}$", text(f"objective.when.{n}")) for n, f in formulas.items()]
    return pd.DataFrame(rows, columns=[text(f"objective.table.{c}") for c in ("class", "when")])


def reduction_table(page: Objective, text: Text) -> pd.DataFrame:
    """Return what each reduction makes of the three residuals under L1, MSE and Huber."""
    found = reductions(page.residuals, [page.loss(name) for name in ("mse", "l1", "huber")])
    columns = {
        text("control.loss"): [text(f"loss.{name}") for name in found["loss"]],
        "`none`": found["none"].map(lambda values: ", ".join(map(sig, values))),
        "`sum`": found["sum"].map(sig),
        "`mean`": found["mean"].map(sig),
    }
    return pd.DataFrame(columns)


def entropy_table(page: Objective, text: Text) -> pd.DataFrame:
    """Return logit, softmax, log-softmax and slope of the three classes, the right one in bold."""
    found = cross_entropy(page.logits, page.right)
    cells = found.map(sig)
    cells.insert(0, "class", [str(i + 1) for i in found.index])
    cells.loc[page.right - 1] = [f"**{cell}**" for cell in cells.loc[page.right - 1]]
    cells.columns = pd.Index([text(f"objective.entropy.{c}") for c in cells.columns])
    return cells


def entropy_sentence(page: Objective, text: Text) -> str:
    """Return how the loss comes from the table."""
    row = cross_entropy(page.logits, page.right).iloc[page.right - 1]
    values = {"log": sig(row["log_softmax"]), "loss": sig(-row["log_softmax"]), "chance": percent(row["softmax"])}
    return text("objective.entropy.result", right=page.right, **values)
