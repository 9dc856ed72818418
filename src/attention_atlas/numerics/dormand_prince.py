"""The Runge-Kutta method of order 5(4) of Dormand and Prince, J. Comput. Appl. Math. 6 (1980) 19."""

import numpy as np

__all__ = ["SHARES"]

# Row s: how much of the slopes before it stage s + 1 has, the first stage being 0; the last row is the solution of order 5.
SHARES = np.array(
    [
        [1 / 5, 0, 0, 0, 0, 0],
        [3 / 40, 9 / 40, 0, 0, 0, 0],
        [44 / 45, -56 / 15, 32 / 9, 0, 0, 0],
        [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729, 0, 0],
        [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656, 0],
        [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ]
)
