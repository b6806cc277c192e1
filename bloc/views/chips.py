"""Short labels of what is set elsewhere than on its default, each with the settings that taking it back resets."""

from collections.abc import Callable, Iterator

from bloc import words
from bloc.briefing import goods_of, name_of, targets_of
from bloc.data import Record
from bloc.language import mark, say, say_many
from bloc.scenario import PriceMeasure, Restriction
from bloc.settings import AS_IT_STANDS, SAME_MEMBERS, STAGES_OF, Settings

CONFIDENCE_WORDS = {
    "confirmed": mark("Confirmed only"),
    "inferred": mark("Confirmed and inferred"),
    "claimed": mark("Claimed too"),
}
Chip = tuple[str, tuple[str, ...]]


def chips(record: Record, settings: Settings) -> list[Chip]:
    """Labels of the settings that no control in sight shows, with their names."""
    changed = settings.changed()
    return [
        (label(record, settings), names)
        for names, label in (*BEHIND_MORE, *ON_MARKET_PAGES)
        if any(name in changed for name in names)
    ]


def baseline_label(record: Record) -> Callable[[str], str]:
    """What each baseline is called."""
    fixed = {
        AS_IT_STANDS: say("The chosen bloc as it stands, nothing withheld"),
        SAME_MEMBERS: say("The same members, nothing withheld"),
    }
    return lambda each: fixed.get(each) or record.presets.get(each, say("The scenario held"))


def _supplier(record: Record, settings: Settings) -> str:
    return words.capital(say("{supplier} withholds", supplier=name_of(record, settings.supplier)))


def _goods(record: Record, settings: Settings) -> str:
    cut = Restriction(settings.supplier, 0, settings.products, STAGES_OF[settings.stage], settings.targets)
    return words.capital(goods_of(record, cut))


def _targets(record: Record, settings: Settings) -> str:
    targets = targets_of(record, Restriction(settings.supplier, 0, targets=settings.targets))
    return say("From {targets}", targets=targets)


def _confidence(record: Record, settings: Settings) -> str:
    return say(CONFIDENCE_WORDS[settings.confidence])


def _territories(record: Record, settings: Settings) -> str:
    return say("With territories")


def _baseline(record: Record, settings: Settings) -> str:
    return say("Compared with: {baseline}", baseline=baseline_label(record)(settings.baseline))


def _applied(record: Record, settings: Settings) -> str:
    return say_many(len(settings.applied), "{number} recorded restriction", "{number} recorded restrictions")


def _tariff(record: Record, settings: Settings) -> str:
    named = [record.product_sentence_names[each] for each in settings.tariff_products]
    rate = f"{settings.tariff_pct}{words.NARROW_SPACE}%"
    if named:
        return say("Tariff of {rate} on {goods}", rate=rate, goods=words.listing(named, 2))
    return say("Tariff of {rate}", rate=rate)


def _prices(record: Record, settings: Settings) -> str:
    return words.capital(words.listing(list(_held(record, settings.prices)), 2))


def _held(record: Record, prices: tuple[PriceMeasure, ...]) -> Iterator[str]:
    for each in prices:
        named = record.product_sentence_names[each.product]
        if each.kind == "floor":
            yield say("floor under {product}", product=named)
        else:
            yield say("contract price for {product}", product=named)


def _floodings(record: Record, settings: Settings) -> str:
    suppliers = dict.fromkeys(name_of(record, each.supplier) for each in settings.floodings)
    return say("Subsidised sales by {suppliers}", suppliers=words.listing(list(suppliers), 2))


def _stocks(record: Record, settings: Settings) -> str:
    named = dict.fromkeys(record.product_sentence_names[each.product] for each in settings.stocks)
    return say("Stock of {goods}", goods=words.listing(list(named), 2))


def _leakage(record: Record, settings: Settings) -> str:
    return say("{share} leaks through", share=f"{settings.leak_pct}{words.NARROW_SPACE}%")


def _horizon(record: Record, settings: Settings) -> str:
    return say("Five years to adjust")


def _assumed(record: Record, settings: Settings) -> str:
    return say_many(len(settings.assumed), "{number} changed assumption", "{number} changed assumptions")


Label = Callable[[Record, Settings], str]
BEHIND_MORE: tuple[tuple[tuple[str, ...], Label], ...] = (
    (("supplier",), _supplier),
    (("products", "stage"), _goods),
    (("targets",), _targets),
    (("confidence",), _confidence),
    (("territories",), _territories),
    (("baseline",), _baseline),
)
ON_MARKET_PAGES: tuple[tuple[tuple[str, ...], Label], ...] = (
    (("applied",), _applied),
    (("tariff_pct", "tariff_products", "preference_pct"), _tariff),
    (("prices",), _prices),
    (("floodings",), _floodings),
    (("stocks",), _stocks),
    (("leak_pct",), _leakage),
    (("horizon",), _horizon),
    (("assumed",), _assumed),
)
