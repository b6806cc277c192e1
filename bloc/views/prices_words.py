"""Words on one market under measures: what is set, who pays and gains, whether a floor holds, what follows."""

from collections.abc import Iterator, Mapping

from bloc import words
from bloc.briefing import name_of
from bloc.language import mark, recorded, say, say_many
from bloc.minimum_price import concerns
from bloc.views import market_session
from bloc.views.prices import Priced
from bloc.views.prices_effect import TREASURIES, TRIED, between, change, times

GRADES = {
    "A": mark("Grade A: most of the base year is recorded."),
    "B": mark("Grade B: one part of the base year is filled in by a rule."),
    "C": mark("Grade C: several parts of the base year are filled in by rules."),
}
PARTIES = {
    "users": mark("users in the bloc"),
    "treasuries": mark("treasuries of members"),
    "producers": mark("producers in the bloc"),
    "stocks": mark("holders of stocks"),
}


def measures(priced: Priced) -> list[str]:
    """Measures of the page on this market, each as the object of a sentence."""
    return [said for _, said in _measures(priced)]


def _measures(priced: Priced) -> list[tuple[str, str]]:
    """The same, each behind its kind."""
    return [*_on_prices(priced), *_on_trade(priced), *_on_stocks(priced)]


def _on_prices(priced: Priced) -> Iterator[tuple[str, str]]:
    case, form = priced.case, priced.quoted.form
    if at := priced.level("floor"):
        yield "floor", say("a floor of {price} under {goods}", price=priced.quoted.said(at), goods=form)
    if at := priced.level("contract"):
        yield "contract", say("a guaranteed price of {price} for {goods}", price=priced.quoted.said(at), goods=form)
    goods = (case.product, case.ore_product)
    if any(each.product in goods and not concerns(each, case) for each in priced.scenario.prices):
        yield "ore", say("a floor under the ore of {product}", product=priced.name)


def _on_trade(priced: Priced) -> Iterator[tuple[str, str]]:
    if priced.taxed:
        rate = f"{priced.settings.tariff_pct}{words.NARROW_SPACE}%"
        yield "tariff", say("a tariff of {rate} on {product}", rate=rate, product=priced.name)
    for each in priced.scenario.floodings:
        if each.product == priced.case.product:
            supplier = name_of(priced.record, each.supplier)
            share = words.percent(each.subsidy)
            yield "flooding", say("a subsidy of {share} by {supplier}", share=share, supplier=supplier)


def _on_stocks(priced: Priced) -> Iterator[tuple[str, str]]:
    for each in priced.scenario.stocks:
        if each.product == priced.case.product:
            amount = words.tonnes(abs(each.quantity_t))
            if each.quantity_t < 0:
                yield "stock", say("buying {amount} of {product}", amount=amount, product=priced.name)
            else:
                yield "stock", say("releasing {amount} of {product}", amount=amount, product=priced.name)


def standing(priced: Priced) -> list[str]:
    """What is withheld by all, and that there are duties, each as the subject of a sentence."""
    scenario = priced.scenario
    withheld = [each for each in scenario.restrictions if not each.products or priced.case.product in each.products]
    imposing = dict.fromkeys(each.imposing for each in withheld)
    found = []
    if imposing:
        suppliers = words.listing([name_of(priced.record, each) for each in imposing])
        found.append(
            say_many(len(imposing), "what {suppliers} withholds", "what {suppliers} withhold", suppliers=suppliers)
        )
    if scenario.duties:
        found.append(say("recorded duties"))
    return found


def parties(priced: Priced) -> Mapping[str, float]:
    """Change of money of the members by party, as a headline names them in PARTIES. [USD/yr]."""
    effect = priced.effect
    return {
        "users": effect.usd("users"),
        "treasuries": effect.usd(*TREASURIES),
        "producers": effect.usd("miners", "refiners", "recyclers"),
        "stocks": effect.usd("stocks"),
    }


