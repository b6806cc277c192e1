"""What is assumed: who is in the bloc, and which exports are withheld from whom."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Self

from bloc.data import Record, load_record
from bloc.places import spread

CONFIDENCES = ("confirmed", "inferred", "claimed")
STAGES = ("mine", "smelter", "refinery")
# What a licence regime looks like in trade: exports fall by a quarter (an assumption, range 0 to 1).
DEFAULT_CUT = 0.25
_CODE = re.compile(r"[A-Z]{3}")


class ScenarioError(ValueError):
    """A scenario that cannot be: the message names the offender and the bound."""


def _codes(label: str, given: Iterable[str]) -> tuple[str, ...]:
    codes = tuple(sorted(set((given,) if isinstance(given, str) else given)))
    for code in codes:
        if not _CODE.fullmatch(code):
            raise ScenarioError(f"{label}: {code!r} is not a country code of three capital letters")
    return codes


@dataclass(frozen=True, order=True)
class Restriction:
    """A supplier withholds a share of its exports.

    Parameters
    ----------
    imposing : str
        Code of the country that withholds.
    cut : float
        Share of its exports to the target that is withheld. [0 to 1]
    products : tuple of str
        Products concerned; empty means every product.
    stages : tuple of str
        mine, smelter, refinery; empty means every stage, parts and scrap included.
    targets : tuple of str
        Whom it is withheld from; empty means everybody. A list of its own, fixed when it is set: never "the members".
    """

    imposing: str
    cut: float = DEFAULT_CUT
    products: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be, and put lists in order so that equal restrictions are equal."""
        _codes("supplier", [self.imposing])
        if not isinstance(self.cut, int | float) or not 0 <= self.cut <= 1:
            raise ScenarioError(f"{self.imposing}: cut {self.cut} is not a fraction in [0, 1]")
        for stage in self.stages:
            if stage not in STAGES:
                raise ScenarioError(f"{self.imposing}: stage {stage!r} is not one of {', '.join(STAGES)}")
        object.__setattr__(self, "cut", float(self.cut))
        for name in ("products", "stages"):
            if isinstance(getattr(self, name), str):
                raise ScenarioError(f"{self.imposing}: {name} is a list of names, not the text {getattr(self, name)!r}")
        object.__setattr__(self, "products", tuple(sorted(set(self.products))))
        object.__setattr__(self, "stages", tuple(stage for stage in STAGES if stage in self.stages))
        object.__setattr__(self, "targets", _codes("target", self.targets))


@dataclass(frozen=True)
class Scenario:
    """A bloc and the restrictions it faces; equal scenarios are equal values.

    Parameters
    ----------
    members : tuple of str
        Codes of the countries in the bloc, in any order; EUU stands for the 27 members of the European Union.
    restrictions : tuple of Restriction
        Where two concern the same flow, the deeper cut counts.
    territories : bool
        Whether a territory counts with its state.
    """

    members: tuple[str, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    territories: bool = False

    def __post_init__(self) -> None:
        """Put members and restrictions in order, so that equal scenarios are equal values."""
        object.__setattr__(self, "members", _codes("member", self.members))
        object.__setattr__(self, "restrictions", tuple(sorted(self.restrictions)))

    @classmethod
    def from_preset(
        cls,
        preset: str,
        confidences: Iterable[str] = ("confirmed", "inferred"),
        record: Record | None = None,
    ) -> Self:
        """Members of a grouping by the roles that count in it and the confidence asked for.

        Raises
        ------
        ScenarioError
            If the grouping or a confidence is unknown.
        """
        return cls(members=preset_members(record or load_record(), preset, tuple(confidences)))

    def with_members(
        self, invited: Iterable[str] = (), left_out: Iterable[str] = (), record: Record | None = None
    ) -> Self:
        """Same scenario with countries in and out; one both invited and left out is out.

        The European Union is spread first, so that one of its members can be left out, or all of them.
        """
        union = (record or load_record()).union
        members = spread((*self.members, *invited), union) - spread(left_out, union)
        return replace(self, members=tuple(members))

    def without_restrictions(self) -> Self:
        """Same members, nothing withheld: the default baseline."""
        return replace(self, restrictions=())


@cache
def preset_members(record: Record, preset: str, confidences: tuple[str, ...]) -> tuple[str, ...]:
    """Codes of a grouping by the roles that count in it and the confidence asked for, the European Union spread.

    Raises
    ------
    ScenarioError
        If the grouping or a confidence is unknown.
    """
    for confidence in confidences:
        if confidence not in CONFIDENCES:
            raise ScenarioError(f"confidence {confidence!r} is not one of {', '.join(CONFIDENCES)}")
    rows = record.memberships
    known = sorted(rows.grouping_id.unique())
    if preset not in known:
        raise ScenarioError(f"preset {preset!r} is not one of {', '.join(known)}")
    chosen = rows[(rows.grouping_id == preset) & rows.in_preset & rows.confidence.isin(confidences)]
    return tuple(sorted(spread(chosen.iso3, record.union)))
