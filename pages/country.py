"""Everything about one country in one place."""

import streamlit as st

from bloc.language import say
from bloc.views import (
    country,
    country_effect,
    country_governance,
    country_output,
    country_policy,
    country_reserves,
    country_trade,
    overview,
    session,
)

session.require_app("country")
view = overview.prepare(st.session_state["shown"])
record, case = view.record, view.after

places = country.known(record)
iso3 = session.choice("country", places, country.DEFAULT)
with st.session_state["head"]:
    overview.head(view, country.finding(record, iso3, case.members))
st.selectbox(say("Country"), list(places), format_func=places.__getitem__, key=session.choice_key("country"), width=380)

makes = [country_output.output(record, case, iso3), country_trade.trade(record, case, iso3, view.phone)]
has = [country_reserves.reserves(record, case, iso3), country_governance.governance(record, case, iso3)]
lists = [
    country_policy.groups(record, iso3),
    country_policy.agreements(record, iso3),
    country_policy.imposed(record, iso3),
    country_policy.named(record, iso3),
    country_policy.everybody(record, iso3),
    country_policy.projects(record, iso3),
]

left, right = st.container(key="pair").columns([1.35, 1], gap="large")
# Where nothing is made and traded, the left side would stay empty.
with left if all(isinstance(each, str) for each in makes) else right:
    country_effect.draw(view, iso3)
with left:
    country.draw(makes)
with right:
    country.draw(has)
country.draw(lists)
country.draw_absent([*makes, *has, *lists])
