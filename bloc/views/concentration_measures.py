"""The measures of the concentration table: title, form and definition of each."""

from dataclasses import dataclass

from bloc import words
from bloc.language import mark


@dataclass(frozen=True)
class Measure:
    """A column of the table: its title, how it is written, and how it is computed."""

    title: str
    kind: str
    text: str


MEASURES = {
    "largest_share": Measure(
        mark("Largest share"),
        "bar",
        mark(
            "Output of the largest supplier, divided by the output of the world as published, or by the sum of the "
            "countries listed where no total is published."
        ),
    ),
    "china_share": Measure(
        mark("China"),
        "text",
        mark(
            "Output of China, divided by the world’s. Not itemised: the source does not list China, so that its "
            "share is unknown, not nothing."
        ),
    ),
    "top3_share": Measure(
        mark("Top three"),
        "share",
        mark(
            "Output of the three largest suppliers, divided by the world’s. Published totals are rounded: a sum "
            "above the whole is shown as the whole."
        ),
    ),
    "hhi_low": Measure(
        mark("HHI, low"),
        "index",
        mark(
            "Herfindahl-Hirschman index: the squares of all shares in percent, added up; 10,000 for a single "
            "supplier. The low value takes the output that no country is named for as that of many small suppliers."
        ),
    ),
    "hhi_high": Measure(
        mark("HHI, high"),
        "index",
        mark("The same index with the output that no country is named for taken as one more country."),
    ),
    "n_minus_1": Measure(
        mark("N-1"),
        "share",
        mark("The whole less the share of the largest supplier, which is what would remain of output without it."),
    ),
    "n_minus_1_of_use": Measure(
        mark("N-1 of use"),
        "share",
        mark(
            "Output of the world without its largest supplier, divided by world use in 2024, which for some metals "
            "includes what is recycled. Above the whole where the others make more than is used. Unknown: no use on "
            "record, or not on the content basis of the output."
        ),
    ),
    "bloc_share": Measure(mark("Bloc"), "share", mark("Output of the members, divided by the world’s.")),
    "n_bloc": Measure(
        mark("N-bloc"),
        "share",
        mark(
            "Output of the members, divided by world use in 2024: what of it they alone could supply. Unknown where "
            "N-1 of use is."
        ),
    ),
    "bloc_share_high": Measure(
        mark("Bloc, at most"),
        "share",
        mark("The same if the output that no country is named for were all from members."),
    ),
    "bloc_share_ex_china": Measure(
        mark("Bloc, outside China"),
        "share",
        mark(
            "Output of the members other than China, divided by the output of the world without China. Unknown where "
            "China is not itemised or is the whole supply."
        ),
    ),
    "available_share": Measure(
        mark("On offer"),
        "share",
        mark(
            "The whole less, for each supplier that restricts in the scenario, its share times its cut. All output "
            "is taken as on offer, so that what is missing is an upper bound."
        ),
    ),
    "herfindahl_governance": Measure(
        mark("HHI by governance"),
        "fraction",
        mark(
            "The square of each share (0 to 1) times the supplier’s governance risk (0 best, 1 worst, from the mean "
            "of six governance indicators) times a trade factor (0.8 for members, 1.1 for who restricts, otherwise "
            "1), added up. The trade factors are those remembered of the European Commission’s guidelines of 2017."
        ),
    ),
    "global_supply_risk": Measure(
        mark("EU supply risk, global half"),
        "fraction",
        mark(
            "The index by governance times the part of input that is not recycled scrap (1 less the end-of-life "
            "recycling input rate). It is one half of the measure: the other half needs where the European Union "
            "buys, and the whole a substitution index; neither is on record. Unknown: no recycling rate."
        ),
    ),
    "geopolrisk": Measure(
        mark("GeoPolRisk"),
        "fraction",
        mark(
            "Concentration of world output (0 to 1), times the members’ imports from outside weighted by the "
            "political instability of each seller, divided by these imports and the members’ own output; after "
            "Santillán-Saldivar and others, as in geopolrisk-py. Unknown: no customs heading fits the basis of the "
            "output."
        ),
    ),
}


def _index(value: float) -> str:
    return words.number(value, ",.0f")


def _fraction(value: float) -> str:
    return words.number(value, ".2f")


_FORMS = {"share": words.percent, "index": _index, "fraction": _fraction}
WRITTEN = {name: _FORMS[each.kind] for name, each in MEASURES.items() if each.kind in _FORMS}
