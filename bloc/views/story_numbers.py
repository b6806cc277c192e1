"""The numbers a storyline names, each said as the pages say it, ranges included."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pandas as pd

from bloc import words
from bloc.briefing import Case, name_of
from bloc.data import Record
from bloc.language import mark, recorded, say, say_as, say_many
from bloc.market_outcome import MarketOutcome
from bloc.outcome import bloc_members, restricting
from bloc.story import MEMBERS, PICTURES, QUANTITIES, Reference, Step, fill, named_in
from bloc.summary import Stage
from bloc.views import concentration_pairs, market_session, prices, prices_words, restrictions_minerals
from bloc.views.overview import View
from bloc.views.prices_effect import TREASURIES, TRIED, between, change, dollars
from bloc.views.restrictions_records import level_words, state_words
from bloc.views.restrictions_words import (
    GRADES,
    Answer,
    answers,
    effect,
    half_is_dearer,
    lost_words,
    over_choices,
    whole,
)

Array = np.ndarray
JOINED = "\u2060"
BEST = {
    "mine": mark("{product}, mined ({share} of the world)"),
    "smelter": mark("{product}, smelted ({share} of the world)"),
    "refinery": mark("{product}, refined ({share} of the world)"),
}


def title(view: View, step: Step) -> str:
    """Title of a step with its numbers."""
    return fill(recorded(step.title), lambda named: in_words(view, named))


def text(view: View, step: Step) -> str:
    """Text of a step with its numbers."""
    return fill(recorded(step.text), lambda named: in_words(view, named))


def in_words(view: View, named: Reference) -> str:
    """One number in words."""
    if named.name in OF_CASE:
        case = view.before if named.before else view.after
        return OF_CASE[named.name](view.record, case, *named.arguments)
    return OF_VIEW[named.name](view, *named.arguments)


# The accounting: exact, of the scenario or of its baseline.


def _members(record: Record, case: Case) -> str:
    return str(len(case.members))


def _stage(case: Case, side: str) -> Stage:
    return case.summary.mined if side == "mined" else case.summary.refined


def _half_met(record: Record, case: Case, side: str) -> str:
    stage = _stage(case, side)
    return say("{number} of {total}", number=stage.half_met, total=stage.needed)


def _average(record: Record, case: Case, side: str) -> str:
    return words.percent(_stage(case, side).average)


def _row(record: Record, case: Case, product: str, side: str) -> pd.Series:
    """Indicators of a product at a side: its first series there, the one the screens show."""
    rows = case.outcome.indicators
    return rows[(rows["product"] == product) & ((rows.stage == "mine") == (side == "mined"))].iloc[0]


def _coverage(record: Record, case: Case, product: str, side: str) -> str:
    return words.percent(min(float(_row(record, case, product, side).coverage), 1.0))


def _bloc_share(record: Record, case: Case, product: str, side: str) -> str:
    return words.percent(float(_row(record, case, product, side).bloc_share))


def _withheld(record: Record, case: Case) -> str:
    return words.dollars(case.summary.withheld_usd)


OF_CASE: Mapping[str, Callable[..., str]] = {
    "members": _members,
    "half_met": _half_met,
    "average": _average,
    "coverage": _coverage,
    "bloc_share": _bloc_share,
    "withheld": _withheld,
}


def _bought(view: View) -> str:
    return words.dollars(view.after.summary.bought_from_suppliers_usd)


def _trade_year(view: View) -> str:
    return str(view.record.trade_year or say("a year unknown"))


def _share(view: View, iso3: str, product: str, side: str) -> str:
    row, supply = _row(view.record, view.after, product, side), view.after.outcome.supply
    listed = supply[(supply["product"] == product) & (supply.stage == row.stage) & (supply.form == row.form)]
    total = max(float(row.world_production), float(listed.quantity.sum()))
    return words.percent(float(listed.quantity[listed.iso3 == iso3].sum(min_count=1)) / total)


def _largest(view: View, product: str, side: str) -> str:
    largest = _row(view.record, view.after, product, side).largest_supplier
    if not isinstance(largest, str):
        return say("no country on record")
    return say_as("name in a sentence", "{country}", country=name_of(view.record, largest))


def _largest_share(view: View, product: str, side: str) -> str:
    return words.percent(1 - float(_row(view.record, view.after, product, side).n_minus_1))


def _available(view: View, product: str, side: str) -> str:
    return words.percent(float(_row(view.record, view.after, product, side).available_share))


def _outsider(view: View, rank: str) -> pd.Series:
    """Who outside would add most, those who withhold left aside."""
    rows = view.after.outcome.outsiders
    return rows[~rows.iso3.isin(restricting(view.record, view.after.scenario))].iloc[int(rank) - 1]


def _next(view: View, rank: str) -> str:
    return say_as("name in a sentence", "{country}", country=name_of(view.record, _outsider(view, rank).iso3))


def _next_adds(view: View, rank: str) -> str:
    points = float(_outsider(view, rank).avg_points_by_mineral)
    return say_many(points, "{number} point", "{number} points", number=words.number(points, ".1f"))


def _next_best(view: View, rank: str) -> str:
    row = _outsider(view, rank)
    series = view.record.series.loc[row.best_series]
    return say(
        BEST[series.stage],
        product=view.record.product_sentence_names[series["product"]],
        share=words.percent(float(row.best_points) / 100),
    )


def _pairs(view: View) -> pd.DataFrame:
    rows = concentration_pairs.pairs(view.record, view.after, False).rows
    return rows[rows.side == "Refined"]


def _pairs_in_all(view: View) -> str:
    return str(len(_pairs(view)))


def _refines_most(view: View, iso3: str) -> str:
    return str(int((_pairs(view).iso3 == iso3).sum()))


def _apart(view: View) -> str:
    return str(int((_pairs(view).another == "yes").sum()))


def _refining_leads(view: View, iso3: str) -> str:
    rows = _pairs(view)
    return words.count(int(((rows.another == "yes") & (rows.iso3 == iso3)).sum()))


# The market: a model, always with its range.


def _outcome(view: View, chain: str) -> MarketOutcome:
    return market_session.outcome_of(view.record, view.settings.scenario(view.record), (chain,))


def _asked(view: View, whom: str) -> tuple[frozenset[str], str]:
    if whom == MEMBERS:
        return bloc_members(view.record, view.settings.scenario(view.record)), say("the members")
    return frozenset([whom]), name_of(view.record, whom)


def _answer(view: View, chain: str, whom: str) -> Answer:
    return answers(_outcome(view, chain), _asked(view, whom)[0])[chain]


def _effect(view: View, chain: str, whom: str) -> str:
    product = view.record.product_sentence_names[market_session.base_cases()[chain].product]
    return effect(_answer(view, chain, whom), _asked(view, whom)[1], product)


def _lost(view: View, chain: str, whom: str) -> str:
    return lost_words(_answer(view, chain, whom))


def _dearer(view: View, whom: str) -> str:
    group, _ = _asked(view, whom)
    rows = restrictions_minerals.moved_rows(view.record, view.settings.scenario(view.record), group)
    hit = rows[(rows.effect >= restrictions_minerals.LEAST) & (rows.kind != "unsolved")]
    number = int(((hit.kind != "price") | (hit.price > 1)).sum())
    if not number:
        return say("no market")
    return say_many(number, "{number} market", "{number} markets", number=words.count(number))


def remarks(view: View, step: Step) -> list[str]:
    """What must be known of the markets a step names: grade, a half cut that costs more, other choices."""
    found = []
    for chain, whom in _markets(step):
        case = market_session.base_cases()[chain]
        graded = say(
            "Market of {product}, grade {grade}. Base year 2024, a model, no forecast.",
            product=view.record.product_sentence_names[case.product],
            grade=say(GRADES[case.grade]),
        )
        found.append(words.capital(graded))
        found += [_half(view, chain, each) for each in whom if each != MEMBERS]
        if whom:
            found.append(_choices(view, chain, whom[0]))
    return list(dict.fromkeys(filter(None, found)))


def _markets(step: Step) -> list[tuple[str, list[str]]]:
    """Markets a step names, each with the countries it is named for."""
    named: dict[str, list[str]] = {}
    references = [(PICTURES, each) for each in step.pictures]
    references += [(QUANTITIES, each) for text in (step.title, step.text) for each in named_in(text)]
    for known, each in references:
        of = dict(zip(known[each.name], each.arguments, strict=True))
        if "chain" in of:
            named.setdefault(of["chain"], []).extend(of[kind] for kind in ("country", "whom") if kind in of)
    return [(chain, list(dict.fromkeys(whom))) for chain, whom in named.items()]


def _half(view: View, chain: str, iso3: str) -> str:
    everything = whole(view.settings.scenario(view.record), market_session.base_cases()[chain])
    if everything is None:
        return ""
    then = answers(market_session.outcome_of(view.record, everything, (chain,)), frozenset([iso3]))[chain]
    return half_is_dearer(view.record, iso3, _answer(view, chain, iso3), then)


def _choices(view: View, chain: str, whom: str) -> str:
    """The result over the choices for a contested figure, where the scenario moves the market."""
    now, group = _answer(view, chain, whom), _asked(view, whom)[0]
    if not now.moves:
        return ""
    others = {
        key: (case, answers(_outcome(view, key), group)[key]) for key, case in market_session.variants(chain).items()
    }
    return over_choices(market_session.base_cases()[chain], others, now)


# What a price measure does, against the same scenario without it.


def _money(view: View, chain: str, *parties: str) -> str:
    rows = prices.prepare(view, chain).effect.money
    rows = rows[rows.party.isin(parties) & (rows.side == "members")]
    return _in_dollars(rows.usd.sum(), rows.usd_low.sum(), rows.usd_high.sum())


def _in_dollars(usd: float, low: float, high: float) -> str:
    signed = partial(dollars, written=words.dollars)
    amount = f"{signed(float(usd))} ({between(signed, float(low), float(high))})"
    # A line may break after a minus sign unless the two are joined.
    return amount.replace("−", f"−{JOINED}")


def _users(view: View, chain: str) -> str:
    return _money(view, chain, "users")


def _treasuries(view: View, chain: str) -> str:
    return _money(view, chain, *TREASURIES)


def _producers(view: View, chain: str) -> str:
    return _money(view, chain, "miners", "refiners", "recyclers")


def _output(view: View, chain: str) -> str:
    row = prices.prepare(view, chain).effect.quantity("output_t")
    return f"{change(row.change)} ({between(change, row.change_low, row.change_high)})"


def _contract(view: View, chain: str, name: str) -> str:
    priced = prices.prepare(view, chain)
    if not priced.compared_level:
        return say("not set")
    values: Array = getattr(priced.at("contract"), name)[:, 1]
    return _in_dollars(values[0], values.min(), values.max())


def _contract_users(view: View, chain: str) -> str:
    return _contract(view, chain, "users")


def _contract_treasuries(view: View, chain: str) -> str:
    return _contract(view, chain, "treasuries")


def _holds_to(view: View, chain: str) -> str:
    """Highest level at which a floor holds, with its range; below the price of 2024 none does."""
    solved = prices.prepare(view, chain).tried
    found = [solved.highest(each) for each in range(len(solved.price))]
    if found[0] <= TRIED[0]:
        return say("at no more than the price of 2024")
    level, ends = _three_digits(found[0]), between(_three_digits, min(found), max(found))
    if found[0] >= TRIED[-1]:
        least = _three_digits(min(found))
        return say(
            "at every level tried, up to {level} times the price of 2024 ({least} times at worst)",
            level=level,
            least=least,
        )
    return say("up to {level} times the price of 2024 ({range} across assumptions)", level=level, range=ends)


def _three_digits(level: float) -> str:
    return words.number(level, ".3g")


def _floor_state(view: View, chain: str) -> str:
    priced = prices.prepare(view, chain)
    if not priced.level("floor"):
        return say("not set")
    return say("would hold") if prices_words.holds(priced) else say("would no longer hold")


# The record of measures.


def _level(view: View, instrument: str) -> str:
    levers = view.record.instrument_levers
    price = float(levers.usd_per_t[(levers.instrument_id == instrument) & levers.usd_per_t.notna()].iloc[0])
    return f"{prices.plain(price / 1000)} USD/kg"


def _since(view: View, restriction_id: str) -> str:
    rows = view.record.restrictions
    starts = rows.starts[rows.restriction_id == restriction_id].iloc[0]
    return words.month(starts) if isinstance(starts, str) else say("a date not on record")


def _state(view: View, restriction_id: str) -> str:
    rows = view.record.restrictions
    return state_words(rows[rows.restriction_id == restriction_id].iloc[0])


def _applied(view: View, restriction_id: str) -> str:
    """What the lever of a record sets; that none can express it where none can."""
    if restriction_id not in view.record.applicable:
        return say("not a share that can be withheld")
    return level_words(view.record, restriction_id)


OF_VIEW: Mapping[str, Callable[..., str]] = {
    "bought": _bought,
    "trade_year": _trade_year,
    "share": _share,
    "largest": _largest,
    "largest_share": _largest_share,
    "available": _available,
    "next": _next,
    "next_adds": _next_adds,
    "next_best": _next_best,
    "pairs": _pairs_in_all,
    "apart": _apart,
    "refines_most": _refines_most,
    "refining_leads": _refining_leads,
    "dearer": _dearer,
    "effect": _effect,
    "lost": _lost,
    "level": _level,
    "holds_to": _holds_to,
    "floor_state": _floor_state,
    "users": _users,
    "treasuries": _treasuries,
    "producers": _producers,
    "output": _output,
    "contract_users": _contract_users,
    "contract_treasuries": _contract_treasuries,
    "since": _since,
    "state": _state,
    "applied": _applied,
}
