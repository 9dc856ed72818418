"""Where tokens start: random laws keyed by (seed, run), regular figures, and the numbers of PyTorch's and NumPy's generators."""

import inspect
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.errors import AtlasError
from attention_atlas.geometry.sphere import circle_points, normalise
from attention_atlas.random.generators import stream_normals, stream_uniforms

__all__ = ["STARTS", "token_starts"]

LAWS = ("normal", "angles")


def _generator(seed: int, run: int) -> np.random.Generator:
    """As in ``geometry.sphere.random_points``: uniform starts are the same numbers."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, int(run)])))


def _bounded(name: str, value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not low <= value <= high:
        raise AtlasError(f"{name}: {value} is outside the bounds, from {low:g} to {high:g}; choose a number there")
    return float(value)


def _uniform(generator: np.random.Generator, tokens: int, dimension: int) -> np.ndarray:
    """Independent and uniform on the sphere."""
    return normalise(generator.standard_normal((tokens, dimension)))


def _hemisphere(generator: np.random.Generator, tokens: int, dimension: int) -> np.ndarray:
    """Independent and uniform on the half of the sphere with a positive last coordinate."""
    points = _uniform(generator, tokens, dimension)
    points[:, -1] = np.abs(points[:, -1])
    return points


def _cap(generator: np.random.Generator, tokens: int, dimension: int, *, angle: float = 0.5) -> np.ndarray:
    """Independent and uniform on the cap of all points at most ``angle`` (radians) from the last coordinate axis."""
    widest = _bounded("angle", angle, 1e-9, math.pi)
    # density of the polar angle on S^{d-1}: sin^(d-2), inverted on a fine grid; exact for d = 2 and 3
    share = generator.uniform(size=tokens)
    if dimension == 2:
        polar = share * widest
    elif dimension == 3:
        polar = 2 * np.arcsin(np.sqrt(share) * math.sin(widest / 2))
    else:
        grid = np.linspace(0.0, widest, 20_001)
        density = np.sin(grid) ** (dimension - 2)
        mass = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
        polar = np.interp(share * mass[-1], mass, grid)
    rim = generator.standard_normal((tokens, dimension - 1))
    rim /= np.linalg.norm(rim, axis=1, keepdims=True)
    return np.concatenate([np.sin(polar)[:, None] * rim, np.cos(polar)[:, None]], axis=1)


def _orthogonal(generator: np.random.Generator, tokens: int, dimension: int) -> np.ndarray:
    """The first coordinate axes: <x_i, x_j> = 0."""
    return _equiangular(generator, tokens, dimension, cosine=0.0)


def _equiangular(generator: np.random.Generator, tokens: int, dimension: int, *, cosine: float = 0.5) -> np.ndarray:
    """<x_i, x_j> = ``cosine`` for all i != j: the rows of the symmetric root of the Gram matrix."""
    low = -1 / (tokens - 1) if tokens > 1 else -1.0
    rho = _bounded("cosine", cosine, low, 1.0)
    if tokens > dimension:
        raise AtlasError(
            f"tokens: {tokens} with equal angles in dimension {dimension}, the bound is the dimension; use fewer tokens"
        )
    # eigenvalues 1 - rho, and 1 + (n - 1) rho along the mean
    root = math.sqrt(1 - rho)
    shift = (math.sqrt(max(0.0, 1 + (tokens - 1) * rho)) - root) / tokens
    points = np.zeros((tokens, dimension))
    points[:, :tokens] = root * np.eye(tokens) + shift
    return normalise(points)


def _box(generator: np.random.Generator, tokens: int, dimension: int, *, half_width: float = 1.0) -> np.ndarray:
    """Independent coordinates, uniform from minus to plus ``half_width``: for the space free."""
    half = _bounded("half_width", half_width, 1e-300, 1e100)
    return generator.uniform(-half, half, (tokens, dimension))


def _gaussian(generator: np.random.Generator, tokens: int, dimension: int, *, scale: float = 1.0) -> np.ndarray:
    """Independent normal coordinates with standard deviation ``scale``: for the space free, or Pre-LN."""
    return _bounded("scale", scale, 1e-300, 1e100) * generator.standard_normal((tokens, dimension))


def _correlated(generator: np.random.Generator, tokens: int, dimension: int, *, cosine: float = 0.5) -> np.ndarray:
    """sqrt(rho) z_0 + sqrt(1 - rho) z_i with standard normal z: cosines near ``cosine`` in a high dimension. Not of length 1."""
    rho = _bounded("cosine", cosine, 0.0, 1.0)
    common = generator.standard_normal(dimension)
    return math.sqrt(rho) * common + math.sqrt(1 - rho) * generator.standard_normal((tokens, dimension))


def _wrapped_normals(
    generator: np.random.Generator,
    tokens: int,
    dimension: int,
    *,
    centres: Sequence[float] = (0.0,),
    width: float = 0.2,
    shares: Sequence[float] | None = None,
) -> np.ndarray:
    """Angles of a mixture of normal laws around ``centres`` (radians) with standard deviation ``width``; in dimension 3 the angle
    is the azimuth, and the elevation is uniform from -pi/2 to pi/2."""
    if dimension not in (2, 3):
        raise AtlasError(
            f"dimension: {dimension} with starts around angles, the bounds are 2 and 3; choose one of them"
        )
    middle = np.atleast_1d(np.asarray(centres, dtype=float))
    share = np.full(len(middle), 1 / len(middle)) if shares is None else np.asarray(shares, dtype=float)
    if share.shape != middle.shape or not (share >= 0).all() or not abs(share.sum() - 1) < 1e-9:
        raise AtlasError(f"shares: {shares} for {len(middle)} centres; give as many numbers ≥ 0 that sum to 1")
    kind = np.searchsorted(np.cumsum(share)[:-1], generator.uniform(size=tokens), side="right")
    angles = middle[kind] + _bounded("width", width, 0.0, 1e3) * generator.standard_normal(tokens)
    ring = circle_points(angles)
    if dimension == 2:
        return ring
    elevation = generator.uniform(-np.pi / 2, np.pi / 2, tokens)
    return np.concatenate([np.cos(elevation)[:, None] * ring, np.sin(elevation)[:, None]], axis=1)


def _of_stream(generator: str, seed: int, shape: tuple[int, int, int], law: str) -> np.ndarray:
    """Normal numbers put on the sphere, or the points of the circle at 2 pi times uniform ones."""
    if law not in LAWS:
        raise AtlasError(f"law: {law!r} is not known; give one of {', '.join(LAWS)}")
    if law == "normal":
        return normalise(stream_normals(generator, seed, shape))
    if shape[2] != 2:
        raise AtlasError(
            f"law: 'angles' are points of the circle, the dimension is {shape[2]}; use dimension 2 or normal"
        )
    return circle_points(2 * np.pi * stream_uniforms(generator, seed, shape[:2]))


def _torch_cpu(seed: int, shape: tuple[int, int, int], *, law: str = "normal") -> np.ndarray:
    """PyTorch on the CPU: ``torch.manual_seed(seed)``, then ``randn(runs, tokens, dimension)``, each point divided by its length, or
    the angles 2 pi ``rand(runs, tokens)`` in double precision."""
    return _of_stream("torch_cpu", seed, shape, law)


def _torch_cuda(seed: int, shape: tuple[int, int, int], *, law: str = "normal") -> np.ndarray:
    """The same on a CUDA GPU."""
    return _of_stream("torch_cuda", seed, shape, law)


def _numpy(seed: int, shape: tuple[int, int, int], *, law: str = "normal") -> np.ndarray:
    """NumPy: ``numpy.random.default_rng(seed)``, then ``standard_normal`` or 2 pi ``random`` of all runs."""
    return _of_stream("numpy", seed, shape, law)


def _given(seed: int, shape: tuple[int, int, int], *, points: ArrayLike | None = None) -> np.ndarray:
    """``points`` (tokens, dimension) for all runs, or (runs, tokens, dimension)."""
    if points is None:
        raise AtlasError("points: they are missing, starts of the kind points are given numbers; give them")
    try:
        array = np.asarray(points, dtype=float)
    except (TypeError, ValueError):
        raise AtlasError("points: they are no array of numbers; give one") from None
    if array.shape not in (shape, shape[1:]) or not np.isfinite(array).all():
        raise AtlasError(f"points: shape {array.shape} or a number that is not finite; give {shape[1:]} or {shape}")
    return np.broadcast_to(array, shape).copy()


# kind -> law of one run
_BY_RUN: dict[str, Callable[..., np.ndarray]] = {
    "uniform": _uniform,
    "hemisphere": _hemisphere,
    "cap": _cap,
    "orthogonal": _orthogonal,
    "equiangular": _equiangular,
    "box": _box,
    "gaussian": _gaussian,
    "correlated": _correlated,
    "wrapped_normals": _wrapped_normals,
}
# kind -> all runs from one stream
_AT_ONCE: dict[str, Callable[..., np.ndarray]] = {
    "points": _given,
    "torch_cpu": _torch_cpu,
    "torch_cuda": _torch_cuda,
    "numpy": _numpy,
}
STARTS = (*_BY_RUN, *_AT_ONCE)


def _options(function: Callable[..., np.ndarray]) -> list[str]:
    return [name for name, p in inspect.signature(function).parameters.items() if p.kind is p.KEYWORD_ONLY]


def token_starts(
    kind: str = "uniform",
    *,
    tokens: int,
    dimension: int,
    runs: int = 1,
    seed: int = 1,
    chosen: Iterable[int] | None = None,
    radius: float = 1.0,
    **options: Any,
) -> np.ndarray:
    """Positions of tokens at time 0.

    Parameters
    ----------
    kind
        'uniform', 'hemisphere', 'cap' (``angle``), 'orthogonal', 'equiangular' (``cosine``), 'wrapped_normals' (``centres``,
        ``width``, ``shares``) on the sphere; 'box' (``half_width``), 'gaussian' (``scale``), 'correlated' (``cosine``) anywhere;
        'points' (``points``); 'torch_cpu', 'torch_cuda', 'numpy' (``law``: 'normal' or 'angles'): the numbers
        of these generators.
    runs, chosen
        How many runs there are, and the global numbers of those that are wanted (default: all). A run does not depend on ``chosen``.
    seed
        Run r depends on (seed, r); with 'torch_cpu', 'torch_cuda' and 'numpy' one stream gives all runs one after the other.
    tokens, dimension
        Size of a run, up to 10^6 and 4096.
    radius
        Factor of all positions: the length of tokens at time 0 for Pre-LN and Peri-LN.
    options
        Those of the kind, in brackets above.

    Returns
    -------
    numpy.ndarray
        (number of runs wanted, tokens, dimension), float64.

    Raises
    ------
    AtlasError
        A kind or option that is not known, or a number outside its bounds.

    Examples
    --------
    >>> import attention_atlas as aa
    >>> three = aa.token_starts("equiangular", tokens=3, dimension=4, cosine=0.25)
    >>> three.shape, (three[0] @ three[0].T).round(12).tolist()
    ((1, 3, 4), [[1.0, 0.25, 0.25], [0.25, 1.0, 0.25], [0.25, 0.25, 1.0]])
    """
    if kind not in STARTS:
        raise AtlasError(f"starts: {kind!r} is not known; give one of {', '.join(STARTS)}")
    for name, value, high in (("tokens", tokens, 10**6), ("dimension", dimension, 4096), ("runs", runs, 10**7)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or not 1 <= value <= high:
            raise AtlasError(f"{name}: {value} is no whole number from 1 to {high}; choose one")
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise AtlasError(f"seed: {seed} is no whole number ≥ 0; choose one")
    length = _bounded("radius", radius, 1e-100, 1e100)
    function = _BY_RUN.get(kind) or _AT_ONCE[kind]
    known = _options(function)
    for name in options:
        if name not in known:
            raise AtlasError(f"starts: {name!r} is no option of the kind {kind}; it has {', '.join(known) or 'none'}")
    wanted = np.arange(runs) if chosen is None else np.asarray(list(chosen), dtype=np.int64)
    if wanted.size == 0 or wanted.min() < 0 or wanted.max() >= runs:
        raise AtlasError(f"chosen: the runs wanted must be some of 0 to {runs - 1}; choose them there")
    if kind in _AT_ONCE:
        points = function(seed, (runs, tokens, dimension), **options)[wanted]
    else:
        points = np.array([function(_generator(seed, run), tokens, dimension, **options) for run in wanted])
    return points * length if length != 1.0 else points
