"""The engine as one writes it first, in plain NumPy with arrays (n, n): the oracle of its tests."""

import numpy as np
from scipy.linalg import expm


def allowed(n, mask, window=0, graph=None):
    """(n, n): whether token i attends to j."""
    i, j = np.arange(n)[:, None], np.arange(n)[None, :]
    return {
        "none": np.ones((n, n), dtype=bool),
        "causal": j <= i,
        "window": abs(i - j) <= window,
        "causal_window": (j <= i) & (i - j <= window),
        "graph": graph,
    }[mask]


def rows(scores, kernel, seen, bias=None, ties=0.0):
    """a_ij."""
    n = len(scores)
    if kernel == "softmax":
        shifted = np.where(seen, scores, -np.inf)
        a = np.exp(shifted - shifted.max(axis=1, keepdims=True))
        return a / a.sum(axis=1, keepdims=True)
    if kernel == "unnormalised":
        return np.where(seen, np.exp(scores), 0.0) / n
    if kernel == "hardmax":
        best = np.where(seen, scores, -np.inf).max(axis=1, keepdims=True)
        a = np.where(seen & (scores >= best - ties * abs(best)), 1.0, 0.0)
        return a / a.sum(axis=1, keepdims=True)
    return np.where(seen, 1.0 / (1.0 + np.exp(-scores - (-np.log(n) if bias is None else bias))), 0.0)


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


class Plain:
    """One system; ``heads`` is a list of (weight, Q^T K or None, V or None)."""

    def __init__(
        self, kernel="softmax", beta=1.0, seen=None, heads=((1.0, None, None),), normalisation="post_ln", **more
    ):
        self.kernel, self.beta, self.seen, self.heads, self.normalisation = kernel, beta, seen, heads, normalisation
        self.alpha, self.bias, self.ties = more.get("alpha", 1.0), more.get("bias"), more.get("ties", 0.0)
        self.switch, self.residual = more.get("switch", 0.0), more.get("residual", 1.0)

    def matrices(self, head, d):
        return (np.eye(d) if head[1] is None else head[1]), (np.eye(d) if head[2] is None else head[2])

    def attention(self, head, scores_of, time=0.0):
        """a_ij of one head."""
        product, value = self.matrices(head, scores_of.shape[1])
        if self.normalisation == "rescaled":
            moving = expm(time * value)
            product = moving.T @ product @ moving
        factor = 1.0 if self.kernel == "hardmax" else self.beta
        seen = np.ones((len(scores_of),) * 2, dtype=bool) if self.seen is None else self.seen
        return rows(factor * (scores_of @ product @ scores_of.T), self.kernel, seen, self.bias, self.ties)

    def scheme(self, time):
        if self.normalisation != "mix_ln":
            return self.normalisation
        return "post_ln" if time < self.switch - 1e-12 else "pre_ln"

    def pull(self, x, time, scores_of=None, begun=None):
        """``begun`` is the start of the step, which decides on the scheme."""
        scheme = self.scheme(time if begun is None else begun)
        y = unit(x) if scheme in ("pre_ln", "peri_ln") else x
        scores_of = y if scores_of is None else scores_of
        total = np.zeros_like(x)
        for head in self.heads:
            value = self.matrices(head, x.shape[1])[1]
            a = self.attention(head, scores_of, time)
            total += head[0] * (a @ y - (y if scheme == "rescaled" else 0.0)) @ value.T
        if scheme in ("peri_ln", "ngpt"):
            total = unit(total)
        if scheme == "ngpt":
            total = self.alpha * total
        return total - x if scheme == "averaging" else total

    def velocity(self, x, time, scores_of=None, begun=None):
        scheme = self.scheme(time if begun is None else begun)
        if scheme in ("post_ln", "ngpt", "sqrt"):
            x = unit(x)
        pull = self.pull(x, time, scores_of, begun)
        if scheme == "sqrt":
            pull = pull / np.sqrt(time + 1)
        if scheme in ("post_ln", "ngpt", "sqrt"):
            pull = pull - (pull * x).sum(axis=1, keepdims=True) * x
        return pull

    def back(self, x, time):
        return unit(x) if self.scheme(time) in ("post_ln", "ngpt", "sqrt") else x

    def step(self, method, x, k, h):
        """Step number k."""
        t = k * h
        if method == "euler":
            return self.back(x + h * self.velocity(x, t), t)
        if method in ("published", "layers"):
            pull = self.pull(x, t) / (np.sqrt(k + 1) if self.normalisation == "sqrt" else 1.0)
            return self.back(self.residual * x + h * pull, t)
        frozen = method == "rk4_frozen"
        old, later = (x, lambda s: t) if frozen else (None, lambda s: t + s * h)
        k1 = self.velocity(x, t, old, t)
        k2 = self.velocity(x + h / 2 * k1, later(0.5), old, t)
        k3 = self.velocity(x + h / 2 * k2, later(0.5), old, t)
        k4 = self.velocity(x + h * k3, later(1.0), old, t)
        return self.back(x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), t)

    def run(self, method, x, steps, h):
        """(steps + 1, n, d)."""
        path = [x]
        for k in range(steps):
            path.append(self.step(method, path[-1], k, h))
        return np.array(path)
