"""Bind the equations to column names: the record and a scenario in, an outcome out. No arithmetic of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from bloc import balance, concentration, exposure, supply_risk
from bloc.data import Record
from bloc.matrix import Array, Index, Labels, Mask, table
from bloc.places import spread, with_territories
from bloc.scenario import Restriction, Scenario, ScenarioError

CHINA = "CHN"


@dataclass(frozen=True)
class Outcome:
    """What follows from a scenario: tidy frames, fractions unless the column name says otherwise.

    indicators   one row per default series (product, stage, form); need_rule is missing where need is a yardstick
    supply       output by series and country, and whether the country is a member
    trade        imports of the members by product, trade stage and supplier, and what of them is withheld
    exposure     the same by product and trade stage: from outside the bloc, from China
    chains       coverage of both stages of a chain on one content basis, and the stage that binds
    reserves     what the members hold of the world's reserves
    outsiders    what each country outside would add
    supply_risk  concentration weighted by governance
    """

    indicators: pd.DataFrame = field(repr=False)
    supply: pd.DataFrame = field(repr=False)
    trade: pd.DataFrame = field(repr=False)
    exposure: pd.DataFrame = field(repr=False)
    chains: pd.DataFrame = field(repr=False)
    reserves: pd.DataFrame = field(repr=False)
    outsiders: pd.DataFrame = field(repr=False)
    supply_risk: pd.DataFrame = field(repr=False)


def evaluate(record: Record, scenario: Scenario) -> Outcome:
    """Account for a scenario on the record: no behaviour, no price, every number traceable to rows.

    Raises
    ------
    ScenarioError
        If the scenario names a country or product that the record does not know.
    """
    check(record, scenario)
    members = bloc_members(record, scenario)
    part = _of_members(record, members)
    cut = series_cuts(record, scenario, record.supply_matrix.mask(members))
    trade, bought = _withheld(record, scenario, part)
    return Outcome(
        indicators=part.indicators.assign(available_share=available(record, cut)),
        supply=part.supply,
        trade=trade,
        exposure=bought,
        chains=part.chains,
        reserves=part.reserves,
        outsiders=part.outsiders,
        supply_risk=_supply_risk(record, members, _whole(scenario)),
    )


@dataclass(frozen=True, eq=False)
class MembersPart:
    """What follows from the members alone, whatever is withheld: a dragged cut does not compute it again.

    `bought` are the positions of the flows they buy, `kept` those of the groups of flows that are rows of `trade`.
    """

    indicators: pd.DataFrame
    supply: pd.DataFrame
    trade: pd.DataFrame
    exposure: pd.DataFrame
    bought: Index
    kept: Index
    chains: pd.DataFrame
    reserves: pd.DataFrame
    outsiders: pd.DataFrame


@lru_cache(maxsize=64)
def _of_members(record: Record, members: frozenset[str]) -> MembersPart:
    inside = record.supply_matrix.mask(members)
    indicators = table(_indicators(record, inside))
    trade, exposed, bought, kept = _trade(record, inside)
    return MembersPart(
        indicators=indicators,
        supply=_supply(record, inside),
        trade=trade,
        exposure=exposed,
        bought=bought,
        kept=kept,
        chains=_chains(record, indicators.self_sufficiency.to_numpy()),
        reserves=_reserves(record, inside),
        outsiders=_outsiders(record, inside),
    )


def available(record: Record, cut: Array) -> Array:
    """Share of world supply still on offer under cuts, by series."""
    supply = record.supply_matrix
    return balance.available_share(supply.output, cut, concentration.denominator(supply.output, supply.world))


def compare(baseline: Outcome, scenario: Outcome) -> Outcome:
    """Both outcomes in one, told apart by a first column `case`: baseline, scenario."""
    frames = {}
    for entry in fields(Outcome):
        before, after = getattr(baseline, entry.name), getattr(scenario, entry.name)
        both = pd.concat({"baseline": before, "scenario": after}, names=["case", None])
        frames[entry.name] = both.reset_index("case").reset_index(drop=True)
    return Outcome(**frames)


def check(record: Record, scenario: Scenario) -> None:
    """Raise ScenarioError when the scenario names what the record does not know."""
    products = set(record.products["product"])
    for restriction in scenario.restrictions:
        if strange := set(restriction.products) - products:
            raise ScenarioError(f"{restriction.imposing}: {min(strange)!r} is not a product of the record")
    codes = {code for each in scenario.restrictions for code in (each.imposing, *each.targets)}
    if strange := codes.union(scenario.members) - record.known:
        raise ScenarioError(f"{min(strange)} is not a country of the record")


def bloc_members(record: Record, scenario: Scenario) -> frozenset[str]:
    """Codes that count as members: the European Union spread, territories with their states when asked."""
    members = spread(scenario.members, record.union)
    return with_territories(members, record.parents) if scenario.territories else members


def restricting(record: Record, scenario: Scenario) -> frozenset[str]:
    """Countries that withhold something in a scenario."""
    return spread((each.imposing for each in scenario.restrictions), record.union)


def series_cuts(record: Record, scenario: Scenario, inside: Mask) -> Array:
    """Share of its exports each country withholds from members, series by countries; the deepest of several."""
    cut = np.zeros_like(record.supply_matrix.output)
    series = record.series
    for restriction in scenario.restrictions:
        if (_targets(record, restriction) & inside).any():
            rows = _concerned(restriction, series)
            for column in _columns(record, restriction.imposing):
                cut[rows, column] = np.maximum(cut[rows, column], restriction.cut)
    return cut


def _columns(record: Record, code: str) -> np.ndarray:
    return np.flatnonzero(record.supply_matrix.mask(spread([code], record.union)))


def _targets(record: Record, restriction: Restriction) -> Mask:
    """Whom a restriction is aimed at: the European Union does not withhold from its own members."""
    others = ~record.supply_matrix.mask(spread([restriction.imposing], record.union))
    if not restriction.targets:
        return others
    return record.supply_matrix.mask(spread(restriction.targets, record.union)) & others


def _concerned(restriction: Restriction, goods: pd.DataFrame) -> Mask:
    """Rows of goods (product, stage) that a restriction concerns; an empty list of either means every one."""
    concerned = np.ones(len(goods), dtype=bool)
    if restriction.products:
        concerned &= goods["product"].isin(restriction.products).to_numpy()
    if restriction.stages:
        concerned &= goods.stage.isin(restriction.stages).to_numpy()
    return concerned


def _series(record: Record, *names: str) -> Labels:
    return {name: record.supply_matrix.labels[name] for name in names}


def _indicators(record: Record, inside: Mask) -> Labels:
    """Columns of the indicators by name; what is on offer depends on the cuts and takes its place later."""
    supply = record.supply_matrix
    output, world, total = supply.output, supply.world, concentration.denominator(supply.output, supply.world)
    china = supply.mask(frozenset([CHINA]))
    # China without a row is unknown, not 0: at most all of the output that no country is named for, where there is any.
    itemised = supply.listed[:, china].any(axis=1)
    bloc = concentration.total_of(output, inside)
    bloc_outside_china = concentration.total_of(output, inside & ~china)
    from_china = np.where(itemised, concentration.total_of(output, china), np.nan)
    rest = concentration.other(output, world)
    top_member = concentration.largest(output * inside)
    hhi_low, hhi_high = concentration.herfindahl(output, world)
    used = concentration.total_of(supply.use, inside)
    need_share = balance.need_share(used, float(supply.gdp_share[inside].sum()))
    needed = balance.need(world, need_share)
    labels = _series(record, "product", "mineral", "stage", "form", "year", "unit", "basis", "complete", "source_id")
    return labels | dict(
        bloc_production=bloc,
        world_production=world,
        bloc_share=bloc / world,
        bloc_share_norm=bloc / total,
        bloc_share_high=(bloc + rest) / total,
        bloc_share_ex_china=concentration.ratio(bloc_outside_china, total - from_china),
        bloc_top_member_share=top_member / world,
        bloc_n_minus_1_share=(bloc - top_member) / world,
        china_share=from_china / world,
        china_share_high=np.where(itemised, from_china / world, np.where(rest > 0, rest / total, np.nan)),
        other_share=rest / total,
        largest_supplier=concentration.largest_supplier(output, supply.iso3),
        largest_share=concentration.largest(output) / world,
        top3_share=concentration.largest(output, 3) / world,
        hhi_low=hhi_low,
        hhi_high=hhi_high,
        n_minus_1=concentration.without_largest(output, world),
        available_share=np.ones(len(world)),
        n_bloc=balance.n_bloc(bloc, supply.world_use),
        n_minus_1_of_use=balance.n_minus_1_of_use(output, world, supply.world_use),
        need=needed,
        need_share=need_share,
        need_rule=supply.use_rule,
        coverage=balance.coverage(bloc, needed),
        self_sufficiency=balance.self_sufficiency(bloc, needed),
        producing_members=(output[:, inside] > 0).sum(axis=1),
        undisclosed=supply.undisclosed.sum(axis=1),
        undisclosed_members=supply.undisclosed[:, inside].sum(axis=1),
    )


def _supply(record: Record, inside: Mask) -> pd.DataFrame:
    # Former states stand at position -1: the added last place is never inside.
    return table(record.supply_matrix.production, member=np.append(inside, False)[record.supply_matrix.column])


def cuts(record: Record, scenario: Scenario) -> Iterator[exposure.Cut]:
    """What each restriction withholds, by exporter, as masks over the flows of trade."""
    flows = record.flows
    for restriction in scenario.restrictions:
        goods = _concerned(restriction, flows.headings)[flows.heading]
        targets = _targets(record, restriction)
        for exporter in _columns(record, restriction.imposing):
            yield exposure.Cut(int(exporter), restriction.cut, goods, targets)


def _trade(record: Record, inside: Mask) -> tuple[pd.DataFrame, pd.DataFrame, Index, Index]:
    """Imports of the members by supplier, and by product: from outside and from China, with nothing withheld."""
    flows = record.flows
    bought = np.flatnonzero(inside[flows.importer])
    group, count = flows.group[bought], len(flows.group_supplier)
    imports_usd = exposure.total_by(group, flows.value_usd[bought], count)
    imports_t = exposure.total_by(group, flows.gross_t[bought], count)
    kept = np.flatnonzero(~np.isnan(imports_usd))
    trade = table(
        {name: label[kept] for name, label in flows.groups.items()},
        year=np.full(len(kept), record.trade_year),
        member=inside[flows.group_supplier[kept]],
        imports_usd=imports_usd[kept],
        imports_t=imports_t[kept],
        imports_withheld_usd=np.zeros(len(kept)),
        imports_withheld_t=np.where(np.isnan(imports_t[kept]), np.nan, 0.0),
    )
    extra = ~inside[flows.group_supplier]
    china = flows.group_supplier == np.flatnonzero(record.supply_matrix.iso3 == CHINA)
    size = len(flows.goods["product"])
    goods = {
        name: exposure.total_by(flows.group_goods, np.nan_to_num(imports_usd) * which, size)
        for name, which in {"all": 1.0, "extra": extra, "china": china, "china_extra": china & extra}.items()
    }
    exposed = table(
        flows.goods,
        year=np.full(size, record.trade_year),
        imports_usd=goods["all"],
        imports_extra_usd=goods["extra"],
        china_share_total=concentration.ratio(goods["china"], goods["all"]),
        china_share_extra=concentration.ratio(goods["china_extra"], goods["extra"]),
        imports_withheld_usd=np.zeros(size),
    )
    return trade, exposed, bought, kept


def _withheld(record: Record, scenario: Scenario, part: MembersPart) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Trade and exposure of the members with what the restrictions of a scenario withhold of them."""
    flows = record.flows
    share = exposure.withheld_share(flows, cuts(record, scenario))[part.bought]
    hit = np.flatnonzero(share)
    if not len(hit):
        return part.trade, part.exposure
    at, share, count = part.bought[hit], share[hit], len(flows.group_supplier)
    group = flows.group[at]
    usd = np.bincount(group, weights=np.nan_to_num(flows.value_usd[at] * share), minlength=count)
    tonnes = np.bincount(group, weights=np.nan_to_num(flows.gross_t[at] * share), minlength=count)[part.kept]
    trade = part.trade.assign(
        imports_withheld_usd=usd[part.kept],
        # Undisclosed weight stays undisclosed.
        imports_withheld_t=tonnes + part.trade.imports_withheld_t.to_numpy(),
    )
    by_goods = np.bincount(flows.group_goods, weights=usd, minlength=len(part.exposure))
    return trade, part.exposure.assign(imports_withheld_usd=by_goods)


