"""The Method page: what the two layers are, the equations, the measures, the limits and what would prove it wrong."""

from collections.abc import Mapping

import streamlit as st

from bloc import words
from bloc.calibration import BaseCase
from bloc.data import Record
from bloc.language import mark, say, say_many
from bloc.market_outcome import OFFERED
from bloc.views import notes

SECTIONS = {
    "model": mark("The model"),
    "assumptions": mark("Assumptions"),
    "sure": mark("How sure"),
    "published": mark("Against published results"),
    "limits": mark("Limits"),
}
LAYERS = (
    mark(
        "**Accounting is exact.** Shares, coverage, concentration, what a supplier withholds. No behaviour is assumed. "
        "Every number leads back to rows of the record."
    ),
    mark(
        "**The market is a model.** A partial equilibrium of one mineral at a time: mines sell to refiners, refiners "
        "to users. It says who would sell to whom, at what price, under a cut, a tariff or a floor. Its assumptions "
        "have ranges, so its results have ranges. It is not a forecast."
    ),
    mark("The two never meet in one number."),
)
# Step, the lines of its equation, what it says: in the order and the words of bloc/market.py.
EQUATIONS = (
    (
        mark("Landed price"),
        (r"w_{ij} = \max(p_i\,T_{ij},\; F_{ij}) + \rho_{ij}",),
        mark(
            "What buyer j pays seller i: the price at origin with tariffs and export taxes, or the price floor if that "
            "is higher, and the rent of a quota."
        ),
    ),
    (
        mark("Split of purchases"),
        (
            r"s_{ij} = (1-d)\,a_{ij}\,e^{-\mu x_{ij}} \,/\, Z_j",
            r"Z_j = (1-d)\sum_k a_{kj}\,e^{-\mu x_{kj}} + d",
            r"d = e^{-\mu(C-1)}",
        ),
        mark(
            "Each buyer starts from the shares a of the base year. It leaves sellers whose landed price has risen by "
            "x. Going without is one more choice, at the ceiling C."
        ),
    ),
    (
        mark("Effective cost"),
        (r"P_j = 1 - \ln Z_j \,/\, \mu \;\le\; C",),
        mark(
            "What the purchase costs with the cost of switching. “The price” on the screens is the average landed "
            "price."
        ),
    ),
    (
        mark("Use"),
        (r"D_j = \frac{D_j^0}{1-d}\; e^{-\eta (P_j-1)}",),
        mark("Use falls as it becomes dearer, with the demand elasticity η."),
    ),
    (
        mark("What is left to producers"),
        (
            r"v_{\mathrm{mine}} = p + b",
            r"v_{\mathrm{refinery}} = \frac{\max(p,\,K) + b - \kappa P_{\mathrm{ore}}}{1-\kappa}",
        ),
        mark(
            "Miners get the price. Refiners get the price, or the strike K of a contract, less ore. Ore is the share κ "
            "of the price. A subsidy b is added."
        ),
    ),
    (
        mark("Supply"),
        (
            r"S = \frac{S^0}{u}\;\sigma\!\left(\mathrm{logit}\,u + \tfrac{\varepsilon}{1-u}\ln v\right) K(v)",
            r"K(v) = \sigma(15(v-v_0))\,/\,\sigma(15(1-v_0))",
        ),
        mark(
            "Output follows what is left, with the elasticity ε. It meets its capacity S⁰/u above, and shuts down "
            "around v₀ below. Idle plants come back around their restart price."
        ),
    ),
    (
        mark("Markets clear"),
        (
            r"S_i = \sum_r s_{ir}\,(Q_r - \mathrm{drawn}_r)",
            r"Q_r + R_r = \sum_j s_{rj}\,(D_j - \mathrm{release}_j)",
        ),
        mark(
            "Ore sold is ore bought, less feed drawn from a stock. Product and recycled metal sold are use, less what "
            "a reserve releases."
        ),
    ),
    (
        mark("Quota"),
        (r"0 \le \rho \;\perp\; L - \mathrm{shipped} \ge 0",),
        mark("A cut is a quota L in tonnes. Its rent ρ is above nothing only where it binds."),
    ),
)
NOTATION = mark(
    "Prices are multiples of the base price. Quantities are tonnes of content a year. The base year is 2024: in it all "
    "prices are 1 and every flow comes back. σ is the logistic function. i and k are sellers, r refiners, j buyers. "
    "With switching μ at least as large as η there is one solution. It is found by Newton’s method with the exact "
    "derivative. A chain that does not clear to one part in a hundred million is not shown."
)
ANCESTRY = mark(
    "To first order the split is that of the World Bank’s GSIM (Francois and Hall, 2003), made to add up in tonnes. As "
    "switching grows it becomes one price per connected market (Takayama and Judge, 1964). Both recalled, pages not "
    "checked."
)
MONEY = mark(
    "Users lose the area under their demand between the old and the new cost. Producers gain the area under their "
    "supply. Treasuries collect tariffs and what fills the gap to a floor, and pay contracts. The rent of a quota "
    "goes to the seller, once. All of it adds up to the world: from a base without distortions no measure can make "
    "the world better off."
)
# Name of a measure, what it is.
MEASURES = (
    (
        mark("Coverage"),
        mark(
            "Output of the members over their need, at most the whole. Need is their use in the base year where the "
            "market knows it. Elsewhere it is a yardstick: world output times their share of GDP."
        ),
    ),
    (
        mark("HHI"),
        mark(
            "Herfindahl-Hirschman index: squares of all shares in percent, added up. 10,000 is a single supplier. "
            "Shares nobody is named for make a low and a high value."
        ),
    ),
    (mark("N-1 of output"), mark("The whole less the share of the largest supplier.")),
    (
        mark("N-1 of use"),
        mark("Output without the largest supplier over use. Only where use is known; on this page."),
    ),
    (
        mark("Supply risk"),
        mark(
            "The global-supply half of the European Union’s measure: squares of shares weighted with governance, times "
            "what recycling does not replace. The half that rests on sourcing and substitutes is not in the record."
        ),
    ),
    (
        mark("Withheld"),
        mark(
            "What a supplier cuts off, in tonnes and dollars of the latest trade year, before anything is rerouted. It "
            "is an upper bound of the damage."
        ),
    ),
    (
        mark("Net import reliance"),
        mark("As the U.S. Geological Survey prints it, with its bounds. The model’s own is never shown in its place."),
    ),
)
# What is left out, and whether the model says too much or too little for it.
LIMITS = (
    (mark("Stocks count only where you enter them."), mark("Overstates sudden cuts.")),
    (mark("Re-export of withheld metal is left out, unless leakage is set."), mark("Overstates cuts.")),
    (mark("Scrap outside the basis is left out."), mark("Overstates cuts and dependence.")),
    (
        mark("The year is one step. Months are not told apart."),
        mark("Understates peaks, overstates year means."),
    ),
    (
        mark("Sellers use no power beyond the quota that is set."),
        mark("Understates a supplier that plays its hand."),
    ),
    (
        mark("Grades differ only through habit: any tonne can replace another."),
        mark("Understates cuts of one grade."),
    ),
    (
        mark("Undisclosed output is counted as nothing where no source has it. The chain says so."),
        mark("Overstates dependence."),
    ),
    (
        mark("Elasticities of minor metals are assumed. Only base metals rest on published estimates."),
        mark("Either way; see the range."),
    ),
    (
        mark("Refining by country often comes from one source."),
        mark("Either way; contested figures are run both ways."),
    ),
    (
        mark("Prices of the base year already hold what was withheld in 2024."),
        mark("Understates the rise since 2023."),
    ),
    (
        mark("One market at a time: by-products do not move with their hosts, and users do not switch materials."),
        mark("Either way."),
    ),
    (mark("Nothing is said of GDP, jobs or defence."), mark("The market only.")),
)
WRONG = (
    mark("A year in which a cut is known in tonnes and the price stays outside the range."),
    mark("Idle gallium plants that restart well below four times the base price, or stay shut well above it."),
    mark("A border floor above the members’ own cost after which prices inside rise to the floor and stay there."),
    mark("A quota of DR Congo with known stocks after which cobalt stays outside the range."),
    mark(
        "Buyers who leave a supplier within a year for a tenth of the price far more, or far less, than half of their "
        "orders."
    ),
    mark("Output by country from a second source that turns who is largest."),
)


