"""The public call of the engine: tokens under attention, whatever kernel, mask, weights, normalisation, time and noise."""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from attention_atlas.dynamics.attention.model import STATUSES
from attention_atlas.dynamics.attention.run import observed_runs
from attention_atlas.dynamics.attention.setting import attention_setting
from attention_atlas.dynamics.attention.validate import check_starts

__all__ = ["AttentionFlow", "attention_flow"]

Progress = Callable[[int, int], Any]


class AttentionFlow(NamedTuple):
    """What was observed of R runs of n tokens at T times.

    Attributes
    ----------
    times : (T,), multiples of the step if there is one
    observables : name -> (R, T), NaN where a run failed before
    positions : (R, T, n, d) if they are observed, else None; the tokens themselves, whose length is not 1 with pre_ln and peri_ln
    steps : (R,) steps tried
    status : (R,) 'ok', 'too many steps' or 'blew up' (a number became too large, or a token lost its length and with it its direction)
    converged : (R,) whether the run is ok and at rest at its end: no token moves faster than 1e-6 times the largest pull
        sum_j A_ij V x_j on a token. Long-lived states that drift more slowly count as rest; runs with noise never do.
    """

    times: np.ndarray
    observables: dict[str, np.ndarray]
    positions: Any  # an array, or None
    steps: np.ndarray
    status: np.ndarray
    converged: np.ndarray


