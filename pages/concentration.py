"""Which materials hang on one country, and on whom."""

import streamlit as st

from bloc import link
from bloc.language import said, say, say_as
from bloc.views import (
    concentration,
    concentration_history,
    concentration_pairs,
    concentration_scatter,
    concentration_table,
    figure,
    notes,
    overview,
    session,
)

session.require_app("concentration")
view = overview.prepare(st.session_state["shown"])
record, case = view.record, view.after

side = session.choice("side", concentration_table.SIDES, "all")
materials = session.choice("materials", concentration_table.LISTS, "all")
use = session.choice("use", concentration_table.USES, "all")
with st.session_state["head"]:
    overview.head(view, concentration.finding(case))
with st.container(horizontal=True, gap="medium"):
    for name, label, known in (
        ("side", say("Stage"), concentration_table.SIDES),
        ("materials", say("Materials"), concentration_table.LISTS),
    ):
        st.segmented_control(
            label, list(known), format_func=said(known).__getitem__, key=session.choice_key(name), wrap=True
        )
    st.selectbox(
        say_as("end use", "Use"),
        list(concentration_table.USES),
        format_func=said(concentration_table.USES).__getitem__,
        key=session.choice_key("use"),
        width=200,
    )

demand = session.query(concentration_table.DEMAND)
if use != "all":
    notes.plain_note(concentration_table.use_note(record, demand, use))
table = concentration_table.rows(record, case, side, materials, concentration_table.used_minerals(demand, use))
target = concentration_table.show_table(record, table)
if target:
    page, asked = target
    st.switch_page(page, query_params={**link.to_query(view.settings), **asked})

left, right = st.columns(2, gap="large")
with left:
    figure.show(concentration_pairs.pairs(record, case, view.phone))
with right:
    figure.show(concentration_scatter.against(record, case, view.phone))

drawn = [concentration_history.recorded_history(record, each, view.phone) for each in ("hhi_low", "china_share")]
for column, each in zip(st.columns(2, gap="large"), drawn, strict=True):
    with column:
        if each:
            figure.show(each)
        else:
            st.markdown(say("No series runs over all these years."))

with st.expander(say("How each is computed")):
    st.markdown(concentration_table.definitions(record, table))
