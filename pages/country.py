"""Everything about one country in one place."""

import streamlit as st

from bloc.views import country, overview, session

session.require_app("country")
view = overview.prepare(st.session_state["shown"])
record = view.record

places = country.known(record)
iso3 = session.choice("country", places, country.DEFAULT)
name = record.sentence_names[iso3]
with st.session_state["head"]:
    overview.head(view, country.finding(record, iso3, view.after.members))
st.selectbox("Country", list(places), format_func=places.__getitem__, key=session.choice_key("country"), width=380)

left, right = st.container(key="pair").columns([1.35, 1], gap="large")
with left:
    country.draw(
        country.output(record, view.after, iso3),
        "No output on record",
        f"No source of the record lists {name} among those who mine, smelt or refine these minerals.",
    )
with right:
    country.draw_effect(view, iso3)
    country.draw(
        country.reserves(record, view.after, iso3),
        "No reserves on record",
        f"No list of reserves names {name}.",
    )

left, right = st.columns([1.35, 1], gap="large")
with left:
    country.draw(
        country.trade(record, view.after, iso3, view.phone),
        "No trade on record",
        f"No customs heading of the record shows {name} as buyer or seller.",
    )
with right:
    country.draw(
        country.governance(record, view.after, iso3),
        "No governance estimates",
        f"No year has all six governance indicators for {name}.",
    )

country.draw_table(country.groups(record, iso3))
country.draw_table(country.agreements(record, iso3))
for table in country.restrictions(record, iso3):
    country.draw_table(table)
country.draw_table(country.projects(record, iso3))
