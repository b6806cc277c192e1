"""The market for pages: base cases once per server, outcomes by scenario and chains, levers set from a page."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import streamlit as st

from bloc.assumptions import Assumptions
from bloc.calibration import BaseCase
from bloc.data import Record, load_base_cases, load_market
from bloc.language import say
from bloc.market_outcome import OFFERED, RANGE, MarketOutcome, evaluate_market, moved
from bloc.outcome import bloc_members
from bloc.scenario import Scenario
from bloc.settings import Settings
from bloc.views import controls, session

# Outcomes kept at a time: one chain takes some hundred kilobytes, all of them some megabytes.
KEPT = 32


@st.cache_resource(show_spinner=False)
def _base_cases() -> dict[str, BaseCase]:
    return load_base_cases()


def base_cases() -> dict[str, BaseCase]:
    """Every chain in its base year, variants and those of grade D included; once per server."""
    if load_base_cases.cache_info().currsize:
        return _base_cases()
    with st.spinner(say("Filling in the base year of each market")):
        return _base_cases()


@st.cache_resource(show_spinner=False)
def table() -> Assumptions:
    """What the market model assumes, with ranges and sources."""
    return Assumptions(load_market().assumptions)


def offered() -> dict[str, BaseCase]:
    """Chains whose market is shown: grades A to C, without those kept only as another choice."""
    return {key: case for key, case in base_cases().items() if case.grade in OFFERED and not case.variant_of}


def variants(chain: str) -> dict[str, BaseCase]:
    """Other choices for the contested figure behind a chain; empty where there is none."""
    return {key: case for key, case in base_cases().items() if case.variant_of == chain}


@lru_cache(maxsize=KEPT)
def outcome_of(record: Record, scenario: Scenario, chains: tuple[str, ...], ranged: bool = True) -> MarketOutcome:
    """Markets of some chains under a scenario, by value, for every session; with the cheap range unless told not to."""
    cases = [base_cases()[chain] for chain in chains]
    members = bloc_members(record, scenario)
    return evaluate_market(cases, table(), scenario, record.union, members, RANGE if ranged else ())


@lru_cache(maxsize=KEPT)
def moved_chains(record: Record, scenario: Scenario) -> tuple[str, ...]:
    """Offered chains a scenario moves at all."""
    cases = list(offered().values())
    found = moved(cases, table(), scenario, record.union, bloc_members(record, scenario))
    return tuple(case.chain for case in found)


def set_levers(**values: Any) -> None:
    """For callbacks: the present settings with some levers elsewhere."""
    present: Settings = st.session_state.get(session.SETTINGS, Settings())
    controls.change(replace(present, **values))
