"""Who digs it, who refines it, and how much of that is the bloc's."""

import streamlit as st

from bloc.views import figure, overview, session, supply

session.require_app("supply")
view = overview.prepare(st.session_state["shown"])
record = view.record

minerals = supply.minerals(record)
mineral = session.choice("mineral", minerals, "cobalt")
with st.session_state["head"]:
    overview.head(view, supply.finding(record, view.after, mineral))
st.selectbox("Mineral", list(minerals), format_func=minerals.__getitem__, key=session.choice_key("mineral"))

series = supply.series_of(record, mineral)
columns = st.columns(2, gap="large")
for at, row in enumerate(series.index):
    with columns[at % 2]:
        figure.show(supply.suppliers(record, view.after, row))
