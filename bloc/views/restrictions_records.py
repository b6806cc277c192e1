"""Recorded controls: which are in force, what each would set, and a click that puts it in or out."""

import re
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
import streamlit as st

from bloc import language, words
from bloc.briefing import name_of
from bloc.calibration import BaseCase
from bloc.data import Record
from bloc.language import mark, said, say, say_as, say_many
from bloc.scenario import Duty
from bloc.settings import Applied, Settings, recorded_measures
from bloc.views import market_session, notes, session
from bloc.views.figure import Figure, citation

# Where the callback leaves what it has to say.
SAID = "records_said"
# Controls of the composer that make its cut.
CUT = frozenset({"supplier", "cut_pct", "products", "stage", "targets"})
SCOPES = {"market": mark("On this market"), "all": mark("All that can be applied")}
STATES = {
    "in force": mark("in force"),
    "suspended": mark("suspended"),
    "scheduled": mark("scheduled"),
    "ended": mark("ended"),
    "not in force or unknown": mark("not in force or unknown"),
}
BASES = {"stated": mark("stated"), "computed": mark("computed"), "assumed": mark("assumed")}
# Letters of a date up to its month.
LENGTH_TO_MONTH = 7
READINGS = {
    "stated": mark("Level stated. {reason}"),
    "computed": mark("Level computed. {reason}"),
    "assumed": mark("Level assumed. {reason}"),
}
# What a record would set, for everybody and for one country.
LEVELS = {
    "duty": mark("duty of {share}"),
    "tax": mark("tax of {share}"),
    "all": mark("all withheld"),
    "share": mark("{share} withheld"),
}
AIMED_LEVELS = {
    "duty": mark("duty of {share} on {country}"),
    "tax": mark("tax of {share} on sales to {country}"),
    "all": mark("all withheld from {country}"),
    "share": mark("{share} withheld from {country}"),
}
COLUMNS = {
    "imposing": mark("Imposed by"),
    "state_words": mark("State"),
    "since": mark("Since"),
    "until": mark("Until"),
    "material": mark("Material"),
    "measure": mark("Measure"),
    "target": mark("Aimed at"),
    "level_words": mark("In the model"),
    "basis": mark("Level is"),
    "reason": mark("Why it cannot be applied, or how it is read"),
}
WIDTHS = {"reason": 420, "state_words": 210, "measure": 130}


def level_pct(record: Record, restriction_id: str) -> int:
    """Level of a record: share withheld, or rate of a tax or a duty. [percent]."""
    shares = [
        each.rate if isinstance(each, Duty) else each.cut or each.export_tax
        for each in recorded_measures(record)[restriction_id]
    ]
    return round(100 * max(shares))


@cache
def recorded(record: Record) -> pd.DataFrame:
    """Every record once, in words, by imposing country and date.

    Columns: restriction_id, imposing_iso3, applicable, label, products, reading, and what COLUMNS and sources show.
    """
    facts = record.restrictions.drop_duplicates("restriction_id").set_index("restriction_id")
    levers = record.restriction_levers
    rows = []
    for key, parts in levers.groupby("restriction_id", sort=False):
        rows.append(_row(record, str(key), facts.loc[key], parts))
    orders = {"state": list(STATES).index, "imposing": words.alphabetical}
    frame = pd.DataFrame(rows)
    return frame.sort_values(
        ["imposing", "applicable", "state", "starts", "restriction_id"],
        ascending=[True, False, True, True, True],
        key=lambda column: column.map(orders[column.name]) if column.name in orders else column,
        ignore_index=True,
    )


def _row(record: Record, key: str, fact: Any, parts: pd.DataFrame) -> dict[str, Any]:
    first = parts.iloc[0]
    applicable = first.kind != "none"
    told = dict.fromkeys(language.recorded(each) for each in (parts.note if applicable else parts.reason))
    # Parts of one record share sentences.
    reasons = dict.fromkeys(sentence for each in told for sentence in re.split(r"(?<=\.) (?=[^a-z])", each))
    target = record.names.get(fact.target_iso3, "") if isinstance(fact.target_iso3, str) else say("Everybody")
    basis = str(first.basis) if applicable else ""
    starts = fact.starts if isinstance(fact.starts, str) else ""
    return {
        "restriction_id": key,
        "imposing_iso3": fact.imposing_iso3,
        "imposing": record.names[fact.imposing_iso3],
        "applicable": applicable,
        "state": fact.state,
        "state_words": words.capital(state_words(fact)),
        "starts": starts,
        "since": words.on_date(fact.starts) or say("not recorded"),
        "until": words.on_date(fact.ends) or say_as("date", "open"),
        "material": fact.material,
        "measure": words.capital(language.recorded(fact.measure)),
        "target": target,
        "level_words": level_words(record, key) if applicable else say("cannot be applied"),
        "basis": say(BASES[basis]) if applicable else "",
        "reading": basis,
        "reason": " ".join(filter(None, reasons)),
        "products": frozenset(each for each in parts["product"] if isinstance(each, str)),
        "label": _label(record, key, fact, basis) if applicable else "",
        "source_id": fact.source_id,
    }


