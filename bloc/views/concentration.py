"""Concentration of supply: which materials hang on one country, and on whom."""

from bloc import words
from bloc.briefing import Case
from bloc.data import Record
from bloc.language import mark, say
from bloc.summary import HALF

SERIES = {
    "mine": mark("mined {product}"),
    "smelter": mark("smelted {product}"),
    "refinery": mark("refined {product}"),
}


def finding(case: Case) -> str:
    """Headline: how many materials have one country behind more than half of supply, by stage."""
    indicators = case.outcome.indicators
    mined = indicators.stage == "mine"
    hang = indicators.largest_share > HALF
    return say(
        "One country supplies more than half of {mined} of {all_mined} mined and {refined} of {all_refined} refined "
        "materials",
        mined=int((hang & mined).sum()),
        all_mined=int(mined.sum()),
        refined=int((hang & ~mined).sum()),
        all_refined=int((~mined).sum()),
    )


def series_name(record: Record, product: str, stage: str) -> str:
    """A series as a label: its stage and its product, "Mined cobalt"."""
    return words.capital(series_in_sentence(record, product, stage))


def series_in_sentence(record: Record, product: str, stage: str) -> str:
    """A series as it reads inside a sentence: "mined cobalt"."""
    return say(SERIES[stage], product=record.product_sentence_names[product])
