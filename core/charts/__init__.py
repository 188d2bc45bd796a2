"""Pandas frames in, Altair charts out; knows neither torch nor Streamlit."""
