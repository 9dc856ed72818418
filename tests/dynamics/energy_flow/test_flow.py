"""The energy flow against a plain NumPy twin, closed forms and invariants."""

import numba
import numpy as np
import pytest

from attention_atlas.dynamics.energy_flow import layout as energy_flow_layout
from attention_atlas.dynamics.energy_flow.flow import energy_flow
from attention_atlas.dynamics.energy_flow.record import every_step, interaction_energy, log_spaced_steps
from attention_atlas.errors import AtlasError
from attention_atlas.geometry.sphere import circle_points, equal_angles, normalise, random_points

FULL = np.array([[1.0, 0.3, 0.0], [0.3, -2.0, 0.1], [0.0, 0.1, 0.5]])


def plain_flow(x, matrix, step_size, steps, sign, beta=1.0):
    """The formula of the paper, line by line."""
    for _ in range(steps):
        x = x - sign * step_size / len(x) * np.exp(beta * x @ matrix @ x.T) @ x @ matrix
        x = x / np.linalg.norm(x, axis=1, keepdims=True)
    return x


# below 17 particles sixteen runs share a vector; above, sixteen particles of a run do. Not
# multiples of 16, one, two, three and more dimensions, small and large exponents.
@pytest.mark.parametrize(
    ("n", "matrix", "beta"),
    [
        (1, FULL, 1.0),
        (4, np.diag([1.0, 9.0]), 1.0),
        (16, FULL, 0.3),
        (17, np.diag([0.5, -1.5]), 1.0),
        (48, FULL, 1.0),
        (100, np.diag([0.7, 1.0]), 2.5),
        (37, np.diag([1.0, -2.0, 0.0, 0.5, 3.0]), 0.7),
        (20, np.eye(1), 1.0),
        (65, np.eye(3), 0.0),
    ],
)
@pytest.mark.parametrize("direction", ["descent", "ascent"])
def test_against_plain_numpy(n, matrix, beta, direction):
    starts = random_points(3, range(2), n, len(matrix))
    kept = [0, 7, 20]
    options = {"step_size": 0.05, "steps": 20, "direction": direction, "beta": beta}
    flow = energy_flow(starts, matrix, **options, energy_steps=kept, frame_steps=kept)
    sign = 1 if direction == "descent" else -1
    for step, frame in zip(flow.frame_steps, flow.frames, strict=True):
        expected = [plain_flow(x, matrix, 0.05, step, sign, beta) for x in starts]
        # rounding of 20 steps of a smooth map
        np.testing.assert_allclose(frame, expected, rtol=0, atol=5e-14)
    np.testing.assert_array_equal(flow.positions, flow.frames[-1])
    np.testing.assert_allclose(flow.energies, interaction_energy(flow.frames, matrix, beta).T, rtol=2e-14)
    assert (flow.status == "ok").all()
    assert (flow.failed_step == -1).all()


def test_each_run_has_its_own_matrix_step_and_beta():
    for n in (4, 20):
        starts = random_points(1, range(3), n, 3)
        matrices = np.array([np.eye(3), FULL, np.diag([1.0, 3.0, 4.0])])
        sizes, betas = np.array([0.1, 0.02, 0.3]), np.array([1.0, 2.0, 0.5])
        flow = energy_flow(starts, matrices, step_size=sizes, steps=10, direction="ascent", beta=betas)
        expected = [
            plain_flow(x, matrix, size, 10, -1, beta)
            for x, matrix, size, beta in zip(starts, matrices, sizes, betas, strict=True)
        ]
        np.testing.assert_allclose(flow.positions, expected, rtol=0, atol=2e-14)


@pytest.mark.parametrize("side_by_side", ["particles", "runs"])
@pytest.mark.parametrize("matrix", [np.diag([0.5, 1.0]), FULL, np.diag([0.5, -1.0, 4.0])])
def test_either_layout_gives_the_plain_flow(matrix, side_by_side):
    starts, betas = random_points(3, range(21), 18, len(matrix)), np.where(np.arange(21) % 3, 0.5, 2.5)
    flow = energy_flow(
        starts, matrix, step_size=0.1, steps=12, direction="ascent", beta=betas, energy_steps=[0, 12],
        side_by_side=side_by_side,
    )  # fmt: skip
    expected = np.array([plain_flow(x, matrix, 0.1, 12, -1, beta) for x, beta in zip(starts, betas, strict=True)])
    np.testing.assert_allclose(flow.positions, expected, rtol=0, atol=5e-14)
    energies = [interaction_energy(x, matrix, beta) for x, beta in zip(expected, betas, strict=True)]
    np.testing.assert_allclose(flow.energies[:, 1], energies, rtol=2e-13)


