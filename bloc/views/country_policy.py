"""What one country has signed, what it restricts and meets, and what is built in it."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd

from bloc import words
from bloc.briefing import name_of
from bloc.data import Record
from bloc.language import mark, recorded, said, say, say_as, say_many
from bloc.places import EUROPEAN_UNION
from bloc.views import session
from bloc.views.country import MINERAL, known, minerals
from bloc.views.figure import Figure

ROLES = {
    "member": mark("Member"),
    "attendee": mark("Attended"),
    "signatory": mark("Signed"),
    "negotiating": mark("Negotiating"),
    "observer": mark("Observer"),
}
SURENESS = {
    "confirmed": mark("Confirmed"),
    "inferred": mark("Inferred by us"),
    "claimed": mark("Claimed by one text"),
}
# States of a restriction, those that matter most first.
STATES = {
    "in force": mark("In force"),
    "scheduled": mark("Scheduled"),
    "suspended": mark("Suspended"),
    "not in force or unknown": mark("Not in force or unknown"),
    "ended": mark("Ended"),
}
GROUP_COLUMNS = {
    "name": mark("Group"),
    "role_words": mark("Role"),
    "since_words": mark("Since"),
    "until_words": mark("Until"),
    "sureness": mark("How sure"),
    "through": mark("Through"),
}
AGREEMENT_COLUMNS = {
    "title": mark("Agreement"),
    "date_words": mark("Date"),
    "kind_words": mark("Kind"),
    "status_words": mark("Status"),
    "parties": mark("Parties"),
    "through": mark("Through"),
}
PROJECT_COLUMNS = {
    "name": mark("Project"),
    "product_words": mark("Product"),
    "stage_words": mark("Stage"),
    "output_words": mark("Output"),
    "capacity_words": mark("Capacity a year"),
    "start_words": mark("Start"),
    "status_words": mark("Status"),
    "backer_words": mark("Backers"),
    "support_words": mark("Public support"),
}
# What a table says of the union of a member, and of the state of a territory.
UNION_NOTES = {
    "groups": mark("What the European Union is in as such counts for its members and is marked so."),
    "agreements": mark("What the European Union signed as such counts for its members and is marked so."),
}
STATE_NOTES = {
    "groups": mark("A territory of {state}; what that state is in stands on its own page."),
    "agreements": mark("A territory of {state}; what that state signed stands on its own page."),
}
RESTRICTION_LEADS = {
    "material_words": (MINERAL, MINERAL),
    "imposing_words": ("country", "imposing_page"),
    "target_words": ("country", "target_page"),
}
# Room of long texts. [px]
AGREEMENT_WIDTHS = {"title": 400, "parties": 220, "status_words": 150}
RESTRICTION_WIDTHS = {"level_words": 230, "goods": 230, "remark": 190}
SUSPENDED_WIDTH = 215
PROJECT_WIDTHS = {"name": 240, "output_words": 190, "capacity_words": 150, "status_words": 150}


def _capital(column: pd.Series) -> list[str]:
    """Words of the record with a capital."""
    return [words.capital(recorded(each)) for each in column]


def _since(dates: pd.Series) -> list[str]:
    return [words.on_date(each) or say("not recorded") for each in dates]


def _until(dates: pd.Series) -> list[str]:
    return [words.on_date(each) or say_as("date", "open") for each in dates]


def _party(record: Record, iso3: str) -> set[str]:
    """A country, and the European Union with it when it is a member."""
    return {iso3, EUROPEAN_UNION} if iso3 in record.union else {iso3}


def _own(record: Record, every: pd.DataFrame, iso3: str, by: list[str]) -> pd.DataFrame:
    """Rows of a country and of its union, each thing once: the country's own row before that of the union."""
    found = every[every.iso3.isin(_party(record, iso3))]
    first = found.assign(own=found.iso3 != iso3).sort_values("own", kind="stable").drop_duplicates(by)
    found = found.loc[first.index.sort_values()].reset_index(drop=True)
    return found.assign(through=np.where(found.iso3 == iso3, say("itself"), record.names[EUROPEAN_UNION]))


def _union_note(record: Record, iso3: str, key: str) -> str:
    if iso3 in record.union:
        return say(UNION_NOTES[key])
    if state := record.parents.get(iso3):
        return say(STATE_NOTES[key], state=name_of(record, state))
    return ""


# What it has signed.


def groups(record: Record, iso3: str) -> Figure | str:
    """Groupings it is in, in what role, since when and how surely."""
    rows = _own(record, _memberships(record), iso3, ["grouping_id", "role"])
    number = rows.grouping_id.nunique()
    if not number:
        return say("No forum, initiative or list of signatories names {country}.", country=name_of(record, iso3))
    return Figure(
        key="groups",
        finding=say_many(number, "In {number} group", "In {number} groups", number=words.count(number)),
        basis=say("Forums, initiatives and lists of signatories; how sure: as their own texts say, or as inferred."),
        rows=rows.drop(columns="iso3"),
        columns=said(GROUP_COLUMNS),
        note=_union_note(record, iso3, "groups"),
    )


