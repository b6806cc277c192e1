"""Which materials hang on one country, and on whom."""

import streamlit as st

from bloc import link
from bloc.views import concentration, figure, overview, session

session.require_app("concentration")
view = overview.prepare(st.session_state["shown"])
record, case = view.record, view.after

side = session.choice("side", concentration.SIDES, "all")
materials = session.choice("materials", concentration.LISTS, "all")
with st.session_state["head"]:
    overview.head(view, concentration.finding(case))
with st.container(horizontal=True, gap="medium"):
    for name, label, known in (
        ("side", "Stage", concentration.SIDES),
        ("materials", "Materials", concentration.LISTS),
    ):
        st.segmented_control(label, list(known), format_func=known.__getitem__, key=session.choice_key(name))

table = concentration.rows(record, case, side, materials)
mineral = concentration.show_table(record, table)
if mineral:
    st.switch_page("pages/supply.py", query_params={**link.to_query(view.settings), "mineral": mineral})

left, right = st.columns(2, gap="large")
with left:
    figure.show(concentration.pairs(record, case, view.phone))
with right:
    figure.show(concentration.against(record, case))

trends = concentration.recorded_trends(record)
drawn = [concentration.history_of(trends, "hhi_low"), concentration.history_of(trends, "china_share")]
for column, each in zip(st.columns(2, gap="large"), drawn, strict=True):
    with column:
        if each:
            figure.show(each)
        else:
            st.markdown("No series runs over all these years.")

with st.expander("How each is computed"):
    st.markdown(concentration.definitions(record, table))
