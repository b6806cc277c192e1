"""Who of the members buys from those who withhold, what would be withheld of it, and what hangs on one outsider."""

from functools import lru_cache

import numpy as np
import pandas as pd

from bloc import exposure
from bloc.briefing import Case
from bloc.data import Record
from bloc.outcome import cuts

# A country that makes more than this of a material decides about it alone.
DOMINANT = 0.5


@lru_cache(maxsize=16)
def members_exposed(record: Record, case: Case) -> pd.DataFrame:
    """Purchases of each member in the trade year, the most withheld first.

    Columns: iso3, imports_usd (all materials, all suppliers), withheld_usd, withheld_share. Members that import nothing
    on record are absent. Before rerouting; dollars of the trade year.
    """
    flows, iso3 = record.flows, record.supply_matrix.iso3
    share = exposure.withheld_share(flows, cuts(record, case.scenario))
    bought = exposure.total_by(flows.importer, flows.value_usd, len(iso3))
    withheld = exposure.total_by(flows.importer, flows.value_usd * share, len(iso3))
    inside = record.supply_matrix.mask(case.members) & (np.nan_to_num(bought) > 0)
    rows = pd.DataFrame({"iso3": iso3[inside], "imports_usd": bought[inside], "withheld_usd": withheld[inside]})
    rows["withheld_share"] = rows.withheld_usd / rows.imports_usd
    return rows.sort_values(["withheld_usd", "iso3"], ascending=[False, True], ignore_index=True)


def goods_withheld(case: Case) -> pd.Series:
    """Dollars withheld by product, the largest first; products of which nothing is withheld are absent."""
    bought = case.outcome.exposure.groupby("product", observed=True).imports_withheld_usd.sum()
    return bought[bought > 0].sort_values(ascending=False, kind="stable")


def dominant_outsiders(case: Case) -> pd.DataFrame:
    """Series of which a country outside the bloc makes more than half, the highest share first."""
    indicators = case.outcome.indicators
    alone = (indicators.largest_share > DOMINANT) & ~indicators.largest_supplier.isin(case.members)
    return indicators[alone].sort_values("largest_share", ascending=False, kind="stable")
