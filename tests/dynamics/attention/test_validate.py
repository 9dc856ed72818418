"""Each impossible combination, name or bound ends in one clear line before anything is computed."""

import numpy as np
import pytest

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.setting import attention_setting
from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.errors import AtlasError

SHAPE = (2, 6, 3)
IDENTITY = np.eye(6)

# what is asked for -> how the line begins, and a word that must stand in it
MISTAKES = [
    ({"kernel": "softmaks"}, "kernel: 'softmaks'", "hardmax"),
    ({"mask": "lower"}, "mask: 'lower'", "causal"),
    ({"method": "leapfrog", "step": 0.1}, "method: 'leapfrog'", "rk4"),
    ({"space": "torus"}, "space: 'torus'", "sphere"),
    ({"normalisation": "rescaled"}, "normalisation: 'rescaled'", "post_ln"),
    ({"space": "free", "normalisation": "pre_ln"}, "normalisation: 'pre_ln'", "averaging"),
    ({"sums": "fft"}, "sums: 'fft'", "modes"),
    ({"observe": ["cluster"]}, "observe: 'cluster'", "clusters"),
    ({"observe": ["clusters", "clusters"]}, "observe: 'clusters'", "twice"),
    ({"observe": []}, "observe: nothing", "clusters"),
    ({"observe": ["order_3"]}, "observe: orders above 2", "dimension 2"),
    ({"beta": -1.0}, "beta: -1.0", "0"),
    ({"beta": float("nan")}, "beta: nan", "0"),
    ({"beta": "big"}, "beta: 'big'", "number"),
    ({"beta": True}, "beta: True", "number"),
    ({"beta": 2.0, "gamma": 1.0}, "gamma: beta is given too", "one"),
    ({"gamma": -1.0}, "gamma: -1.0", "0"),
    ({"beta": 800.0, "kernel": "unnormalised"}, "beta: 800", "690"),
    ({"beta": 5.0, "kernel": "hardmax", "method": "euler", "step": 0.1}, "beta: it belongs to", "hardmax"),
    ({"tie_tolerance": 0.1}, "tie_tolerance: it belongs to", "hardmax"),
    ({"bias": 0.1}, "bias: it belongs to", "sigmoid"),
    ({"kernel": "hardmax"}, "method: 'ode'", "euler"),
    ({"window": 3}, "window: it belongs to", "window"),
    ({"mask": "window"}, "window: it is missing", "width"),
    ({"mask": "window", "window": -1}, "window: -1", "0"),
    ({"mask": "window", "window": 1.5}, "window: 1.5", "whole"),
    ({"mask": "graph"}, "graph: it is missing", "array"),
    ({"graph": IDENTITY}, "graph: it belongs to", "graph"),
    ({"mask": "graph", "graph": np.eye(5)}, "graph: its shape is (5, 5)", "6"),
    ({"mask": "graph", "graph": 2 * IDENTITY}, "graph: an entry", "0 nor 1"),
    ({"mask": "graph", "graph": np.diag([1, 1, 0, 1, 1, 1])}, "graph: token 2", "nobody"),
    ({"sums": "modes"}, "sums: modes need the circle", "pairs"),
    ({"query": np.ones((2, 2))}, "query: shape (2, 2)", "(3, 3)"),
    ({"value": "gausian"}, "value: 'gausian'", "wishart"),
    ({"value": [[1.0, "a"]]}, "value: ", "numbers"),
    ({"value": np.full((3, 3), np.inf)}, "value: shape (3, 3)", "finite"),
    ({"query": 2.0, "query_key": 1.0}, "query_key: it stands for", "leave"),
    ({"value": "plus"}, "value: 'plus'", "query_key"),
    ({"heads": 0}, "heads: 0", "1 to 256"),
    ({"heads": [{"wait": 1.0}]}, "heads: 'wait'", "weight"),
    ({"heads": [{"weight": "a"}]}, "heads: the weight 'a'", "number"),
    ({"heads": [{}], "value": 2.0}, "heads: each head of a list", "beside"),
    ({"heads": {"weight": 1.0}}, "heads: it is neither", "list"),
    ({"drawn": "run"}, "drawn: it belongs to", "random"),
    ({"weights_seed": 3}, "weights_seed: it belongs to", "random"),
    ({"query_key": "goe", "drawn": "daily"}, "drawn: 'daily'", "layer"),
    ({"query_key": "goe", "layer_time": 2.0}, "layer_time: it belongs to", "layer"),
    ({"switch_time": 1.0}, "switch_time: it belongs to", "mix_ln"),
    ({"normalisation": "mix_ln"}, "switch_time: it is missing", "pre_ln"),
    ({"alpha": 0.5}, "alpha: it belongs to", "ngpt"),
    ({"normalisation": "ngpt", "alpha": 0.0}, "alpha: 0.0", "0"),
    (
        {"space": "free", "normalisation": "rescaled", "heads": 2},
        "heads: 2 with the normalisation rescaled",
        "one head",
    ),
    ({"step": 0.1}, "step: it belongs to", "euler"),
    ({"method": "euler"}, "step: it is missing", "equal steps"),
    ({"method": "euler", "step": 0.0}, "step: 0.0", "0"),
    ({"method": "euler", "step": 0.1, "tolerance": 1e-6}, "tolerance: it belongs to", "ode"),
    ({"tolerance": 1e-20}, "tolerance: 1e-20", "1e-13"),
    ({"residual": 0.0}, "residual: it belongs to", "layers"),
    ({"method": "published", "step": 0.1, "space": "free"}, "method: published", "euler"),
    ({"method": "published", "step": 0.1, "normalisation": "pre_ln"}, "method: published", "layers"),
    ({"method": "rk4_frozen", "step": 0.1}, "method: rk4_frozen", "free"),
    ({"last_time": 0.0}, "last_time: 0.0", "above 0"),
    ({"records": 1.5}, "records: 1.5", "whole"),
    ({"spacing": "cubic"}, "spacing: 'cubic'", "log"),
    ({"first_time": 0.1}, "first_time: it belongs to", "log"),
    ({"times": [0.0, 1.0], "records": 3}, "times: last_time, records", "times"),
    ({"times": [1.0, 1.0]}, "times: they must be", "increase"),
    ({"times": [0.0, np.nan]}, "times: shape (2,)", "finite"),
    ({"noise": 0.1}, "noise: 0.1 with the method 'ode'", "euler"),
    ({"noise": 0.1, "method": "euler", "step": 0.1, "normalisation": "pre_ln"}, "noise: 0.1", "post_ln"),
    ({"noise": 0.1, "method": "euler", "step": 0.1, "space": "free"}, "noise: 0.1", "sphere"),
    ({"seed": 3}, "seed: it belongs to", "noise"),
    ({"observe": ["energy"], "kernel": "sigmoid"}, "observe: there is no energy", "softmax"),
    ({"observe": ["energy"], "beta": 0.0}, "observe: there is no energy", "beta > 0"),
    ({"observe": ["energy"], "beta": 900.0}, "observe: the energy at beta 900", "690"),
    ({"observe": ["energy"], "heads": 2}, "observe: 2 heads", "energy"),
    ({"observe": ["span"], "cluster_distance": 0.1}, "cluster_distance: it belongs to", "clusters"),
    ({"cluster_distance": 0.0}, "cluster_distance: 0.0", "0"),
    ({"run_numbers": [1]}, "run_numbers: (1,)", "2 runs"),
]


