import re
from dataclasses import fields, replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.catalogue.optimizers import METHODS
from core.expression import parser
from core.link import decoding, forms
from core.link.forms import EXPERIMENT
from core.spec.experiment import ESSAY, LADDER, Experiment, Loss, Optimizer
from core.spec.view import View
from core.text import LANGUAGES, Text, entries
from tests.strategies import experiments, specs

PAGE = (Experiment(), View())
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100)


def query(text: str) -> dict[str, list[str]]:
    return parse_qs(text, keep_blank_values=True, strict_parsing=bool(text))


def decode(text: str, defaults=PAGE) -> decoding.Decoded:
    return decoding.decode(query(text), EXPERIMENT, defaults)


def told(text: str, defaults=PAGE) -> list[tuple[str, str, str, str]]:
    problems = decode(text, defaults).problems
    return [(p.name, p.value, p.reason.removeprefix("link.reason."), p.allowed) for p in problems]


# --- both directions


@given(specs(), specs(), st.sampled_from(LANGUAGES))
@patient
def test_a_link_gives_back_any_spec_whatever_the_defaults(spec, defaults, language):
    text = EXPERIMENT.encode(spec, language)
    assert decode(text, defaults) == decoding.Decoded(spec, ())
    assert EXPERIMENT.encode(spec, language) == text
    assert text.startswith(f"v=1&lang={language}&opt=")


@given(specs())
@patient
def test_flat_gives_back_any_spec(spec):
    flat = EXPERIMENT.flatten(spec)
    assert list(flat) == list(EXPERIMENT.names)
    assert EXPERIMENT.build(flat) == spec


@given(specs(), specs())
@patient
def test_short_gives_back_any_spec_with_the_same_defaults(spec, defaults):
    assert decoding.decode(EXPERIMENT.short(spec, defaults), EXPERIMENT, defaults) == decoding.Decoded(spec, ())
    assert EXPERIMENT.short(spec, spec) == {}


@given(experiments(), experiments(), st.sampled_from([f.name for f in fields(Experiment)]))
@patient
def test_canonical_is_equal_for_equal_experiments_only(one, other, field):
    assert (forms.canonical(one) == forms.canonical(other)) == (one == other)
    try:
        changed = replace(one, **{field: getattr(other, field)})
    except ValueError:
        return
    assert (forms.canonical(one) == forms.canonical(changed)) == (one == changed)


def test_canonical_of_zeros_and_of_whole_numbers():
    assert forms.canonical(Experiment(noise=-0.0)) == forms.canonical(Experiment(noise=0))
    assert "noise=0&" in forms.canonical(Experiment(noise=-0.0))


def test_every_field_has_a_name():
    assert {n.attribute for n in EXPERIMENT.names.values()} - {""} == {
        f.name for part in (Experiment, View) for f in fields(part)
    }
    assert {name.split(".")[0] for name in EXPERIMENT.names if name.endswith(".lr")} == {m.lower() for m in METHODS}


def test_flat_names_the_parameters_of_all_and_prefers_those_chosen():
    flat = EXPERIMENT.flatten((Experiment(optimizers=(Optimizer("Adam", lr=0.5, betas=(0.1, 0.2)),)), View()))
    assert (flat["opt"], flat["adam.lr"], flat["adam.beta1"], flat["adam.beta2"]) == (
        ("Adam",),
        0.5,
        0.1,
        0.2,
    )
    assert (flat["adamw.lr"], flat["adamw.beta1"], flat["momentum.momentum"]) == (None, 0.9, 0.8)
    assert (flat["smooth_l1.beta"], flat["huber.delta"], flat["batch"], flat["full"]) == (1, 1, 32, False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n": 9.5}, "points=9.5"),
        ({"opt": ()}, "optimizers="),
        ({"opt": ("SGD", "sgd")}, "optimizer='sgd'"),
        ({"loss": "MSE"}, "loss='MSE'"),
        ({"adam.beta2": 1.0}, "Adam.beta2=1.0"),
        ({"smooth": 1}, "smooth=1"),
        ({"n": 20}, "batch_size=32"),
        ({"lr": ()}, "learning_rates"),
    ],
)
def test_build_raises_as_the_constructors_do(change, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        EXPERIMENT.build(EXPERIMENT.flatten(PAGE) | change)


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (0.01, "0.01"),
        (1e-8, "1e-08"),
        (3.0, "3"),
        (100, "100"),
        (0.1 + 0.2, "0.30000000000000004"),
        (5e-324, "5e-324"),
    ],
)
def test_numbers_have_one_shortest_form(rate, text):
    assert f"&lr={text}&" in EXPERIMENT.encode((Experiment(learning_rates=(rate,)), View()), "en")


