"""What one country has signed, what it restricts and meets, and what is built in it."""

from calendar import month_name
from functools import cache

import numpy as np
import pandas as pd

from bloc import words
from bloc.briefing import name_of
from bloc.data import Record
from bloc.places import EUROPEAN_UNION
from bloc.views import session
from bloc.views.country import MINERAL, known, minerals
from bloc.views.figure import Figure

ROLES = {
    "member": "Member",
    "attendee": "Attended",
    "signatory": "Signed",
    "negotiating": "Negotiating",
    "observer": "Observer",
}
SURENESS = {"confirmed": "Confirmed", "inferred": "Inferred by us", "claimed": "Claimed by one text"}
# States of a restriction, those that matter most first.
STATES = ["in force", "scheduled", "suspended", "not in force or unknown", "ended"]
GROUP_COLUMNS = {
    "name": "Group",
    "role_words": "Role",
    "since_words": "Since",
    "until_words": "Until",
    "sureness": "How sure",
    "through": "Through",
}
AGREEMENT_COLUMNS = {
    "title": "Agreement",
    "date_words": "Date",
    "kind_words": "Kind",
    "status_words": "Status",
    "parties": "Parties",
    "through": "Through",
}
RESTRICTION_COLUMNS = {
    "state_words": "State",
    "material_words": "Material",
    "measure_words": "Measure",
    "level_words": "Level",
    "from_words": "From",
    "to_words": "To",
    "imposing_words": "Imposed by",
    "target_words": "Aimed at",
    "goods": "Goods",
    "remark": "Remark",
}
PROJECT_COLUMNS = {
    "name": "Project",
    "product_words": "Product",
    "stage_words": "Stage",
    "output_words": "Output",
    "capacity_words": "Capacity a year",
    "start_words": "Start",
    "status_words": "Status",
    "backer_words": "Backers",
    "support_words": "Public support",
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


def on_date(text: object) -> str:
    """Date as people write it and as precise as the source: 4 February 2026, February 2026, 2026."""
    if not isinstance(text, str):
        return ""
    year, *rest = text.split("-")
    if not rest or not all(part.isdigit() for part in rest):
        return text
    month = month_name[int(rest[0])]
    return " ".join([*(str(int(day)) for day in rest[1:]), month, year])


def _party(record: Record, iso3: str) -> set[str]:
    """A country, and the European Union with it when it is a member."""
    return {iso3, EUROPEAN_UNION} if iso3 in record.union else {iso3}


def _own(record: Record, every: pd.DataFrame, iso3: str, by: list[str]) -> pd.DataFrame:
    """Rows of a country and of its union, each thing once: the country's own row before that of the union."""
    found = every[every.iso3.isin(_party(record, iso3))]
    first = found.assign(own=found.iso3 != iso3).sort_values("own", kind="stable").drop_duplicates(by)
    found = found.loc[first.index.sort_values()].reset_index(drop=True)
    return found.assign(through=np.where(found.iso3 == iso3, "itself", "the European Union"))


def _union_note(record: Record, iso3: str, verb: str) -> str:
    if iso3 in record.union:
        return f"What the European Union {verb} as such counts for its members and is marked so."
    if parent := record.parents.get(iso3):
        return f"A territory of {name_of(record, parent)}; what that state {verb} stands on its own page."
    return ""


# What it has signed.


def groups(record: Record, iso3: str) -> Figure | str:
    """Groupings it is in, in what role, since when and how surely."""
    rows = _own(record, _memberships(record), iso3, ["grouping_id", "role"])
    number = rows.grouping_id.nunique()
    if not number:
        return f"No forum, initiative or list of signatories names {name_of(record, iso3)}."
    return Figure(
        key="groups",
        finding=f"In {words.count(number)} {words.plural('group', number)}",
        basis="Forums, initiatives and lists of signatories; how sure: as their own texts say, or as inferred.",
        rows=rows.drop(columns="iso3"),
        columns=GROUP_COLUMNS,
        note=_union_note(record, iso3, "is in"),
    )


@cache
def _memberships(record: Record) -> pd.DataFrame:
    """Every membership in words, in the order of the groupings."""
    rows = session.query("country_groups")
    return rows.assign(
        role_words=rows.role.map(ROLES),
        since_words=[on_date(each) or "not recorded" for each in rows.since],
        until_words=[on_date(each) or "open" for each in rows.until],
        sureness=rows.confidence.map(SURENESS),
    )


def agreements(record: Record, iso3: str) -> Figure | str:
    """Agreements it is party to, latest first."""
    rows = _own(record, _signed(record), iso3, ["agreement_id"])
    number = len(rows)
    if not number:
        return f"No agreement on critical minerals names {name_of(record, iso3)}."
    return Figure(
        key="agreements",
        finding=f"Party to {words.count(number)} {words.plural('agreement', number)}",
        basis="Agreements on critical minerals, latest first.",
        rows=rows.drop(columns="iso3"),
        columns=AGREEMENT_COLUMNS,
        note=_union_note(record, iso3, "signed"),
        widths=AGREEMENT_WIDTHS,
    )


@cache
def _signed(record: Record) -> pd.DataFrame:
    """Every agreement with each of its parties, in words."""
    rows = session.query("country_agreements")
    return rows.assign(
        date_words=rows.date.map(on_date),
        kind_words=rows.kind.map(words.capital),
        status_words=rows.status.map(words.capital),
    )


# What it restricts and meets.


def imposed(record: Record, iso3: str) -> Figure | str:
    """Restrictions it imposes, or its union does for it."""
    every = _restrictions(record)
    union = iso3 in record.union
    return _listed(
        every[every.imposing_iso3.isin(_party(record, iso3))],
        "imposed",
        "Imposes {} recorded {}",
        f"No export control, tariff or quota on these minerals by {name_of(record, iso3)}.",
        () if union else ("imposing_words",),
        "The European Union’s own count for its members." if union else "",
    )


def named(record: Record, iso3: str) -> Figure | str:
    """Restrictions aimed at it by name, or at its union."""
    every = _restrictions(record)
    return _listed(
        every[every.target_iso3.isin(_party(record, iso3))],
        "named",
        "Named as the target of {} {}",
        f"No restriction is aimed at {name_of(record, iso3)} by name.",
        ("target_words",),
    )


def everybody(record: Record, iso3: str) -> Figure | str:
    """Restrictions of others that are aimed at everybody, and so at it too."""
    every = _restrictions(record)
    return _listed(
        every[every.target_iso3.isna() & ~every.imposing_iso3.isin(_party(record, iso3))],
        "everybody",
        "Meets {} {} aimed at everybody",
        "No restriction of another country is aimed at everybody.",
        ("target_words",),
        f"Aimed at all buyers or sellers, so at {name_of(record, iso3)} too, unless the text exempts it.",
    )


def _listed(
    found: pd.DataFrame, key: str, heading: str, otherwise: str, hidden: tuple[str, ...], note: str = ""
) -> Figure | str:
    """A table of restrictions with their number in its heading, without columns that say nothing."""
    if found.empty:
        return otherwise
    number, active = len(found), int((found.state == "in force").sum())
    silent = {"remark"} if (found.remark == "").all() else set()
    head = heading.format(words.count(number), words.plural("restriction", number))
    columns = {name: title for name, title in RESTRICTION_COLUMNS.items() if name not in silent.union(hidden)}
    widths = RESTRICTION_WIDTHS | ({"state_words": SUSPENDED_WIDTH} if (found.state == "suspended").any() else {})
    return Figure(
        key=key,
        finding=f"{head}, {words.count(active)} in force",
        basis="Export and import controls, tariffs and quotas as their texts have them, those in force first.",
        rows=found.drop(columns=["product", "order"]),
        columns=columns,
        note=note,
        widths={name: width for name, width in widths.items() if name in columns},
        leads={name: lead for name, lead in RESTRICTION_LEADS.items() if name in columns},
    )


@cache
def _restrictions(record: Record) -> pd.DataFrame:
    """Every restriction once, in words: those in force first, the latest first among them."""
    rows = record.restrictions
    pages = rows["product"].map(minerals(record)).groupby(rows.restriction_id)
    # A restriction on several minerals has no one page to lead to.
    single = pages.first().where(pages.nunique() == 1)
    rows = rows.drop_duplicates("restriction_id").assign(order=lambda each: each.state.map(STATES.index))
    rows = rows.sort_values(["starts", "restriction_id"], ascending=[False, True])
    rows = rows.sort_values("order", kind="stable", ignore_index=True)
    places = known(record)
    return rows.assign(
        mineral=rows.restriction_id.map(single),
        imposing_page=rows.imposing_iso3.where(rows.imposing_iso3.isin(places)),
        target_page=rows.target_iso3.where(rows.target_iso3.isin(places)),
        state_words=[_state(*each) for each in zip(rows.state, rows.suspended_to, strict=True)],
        material_words=rows.material.map(words.capital),
        measure_words=rows.measure.map(words.capital),
        level_words=rows.level.map(words.capital),
        from_words=[on_date(each) or "not recorded" for each in rows.starts],
        to_words=[on_date(each) or "open" for each in rows.ends],
        imposing_words=rows.imposing_iso3.map(record.names),
        target_words=rows.target_iso3.map(record.names).fillna("Everybody"),
        goods=rows["scope"].map(words.capital),
        remark=[_remark(*each) for each in zip(rows.state, rows.status, rows.suspended_to, strict=True)],
    )


def _state(state: str, suspended_to: object) -> str:
    until = on_date(suspended_to)
    return f"Suspended until {until}" if until and state == "suspended" else words.capital(state)


def _remark(state: str, status: str, suspended_to: object) -> str:
    """What the status says beyond the state, which it often opens with, dates of suspension and all."""
    if isinstance(suspended_to, str) and status.startswith("suspended"):
        return words.capital(status.partition("; ")[2])
    return words.capital(status.removeprefix(state).lstrip(" ;"))


# What is built in it.


def projects(record: Record, iso3: str) -> Figure | str:
    """Mines and plants with support or announced in it."""
    every = _projects(record)
    rows = every[every.iso3 == iso3].reset_index(drop=True)
    number = len(rows)
    if not number:
        return f"No announced or supported mine or plant of the record is in {name_of(record, iso3)}."
    return Figure(
        key="projects",
        finding=f"{words.capital(words.count(number))} announced or supported {words.plural('project', number)}",
        basis="Capacity is what the backers announce, on the basis named; first to start first.",
        rows=rows.drop(columns=["iso3", "project_id"]),
        columns=PROJECT_COLUMNS,
        note="Feed and concentrate are never added to products. Announced is not built.",
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
        stage_words=rows.stage.map(words.capital),
        output_words=[_stated(each) for each in rows.output],
        capacity_words=[_capacity(*each) for each in zip(rows.capacity_t_per_year, rows.basis, strict=True)],
        start_words=[str(int(each)) if pd.notna(each) else "not stated" for each in rows.start_year],
        status_words=rows.status.map(words.capital),
        backer_words=[_stated(each) for each in rows.backers],
        support_words=[words.dollars(each) if each == each else "not stated" for each in rows.support_usd],
    )


def _stated(text: object) -> str:
    return words.capital(text) if isinstance(text, str) else "not stated"


def _capacity(capacity_t_per_year: float, basis: object) -> str:
    if np.isnan(capacity_t_per_year):
        return "not stated"
    return f"{words.tonnes(capacity_t_per_year)}{f', {basis}' if isinstance(basis, str) else ''}"
