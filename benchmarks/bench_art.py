"""Speed of the convergence landscape of the art paper: kernel against plain PyTorch.

Run alone: ``python benchmarks/bench_art.py [--seed 1] [--size 1500]``. Both sides
use two threads; PyTorch computes a 200 x 200 image, whose time is extrapolated
by the number of pixels. The plain side gets the batch size that suits it best.
Prints a table and writes nothing.
"""

import argparse
import time
from pathlib import Path
from sys import path as search_path

import numba
import numpy as np

search_path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1] / "src")]

from attention_atlas.dynamics.minimal_attention.map import (  # noqa: E402
    AttentionMap,
    image_matrices,
    iterate_rows,
    start_points_of,
)

THREADS = 2
PLAIN_SIZE = 200
BATCHES = (200, 1_000, 4_000)
WANTED_RATIO = 40
WANTED_SECONDS = 20


def time_kernel(seed: int, size: int) -> tuple[float, np.ndarray]:
    """Seconds and labels of one image, compiled beforehand."""
    grid = np.linspace(-8, 8, size)
    image = AttentionMap(seed, *image_matrices(seed))
    iterate_rows(image, grid, grid, 0, 1)
    started = time.perf_counter()
    labels = iterate_rows(image, grid, grid)
    return time.perf_counter() - started, labels.converged


def time_plain(seed: int) -> tuple[float, np.ndarray]:
    """Seconds and labels of the plain image with the batch size that suits it best."""
    import torch

    import plain_art

    torch.set_num_threads(THREADS)
    wq, wv = (torch.from_numpy(matrix) for matrix in image_matrices(seed))
    grid = torch.linspace(-8, 8, PLAIN_SIZE)
    pixels = np.arange(PLAIN_SIZE**2).reshape(PLAIN_SIZE, PLAIN_SIZE).T
    starts = torch.from_numpy(np.array([[start_points_of(seed, pixel, 20) for pixel in row] for row in pixels]))

    def run(rows: int, batch: int) -> tuple[float, np.ndarray]:
        started = time.perf_counter()
        labels = plain_art.image(starts[:rows], grid[:rows], grid, wq, wv, batch)
        return time.perf_counter() - started, labels.numpy()

    return run(PLAIN_SIZE, min(BATCHES, key=lambda batch: run(20, batch)[0]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=1500, help="pixels along each side of the kernel's image")
    arguments = parser.parse_args()
    numba.set_num_threads(min(THREADS, numba.config.NUMBA_NUM_THREADS))

    small, labels = time_kernel(arguments.seed, PLAIN_SIZE)
    plain, plain_labels = time_plain(arguments.seed)
    full, _ = time_kernel(arguments.seed, arguments.size)
    extrapolated = plain * (arguments.size / PLAIN_SIZE) ** 2
    equal = 100 * np.mean(labels == plain_labels)
    print(f"{'work':<50}{'ours':>10}{'plain':>12}{'ratio':>8}{'wanted':>9}")
    title = f"seed {arguments.seed}, {PLAIN_SIZE} x {PLAIN_SIZE}"
    print(f"{title:<50}{small:>8.2f} s{plain:>10.1f} s{plain / small:>8.0f}{WANTED_RATIO:>9}")
    title = f"seed {arguments.seed}, {arguments.size} x {arguments.size} (plain extrapolated)"
    print(f"{title:<50}{full:>8.2f} s{extrapolated:>10.0f} s{extrapolated / full:>8.0f}{WANTED_RATIO:>9}")
    print(f"{'seconds of the full image':<50}{full:>8.2f} s{'':>20}{f'< {WANTED_SECONDS} s':>9}")
    print(f"{'same labels, 200 x 200':<50}{equal:>8.3f} %{'':>20}{'99.99 %':>9}")


if __name__ == "__main__":
    main()
