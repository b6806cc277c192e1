"""What the prices page says first: finding, four numbers, what follows and how far to trust it."""

import streamlit as st

from bloc import words
from bloc.briefing import members_in_words
from bloc.language import say
from bloc.views import notes, session
from bloc.views.overview import View
from bloc.views.prices import Priced
from bloc.views.prices_effect import TREASURIES, Effect, between, change, dollars, times
from bloc.views.prices_words import finding, grade, measures, sentences, standing


def cards(priced: Priced, phone: bool) -> None:
    """Price inside, members' output, what users and what treasuries gain or lose; each with its range."""
    if not priced.effect.converged or not measures(priced):
        return
    notes.draw_cards(four_numbers(priced), phone)


def four_numbers(priced: Priced) -> list[tuple[str, str, str]]:
    """Name, value and detail of each of the four numbers."""
    effect = priced.effect
    output = effect.quantity("output_t")
    made = say(
        "{range}; {amount} a year",
        range=between(change, output.change_low, output.change_high),
        amount=words.tonnes(output.after),
    )
    return [
        (say("Price inside, 2024 = 1"), *_price_card(effect)),
        (say("Members’ output"), change(output.change), made),
        (say("Users in the bloc, a year"), *_amount(effect, ("users",))),
        (say("Treasuries of members, a year"), *_amount(effect, TREASURIES)),
    ]


def _price_card(effect: Effect) -> tuple[str, str]:
    """Price inside before and after with its range, or what goes short where no price can be said."""
    if any(effect.standing(each) != "priced" for each in (effect.before, effect.after)):
        short, low, high = (max(0.0, each) for each in effect.shortage)
        ends = between(words.percent, low, high)
        return (
            say("{share} short", share=words.percent(short)),
            say("{range} of use; no price is said", range=ends),
        )
    price, outside = effect.quantity("price"), effect.quantity("outside")
    return (
        f"{times(price.before)}{notes.ARROW}{times(price.after)}",
        say("{range}; outside {price}", range=effect.price_range, price=times(outside.after)),
    )


def _amount(effect: Effect, names: tuple[str, ...]) -> tuple[str, str]:
    rows = effect.money[effect.money.party.isin(names) & (effect.money.side == "members")]
    if len(rows) == 1:
        return dollars(rows.usd.iloc[0]), between(dollars, rows.usd_low.iloc[0], rows.usd_high.iloc[0])
    cost = float(rows[rows.party == "support"].usd.iloc[0])
    taken = float(rows[rows.party != "support"].usd.sum())
    detail = say("taken in {taken}, support {support}", taken=dollars(taken), support=dollars(cost))
    return dollars(float(rows.usd.sum())), detail


def head(view: View, priced: Priced) -> None:
    """Finding, whose market it is, and what it is compared with."""
    st.title(notes.prose(finding(priced)), anchor=False)
    notes.note(words.capital(_compared_with(priced, members_in_words(view.record, priced.effect.after.members))))
    notes.problems(st.session_state.pop(session.PROBLEMS, []))


def _compared_with(priced: Priced, members: str) -> str:
    withheld = standing(priced)
    if not withheld:
        return say(
            "{members}; market of {product}. Compared with the same scenario without the measures of this page.",
            members=members,
            product=priced.name,
        )
    return say(
        "{members}; market of {product}. Compared with the same scenario without the measures of this page, both with "
        "{standing}.",
        members=members,
        product=priced.name,
        standing=words.listing(withheld),
    )


def said(priced: Priced) -> None:
    """What follows, in a paragraph, and how far to trust it."""
    if not priced.effect.converged:
        st.error(
            say("These measures have no balance in this market: nothing is drawn. Undo the last change, or ease it.")
        )
        return
    if found := sentences(priced):
        st.markdown(notes.plain(" ".join(found)))
    elif not measures(priced):
        st.markdown(say("Nothing is set here yet: take an example, move a slider or type a number."))
    notes.plain_note(grade(priced))
