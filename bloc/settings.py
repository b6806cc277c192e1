"""What a visitor has set: the composer's controls as one frozen value, and the scenario they make."""

from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, Self

from bloc.data import Record
from bloc.language import say
from bloc.places import spread
from bloc.scenario import (
    CONFIDENCES,
    DEFAULT_CUT,
    Assumed,
    Duty,
    Flooding,
    PriceMeasure,
    Restriction,
    Scenario,
    ScenarioError,
    StockChange,
    preset_members,
)

DEFAULT_PRESET = "cmm_2026"
DEFAULT_SUPPLIER = "CHN"
# The two columns of the screens: what is dug, and what is smelted or refined.
STAGES_OF = {"": (), "mine": ("mine",), "refined": ("smelter", "refinery")}
AS_IT_STANDS = ""
SAME_MEMBERS = "same"


@dataclass(frozen=True, order=True)
class Applied:
    """A recorded restriction put into the scenario, at the level of the record or at another.

    The level is what is withheld, or the rate of an export tax or a duty. [percent, 0 to 100].
    """

    restriction_id: str
    level_pct: int

    def __post_init__(self) -> None:
        """Refuse a level that cannot be."""
        if not 0 <= self.level_pct <= 100:
            raise ScenarioError(
                say(
                    "{what}: {value} is not a whole number from 0 to 100",
                    what=self.restriction_id,
                    value=self.level_pct,
                )
            )


@dataclass(frozen=True)
class Settings:
    """The controls of the composer; each default is what the app opens on.

    `confidence` is the least sure kind of membership that counts; `cut_pct` is in percent; empty `products`, `stage`,
    `targets` mean every product, every stage, everybody. `baseline` is empty (the preset as it stands, nothing
    withheld), "same" (the same members, nothing withheld), another preset, or the link text of settings held for
    comparison.

    The rest is set on the pages of the market: recorded restrictions applied, the members' tariff with the share they
    waive for each other, prices they hold, floodings, stocks, what leaks past a restriction, the horizon, and values
    assumed in the place of the model's defaults.
    """

    preset: str = DEFAULT_PRESET
    confidence: str = "inferred"
    invited: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    territories: bool = False
    supplier: str = DEFAULT_SUPPLIER
    cut_pct: int = round(100 * DEFAULT_CUT)
    products: tuple[str, ...] = ()
    stage: str = ""
    targets: tuple[str, ...] = ()
    baseline: str = AS_IT_STANDS
    applied: tuple[Applied, ...] = ()
    tariff_pct: int = 0
    tariff_products: tuple[str, ...] = ()
    preference_pct: int = 100
    prices: tuple[PriceMeasure, ...] = ()
    floodings: tuple[Flooding, ...] = ()
    stocks: tuple[StockChange, ...] = ()
    leak_pct: int = 0
    horizon: str = "one_year"
    assumed: tuple[Assumed, ...] = ()

    def changed(self) -> tuple[str, ...]:
        """Names of the controls that stand elsewhere than on their default."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name) != each.default)

    def reset(self, *names: str) -> Self:
        """Same settings with some controls back on their defaults, or all of them when none is named."""
        wanted = names or tuple(each.name for each in fields(self))
        defaults: dict[str, Any] = {each.name: each.default for each in fields(self) if each.name in wanted}
        return replace(self, **defaults)

    def preset_members(self, record: Record) -> tuple[str, ...]:
        """Members of the preset at the confidence asked for."""
        return preset_members(record, self.preset, confidences(self.confidence))

    def scenario(self, record: Record) -> Scenario:
        """The scenario these settings make."""
        cut = Restriction(self.supplier, self.cut_pct / 100, self.products, STAGES_OF[self.stage], self.targets)
        recorded = self.recorded(record)
        restrictions = tuple(each for each in recorded if isinstance(each, Restriction))
        return Scenario(
            members=Scenario(self.preset_members(record)).with_members(self.invited, self.left_out, record).members,
            restrictions=((cut,) if self.cut_pct else ()) + restrictions,
            duties=tuple(each for each in recorded if isinstance(each, Duty)),
            territories=self.territories,
            tariff=self.tariff_pct / 100,
            tariff_products=self.tariff_products,
            preference=self.preference_pct / 100,
            prices=self.prices,
            floodings=self.floodings,
            stocks=self.stocks,
            leakage=self.leak_pct / 100,
            horizon=self.horizon,
            assumed=self.assumed,
        )

    def recorded(self, record: Record) -> list[Restriction | Duty]:
        """What the applied records stand for, at the levels set here."""
        return [
            _at_level(each, applied.level_pct / 100)
            for applied in self.applied
            for each in recorded_measures(record).get(applied.restriction_id, ())
        ]

    def toggled(self, iso3: str, record: Record) -> Self:
        """Put a country in when it is out, out when it is in; members of the European Union one by one."""
        invited, left_out = set(self.invited), set(self.left_out)
        was_in = iso3 in self.scenario(record).members
        invited.discard(iso3)
        left_out.discard(iso3)
        plain = replace(self, invited=tuple(sorted(invited)), left_out=tuple(sorted(left_out)))
        if (iso3 in plain.scenario(record).members) != was_in:
            return plain
        if was_in:
            return replace(plain, left_out=tuple(sorted(left_out | {iso3})))
        if iso3 in (named := spread(left_out, record.union)):
            # The whole European Union is left out: its other members stay out by name.
            return replace(plain, left_out=tuple(sorted(named))).toggled(iso3, record)
        return replace(plain, invited=tuple(sorted(invited | {iso3})))


def _at_level(measure: Restriction | Duty, level: float) -> Restriction | Duty:
    if isinstance(measure, Duty):
        return replace(measure, rate=level)
    return replace(measure, cut=level) if measure.cut else replace(measure, export_tax=level)


@cache
def recorded_measures(record: Record) -> dict[str, tuple[Restriction | Duty, ...]]:
    """What each recorded restriction stands for, at the level of the record; those no lever can express are absent."""
    found: dict[str, list[Restriction | Duty]] = {}
    levers = record.restriction_levers
    for row in levers[levers.restriction_id.isin(record.applicable)].itertuples():
        found.setdefault(str(row.restriction_id), []).append(_measure(row))
    return {each: tuple(measures) for each, measures in found.items()}


def _measure(row: Any) -> Restriction | Duty:
    """A setting of a lever as a value: a tariff falls on goods of its target, the rest on what its target buys."""
    target = (row.target_iso3,) if isinstance(row.target_iso3, str) else ()
    goods = (row.product,), (row.stage,)
    if row.kind == "tariff":
        return Duty(row.imposing_iso3, str(row.target_iso3), row.share, *goods)
    if row.kind == "export_tax":
        return Restriction(row.imposing_iso3, 0.0, *goods, target, row.share)
    return Restriction(row.imposing_iso3, row.share, *goods, target)


def confidences(least: str) -> tuple[str, ...]:
    """Kinds of membership at least as sure as the one named."""
    return CONFIDENCES[: CONFIDENCES.index(least) + 1]