@pytest.mark.parametrize(("asked", "begins", "names"), MISTAKES, ids=[line for _, line, _ in MISTAKES])
def test_one_line(asked, begins, names):
    with pytest.raises(AtlasError) as caught:
        attention_setting(SHAPE, **asked)
    line = str(caught.value)
    assert line.startswith(begins)
    assert names in line
    assert "\n" not in line
    # what is wrong, and after it what to do
    assert ";" in line


def test_bounds_of_memory():
    with pytest.raises(AtlasError, match="positions of 2000 runs"):
        attention_setting((2000, 500, 3), observe=["positions"], records=500)
    with pytest.raises(AtlasError, match="the matrices of 4000 runs"):
        attention_setting((4000, 20, 512), query_key="gaussian", drawn="run")
    with pytest.raises(AtlasError, match="graph: 30000 tokens"):
        attention_setting((1, 30000, 3), mask="graph", graph=np.ones((1, 1)))


STARTS = [
    ({"kind": "unifrom"}, "starts: 'unifrom'"),
    ({"tokens": 0}, "tokens: 0"),
    ({"tokens": 2.5}, "tokens: 2.5"),
    ({"dimension": 0}, "dimension: 0"),
    ({"runs": -1}, "runs: -1"),
    ({"seed": -1}, "seed: -1"),
    ({"chosen": [5]}, "chosen: the runs wanted"),
    ({"angle": 1.0}, "starts: 'angle' is no option of the kind uniform"),
    ({"kind": "cap", "angle": 4.0}, "angle: 4.0"),
    ({"kind": "equiangular"}, "tokens: 6 with equal angles in dimension 3"),
    ({"kind": "equiangular", "dimension": 6, "cosine": -0.5}, "cosine: -0.5"),
    ({"kind": "box", "half_width": -1.0}, "half_width: -1.0"),
    ({"kind": "points"}, "points: they are missing"),
    ({"kind": "points", "points": np.zeros((5, 3))}, "points: shape (5, 3)"),
    ({"kind": "torch_cpu", "law": "cauchy"}, "law: 'cauchy'"),
    ({"kind": "torch_cpu", "law": "angles"}, "law: 'angles'"),
    ({"kind": "torch_cuda", "runs": 10_000}, "shape: (10000, 6, 3)"),
    ({"kind": "wrapped_normals", "dimension": 4}, "dimension: 4"),
    ({"kind": "wrapped_normals", "centres": [1.0, 2.0], "shares": [0.7, 0.7]}, "shares: [0.7, 0.7]"),
]


@pytest.mark.parametrize(("asked", "begins"), STARTS, ids=[line for _, line in STARTS])
def test_one_line_about_starts(asked, begins):
    with pytest.raises(AtlasError) as caught:
        token_starts(**({"tokens": 6, "dimension": 3} | asked))
    assert str(caught.value).startswith(begins)
    assert "\n" not in str(caught.value)


def test_starts_off_the_sphere():
    points = token_starts(tokens=6, dimension=3)
    for wrong, match in (
        (1.1 * points, "off the unit sphere"), (0 * points, "length 0"), (points * np.nan, "not finite"), ("a", "no array"),
    ):  # fmt: skip
        with pytest.raises(AtlasError, match=match):
            attention_flow(wrong)


def test_checking_loads_no_kernel():
    import subprocess
    import sys

    program = (
        "import sys\n"
        "from attention_atlas.dynamics.attention.setting import attention_setting\n"
        "attention_setting((1, 4, 2))\n"
        "print('numba' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