def finding(priced: Priced) -> str:
    """Headline: who pays most for the measures, and who gains most; the highest floor that holds where none is set."""
    if not priced.effect.converged:
        return say("The market of {product} finds no balance under these measures", product=priced.name)
    found = _measures(priced)
    if not found:
        return _nothing_set(priced)
    what = _briefly([said for _, said in found])
    if does_nothing(priced):
        return words.capital(
            say_many(len(found), "{measures} would do nothing", "{measures} would do nothing", measures=what)
        )
    if [kind for kind, _ in found] == ["tariff"]:
        return words.capital(_tariff_raises(priced, what))
    return words.capital(_who_pays(priced, what))


def _briefly(found: list[str]) -> str:
    """Measures in a headline: the first and how many more where there are more than two."""
    rest = len(found) - 1
    if rest < 2:
        return words.listing(found)
    more = say_many(rest, "{number} more measure", "{number} more measures", number=words.count(rest))
    return words.listing([found[0], more])


def _tariff_raises(priced: Priced, tariff: str) -> str:
    amounts = parties(priced)
    return say(
        "{tariff} would raise {amount} a year; users in the bloc would lose {loss}",
        tariff=tariff,
        amount=words.dollars(max(amounts["treasuries"], 0.0)),
        loss=words.dollars(max(-amounts["users"], 0.0)),
    )


def _who_pays(priced: Priced, what: str) -> str:
    amounts = parties(priced)
    payer, gainer = min(amounts, key=lambda each: amounts[each]), max(amounts, key=lambda each: amounts[each])
    if amounts[payer] >= 0:
        return say(
            "{party} would gain most from {measures}: {amount} a year",
            party=say(PARTIES[gainer]),
            measures=what,
            amount=words.dollars(amounts[gainer]),
        )
    party, amount = say(PARTIES[payer]), words.dollars(-amounts[payer])
    if priced.level("floor") and not holds(priced):
        return say(
            "{party} would pay for {measures}: {amount} a year; it would no longer hold",
            party=party,
            measures=what,
            amount=amount,
        )
    return say("{party} would pay for {measures}: {amount} a year", party=party, measures=what, amount=amount)


def _nothing_set(priced: Priced) -> str:
    goods, highest = priced.quoted.form, priced.tried.highest()
    if highest <= 1:
        return say("No floor under {goods} would hold: members would supply each other below it", goods=goods)
    price, multiple = priced.quoted.said(highest), words.number(highest, ".3g")
    if highest >= TRIED[-1]:
        return say(
            "A floor under {goods} would hold up to {price} and beyond, {multiple} times the price of 2024",
            goods=goods,
            price=price,
            multiple=multiple,
        )
    return say(
        "A floor under {goods} would hold up to {price}, {multiple} times the price of 2024",
        goods=goods,
        price=price,
        multiple=multiple,
    )


def does_nothing(priced: Priced) -> bool:
    """Whether the measures move neither a price nor a tonne of this market."""
    rows = priced.effect.quantities
    return bool((rows.change.fillna(0).abs() < 1e-6).all() and (priced.effect.money.usd.abs() < 1).all())


def holds(priced: Priced) -> bool:
    """Whether the floor that is set holds at the point."""
    return bool(priced.set_floor.holds()[1])


def sentences(priced: Priced) -> list[str]:
    """What follows, a sentence each, the most asked first."""
    if not priced.effect.converged or not measures(priced):
        return []
    if does_nothing(priced):
        return [_why_nothing(priced)]
    return [*filter(None, [_price(priced), _floor(priced), _tonnes(priced), _contract(priced), _rent(priced)])]


def _why_nothing(priced: Priced) -> str:
    at = priced.level("floor")
    paid = float(priced.effect.quantity("price").before)
    if at and at <= paid * (1 + 1e-9):
        return say(
            "The floor of {price} is at or below what imports land at, {average} on average: it would change nothing.",
            price=priced.quoted.said(at),
            average=priced.quoted.said(paid),
        )
    return say("The measures change neither a price nor a tonne of this market.")


