"""Four linked charts over invented runs, and what the tests turn: data, steps, where to open, language."""

import math

import altair as alt
import pandas as pd
import streamlit as st

from core.player import Chart, Series
from core.player.component import player
from core.text import LANGUAGES, Text

SERIES = {
    "SGD": ("#0072b2", ()),
    "Momentum": ("#d55e00", (6, 3)),
    "RMSprop": ("#009e73", (2, 2)),
    "Adam": ("#aa4499", (8, 3, 2, 3)),
}
RATES = {"SGD": 1.0, "Momentum": 2.5, "RMSprop": 6.0, "Adam": 4.0}
COLOUR = alt.Color(
    "run:N",
    legend=None,
    scale=alt.Scale(domain=list(SERIES), range=[colour for colour, _ in SERIES.values()]),
)


def loss(run: str, step: int, steps: int, level: float) -> float:
    wave = 1 + 0.2 * math.sin(step * RATES[run])
    return level * (0.02 + 0.3 * math.exp(-3 * RATES[run] * step / steps) * wave)


def loss_chart(frame: pd.DataFrame, step: alt.Parameter, steps: int) -> alt.LayerChart:
    x = alt.X("step:Q", title="Step", scale=alt.Scale(domain=[0, steps], nice=False))
    y = alt.Y("loss:Q", title="Loss (MSE)", scale=alt.Scale(domain=[0, 0.4]))
    form = {"type": "csv", "parse": {"run": "string", "step": "number", "loss": "number"}}
    data = alt.InlineData(values=frame.to_csv(index=False), format=form, name="rows")
    lines = alt.Chart().mark_line(clip=True, strokeWidth=1.5).encode(x=x, y=y, color=COLOUR)
    points = lines.mark_circle(size=60).encode(tooltip=["run:N", "step:Q", alt.Tooltip("loss:Q", format=".3f")])
    rule = (
        alt.Chart(alt.InlineData(values=[{}]))
        .mark_rule(opacity=0.6)
        .encode(x=alt.XDatum(alt.expr("step"), type="quantitative"))
    )
    now = points.transform_filter("datum.step == step")
    return alt.layer(lines, now, rule, data=data).add_params(step)


def fit_chart(run: str, level: float, step: alt.Parameter, steps: int) -> alt.LayerChart:
    grid = [i / 30 - 1 for i in range(61)]
    points = [i / 250 - 1 for i in range(500)]
    noise = pd.DataFrame({"x": points, "y": [x * x + 0.1 * math.sin(9250 * x) for x in points]})
    every = max(steps // 60, 1)
    curves = pd.DataFrame(
        {"from": s, "until": s + every, "x": grid, "y": [bend * x * x for x in grid]}
        for s in range(0, steps + 1, every)
        for bend in [1 - loss(run, s, steps, level)]
    )
    x = alt.X("x:Q", scale=alt.Scale(domain=[-1, 1], nice=False))
    y = alt.Y("y:Q", scale=alt.Scale(domain=[-0.4, 1.4], nice=False))
    data = alt.Chart(noise).mark_circle(size=8, opacity=0.35, color="#888").encode(x=x, y=y)
    now = alt.Chart(curves).transform_filter("datum.from <= step && step < datum.until").transform_flatten(["x", "y"])
    line = now.mark_line(strokeWidth=3, color=SERIES[run][0]).encode(x=x, y=y)
    return alt.layer(data, line).add_params(step)


@st.fragment
def figure() -> None:
    st.session_state.figure_runs = st.session_state.get("figure_runs", 0) + 1
    query = st.query_params
    with st.popover("Controls"):
        note = st.toggle("Note above")
        level = st.slider("Level", 0.5, 1.0, 1.0)
        steps = int(st.number_input("Steps", 10, 4000, int(query.get("steps", 384))))
        opened = int(st.number_input("Open at", 0, 4000, int(query.get("step", 100))))
        runs = st.multiselect("Fits", list(SERIES), ["SGD", "Momentum", "Adam"])
        broken = st.toggle("Break one")
        st.button("Rerun")
        hidden = st.toggle("Hide")
        st.text(f"Run {st.session_state.figure_runs} with these")
    if note:
        st.text("A note above the player")
    if hidden:
        return
    language = query.get("lang", LANGUAGES[0])
    step = alt.param(name="step", value=0)
    values = {run: [None] + [loss(run, s, steps, level) for s in range(1, steps + 1)] for run in SERIES}
    frame = pd.DataFrame({"run": run, "step": s, "loss": v} for run in SERIES for s, v in enumerate(values[run]) if s)
    zh = language != "en"
    charts = [
        Chart(
            loss_chart(frame, step, steps).to_dict(),
            title="損失隨訓練步下降：RMSprop 最先接近零" if zh else "RMSprop is the first whose loss comes near zero",
            alt="Four loss curves falling over the steps, with a rule at the present step.",
            height=280,
            name="loss",
            step_axis=True,
        )
    ]
    charts += [
        Chart(
            fit_chart(run, level, step, steps).to_dict(),
            title=f"{run} bends its curve towards the data",
            alt=f"The data and the curve {run} has learned by the present step.",
            columns=3 if query.get("small") else 4,
            height=220,
            name=run.lower(),
        )
        for run in runs
    ]
    if broken:
        charts[1].spec["layer"][0]["encoding"] = {"x": {"field": "x", "type": "quantitative", "scale": {"type": "?"}}}
        charts[1].spec["layer"][1]["transform"] = [{"calculate": "(((", "as": "x"}]
    read = [Series(run, *SERIES[run], values=values[run]) for run in SERIES]
    at = player(charts, steps=steps, step=opened, series=read, text=Text(language), key="race")
    st.text(f"left at {at}; figure ran {st.session_state.figure_runs} times")


st.session_state.page_runs = st.session_state.get("page_runs", 0) + 1
st.title("Player")
figure()
st.text(f"page ran {st.session_state.page_runs} times")
