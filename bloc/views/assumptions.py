"""What the market model assumes: one panel to change it, and a line under the composer where something is changed."""

from dataclasses import dataclass

import streamlit as st

from bloc import link, words
from bloc.calibration import CLASS_SUFFIX, HORIZONS
from bloc.data import Record
from bloc.scenario import Assumed
from bloc.settings import Settings
from bloc.validation import OTHER_CHOICES
from bloc.views import market_session, notes, session
from bloc.views.figure import citation

PAGE = "pages/method.py"
SECTION, PANEL = "section", "assumptions"
COST_SHARE = "ore_cost_share"
OURS = "our assumption"
REFUSED = "assumption_refused"
HORIZON_WORDS = {"one_year": "One year to adjust", "five_years": "Five years to adjust"}
CLASS_WORDS = {"primary": "mined for itself", "mixed": "partly a by-product", "by-product": "by-product"}


@dataclass(frozen=True)
class Meaning:
    """Name of an assumption on the screen, and what it says."""

    title: str
    text: str


MEANINGS = {
    "demand_elasticity": Meaning(
        "Demand elasticity", "By how many percent use falls at first when its cost rises by one percent."
    ),
    **{
        f"mine_elasticity_{suffix}": Meaning(
            f"Mine elasticity ({CLASS_WORDS[supply_class]})",
            "By how many percent mines produce more at first when their price rises by one percent.",
        )
        for supply_class, suffix in CLASS_SUFFIX.items()
    },
    "refinery_elasticity": Meaning("Refinery elasticity", "The same of refiners, on the price of the product."),
    "recycling_elasticity": Meaning("Recycling elasticity", "The same of recyclers."),
    "switching": Meaning("Switching", "How readily buyers change supplier when one becomes dearer."),
    "ceiling": Meaning("Ceiling", "Cost at which users go without, as a multiple of the base price."),
    "utilisation": Meaning("Utilisation", "Output of the base year over the capacity within reach."),
    "stop": Meaning(
        "Shut-down point", "What producers are left with when half of them stop, as a multiple of the base."
    ),
    "restart": Meaning(
        "Restart price", "Price at which half of the idle plants run again, as a multiple of the base price."
    ),
    COST_SHARE: Meaning("Ore’s share of the price", "What ore costs, as a share of the price of the product."),
}


@dataclass(frozen=True)
class Row:
    """One assumption for a horizon: its default, its range, where it stands now."""

    name: str
    chain: str
    title: str
    value: float
    default: float
    low: float
    high: float
    source: str
    note: str

    @property
    def key(self) -> str:
        """Key of its control."""
        return f"assume_{self.name}_{self.chain}"

    @property
    def changed(self) -> bool:
        """Whether it stands elsewhere than on its default."""
        return self.value != self.default

    @property
    def bounds(self) -> str:
        """Its range in words."""
        return f"{self.low:g} to {self.high:g}"


def rows(record: Record, settings: Settings) -> list[Row]:
    """Every assumption for the horizon that is set; a value set for another horizon is kept within the range."""
    chosen = {(each.name, each.chain): each.value for each in settings.assumed}
    found = []
    for row in record.assumptions.to_dict("records"):
        chain = row["scope"] if isinstance(row["scope"], str) else ""
        default, low, high = (float(row[settings.horizon + end]) for end in ("", "_low", "_high"))
        value = min(max(chosen.get((row["name"], chain), default), low), high)
        source = citation(record, row["source_id"]) if isinstance(row["source_id"], str) else OURS
        note = row["note"] if isinstance(row["note"], str) else ""
        found.append(
            Row(row["name"], chain, title(record, row["name"], chain), value, default, low, high, source, note)
        )
    order = list(MEANINGS)
    return sorted(found, key=lambda each: (order.index(each.name), each.title))


def title(record: Record, name: str, chain: str = "") -> str:
    """Name of an assumption on the screen, with its chain where it holds for one."""
    return f"{MEANINGS[name].title} ({chain_name(record, chain)})" if chain else MEANINGS[name].title


def chain_name(record: Record, chain: str) -> str:
    """Product of a chain as it reads inside a sentence; another choice for a product says what it takes for true."""
    product = record.markets.set_index("chain")["product"][chain]
    choice = f", {OTHER_CHOICES[chain]}" if chain in OTHER_CHOICES else ""
    return f"{record.product_sentence_names[product]}{choice}"


def flag(record: Record, settings: Settings) -> None:
    """One line and a way back where assumptions stand elsewhere than on their defaults; nothing where none does."""
    changed = [each for each in rows(record, settings) if each.changed] if settings.assumed else []
    if not changed:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="assumed"):
        st.markdown(notes.plain(changed_in_words(changed)), width="content")
        lead(settings, "See the assumptions")


