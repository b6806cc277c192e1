"""Published results and what really happened, as trials of the market model. Nothing is tuned to them.

Each trial holds one figure of the record against runs of the model. A price is a multiple of the price before. A chain
that hangs on a contested figure is run with its other choices too.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from bloc import words
from bloc.assumptions import Assumptions
from bloc.calibration import BaseCase
from bloc.data import Connection, Record, run
from bloc.language import mark, recorded, say
from bloc.scenario import PriceMeasure, Restriction, Scenario, StockChange
from bloc.settings import recorded_measures

CHINA = ("CHN",)
BASE_YEAR = 2024
# Words in which sources print a multiple.
TIMES = {"double": 2.0, "threefold": 3.0}
# Days of 2025 before DR Congo stopped its cobalt on 22 February, the months of its first quota, and that quota.
OPEN_DAYS, QUOTA_MONTHS, QUOTA_T = 52, 2.5, 18_125
# Tonnes of cobalt feed drawn: as much as was stored in 2024, nothing, the fall of China's stocks from May to November
# 2025, and sums with what was refined and not used.
DRAWN_T = (52e3, 0.0, 28e3, 80e3, 97e3)
# Instrument whose price is held for the bloc: what the United States assures one producer of rare earths.
ASSURED = "mp_dod_floor"
PRICE, RATIO, SHARE, MONEY = "price", "ratio", "share", "money"


@dataclass(frozen=True)
class Published:
    """A figure of the record between two bounds, infinity where it is open; NaN where nothing is published yet."""

    printed: str
    low: float
    high: float
    source_ids: tuple[str, ...]


def not_yet_published() -> Published:
    """In the place of a figure that nobody has published."""
    return Published(say("no outcome published yet"), np.nan, np.nan, ())


@dataclass(frozen=True)
class Run:
    """One setting of the model for a trial: the chain, the scenario, what it is called.

    `of_others` counts use without that of the largest supplier, in a trial of a share of use.
    """

    label: str
    chain: str
    scenario: Scenario
    of_others: bool = False


@dataclass(frozen=True)
class Trial:
    """One published figure and the runs held against it; the first run is the one compared.

    `kind` says what the number is: the price paid as a multiple of the price before, the ratio of two prices, a share
    of use, or dollars a year. A price is what the United States pays, or the members where it is `by_members`.
    """

    key: str
    material: str
    what: str
    kind: str
    published: Published
    runs: tuple[Run, ...]
    measured: str
    reason: str
    by_members: bool = False

    @property
    def title(self) -> str:
        """The material and what is compared of it."""
        return f"{self.material}: {self.what}"


@dataclass(frozen=True, eq=False)
class Facts:
    """What trials are made from: the record, its base cases and assumptions, published figures and prices."""

    record: Record
    cases: Mapping[str, BaseCase]
    table: Assumptions
    benchmarks: pd.DataFrame
    prices: pd.DataFrame
    price_gaps: pd.DataFrame
    import_reliance: pd.DataFrame


def read_facts(record: Record, cases: Mapping[str, BaseCase], table: Assumptions, connection: Connection) -> Facts:
    """Facts for the trials, through an open connection."""
    names = ("benchmarks", "prices", "price_gaps", "import_reliance")
    return Facts(record, cases, table, **{name: run(connection, name) for name in names})


def bounds(printed: str) -> tuple[float, float]:
    """Bounds of a printed figure: ">150", "35 to 40", "about +250", "nearly threefold"; the first of several parts.

    Raises
    ------
    ValueError
        If there is no figure in the text.
    """
    text = printed.split(";")[0]
    numbers = [float(each.replace(",", "")) for each in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]
    numbers += [times for word, times in TIMES.items() if word in text]
    if not numbers:
        raise ValueError(f"{printed!r} holds no figure")
    if text.startswith(">") or "more than" in text:
        return numbers[0], np.inf
    if text.startswith("<"):
        return 0.0, numbers[0]
    return min(numbers), max(numbers)


def _benchmark(facts: Facts, number: int, of: Callable[[float], float]) -> Published:
    row: Any = facts.benchmarks.set_index("benchmark_id").loc[number]
    low, high = bounds(row.published)
    unit = " %" if "%" in row.measure and "%" not in row.published else ""
    return Published(f"{recorded(row.published)}{unit}", of(low), of(high), (row.source_id,))


def _risen(percent: float) -> float:
    """Multiple of the former price after a rise in percent."""
    return 1 + percent / 100


def _between(facts: Facts, product: str, item: str, first: int, last: int) -> Published:
    """Change of a yearly price of the record."""
    rows = facts.prices[(facts.prices["product"] == product) & facts.prices["item"].str.contains(item, regex=False)]
    rows = rows.set_index("year")
    before, after = (float(rows.low[year] + rows.high[year]) / 2 for year in (first, last))
    change = words.number(100 * (after / before - 1), "+.0f")
    printed = say("{change} %, {first} to {last}", change=change, first=first, last=last)
    return Published(printed, after / before, after / before, tuple(dict.fromkeys(rows.source_id[[first, last]])))


def _tungsten(facts: Facts) -> Published:
    """Rise of ammonium paratungstate in Europe over 2025, from two dated quotations."""
    rows = facts.price_gaps[facts.price_gaps["form"] == "APT"].set_index("date")
    first, last = rows.loc["2025-05-15"], rows.loc["2025-12-12"]
    low, high = last.outside_low / first.outside_high, last.outside_high / first.outside_low
    printed = say("× {factor}, May to December 2025", factor=words.number((low + high) / 2, ".1f"))
    return Published(printed, low, high, (first.source_id, last.source_id))


def _rare_earth_gap(facts: Facts) -> Published:
    rows = facts.price_gaps[facts.price_gaps["product"] == "rare_earths_magnet"]
    widest = rows.loc[rows.outside_over_china.idxmax()]
    factor = float(widest.outside_over_china)
    return Published(say("up to {factor}", factor=words.number(factor, "g")), 1.0, factor, (widest.source_id,))


def _withheld(facts: Facts, restriction_id: str, cut: float | None = None) -> Scenario:
    """The recorded restriction, at the level of the record or at another."""
    measures = [each for each in recorded_measures(facts.record)[restriction_id] if isinstance(each, Restriction)]
    return Scenario(restrictions=tuple(each if cut is None else replace(each, cut=cut) for each in measures))


def _all_refined(product: str, cut: float) -> Scenario:
    """China withholds a share of its refined output from everybody."""
    return Scenario(restrictions=(Restriction("CHN", cut, (product,), ("smelter", "refinery")),))


def _levels(facts: Facts, chain: str, scenarios: Iterable[tuple[str, Scenario]]) -> tuple[Run, ...]:
    """A run for each scenario, and the first of them for every other choice of a contested figure."""
    runs = [Run(label, chain, scenario) for label, scenario in scenarios]
    others = [key for key, case in facts.cases.items() if case.variant_of == chain]
    return (*runs, *(Run(say(OTHER_CHOICES.get(each, each)), each, runs[0].scenario) for each in others))


# What a variant of a chain assumes.
OTHER_CHOICES = {
    "antimony_implied": mark("China’s share as ore trade implies"),
    "gallium_noidle": mark("no idle plant returns"),
    "germanium_60": mark("China refines 60 %"),
    "germanium_wmd": mark("China refines 93 %"),
}


def trials(facts: Facts) -> tuple[Trial, ...]:
    """Every trial, in the order of the page."""
    return (*_bans(facts), *_licences(facts), _cobalt(facts), *_without_largest(facts), *_not_yet(facts))


def _bans(facts: Facts) -> tuple[Trial, ...]:
    """The two bans that the U.S. Geological Survey has computed."""
    names = facts.record.product_names
    restart = words.number(facts.table.value("restart", "one_year"), "g")
    return (
        Trial(
            "gallium_ban",
            names["gallium"],
            say("China bans all net exports"),
            PRICE,
            _benchmark(facts, 1, _risen),
            _levels(facts, "gallium", [(say("all withheld"), _all_refined("gallium", 1.0))]),
            _paid_in_the_united_states(),
            say(
                "Half of the idle plants outside China return here at {factor} times the base price. That price is an "
                "assumption and decides the result. Stocks are left out.",
                factor=restart,
            ),
        ),
        Trial(
            "germanium_ban",
            names["germanium"],
            say("China bans all net exports"),
            PRICE,
            _benchmark(facts, 2, _risen),
            _levels(facts, "germanium", [(say("all withheld"), _all_refined("germanium", 1.0))]),
            _paid_in_the_united_states(),
            say("Scrap, stocks and state buying are left out here. All three would soften the rise."),
        ),
    )


def _paid_in_the_united_states() -> str:
    return say("price paid in the United States")


def _licences(facts: Facts) -> tuple[Trial, ...]:
    """Licences and bans since 2023, at the levels of the record and deeper, beside prices observed."""
    return (*_minor_metals(facts), *_rare_earths(facts), _tungsten_licences(facts), _market_power(facts))


def _deeper(facts: Facts, chain: str, restriction_id: str, *cuts: float) -> tuple[Run, ...]:
    """Runs of a recorded licence regime, at the quarter assumed for all of them and at deeper cuts."""
    recorded_level = (say("a quarter withheld"), _withheld(facts, restriction_id))
    levels = ((_withheld_words(cut), _withheld(facts, restriction_id, cut)) for cut in cuts)
    return _levels(facts, chain, [recorded_level, *levels])


def _withheld_words(cut: float) -> str:
    return say("{share} withheld", share=words.percent(cut))


def _minor_metals(facts: Facts) -> tuple[Trial, ...]:
    names = facts.record.product_names
    fallen = _benchmark_fall(facts, 25)
    return (
        Trial(
            "gallium_licence",
            names["gallium"],
            say("licences from July to October 2023"),
            PRICE,
            _benchmark(facts, 20, _risen),
            _deeper(facts, "gallium", "cn_ga_lic_2023", 0.1),
            _paid_in_the_united_states(),
            say("How much was withheld is not published. A quarter is the level assumed for every licence regime."),
        ),
        Trial(
            "germanium_prices",
            names["germanium"],
            say("licences, then a ban, 2023 to 2025"),
            PRICE,
            _between(facts, "germanium", "Germanium metal", 2023, 2025),
            _levels(facts, "germanium", [(_withheld_words(fallen), _all_refined("germanium", fallen))]),
            _paid_in_the_united_states(),
            say(
                "The cut is the fall of China’s exports within 2025. The base year 2024 already holds a part of the "
                "rise. Agreement is partly luck: it rests on China’s share of refining."
            ),
        ),
        Trial(
            "antimony_2024",
            names["antimony"],
            say("licences and a ban in 2024"),
            PRICE,
            _benchmark(facts, 21, _risen),
            _deeper(facts, "antimony", "cn_sb_lic_2024", 0.5, 1.0),
            _paid_in_the_united_states(),
            say(
                "How much was withheld is not published. China’s share of refining is read as 44 to 79 %, which "
                "decides the result. The base year 2024 already holds a part of the rise."
            ),
        ),
    )


def _rare_earths(facts: Facts) -> tuple[Trial, ...]:
    runs = _deeper(facts, "rare_earths_magnet", "cn_terbium_lic_2025", 0.5)
    return (
        Trial(
            "dysprosium",
            say("Dysprosium"),
            say("European price in the month after 4 April 2025"),
            PRICE,
            _benchmark(facts, 22, float),
            runs,
            _paid_in_the_united_states(),
            say(
                "Dysprosium has no chain of its own here. The basket of magnet rare earths is mostly neodymium and "
                "praseodymium."
            ),
        ),
        Trial(
            "terbium",
            say("Terbium"),
            say("European price in the month after 4 April 2025"),
            PRICE,
            _benchmark(facts, 23, float),
            runs,
            _paid_in_the_united_states(),
            say("As for dysprosium."),
        ),
        Trial(
            "rare_earth_gap",
            facts.record.product_names["rare_earths_magnet"],
            say("price in Europe over price in China, 2025"),
            RATIO,
            _rare_earth_gap(facts),
            runs,
            say("price paid in the United States over price paid in China"),
            say(
                "The widest gaps stood on almost no trade. In the model China’s home market must take what is not "
                "sold, which lowers its price."
            ),
        ),
    )


def _tungsten_licences(facts: Facts) -> Trial:
    return Trial(
        "tungsten",
        facts.record.product_names["tungsten"],
        say("price of ammonium paratungstate in Europe"),
        PRICE,
        _tungsten(facts),
        _deeper(facts, "tungsten", "cn_tungsten_lic_2025", 0.5),
        _paid_in_the_united_states(),
        say(
            "How much was withheld is not published. The price of concentrate rose too, so more than licences was at "
            "work."
        ),
    )


def _market_power(facts: Facts) -> Trial:
    return Trial(
        "pothen",
        say("Light rare earths"),
        say("China’s market power in 2014 and 2015"),
        PRICE,
        _benchmark(facts, 19, _risen),
        _levels(facts, "rare_earths_magnet", [(say("a tenth withheld"), _all_refined("rare_earths_magnet", 0.1))]),
        _paid_in_the_united_states(),
        say("The study has mines, taxes and quotas of its time. A cut of a tenth stands in for them."),
    )


def _benchmark_fall(facts: Facts, number: int) -> float:
    """First fall of a benchmark in percent, as a share."""
    printed = facts.benchmarks.set_index("benchmark_id").published[number]
    return bounds(printed.replace("and", ";"))[1] / 100


def _cobalt(facts: Facts) -> Trial:
    """DR Congo's ban and quota of 2025, with stocks of feed drawn."""
    case = facts.cases["cobalt"]
    congo_t = float(case.ore_t[case.miners.index("COD")]) / case.stage_ratio
    cut = 1 - OPEN_DAYS / 365 - QUOTA_T / congo_t
    withheld = Scenario(restrictions=(Restriction("COD", cut, ("cobalt",)),))
    return Trial(
        "cobalt_2025",
        facts.record.product_names["cobalt"],
        say("DR Congo’s ban, then quota, in 2025"),
        PRICE,
        _between(facts, "cobalt", "U.S. spot", 2024, 2025),
        _levels(facts, "cobalt", _drawings(case, withheld, cut, DRAWN_T)),
        _paid_in_the_united_states(),
        say(
            "A story of stocks. Mines dug {amount} thousand t more than refiners used in {year}. How much of that and "
            "of older stocks was drawn is not known. The yearly mean also hides the rise within the year.",
            amount=words.number(surplus_t(case) / 1e3, ".0f"),
            year=BASE_YEAR,
        ),
    )


