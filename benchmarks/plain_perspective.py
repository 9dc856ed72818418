"""The phase diagrams' dynamics as one writes them first: all starts as one batch in PyTorch (or NumPy), double precision.

Nothing is tuned, in either direction: a step is the inner products of all pairs, the softmax, the weighted sum and
the norm, each one library call on the whole batch; a recorded time is one more product of all pairs, a comparison and a sum. The
batch is that of a row of the diagram (2048 starts of one beta), d is the sphere's own, and nothing stops early.
"""

import numpy as np

try:
    import torch
except ImportError:
    torch = None


def torch_run(starts, kind, beta, step_size, steps, threshold, recorded):
    """Ends, and the fraction of close pairs after those of the ``steps`` that are in ``recorded``, for starts (runs, n, d)."""
    x = torch.from_numpy(starts)
    runs, n, _ = x.shape
    fractions = []
    for step in range(1, steps + 1):
        exponents = beta * torch.einsum("rid,rjd->rij", x, x)
        attention = torch.softmax(exponents, dim=-1) if kind == "sa" else torch.exp(exponents) / n
        x = x + step_size * attention @ x
        x = x / x.norm(dim=-1, keepdim=True)
        if step in recorded:
            inner = torch.einsum("rid,rjd->rij", x, x)
            fractions.append(((inner > threshold).sum() - runs * n).item() / (runs * n * (n - 1)))
    return x.numpy(), fractions


def numpy_run(starts, kind, beta, step_size, steps, threshold, recorded):
    """The same in NumPy."""
    x = starts
    runs, n, _ = x.shape
    fractions = []
    for step in range(1, steps + 1):
        attention = np.exp(beta * x @ x.transpose(0, 2, 1))
        attention /= attention.sum(axis=-1, keepdims=True) if kind == "sa" else n
        x = x + step_size * attention @ x
        x = x / np.linalg.norm(x, axis=-1, keepdims=True)
        if step in recorded:
            inner = x @ x.transpose(0, 2, 1)
            fractions.append(((inner > threshold).sum() - runs * n) / (runs * n * (n - 1)))
    return x, fractions


def plain_run(*arguments):
    """PyTorch where it is installed, else NumPy; returns the ends and the fractions."""
    return (torch_run if torch else numpy_run)(*arguments)
