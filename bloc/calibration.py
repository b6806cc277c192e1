"""From the record to the base year of the market: output, use and flows of each chain, in tonnes of content.

A chain is ore to product to user, or product to user alone. Vectors run over the places of the record and, last, the
other countries (ROW): world less those listed, never a member and never a target. Each step is one identity; what the
record does not hold is filled in by the rules of market_chain.csv and the figures of market_input.csv, and the base
case says so in its treatment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from bloc.assumptions import Assumptions
from bloc.base_year import (
    apparent_use,
    flows,
    implied_output,
    intake,
    listed_use,
    primary_part,
    share,
    with_fixed,
    with_other_countries,
    with_purchases,
    with_rest,
    with_share,
    without_small_users,
)
from bloc.language import mark, recorded, say
from bloc.market_record import MarketRecord, text
from bloc.matrix import Array, places

OTHER = "ROW"
# Weight of GDP in the industrial key, so that no country is at 0. (Assumption.)
GDP_WEIGHT = 0.1
# No use of the United States is taken beyond this share of the world: some hold recycled metal. (Assumption.)
LARGEST_USE = 0.6

USE_RULES = {
    "trade": mark("output and net imports"),
    "key": mark("industrial key: copper and aluminium use (90 %) and GDP (10 %)"),
    "half key, half trade": mark("half industrial key (copper and aluminium use, GDP), half output and net imports"),
    "table": mark("published use by country, the rest by trade or by the industrial key"),
}
# In a use rule, between the rule and those whose figure is published.
AS_PUBLISHED, AND = "; as published for ", ", "


@dataclass(frozen=True, eq=False)
class BaseCase:
    """One chain in its base year, trimmed to the countries that take part.

    Parameters
    ----------
    chain, product, ore_product, variant_of : str
        Keys; ore_product is "" for a chain of one stage, variant_of unless the chain is another choice for a product.
    product_stage, ore_stage : str
        Stage of production of each in the record: mine, smelter or refinery.
    grade : str
        A to C are offered in the market; D is for the accounting only.
    basis : str
        What a tonne is a tonne of, at both stages.
    price_usd_per_t : float
        Base price of a tonne of the basis, NaN where none is known.
    ore_cost_share : float
        Share of the product's price that pays for ore; 0 for a chain of one stage.
    miners, refiners, users : tuples of str
        Codes in the order of the arrays; ROW for other countries.
    ore_t, product_t, recycled_t, idle_t, use_t : arrays
        Ore is counted in tonnes of product it becomes. [t/yr]
    ore_flow_t, product_flow_t : arrays, sellers by buyers
        Rows sum to output, columns to intake or use. [t/yr]
    mined_t : float
        World mine output before it is counted in tonnes of product. [t/yr; 0 for one stage]
    """

    chain: str
    product: str
    product_stage: str
    ore_product: str
    ore_stage: str
    variant_of: str
    grade: str
    basis: str
    price_usd_per_t: float
    price_source_id: str
    supply_class: str
    ore_cost_share: float
    miners: tuple[str, ...]
    refiners: tuple[str, ...]
    users: tuple[str, ...]
    ore_t: Array = field(repr=False)
    product_t: Array = field(repr=False)
    recycled_t: Array = field(repr=False)
    idle_t: Array = field(repr=False)
    use_t: Array = field(repr=False)
    ore_flow_t: Array = field(repr=False)
    product_flow_t: Array = field(repr=False)
    mined_t: float
    use_rule: str
    warning: str
    treatment: str
    source_ids: tuple[str, ...]

    @property
    def two_stages(self) -> bool:
        """Whether ore is a stage of its own."""
        return bool(self.miners)

    @property
    def stage_ratio(self) -> float:
        """Tonnes of product a tonne of mined content becomes; NaN for one stage. Below 1 where stocks were built."""
        return float(self.product_t.sum() / self.mined_t) if self.two_stages else np.nan

    @property
    def use_by_country(self) -> dict[str, float]:
        """Use of each country. [t/yr]."""
        return dict(zip(self.users, self.use_t.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Filled:
    """Output of one chain before flows: vectors over all places. [t/yr]."""

    ore: Array
    mined_t: float
    product: Array
    recycled: Array
    done: list[str]

    @property
    def total(self) -> Array:
        """Product from ore and from scrap. [t/yr]."""
        return self.product + self.recycled


@dataclass(frozen=True, eq=False)
class Calibration:
    """The frames of the record cut by chain, and the vectors all chains share."""

    market: MarketRecord

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each place; other countries last."""
        return {iso3: place for place, iso3 in enumerate([*places(self.market.countries).iso3, OTHER])}

    @cached_property
    def codes(self) -> np.ndarray:
        """Codes in that order."""
        return np.array(list(self.index), dtype=object)

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of each country as it reads in a sentence."""
        countries = self.market.countries
        return {**dict(zip(countries.iso3, countries.in_sentence, strict=True)), OTHER: "other countries"}

    @cached_property
    def outputs(self) -> dict[tuple[str, ...], list[Any]]:
        """Rows of output by chain and stage."""
        return grouped(self.market.outputs, "chain", "stage")

    @cached_property
    def inputs(self) -> dict[tuple[str, ...], list[Any]]:
        """Figures by chain and role, those of this edition."""
        return grouped(self.market.inputs[self.market.inputs.amount.notna()], "chain", "role")

    @cached_property
    def uses(self) -> dict[tuple[str, ...], list[Any]]:
        """Published use by chain."""
        return grouped(self.market.uses, "chain")

    @cached_property
    def suppliers(self) -> dict[tuple[str, ...], list[Any]]:
        """Shares of U.S. imports by chain."""
        return grouped(self.market.import_sources, "chain")

    @cached_property
    def sources(self) -> dict[str, set[str]]:
        """Every source behind a chain."""
        found: dict[str, set[str]] = {}
        frames = (self.market.outputs, self.market.inputs, self.market.uses, self.market.import_sources)
        for rows in [*frames, self.market.trade.drop_duplicates(["chain", "source_id"])]:
            for chain, source_id in zip(rows.chain, rows.source_id, strict=True):
                if isinstance(source_id, str):
                    found.setdefault(chain, set()).add(source_id)
        return found

    @cached_property
    def traded(self) -> dict[tuple[str, str], tuple[np.ndarray, np.ndarray, Array]]:
        """Exporters, importers and tonnes of content of each chain and stage."""
        trade = self.market.trade
        exporter, importer = (trade[name].map(self.index).to_numpy() for name in ("exporter", "importer"))
        kept = ~(np.isnan(exporter) | np.isnan(importer))
        content_t = trade.content_t.to_numpy()
        found = {}
        for key, rows in trade.groupby(["chain", "stage"], sort=False).indices.items():
            rows = rows[kept[rows]]
            found[key] = (exporter[rows].astype(int), importer[rows].astype(int), content_t[rows])
        return found

    @cached_property
    def key(self) -> Array:
        """Industrial key: mean of the shares in copper and aluminium use (90 %) and in GDP (10 %)."""
        metals = np.zeros(len(self.index))
        for row in self.market.chains[self.market.chains.chain.isin(["copper", "aluminum"])].itertuples():
            metals += self.use_share(row, self.filled(row).total) / 2
        metals[-1] = 0
        gdp = np.array([*places(self.market.countries).gdp_usd.fillna(0), 0.0])
        for iso3, amount in self.given("", "gdp").items():
            gdp[self.index[iso3]] = amount
        return (1 - GDP_WEIGHT) * share(metals) + GDP_WEIGHT * share(gdp)

    def given(self, chain: str, role: str, stage: str = "product") -> dict[str, float]:
        """Figures of a role by country, "" for the world."""
        rows = self.inputs.get((chain, role), [])
        return {text(row.iso3): row.amount for row in rows if text(row.stage) in ("", stage)}

    def vector(self, given: Mapping[str, float]) -> Array:
        """Figures by country as a vector over all places."""
        amounts = np.zeros(len(self.index))
        for iso3, amount in given.items():
            amounts[self.index[iso3]] = amount
        return amounts

    def trade(self, chain: str, stage: str) -> Array:
        """Recorded trade, exporters by importers, mean of three years; 0 where no heading isolates the good. [t/yr]."""
        matrix = np.zeros((len(self.index), len(self.index)))
        if (chain, stage) in self.traded:
            exporter, importer, content_t = self.traded[chain, stage]
            matrix[exporter, importer] = content_t
        return matrix

    def named(self, codes: Iterable[str]) -> str:
        """Countries as they read in a sentence."""
        return AND.join(self.names[code] for code in codes)

    def listed(self, chain: str, stage: str) -> tuple[Array, list[str]]:
        """Output of a stage by its series and the figures beside it, and what was done in sentences."""
        rows = self.outputs[chain, stage]
        given = self.given(chain, "output", stage)
        listed = {row.iso3: row.output_t for row in rows if not np.isnan(row.output_t)}
        output, unlisted = with_other_countries(self.vector(listed | given), rows[0].world_t)
        done = []
        for qualifier, words in (("withheld", "Undisclosed"), ("not_available", "Not available")):
            zero = [row.iso3 for row in rows if row.qualifier == qualifier and row.iso3 not in listed | given]
            done += [f"{words} and counted as 0 ({stage}): {self.named(zero)}."] if zero else []
        done += [f"From another publication ({stage}): {self.named(given)}."] if given else []
        done += [f"Other countries: {unlisted:.1%} of world output ({stage})."] if unlisted else []
        world = self.given(chain, "world_output", stage).get("", output.sum())
        fixed = self.given(chain, "output_share", stage)
        weight = self.given(chain, "rest_weight", stage)
        if weight:
            output[[self.index[iso3] for iso3 in fixed]] = [world * part for part in fixed.values()]
            done.append(f"{world - output.sum():.0f} t nobody is named for are given to {self.named(weight)}.")
            return with_rest(output, world, self.vector(weight)), done
        output = output * world / output.sum()
        for iso3, part in fixed.items():
            output = with_share(output, self.index[iso3], part)
        return output, done

    def filled(self, row: Any) -> Filled:
        """Output of both stages, the ore counted in tonnes of product."""
        chain = row.chain
        if not isinstance(row.ore_series_id, str):
            product, done = self.listed(chain, "product")
            nothing = np.zeros(len(product))
            return Filled(nothing, 0.0, product, nothing, done)
        ore, done = self.listed(chain, "ore")
        ore, trade = ore * row.ore_content_t_per_t, self.trade(chain, "ore")
        if row.output_rule == "implied by ore trade":
            product, clipped = implied_output(ore, trade)
            more = [f"Output is mine output plus net imports of ore; {clipped:.1%} of mine output fell below 0."]
        else:
            product, more = self.listed(chain, "product")
        if row.output_rule == "shares of mine output":
            product = share(product) * ore.sum()
            more.append("Output is world mine output by published shares of refining.")
        primary = product
        if row.recycled_rule == "excess over mine output":
            primary = product * min(1, ore.sum() / product.sum())
        if row.recycled_rule == "beyond mine output and ore trade":
            primary = primary_part(product, intake(ore, trade), ore.sum())
        if primary is not product:
            more.append(f"Recycled: {1 - primary.sum() / product.sum():.0%} of output.")
        return Filled(ore * primary.sum() / ore.sum(), ore.sum(), primary, product - primary, done + more)

    def use_share(self, row: Any, total: Array) -> Array:
        """Share of each country in use by the rule of the chain, before published figures are put in."""
        trade = self.trade(row.chain, "product")
        if row.use_rule == "key":
            return self.key
        if row.use_rule == "table":
            others = apparent_use(total, trade) if trade.any() else self.key
            rows = self.uses[row.chain,]
            listed = self.vector({each.iso3: each.use_t for each in rows})
            return listed_use(listed, listed.sum() / sum(each.share_of_world for each in rows), others)
        by_trade = share(apparent_use(total, trade))
        return by_trade if row.use_rule == "trade" else (self.key + by_trade) / 2

    def use(self, row: Any, total: Array) -> tuple[Array, list[str]]:
        """Use by country, and whose figure is published. [t/yr]."""
        world = total.sum()
        fixed = {iso3: min(amount, LARGEST_USE * world) for iso3, amount in self.given(row.chain, "use").items()}
        fixed |= {iso3: part * world for iso3, part in self.given(row.chain, "use_share").items()}
        for iso3, exports in self.given(row.chain, "exports").items():
            fixed[iso3] = total[self.index[iso3]] - exports
        use = self.use_share(row, total) * world
        if fixed:
            use = with_fixed(use, {self.index[iso3]: amount for iso3, amount in fixed.items()})
        return without_small_users(use, total), list(fixed)

    def use_words(self, row: Any, published: list[str]) -> str:
        """Rule of use of a chain, and whose figure is published."""
        return USE_RULES[row.use_rule] + (AS_PUBLISHED + self.named(published) if published else "")

    def price(self, chain: str, ore_cost_share: float) -> tuple[float, str]:
        """Base price of a tonne of the basis and its source; from ore over its cost share where only that is known."""
        for role, divisor in (("price", 1.0), ("ore_price", ore_cost_share)):
            for row in self.inputs.get((chain, role), []):
                return row.amount / divisor, row.source_id
        return np.nan, ""

    def product_flow(self, chain: str, total: Array, use: Array) -> Array:
        """Flows of the product, the purchases of the United States by its import statistics. [t/yr]."""
        flow = flows(self.trade(chain, "product"), total, use)
        suppliers = {source.iso3: source.share for source in self.suppliers.get((chain,), [])}
        return with_purchases(flow, total, self.index["USA"], self.vector(suppliers)) if suppliers else flow

    def idle(self, chain: str, total: Array) -> Array:
        """Capacity that stands still: given, or capacity less output. [t/yr]."""
        capacity = self.vector(self.given(chain, "capacity"))
        return np.where(capacity > 0, np.maximum(capacity - total, 0), 0) + self.vector(self.given(chain, "idle"))

    def base_case(self, row: Any, ore_cost_share: float) -> BaseCase:
        """One chain, calibrated and trimmed to the countries that take part."""
        filled = self.filled(row)
        use, published = self.use(row, filled.total)
        idle = self.idle(row.chain, filled.total)
        ore_flow = flows(self.trade(row.chain, "ore"), filled.ore, filled.product)
        product_flow = self.product_flow(row.chain, filled.total, use)
        miners, refiners, users = (np.flatnonzero(each) for each in (filled.ore, filled.total + idle, use))
        price, price_source_id = self.price(row.chain, ore_cost_share)
        return BaseCase(
            chain=row.chain,
            product=row.product,
            product_stage=row.product_stage,
            ore_product=text(row.ore_product),
            ore_stage=text(row.ore_stage),
            variant_of=text(row.variant_of),
            grade=row.grade,
            basis=row.basis,
            price_usd_per_t=price,
            price_source_id=price_source_id,
            supply_class=row.supply_class,
            ore_cost_share=ore_cost_share,
            miners=tuple(self.codes[miners]),
            refiners=tuple(self.codes[refiners]),
            users=tuple(self.codes[users]),
            ore_t=filled.ore[miners],
            product_t=filled.product[refiners],
            recycled_t=filled.recycled[refiners],
            idle_t=idle[refiners],
            use_t=use[users],
            ore_flow_t=ore_flow[np.ix_(miners, refiners)],
            product_flow_t=product_flow[np.ix_(refiners, users)],
            mined_t=filled.mined_t,
            use_rule=self.use_words(row, published),
            warning=text(row.warning),
            treatment=" ".join(filled.done),
            source_ids=tuple(sorted(self.sources[row.chain])),
        )


def grouped(frame: pd.DataFrame, *columns: str) -> dict[tuple[str, ...], list[Any]]:
    """Rows by the texts of some columns: plain tuples, for frames of a few hundred rows asked for hundreds of times."""
    found: dict[tuple[str, ...], list[Any]] = {}
    for row in frame.itertuples(index=False):
        found.setdefault(tuple(text(getattr(row, name)) for name in columns), []).append(row)
    return found


def uses(market: MarketRecord) -> pd.DataFrame:
    """Use by country of every product, for a need that is measured or estimated instead of a yardstick.

    As in the base cases, but without balancing flows, which takes most of their time. Variants are left out. Other
    countries keep their row, so that the shares of a product sum to 1. An ore without a chain of its own is used as
    what it becomes.

    Returns
    -------
    frame, one row per product and country
        product, basis, grade, use_rule; iso3; use_t in tonnes of the basis a year; use_share, a fraction of world use,
        which also fits a series of the product on another basis.
    """
    calibration = Calibration(market)
    chains = [row for row in calibrated(market) if not text(row.variant_of)]
    own = {row.product for row in chains}
    rows: list[tuple[object, ...]] = []
    for row in chains:
        use, published = calibration.use(row, calibration.filled(row).total)
        rule = calibration.use_words(row, published)
        ore = text(row.ore_product)
        for product in (row.product, ore) if ore and ore not in own else (row.product,):
            rows += [
                (product, row.basis, row.grade, rule, calibration.codes[place], use[place], use[place] / use.sum())
                for place in np.flatnonzero(use)
            ]
    return pd.DataFrame(rows, columns=["product", "basis", "grade", "use_rule", "iso3", "use_t", "use_share"])


def rule_in_words(use_rule: str) -> str:
    """A use rule of `uses` as it is shown."""
    rule, _, published = use_rule.partition(AS_PUBLISHED)
    if not published:
        return say(rule)
    countries = ", ".join(recorded(country) for country in published.split(AND))
    return say("{rule}; as published for {countries}", rule=say(rule), countries=countries)


def calibrated(market: MarketRecord) -> list[Any]:
    """Chains whose series are in this edition of the record, in the order of the record."""
    listed = set(zip(market.outputs.chain, market.outputs.stage, strict=True))
    return [
        row
        for row in market.chains.itertuples()
        if (not text(row.ore_series_id) or (row.chain, "ore") in listed)
        and (not text(row.product_series_id) or (row.chain, "product") in listed)
    ]


def base_cases(market: MarketRecord) -> dict[str, BaseCase]:
    """Calibrate every chain whose series are in this edition of the record, in the order of the record.

    Raises
    ------
    CalibrationError
        If flows cannot be balanced.
    """
    calibration = Calibration(market)
    costs = Assumptions(market.assumptions)
    cases = {}
    for row in calibrated(market):
        kappa = costs.value("ore_cost_share", "one_year", row.chain) if isinstance(row.ore_series_id, str) else 0.0
        cases[row.chain] = calibration.base_case(row, kappa)
    return cases