def _chains(record: Record, sufficiency: Array) -> pd.DataFrame:
    shared, mine, refinery = record.chain_rows
    year = record.series.year.to_numpy()
    mined, refined = sufficiency[mine], sufficiency[refinery]
    return table(
        shared,
        mine_year=year[mine],
        refined_year=year[refinery],
        mine_self_sufficiency=mined,
        refined_self_sufficiency=refined,
        coverage=np.minimum(balance.chain_coverage(mined, refined), 1.0),
        bottleneck=balance.bottleneck(mined, refined),
    )


def _reserves(record: Record, inside: Mask) -> pd.DataFrame:
    matrix = record.reserve_matrix
    held = concentration.total_of(matrix.reserves_t, inside)
    return table(
        matrix.lists,
        bloc_reserves_t=held,
        world_t=matrix.world_t,
        reserves_share=held / matrix.world_t,
        reserves_share_norm=held / concentration.denominator(matrix.reserves_t, matrix.world_t),
    )


def _outsiders(record: Record, inside: Mask) -> pd.DataFrame:
    """Each country outside with what it would add, in points of world output, averaged over minerals or series."""
    supply = record.supply_matrix
    outside = np.flatnonzero(~inside & (supply.output > 0).any(axis=0))
    points = 100 * supply.output[:, outside] / supply.world[:, None]
    by_mineral = supply.weights @ points
    order = np.lexsort((supply.iso3[outside], -by_mineral))
    return pd.DataFrame(
        {
            "iso3": supply.iso3[outside][order],
            "avg_points_by_mineral": by_mineral[order],
            "avg_points_by_series": points.mean(axis=0)[order],
            "best_series": points.argmax(axis=0)[order] if len(order) else order,
            "best_points": points.max(axis=0, initial=0.0)[order],
        }
    )


