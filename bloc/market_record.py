"""What the market model rests on, as it is read from the record."""

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True, eq=False)
class MarketRecord:
    """What the base year of the market model is filled in from, one frame per query of the same name.

    Read apart from the Record, which takes from it who uses how much. Frames are not to be changed.
    """

    countries: pd.DataFrame = field(repr=False)
    chains: pd.DataFrame = field(repr=False)
    outputs: pd.DataFrame = field(repr=False)
    inputs: pd.DataFrame = field(repr=False)
    trade: pd.DataFrame = field(repr=False)
    uses: pd.DataFrame = field(repr=False)
    import_sources: pd.DataFrame = field(repr=False)
    assumptions: pd.DataFrame = field(repr=False)


def text(value: object) -> str:
    """A text of the record, "" where there is none."""
    return value if isinstance(value, str) else ""
