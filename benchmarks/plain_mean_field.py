"""The mean-field map as one writes it down first: NumPy with einsum, and PyTorch's automatic differentiation for the spectrum."""

import numpy as np


def numpy_fields(attention, patterns, pair, quad, positional, signs, beta, epsilon):
    """m^v, m^q, m^k of the window entries: attention (L, M), patterns (L, B); correlations [field, b, a]."""
    t = np.tanh(beta * np.einsum("jb,db->dj", signs, attention))
    sums = np.einsum("jb,fba->fja", signs, pair) + np.einsum("j,fa->fja", np.prod(signs, axis=1), quad)
    semantic = np.einsum("fja,dj->fda", sums, t) / len(signs)
    encoded = np.einsum("fab,db->fda", positional, patterns) / patterns.shape[1]
    return (1 - epsilon) * semantic + epsilon * encoded


def numpy_step(attention, patterns, pair, quad, positional, signs, beta, gamma, epsilon):
    """One step: the new window, newest first. Fields of all four matrices are made anew for the whole window."""
    _, value, query, key = numpy_fields(attention, patterns, pair, quad, positional, signs, beta, epsilon)
    logits = gamma * np.einsum("a,da->d", query[0], key)
    weights = np.exp(logits - np.max(logits))
    weights = weights / np.sum(weights)
    new = np.einsum("d,da->a", weights, value)
    return np.concatenate([new[None], attention[:-1]]), np.roll(patterns, 1, axis=0)


def torch_step(attention, patterns, pair, quad, positional, signs, beta, gamma, epsilon):
    """The same step in PyTorch, from a flat window to a flat window."""
    import torch

    window = attention.reshape(-1, signs.shape[1])
    t = torch.tanh(beta * torch.einsum("jb,db->dj", signs, window))
    sums = torch.einsum("jb,fba->fja", signs, pair) + torch.einsum("j,fa->fja", torch.prod(signs, dim=1), quad)
    semantic = torch.einsum("fja,dj->fda", sums, t) / len(signs)
    encoded = torch.einsum("fab,db->fda", positional, patterns) / patterns.shape[1]
    _, value, query, key = (1 - epsilon) * semantic + epsilon * encoded
    weights = torch.softmax(gamma * torch.einsum("a,da->d", query[0], key), dim=0)
    new = torch.einsum("d,da->a", weights, value)
    return torch.cat([new[None], window[:-1]]).reshape(-1)


def torch_spectrum(attention, patterns, model, beta, gamma, epsilon, steps):
    """Lyapunov exponents over ``steps`` steps: Jacobian by automatic differentiation, QR at every step."""
    import torch

    numbers = [torch.from_numpy(array) for array in model]
    state, patterns = torch.from_numpy(attention.reshape(-1)), torch.from_numpy(patterns)
    frame, logs = torch.eye(state.numel(), dtype=torch.float64), torch.zeros(state.numel(), dtype=torch.float64)
    for _ in range(steps):

        def step(x, patterns=patterns):
            return torch_step(x, patterns, *numbers, beta, gamma, epsilon)

        jacobian = torch.autograd.functional.jacobian(step, state)
        frame, triangle = torch.linalg.qr(jacobian @ frame)
        logs += torch.log(torch.abs(torch.diag(triangle)))
        state, patterns = step(state), torch.roll(patterns, 1, dims=0)
    return logs.numpy() / steps


def numpy_spectrum(attention, patterns, model, beta, gamma, epsilon, steps, width=1e-7):
    """The same by central differences in NumPy."""
    size = attention.size
    frame, logs = np.eye(size), np.zeros(size)
    for _ in range(steps):
        jacobian = np.empty((size, size))
        for k in range(size):
            shift = np.zeros(size)
            shift[k] = width
            ahead = numpy_step(attention + shift.reshape(attention.shape), patterns, *model, beta, gamma, epsilon)[0]
            behind = numpy_step(attention - shift.reshape(attention.shape), patterns, *model, beta, gamma, epsilon)[0]
            jacobian[:, k] = (ahead - behind).reshape(-1) / (2 * width)
        frame, triangle = np.linalg.qr(jacobian @ frame)
        logs += np.log(np.abs(np.diag(triangle)))
        attention, patterns = numpy_step(attention, patterns, *model, beta, gamma, epsilon)
    return logs / steps