def test_encode_refuses_what_a_link_cannot_carry():
    rates = tuple(i / 100 for i in range(1, 34))
    with pytest.raises(ValueError, match="a link carries at most 32"):
        EXPERIMENT.encode((Experiment(learning_rates=rates), View()), "en")


# --- version 1 keeps its meaning

FROZEN = (
    "v=1&lang=en&opt=SGD&opt=Momentum&opt=RMSprop&opt=Adam&lr=0.01&seeds=1&data=parabola&n=1000&noise=0.1"
    "&outliers.share=0&outliers.size=0&width=20&act=relu&loss=mse&batch=32&epochs=12&target=0.02"
    "&schedule=constant&sgd.lr=&sgd.weight_decay=0&momentum.lr=&momentum.momentum=0.8&momentum.weight_decay=0"
    "&rmsprop.lr=&rmsprop.alpha=0.9&rmsprop.eps=1e-08&rmsprop.weight_decay=0&adam.lr=&adam.beta1=0.9"
    "&adam.beta2=0.99&adam.eps=1e-08&adam.weight_decay=0&scale=linear&smooth=0.9&full=0&rates=same"
    "&by=optimizer&step="
)
MEANT = Experiment(
    data="parabola",
    points=1000,
    noise=0.1,
    outlier_share=0.0,
    outlier_size=0.0,
    width=20,
    activation="relu",
    loss=Loss("mse"),
    batch_size=32,
    epochs=12,
    target=0.02,
    optimizers=(
        Optimizer("SGD", lr=None, weight_decay=0.0),
        Optimizer("Momentum", lr=None, momentum=0.8, weight_decay=0.0),
        Optimizer("RMSprop", lr=None, alpha=0.9, eps=1e-8, weight_decay=0.0),
        Optimizer("Adam", lr=None, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.0),
    ),
    learning_rates=(0.01,),
    schedule="constant",
    seeds=1,
)
MEANT_VIEW = View(scale="linear", smooth=0.9, full=False, rates="same", by="optimizer", step=None)
ELSEWHERE = (
    Experiment(
        data="ripple",
        points=5000,
        noise=1,
        outlier_share=0.1,
        outlier_size=3,
        width=7,
        activation="tanh",
        loss=Loss("huber", delta=2),
        batch_size=None,
        epochs=3,
        target=1,
        optimizers=(
            Optimizer("Adam", lr=0.3, betas=(0.1, 0.2), eps=1e-3, weight_decay=0.5),
            Optimizer("AdamW"),
        ),
        learning_rates=LADDER,
        seeds=5,
    ),
    View(scale="log", smooth=0, full=True, rates="best", by="rate", step=7),
)


@pytest.mark.parametrize("defaults", [PAGE, ELSEWHERE])
def test_a_frozen_link_keeps_its_meaning(defaults):
    assert decode(FROZEN, defaults) == decoding.Decoded((MEANT, MEANT_VIEW), ())


@given(specs())
@patient
def test_a_frozen_link_keeps_its_meaning_whatever_the_defaults(defaults):
    # a name younger than the link has one default everywhere: seeds count from 0
    defaults = (replace(defaults[0], first_seed=0), defaults[1])
    assert decode(FROZEN, defaults) == decoding.Decoded((MEANT, MEANT_VIEW), ())


# --- partial, hand-written links


