"""The random numbers against printed ones, and the fast map against its plain definition, pixel by pixel."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from attention_atlas.dynamics.minimal_attention.definition import Labels, iterate_definition
from attention_atlas.dynamics.minimal_attention.map import AttentionMap, iterate_rows, start_points_of
from attention_atlas.papers.art.boundary import near_boundary
from attention_atlas.random.philox import thread_normals

__all__ = ["compare_random_numbers", "compare_with_definition", "labels_by_definition"]

# First normals of threads 0 to 3 at block 0 of PyTorch's GPU generator, by seed, as "Attention Dynamics Art" prints them.
PRINTED_NORMALS = {
    0: (-0.9246624, -0.4253439, -2.6438458, 0.1451839),
    42: (0.1940189, 2.1613741, -0.1720506, 0.8490601),
}


def compare_random_numbers() -> pd.DataFrame:
    """Normals as printed and as computed here: columns seed, thread, printed, computed."""
    parts = [
        pd.DataFrame(
            {
                "seed": seed,
                "thread": range(len(printed)),
                "printed": printed,
                "computed": thread_normals(seed, 0, len(printed)).astype(float),
            }
        )
        for seed, printed in PRINTED_NORMALS.items()
    ]
    return pd.concat(parts, ignore_index=True)


def labels_by_definition(
    image: AttentionMap, a: np.ndarray, b: np.ndarray, progress: Callable[[int], None] | None = None
) -> Labels:
    """Labels (len(a), len(b)) by the plain definition, a row of a at a time. Slow: half a millisecond a pixel."""
    rows = []
    for i in range(a.size):
        pixels = np.zeros(b.size, int) if image.shared_start else np.arange(b.size) * a.size + i
        starts = np.array([start_points_of(image.seed, int(pixel), image.n) for pixel in pixels])
        rows.append(
            iterate_definition(
                starts, np.full(b.size, a[i]), b, image.wq, image.wv,
                image.iterations, image.tolerance, image.period_tolerance, image.longest_period,
            )
        )  # fmt: skip
        if progress is not None:
            progress(i + 1)
    return Labels(*(np.array(values) for values in zip(*rows, strict=True)))


def compare_with_definition(
    image: AttentionMap, a: np.ndarray, b: np.ndarray, progress: Callable[[int], None] | None = None
) -> dict[str, int]:
    """Counts of pixels: all; those that differ in each label; those that differ far from the boundary."""
    fast, plain = iterate_rows(image, a, b), labels_by_definition(image, a, b, progress)
    differ = fast.converged != plain.converged
    counts = {
        f"differ_{name}": int((mine != its).sum()) for name, mine, its in zip(Labels._fields, fast, plain, strict=True)
    }
    return {
        "seed": image.seed,
        "pixels": differ.size,
        **counts,
        "differ_far": int((differ & ~near_boundary(plain.converged)).sum()),
    }
