"""What the market model assumes: every default with its range and its source, per chain where it differs."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from bloc.base_year import CalibrationError
from bloc.market_record import text

HORIZONS = ("one_year", "five_years")
CLASS_SUFFIX = {"primary": "primary", "mixed": "mixed", "by-product": "byproduct"}


@dataclass(frozen=True, eq=False)
class Assumptions:
    """Behaviour assumed, by name and, where it differs, by chain, each with a low and a high end per horizon."""

    frame: pd.DataFrame = field(repr=False)

    @cached_property
    def _row(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(row["name"], text(row["scope"])): row for row in self.frame.to_dict("records")}

    @property
    def names(self) -> tuple[str, ...]:
        """Names, each once."""
        return tuple(dict.fromkeys(self.frame["name"]))

    def _entry(self, name: str, horizon: str, chain: str) -> tuple[dict[str, Any], str]:
        row = self._row.get((name, chain), self._row.get((name, "")))
        if row is None or horizon not in HORIZONS:
            raise CalibrationError(f"no assumption {name} for {chain or 'every chain'}, {horizon}")
        return row, horizon

    def value(self, name: str, horizon: str, chain: str = "") -> float:
        """Default of an assumption for a horizon and, where it has one of its own, a chain."""
        row, horizon = self._entry(name, horizon, chain)
        return float(row[horizon])

    def bounds(self, name: str, horizon: str, chain: str = "") -> tuple[float, float]:
        """Low and high end."""
        row, horizon = self._entry(name, horizon, chain)
        return float(row[f"{horizon}_low"]), float(row[f"{horizon}_high"])

    def source(self, name: str, chain: str = "") -> str:
        """Source, "" where it is an assumption of ours."""
        return text(self._entry(name, "one_year", chain)[0]["source_id"])

    def mine_elasticity_name(self, supply_class: str) -> str:
        """Name of the mine elasticity of a class of supply."""
        return f"mine_elasticity_{CLASS_SUFFIX[supply_class]}"
