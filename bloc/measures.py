"""Settings in words: one sentence for each control that does something."""

from collections.abc import Iterator
from typing import Any

from bloc import words
from bloc.briefing import name_of, parts_of
from bloc.data import Record
from bloc.language import mark, recorded, say, say_many
from bloc.scenario import Assumed, Duty, Flooding, PriceMeasure, Restriction, StockChange
from bloc.settings import AS_IT_STANDS, SAME_MEMBERS, STAGES_OF, Applied, Settings, recorded_measures

# How a recorded measure is said of its materials.
RECORDED = {
    "ban": mark("{country:own} ban on {materials}"),
    "licence": mark("{country:own} licensing of {materials}"),
    "none yet": mark("{country:own} announced measure on {materials}"),
    "quota": mark("{country:own} quota on {materials}"),
    "state trading": mark("{country:own} state trading in {materials}"),
    "tariff": mark("{country:own} tariff on {materials}"),
    "tax": mark("{country:own} export tax on {materials}"),
}
# At what level a recorded measure is applied, to everybody and to one country.
APPLIED = {
    "duty": mark("{measure}, is applied, as a duty of {share} on goods from abroad."),
    "tax": mark("{measure}, is applied, as a tax of {share} on exports."),
    "tax alone": mark("Of {measure}, only the tax of {share} on exports is applied; no volume is on record."),
    "all": mark("{measure}, is applied, with all of these exports withheld."),
    "part": mark("{measure}, is applied, with {share} of these exports withheld."),
}
APPLIED_TO_ONE = {
    "duty": mark("{measure}, is applied, as a duty of {share} on goods from {country}."),
    "tax": mark("{measure}, is applied, as a tax of {share} on exports to {country}."),
    "tax alone": mark(
        "Of {measure}, only the tax of {share} on exports to {country} is applied; no volume is on record."
    ),
    "all": mark("{measure}, is applied, with all of these exports to {country} withheld."),
    "part": mark("{measure}, is applied, with {share} of these exports to {country} withheld."),
}
# What prices members hold, by stage.
FLOORS = {
    "mine": mark("Imports of mined {product} from outside land in the bloc at no less than {price}."),
    "smelter": mark("Imports of smelted {product} from outside land in the bloc at no less than {price}."),
    "refinery": mark("Imports of refined {product} from outside land in the bloc at no less than {price}."),
}
CONTRACTS = {
    "mine": mark(
        "The members’ producers of mined {product} are paid no less than {price}, and treasuries pay the gap."
    ),
    "smelter": mark(
        "The members’ producers of smelted {product} are paid no less than {price}, and treasuries pay the gap."
    ),
    "refinery": mark(
        "The members’ producers of refined {product} are paid no less than {price}, and treasuries pay the gap."
    ),
}
CONFIDENCE = {
    "confirmed": mark("Only confirmed memberships count."),
    "claimed": mark("Memberships that are only claimed count too."),
}
ASSUMPTIONS = {
    "ceiling": mark("multiple of the price of 2024 at which users go without"),
    "demand_elasticity": mark("elasticity of demand"),
    "mine_elasticity_byproduct": mark("supply elasticity of mines that dig it as a by-product"),
    "mine_elasticity_mixed": mark("supply elasticity of mines that dig it beside others"),
    "mine_elasticity_primary": mark("supply elasticity of mines that dig it first of all"),
    "ore_cost_share": mark("share of the price that pays for ore"),
    "recycling_elasticity": mark("supply elasticity of recycling"),
    "refinery_elasticity": mark("supply elasticity of refineries"),
    "restart": mark("multiple of the price of 2024 at which half of the idle plants run again"),
    "stop": mark("share of the margin of 2024 at which half of the plants stand still"),
    "switching": mark("readiness of buyers to change supplier"),
    "utilisation": mark("share of plant capacity in use in 2024"),
}
# Markets that take something else for true than the product they are named after.
OTHER_CHOICES = {
    "antimony_implied": mark("antimony as ore trade implies"),
    "gallium_noidle": mark("gallium without idle plants"),
    "germanium_60": mark("germanium with 60\u202f% refined in China"),
    "germanium_wmd": mark("germanium with 93\u202f% refined in China"),
}