def attention_flow(starts: ArrayLike, *, progress: Progress | None = None, **setting: Any) -> AttentionFlow:
    """Tokens x_1 ... x_n under attention, in R runs that know nothing of each other.

    The pull on token i is A_i = sum_h w_h V_h sum_j a_ij x_j with the weights a_ij of kernel, mask and scores
    s_ij = beta <Q x_i, K x_j>:

    ================  =========================================================================
    kernel            a_ij over the j that the mask allows
    ================  =========================================================================
    softmax           exp(s_ij) / sum_k exp(s_ik)
    unnormalised      exp(s_ij) / n
    hardmax           1 / m for the m tokens whose score is the largest, 0 for others
    sigmoid           1 / (1 + exp(-s_ij - bias))
    ================  =========================================================================

    With y = x/|x|, P_x = 1 - x x^T on the sphere and r = |x|, time t and layers x -> x':

    ================  ======================================  ======================================
    normalisation     flow                                    step h (published, layers)
    ================  ======================================  ======================================
    post_ln           dx/dt = P_x A(x)                        x' = N(x + h A(x))
    pre_ln            dx/dt = A(y)                            x' = x + h A(y)
    mix_ln            post_ln until switch_time, then pre_ln  the same
    peri_ln           dx/dt = N(A(y))                         x' = x + h N(A(y))
    ngpt              dx/dt = alpha P_x N(A(x))               x' = N(x + h alpha N(A(x)))
    sqrt              dx/dt = P_x A(x) / sqrt(t + 1)          x' = N(x + h A(x) / sqrt(layer)), layers 1, 2, ...
    none (free)       dx/dt = A(x)                            x' = x + h A(x)
    averaging (free)  dx/dt = A(x) - x                        x' = x + h (A(x) - x)
    rescaled (free)   z = exp(-tV) x of the flow none         none
    ================  ======================================  ======================================

    Sources: Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv 2312.10794 (post_ln) and 2305.05465 (rescaled); Karagodin, Ge,
    Polyanskiy, Rigollet, arXiv 2510.22026 (normalisations); Karagodin, Polyanskiy, Rigollet, arXiv 2411.04990 (causal);
    Alcalde, Fantuzzi, Zuazua, arXiv 2407.01602 (hardmax: averaging with the step alpha/(1 + alpha)).

    With d ≤ 4 sums are of x_j - x_i, so that however slow a velocity is, it keeps its relative precision (tokens far apart at a
    large beta, for 10^13 units of time). All methods are explicit: tokens that have met are followed in steps of about their time of
    contraction, which is 1 for the softmax and up to exp(-beta) for the unnormalised kernel.

    Memory is that of a few copies of the tokens: no array (n, n) is ever made. Threads and the way runs are split
    change no bit of a result.

    Parameters
    ----------
    starts
        (R, n, d) or (n, d), for example from ``token_starts``. Of length 1 on the sphere, except with pre_ln and peri_ln.
    kernel, beta, gamma, tie_tolerance, bias
        beta ≥ 0 (default 1), or gamma with beta = gamma ln n. Scores within tie_tolerance * |largest| of the largest tie in
        the hardmax (default 0: equal numbers only). The bias of the sigmoid is -ln n if it is not given.
    mask, window, graph
        'none'; 'causal': token i attends to j ≤ i; 'window': to |i - j| ≤ window; 'causal_window': to both; 'graph': to the j with
        graph[i, j] = 1.
    sums
        'pairs', or 'modes' on the circle without mask and Q, K: Fourier sums, linear in n, whose error is 1e-15 n of the
        largest weight, so that attraction between far clusters below that is lost.
    query, key, query_key, value, heads
        Matrices of one head: None (identity), a number (a multiple), d numbers (a diagonal), (d, d), (R, d, d), or the name of
        a random kind: 'kaiming_uniform', 'kaiming_normal', 'normal' for Q, K and V, or 'gaussian', 'wigner', 'goe' for query_key = Q^T K,
        and 'wishart', 'plus', 'minus' for V (``random.attention_weights``). ``heads`` is a number of such heads, each of
        weight 1/heads, or a list of ``Head`` or tables (weight, query, key, query_key, value).
    drawn, weights_seed, layer_time
        Random matrices are drawn 'once', for each 'run', for each 'layer', or 'run_and_layer'. A layer is a step of the method layers,
        and lasts ``layer_time`` (default 1) with others.
    space, normalisation, switch_time, alpha
        'sphere' (default post_ln) or 'free' (default none); see above.
    method, step, tolerance, residual, max_steps
        'ode': Dormand and Prince's pair of orders 5 and 4, largest error of a token in one step ``tolerance`` (default 1e-8) times
        the larger of 1 and the length of the longest token; a run that tries more than ``max_steps`` (default 1e6) stops. 'euler', 'rk4':
        equal steps of the flow; 'rk4_frozen': the same with the weights a_ij of the start of the step; 'published': x' above;
        'layers': x' with ``residual`` x in place of x, step 1 unless given.
    last_time, records, spacing, first_time, times
        Records: by default 101 equally spaced times from 0 to 10. ``spacing`` 'log' starts with 0 and first_time. Or the ``times``
        themselves. They are rounded to steps.
    noise, seed, run_numbers
        sigma of dx = ... dt + sigma P_x dW on the sphere, in steps x' = N(x + ... + sigma sqrt(h) P_x xi). The numbers
        depend on (seed, number of the run, step, token) only; run_numbers are by default 0 ... R-1.
    observe
        Names; y is x on the space free and x/|x| on the sphere.
        'clusters': groups of tokens linked by distances |y_i - y_j| ≤ cluster_distance (default 0.05);
        'close_pairs': share of the pairs i < j with cosine above ``close`` (default 0.999);
        'largest_distance': max |y_i - y_j|; 'mean_inner_product': mean of <y_i, y_j> over i ≠ j; 'variance': mean of
        |y_i - mean y|^2; 'energy': sum_ij exp(beta <y_i, Q^T K y_j>) / (2 beta n^2); 'span': eigenvalues of the Gram matrix
        of y above span_threshold (default 1e-6), 'effective_rank': exp of the entropy of its singular values' shares (Roy, Vetterli);
        'speed': mean |dx_i/dt|; 'radius': mean |x_i|; 'attention_entropy': mean over tokens and heads of -sum_j a_ij ln a_ij
        of the rows made to sum to 1, 'participation': mean of 1 / sum_j a_ij^2 of these; 'order_1': |mean y/|y||; 'order_2':
        (d l - 1)/(d - 1) with l the largest eigenvalue of mean y y^T/|y|^2; on the circle
        'order_k', k ≤ 8: |mean exp(i k theta)|; 'positions'.
    progress
        Called as progress(done, total) now and then, at the end with done = total.

    Returns
    -------
    AttentionFlow

    Raises
    ------
    AtlasError
        Things that do not go together or are outside their bounds. A run that fails on its way is no error: see ``status``.

    Examples
    --------
    Causal attention: the first token collects all.

    >>> import attention_atlas as aa
    >>> starts = aa.token_starts("uniform", tokens=32, dimension=3, runs=4, seed=1)
    >>> flow = aa.attention_flow(starts, beta=1.0, mask="causal", last_time=60.0, records=2, observe=["clusters"])
    >>> flow.observables["clusters"][:, -1].tolist(), flow.status.tolist() == ["ok"] * 4
    ([1.0, 1.0, 1.0, 1.0], True)
    """
    points = check_starts(starts)
    asked = attention_setting(points.shape, **setting)
    points = check_starts(points, asked)
    observables, positions, steps, status, converged = observed_runs(points, asked, progress)
    words = np.array([STATUSES[code] for code in status.tolist()])
    return AttentionFlow(asked.times, observables, positions, steps, words, converged)


def _shown_signature() -> inspect.Signature:
    """All keywords by their names, for help() and completion."""
    own = inspect.signature(attention_flow).parameters
    asked = [p for name, p in inspect.signature(attention_setting).parameters.items() if name != "shape"]
    return inspect.Signature([own["starts"], *asked, own["progress"]], return_annotation=AttentionFlow)


attention_flow.__signature__ = _shown_signature()  # type: ignore[attr-defined]