@pytest.mark.parametrize("defaults", [PAGE, ELSEWHERE])
@pytest.mark.parametrize("text", ["", "lang=zh-Hant&embed=true&embed_options=dark_theme", "v=1", "lang=%00&lang=x"])
def test_an_empty_link_gives_the_defaults(text, defaults):
    assert decode(text, defaults) == decoding.Decoded(defaults, ())


def test_names_without_values_give_the_defaults():
    assert decoding.decode({name: [] for name in (*EXPERIMENT.names, "v")}, EXPERIMENT, PAGE) == decoding.Decoded(
        PAGE, ()
    )


def test_a_partial_link_changes_what_it_names():
    assert decode("opt=Adam&lr=.5&adam.beta1=0&batch=full&full=1&step=3") == decoding.Decoded(
        (
            Experiment(optimizers=(Optimizer("Adam", betas=(0, 0.99)),), learning_rates=(0.5,), batch_size=None),
            View(full=True, step=3),
        ),
        (),
    )


def test_a_partial_link_keeps_the_hyperparameters_of_the_page():
    assert decode("opt=Adam&opt=SGD", ELSEWHERE).specs[0].optimizers == (
        ELSEWHERE[0].optimizers[0],
        Optimizer("SGD"),
    )


def test_parameters_of_what_is_not_chosen_are_dropped_in_silence():
    assert decode("opt=SGD&adam.beta1=0.5&huber.delta=3&adamw.lr=1") == decoding.Decoded(
        (Experiment(optimizers=(Optimizer("SGD"),)), View()), ()
    )
    assert told("adamw.beta1=1&huber.delta=0") == [
        ("huber.delta", "0", "range", "[0.001, 100]"),
        ("adamw.beta1", "1", "range", "[0, 1)"),
    ]


def test_few_points_train_as_a_full_batch_where_no_batch_is_named():
    assert decode("n=16") == decoding.Decoded((Experiment(points=16, batch_size=None), View()), ())


@pytest.mark.parametrize("text", ["noise=-0", "noise=0.", "noise=.0", "noise=0e9", "noise=-0.0E-5"])
def test_zero_has_many_spellings(text):
    assert decode(text) == decoding.Decoded((Experiment(noise=0), View()), ())
    assert repr(decode(text).specs[0].noise) == "0.0"


# --- what is at the edge of the allowed is allowed

EDGES = {
    "seeds": "1 400",
    "n": "8 5000",
    "noise": "0 2",
    "outliers.share": "0 0.5",
    "outliers.size": "-10 10",
    "width": "1 128",
    "batch": "1 1000 full",
    "epochs": "1 200",
    "target": "1e-300 100",
    "lr": "1e-300 100",
    "smooth": "0 0.99",
    "step": "0 1000000",
    "smooth_l1.beta": "0.001 100",
    "huber.delta": "0.001 100",
} | {
    f"{m.name.lower()}.{h.name}": f"{h.low} {0.999999 if h.below else h.high}"
    for m in METHODS.values()
    for h in m.hyperparameters
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in EDGES.items() for v in vs.split()])
def test_the_edge_of_the_allowed_is_allowed(name, value):
    loss = name.split(".")[0] if name in ("smooth_l1.beta", "huber.delta") else "mse"
    page = (Experiment(optimizers=tuple(map(Optimizer, METHODS)), loss=Loss(loss)), View())
    found = decode(f"{name}={value}", page)
    expected = value if value == "full" else float(value)
    assert found.problems == ()
    assert EXPERIMENT.flatten(found.specs)[name] in (expected, (expected,))


def test_a_batch_as_large_as_the_largest_data():
    assert decode("n=5000&batch=5000").specs[0].batch_size == 5000


# --- bad values

NOT_NUMBERS = [
    *(
        "１２",
        "٣",
        "nan",
        "NaN",
        "inf",
        "-inf",
        "Infinity",
        "0x10",
        "1_000",
        " 1",
        "1 ",
        "1\n",
        "+1",
        "",
        "-",
        ".",
        "e5",
    ),
    *(
        "1e",
        "1,5",
        "1.2.3",
        "--1",
        "½",
        "1\x00",
        "<script>alert(1)</script>",
        "None",
        "true",
        "{0}",
        "%s",
        "1d",
    ),
]


