"""What is assumed: who is in the bloc, which exports are withheld from whom, and what members do about prices."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Self

from bloc.data import Record, load_record
from bloc.language import say
from bloc.places import spread

CONFIDENCES = ("confirmed", "inferred", "claimed")
STAGES = ("mine", "smelter", "refinery")
# What a licence regime looks like in trade: exports fall by a quarter (an assumption, range 0 to 1).
DEFAULT_CUT = 0.25
# Bounds of what a lever takes; beyond them the market model says nothing.
HIGHEST_TAX = 5.0
HIGHEST_MULTIPLE = 20.0
HORIZONS = ("one_year", "five_years")
PRICE_MEASURES = ("floor", "contract")
PRICE_UNITS = ("usd_per_t", "multiple")
_CODE = re.compile(r"[A-Z]{3}")


class ScenarioError(ValueError):
    """A scenario that cannot be: the message names the offender and the bound."""


def _codes(label: str, given: Iterable[str]) -> tuple[str, ...]:
    codes = tuple(sorted(set((given,) if isinstance(given, str) else given)))
    for code in codes:
        if not _CODE.fullmatch(code):
            raise ScenarioError(
                say("{what}: {value} is not a country code of three capital letters", what=label, value=repr(code))
            )
    return codes


def _within(label: str, value: object, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ScenarioError(
            say(
                "{what}: {value} is not a number in [{low}, {high}]",
                what=label,
                value=value,
                low=f"{low:g}",
                high=f"{high:g}",
            )
        )


def _one_of(label: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ScenarioError(
            say("{what}: {value} is not one of {known}", what=label, value=repr(value), known=", ".join(known))
        )


@dataclass(frozen=True, order=True)
class Restriction:
    """A supplier withholds a share of its exports.

    Parameters
    ----------
    imposing : str
        Code of the country that withholds.
    cut : float
        Share of its exports to the target that is withheld. [0 to 1]
    products : tuple of str
        Products concerned; empty means every product.
    stages : tuple of str
        mine, smelter, refinery; empty means every stage, parts and scrap included.
    targets : tuple of str
        Whom it is withheld from; empty means everybody. A list of its own, fixed when it is set: never "the members".
    export_tax : float
        Tax on what is still sold to the target, as a share of its price. [0 to 5]
    """

    imposing: str
    cut: float = DEFAULT_CUT
    products: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    export_tax: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be, and put lists in order so that equal restrictions are equal."""
        _codes("supplier", [self.imposing])
        if not isinstance(self.cut, int | float) or not 0 <= self.cut <= 1:
            raise ScenarioError(f"{self.imposing}: cut {self.cut} is not a fraction in [0, 1]")
        for stage in self.stages:
            if stage not in STAGES:
                raise ScenarioError(f"{self.imposing}: stage {stage!r} is not one of {', '.join(STAGES)}")
        object.__setattr__(self, "cut", float(self.cut))
        _within(f"{self.imposing}: export tax", self.export_tax, 0, HIGHEST_TAX)
        for name in ("products", "stages"):
            if isinstance(getattr(self, name), str):
                raise ScenarioError(f"{self.imposing}: {name} is a list of names, not the text {getattr(self, name)!r}")
        object.__setattr__(self, "products", tuple(sorted(set(self.products))))
        object.__setattr__(self, "stages", tuple(stage for stage in STAGES if stage in self.stages))
        object.__setattr__(self, "targets", _codes("target", self.targets))


@dataclass(frozen=True, order=True)
class Duty:
    """A tariff of one country on goods of another, as some recorded ones are; the members' common tariff is apart.

    Parameters
    ----------
    imposing, supplier : str
        Who collects, and whose goods pay.
    rate : float
        Share of the price at origin. [0 to 5]
    products, stages : tuple of str
        Empty means every one.
    """

    imposing: str
    supplier: str
    rate: float
    products: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _codes("country that imposes a duty", [self.imposing, self.supplier])
        _within(f"{self.imposing} on {self.supplier}: duty", self.rate, 0, HIGHEST_TAX)


@dataclass(frozen=True, order=True)
class PriceMeasure:
    """A price the members hold for a product, at a stage.

    Parameters
    ----------
    product : str
    level : float
        Dollars per tonne of what the chain counts, or a multiple of its base price. [above 0]
    kind : str
        floor: imports from outside land at no less, a duty fills the gap. contract: the members' producers are paid no
        less, treasuries pay the gap, users do not.
    unit : str
        usd_per_t or multiple.
    stage : str
        mine, smelter or refinery; a contract is for refiners, or for the one stage of a chain that has no other.
    """

    product: str
    level: float
    kind: str = "floor"
    unit: str = "usd_per_t"
    stage: str = "refinery"

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _one_of(f"{self.product}: kind of price", self.kind, PRICE_MEASURES)
        _one_of(f"{self.product}: unit", self.unit, PRICE_UNITS)
        _one_of(f"{self.product}: stage", self.stage, STAGES)
        _within(f"{self.product}: {self.kind}", self.level, 0, HIGHEST_MULTIPLE if self.unit == "multiple" else 1e10)


@dataclass(frozen=True, order=True)
class Flooding:
    """A supplier that sells more and cheaper: its state pays part of the price of each tonne.

    Parameters
    ----------
    supplier, product : str
    subsidy : float
        Share of the base price paid to its producers. [0 to 1]
    """

    supplier: str
    product: str
    subsidy: float = 0.1

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _codes("supplier", [self.supplier])
        _within(f"{self.supplier} {self.product}: subsidy", self.subsidy, 0, 1)


