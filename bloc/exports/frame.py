"""A whole table: its rows by keys, and what each column is called and holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd


class Column(NamedTuple):
    """Title of a column and what its cells are: text, plain (whole numbers as they are), share or usd."""

    title: str
    kind: str = "text"


@dataclass(frozen=True, eq=False)
class Frame:
    """Rows under keys, with a title of its own and one for each column that a reader is shown, in order."""

    title: str
    rows: pd.DataFrame
    columns: Mapping[str, Column]

    @property
    def titled(self) -> pd.DataFrame:
        """The rows under their titles."""
        shown = self.rows[list(self.columns)]
        return shown.set_axis([each.title for each in self.columns.values()], axis="columns")
