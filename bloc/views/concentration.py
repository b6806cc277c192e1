"""Concentration of supply: which materials hang on one country, and on whom."""

from bloc import words
from bloc.briefing import Case
from bloc.data import Record
from bloc.summary import HALF


def finding(case: Case) -> str:
    """Headline: how many materials have one country behind more than half of supply, by stage."""
    indicators = case.outcome.indicators
    mined = indicators.stage == "mine"
    hang = indicators.largest_share > HALF
    return (
        f"One country supplies more than half of {int((hang & mined).sum())} of {int(mined.sum())} mined and "
        f"{int((hang & ~mined).sum())} of {int((~mined).sum())} refined materials"
    )


def series_name(record: Record, product: str, stage: str) -> str:
    """A series as a label: its stage and its product, "Mined cobalt"."""
    return words.capital(f"{words.STAGE[stage]} {record.product_sentence_names[product]}")
