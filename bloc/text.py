"""Tables as text that is safe to open in a spreadsheet."""

import pandas as pd

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_text(frame: pd.DataFrame) -> str:
    """CSV of a frame; a text cell that a spreadsheet would run as a formula is quoted with an apostrophe."""
    guarded = frame.copy()
    for name in guarded.select_dtypes(include=["object", "str", "category"]):
        guarded[name] = guarded[name].map(
            lambda cell: "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
        )
    return guarded.to_csv(index=False, lineterminator="\n")
