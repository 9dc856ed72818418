"""Cosine and sine of a vector of angles at once.

The argument is reduced by multiples of pi/2 in three parts, then two Taylor
polynomials serve all quadrants. Error at most 3e-16 for angles of up to some
thousand radians, measured in ``tests/numerics/test_lane_circle.py``.
"""

from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.lane_extras import choose

__all__ = ["cosine_sine"]

TWO_OVER_PI = 0.6366197723675814
# pi/2 in three parts; the first two end in zeros, so that small multiples of them are exact
PART_1 = 1.57079632673412561417e00
PART_2 = 6.07710050630396597660e-11
PART_3 = 2.02226624879595063154e-21
# adding and subtracting it rounds to the nearest integer
ROUNDER = 6755399441055744.0


@inner(forceinline=True)
def _sine_polynomial(r):
    """Taylor polynomial of degree 17 for |r| <= pi/4."""
    x = r * r
    p = x * (1.0 / 355687428096000.0) - 1.0 / 1307674368000.0
    p = p * x + 1.0 / 6227020800.0
    p = p * x - 1.0 / 39916800.0
    p = p * x + 1.0 / 362880.0
    p = p * x - 1.0 / 5040.0
    p = p * x + 1.0 / 120.0
    p = p * x - 1.0 / 6.0
    return (p * x) * r + r


@inner(forceinline=True)
def _cosine_polynomial(r):
    """Taylor polynomial of degree 16 for |r| <= pi/4."""
    x = r * r
    p = x * (1.0 / 20922789888000.0) - 1.0 / 87178291200.0
    p = p * x + 1.0 / 479001600.0
    p = p * x - 1.0 / 3628800.0
    p = p * x + 1.0 / 40320.0
    p = p * x - 1.0 / 720.0
    p = p * x + 1.0 / 24.0
    p = p * x - 0.5
    return p * x + 1.0


@inner(forceinline=True)
def cosine_sine(angle):
    """cos and sin of every lane, for |angle| up to some thousand."""
    quarter = (angle * TWO_OVER_PI + ROUNDER) - ROUNDER
    r = ((angle - quarter * PART_1) - quarter * PART_2) - quarter * PART_3
    cosine, sine = _cosine_polynomial(r), _sine_polynomial(r)
    # -2 ... 2: the quadrant, with -2 and 2 the same one
    quadrant = quarter - ((quarter * 0.25 + ROUNDER) - ROUNDER) * 4.0
    square = quadrant * quadrant
    odd = square * (4.0 - square) * (1.0 / 3.0)
    sign = 1.0 - square * 0.5
    return choose(odd, quadrant * sine * -1.0, sign * cosine), choose(odd, quadrant * cosine, sign * sine)
