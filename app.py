"""Page config, navigation, the composer; nothing else."""

from pathlib import Path

import streamlit as st

from bloc.data import RecordError
from bloc.language import say
from bloc.views import assumptions, controls, session

STATIC = Path(__file__).parent / "static"
# Files of our own: a Material icon here would be fetched from the network.
st.set_page_config("Mineral Bloc", STATIC / "icon.png", layout="wide", initial_sidebar_state="collapsed")
st.logo(STATIC / "logo.svg", size="large")
# Streamlit leaves six rem of empty room above a wide page, squeezes columns on a narrow or magnified one, and cuts what
# is longer than a card or a button.
st.html("""<style>
.stMainBlockContainer { padding-top: 4.25rem; padding-bottom: 2rem }
.st-key-cards .stColumn, .st-key-composer .stColumn { min-width: 14rem }
[class*="st-key-pair"] .stColumn { min-width: min(26rem, 100%) }
.st-key-cards .stMetric *, .stButtonGroup button *, .stButton button * {
  white-space: normal; overflow: visible; text-overflow: clip }
.stButtonGroup button { height: auto; min-height: 2rem; max-width: 100%; text-align: left }
@media print {
  @page { size: A4; margin: 12mm }
  html { zoom: 0.72 }
  header, .stLogo, .stMain button, .stMain iframe, .st-key-composer, .stExpander, .stPopover, .stDownloadButton,
  .stButtonGroup, .stSelectbox, .stMultiSelect, .stSlider, .stFileUploader, .stPageLink, .stSpinner, .stStatusWidget,
  .stBidiComponent { display: none !important }
  .stApp, .stMain, [data-testid="stAppViewContainer"], [data-testid="stAppScrollToBottomContainer"] {
    position: static !important; overflow: visible !important; height: auto !important }
  .stMainBlockContainer { padding: 0; max-width: none }
  .stVegaLiteChart svg, .stVegaLiteChart canvas { max-width: 100%; height: auto !important }
  .stHorizontalBlock:has(> .stElementContainer .stPageLink),
  [data-testid="stLayoutWrapper"]:has(> .stHorizontalBlock > .stElementContainer .stButtonGroup) { display: none }
  .stVerticalBlock, .stHorizontalBlock:has(> .stColumn):not(.st-key-cards *) { display: block }
  .stVerticalBlock > * { margin-bottom: 0.6rem }
  .stVegaLiteChart, .stDeckGlJsonChart, .stMetric, .stTable tr, .stDataFrame { break-inside: avoid }
  .stElementContainer:has(h2, h3), .stElementContainer:has(+ [data-testid="stLayoutWrapper"] .stButtonGroup),
  .stElementContainer:has(+ .stElementContainer .stVegaLiteChart) { break-after: avoid }
}
</style>""")
if session.is_dark():
    # Paper is white: text turns dark, and charts, whose letters are light, are turned over with their hues kept.
    st.html("""<style>
@media print {
  html, body, .stApp, .stMain, [data-testid="stAppViewContainer"], .stMetric { background: #fff !important }
  .stMarkdownColoredText { filter: brightness(0.6) }
  .stApp :not(.stMarkdownColoredText):not(svg, svg *) { color: #1c2733 !important }
  .stVegaLiteChart, .stDeckGlJsonChart { filter: invert(1) hue-rotate(180deg) }
}
</style>""")

session.arrive()
pages = {
    "overview": st.Page("pages/overview.py", title=say("Overview"), default=True),
    "supply": st.Page("pages/supply.py", title=say("Supply of one mineral")),
    "country": st.Page("pages/country.py", title=say("Country")),
    "concentration": st.Page("pages/concentration.py", title=say("Concentration")),
    "restrictions": st.Page("pages/restrictions.py", title=say("Restrictions")),
    "prices": st.Page("pages/prices.py", title=say("Prices")),
    "compare": st.Page("pages/compare.py", title=say("Compare")),
    "briefing": st.Page("pages/briefing.py", title=say("Briefing")),
    "story": st.Page("pages/story.py", title=say("Stories")),
    "method": st.Page("pages/method.py", title=say("Method")),
}
page = st.navigation(list(pages.values()), position="top")
session.send_back(pages)

try:
    record = session.record()
except RecordError as error:
    st.error(str(error))
    st.stop()

st.session_state["head"] = st.container(gap="xxsmall")
st.session_state["shown"] = controls.composer(record, page.url_path or "overview")
assumptions.flag(record, st.session_state["shown"].settings)
page.run()
session.write_address()
