"""Who digs it, who refines it, and how much of that is the bloc's."""

from functools import partial

import streamlit as st

from bloc.views import overview, session, supply, supply_market, supply_trade

session.require_app("supply")
view = overview.prepare(st.session_state["shown"])
record = view.record

minerals = supply.minerals(record)
mineral = session.choice("mineral", minerals, "cobalt")
with st.session_state["head"]:
    overview.head(view, supply.finding(record, view.after, mineral))
st.selectbox("Mineral", list(minerals), format_func=minerals.__getitem__, key=session.choice_key("mineral"), width=380)

overview.live_body(partial(supply.stages, mineral=mineral))
supply_trade.draw(view, mineral)
supply_market.draw(view, mineral)