def _label(record: Record, key: str, fact: Any, basis: str) -> str:
    """What stands on the button of a record: date, goods, level with its basis, state."""
    label = say(
        "{date}: {material}, {level} ({basis}), {state}",
        date=_since(fact.starts),
        material=language.recorded(fact.material),
        level=level_words(record, key, fact.target_iso3),
        basis=say(BASES[basis]),
        state=state_words(fact),
    )
    return words.capital(label)


def _since(date: object) -> str:
    """Aug 2023, or the year alone."""
    return words.short_date(date[:LENGTH_TO_MONTH]) if isinstance(date, str) else say("undated")


def state_words(fact: Any) -> str:
    """State of a record with the date that bounds it."""
    match fact.state:
        case "suspended" if isinstance(fact.suspended_to, str):
            return say("suspended until {date}", date=words.on_date(fact.suspended_to))
        case "ended" if isinstance(fact.ends, str):
            return say("ended {date}", date=words.on_date(fact.ends))
        case "scheduled" if isinstance(fact.starts, str):
            return say("from {date}", date=words.on_date(fact.starts))
    return say(STATES[fact.state])


def level_words(record: Record, restriction_id: str, target: object = None) -> str:
    """What a record would set: 25 % withheld, all withheld, tax of 10 %, duty of 25 %; with its target where given."""
    kind, share = _level_kind(record, restriction_id), f"{level_pct(record, restriction_id)}{words.NARROW_SPACE}%"
    if isinstance(target, str):
        return say(AIMED_LEVELS[kind], share=share, country=name_of(record, target))
    return say(LEVELS[kind], share=share)


def _level_kind(record: Record, restriction_id: str) -> str:
    """Which of LEVELS a record would set."""
    measures = recorded_measures(record)[restriction_id]
    if any(isinstance(each, Duty) for each in measures):
        return "duty"
    if not any(each.cut for each in measures if not isinstance(each, Duty)):
        return "tax"
    return "all" if level_pct(record, restriction_id) == 100 else "share"


def on_market(record: Record, case: BaseCase) -> pd.DataFrame:
    """Records that can be applied and set something in a chain."""
    rows = recorded(record)
    goods = {case.product, case.ore_product}
    return rows[rows.applicable & rows["products"].map(lambda each: bool(goods & each))]


def counted(record: Record) -> str:
    """How many records there are, in force and applicable, as a sentence."""
    rows = recorded(record)
    able = rows[rows.applicable]
    return say_many(
        len(rows),
        "{number} control is on record; {applicable} can be applied, {active} of them in force, and {others} cannot, "
        "for the reason given with each.",
        "{number} controls are on record; {applicable} can be applied, {active} of them in force, and {others} cannot, "
        "for the reason given with each.",
        applicable=len(able),
        active=int((able.state == "in force").sum()),
        others=len(rows) - len(able),
    )


def draw(record: Record, settings: Settings, case: BaseCase) -> None:
    """Records to put in by a click, by who imposes them, and those that are in with the slider each moves."""
    scope = session.choice("records", SCOPES, "market")
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.segmented_control(
            say("Recorded controls to apply, by date"),
            list(SCOPES),
            format_func=said(SCOPES).__getitem__,
            key=session.choice_key("records"),
        )
    shown = on_market(record, case) if scope == "market" else recorded(record).query("applicable")
    if shown.empty:
        product = record.product_sentence_names[case.product]
        notes.plain_note(say("No recorded control sets anything in the market of {product}.", product=product))
    for iso3, rows in shown.groupby("imposing_iso3", sort=False):
        _pills(record, settings, str(iso3), rows, case.chain if scope == "market" else "all")
    _applied(record, settings)


def _pills(record: Record, settings: Settings, iso3: str, rows: pd.DataFrame, scope: str) -> None:
    labels = dict(zip(rows.restriction_id, rows.label, strict=True))
    key = f"records_{scope}_{iso3}"
    applied = {each.restriction_id for each in settings.applied}
    wanted = [each for each in labels if each in applied]
    if st.session_state.get(key) != wanted:
        st.session_state[key] = wanted
    st.pills(
        say_many(
            len(rows),
            "{country}, {number} control",
            "{country}, {number} controls",
            country=record.names[iso3],
            number=words.count(len(rows)),
        ),
        list(labels),
        selection_mode="multi",
        format_func=lambda each: notes.plain(labels[each]),
        key=key,
        on_change=_picked,
        args=(key, tuple(labels)),
    )


