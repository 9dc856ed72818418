"""Orbits and exponents of the mean-field map against the map in plain NumPy and its numerical Jacobian."""

import numpy as np
import pytest

import attention_atlas as aa
from attention_atlas.dynamics.mean_field.map import Window, attention_step, observables, parameters

NETWORK = aa.mean_field_network()


def plain_steps(network, params, window, steps):
    for _ in range(steps):
        window = attention_step(network.model, params, window)
        yield window


def batch(window):
    return Window(window.attention[None], window.phase)


def test_orbits_are_those_of_the_map():
    # regular enough to agree for a hundred steps
    network = aa.mean_field_network(seed=4, patterns=2, bits=3, context=5, start_tokens=50)
    assert network.start.attention.shape == (5, 2)
    orbit = aa.mean_field_orbit(0.9, network=network, beta_att=0.3, epsilon=0.1, transient=20, steps=80)
    params = parameters(network.model, 0.9, 0.3, 0.1)
    windows = list(plain_steps(network, params, batch(network.start), 100))[20:]
    newest = np.array([window.attention[0, 0] for window in windows])
    np.testing.assert_allclose(orbit.attention, newest, rtol=0, atol=1e-10)
    np.testing.assert_allclose(orbit.observables, observables(network.model, params, newest[None])[0], atol=1e-10)


def test_known_orbits_of_the_published_network():
    told = []
    orbit = aa.mean_field_orbit([0.0, 1.27, 1.3], transient=30_000, steps=1000, progress=lambda *now: told.append(now))
    assert orbit.status.tolist() == ["ok"] * 3
    # without gain nothing moves but the positional code of period 4; 28 is a published window; 1.3 is chaotic
    assert orbit.period.tolist()[1:] == [28, 0]
    assert 4 % orbit.period[0] == 0
    assert orbit.converged.tolist() == [True, True, False]
    np.testing.assert_allclose(orbit.observables[1, 28:], orbit.observables[1, :-28], rtol=0, atol=1e-7)
    assert told == sorted(told)
    assert told[-1] == (31_000, 31_000)


def numerical_jacobian(network, params, window, width=1e-6):
    context, patterns = window.attention.shape[1:]
    size = context * patterns
    shifts = width * np.eye(size).reshape(size, context, patterns)
    many = params._replace(**{name: np.repeat(values, size) for name, values in params._asdict().items()})
    ahead, behind = (
        attention_step(network.model, many, Window(window.attention + sign * shifts, window.phase)).attention
        for sign in (1, -1)
    )
    return (ahead - behind).reshape(size, size).T / (2 * width)


def test_exponents_are_those_of_the_numerical_jacobian():
    network = aa.mean_field_network(seed=3, patterns=1, bits=2, start_tokens=2000)
    settings = {"network": network, "beta_att": 0.2, "epsilon": 0.1}
    found = aa.lyapunov_spectrum(0.8, **settings, transient=1000, steps=1600)
    params = parameters(network.model, 0.8, 0.2, 0.1)
    frame, logs, window = np.eye(4), np.zeros(4), batch(network.start)
    for step in range(2600):
        frame, triangle = np.linalg.qr(numerical_jacobian(network, params, window) @ frame)
        if step >= 1000:
            logs += np.log(np.abs(np.diag(triangle)))
        window = attention_step(network.model, params, window)
    assert found.exponents.shape == (4,)
    np.testing.assert_allclose(found.exponents, np.sort(logs / 1600)[::-1], rtol=1e-5)
    assert found.status.tolist() == ["ok"] * 4
    assert found.converged.all()


def test_exponents_of_the_published_network():
    told = []
    spectrum = aa.lyapunov_spectrum([1.24, 1.3], exponents=3, steps=32_000, progress=lambda *now: told.append(now))
    assert spectrum.exponents.shape == spectrum.error.shape == spectrum.status.shape == (2, 3)
    assert spectrum.exponents[0, 0] < 0
    # published run of 75,000 steps: 0.144
    assert abs(spectrum.exponents[1, 0] - 0.144) < 5 * spectrum.error[1, 0] + 1e-3
    assert told == sorted(told)
    assert told[-1] == (42_000, 42_000)
    whole = aa.lyapunov_spectrum(1.3, steps=16)
    assert whole.exponents.shape == (12,)


def test_given_weights_are_taken():
    generator = np.random.default_rng(1)
    semantic, positional = (generator.choice([-1, 1], shape) for shape in ((4, 3, 60), (4, 3, 2)))
    network = aa.mean_field_network(semantic=semantic, positional=positional, start_tokens=100)
    assert network.model.patterns == 3
    orbit = aa.mean_field_orbit(1.0, network=network, transient=10, steps=10)
    assert orbit.observables.shape == orbit.attention.shape == (10, 3)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"beta": "hot"}, "beta"),
        ({"beta": [1.0, np.inf]}, "beta"),
        ({"beta_att": [1.0, 2.0], "beta": [1.0, 2.0, 3.0]}, "beta, beta_att, epsilon"),
        ({"epsilon": 1.5}, "epsilon"),
        ({"transient": -1}, "transient"),
        ({"steps": 1}, "steps"),
    ],
)
def test_bad_values_are_named_in_one_line(change, name):
    with pytest.raises(aa.AtlasError, match=rf"\A{name}: [^\n]+\Z"):
        aa.mean_field_orbit(**{"beta": 1.0, "network": NETWORK, **change})


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: aa.lyapunov_spectrum(1.0, network=NETWORK, steps=100), "steps"),
        (lambda: aa.lyapunov_spectrum(1.0, network=NETWORK, exponents=13), "exponents"),
        (lambda: aa.lyapunov_spectrum(1.0, network=NETWORK, transient=10), "transient"),
        (lambda: aa.mean_field_network(patterns=4), "patterns"),
        (lambda: aa.mean_field_network(bits=2, context=5), "context"),
        (lambda: aa.mean_field_network(semantic=np.ones((4, 1, 3))), "semantic, positional"),
        (lambda: aa.mean_field_network(semantic=np.zeros((4, 1, 3)), positional=np.ones((4, 1, 1))), "weights"),
        (lambda: aa.mean_field_network(start_tokens=4), "start_tokens"),
        (lambda: aa.mean_field_network(seed=-1), "seed"),
    ],
)
def test_bad_values_of_networks_and_spectra_are_named(call, name):
    with pytest.raises(aa.AtlasError, match=rf"\A{name}: [^\n]+\Z"):
        call()
