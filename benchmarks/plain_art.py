"""The minimal attention map in the plainest PyTorch: what the fast kernel is measured against."""

import torch

torch.set_default_dtype(torch.float64)


def converged(
    x: torch.Tensor, a: torch.Tensor, b: torch.Tensor, wq: torch.Tensor, wv: torch.Tensor, iterations: int = 100
) -> torch.Tensor:
    """Which pixels converge: starts x (pixels, n, 2), parameters a and b (pixels,), matrices (2, 2)."""
    diagonal = torch.stack([a, b], dim=1)[:, None, :]
    for _ in range(iterations):
        q, k, v = x @ wq.T, x * diagonal, x @ wv.T
        attention = torch.softmax(q @ k.transpose(1, 2), dim=2)
        x = attention @ v
        x = x / (x.norm(dim=2, keepdim=True) + 1e-8)
    return (x[:, :, 0] - x[:, :1, 0]).abs().amax(dim=1) < 1e-5


def image(
    x: torch.Tensor, a: torch.Tensor, b: torch.Tensor, wq: torch.Tensor, wv: torch.Tensor, batch: int
) -> torch.Tensor:
    """Image over the grid a x b, ``batch`` pixels at a time; starts x (len(a), len(b), n, 2)."""
    left, right = (values.reshape(-1) for values in torch.meshgrid(a, b, indexing="ij"))
    x = x.reshape(left.numel(), -1, 2)
    parts = [slice(first, first + batch) for first in range(0, left.numel(), batch)]
    return torch.cat([converged(x[part], left[part], right[part], wq, wv) for part in parts]).reshape(len(a), len(b))
