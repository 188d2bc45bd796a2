"""Own losses: what is read and what is refused, values against plain torch, slopes against autograd."""

import ast
import string
import warnings
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.engine.history import Kind
from core.engine.training import train, train_reference
from core.expression import parser
from core.expression.operations import COMPARISONS, DEEPEST, FUNCTIONS, LONGEST
from core.expression.parser import Refused, parse, readable
from core.expression.tree import Expression, OwnLoss
from core.spec.experiment import Experiment, Loss, Optimizer
from tests.claims.test_claims_links import REFUSED
from tests.strategies import EXPRESSIONS
from tests.test_training import assert_equal_histories

many = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=3000)
#: Kinks, ties, poles and zeros of what is likely to be written, and ordinary places.
PLACES = torch.tensor([-3.0, -2, -1, -0.5, -0.1, -1e-3, 0, 1e-3, 0.1, 0.5, 1, 2, 3, 0.37, -0.73], dtype=torch.float64)


def by_python(text: str, r: torch.Tensor) -> torch.Tensor:
    """The oracle of values: Python's own reading of the text, with torch's functions. Only for trusted texts."""

    def tensor(value) -> torch.Tensor:
        return torch.as_tensor(value, dtype=r.dtype)

    names = {name: lambda *a, name=name: getattr(torch, name)(*map(tensor, a)) for name in FUNCTIONS}
    names["where"] = lambda c, a, b: torch.where(tensor(c) != 0, tensor(a), tensor(b))
    tree = ast.parse(text.strip(), mode="eval")

    class Numbers(ast.NodeTransformer):
        """Makes numbers and comparisons tensors that can be added, and exponents plain numbers."""

        def visit_Constant(self, node):
            return ast.Call(ast.Name("number", ast.Load()), [node], [])

        def visit_BinOp(self, node):
            self.generic_visit(node)
            if isinstance(node.op, ast.Pow):
                node.right = ast.Call(ast.Name("float", ast.Load()), [node.right], [])
            return node

        def visit_Compare(self, node):
            self.generic_visit(node)
            return ast.Call(ast.Name("number", ast.Load()), [node], [])

    code = compile(ast.fix_missing_locations(Numbers().visit(tree)), "<test>", "eval")
    value = eval(code, {"r": r, "number": tensor, **names})
    return tensor(value).expand(r.shape)


@st.composite
def texts(draw: st.DrawFn, depth: int = 4) -> str:
    """A text of the language; it may be too long, or a number in it may be out of bounds."""
    inner = texts(depth=depth - 1)
    kinds = ["r", "r", "number", "sum", "sign", "power", "call", "compare", "bracket"]
    kind = draw(st.sampled_from(kinds if depth else kinds[:3]))
    if kind == "r":
        return "r"
    if kind == "number":
        return draw(st.sampled_from(["0", "1", "2", "0.5", ".1", "3.", "1e-3", "2e2", "0.37"]))
    if kind == "sign":
        return draw(st.sampled_from(["-", "+", "- "])) + draw(inner)
    if kind == "power":
        return f"({draw(inner)})**{draw(st.sampled_from(['2', '3', '0.5', '-1', '0', '1', '(1/2)']))}"
    if kind == "call":
        name = draw(st.sampled_from(sorted(FUNCTIONS)))
        return f"{name}({', '.join(draw(inner) for _ in range(FUNCTIONS[name]))})"
    if kind == "compare":
        return f"({draw(inner)} {draw(st.sampled_from(sorted(COMPARISONS)))} {draw(inner)})"
    if kind == "bracket":
        return f"({draw(inner)})"
    return f"{draw(inner)} {draw(st.sampled_from('+-*/'))} {draw(inner)}"


def read(text: str) -> tuple[Expression, None] | tuple[None, Refused]:
    try:
        return parse(text), None
    except Refused as bad:
        return None, bad


