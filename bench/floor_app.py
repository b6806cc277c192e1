"""One slider and one number: the least a change can cost in Streamlit. With ?live the slider answers while dragged."""

import streamlit as st

from bloc.views import live

KEY = live.PREFIX + "cut"

st.title("Floor")
value = st.slider("Value", 0, 100, 25, key=KEY)
if "live" in st.query_params:
    value = live.preview(KEY, value)
    live.companion()
st.metric("Value", value)