@pytest.mark.parametrize(
    ("n", "d", "side_by_side"), [(1, 3, None), (4, 2, None), (100, 2, None), (100, 2, "runs"), (33, 4, None)]
)
def test_threads_and_splits_of_the_runs_change_no_bit(n, d, side_by_side):
    starts = random_points(8, range(19), n, d)
    options = {
        "step_size": 0.1,
        "steps": 30,
        "direction": "ascent",
        "noise": 0.1,
        "noise_seed": 4,
        "energy_steps": range(31),
        "side_by_side": side_by_side,
    }
    betas = np.where(np.arange(19) % 4, 1.0, 1.7)
    threads = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        whole = energy_flow(starts, np.eye(d), beta=betas, **options)
        numba.set_num_threads(min(2, numba.config.NUMBA_NUM_THREADS))
        slabs = [
            energy_flow(starts[a:b], np.eye(d), runs=range(a, b), beta=betas[a:b], **options)
            for a, b in [(0, 3), (3, 4), (4, 19)]
        ]
    finally:
        numba.set_num_threads(threads)
    for name in ("positions", "energies", "worst_change"):
        np.testing.assert_array_equal(np.concatenate([getattr(slab, name) for slab in slabs]), getattr(whole, name))


def test_threads_on_one_run_change_no_bit(monkeypatch):
    monkeypatch.setattr(energy_flow_layout, "MIN_PARTICLES_IN_PARTS", 200)
    starts = random_points(8, [0], 210, 3)
    results = []
    for available in (1, 2):  # 2: one run for more threads, the wide kernel
        monkeypatch.setattr(energy_flow_layout, "get_num_threads", lambda available=available: available)
        results.append(energy_flow(starts, FULL, step_size=0.1, steps=15, direction="descent", energy_steps=range(16)))
    np.testing.assert_array_equal(results[0].positions, results[1].positions)
    np.testing.assert_array_equal(results[0].energies, results[1].energies)
    np.testing.assert_allclose(results[0].positions[0], plain_flow(starts[0], FULL, 0.1, 15, 1), atol=5e-14)


def test_calls_of_the_kernel_change_no_bit(monkeypatch):
    starts = random_points(2, range(3), 18, 2)
    options = {"step_size": 0.1, "steps": 40, "direction": "descent", "noise": 0.05, "energy_steps": range(41)}
    once = energy_flow(starts, np.eye(2), **options)
    monkeypatch.setattr("attention_atlas.dynamics.energy_flow.flow.PAIRS_PER_CALL", 7 * 3 * 18 * 18)
    seen = []
    often = energy_flow(starts, np.eye(2), **options, progress=lambda done, total: seen.append((done, total)))
    np.testing.assert_array_equal(once.positions, often.positions)
    np.testing.assert_array_equal(once.energies, often.energies)
    np.testing.assert_array_equal(once.worst_change, often.worst_change)
    assert seen[0] == (7, 40)
    assert seen[-1] == (40, 40)


def test_rotating_everything_rotates_the_result():
    rotation = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    starts = random_points(5, [0], 50, 3)
    options = {"step_size": 0.1, "steps": 25, "direction": "descent"}
    straight = energy_flow(starts, FULL, **options).positions
    rotated = energy_flow(
        starts @ rotation.T, rotation @ FULL @ rotation.T * 0.5 + (rotation @ FULL @ rotation.T).T * 0.5, **options
    )
    np.testing.assert_allclose(rotated.positions, straight @ rotation.T, rtol=0, atol=1e-13)


def test_uniform_points_on_the_circle_stay_for_identity():
    starts = circle_points(equal_angles(24))
    flow = energy_flow(starts, np.eye(2), step_size=0.1, steps=50, direction="descent")
    # by symmetry the force is radial; the descent is stable, so rounding does not grow
    np.testing.assert_allclose(flow.positions[0], starts, rtol=0, atol=1e-13)


@pytest.mark.parametrize("n", [5, 60])
@pytest.mark.parametrize("direction", ["descent", "ascent"])
def test_energy_goes_one_way_with_small_steps(n, direction):
    starts = random_points(9, range(4), n, 3)
    flow = energy_flow(starts, FULL, step_size=0.05, steps=400, direction=direction, energy_steps=[0, 400])
    assert flow.worst_change.max() < 1e-14
    change = flow.energies[:, 1] - flow.energies[:, 0]
    assert ((change < 0) if direction == "descent" else (change > 0)).all()


def test_worst_change_sees_a_step_that_is_too_long():
    starts = random_points(9, range(4), 60, 2)
    flow = energy_flow(
        starts, np.diag([1.0, 9.0]), step_size=2.0, steps=40, direction="descent", energy_steps=range(41)
    )
    rises = (np.diff(flow.energies, axis=1) / flow.energies[:, :-1]).max(axis=1)
    assert (rises > 0.01).all()
    np.testing.assert_allclose(flow.worst_change, rises, rtol=1e-12)


@pytest.mark.parametrize("n", [3, 40])
def test_blow_up_is_a_status_and_no_nan(n):
    starts = random_points(9, range(3), n, 3)
    sizes = np.array([0.1, 1e200, 0.1])
    matrix = np.diag([1.0, 1.0, 2.0])
    options = {"steps": 6, "direction": "descent"}
    flow = energy_flow(starts, matrix, step_size=sizes, energy_steps=range(7), frame_steps=[0, 3, 6], **options)
    assert flow.status.tolist() == ["ok", "blew_up", "ok"]
    assert flow.failed_step.tolist() == [-1, 0, -1]
    np.testing.assert_allclose(flow.positions[1], starts[1], rtol=0, atol=1e-15)
    assert np.isfinite(flow.positions).all()
    assert np.isfinite(flow.frames).all()
    assert np.isfinite(flow.energies[[0, 2]]).all()
    assert np.isfinite(flow.energies[1, 0])
    assert np.isnan(flow.energies[1, 1:]).all()
    alone = energy_flow(starts[[0, 2]], matrix, step_size=0.1, **options)
    np.testing.assert_array_equal(flow.positions[[0, 2]], alone.positions)


