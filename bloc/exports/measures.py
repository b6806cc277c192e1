"""Settings in words: one sentence for each control that does something."""

from collections.abc import Iterator

from bloc import words
from bloc.briefing import goods_of, name_of, targets_of
from bloc.data import Record
from bloc.places import EUROPEAN_UNION
from bloc.scenario import Assumed, Duty, Flooding, PriceMeasure, Restriction, StockChange
from bloc.settings import AS_IT_STANDS, SAME_MEMBERS, STAGES_OF, Applied, Settings, recorded_measures

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# How a recorded measure is said of a material; the others read "ban on", "quota on".
RECORDED = {
    "licence": "licensing of",
    "state trading": "state trading in",
    "tax": "export tax on",
    "none yet": "announced measure on",
}
CONFIDENCE = {
    "confirmed": "Only confirmed memberships count.",
    "inferred": "",
    "claimed": "Memberships that are only claimed count too.",
}


def settings_in_words(record: Record, settings: Settings) -> tuple[str, ...]:
    """All settings that make a scenario, each as a sentence: the bloc, what is done, what it is compared with."""
    return (*bloc(record, settings), *measures(record, settings), baseline(record, settings))


def bloc(record: Record, settings: Settings) -> tuple[str, ...]:
    """Who is in: the preset, who came and went, which memberships count."""
    found = [
        f"The bloc starts from “{record.presets[settings.preset]}”.",
        CONFIDENCE[settings.confidence],
        _moved(record, settings.invited, "invited"),
        _moved(record, settings.left_out, "left out"),
        "Territories count with their states." if settings.territories else "",
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
        "Supply and use have five years to adjust." if settings.horizon == "five_years" else "",
        *(_assumed(record, each) for each in settings.assumed),
    ]
    return tuple(filter(None, found))


def baseline(record: Record, settings: Settings) -> str:
    """What the scenario is compared with."""
    if settings.baseline == SAME_MEMBERS:
        return "Baseline: the same members with nothing withheld."
    if settings.baseline == AS_IT_STANDS:
        return f"Baseline: “{record.presets[settings.preset]}” as it stands, with nothing withheld."
    if settings.baseline in record.presets:
        return f"Baseline: “{record.presets[settings.baseline]}”, with nothing withheld."
    return "Baseline: a scenario held for comparison."


def acts_in_the_market(settings: Settings) -> bool:
    """Whether something is set that only the market model answers to."""
    return bool(settings.tariff_pct or settings.prices or settings.floodings or settings.stocks or settings.leak_pct)


def _moved(record: Record, codes: tuple[str, ...], how: str) -> str:
    if not codes:
        return ""
    names = words.listing([name_of(record, code) for code in codes], most=12)
    return words.capital(f"{names} {'is' if len(codes) == 1 else 'are'} {how}.")


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
        yield "Nothing is withheld."


def restriction(record: Record, cut: Restriction) -> str:
    """Who withholds how much of what from whom."""
    share = "all" if cut.cut == 1 else words.percent(cut.cut)
    goods, targets = goods_of(record, cut), targets_of(record, cut)
    return words.capital(f"{name_of(record, cut.imposing)} withholds {share} of its exports of {goods} from {targets}.")


def _applied(record: Record, applied: Applied) -> str:
    row = record.restrictions[record.restrictions.restriction_id == applied.restriction_id].iloc[0]
    measure = RECORDED.get(row.measure, f"{row.measure} on")
    whose = words.possessive(words.capital(name_of(record, row.imposing_iso3)))
    since = f"on record from {month(row.starts)}" if isinstance(row.starts, str) else "on record"
    material = words.listing(row.material.split(", "), most=6)
    return f"{whose} {measure} {material}, {since}, is applied{_level(record, applied, row.target_iso3)}."


def _level(record: Record, applied: Applied, target: object) -> str:
    """At what level a recorded measure is applied, and to whom: what is withheld, taxed or levied."""
    known = recorded_measures(record).get(applied.restriction_id, ())
    share = f"{applied.level_pct}{words.NARROW_SPACE}%"
    named = name_of(record, target) if isinstance(target, str) and target in record.names else ""
    if any(isinstance(each, Duty) for each in known):
        return f", as a duty of {share} on goods from {named or 'abroad'}"
    to = f" to {named}" if named else ""
    if not any(isinstance(each, Restriction) and each.cut for each in known):
        return f", as a tax of {share} on exports{to}"
    if applied.level_pct == 100:
        return f", with all of these exports{to} withheld"
    return f", with {share} of these exports{to} withheld"


def month(date: str) -> str:
    """Date of the record in words, as precise as it is given: 2023-08-01 is August 2023, 2026 is 2026."""
    parts = date.split("-")
    return parts[0] if len(parts) == 1 else f"{MONTHS[int(parts[1]) - 1]} {parts[0]}"


def _leakage(settings: Settings) -> str:
    if not settings.leak_pct or not (settings.cut_pct or settings.applied):
        return ""
    return f"{settings.leak_pct}{words.NARROW_SPACE}% of what is withheld reaches its target all the same, via others."


def _tariff(record: Record, settings: Settings) -> str:
    if not settings.tariff_pct:
        return ""
    goods = words.listing([record.product_sentence_names[each] for each in settings.tariff_products])
    what = f"{goods} " if settings.tariff_products else "what they buy "
    waived = settings.preference_pct
    inside = {100: "", 0: ", and the same on each other"}.get(
        waived, f", and {100 - waived}{words.NARROW_SPACE}% of that on each other"
    )
    return f"Members levy a tariff of {settings.tariff_pct}{words.NARROW_SPACE}% on {what}from outside{inside}."


def _price(record: Record, measure: PriceMeasure) -> str:
    goods = f"{words.STAGE[measure.stage]} {record.product_sentence_names[measure.product]}"
    level = (
        f"{measure.level:g} times the base price"
        if measure.unit == "multiple"
        else f"{words.dollars(measure.level)} a tonne"
    )
    if measure.kind == "floor":
        return f"Imports of {goods} from outside land in the bloc at no less than {level}."
    return f"The members’ producers of {goods} are paid no less than {level}, and treasuries pay the gap."


def _flooding(record: Record, flooding: Flooding) -> str:
    goods = record.product_sentence_names[flooding.product]
    share = words.percent(flooding.subsidy)
    return words.capital(
        f"{name_of(record, flooding.supplier)} pays its producers of {goods} {share} of the base price to sell more."
    )


def _stock(record: Record, change: StockChange) -> str:
    goods = record.product_sentence_names[change.product]
    amount = words.tonnes(abs(change.quantity_t))
    whose = words.listing([name_of(record, code) for code in change.holders]) if change.holders else "the members"
    if change.quantity_t < 0:
        return f"Stocks of {whose} buy {amount} of {goods} in the year."
    use = " as feed for their refiners" if change.feed else ""
    return f"Stocks of {whose} release {amount} of {goods} in the year{use}."


def _assumed(record: Record, assumed: Assumed) -> str:
    name = assumed.name.replace("_", " ")
    where = f"the market of {_chain(record, assumed.chain)}" if assumed.chain else "every market"
    return f"The {name} in {where} is assumed to be {assumed.value:g}."


def _chain(record: Record, chain: str) -> str:
    return record.product_sentence_names.get(chain, chain.replace("_", " "))


def members_shown(record: Record, members: frozenset[str]) -> str:
    """Members by name, for a page that has room for all of them; the European Union as one."""
    union = record.union
    codes = (members - union) | {EUROPEAN_UNION} if union and union <= members else members
    return words.listing(sorted((record.names[code] for code in codes), key=str.casefold), most=len(codes) or 1)