def finding(cases: Mapping[str, BaseCase]) -> str:
    """How much the market covers, and how well."""
    products = [case for case in cases.values() if not case.variant_of]
    offered = [case for case in products if case.grade in OFFERED]
    best = sum(case.grade == "A" for case in offered)
    return say(
        "The market is modelled for {number} of {total} chains, {best} of them well measured; each result has a range",
        number=len(offered),
        total=len(products),
        best=best,
    )


def model(record: Record, cases: Mapping[str, BaseCase]) -> None:
    """The two layers, the equations, the measures."""
    st.markdown("\n\n".join(map(say, LAYERS)))
    st.header(say("The market in eight equations"), anchor=False)
    notes.plain_note(say(NOTATION))
    for number, (name, lines, text) in enumerate(EQUATIONS):
        with st.container(key=f"pair_equation_{number}"):
            what, how = st.columns([1, 1.7], gap="small", vertical_alignment="center")
            what.markdown(f"**{say(name)}**  \n{say(text)}")
            how.latex(r"\begin{gathered}" + r" \\[0.5em] ".join(lines) + r"\end{gathered}")
    notes.plain_note(say(ANCESTRY))
    st.header(say("Money"), anchor=False)
    st.markdown(say(MONEY))
    st.header(say("The base year"), anchor=False)
    st.markdown(base_year(cases))
    st.header(say("The measures of the accounting"), anchor=False)
    st.markdown("\n".join(f"- **{say(name)}.** {say(text)}" for name, text in MEASURES))


