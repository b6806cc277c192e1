"""Who digs and refines the critical minerals, and what a bloc of countries would have of them.

Reading order: data (the record), scenario (what is assumed), places (unions, territories), then the equations
(concentration, balance, exposure, supply_risk), and outcome, which binds them to column names.
"""

from bloc.data import Record, RecordError, load_record
from bloc.outcome import Outcome, compare, evaluate
from bloc.scenario import Restriction, Scenario, ScenarioError

__version__ = "0.1.0"
__all__ = [
    "Outcome",
    "Record",
    "RecordError",
    "Restriction",
    "Scenario",
    "ScenarioError",
    "compare",
    "evaluate",
    "load_record",
]