@session.spoken
def _picked(key: str, offered: tuple[str, ...]) -> None:
    """Put in the records that were clicked on, at their own level, and out those that were clicked off."""
    record, settings = session.record(), present()
    wanted = set(st.session_state[key] or ())
    levers = with_records(record, settings, wanted, offered)
    if "cut_pct" in levers:
        alone = say(
            "{country:own} cut above stood on its default and is now 0, so that what the record does is seen alone. "
            "Undo brings it back.",
            country=name_of(record, settings.supplier),
        )
        st.session_state[SAID] = words.capital(alone)
    market_session.set_levers(**levers)


def with_records(record: Record, settings: Settings, wanted: set[str], offered: tuple[str, ...]) -> dict[str, Any]:
    """Levers after a choice among the records offered; those that stay keep their level.

    The first record to come in sets an untouched cut of the composer to 0, so that its effect is seen alone.
    """
    kept = [each for each in settings.applied if each.restriction_id not in offered or each.restriction_id in wanted]
    held = {each.restriction_id for each in kept}
    new = [Applied(each, level_pct(record, each)) for each in offered if each in wanted and each not in held]
    levers: dict[str, Any] = {"applied": tuple(sorted([*kept, *new]))}
    if new and not settings.applied and not CUT & set(settings.changed()):
        levers["cut_pct"] = 0
    return levers


def present() -> Settings:
    """Settings that stand while a callback runs."""
    found: Settings = st.session_state.get(session.SETTINGS, Settings())
    return found


def _applied(record: Record, settings: Settings) -> None:
    """Records that are in: the slider each moves, its source, and a button to take it out."""
    if picked := st.session_state.pop(SAID, ""):
        st.info(notes.plain(picked), icon=":material/info:")
    rows = recorded(record).set_index("restriction_id")
    for each in settings.applied:
        _one_applied(record, each, rows.loc[each.restriction_id])
    if settings.applied and not settings.cut_pct:
        notes.plain_note(say("The cut above is at 0: what follows is what the recorded controls do alone."))


def _one_applied(record: Record, applied: Applied, row: Any) -> None:
    key = f"level_{applied.restriction_id}"
    if st.session_state.get(key) != applied.level_pct:
        st.session_state[key] = applied.level_pct
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.slider(
            notes.plain(_slider_label(row)),
            0,
            100,
            format="%d %%",
            key=key,
            on_change=_level_moved,
            args=(applied.restriction_id,),
            width=460,
        )
        with st.popover(say("Source"), key=f"source_{applied.restriction_id}"):
            source = record.sources.set_index("source_id").loc[row.source_id]
            address = source.url if isinstance(source.url, str) and source.url.startswith("https://") else ""
            st.markdown(f"{notes.plain(citation(record, row.source_id))}  \n{address}")
            st.markdown(notes.plain(f"{row.state_words}. {say(READINGS[row.reading], reason=row.reason)}"))
        st.button(
            say("Remove"),
            key=f"drop_{applied.restriction_id}",
            icon=":material/close:",
            type="tertiary",
            on_click=_drop,
            args=(applied.restriction_id,),
        )


def _slider_label(row: Any) -> str:
    return say(
        "{country}: {material}, {date}; as recorded {level}",
        country=row.imposing,
        material=language.recorded(row.material),
        date=words.on_date(row.starts) or say("undated"),
        level=row.level_words,
    )


def _level_moved(restriction_id: str) -> None:
    level = st.session_state[f"level_{restriction_id}"]
    moved = [
        replace(each, level_pct=level) if each.restriction_id == restriction_id else each for each in present().applied
    ]
    market_session.set_levers(applied=tuple(sorted(moved)))


def _drop(restriction_id: str) -> None:
    left = [each for each in present().applied if each.restriction_id != restriction_id]
    market_session.set_levers(applied=tuple(left))


@cache
def every(record: Record) -> Figure:
    """Table of every record with its state, level and basis, or the reason why none can be applied."""
    rows = recorded(record)
    return Figure(
        key="records",
        finding=counted(record),
        basis=say(
            "Export and import controls as their texts have them. A level is stated in the text, computed from it, or "
            "assumed: a licence regime is read as a quarter withheld."
        ),
        rows=rows.drop(columns=["products", "label", "starts", "state", "reading"]),
        columns=said(COLUMNS),
        widths=WIDTHS,
    )