@cache
def _memberships(record: Record) -> pd.DataFrame:
    """Every membership in words, in the order of the groupings."""
    rows = session.query("country_groups")
    names = record.groupings.set_index("grouping_id").name
    return rows.assign(
        name=rows.grouping_id.map(names),
        role_words=rows.role.map(said(ROLES)),
        since_words=_since(rows.since),
        until_words=_until(rows.until),
        sureness=rows.confidence.map(said(SURENESS)),
    )


def agreements(record: Record, iso3: str) -> Figure | str:
    """Agreements it is party to, latest first."""
    rows = _own(record, _signed(record), iso3, ["agreement_id"])
    number = len(rows)
    if not number:
        return say("No agreement on critical minerals names {country}.", country=name_of(record, iso3))
    return Figure(
        key="agreements",
        finding=say_many(
            number, "Party to {number} agreement", "Party to {number} agreements", number=words.count(number)
        ),
        basis=say("Agreements on critical minerals, latest first."),
        rows=rows.drop(columns="iso3"),
        columns=said(AGREEMENT_COLUMNS),
        note=_union_note(record, iso3, "agreements"),
        widths=AGREEMENT_WIDTHS,
    )


@cache
def _signed(record: Record) -> pd.DataFrame:
    """Every agreement with each of its parties, in words."""
    rows = session.query("country_agreements")
    return rows.assign(
        date_words=rows.date.map(words.on_date),
        kind_words=_capital(rows.kind),
        status_words=_capital(rows.status),
        parties=rows.agreement_id.map(_parties(record, rows)),
    )


def _parties(record: Record, rows: pd.DataFrame) -> pd.Series:
    """Names of the parties of each agreement."""
    names = rows.iso3.map(record.names)
    return names.groupby(rows.agreement_id).agg(lambda each: ", ".join(sorted(each, key=words.alphabetical)))


# What it restricts and meets.


def imposed(record: Record, iso3: str) -> Figure | str:
    """Restrictions it imposes, or its union does for it."""
    every = _restrictions(record)
    union = iso3 in record.union
    return _listed(
        every[every.imposing_iso3.isin(_party(record, iso3))],
        "imposed",
        _imposes,
        say("No export control, tariff or quota on these minerals by {country}.", country=name_of(record, iso3)),
        () if union else ("imposing_words",),
        say("The European Union’s own count for its members.") if union else "",
    )


def _imposes(number: int) -> str:
    return say_many(
        number,
        "Imposes {number} recorded restriction",
        "Imposes {number} recorded restrictions",
        number=words.count(number),
    )


def named(record: Record, iso3: str) -> Figure | str:
    """Restrictions aimed at it by name, or at its union."""
    every = _restrictions(record)
    return _listed(
        every[every.target_iso3.isin(_party(record, iso3))],
        "named",
        _is_named,
        say("No restriction is aimed at {country} by name.", country=name_of(record, iso3)),
        ("target_words",),
    )


def _is_named(number: int) -> str:
    return say_many(
        number,
        "Named as the target of {number} restriction",
        "Named as the target of {number} restrictions",
        number=words.count(number),
    )


def everybody(record: Record, iso3: str) -> Figure | str:
    """Restrictions of others that are aimed at everybody, and so at it too."""
    every = _restrictions(record)
    return _listed(
        every[every.target_iso3.isna() & ~every.imposing_iso3.isin(_party(record, iso3))],
        "everybody",
        _meets,
        say("No restriction of another country is aimed at everybody."),
        ("target_words",),
        say(
            "Aimed at all buyers or sellers, so at {country} too, unless the text exempts it.",
            country=name_of(record, iso3),
        ),
    )


def _meets(number: int) -> str:
    return say_many(
        number,
        "Meets {number} restriction aimed at everybody",
        "Meets {number} restrictions aimed at everybody",
        number=words.count(number),
    )


def _listed(
    found: pd.DataFrame,
    key: str,
    heading: Callable[[int], str],
    otherwise: str,
    hidden: tuple[str, ...],
    note: str = "",
) -> Figure | str:
    """A table of restrictions with their number in its heading, without columns that say nothing."""
    if found.empty:
        return otherwise
    silent = {"remark"} if (found.remark == "").all() else set()
    columns = {name: title for name, title in _restriction_columns().items() if name not in silent.union(hidden)}
    widths = RESTRICTION_WIDTHS | ({"state_words": SUSPENDED_WIDTH} if (found.state == "suspended").any() else {})
    return Figure(
        key=key,
        finding=_with_active(heading(len(found)), int((found.state == "in force").sum())),
        basis=say("Export and import controls, tariffs and quotas as their texts have them, those in force first."),
        rows=found.drop(columns=["product", "order"]),
        columns=columns,
        note=note,
        widths={name: width for name, width in widths.items() if name in columns},
        leads={name: lead for name, lead in RESTRICTION_LEADS.items() if name in columns},
    )


