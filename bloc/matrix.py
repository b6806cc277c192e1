"""The record as arrays, built once: series by countries for output, a row per flow for trade."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Index = NDArray[np.int64]
Labels = dict[str, Any]

KEY = ["product", "stage", "form"]
# Chains of this grade have a use that is not to be relied on: the yardstick stands in.
YARDSTICK_GRADE = "D"


def rows_of(keys: pd.DataFrame, wanted: pd.DataFrame) -> Index:
    """Position in `keys` of each row of `wanted`, -1 where there is none; the columns are the same."""
    return pd.MultiIndex.from_frame(keys).get_indexer(pd.MultiIndex.from_frame(wanted)).astype(np.int64)


def places(countries: pd.DataFrame) -> pd.DataFrame:
    """Countries that have a column: every place but unions and former states."""
    return countries[~countries.kind.isin(["former", "union"])]


def pivot(rows: Index, columns: Index, quantity: Array, shape: tuple[int, int]) -> Array:
    """Matrix of quantities at (row, column), NaN where nothing stands; rows or columns of -1 are left out."""
    matrix = np.full(shape, np.nan)
    there = (rows >= 0) & (columns >= 0)
    matrix[rows[there], columns[there]] = quantity[there]
    return matrix


def equal_weights(series: pd.DataFrame) -> Array:
    """Weight of each series so that minerals count alike, in them their stages, in these their forms. Sums to 1."""
    per_stage = series.groupby(["mineral", "stage"]).form.transform("size")
    stages = series.groupby("mineral").stage.transform("nunique")
    return (1 / (per_stage * stages * series.mineral.nunique())).to_numpy(float)


def labels(frame: pd.DataFrame, columns: Sequence[str] = ()) -> Labels:
    """Columns of a frame as arrays, taken out once: what every outcome repeats."""
    return {name: frame[name].array for name in columns or frame.columns}


def table(shared: Labels, **columns: object) -> pd.DataFrame:
    """Frame of shared labels and new columns: ten times as fast as `frame.assign`, which matters on every change."""
    return pd.DataFrame({**shared, **columns}, copy=False)


def use_matrix(series: pd.DataFrame, use: pd.DataFrame, iso3: NDArray[np.object_]) -> Array:
    """Share of each country in world use, series by countries; NaN where a product has no use on record.

    Other countries have no column: their use is nobody's here, as their output is.
    """
    products = pd.Index(use["product"].unique())
    shares = pivot(
        products.get_indexer(pd.Index(use["product"])).astype(np.int64),
        pd.Index(iso3).get_indexer(pd.Index(use.iso3)).astype(np.int64),
        use.use_share.to_numpy(float),
        (len(products) + 1, len(iso3)),
    )
    shares = np.nan_to_num(shares)
    shares[-1] = np.nan
    return shares[products.get_indexer(pd.Index(series["product"]))]


def world_use(series: pd.DataFrame, use: pd.DataFrame, markets: pd.DataFrame) -> Array:
    """World use in the base year of the market, in the unit of each series; NaN where the basis is another.

    Known for the series that the chain of their own product is calibrated from, where ore counts the same content.
    """
    chains = markets[markets.variant_of.isna()]
    same = chains[(chains.ore_product == chains["product"]) & (chains.ore_content_t_per_t == 1)]
    of_product = dict(zip(chains.product_series_id, chains["product"], strict=True))
    of_product |= dict(zip(same.ore_series_id, same["product"], strict=True))
    total_t = use.groupby("product").use_t.sum()
    return (series.series_id.map(of_product).map(total_t) / series.tonnes_per_unit).to_numpy(float)


def risk(estimate: Array) -> Array:
    """Governance estimate (about 2.5 best to -2.5 worst) as a risk, 0 best to 1 worst.

    A country without a score gets the mean of those known.
    """
    score = np.clip((2.5 - estimate) / 5, 0, 1)
    return np.where(np.isnan(score), np.nanmean(score), score)


@dataclass(frozen=True, eq=False)
class Supply:
    """Output by default series (rows) and country (columns), in the unit of each series.

    `output` is 0 where a country is not listed or not disclosed; `undisclosed` marks the latter, `listed` any row.
    `row` and `column` place the rows of the production frame, -1 for former states. `use` are shares of world use, a
    row of NaN where it is not known, and `use_rule` how it is known; a share fits a series on any content basis, so it
    goes by product. `world_use` is in the unit of the series, known only for those that a chain is calibrated from.
    """

    iso3: NDArray[np.object_]
    series: pd.DataFrame
    labels: Labels
    production: Labels
    output: Array
    undisclosed: Mask
    listed: Mask
    world: Array
    tonnes_per_unit: Array
    weights: Array
    recycling_rate: Array
    gdp_share: Array
    use: Array
    use_rule: NDArray[np.object_]
    world_use: Array
    instability: Array
    governance_risk: Array
    column: Index

    @classmethod
    def from_frames(
        cls,
        countries: pd.DataFrame,
        series: pd.DataFrame,
        production: pd.DataFrame,
        governance: pd.DataFrame,
        recycling_rates: pd.DataFrame,
        use: pd.DataFrame,
        markets: pd.DataFrame,
    ) -> Self:
        """Pivot the frames of a Record."""
        present = places(countries)
        iso3 = present.iso3.to_numpy(object)
        rows = rows_of(series[KEY], production[KEY])
        column = pd.Index(iso3).get_indexer(pd.Index(production.iso3)).astype(np.int64)
        shape = (len(series), len(iso3))
        quantity = pivot(rows, column, production.quantity.to_numpy(float), shape)
        listed = ~np.isnan(pivot(rows, column, np.ones(len(rows)), shape))
        gdp = present.gdp_usd.to_numpy(float)
        scores = present[["iso3"]].merge(governance, on="iso3", how="left")
        rates = recycling_rates.set_index("product").end_of_life_recycling_input_rate
        relied = use[use.grade != YARDSTICK_GRADE]
        return cls(
            iso3=iso3,
            series=series,
            labels=labels(series),
            production=labels(production),
            output=np.nan_to_num(quantity),
            undisclosed=listed & np.isnan(quantity),
            listed=listed,
            world=series.world.to_numpy(float),
            tonnes_per_unit=series.tonnes_per_unit.to_numpy(float),
            weights=equal_weights(series),
            recycling_rate=series["product"].map(rates).to_numpy(float),
            gdp_share=np.nan_to_num(gdp) / np.nansum(gdp),
            use=use_matrix(series, relied, iso3),
            use_rule=series["product"].map(relied.groupby("product").use_rule.first()).to_numpy(object),
            world_use=world_use(series, relied, markets),
            instability=risk(scores.political_stability.to_numpy(float)),
            governance_risk=risk(scores.mean_estimate.to_numpy(float)),
            column=column,
        )

    def mask(self, codes: Iterable[str]) -> Mask:
        """Which columns are in a set of codes."""
        wanted = frozenset(codes)
        return np.fromiter((code in wanted for code in self.iso3), dtype=bool, count=len(self.iso3))


@dataclass(frozen=True, eq=False)
class Reserves:
    """Reserves by list (rows) and country (columns), tonnes of the basis of each list; 0 where not disclosed."""

    lists: Labels
    reserves_t: Array
    world_t: Array

    @classmethod
    def from_frames(cls, countries: pd.DataFrame, reserves: pd.DataFrame) -> Self:
        """Pivot the reserves of a Record."""
        lists = reserves.drop_duplicates("reserve_id", ignore_index=True)
        iso3 = pd.Index(places(countries).iso3)
        held = pivot(
            pd.Index(lists.reserve_id).get_indexer(pd.Index(reserves.reserve_id)).astype(np.int64),
            iso3.get_indexer(pd.Index(reserves.iso3)).astype(np.int64),
            reserves.reserves_t.to_numpy(float),
            (len(lists), len(iso3)),
        )
        shared = labels(lists, ["reserve_id", "product", "form", "basis", "year", "world_qualifier"])
        return cls(shared, np.nan_to_num(held), lists.world_t.to_numpy(float))


@dataclass(frozen=True, eq=False)
class Flows:
    """Trade of one year, a row per customs heading, seller and buyer.

    Flows add up to `groups` (product, trade stage, supplier), these to `goods` (product, trade stage). `content` turns
    gross tonnes of each heading (columns) into the content basis of each series (rows); 0 where they do not meet.
    """

    exporter: Index
    importer: Index
    heading: Index
    value_usd: Array
    gross_t: Array
    headings: pd.DataFrame
    group: Index
    groups: Labels
    group_supplier: Index
    group_goods: Index
    goods: Labels
    content: Array

    @classmethod
    def from_frames(
        cls,
        countries: pd.DataFrame,
        products: pd.DataFrame,
        headings: pd.DataFrame,
        series: pd.DataFrame,
        trade: pd.DataFrame,
    ) -> Self:
        """Index the flows of a Record by country (column order of Supply), heading, and what they add up to."""
        column = pd.Index(places(countries).iso3)
        exporter = column.get_indexer(pd.Index(trade.exporter))
        importer = column.get_indexer(pd.Index(trade.importer))
        there = (exporter >= 0) & (importer >= 0)
        trade, exporter, importer = trade[there], exporter[there], importer[there]
        heading = pd.Index(headings.hs6).get_indexer(pd.Index(trade.hs6))
        flows = headings.iloc[heading][["product", "trade_stage", "stage"]].assign(iso3=trade.exporter.to_numpy())
        by_supplier = flows.groupby(["product", "trade_stage", "iso3"], sort=True)
        group = by_supplier.ngroup().to_numpy(np.int64)
        # Categories, not text: the supplier rows of a bloc are picked on every change.
        groups = by_supplier.stage.first().reset_index().astype("category")
        by_goods = groups.groupby(["product", "trade_stage"], sort=True, observed=True)
        return cls(
            exporter=exporter.astype(np.int64),
            importer=importer.astype(np.int64),
            heading=heading.astype(np.int64),
            value_usd=trade.value_usd.to_numpy(float),
            gross_t=trade.gross_t.to_numpy(float),
            headings=headings,
            group=group,
            groups=labels(groups),
            group_supplier=column.get_indexer(pd.Index(groups.iso3)).astype(np.int64),
            group_goods=by_goods.ngroup().to_numpy(np.int64),
            goods=labels(
                by_goods.size().reset_index().astype({"product": "str", "trade_stage": "str"}),
                ["product", "trade_stage"],
            ),
            content=content_matrix(products, headings, series),
        )


def content_matrix(products: pd.DataFrame, headings: pd.DataFrame, series: pd.DataFrame) -> Array:
    """Content per gross tonne, series by headings, where mineral, stage and content basis are the same, else 0."""
    mineral = products.set_index("product").mineral
    goods = pd.DataFrame(
        {"mineral": headings["product"].map(mineral), "stage": headings.stage, "basis": headings.content_basis}
    )
    meets = series[["mineral", "stage", "basis"]].to_numpy()[:, None, :] == goods.to_numpy()[None, :, :]
    return meets.all(axis=2) * np.nan_to_num(headings.content_t_per_t.to_numpy(float))
