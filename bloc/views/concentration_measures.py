"""The measures of the concentration table: title, form and definition of each."""

from dataclasses import dataclass

from bloc import words


@dataclass(frozen=True)
class Measure:
    """A column of the table: its title, how it is written, and how it is computed."""

    title: str
    kind: str
    text: str


MEASURES = {
    "largest_share": Measure(
        "Largest share",
        "bar",
        "Output of the largest supplier, divided by the output of the world as published, or by the sum of the "
        "countries listed where no total is published.",
    ),
    "china_share": Measure(
        "China",
        "text",
        "Output of China, divided by the world’s. Not itemised: the source does not list China, so that its share is "
        "unknown, not nothing.",
    ),
    "top3_share": Measure(
        "Top three",
        "share",
        "Output of the three largest suppliers, divided by the world’s. Published totals are rounded: a sum above the "
        "whole is shown as the whole.",
    ),
    "hhi_low": Measure(
        "HHI, low",
        "index",
        "Herfindahl-Hirschman index: the squares of all shares in percent, added up; 10,000 for a single supplier. "
        "The low value takes the output that no country is named for as that of many small suppliers.",
    ),
    "hhi_high": Measure(
        "HHI, high",
        "index",
        "The same index with the output that no country is named for taken as one more country.",
    ),
    "n_minus_1": Measure(
        "N-1",
        "share",
        "The whole less the share of the largest supplier, which is what would remain of output without it.",
    ),
    "n_minus_1_of_use": Measure(
        "N-1 of use",
        "share",
        "Output of the world without its largest supplier, divided by world use in 2024, which for some metals "
        "includes what is recycled. Above the whole where the others make more than is used. Unknown: no use on "
        "record, or not on the content basis of the output.",
    ),
    "bloc_share": Measure("Bloc", "share", "Output of the members, divided by the world’s."),
    "n_bloc": Measure(
        "N-bloc",
        "share",
        "Output of the members, divided by world use in 2024: what of it they alone could supply. Unknown where N-1 "
        "of use is.",
    ),
    "bloc_share_high": Measure(
        "Bloc, at most",
        "share",
        "The same if the output that no country is named for were all from members.",
    ),
    "bloc_share_ex_china": Measure(
        "Bloc, outside China",
        "share",
        "Output of the members other than China, divided by the output of the world without China. Unknown where "
        "China is not itemised or is the whole supply.",
    ),
    "available_share": Measure(
        "On offer",
        "share",
        "The whole less, for each supplier that restricts in the scenario, its share times its cut. All output is "
        "taken as on offer, so that what is missing is an upper bound.",
    ),
    "herfindahl_governance": Measure(
        "HHI by governance",
        "fraction",
        "The square of each share (0 to 1) times the supplier’s governance risk (0 best, 1 worst, from the mean of six "
        "governance indicators) times a trade factor (0.8 for members, 1.1 for who restricts, otherwise 1), added up. "
        "The trade factors are those remembered of the European Commission’s guidelines of 2017.",
    ),
    "global_supply_risk": Measure(
        "EU supply risk, global half",
        "fraction",
        "The index by governance times the part of input that is not recycled scrap (1 less the end-of-life "
        "recycling input rate). It is one half of the measure: the other half needs where the European Union buys, "
        "and the whole a substitution index; neither is on record. Unknown: no recycling rate.",
    ),
    "geopolrisk": Measure(
        "GeoPolRisk",
        "fraction",
        "Concentration of world output (0 to 1), times the members’ imports from outside weighted by the political "
        "instability of each seller, divided by these imports and the members’ own output; after Santillán-Saldivar "
        "and others, as in geopolrisk-py. Unknown: no customs heading fits the basis of the output.",
    ),
}
_FORMS = {"share": words.percent, "index": "{:,.0f}".format, "fraction": "{:.2f}".format}
WRITTEN = {name: _FORMS[each.kind] for name, each in MEASURES.items() if each.kind in _FORMS}
