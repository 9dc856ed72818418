"""The work of the spheres paper in the plainest style: what one writes first, in PyTorch or NumPy."""

import numpy as np

try:
    import torch
except ImportError:  # the NumPy twins do without
    torch = None  # type: ignore[assignment]

__all__ = ["numpy_densities", "numpy_descent", "torch_descent", "torch_ready"]


def torch_ready() -> bool:
    """Whether PyTorch can be imported."""
    return torch is not None


def torch_descent(starts: np.ndarray, matrix: np.ndarray, step_size: float, steps: int, sign: float) -> np.ndarray:
    """One run of points (n, d) in single precision, the precision of the paper's code."""
    x = torch.tensor(starts, dtype=torch.float32)
    d = torch.tensor(matrix, dtype=torch.float32)
    with torch.no_grad():
        for _ in range(steps):
            dx = x @ d
            x = x - sign * step_size / len(x) * (torch.exp(dx @ x.T) @ dx)
            x = x / torch.linalg.norm(x, dim=1, keepdim=True)
    return x.numpy()


def numpy_descent(starts: np.ndarray, matrix: np.ndarray, step_size: float, steps: int, sign: float) -> np.ndarray:
    """The same in NumPy, double precision."""
    x = starts
    for _ in range(steps):
        dx = x @ matrix
        x = x - sign * step_size / len(x) * (np.exp(dx @ x.T) @ dx)
        x = x / np.linalg.norm(x, axis=1, keepdims=True)
    return x


def numpy_densities(epsilon: float, points: int, rate: float, steps: int) -> np.ndarray:
    """Exponentiated gradient on the simplex for D = diag(1, 1 + epsilon)."""
    angles = -np.pi + 2 * np.pi * np.arange(points) / points
    x = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    kernel = np.exp(x @ np.diag([1, 1 + epsilon]) @ x.T)
    weights = np.full(points, 1 / points)
    for _ in range(steps):
        weights = weights * np.exp(-rate * 2 * kernel @ weights)
        weights = weights / weights.sum()
    return weights
