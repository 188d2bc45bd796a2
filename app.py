"""The entry: `streamlit run app.py` from anywhere, or `uvicorn app:app` from this folder."""

from pathlib import Path

import streamlit as st

from core.ui.server import MIDDLEWARE, ROUTES, lifespan

app = st.App(
    Path(__file__).resolve().parent / "core" / "ui" / "shell.py",
    lifespan=lifespan,
    routes=ROUTES,
    middleware=MIDDLEWARE,
)
