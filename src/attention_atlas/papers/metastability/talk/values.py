"""Numbers of the notebook to "Emergence of meta-stable clustering" (arXiv 2410.23228), ``experiments.ipynb``.

``starts`` and ``mode`` were found from its pictures (docs/metastability.md), ``members`` with an independent program from these starts; the
rest was read off the pictures.
"""

from typing import Any

__all__ = ["PARTICLES", "PDE", "PDE_BROKEN", "PIXEL"]

# Radians a pixel, in the pictures of paths.
PIXEL = 0.0136

# beta -> seed, steps and step of the histogram; theta_0 ... theta_2 and |mu_k|; red lines; largest gamma_k; peaks of the histogram;
# particles in the clusters at the end; how far from the predicted places clusters are (radians).
PARTICLES: dict[float, dict[str, Any]] = {
    5.0: {
        "seed": 12345,
        "steps": 6000,
        "histogram": 3000,
        "starts": [1.16581823, 5.8317627, 5.91570196],
        "mode": 0.00461954,
        "lines": [1.23, 3.325, 5.42],
        "top": 5.93,
        "peak_places": [1.35, 3.24, 5.24],
        "peaks": [2.01, 0.92, 2.48],
        "members": [6856, 5381, 7760],
        "reach": 0.17,
    },
    7.0: {
        "seed": 1234,
        "steps": 1000,
        "histogram": 450,
        "starts": [5.36250385, 2.03678905, 5.80250017],
        "mode": 0.00863409,
        "lines": [0.306, 1.884, 3.448, 5.025],
        "top": 37.1,
        "peak_places": [0.35, 1.98, 3.49, 4.87],
        "peaks": [1.05, 2.03, 1.27, 1.97],
        "members": [5362, 5194, 4253, 5191],
        "reach": 0.12,
    },
}

# beta -> time, places and heights of the peaks in pictures of the continuity equation.
PDE: dict[float, list[tuple[float, list[float], list[float]]]] = {
    5.0: [
        (0.314, [0.0, 2.1, 4.2], [0.174, 0.195, 0.195]),
        (0.377, [0.0, 2.1, 4.2], [0.23, 0.29, 0.29]),
        (0.440, [0.0, 2.1, 4.2], [0.60, 0.925, 0.925]),
    ],
    7.0: [
        (0.0528, [0.5, 2.0, 4.2, 5.8], [0.195, 0.223, 0.223, 0.195]),
        (0.0616, [0.5, 2.0, 4.2, 5.8], [0.255, 0.36, 0.36, 0.255]),
    ],
}
# beta -> steps between which the run with the mirrored kernel ends in numbers that are not finite.
PDE_BROKEN = {7.0: (5900, 6300)}