@pytest.mark.parametrize("n", [3, 40])
def test_exponent_out_of_range_blows_up(n):
    flow = energy_flow(random_points(1, [0], n, 2), 1500.0 * np.eye(2), step_size=0.1, steps=5, direction="ascent")
    assert flow.status.tolist() == ["blew_up"]


def test_a_particle_that_loses_its_direction_has_vanished():
    # n = 1, D = I: x (1 - tau e) is zero for tau = 1/e
    flow = energy_flow(
        random_points(1, range(2), 1, 3), np.eye(3), step_size=np.exp(-1.0), steps=5, direction="descent"
    )
    assert flow.status.tolist() == ["vanished"] * 2
    assert flow.failed_step.tolist() == [0, 0]


@pytest.mark.parametrize("n", [2, 30])
def test_noise_has_its_size_and_its_decay(n):
    starts = random_points(1, range(50), n, 3)
    one, two = (
        energy_flow(
            starts, np.zeros((3, 3)), step_size=0.1, steps=k, direction="descent", noise=1e-4, frame_steps=[0, k]
        )
        for k in (1, 2)
    )
    first = one.positions - starts
    second = two.positions - one.positions
    # tangential part: two of three components; relative spread 1/sqrt(2 * 2 * 50 n)
    spread = 4 / np.sqrt(4 * 50 * n)
    assert abs(np.sqrt((first**2).sum(axis=2).mean() / 2) / 1e-4 - 1) < spread
    assert abs(np.sqrt((second**2).sum(axis=2).mean() / 2) / 0.9e-4 - 1) < spread


def test_no_steps_and_no_runs():
    starts = random_points(1, range(2), 5, 3)
    flow = energy_flow(starts, FULL, step_size=0.1, steps=0, direction="descent", energy_steps=[0], frame_steps=[0])
    np.testing.assert_allclose(flow.positions, starts, atol=1e-15)
    np.testing.assert_allclose(flow.energies[:, 0], interaction_energy(starts, FULL), rtol=1e-14)
    assert energy_flow(starts[:0], FULL, step_size=0.1, steps=3, direction="descent").positions.shape == (0, 5, 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"matrix": np.ones((2, 2))}, "D: has shape"),
        ({"matrix": np.triu(np.ones((3, 3)))}, "D: is not a finite symmetric"),
        ({"matrix": np.full((3, 3), np.nan)}, "D: is not a finite symmetric"),
        ({"step_size": -0.1}, "step_size: -0.1 is outside"),
        ({"beta": np.inf}, "beta: inf is outside"),
        ({"step_size": [0.1, 0.1]}, "step_size: has shape"),
        ({"steps": -1}, "steps, noise: -1, 0.0"),
        ({"direction": "up"}, "direction: 'up'"),
        ({"side_by_side": "steps"}, "side_by_side: 'steps'"),
        ({"energy_steps": [11]}, "energy_steps: 11 to 11 is outside 0 to 10"),
        ({"runs": [1, 2]}, "runs: has 2 indices"),
        ({"starts": np.ones((1, 4, 3))}, "starts: a point is off the sphere"),
    ],
)
def test_bad_values_are_named(change, message):
    arguments = {
        "starts": random_points(1, [0], 4, 3),
        "matrix": np.eye(3),
        "step_size": 0.1,
        "steps": 10,
        "direction": "descent",
    }
    with pytest.raises(AtlasError, match=message):
        energy_flow(**(arguments | change))


def test_lists_of_steps():
    assert every_step(10, 4).tolist() == [0, 4, 8, 10]
    assert every_step(8, 4).tolist() == [0, 4, 8]
    spaced = log_spaced_steps(20_000, 96)
    assert spaced[0] == 0
    assert spaced[-1] == 20_000
    assert len(spaced) in (95, 96)
    assert spaced[:3].tolist() == [0, 1, 2]
    assert (np.diff(spaced) > 0).all()
    assert log_spaced_steps(20_000, 2).tolist() == [0, 20_000]
    assert log_spaced_steps(5, 100).tolist() == [0, 1, 2, 3, 4, 5]
    assert log_spaced_steps(0, 10).tolist() == [0]


def test_interaction_energy_of_known_configurations():
    pair = normalise(np.array([[1.0, 1.0], [-1.0, -1.0]]))
    np.testing.assert_allclose(interaction_energy(pair, np.eye(2)), np.cosh(1.0), rtol=1e-15)
    np.testing.assert_allclose(interaction_energy(np.stack([pair, pair]), np.eye(2), 2.0), np.cosh(2.0), rtol=1e-15)
