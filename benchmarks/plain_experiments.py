"""The engine's dynamics as one writes them first: all runs as one batch in PyTorch, double precision, arrays (runs, n, n).

Nothing is tuned, in either direction: a step is the inner products of all pairs, the kernel, the mask, the weighted sum, the product
with V and the norm, each one library call on the whole batch.
"""

import torch


def attention(x, kernel, beta, seen, query_key, value):
    """sum_j a_ij V x_j of tokens (runs, n, d); ``seen`` (n, n) or None."""
    scores = beta * x @ (x if query_key is None else x @ query_key.T).transpose(1, 2)
    if kernel == "softmax":
        if seen is not None:
            scores = scores.masked_fill(~seen, -torch.inf)
        rows = torch.softmax(scores, dim=-1)
    else:
        rows = torch.exp(scores) / x.shape[1]
        if seen is not None:
            rows = rows * seen
    pull = rows @ x
    return pull if value is None else pull @ value.T


def euler(x, steps, step, kernel="softmax", beta=1.0, seen=None, query_key=None, value=None):
    """Euler steps of the flow on the sphere."""
    for _ in range(steps):
        pull = attention(x, kernel, beta, seen, query_key, value)
        x = x + step * (pull - (pull * x).sum(dim=-1, keepdim=True) * x)
        x = x / x.norm(dim=-1, keepdim=True)
    return x
