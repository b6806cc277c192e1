"""How unions, territories and contested places count: the one place that decides it.

- The European Union is one party and 27 countries: the code EUU stands for its members wherever a list is used.
- Territories (New Caledonia, Greenland) have their own codes and figures. They count as outside, unless the scenario
  says that territories count with their state.
- Taiwan, Hong Kong, Macao, Kosovo and Western Sahara are places of their own and belong to nobody's total. In the trade
  source Taiwan is "Other Asia, not elsewhere specified"; in U.S. import tables "China" often includes Hong Kong.
- Former states (Soviet Union, Yugoslavia) keep their figures in the history and never enter a present total.
"""

from collections.abc import Iterable, Mapping

EUROPEAN_UNION = "EUU"


def spread(codes: Iterable[str], union_members: Iterable[str]) -> frozenset[str]:
    """Replace the European Union in a list of codes by its members."""
    given = frozenset(codes)
    return (given - {EUROPEAN_UNION}) | frozenset(union_members) if EUROPEAN_UNION in given else given


def with_territories(codes: Iterable[str], parents: Mapping[str, str]) -> frozenset[str]:
    """Add the territories of the states in a list; `parents` maps a territory to its state."""
    states = frozenset(codes)
    return states | {territory for territory, state in parents.items() if state in states}
