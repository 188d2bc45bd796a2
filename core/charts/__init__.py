"""Pandas frames in, Altair charts out; knows neither torch nor Streamlit."""

from altair.utils import schemapi

# Tests check every chart by its schema. To check each part as it is made would take longer than to make it.
schemapi.DEBUG_MODE = False