@pytest.mark.parametrize("value", NOT_NUMBERS)
@pytest.mark.parametrize("name", ["noise", "lr", "n", "batch", "adam.beta1"])
def test_only_plain_ascii_numbers_are_numbers(name, value):
    found = decoding.decode({name: [value]}, EXPERIMENT, PAGE)
    reason = "whole" if name in ("n", "batch") else "number"
    shown = "".join(c if c.isprintable() else "\ufffd" for c in value)
    assert found == decoding.Decoded(PAGE, (decoding.Problem(name, shown, f"link.reason.{reason}"),))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("n=7", ("n", "7", "range", "[8, 5000]")),
        ("n=-0", ("n", "-0", "range", "[8, 5000]")),
        ("n=1e3", ("n", "1e3", "whole", "")),
        ("n=1000.0", ("n", "1000.0", "whole", "")),
        ("n=" + "9" * 40, ("n", "9" * 40, "range", "[8, 5000]")),
        ("n=" + "9" * 41, ("n", "9" * 39 + "…", "long", "40")),
        ("noise=1e999", ("noise", "1e999", "range", "[0, 2]")),
        ("target=1e-999", ("target", "1e-999", "range", "(0, 100]")),
        ("lr=0", ("lr", "0", "range", "(0, 100]")),
        ("lr=-1", ("lr", "-1", "range", "(0, 100]")),
        ("adam.lr=101", ("adam.lr", "101", "range", "(0, 100]")),
        ("nesterov.momentum=0", ("nesterov.momentum", "0", "range", "[0.01, 1)")),
        ("rmsprop.alpha=1", ("rmsprop.alpha", "1", "range", "[0, 1)")),
        ("step=-1", ("step", "-1", "range", "[0, 1000000]")),
        ("data=Sine", ("data", "Sine", "choice", "parabola, sine, step, absolute, bump, saddle, ripple")),
        ("scale=", ("scale", "", "choice", "linear, log")),
        ("rates=x is none of y", ("rates", "x is none of y", "choice", "same, best")),
        ("schedule=cosine", ("schedule", "cosine", "choice", "constant")),
        ("full=true", ("full", "true", "choice", "0, 1")),
        ("n=9&n=10", ("n", "9, 10", "repeat", "")),
        ("n=9&n=9", ("n", "9, 9", "repeat", "")),
        ("v=2", ("v", "2", "version", "1")),
        ("v=", ("v", "", "version", "1")),
        ("v=1&v=1", ("v", "1, 1", "version", "1")),
        ("foo=1", ("foo", "1", "unknown", "")),
        ("N=10", ("N", "10", "unknown", "")),
        ("=5", ("", "5", "unknown", "")),
        ("__class__=x", ("__class__", "x", "unknown", "")),
        ("sgd.momentum=0.5", ("sgd.momentum", "0.5", "unknown", "")),
        ("mse.None=1", ("mse.None", "1", "unknown", "")),
        ("opt=", ("opt", "", "choice", ", ".join(METHODS))),
        ("batch=1001", ("batch", "1001", "range", "[1, 1000]")),
        ("batch=5001", ("batch", "5001", "range", "[1, 5000]")),
    ],
)
def test_one_bad_value_gives_its_default_and_one_problem(text, problem):
    assert told(text) == [problem]
    assert decode(text) == decoding.Decoded(PAGE, decode(text).problems)


def test_of_a_correction_that_would_divide_by_nothing_half_gives_way():
    both = "opt=Custom&custom.kappa=1&custom.beta2=1"
    assert told(both) == [("custom.beta2", "1", "together", "")]
    assert decode(both).specs[0].optimizers == (Optimizer("Custom", kappa=1.0),)
    beside = (Experiment(optimizers=(Optimizer("Custom", kappa=1.0),)), View())
    assert told("custom.beta2=1", beside) == [("custom.beta2", "1", "together", "")]
    assert told("custom.kappa=1&custom.beta2=1") == []  # of an optimizer that is not there


