"""The mean-field map of 1-bit self-attention: networks, orbits, Lyapunov spectra."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.dynamics.mean_field.lyapunov import OK, complete_split, spectrum_from_growth
from attention_atlas.dynamics.mean_field.map import MeanFieldModel, Parameters, Window, mean_field_model, parameters
from attention_atlas.dynamics.mean_field.periods import periods
from attention_atlas.dynamics.mean_field.run import MeanFieldRun, published_start
from attention_atlas.dynamics.mean_field.tangent_run import TangentRun
from attention_atlas.dynamics.mean_field.weights import correlations_of, explicit_weights, segment_weights
from attention_atlas.errors import AtlasError
from attention_atlas.library.checks import Progress, checked_count, checked_number, checked_numbers

__all__ = [
    "LyapunovSpectrum",
    "MeanFieldNetwork",
    "MeanFieldOrbit",
    "lyapunov_spectrum",
    "mean_field_network",
    "mean_field_orbit",
]

MAX_GAIN = 1e6
# The halves of a run are compared by so many batches, and tangents turn into place in so many steps.
BATCHES = 16
ALIGNMENT = 1000


class MeanFieldNetwork(NamedTuple):
    """A network in the limit of infinite size, and the window of tokens that its orbits start from.

    Attributes
    ----------
    model : coefficients of the map
    start : window of L attention vectors (L, M), newest first, and its place in the positional code
    """

    model: MeanFieldModel
    start: Window


class MeanFieldOrbit(NamedTuple):
    """Orbits at R values of the parameters; a call with one value of each has no axis R.

    Attributes
    ----------
    beta : (R,)
    observables : (R, T, M) semantic part of the mean output fields, m^{o,se}
    attention : (R, T, M) attention vectors A
    period : (R,) smallest period of the observables, to 1e-7; 0 if none up to half the recorded steps was found
    status : (R,) 'ok' or 'blew up'
    converged : (R,) whether the orbit repeats; a chaotic or quasi-periodic one never does
    """

    beta: np.ndarray
    observables: np.ndarray
    attention: np.ndarray
    period: np.ndarray
    status: np.ndarray
    converged: np.ndarray


class LyapunovSpectrum(NamedTuple):
    """Lyapunov exponents at R values of the parameters; a call with one value of each has no axis R.

    Attributes
    ----------
    beta : (R,)
    exponents : (R, K) per step, descending; minus infinity where a direction collapses at once
    error : (R, K) standard error, from batches of the run
    status : (R, K) 'ok'; 'not converged': the halves of the run differ by more than 0.01 and by more than four standard
        errors; 'collapsed': rounding noise or an exact zero
    converged : (R, K) status is 'ok'
    """

    beta: np.ndarray
    exponents: np.ndarray
    error: np.ndarray
    status: np.ndarray
    converged: np.ndarray


def mean_field_network(
    *,
    seed: int = 1,
    patterns: int = 3,
    bits: int = 2,
    context: int | None = None,
    semantic: ArrayLike | None = None,
    positional: ArrayLike | None = None,
    start_beta: float = 3.0,
    start_tokens: int = 175_000,
) -> MeanFieldNetwork:
    """A network of 1-bit tokens, as the map of infinite size sees it. Without arguments it is the published one.

    Poc-López and Aguilera, "Dynamical Mean-Field Theory of Self-Attention Neural Networks", arXiv 2406.07247. The weights are constant over
    three segments of spins and drawn by NumPy's legacy generator, or given.

    Parameters
    ----------
    seed, patterns, bits
        Key of the weights, M = 1, 2 or 3 patterns, B = 1 to 8 positional bits.
    context
        L, tokens in the window, at most 2^B; 2^B by default.
    semantic, positional
        Weights of ±1 to take instead of drawn ones: (4, M, N) and (4, M, B), matrices in the order output, value, query, key.
    start_beta, start_tokens
        The start window is what one token becomes after so many tokens at this β.

    Returns
    -------
    MeanFieldNetwork
        model, start.

    Raises
    ------
    AtlasError
        A value outside its bounds.

    Examples
    --------
    >>> import attention_atlas as aa
    >>> network = aa.mean_field_network()
    >>> network.start.attention.shape
    (4, 3)
    """
    if (semantic is None) != (positional is None):
        raise AtlasError("semantic, positional: one of the two is missing; give both or neither")
    if semantic is None or positional is None:
        weights = segment_weights(
            checked_count("seed", seed, 0, 2**32 - 1),
            checked_count("patterns", patterns, 1, 3),
            checked_count("bits", bits, 1, 8),
        )
    else:
        weights = explicit_weights(semantic, positional)
    correlations = correlations_of(weights)
    length = None if context is None else checked_count("context", context, 1, 2 ** weights.positional.shape[2])
    model = mean_field_model(correlations, length)
    tokens = checked_count("start_tokens", start_tokens, model.context + 1)
    gain = checked_number("start_beta", start_beta, -MAX_GAIN, MAX_GAIN)
    return MeanFieldNetwork(model, published_start(model, correlations, gain, tokens))


def mean_field_orbit(
    beta: float | ArrayLike,
    *,
    network: MeanFieldNetwork | None = None,
    beta_att: float | ArrayLike = 2.2,
    epsilon: float | ArrayLike = 0.02,
    transient: int = 10_000,
    steps: int = 2_000,
    progress: Progress | None = None,
) -> MeanFieldOrbit:
    """Orbits of the mean-field map, for one or many values of its parameters.

    Poc-López and Aguilera, "Dynamical Mean-Field Theory of Self-Attention Neural Networks", arXiv 2406.07247: the state is
    the window of the last L attention vectors; a step computes the next one by attention over the window. The map itself, in a page of
    NumPy, is ``attention_atlas.dynamics.mean_field.map.attention_step``.

    Parameters
    ----------
    beta, beta_att, epsilon
        Output gain, gain of the attention (γ = 100 β_att / √M), share of the positional bits, 0 to 1. Numbers or (R,) lists.
    network
        From ``mean_field_network``; the published one by default.
    transient
        Steps that are dropped.
    steps
        Steps that are recorded, at least 2.
    progress
        Called as progress(steps done, steps in all).

    Returns
    -------
    MeanFieldOrbit
        beta, observables, attention, period, status, converged.

    Raises
    ------
    AtlasError
        A value outside its bounds.

    Examples
    --------
    Between quasi-periodic orbits and chaos lies a window of period 28.

    >>> import attention_atlas as aa
    >>> orbit = aa.mean_field_orbit([0.5, 1.27, 1.3])
    >>> orbit.observables.shape
    (3, 2000, 3)
    >>> orbit.period.tolist()
    [4, 28, 0]
    """
    used = mean_field_network() if network is None else network
    params, single = _parameters(used.model, beta, beta_att, epsilon)
    dropped, kept = checked_count("transient", transient, 0), checked_count("steps", steps, 2)
    run = MeanFieldRun(used.model, params, used.start)
    total = dropped + kept
    run.advance(dropped, None if progress is None else lambda done, _: progress(done, total))
    record = run.record(kept, attention=True)
    if progress is not None:
        progress(total, total)
    observables, attention = record.observables(), record.attention()
    fine = np.isfinite(observables).all(axis=(1, 2)) & np.isfinite(attention).all(axis=(1, 2))
    period, _ = periods(record)
    orbit = MeanFieldOrbit(
        params.beta, observables, attention, period, np.where(fine, "ok", "blew up"), fine & (period > 0)
    )
    return _without_runs(orbit) if single else orbit


def lyapunov_spectrum(
    beta: float | ArrayLike,
    *,
    network: MeanFieldNetwork | None = None,
    beta_att: float | ArrayLike = 2.2,
    epsilon: float | ArrayLike = 0.02,
    exponents: int | None = None,
    transient: int = 10_000,
    steps: int = 16_000,
    progress: Progress | None = None,
) -> LyapunovSpectrum:
    """Lyapunov exponents of the mean-field map, with the analytic Jacobian; for one or many values of its parameters.

    Leading exponents from tangents, trailing ones from the inverse transpose, so that directions which shrink by more than
    the sixteen digits of a number in a step are right too. Benettin's method (QR in every step).

    Parameters
    ----------
    beta, network, beta_att, epsilon
        As in ``mean_field_orbit``.
    exponents
        K leading exponents; all L M by default.
    transient
        Steps that are dropped, at least 1000: tangents turn into place during the last 1000.
    steps
        Steps over which growth is averaged, a multiple of 16.
    progress
        Called as progress(steps done, steps in all).

    Returns
    -------
    LyapunovSpectrum
        beta, exponents, error, status, converged.

    Raises
    ------
    AtlasError
        A value outside its bounds.

    Examples
    --------
    Chaos at β = 1.3, a periodic orbit at 3.

    >>> import attention_atlas as aa
    >>> spectrum = aa.lyapunov_spectrum([1.3, 3.0], exponents=2)
    >>> (spectrum.exponents[:, 0] > 0).tolist()
    [True, False]
    """
    used = mean_field_network() if network is None else network
    params, single = _parameters(used.model, beta, beta_att, epsilon)
    dropped, averaged = checked_count("transient", transient, ALIGNMENT), checked_count("steps", steps, BATCHES)
    if averaged % BATCHES:
        raise AtlasError(f"steps: {averaged} is not a multiple of {BATCHES}; choose {averaged + -averaged % BATCHES}")
    size = used.model.context * used.model.patterns
    leading, trailing = complete_split(size)
    if exponents is not None:
        leading, trailing = checked_count("exponents", exponents, 1, size), 0
    total = dropped + averaged

    def tell(done: int) -> None:
        if progress is not None:
            progress(done, total)

    before = MeanFieldRun(used.model, params, used.start)
    before.advance(dropped - ALIGNMENT, lambda done, _: tell(done))
    run = TangentRun(used.model, params, before.window(), leading, trailing)
    run.grow(ALIGNMENT)
    growths = []
    for batch in range(BATCHES):
        growths.append(run.grow(averaged // BATCHES))
        tell(dropped + (batch + 1) * averaged // BATCHES)
    found = spectrum_from_growth(growths, leading)
    spectrum = LyapunovSpectrum(params.beta, found.exponents, found.error, found.status, found.status == OK)
    return _without_runs(spectrum) if single else spectrum


def _parameters(
    model: MeanFieldModel, beta: float | ArrayLike, beta_att: float | ArrayLike, epsilon: float | ArrayLike
) -> tuple[Parameters, bool]:
    """Parameters of R runs, and whether all were single numbers."""
    given = [
        checked_numbers("beta", beta, -MAX_GAIN, MAX_GAIN),
        checked_numbers("beta_att", beta_att, -MAX_GAIN, MAX_GAIN),
        checked_numbers("epsilon", epsilon, 0.0, 1.0),
    ]
    lengths = {len(values) for values, one in given if not one}
    if len(lengths) > 1:
        raise AtlasError(f"beta, beta_att, epsilon: lists of {sorted(lengths)} numbers; give lists of one length")
    gain, attention, share = (values for values, _ in given)
    return parameters(model, gain, attention, share), all(one for _, one in given)


def _without_runs(result: Any) -> Any:
    return type(result)(*(values[0] for values in result))
