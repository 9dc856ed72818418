"""The phase diagrams' dynamics as one writes them first: batches of systems in PyTorch (or NumPy), double precision."""

import numpy as np

try:
    import torch
except ImportError:
    torch = None


def torch_run(starts, kind, beta, step_size, steps, threshold):
    """Fraction of close pairs after each step, for starts (runs, n, d)."""
    x = torch.from_numpy(starts)
    runs, n, _ = x.shape
    fractions = []
    for _ in range(steps):
        exponents = beta * x @ x.transpose(1, 2)
        attention = torch.softmax(exponents, dim=-1) if kind == "sa" else torch.exp(exponents) / n
        x = x + step_size * attention @ x
        x = x / x.norm(dim=-1, keepdim=True)
        inner = x @ x.transpose(1, 2)
        fractions.append(((inner > threshold).sum() - runs * n).item() / (runs * n * (n - 1)))
    return x.numpy(), fractions


def numpy_run(starts, kind, beta, step_size, steps, threshold):
    """The same in NumPy."""
    x = starts
    runs, n, _ = x.shape
    fractions = []
    for _ in range(steps):
        attention = np.exp(beta * x @ x.transpose(0, 2, 1))
        attention /= attention.sum(axis=-1, keepdims=True) if kind == "sa" else n
        x = x + step_size * attention @ x
        x = x / np.linalg.norm(x, axis=-1, keepdims=True)
        inner = x @ x.transpose(0, 2, 1)
        fractions.append(((inner > threshold).sum() - runs * n) / (runs * n * (n - 1)))
    return x, fractions


def plain_run(*arguments):
    """PyTorch where it is installed, else NumPy; returns the ends and the fractions."""
    return (torch_run if torch else numpy_run)(*arguments)