def base_year(cases: Mapping[str, BaseCase]) -> str:
    """Where the base year comes from, and what the grades mean, with how many chains have each."""
    origin = say(
        "Output by country is of 2024, trade the mean of 2022 to 2024. Flows are the recorded trade, scaled until rows "
        "and columns add up; where no customs heading isolates the good, as little trade as possible. Purchases of the "
        "United States follow its import statistics. Use by country is published, or output and net imports, or an "
        "industrial key; each chain says which."
    )
    return f"{origin}\n\n{_grades(cases)}"


def _grades(cases: Mapping[str, BaseCase]) -> str:
    products = [case for case in cases.values() if not case.variant_of]
    count = {grade: sum(case.grade == grade for case in products) for grade in "ABCD"}
    return " ".join(
        [
            say_many(
                count["A"], "Grade A, {number} chain: most is measured.", "Grade A, {number} chains: most is measured."
            ),
            say("B, {number}: one part is filled in by a rule.", number=count["B"]),
            say("C, {number}: several are.", number=count["C"]),
            say("D, {number}: too much is; accounting only.", number=count["D"]),
        ]
    )


def limits() -> None:
    """What is left out, with its direction, and what would prove the model wrong."""
    st.header(say("What is left out, and which way it errs"), anchor=False)
    st.markdown("\n".join(f"- {say(text)} *{say(direction)}*" for text, direction in LIMITS))
    st.header(say("What would prove it wrong"), anchor=False)
    st.markdown("\n".join(f"- {say(text)}" for text in WRONG))
    st.header(say("What it is for, and what not"), anchor=False)
    st.markdown(
        say(
            "To order measures by their effect, to see who pays, and to find where a result hangs on one figure. Not "
            "to say what a price will be next year."
        )
    )


def chains(record: Record, cases: Mapping[str, BaseCase]) -> dict[str, str]:
    """Chains to choose from, by name."""
    named = {key: words.capital(record.product_sentence_names[case.product]) for key, case in cases.items()}
    return dict(sorted(named.items(), key=lambda each: words.alphabetical(each[1])))