def settings_in_words(record: Record, settings: Settings) -> tuple[str, ...]:
    """All settings that make a scenario, each as a sentence: the bloc, what is done, what it is compared with."""
    return (*bloc(record, settings), *measures(record, settings), baseline(record, settings))


def bloc(record: Record, settings: Settings) -> tuple[str, ...]:
    """Who is in: the preset, who came and went, which memberships count."""
    found = [
        say("The bloc starts from “{grouping}”.", grouping=record.presets[settings.preset]),
        say(CONFIDENCE[settings.confidence]) if settings.confidence in CONFIDENCE else "",
        _invited(record, settings.invited),
        _left_out(record, settings.left_out),
        say("Territories of members count with their states; what a supplier withholds is its own.")
        if settings.territories
        else "",
    ]
    return tuple(filter(None, found))


def measures(record: Record, settings: Settings) -> tuple[str, ...]:
    """What is done: by those who withhold, then by members."""
    found = [
        *_withheld(record, settings),
        *(_flooding(record, each) for each in settings.floodings),
        _leakage(settings),
        _tariff(record, settings),
        *(_price(record, each) for each in settings.prices),
        *(_stock(record, each) for each in settings.stocks),
        say("Supply and use have five years to adjust.") if settings.horizon == "five_years" else "",
        *(_assumed(record, each) for each in settings.assumed),
    ]
    return tuple(filter(None, found))


def baseline(record: Record, settings: Settings) -> str:
    """What the scenario is compared with."""
    if settings.baseline == SAME_MEMBERS:
        return say("Baseline: the same members with nothing withheld.")
    if settings.baseline == AS_IT_STANDS:
        stands = record.presets[settings.preset]
        return say("Baseline: “{grouping}” as it stands, with nothing withheld.", grouping=stands)
    if settings.baseline in record.presets:
        return say("Baseline: “{grouping}”, with nothing withheld.", grouping=record.presets[settings.baseline])
    return say("Baseline: a scenario held for comparison.")


def acts_in_the_market(record: Record, settings: Settings) -> bool:
    """Whether something is set that only the market model answers to."""
    levied = any(_way(record, each) in ("duty", "tax") for each in settings.applied if each.level_pct)
    set_here = settings.tariff_pct, settings.prices, settings.floodings, settings.stocks, settings.leak_pct
    return levied or any(set_here)


def _invited(record: Record, codes: tuple[str, ...]) -> str:
    if not codes:
        return ""
    invited = say_many(
        len(codes), "{countries} is invited.", "{countries} are invited.", countries=_named(record, codes)
    )
    return words.capital(invited)


def _left_out(record: Record, codes: tuple[str, ...]) -> str:
    if not codes:
        return ""
    left_out = say_many(
        len(codes), "{countries} is left out.", "{countries} are left out.", countries=_named(record, codes)
    )
    return words.capital(left_out)


def _named(record: Record, codes: tuple[str, ...]) -> str:
    return words.listing([name_of(record, code) for code in codes], most=12)


def _withheld(record: Record, settings: Settings) -> Iterator[str]:
    if settings.cut_pct:
        stages = STAGES_OF[settings.stage]
        yield restriction(
            record,
            Restriction(settings.supplier, settings.cut_pct / 100, settings.products, stages, settings.targets),
        )
    for each in settings.applied:
        yield _applied(record, each)
    if not settings.cut_pct and not settings.applied:
        yield say("Nothing is withheld.")


def restriction(record: Record, cut: Restriction) -> str:
    """Who withholds how much of what from whom."""
    withholds = say("{supplier} withholds {share} of its exports of {goods} from {targets}.", **parts_of(record, cut))
    return words.capital(withholds)


def _applied(record: Record, applied: Applied) -> str:
    """Which recorded measure is applied, at what level and to whom: what is withheld, taxed or levied."""
    row = record.restrictions[record.restrictions.restriction_id == applied.restriction_id].iloc[0]
    target = name_of(record, row.target_iso3) if row.target_iso3 in record.names else ""
    way = _way(record, applied)
    if way == "tax" and row.measure != "tax":
        way = "tax alone"
    said = say(
        (APPLIED_TO_ONE if target else APPLIED)[way],
        measure=_on_record(record, row),
        share=_percent(applied.level_pct),
        country=target,
    )
    return words.capital(said)