def _drawings(case: BaseCase, withheld: Scenario, cut: float, amounts_t: Iterable[float]) -> list[tuple[str, Scenario]]:
    """The scenario with each amount of feed drawn, and what that is called."""
    return [(_drawn_words(amount), _drawing(case, withheld, cut, amount)) for amount in amounts_t]


def _drawn_words(amount_t: float) -> str:
    return say("{amount} drawn", amount=words.tonnes(amount_t)) if amount_t else say("nothing drawn")


def surplus_t(case: BaseCase) -> float:
    """Mined and not refined in the base year. [t]."""
    return case.mined_t - float(case.product_t.sum())


def _drawing(case: BaseCase, withheld: Scenario, cut: float, amount_t: float) -> Scenario:
    """The scenario with feed drawn in China, and with nothing stored of the ore that still comes.

    The base counts ore in what becomes product, so it spreads what went into stock over all ore; of the ore that is
    left, that part goes to refiners again.
    """
    left = 1 - cut * float(case.ore_t[case.miners.index("COD")] / case.ore_t.sum())
    feed = StockChange("cobalt", surplus_t(case) * left + amount_t, CHINA, feed=True)
    return replace(withheld, stocks=(feed,))


def _without_largest(facts: Facts) -> tuple[Trial, ...]:
    """Supply without the largest supplier, which the International Energy Agency gives for 2035."""
    chains = {
        "graphite_battery": 9,
        "rare_earths_magnet": 10,
        "nickel": 11,
        "lithium": 12,
        "cobalt": 13,
    }
    return tuple(
        Trial(
            f"without_largest_{chain}",
            facts.record.product_names[chain],
            say("supply without the largest supplier"),
            SHARE,
            _benchmark(facts, number, lambda percent: percent / 100),
            (
                Run(say("without its use too"), chain, Scenario(), of_others=True),
                Run(say("against all use"), chain, Scenario()),
            ),
            say("refined output of {year} over use", year=BASE_YEAR),
            say(
                "The agency’s figure is for 2035 and its demand. Whether it takes out the largest supplier’s own use "
                "is recalled, not read."
            ),
        )
        for chain, number in chains.items()
    )


