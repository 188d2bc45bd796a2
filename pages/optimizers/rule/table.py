"""The table of numbers, in which what the reader's own row shares with others stands out."""

import pandas as pd


def lit(table: pd.DataFrame, own: str, index: str) -> pd.DataFrame:
    """Return the rows of numbers, as `core.export.latex.coefficients` makes them, with the own row first.

    What another row shares with it is bold, and so is the name of a row that shares all; who divides by nothing has no
    v to speak of. `index` names the rows.
    """
    unused = [name for name in ("β₂", "c₂", "v₀") if name in table]
    table = table.copy()
    table.loc[table["a"] == "0", unused] = "–"
    alike = table.eq(table.loc[own])
    shown = table.map(lambda number: number.replace("-", "−"))  # a hyphen would break the line
    shown = shown.mask(alike, "**" + shown + "**")
    shown.index = [f"**{name}**" if same else name for name, same in zip(table.index, alike.all(axis=1), strict=True)]
    shown.index.name = index
    return pd.concat([shown.iloc[-1:], shown.iloc[:-1]])