def test_a_bad_value_leaves_the_good_ones():
    found = decode("v=9&n=500&width=x&opt=SGD&opt=<b>&opt=SGD&lr=0.5&lr=nan&lr=1&lr=0.50&smooth=0&by=z")
    assert found.specs == (
        Experiment(points=500, optimizers=(Optimizer("SGD"),), learning_rates=(0.5, 1)),
        View(smooth=0),
    )
    assert [(p.name, p.value, p.reason.rpartition(".")[2]) for p in found.problems] == [
        ("v", "9", "version"),
        ("opt", "<b>", "choice"),
        ("opt", "SGD", "repeat"),
        ("lr", "nan", "number"),
        ("lr", "0.50", "repeat"),
        ("width", "x", "whole"),
        ("by", "z", "choice"),
    ]


def test_at_most_32_rates():
    rates = [i / 100 for i in range(1, 41)]
    found = decoding.decode({"lr": [str(r) for r in rates]}, EXPERIMENT, PAGE)
    assert found.specs[0].learning_rates == tuple(rates[:32])
    assert [(p.reason, p.allowed) for p in found.problems] == [("link.reason.too_many", "32")]
    assert found.problems[0].value.startswith("0.33, 0.34")


@pytest.mark.parametrize(
    ("text", "defaults", "batch", "problems"),
    [
        ("n=100&batch=200", PAGE, 32, [("batch", "200", "range", "[1, 100]")]),
        ("n=10&batch=20", PAGE, None, [("batch", "20", "range", "[1, 10]")]),
        ("n=100&batch=200", ELSEWHERE, None, [("batch", "200", "range", "[1, 100]")]),
        ("n=10&batch=x", PAGE, None, [("batch", "x", "whole", "")]),
    ],
)
def test_a_batch_larger_than_the_data(text, defaults, batch, problems):
    assert told(text, defaults) == problems
    assert decode(text, defaults).specs[0].batch_size == batch


# --- the budget


def test_over_the_budget_gives_way_in_order():
    costly = Experiment(seeds=8, learning_rates=LADDER)
    text = "opt=SGD&seeds=400&lr=0.1&lr=1&epochs=200&width=128&n=5000&batch=1"
    assert [(name, value) for name, value, reason, _ in told(text) if reason == "budget"] == [
        ("seeds", "400"),
        ("lr", "0.1, 1"),
        ("epochs", "200"),
    ]
    found = decode(text).specs[0]
    assert (found.seeds, found.learning_rates, found.epochs) == (1, (0.01,), 12)
    assert (found.width, found.points, found.batch_size) == (128, 5000, 1)
    assert told("seeds=400&lr=0.1&lr=0.2&width=128") == [("seeds", "400", "budget", "")]
    # what is cheaper than the default is not to blame
    assert told("seeds=4&epochs=60&width=128&n=5000", (costly, View())) == [("epochs", "60", "budget", "")]


def test_over_the_budget_through_optimizers_and_their_own_rates():
    many = Experiment(
        optimizers=(Optimizer("SGD", lr=1), Optimizer("Adam", lr=1)),
        learning_rates=tuple(i / 100 for i in range(1, 1001)),
        seeds=50,
        batch_size=100,
    )
    assert [t[:3] for t in told("opt=RMSprop", (many, View()))] == [("opt", "RMSprop", "budget")]
    assert told("sgd.lr=0.5&adam.lr=", (many, View())) == [("adam.lr", "", "budget", "")]
    assert decode("opt=RMSprop", (many, View())).specs[0] == many


def test_points_that_give_way_may_leave_the_batch_too_large():
    page = (Experiment(seeds=400, epochs=25), View())
    assert told("n=5000&batch=2000&epochs=200&width=128", page) == [
        ("epochs", "200", "budget", ""),
        ("width", "128", "budget", ""),
        ("n", "5000", "budget", ""),
        ("batch", "2000", "range", "[1, 1000]"),
    ]
    assert decode("n=5000&batch=2000&epochs=200&width=128", page).specs[0] == page[0]


# --- hostile links

