"""What the market model assumes: one panel to change it, and a line under the composer where something is changed."""

from dataclasses import dataclass

import streamlit as st

from bloc import link, words
from bloc.assumptions import HORIZONS
from bloc.data import Record
from bloc.language import mark, recorded, said, say, say_many
from bloc.scenario import Assumed
from bloc.settings import Settings
from bloc.trials import OTHER_CHOICES
from bloc.views import market_session, notes, session
from bloc.views.figure import citation

PAGE = "pages/method.py"
SECTION, PANEL = "section", "assumptions"
COST_SHARE = "ore_cost_share"
OURS = mark("our assumption")
REFUSED = "assumption_refused"
HORIZON_WORDS = {"one_year": mark("One year to adjust"), "five_years": mark("Five years to adjust")}


@dataclass(frozen=True)
class Meaning:
    """Name of an assumption as a title and as it reads inside a sentence, and what it says."""

    title: str
    in_sentence: str
    text: str


_OF_MINES = mark("By how many percent mines produce more at first when their price rises by one percent.")
MEANINGS = {
    "demand_elasticity": Meaning(
        mark("Demand elasticity"),
        mark("demand elasticity"),
        mark("By how many percent use falls at first when its cost rises by one percent."),
    ),
    "mine_elasticity_primary": Meaning(
        mark("Mine elasticity (mined for itself)"), mark("mine elasticity (mined for itself)"), _OF_MINES
    ),
    "mine_elasticity_mixed": Meaning(
        mark("Mine elasticity (partly a by-product)"), mark("mine elasticity (partly a by-product)"), _OF_MINES
    ),
    "mine_elasticity_byproduct": Meaning(
        mark("Mine elasticity (by-product)"), mark("mine elasticity (by-product)"), _OF_MINES
    ),
    "refinery_elasticity": Meaning(
        mark("Refinery elasticity"),
        mark("refinery elasticity"),
        mark("The same of refiners, on the price of the product."),
    ),
    "recycling_elasticity": Meaning(
        mark("Recycling elasticity"), mark("recycling elasticity"), mark("The same of recyclers.")
    ),
    "switching": Meaning(
        mark("Switching"),
        mark("switching"),
        mark("How readily buyers change supplier when one becomes dearer."),
    ),
    "ceiling": Meaning(
        mark("Ceiling"),
        mark("ceiling"),
        mark("Cost at which users go without, as a multiple of the base price."),
    ),
    "utilisation": Meaning(
        mark("Utilisation"),
        mark("utilisation"),
        mark("Output of the base year over the capacity within reach."),
    ),
    "stop": Meaning(
        mark("Shut-down point"),
        mark("shut-down point"),
        mark("What producers are left with when half of them stop, as a multiple of the base."),
    ),
    "restart": Meaning(
        mark("Restart price"),
        mark("restart price"),
        mark("Price at which half of the idle plants run again, as a multiple of the base price."),
    ),
    COST_SHARE: Meaning(
        mark("Ore’s share of the price"),
        mark("ore’s share of the price"),
        mark("What ore costs, as a share of the price of the product."),
    ),
}


@dataclass(frozen=True)
class Row:
    """One assumption for a horizon: its default, its range, where it stands now."""

    name: str
    chain: str
    title: str
    in_sentence: str
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
        return say("{low} to {high}", low=_figure(self.low), high=_figure(self.high))


def rows(record: Record, settings: Settings) -> list[Row]:
    """Every assumption for the horizon that is set; a value set for another horizon is kept within the range."""
    chosen = {(each.name, each.chain): each.value for each in settings.assumed}
    found = []
    for row in record.assumptions.to_dict("records"):
        chain = row["scope"] if isinstance(row["scope"], str) else ""
        default, low, high = (float(row[settings.horizon + end]) for end in ("", "_low", "_high"))
        value = min(max(chosen.get((row["name"], chain), default), low), high)
        names = title(record, row["name"], chain), in_sentence(record, row["name"], chain)
        source = citation(record, row["source_id"]) if isinstance(row["source_id"], str) else say(OURS)
        found.append(Row(row["name"], chain, *names, value, default, low, high, source, recorded(row["note"])))
    order = list(MEANINGS)
    return sorted(found, key=lambda each: (order.index(each.name), words.alphabetical(each.title)))


def _figure(value: float) -> str:
    return words.number(value, "g")


def title(record: Record, name: str, chain: str = "") -> str:
    """Name of an assumption on the screen, with its chain where it holds for one."""
    return _with_chain(record, say(MEANINGS[name].title), chain)


def in_sentence(record: Record, name: str, chain: str = "") -> str:
    """The same as it reads inside a sentence."""
    return _with_chain(record, say(MEANINGS[name].in_sentence), chain)


def _with_chain(record: Record, name: str, chain: str) -> str:
    return f"{name} ({chain_name(record, chain)})" if chain else name