def price_words(priced: Priced) -> str:
    """Price inside the bloc with its range, or what goes short where no price can be said."""
    effect = priced.effect
    standing = effect.standing(effect.after)
    if standing != "priced":
        short, low, high = (max(0.0, each) for each in effect.shortage)
        share, ends = words.percent(short), between(words.percent, low, high)
        if standing == "rationed":
            return say("rationing, short of {share} of use ({range})", share=share, range=ends)
        return say("shortage of {share} of use ({range})", share=share, range=ends)
    return say(
        "{multiple} times that of 2024 ({range} across assumptions)",
        multiple=times(effect.quantity("price").after),
        range=effect.price_range,
    )


def _price(priced: Priced) -> str:
    inside, outside = priced.effect.quantity("price"), priced.effect.quantity("outside")
    if priced.effect.standing(priced.effect.after) != "priced":
        return say("The bloc would face {shortage}.", shortage=price_words(priced))
    if round(inside.before, 2) == 1:
        return say(
            "The price inside the bloc would be {price}; outside {outside}.",
            price=price_words(priced),
            outside=times(outside.after),
        )
    return say(
        "The price inside the bloc would be {price}, against {before} without the measures; outside {outside}.",
        price=price_words(priced),
        before=times(inside.before),
        outside=times(outside.after),
    )


def _floor(priced: Priced) -> str:
    at = priced.level("floor")
    if not at:
        return ""
    solved = priced.set_floor
    if not solved.bites[1]:
        return say("The floor is at or below what imports land at: it would do nothing.")
    if not solved.imports_t[0, 0] > 0:
        return say("Nothing comes from outside: a floor at the border has nothing to hold.")
    left = words.percent(solved.imports_t[0, 1] / solved.imports_t[0, 0])
    if solved.price[0, 1] > at:
        return say(
            "The floor is below what members would pay on average, {multiple} times that of 2024. It would raise only "
            "the cheapest imports; {share} of what comes from outside without it would still come.",
            multiple=times(solved.price[0, 1]),
            share=left,
        )
    return _held(bool(solved.holds()[1]), words.percent(solved.price[0, 1] / at), left)


def _held(holds: bool, paid: str, left: str) -> str:
    """Whether a floor holds, with the share of it that is paid and the share of imports that is left."""
    if holds:
        return say(
            "The floor holds: members would pay {paid} of it on average, since their own producers sell below it, and "
            "{share} of what comes from outside without it would still come.",
            paid=paid,
            share=left,
        )
    return say(
        "The floor no longer holds: members would pay {paid} of it on average, since their own producers sell below "
        "it, and {share} of what comes from outside without it would still come.",
        paid=paid,
        share=left,
    )


def _tonnes(priced: Priced) -> str:
    output, use = priced.effect.quantity("output_t"), priced.effect.quantity("use_t")
    made, used = (f"{change(row.change)} ({between(change, row.change_low, row.change_high)})" for row in (output, use))
    return say("The change of members’ output would be {output}, of their use {use}.", output=made, use=used)


def _contract(priced: Priced) -> str:
    if not priced.level("contract"):
        return ""
    return say(
        "The guarantee pays producers at most the gap up to the strike, and nothing where the price is higher; "
        "treasuries pay it, users do not."
    )


def _rent(priced: Priced) -> str:
    if not priced.level("floor") or priced.effect.after.point.product_rent[0].max() <= 0:
        return ""
    return say("Where the floor and a quota bind together, the gap is counted once: as the seller’s rent, not as duty.")


def grade(priced: Priced) -> str:
    """Grade of the market, what hangs on a contested figure, base year and limits."""
    case, contested = priced.case, len(market_session.variants(priced.chain))
    parts = [
        say(GRADES[case.grade]),
        recorded(case.warning),
        _choices(contested) if contested else "",
        say("Base year 2024. Ranges are across assumptions, which the Method page lists; they are no forecast error."),
        say("Stocks, re-export and scrap are left out, so that sudden changes are overstated."),
    ]
    return " ".join(filter(None, parts))


def _choices(contested: int) -> str:
    return say_many(
        contested,
        "The ranges include {number} other choice for the contested figure.",
        "The ranges include {number} other choices for the contested figure.",
        number=words.count(contested),
    )