JUNK = st.text(max_size=60) | st.sampled_from(
    [
        *NOT_NUMBERS,
        *(
            "0",
            "1",
            "8",
            "400",
            "5000",
            "1e999",
            "-1e999",
            "1" * 41,
            "full",
            "SGD",
            "Adam",
            "huber",
            "sine",
            "128",
        ),
        *(
            "\x00",
            "\ud800",
            "\u202e",
            "a" * 10_000,
            "9" * 10_000,
            "'; DROP TABLE x; --",
            "../../etc/passwd",
            "{x!r}",
        ),
        *(
            "[a](javascript:alert(1))",
            "<img src=x onerror=alert(1)>",
            "$(id)",
            "%00",
            "\r\nSet-Cookie: a=b",
            "200",
        ),
    ]
)
NAMES = st.sampled_from([*EXPERIMENT.names, "v", "lang", "embed"]) | JUNK


def shown(text: str) -> str:
    cut = text if len(text) <= 40 else text[:39] + "…"
    return "".join(c if c.isprintable() else "\ufffd" for c in cut)


@given(st.dictionaries(NAMES, st.lists(JUNK, max_size=4) | st.lists(JUNK, max_size=50), max_size=40), specs())
@example({name: ["\ud800\x00"] for name in EXPERIMENT.names}, PAGE)
@example({name: [str(10**6)] * 3 for name in EXPERIMENT.names}, PAGE)
@example({"lr": [], "opt": [], "v": [], "x": []}, PAGE)
@settings(patient, max_examples=400)
def test_any_query_gives_a_valid_spec_and_problems_that_name_what_was_given(asked, defaults):
    found = decoding.decode(asked, EXPERIMENT, defaults)
    EXPERIMENT.build(EXPERIMENT.flatten(found.specs))
    EXPERIMENT.encode(found.specs, "en").encode("ascii")
    assert len(found.problems) <= decoding.MAX_PROBLEMS + 1
    given_names = {shown(name) for name in asked}
    for problem in found.problems:
        for language in LANGUAGES:
            line = problem.line(Text(language))
            assert problem.value in line
            assert line.isprintable()
        if problem.reason == decoding.REST:
            assert problem is found.problems[-1]
            continue
        assert problem.name in given_names
        assert len(problem.name) <= 40
        assert len(problem.value) <= 40
        if problem.reason == "link.reason.budget":
            continue
        texts = [list(asked[name]) for name in asked if shown(name) == problem.name]
        wholes = {shown(", ".join(part)) for t in texts for part in (t, t[forms.MAX_VALUES :])}
        assert problem.value in wholes | {shown(one) for t in texts for one in t}


HEAVY = {
    "seeds": [["400"], ["40"], ["1"]],
    "lr": [[str(i / 100) for i in range(1, 33)], ["0.1", "1"]],
    "epochs": [["200"], ["1"]],
    "width": [["128"], ["1"]],
    "n": [["5000"], ["8"]],
    "batch": [["1"], ["5000"], ["full"]],
    "opt": [list(METHODS), ["AdamW"]],
} | {f"{name.lower()}.lr": [[""], ["0.1"]] for name in METHODS}


@given(st.fixed_dictionaries({}, optional={n: st.sampled_from(v) for n, v in HEAVY.items()}), specs())
@settings(patient, max_examples=100)
def test_any_heavy_link_comes_within_the_budget(asked, defaults):
    found = decoding.decode(asked, EXPERIMENT, defaults)
    flat, usual = EXPERIMENT.flatten(found.specs), EXPERIMENT.flatten(defaults)
    for problem in found.problems:
        assert problem.reason == "link.reason.budget" or problem.name == "batch"
        assert flat[problem.name] in (usual[problem.name], "full")


@given(st.dictionaries(NAMES, st.lists(JUNK, max_size=4), max_size=12))
@settings(patient, max_examples=200)
def test_good_values_stay_beside_bad_ones(asked):
    found = decoding.decode(asked, EXPERIMENT, PAGE)
    if any(p.reason in (decoding.REST, "link.reason.budget") for p in found.problems):
        return
    flat = EXPERIMENT.flatten(found.specs)
    blamed = {p.name for p in found.problems}
    for name in EXPERIMENT.names.keys() & asked.keys() - blamed - {"batch"}:
        part = EXPERIMENT.names[name].part
        if part in ("", found.specs[0].loss.name, *(o.name for o in found.specs[0].optimizers)):
            alone = {name: asked[name]} | ({"opt": [part]} if part in METHODS else {"loss": [part]} if part else {})
            assert flat[name] == EXPERIMENT.flatten(vars_of(decoding.decode(alone, EXPERIMENT, PAGE)))[name]


