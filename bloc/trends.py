"""Concentration of the recorded history, year by year."""

import numpy as np
import pandas as pd

from bloc.concentration import denominator, herfindahl, ratio
from bloc.outcome import CHINA


def trends(history: pd.DataFrame) -> pd.DataFrame:
    """Concentration of each series of the history by year.

    Parameters
    ----------
    history : frame with product, stage, iso3, year, quantity, world, source_id

    Returns
    -------
    frame
        One row per product, stage and year: hhi_low and hhi_high on the 0 to 10 000 scale, largest (code),
        largest_share and china_share as fractions, source_id. China's share is NaN in a series that does not list it
        every year.
    """
    parts = []
    for (product, stage), series in history.groupby(["product", "stage"], sort=True):
        output = series.pivot(index="year", columns="iso3", values="quantity")
        world = series.groupby("year").world.first().to_numpy(float)
        known = output.fillna(0.0).to_numpy(float)
        total = denominator(known, world)
        china = known[:, output.columns == CHINA].sum(axis=1)
        itemised = CHINA in output and bool(output[CHINA].notna().all())
        low, high = herfindahl(known, world)
        parts.append(
            pd.DataFrame(
                {
                    "product": product,
                    "stage": stage,
                    "year": output.index,
                    "hhi_low": low,
                    "hhi_high": high,
                    "largest": output.columns.to_numpy()[known.argmax(axis=1)],
                    "largest_share": known.max(axis=1) / total,
                    "china_share": ratio(china, total) if itemised else np.nan,
                    "source_id": series.groupby("year").source_id.first().to_numpy(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