def _restriction_columns() -> dict[str, str]:
    return {
        "state_words": say("State"),
        "material_words": say("Material"),
        "measure_words": say("Measure"),
        "level_words": say("Level"),
        "from_words": say_as("date", "From"),
        "to_words": say_as("date", "To"),
        "imposing_words": say("Imposed by"),
        "target_words": say("Aimed at"),
        "goods": say("Goods"),
        "remark": say("Remark"),
    }


def _with_active(restrictions: str, active: int) -> str:
    if not active:
        return say("{restrictions}, none in force", restrictions=restrictions)
    return say_many(
        active,
        "{restrictions}, {number} in force",
        "{restrictions}, {number} in force",
        restrictions=restrictions,
        number=words.count(active),
    )


@cache
def _restrictions(record: Record) -> pd.DataFrame:
    """Every restriction once, in words: those in force first, the latest first among them."""
    rows = record.restrictions
    pages = rows["product"].map(minerals(record)).groupby(rows.restriction_id)
    # A restriction on several minerals has no one page to lead to.
    single = pages.first().where(pages.nunique() == 1)
    rows = rows.drop_duplicates("restriction_id").assign(order=lambda each: each.state.map(list(STATES).index))
    rows = rows.sort_values(["starts", "restriction_id"], ascending=[False, True])
    rows = rows.sort_values("order", kind="stable", ignore_index=True)
    places = known(record)
    return rows.assign(
        mineral=rows.restriction_id.map(single),
        imposing_page=rows.imposing_iso3.where(rows.imposing_iso3.isin(places)),
        target_page=rows.target_iso3.where(rows.target_iso3.isin(places)),
        state_words=[_state(*each) for each in zip(rows.state, rows.suspended_to, strict=True)],
        material_words=_capital(rows.material),
        measure_words=_capital(rows.measure),
        level_words=_capital(rows.level),
        from_words=_since(rows.starts),
        to_words=_until(rows.ends),
        imposing_words=rows.imposing_iso3.map(record.names),
        target_words=rows.target_iso3.map(record.names).fillna(say("Everybody")),
        goods=_capital(rows["scope"]),
        remark=[_remark(*each) for each in zip(rows.state, rows.status, rows.suspended_to, strict=True)],
    )


def _state(state: str, suspended_to: object) -> str:
    until = words.on_date(suspended_to)
    return say("Suspended until {date}", date=until) if until and state == "suspended" else say(STATES[state])


def _remark(state: str, status: str, suspended_to: object) -> str:
    """What the status says beyond the state, which it often opens with, dates of suspension and all."""
    if isinstance(suspended_to, str) and status.startswith("suspended"):
        beyond = status.partition("; ")[2]
    else:
        beyond = status.removeprefix(state).lstrip(" ;")
    return words.capital(recorded(beyond))


# What is built in it.


def projects(record: Record, iso3: str) -> Figure | str:
    """Mines and plants with support or announced in it."""
    every = _projects(record)
    rows = every[every.iso3 == iso3].reset_index(drop=True)
    number = len(rows)
    if not number:
        return say(
            "No announced or supported mine or plant of the record is in {country}.", country=name_of(record, iso3)
        )
    return Figure(
        key="projects",
        finding=words.capital(
            say_many(
                number,
                "{number} announced or supported project",
                "{number} announced or supported projects",
                number=words.count(number),
            )
        ),
        basis=say("Capacity is what the backers announce, on the basis named; first to start first."),
        rows=rows.drop(columns=["iso3", "project_id"]),
        columns=said(PROJECT_COLUMNS),
        note=say("Feed and concentrate are never added to products. Announced is not built."),
        widths=PROJECT_WIDTHS,
        leads={"product_words": (MINERAL, MINERAL)},
    )


@cache
def _projects(record: Record) -> pd.DataFrame:
    """Every project in words."""
    rows = session.query("country_projects")
    return rows.assign(
        mineral=rows["product"].map(minerals(record)),
        product_words=rows["product"].map(record.product_names),
        stage_words=_capital(rows.stage),
        output_words=[_stated(each) for each in rows.output],
        capacity_words=[_capacity(*each) for each in zip(rows.capacity_t_per_year, rows.basis, strict=True)],
        start_words=[str(int(each)) if pd.notna(each) else say("not stated") for each in rows.start_year],
        status_words=_capital(rows.status),
        backer_words=[_stated(each) for each in rows.backers],
        support_words=[words.dollars(each) if each == each else say("not stated") for each in rows.support_usd],
    )


def _stated(text: object) -> str:
    return words.capital(recorded(text)) if isinstance(text, str) else say("not stated")


def _capacity(capacity_t_per_year: float, basis: object) -> str:
    if np.isnan(capacity_t_per_year):
        return say("not stated")
    return ", ".join(filter(None, [words.tonnes(capacity_t_per_year), recorded(basis)]))