def changed_in_words(changed: list[Row]) -> str:
    """What is assumed elsewhere than by default."""
    said = [f"{each.title.lower()} {each.value:g} instead of {each.default:g}" for each in changed]
    verb = "is" if len(changed) == 1 else "are"
    return (
        f"{words.capital(words.count(len(changed)))} {words.plural('assumption', len(changed))} of the market {verb} "
        f"changed: {words.listing(said, 3)}."
    )


def lead(settings: Settings, label: str) -> None:
    """Link to the panel that keeps the scenario; on its own page a button: a link there leaves the address as it is."""
    if st.session_state.get(session.PAGE) == "method":
        st.button(label, key=f"lead_{label}", on_click=_open)
        return
    st.page_link(PAGE, label=label, query_params={**link.to_query(settings), SECTION: PANEL})


def _open() -> None:
    st.session_state[session.choice_key(SECTION)] = PANEL


def panel(record: Record, settings: Settings) -> None:
    """Every assumption with its value, range, source and reset."""
    known = rows(record, settings)
    changed = [each for each in known if each.changed]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        _horizon(settings)
        st.button("Reset all", disabled=not settings.assumed, on_click=_reset_all, key="assume_reset_all")
    notes.plain_note(
        f"{changed_in_words(changed) if changed else 'All stand on their defaults.'} A value set here holds on every "
        "page and is in the link."
    )
    for each in known:
        if each.name != COST_SHARE:
            _row(each)
    shares = [each for each in known if each.name == COST_SHARE]
    apart = sum(each.changed for each in shares)
    said = f", {words.count(apart)} changed" if apart else ""
    with st.expander(f"{MEANINGS[COST_SHARE].title}, by chain: {len(shares)}{said}", expanded=bool(apart)):
        for each in shares:
            _row(each)


def _horizon(settings: Settings) -> None:
    key = "assume_horizon"
    st.session_state[key] = settings.horizon
    st.segmented_control(
        "Time to adjust", list(HORIZONS), format_func=HORIZON_WORDS.__getitem__, key=key, on_change=_set_horizon
    )


def _set_horizon() -> None:
    chosen = st.session_state["assume_horizon"]
    market_session.set_levers(horizon=chosen or HORIZONS[0])


def _row(row: Row) -> None:
    """One assumption: what it says, its control, its range and source, its reset."""
    what, control, rest, reset = st.columns([2.6, 1, 2.6, 0.7], gap="small", vertical_alignment="center")
    sign = "● " if row.changed else ""
    what.markdown(f"**{sign}{notes.plain(row.title)}**  \n:small[:gray[{notes.plain(MEANINGS[row.name].text)}]]")
    st.session_state[row.key] = row.value
    control.number_input(
        row.title,
        step=_step(row),
        format="%g",
        key=row.key,
        label_visibility="collapsed",
        on_change=_set,
        args=(row,),
    )
    default = f" Default {row.default:g}." if row.changed else ""
    rest.markdown(
        f":small[{row.bounds}.{default} {notes.plain(words.capital(row.source))}.]  \n"
        f":small[:gray[{notes.plain(row.note)}]]"
    )
    reset.button("Reset", key=f"{row.key}_reset", disabled=not row.changed, on_click=_reset, args=(row,))
    refused, said = st.session_state.get(REFUSED, ("", ""))
    if refused == row.key:
        del st.session_state[REFUSED]
        st.error(notes.plain(said))


def _step(row: Row) -> float:
    return 1.0 if row.high > 10 else 0.5 if row.high > 2 else 0.05 if row.high > 0.5 else 0.01


def _set(row: Row) -> None:
    """Take a value within the range; beyond it, say the bound and keep the former one."""
    value = st.session_state[row.key]
    if value is None or not row.low <= value <= row.high:
        given = "nothing" if value is None else f"{value:g}"
        said = f"{row.title}: {given} is not within its range, {row.bounds}. It stays at {row.value:g}."
        st.session_state[REFUSED] = (row.key, said)
        return
    market_session.set_levers(assumed=with_value(_present(), row, float(value)))


def with_value(present: tuple[Assumed, ...], row: Row, value: float) -> tuple[Assumed, ...]:
    """What is assumed with one value in the place of its former one; the default is not kept."""
    others = tuple(each for each in present if (each.name, each.chain) != (row.name, row.chain))
    if value == row.default:
        return others
    return tuple(sorted((*others, Assumed(row.name, value, row.chain))))


def _reset(row: Row) -> None:
    market_session.set_levers(assumed=with_value(_present(), row, row.default))


def _reset_all() -> None:
    market_session.set_levers(assumed=())


def _present() -> tuple[Assumed, ...]:
    settings: Settings = st.session_state.get(session.SETTINGS, Settings())
    return settings.assumed