def _not_yet(facts: Facts) -> tuple[Trial, ...]:
    """What the model says of measures whose outcome nobody has published: it can still be proved wrong."""
    return (_quota(facts), *_assured(facts))


def _quota(facts: Facts) -> Trial:
    """DR Congo's quota of 2026, with stocks of feed drawn."""
    quota = _withheld(facts, "cd_co_quota_2026")
    drawings = _drawings(facts.cases["cobalt"], quota, quota.restrictions[0].cut, DRAWN_T[:3])
    return Trial(
        "cobalt_quota",
        facts.record.product_names["cobalt"],
        say("DR Congo’s quota of 2026"),
        PRICE,
        not_yet_published(),
        _levels(facts, "cobalt", drawings),
        _paid_in_the_united_states(),
        say("Size depends on the stocks drawn."),
    )


def _assured(facts: Facts) -> tuple[Trial, ...]:
    """The price assured to one producer of rare earths, held for the bloc: as a floor, and by contracts."""
    levers = facts.record.instrument_levers
    usd_per_t = float(levers[levers.instrument_id == ASSURED].usd_per_t_of_content.iloc[0])
    members = Scenario.from_preset("cmm_2026", record=facts.record)
    chain = "rare_earths_magnet"
    material = facts.record.product_names[chain]
    factor = words.number(usd_per_t / facts.cases[chain].price_usd_per_t, ".1f")

    def held(kind: str) -> Scenario:
        return replace(members, prices=(PriceMeasure(chain, usd_per_t, kind),))

    return (
        Trial(
            "rare_earth_floor",
            material,
            say("a border floor at {factor} × the base price", factor=factor),
            PRICE,
            not_yet_published(),
            (Run(say("floor of the bloc"), chain, held("floor")),),
            say("price paid in the bloc"),
            say("The level is the price assured to a U.S. producer. Members would sell to each other below the floor."),
            by_members=True,
        ),
        Trial(
            "rare_earth_contract",
            material,
            say("contracts at {factor} × the base price", factor=factor),
            MONEY,
            not_yet_published(),
            (Run(say("contracts with all members’ refiners"), chain, held("contract")),),
            say("cost to treasuries a year"),
            say("The one contract there is holds for one firm, not for all members’ refiners."),
        ),
    )
