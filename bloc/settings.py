"""What a visitor has set: the composer's controls as one frozen value, and the scenario they make."""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

from bloc.data import Record
from bloc.places import spread
from bloc.scenario import CONFIDENCES, DEFAULT_CUT, Restriction, Scenario, preset_members

DEFAULT_PRESET = "cmm_2026"
DEFAULT_SUPPLIER = "CHN"
# The two columns of the screens: what is dug, and what is smelted or refined.
STAGES_OF = {"": (), "mine": ("mine",), "refined": ("smelter", "refinery")}
AS_IT_STANDS = ""
SAME_MEMBERS = "same"


@dataclass(frozen=True)
class Settings:
    """The controls of the composer; each default is what the app opens on.

    `confidence` is the least sure kind of membership that counts; `cut_pct` is in percent; empty `products`, `stage`,
    `targets` mean every product, every stage, everybody. `baseline` is empty (the preset as it stands, nothing
    withheld), "same" (the same members, nothing withheld), another preset, or the link text of settings held for
    comparison.
    """

    preset: str = DEFAULT_PRESET
    confidence: str = "inferred"
    invited: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    territories: bool = False
    supplier: str = DEFAULT_SUPPLIER
    cut_pct: int = round(100 * DEFAULT_CUT)
    products: tuple[str, ...] = ()
    stage: str = ""
    targets: tuple[str, ...] = ()
    baseline: str = AS_IT_STANDS

    def changed(self) -> tuple[str, ...]:
        """Names of the controls that stand elsewhere than on their default."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name) != each.default)

    def reset(self, *names: str) -> Self:
        """Same settings with some controls back on their defaults, or all of them when none is named."""
        wanted = names or tuple(each.name for each in fields(self))
        defaults: dict[str, Any] = {each.name: each.default for each in fields(self) if each.name in wanted}
        return replace(self, **defaults)

    def preset_members(self, record: Record) -> tuple[str, ...]:
        """Members of the preset at the confidence asked for."""
        return preset_members(record, self.preset, confidences(self.confidence))

    def scenario(self, record: Record) -> Scenario:
        """The scenario these settings make."""
        cut = Restriction(self.supplier, self.cut_pct / 100, self.products, STAGES_OF[self.stage], self.targets)
        return Scenario(
            members=Scenario(self.preset_members(record)).with_members(self.invited, self.left_out, record).members,
            restrictions=(cut,) if self.cut_pct else (),
            territories=self.territories,
        )

    def toggled(self, iso3: str, record: Record) -> Self:
        """Put a country in when it is out, out when it is in; members of the European Union one by one."""
        invited, left_out = set(self.invited), set(self.left_out)
        was_in = iso3 in self.scenario(record).members
        invited.discard(iso3)
        left_out.discard(iso3)
        plain = replace(self, invited=tuple(sorted(invited)), left_out=tuple(sorted(left_out)))
        if (iso3 in plain.scenario(record).members) != was_in:
            return plain
        if was_in:
            return replace(plain, left_out=tuple(sorted(left_out | {iso3})))
        if iso3 in (named := spread(left_out, record.union)):
            # The whole European Union is left out: its other members stay out by name.
            return replace(plain, left_out=tuple(sorted(named))).toggled(iso3, record)
        return replace(plain, invited=tuple(sorted(invited | {iso3})))


def confidences(least: str) -> tuple[str, ...]:
    """Kinds of membership at least as sure as the one named."""
    return CONFIDENCES[: CONFIDENCES.index(least) + 1]
