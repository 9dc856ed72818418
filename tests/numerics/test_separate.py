"""Functions that are compiled once and called by their name."""

import os
import subprocess
import sys

import numpy as np

PROGRAM = """
from typing import NamedTuple
import attention_atlas
import numpy as np
from numba import njit, prange, typeof, types
from attention_atlas.numerics.separate import Separate

class Law(NamedTuple):
    a: int
    b: float

def _add(law, x, pair, flag):
    if flag is None:
        x[0] += law.a + law.b
    else:
        x[1] += pair[0][0, 0] * flag
    return x[0]

add = Separate("test_add", _add)
call = add.call
VECTOR, PAIR = types.float64[::1], types.UniTuple(types.float64[:, ::1], 2)
for flag in (types.none, types.int64):
    add.prepare(typeof(Law(1, 2.0)), VECTOR, PAIR, flag)

@njit(cache=True)
def inner(law, x, pair, flag):
    fresh = np.zeros(x.shape[0])
    fresh[1] = 1.0
    call(law, fresh, pair, None)
    return call(law, x, pair, flag) + fresh[0]

@njit(cache=True, parallel=True)
def outer(law, x, pair, flag, out):
    for i in prange(x.shape[0]):
        out[i] = inner(law, x[i], pair, flag)

if __name__ == "__main__":
    import program
    x, pair, out = np.zeros((50, 3)), (np.full((2, 2), 5.0), np.zeros((1, 1))), np.zeros(50)
    program.outer(program.Law(1, 0.5), x, pair, None, out)
    assert (x[:, 0] == 1.5).all() and (out == 3.0).all(), (x, out)
    program.outer(program.Law(1, 0.5), x, pair, 3, out)
    assert (x[:, 1] == 15.0).all() and (out == 3.0).all(), (x, out)
    print(sum(program.outer.stats.cache_hits.values()), sum(program.add._function.stats.cache_hits.values()))
"""


def output_of(folder, *words):
    """What a program in a folder of its own prints."""
    # ./atlas keeps the folder that one is in off Python's path
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_calls_with_all_kinds_of_arguments_also_from_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("ATTENTION_ATLAS_CACHE", str(tmp_path / "cache"))
    (tmp_path / "program.py").write_text(PROGRAM)
    hits = [np.array(output_of(tmp_path, "program.py").split(), dtype=int) for _ in range(2)]
    assert (hits[1] > hits[0]).all()


VARIANTS = """
import sys
import attention_atlas
import numpy as np
from numba import njit
from attention_atlas.numerics.separate import Separate

def _first(x, k):
    return x[0] + k

FIRST = Separate("test_first", _first)
first = FIRST.call

@njit(cache=True)
def outer(x):
    return first(x, 1)

if __name__ == "__main__":
    import variants
    x, fixed = np.ones(3), np.ones(3)
    fixed.flags.writeable = False
    # an array that can be written serves as one that cannot
    for array in [fixed, x] if sys.argv[1] == "both" else [x]:
        variants.FIRST.prepare_for(array, 1)
    assert variants.outer(x) == 2.0
    print(sum(variants.outer.stats.cache_hits.values()))
"""


def test_a_cached_kernel_does_not_show_what_else_was_prepared(tmp_path, monkeypatch):
    """It was compiled where two kinds of arrays were prepared, and is loaded where one is: the other would be missing there."""
    monkeypatch.setenv("ATTENTION_ATLAS_CACHE", str(tmp_path / "cache"))
    (tmp_path / "variants.py").write_text(VARIANTS)
    hits = [int(output_of(tmp_path, "variants.py", kinds)) for kinds in ("both", "one")]
    assert hits == [0, 1]