def chain_name(record: Record, chain: str) -> str:
    """Product of a chain as it reads inside a sentence; another choice for a product says what it takes for true."""
    product = record.markets.set_index("chain")["product"][chain]
    choice = f", {say(OTHER_CHOICES[chain])}" if chain in OTHER_CHOICES else ""
    return f"{record.product_sentence_names[product]}{choice}"


def flag(record: Record, settings: Settings) -> None:
    """One line and a way back where assumptions stand elsewhere than on their defaults; nothing where none does."""
    changed = [each for each in rows(record, settings) if each.changed] if settings.assumed else []
    if not changed:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="assumed"):
        st.markdown(notes.plain(changed_in_words(changed)), width="content")
        lead(settings, say("See the assumptions"), "flag")


def changed_in_words(changed: list[Row]) -> str:
    """What is assumed elsewhere than by default."""
    named = [
        say(
            "{assumption} {value} instead of {default}",
            assumption=each.in_sentence,
            value=_figure(each.value),
            default=_figure(each.default),
        )
        for each in changed
    ]
    return words.capital(
        say_many(
            len(changed),
            "{number} assumption of the market is changed: {assumptions}.",
            "{number} assumptions of the market are changed: {assumptions}.",
            number=words.count(len(changed)),
            assumptions=words.listing(named, 3),
        )
    )


def lead(settings: Settings, label: str, key: str) -> None:
    """Link to the panel that keeps the scenario; on its own page a button: a link there leaves the address as it is."""
    if st.session_state.get(session.PAGE) == "method":
        st.button(label, key=f"lead_{key}", on_click=_open)
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
        st.button(say("Reset all"), disabled=not settings.assumed, on_click=_reset_all, key="assume_reset_all")
    state = changed_in_words(changed) if changed else say("All stand on their defaults.")
    notes.plain_note(" ".join([state, say("A value set here holds on every page and is in the link.")]))
    for each in known:
        if each.name != COST_SHARE:
            _row(each)
    shares = [each for each in known if each.name == COST_SHARE]
    with st.expander(_shares_label(shares), expanded=any(each.changed for each in shares)):
        for each in shares:
            _row(each)


def _shares_label(shares: list[Row]) -> str:
    label = say("Ore’s share of the price, by chain: {number}", number=len(shares))
    apart = sum(each.changed for each in shares)
    if not apart:
        return label
    changed = say_many(apart, "{number} changed", "{number} changed", number=words.count(apart))
    return f"{label}, {changed}"


def _horizon(settings: Settings) -> None:
    key = "assume_horizon"
    st.session_state[key] = settings.horizon
    st.segmented_control(
        say("Time to adjust"),
        list(HORIZONS),
        format_func=said(HORIZON_WORDS).__getitem__,
        key=key,
        on_change=_set_horizon,
    )


def _set_horizon() -> None:
    chosen = st.session_state["assume_horizon"]
    market_session.set_levers(horizon=chosen or HORIZONS[0])


def _row(row: Row) -> None:
    """One assumption: what it says, its control, its range and source, its reset."""
    what, control, rest, reset = st.columns([2.6, 1, 2.6, 0.7], gap="small", vertical_alignment="center")
    sign = "● " if row.changed else ""
    what.markdown(f"**{sign}{notes.plain(row.title)}**  \n:small[:gray[{notes.plain(say(MEANINGS[row.name].text))}]]")
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
    default = say("Default {value}.", value=_figure(row.default)) + " " if row.changed else ""
    rest.markdown(
        f":small[{row.bounds}. {default}{notes.plain(words.capital(row.source))}.]  \n"
        f":small[:gray[{notes.plain(row.note)}]]"
    )
    reset.button(say("Reset"), key=f"{row.key}_reset", disabled=not row.changed, on_click=_reset, args=(row,))
    refused, problem = st.session_state.get(REFUSED, ("", ""))
    if refused == row.key:
        del st.session_state[REFUSED]
        st.error(notes.plain(problem))


def _step(row: Row) -> float:
    return 1.0 if row.high > 10 else 0.5 if row.high > 2 else 0.05 if row.high > 0.5 else 0.01


@session.spoken
def _set(row: Row) -> None:
    """Take a value within the range; beyond it, say the bound and keep the former one."""
    value = st.session_state[row.key]
    if value is None or not row.low <= value <= row.high:
        st.session_state[REFUSED] = (row.key, _refusal(row, value))
        return
    market_session.set_levers(assumed=with_value(_present(), row, float(value)))


def _refusal(row: Row, value: float | None) -> str:
    former = _figure(row.value)
    if value is None:
        return say(
            "{assumption}: a number within its range is needed, {range}. It stays at {former}.",
            assumption=row.title,
            range=row.bounds,
            former=former,
        )
    return say(
        "{assumption}: {value} is not within its range, {range}. It stays at {former}.",
        assumption=row.title,
        value=_figure(value),
        range=row.bounds,
        former=former,
    )


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