def _on_record(record: Record, row: Any) -> str:
    """A recorded measure with the date it starts."""
    country = name_of(record, row.imposing_iso3)
    materials = words.listing([recorded(each) for each in row.material.split(", ")], most=6)
    if row.measure in RECORDED:
        measure = say(RECORDED[row.measure], country=country, materials=materials)
    else:
        measure = say(
            "{country:own} {measure} on {materials}",
            country=country,
            measure=recorded(row.measure),
            materials=materials,
        )
    if isinstance(row.starts, str):
        return say("{measure}, starting {month}", measure=measure, month=words.month(row.starts))
    return say("{measure}, on record", measure=measure)


def _way(record: Record, applied: Applied) -> str:
    """How a recorded measure is applied, as a key of APPLIED."""
    known = recorded_measures(record).get(applied.restriction_id, ())
    if any(isinstance(each, Duty) for each in known):
        return "duty"
    if not any(isinstance(each, Restriction) and each.cut for each in known):
        return "tax"
    return "all" if applied.level_pct == 100 else "part"


def _percent(whole: int) -> str:
    return f"{whole}{words.NARROW_SPACE}%"


def _leakage(settings: Settings) -> str:
    if not settings.leak_pct or not (settings.cut_pct or settings.applied):
        return ""
    return say(
        "{share} of what is withheld reaches its target all the same, via others.", share=_percent(settings.leak_pct)
    )


def _tariff(record: Record, settings: Settings) -> str:
    if not settings.tariff_pct:
        return ""
    rate = _percent(settings.tariff_pct)
    named = [record.product_sentence_names[each] for each in settings.tariff_products]
    goods = words.listing(named) if named else say("what they buy")
    if settings.preference_pct == 100:
        return say("Members levy a tariff of {rate} on {goods} from outside.", rate=rate, goods=goods)
    if settings.preference_pct == 0:
        return say(
            "Members levy a tariff of {rate} on {goods} from outside, and the same on each other.",
            rate=rate,
            goods=goods,
        )
    return say(
        "Members levy a tariff of {rate} on {goods} from outside, and {share} of that on each other.",
        rate=rate,
        goods=goods,
        share=_percent(100 - settings.preference_pct),
    )


def _price(record: Record, measure: PriceMeasure) -> str:
    said = FLOORS if measure.kind == "floor" else CONTRACTS
    return say(said[measure.stage], product=record.product_sentence_names[measure.product], price=_level(measure))


def _level(measure: PriceMeasure) -> str:
    if measure.unit == "multiple":
        return say("{number} times the price of 2024", number=words.number(measure.level, "g"))
    return say("{amount} a tonne", amount=words.dollars(measure.level))


def _flooding(record: Record, flooding: Flooding) -> str:
    pays = say(
        "{supplier} pays its producers of {product} {share} of the price of 2024 to sell more.",
        supplier=name_of(record, flooding.supplier),
        product=record.product_sentence_names[flooding.product],
        share=words.percent(flooding.subsidy),
    )
    return words.capital(pays)


def _stock(record: Record, change: StockChange) -> str:
    holders = [name_of(record, code) for code in change.holders]
    values = {
        "holders": words.listing(holders) if holders else say("the members"),
        "amount": words.tonnes(abs(change.quantity_t)),
        "product": record.product_sentence_names[change.product],
    }
    if change.quantity_t < 0:
        return say("Stocks of {holders} buy {amount} of {product} in the year.", **values)
    if change.feed:
        return say(
            "Stocks of {holders} release {amount} of {product} in the year as feed for their refiners.", **values
        )
    return say("Stocks of {holders} release {amount} of {product} in the year.", **values)


def _assumed(record: Record, assumed: Assumed) -> str:
    name, value = say(ASSUMPTIONS[assumed.name]), words.number(assumed.value, "g")
    if not assumed.chain:
        return say("In every market the {assumption} is assumed to be {value}.", assumption=name, value=value)
    return say(
        "In the market of {product} the {assumption} is assumed to be {value}.",
        assumption=name,
        product=_market(record, assumed.chain),
        value=value,
    )


def _market(record: Record, chain: str) -> str:
    return say(OTHER_CHOICES[chain]) if chain in OTHER_CHOICES else record.product_sentence_names[chain]
