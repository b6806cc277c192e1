"""Supply risk indices that weigh concentration by governance."""

import numpy as np

from bloc.matrix import Array, Mask

# Trade variable of the EU supply risk: inside an agreement, outside any, under an export restriction. Remembered from
# the guidelines, not found again; the last is their lowest step above 1, range 1.1 to 1.3.
INSIDE, OUTSIDE, RESTRICTED = 0.8, 1.0, 1.1


def trade_factor(inside: Mask, restricted: Mask) -> Array:
    """Weight of each supplier by trade terms, series by countries: a restriction counts even from a member."""
    return np.where(restricted, RESTRICTED, np.where(inside, INSIDE, OUTSIDE))


def governance_weighted_herfindahl(output: Array, total: Array, governance_risk: Array, trade_factor: Array) -> Array:
    """Concentration of supply weighted by how badly suppliers are governed, 0 to 1 (above 1 only by the trade factor).

    Parameters
    ----------
    output : array, series by countries
    total : array by series
    governance_risk : array by country
        0 best to 1 worst.
    trade_factor : array, series by countries
        See `trade_factor`.

    Notes
    -----
    HHI_WGI = sum_c S_c^2 g_c t_c

    References
    ----------
    European Commission, Methodology for establishing the EU list of critical raw materials: guidelines, Publications
    Office, 2017, doi 10.2873/769526 (page not recorded).
    """
    return ((output / total[:, None]) ** 2 * governance_risk * trade_factor).sum(axis=1)


def global_supply_risk(weighted_herfindahl: Array, recycling_rate: Array) -> Array:
    """Global-supply half of the EU supply risk: HHI_WGI (1 - end-of-life recycling input rate).

    The other half needs EU sourcing, and the whole a substitution index; neither is in the record. NaN where the
    recycling rate is unknown.
    """
    return weighted_herfindahl * (1 - recycling_rate)


def geopolrisk(herfindahl: Array, imports_t: Array, risk_weighted_imports_t: Array, production_t: Array) -> Array:
    """Geopolitical supply risk of a buyer, 0 to 1.

    Parameters
    ----------
    herfindahl : array
        Concentration of world production. [0 to 1]
    imports_t, risk_weighted_imports_t : arrays
        Imports on the content basis of production, plain and weighted by the political instability (0 to 1) of each
        supplier. [t/yr]
    production_t : array
        Domestic production on the same basis. [t/yr]

    Returns
    -------
    array
        NaN where there are neither imports nor production.

    Notes
    -----
    GPR = HHI sum_i w_i M_i / (sum_i M_i + P)

    References
    ----------
    Santillan-Saldivar et al., as implemented in geopolrisk-py, Journal of Open Source Software,
    doi 10.21105/joss.09600 (page not recorded).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(
            imports_t + production_t > 0, herfindahl * risk_weighted_imports_t / (imports_t + production_t), np.nan
        )