@given(texts())
@example("-r**2")
@example("2**-1*r")
@example("where(r, 1, sqrt(r))")
@example("maximum(r, 0) - minimum(r, r) * sign(r)")
@example("sqrt(r**2)")
@example("abs(r)**0.5 / r")
@example("r / -abs(0)")
@example("r / (-0 * r)")
@example("((r)**2 / r - r)**0.5")
@many
def test_values_are_pythons_and_slopes_are_autograds(text):
    own, _ = read(text)
    if own is None:
        return
    r = PLACES.clone().requires_grad_()
    value = own.value(r)
    value.sum().backward()
    torch.testing.assert_close(value.detach(), by_python(text, PLACES), equal_nan=True, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(own.slope(PLACES), r.grad, equal_nan=True, rtol=1e-9, atol=1e-12)


@given(texts())
@settings(many, max_examples=1000)
def test_the_exported_code_is_the_same_loss(text):
    own, _ = read(text)
    if own is None:
        return
    names = {"torch": torch, "r": PLACES}
    torch.testing.assert_close(eval(own.code, names), own.value(PLACES), equal_nan=True, rtol=1e-12, atol=1e-12)


#: Pieces that fuzzed texts are made of: the language's own, Python's, and rubbish.
PIECES = [*FUNCTIONS, *COMPARISONS, *"+-*/(),. r0129eE_^%&|~@[]{}:;'\"\\#\n\t=!<>", "**", "r", "1e9", "1e999", "9" * 30]
PIECES += [
    "__import__('os')",
    "lambda",
    "exec",
    "eval",
    "import",
    "r.__class__",
    "\ud800",
    "é",
    "Ⅷ",
    "１",
    "\x00",
    "ｒ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=LONGEST + 20))
@example("(" * LONGEST)
@example("-" * LONGEST)
@example("2**" * 40)
@example("abs(" * 30)
@example("where(r,r," * 12)
@settings(many, max_examples=5000)
def test_any_text_is_read_or_refused_with_a_place_in_it(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        own, bad = read(text)
    assert readable(text) == (own is not None)
    if own is None:
        assert 1 <= bad.place <= max(len(text), LONGEST) + 1
        assert bad.reason in REFUSED
    else:
        assert own.tree.depth <= DEEPEST
        assert own.value(PLACES).shape == own.slope(PLACES).shape == PLACES.shape


@pytest.mark.parametrize("text", ["1e7*r", "r/1e-7", "r**11", "r**-10.5", "r + 1e3**9", "r*(2e6 - 1)", "r + log(0)"])
def test_numbers_are_bounded(text):
    with pytest.raises(Refused) as caught:
        parse(text)
    assert caught.value.reason in ("constant", "exponent")


def test_the_parser_hands_nothing_to_python():
    source = Path(parser.__file__).read_text(encoding="utf-8")
    used = {n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)}
    assert not used & {"eval", "exec", "compile", "ast", "getattr", "__import__"}
    assert not used & {"globals", "locals", "open"}


def test_whatever_is_in_printable_characters_alone_is_refused_unless_it_is_r():
    assert [c for c in string.printable if readable(c)] == ["r"]


@pytest.mark.parametrize("text", ["(r > 0) * 2", "where(r > 0, 1, 2)", "sign(r)"])
def test_a_loss_that_is_flat_has_the_slope_nought_and_can_still_be_run_backwards(text):
    r = PLACES.clone().requires_grad_()
    OwnLoss(parse(text))(r, torch.zeros_like(r)).backward()
    assert not r.grad.any()
    assert not parse(text).slope(PLACES).any()


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_whole_trajectories_agree_in_float64(text):
    optimizers = (Optimizer("SGD"), Optimizer("Adam"))
    e = Experiment(points=104, epochs=4, loss=Loss("own", expression=text), optimizers=optimizers, seeds=2)
    assert_equal_histories(train(e, dtype=torch.float64, device="cpu"), train_reference(e), 1e-9)


def test_an_own_loss_that_is_a_standard_one_trains_like_it():
    one = train(Experiment(epochs=2), dtype=torch.float64)
    own = train(Experiment(epochs=2, loss=Loss("own", expression="r**2")), dtype=torch.float64)
    torch.testing.assert_close(own.loss, one.loss, rtol=0, atol=1e-12)
    torch.testing.assert_close(own.constant_loss, one.constant_loss, rtol=1e-4, atol=0)


@pytest.mark.parametrize("text", ["log(r)", "-exp(-r**2)", "r", "maximum(abs(r) - 5, 0)", "1/r", "-100 - r*0"])
def test_strange_losses_are_outcomes_and_no_exceptions(text):
    history = train(Experiment(epochs=1, loss=Loss("own", expression=text)))
    assert len(history.outcomes) == 4
    if text in ("log(r)", "1/r"):
        assert history.outcomes[0].kind is Kind.DIVERGED or text == "1/r"
