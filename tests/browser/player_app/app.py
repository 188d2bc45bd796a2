"""The scratch app of the player's tests: the player as the real app serves it, over invented runs."""

import sys
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Route

sys.path.insert(0, str(Path(__file__).parents[3]))

from core.player import bundle


@asynccontextmanager
async def lifespan(app):
    bundle.build()
    yield


app = st.App(
    Path(__file__).parent / "script.py",
    lifespan=lifespan,
    routes=[Route(bundle.ROUTE, bundle.serve), Route("/healthz", lambda request: Response())],
    middleware=[Middleware(GZipMiddleware)],
)