@dataclass(frozen=True, order=True)
class StockChange:
    """Tonnes sold from a stock in the year, or bought for one.

    Parameters
    ----------
    product : str
    quantity_t : float
        Sold from the stock; negative, bought for it. Sales beyond the holders' use are of no effect. [t]
    holders : tuple of str
        Countries whose users are served, in proportion to their use; empty means the members.
    feed : bool
        Whether it is feed that the holders' refiners draw before they buy ore.
    """

    product: str
    quantity_t: float
    holders: tuple[str, ...] = ()
    feed: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _within(f"{self.product}: stock change", self.quantity_t, -1e9, 1e9)
        if self.feed and self.quantity_t < 0:
            raise ScenarioError(
                say("{what}: a feed stock is drawn, {amount} t is below 0", what=self.product, amount=self.quantity_t)
            )
        object.__setattr__(self, "holders", _codes("holder", self.holders))


@dataclass(frozen=True, order=True)
class Assumed:
    """A value of the market model put in the place of its default: everywhere, or in one chain."""

    name: str
    value: float
    chain: str = ""


@dataclass(frozen=True)
class Scenario:
    """A bloc, the restrictions it faces and what it does about prices; equal scenarios are equal values.

    Parameters
    ----------
    members : tuple of str
        Codes of the countries in the bloc, in any order; EUU stands for the 27 members of the European Union.
    restrictions : tuple of Restriction
        Where two concern the same flow, the deeper cut counts.
    territories : bool
        Whether a territory counts with its state.
    tariff : float
        Of members on what they buy from outside. [0 to 5]
    tariff_products : tuple of str
        Products it falls on; empty means every product.
    preference : float
        Share of the tariff members waive for each other: 1 is duty-free inside. [0 to 1]
    duties : tuple of Duty
        Of single countries on single suppliers, on top.
    prices, floodings, stocks : tuples of PriceMeasure, Flooding, StockChange
    leakage : float
        Share of what is withheld that reaches its target all the same, through others. [0 to 1]
    horizon : str
        one_year or five_years: how far supply and use can adjust.
    assumed : tuple of Assumed
        Values of the market model put in the place of its defaults.
    """

    members: tuple[str, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    territories: bool = False
    tariff: float = 0.0
    tariff_products: tuple[str, ...] = ()
    preference: float = 1.0
    duties: tuple[Duty, ...] = ()
    prices: tuple[PriceMeasure, ...] = ()
    floodings: tuple[Flooding, ...] = ()
    stocks: tuple[StockChange, ...] = ()
    leakage: float = 0.0
    horizon: str = "one_year"
    assumed: tuple[Assumed, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be, and put lists in order, so that equal scenarios are equal values."""
        object.__setattr__(self, "members", _codes("member", self.members))
        _within("tariff", self.tariff, 0, HIGHEST_TAX)
        _within("preference", self.preference, 0, 1)
        _within("leakage", self.leakage, 0, 1)
        _one_of("horizon", self.horizon, HORIZONS)
        for name in ("restrictions", "duties", "prices", "floodings", "stocks", "assumed"):
            object.__setattr__(self, name, tuple(sorted(getattr(self, name))))
        object.__setattr__(self, "tariff_products", tuple(sorted(set(self.tariff_products))))

    @classmethod
    def from_preset(
        cls,
        preset: str,
        confidences: Iterable[str] = ("confirmed", "inferred"),
        record: Record | None = None,
    ) -> Self:
        """Members of a grouping by the roles that count in it and the confidence asked for.

        Raises
        ------
        ScenarioError
            If the grouping or a confidence is unknown.
        """
        return cls(members=preset_members(record or load_record(), preset, tuple(confidences)))

    def with_members(
        self, invited: Iterable[str] = (), left_out: Iterable[str] = (), record: Record | None = None
    ) -> Self:
        """Same scenario with countries in and out; one both invited and left out is out.

        The European Union is spread first, so that one of its members can be left out, or all of them.
        """
        union = (record or load_record()).union
        members = spread((*self.members, *invited), union) - spread(left_out, union)
        return replace(self, members=tuple(members))

    def without_restrictions(self) -> Self:
        """Same members, nothing withheld: the default baseline."""
        return replace(self, restrictions=())

    def accounting(self) -> Self:
        """What the accounting sees of it: members, territories and what is withheld; the rest is the market's."""
        withheld = tuple(replace(each, export_tax=0.0) for each in self.restrictions if each.cut)
        return type(self)(self.members, withheld, self.territories)


@cache
def preset_members(record: Record, preset: str, confidences: tuple[str, ...]) -> tuple[str, ...]:
    """Codes of a grouping by the roles that count in it and the confidence asked for, the European Union spread.

    Raises
    ------
    ScenarioError
        If the grouping or a confidence is unknown.
    """
    for confidence in confidences:
        if confidence not in CONFIDENCES:
            raise ScenarioError(f"confidence {confidence!r} is not one of {', '.join(CONFIDENCES)}")
    rows = record.memberships
    known = sorted(rows.grouping_id.unique())
    if preset not in known:
        raise ScenarioError(f"preset {preset!r} is not one of {', '.join(known)}")
    chosen = rows[(rows.grouping_id == preset) & rows.in_preset & rows.confidence.isin(confidences)]
    return tuple(sorted(spread(chosen.iso3, record.union)))