def _whole(scenario: Scenario) -> tuple[Restriction, ...]:
    """Restrictions that withhold something, as if they withheld everything: what a dragged cut does not change."""
    return tuple(sorted(replace(each, cut=1.0) for each in scenario.restrictions if each.cut > 0))


@lru_cache(maxsize=64)
def _supply_risk(record: Record, members: frozenset[str], restrictions: tuple[Restriction, ...]) -> pd.DataFrame:
    """Concentration weighted by governance, which asks who withholds but not how much."""
    supply, flows = record.supply_matrix, record.flows
    inside = supply.mask(members)
    cut = series_cuts(record, Scenario(tuple(members), restrictions), inside)
    total = concentration.denominator(supply.output, supply.world)
    weighted = supply_risk.governance_weighted_herfindahl(
        supply.output, total, supply.governance_risk, supply_risk.trade_factor(inside, cut > 0)
    )
    imports, risky = exposure.content_imports(flows, inside, supply.instability)
    domestic = concentration.total_of(supply.output, inside) * supply.tonnes_per_unit
    hhi = concentration.herfindahl(supply.output, supply.world)[0] / 10_000
    return table(
        _series(record, "product", "mineral", "stage", "form", "year"),
        herfindahl_governance=weighted,
        recycling_rate=supply.recycling_rate,
        global_supply_risk=supply_risk.global_supply_risk(weighted, supply.recycling_rate),
        geopolrisk=supply_risk.geopolrisk(hhi, imports, risky, domestic),
        trade_year=np.full(len(hhi), record.trade_year),
    )