def vars_of(found: decoding.Decoded) -> tuple[Experiment, View]:
    return found.specs


def test_many_problems_are_counted():
    found = decoding.decode({"n": ["x"], **{f"x{i}": ["1"] for i in range(20)}}, EXPERIMENT, PAGE)
    assert [p.name for p in found.problems] == ["n", *(f"x{i}" for i in range(11)), ""]
    assert found.problems[-1].line(Text("en")) == "and 9 more"
    assert len(decoding.decode({f"x{i}": ["1"] for i in range(12)}, EXPERIMENT, PAGE).problems) == 12


@pytest.mark.parametrize(
    "asked",
    [
        {f"x{i}": ["1"] for i in range(10_000)},
        {"n": ["1" * 10**6], "y" * 10**6: ["\0" * 10**6], "opt": ["SGD" * 10**6]},
        {"lr": ["0.5"] * 10**5, "opt": ["Adam"] * 10**5, "n": ["9"] * 10**5, "v": ["1"] * 10**5},
        {"seeds": ["400"], "lr": [str(i / 100) for i in range(1, 33)], "opt": list(METHODS), "batch": ["1"]},
    ],
)
def test_oversize_links_are_cut(asked):
    found = decoding.decode(asked, EXPERIMENT, PAGE)
    assert found.problems
    assert sum(len(p.name) + len(p.value) for p in found.problems) < 2000


# --- texts

EXPRESSION_REASONS = re.findall(r'Refused\("(\w+)"', Path(parser.__file__).read_text(encoding="utf-8"))
REASONS = {
    *("unknown", "number", "whole", "range", "choice", "repeat"),
    *("single", "long", "too_many", "version", "budget", "together", "rest"),
    *(f"expression.{reason}" for reason in EXPRESSION_REASONS),
}


def test_an_own_loss_in_a_link():
    spec = (Experiment(loss=Loss("own", expression="where(abs(r) < 1, r**2, 1 + 0*r)")), View())
    assert decode(EXPERIMENT.encode(spec, "en")) == decoding.Decoded(spec, ())
    assert told("loss=own&own.expr=r^2") == [("own.expr", "r^2", "expression.caret", "")]
    found = decode("loss=own&own.expr=abs(r)%2Bfoo(r)").problems[0]
    assert found.line(Text("en")).startswith(
        "own.expr=abs(r)+foo(r): character 8: this name is not known; known are r,"
    )
    assert found.line(Text("zh-Hant")).startswith("own.expr=abs(r)+foo(r)：第 8 個字元：")
    assert decode("loss=own&own.expr=r^2").specs[0].loss == Loss("own")
    long = "r" + "+r" * 60
    assert told(f"own.expr={long}")[0][2:] == ("long", "120")


def test_a_problem_in_words():
    problem = decode("n=9000").problems[0]
    assert problem.line(Text("en")) == "n=9000: outside [8, 5000]"
    assert problem.line(Text("zh-Hant")) == "n=9000：不在 [8, 5000] 之內"
    braces = decoding.decode({"{reason}": ["{0}{value}"]}, EXPERIMENT, PAGE).problems[0]
    assert braces.line(Text("en")) == "{reason}={0}{value}: this page knows no such name"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_text(language):
    found = {key.removeprefix("link.reason.") for key in entries(language) if key.startswith("link.reason.")}
    assert found == REASONS | {"scene"}
    assert entries(language)["link.notice"]


def test_the_essays_optimizers_are_the_defaults_of_a_link():
    assert decode("opt=SGD&opt=Momentum&opt=RMSprop&opt=Adam", ELSEWHERE).specs[0].optimizers[:3] == ESSAY[:3]
