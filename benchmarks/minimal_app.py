"""The peer of the page benchmark: the least Streamlit app that draws the race as a reader would write it.

It is as well off as ours in what any app can do in a line: one thread to train with, nothing old to collect.
"""

import gc
import sys
from pathlib import Path

import altair as alt
import streamlit as st
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from core.analysis.frames import race_frame
from core.engine.history import History
from core.engine.training import train
from core.spec.experiment import LADDER, Experiment


@st.cache_resource
def prepare() -> None:
    """Do once what our server does before its first visitor."""
    torch.set_num_threads(1)
    gc.collect()
    gc.freeze()


@st.cache_resource
def trained(rate: float, noise: float) -> History:
    """Train the four optimizers once for each rate."""
    return train(Experiment(learning_rates=(rate,), noise=noise))


prepare()
st.title("Loss against step")
rate = st.select_slider("Learning rate", LADDER, value=0.01, key="lr")
frame = race_frame(trained(rate, float(st.query_params.get("noise", "0.1"))), 0.9)
names = ["SGD", "Momentum", "RMSprop", "Adam"]
columns = {f"{kind}_{name}": kind for name in names for kind in ("raw", "smooth")}
long = frame[["step", *columns]].melt("step", var_name="series", value_name="loss").dropna()
long["kind"] = long["series"].map(columns)
long["optimizer"] = long["series"].str.partition("_")[2]
chart = (
    alt.Chart(long)
    .mark_line(clip=True)
    .encode(
        x="step:Q",
        y=alt.Y("loss:Q", scale=alt.Scale(domain=[0, 0.2])),
        color=alt.Color("optimizer:N", sort=names),
        opacity=alt.Opacity("kind:N", scale=alt.Scale(domain=["raw", "smooth"], range=[0.3, 1])),
        detail="series:N",
    )
    .properties(height=340)
)
st.altair_chart(chart)
