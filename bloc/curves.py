"""Supply and demand of the market: a quantity over a price, with its slope."""

import numpy as np

from bloc.matrix import Array

# A quantity over a price, with its slope.
Curve = tuple[Array, Array]
# Below this netback the logarithm of supply is held: the shut-down has long taken over.
THIN = 0.1
# Steepness of the shut-down around the stop, and of the return of idle capacity around its restart price (assumptions).
STOP_RATE = 15.0
RESTART_RATE = 12.0


def sigmoid(x: Array) -> Array:
    """1 / (1 + e^-x), without overflow. [0 to 1]."""
    return 0.5 * (1 + np.tanh(0.5 * x))


def capacity_supply(base_t: Array, elasticity: Array, netback: Array, utilisation: Array, stop: Array) -> Curve:
    """Output that meets its capacity above and shuts down below, and its slope. [t/yr].

    S = (S0/u) sigma(logit u + eps/(1-u) ln v) K(v),   K = sigma(15(v - stop)) / sigma(15(1 - stop))

    At netback 1 it is the base with elasticity eps; it never exceeds base / utilisation; half is idle at the stop.
    """
    held = np.maximum(netback, THIN)
    running = sigmoid(np.log(utilisation / (1 - utilisation)) + elasticity / (1 - utilisation) * np.log(held))
    alive = sigmoid(STOP_RATE * (netback - stop))
    output_t = base_t / utilisation * running * alive / sigmoid(STOP_RATE * (1 - stop))
    steepness = (1 - running) * elasticity / (1 - utilisation) / held * (netback > THIN) + STOP_RATE * (1 - alive)
    return output_t, output_t * steepness


def linear_supply(base_t: Array, elasticity: Array, netback: Array, utilisation: Array, stop: Array) -> Curve:
    """S = S0 (1 + eps (v - 1)), not below 0, and its slope; for worked examples. [t/yr]."""
    ratio = 1 + elasticity * (netback - 1)
    return base_t * np.maximum(ratio, 0), base_t * elasticity * (ratio > 0)


def constant_elasticity_supply(
    base_t: Array, elasticity: Array, netback: Array, utilisation: Array, stop: Array
) -> Curve:
    """S = S0 v^eps, 0 below a netback of nothing, and its slope; for worked examples. [t/yr]."""
    held = np.maximum(netback, 1e-9)
    output_t = base_t * held**elasticity
    return output_t, output_t * elasticity / held


def exponential_demand(cost: Array, elasticity: Array) -> Curve:
    """Use as a multiple of the base at an effective cost, e^{-eta(P-1)}, and its slope. [-]."""
    ratio = np.exp(-elasticity * (cost - 1))
    return ratio, -elasticity * ratio


def linear_demand(cost: Array, elasticity: Array) -> Curve:
    """1 - eta (P - 1), not below 0, and its slope; for worked examples. [-]."""
    ratio = 1 - elasticity * (cost - 1)
    return np.maximum(ratio, 0), -elasticity * (ratio > 0)


def constant_elasticity_demand(cost: Array, elasticity: Array) -> Curve:
    """P^-eta and its slope; for worked examples. [-]."""
    held = np.maximum(cost, 1e-9)
    ratio = held**-elasticity
    return ratio, -elasticity * ratio / held


def restarted(idle_t: Array, restart: Array, netback: Array) -> Curve:
    """Idle capacity that comes back, and its slope; nothing up to netback 1. [t/yr].

    idle (sigma(12 ln(v/v_r)) - sigma(-12 ln v_r)): half of it at the restart price v_r.
    """
    higher = np.maximum(netback, 1.0)
    running = sigmoid(RESTART_RATE * np.log(higher / restart))
    returned_t = idle_t * (running - sigmoid(-RESTART_RATE * np.log(restart)))
    return returned_t, idle_t * RESTART_RATE * running * (1 - running) / higher * (netback > 1)
