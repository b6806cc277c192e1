"""Who digs it, who refines it, who sells it to whom, and how much of that is the bloc's."""

from functools import partial

import streamlit as st

from bloc.language import said, say
from bloc.views import (
    overview,
    session,
    supply,
    supply_history,
    supply_market,
    supply_outlook,
    supply_sources,
    supply_stock,
    supply_trade,
)

session.require_app("supply")
view = overview.prepare(st.session_state["shown"])
record = view.record

minerals = supply.minerals(record)
mineral = session.choice("mineral", minerals, "cobalt")
with st.session_state["head"]:
    overview.head(view, supply.finding(record, view.after, mineral))
part = session.choice("part", supply.PARTS, "now")
with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    st.selectbox(
        say("Mineral"), list(minerals), format_func=minerals.__getitem__, key=session.choice_key("mineral"), width=320
    )
    st.segmented_control(
        say("What about it"),
        list(supply.PARTS),
        format_func=said(supply.PARTS).__getitem__,
        key=session.choice_key("part"),
        wrap=True,
    )

match part:
    case "now":
        overview.live_body(partial(supply.stages, mineral=mineral))
        supply_sources.draw(view, mineral)
    case "history":
        supply_history.draw(view, mineral)
    case "trade":
        supply_trade.draw(view, mineral)
    case "ahead":
        supply_stock.draw(view, mineral)
        supply_outlook.draw(view, mineral)
    case "market":
        supply_market.draw(view, mineral)
