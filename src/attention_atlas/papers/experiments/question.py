"""One entry of the block ``experiments`` as calls of the engine: what is swept, and what each call is given.

Nothing here needs Numba: a configuration is checked by it before any job.
"""

import copy
import difflib
import itertools
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from attention_atlas.dynamics.attention.model import Setting
from attention_atlas.dynamics.attention.setting import attention_setting
from attention_atlas.errors import AtlasError

__all__ = [
    "Question",
    "Sweep",
    "engine_arguments",
    "expected_seconds",
    "files_of",
    "in_key",
    "loaded",
    "of_runs",
    "question",
    "setting_of",
    "without_words",
]

# Group of the entry -> key -> argument of ``attention_flow``
ARGUMENTS: dict[str, dict[str, str]] = {
    "attention": {
        name: name
        for name in (
            "kernel", "beta", "gamma", "mask", "window", "graph", "tie_tolerance", "bias", "sums", "heads"
        )
    },
    "weights": {
        "query": "query", "key": "key", "query_key": "query_key", "value": "value",
        "drawn": "drawn", "seed": "weights_seed", "layer_time": "layer_time",
    },
    "normalisation": {"kind": "normalisation", "switch_time": "switch_time", "alpha": "alpha"},
    "time": {
        "method": "method", "last": "last_time", "records": "records", "spacing": "spacing", "first": "first_time",
        "step": "step", "tolerance": "tolerance", "residual": "residual", "max_steps": "max_steps",
    },
    "noise": {"sigma": "noise", "seed": "seed"},
    "thresholds": {name: name for name in ("cluster_distance", "close", "span_threshold")},
}  # fmt: skip
# Argument of the engine -> key of the entry, for messages
KEYS = {argument: f"{group}.{key}" for group, pairs in ARGUMENTS.items() for key, argument in pairs.items()}
KEYS |= {name: f"starts.{name}" for name in ("points", "law", "centres", "width", "shares", "angle", "cosine", "scale")}
KEYS |= {name: f"starts.{name}" for name in ("half_width", "radius", "runs", "kind")}
KEYS |= {"starts": "starts", "times": "time", "shape": "starts"}
# Groups that may be written as the value of one of their keys
SHORT = {"noise": "sigma", "normalisation": "kind"}
MATRICES = ("query", "key", "query_key", "value")
# Swept key -> keys that only some of its values have, and those values: at the others they are left out
GOVERNS: dict[str, dict[str, tuple[str, ...]]] = {
    "attention.kernel": {
        "attention.beta": ("softmax", "unnormalised", "sigmoid"),
        "attention.gamma": ("softmax", "unnormalised", "sigmoid"),
        "attention.tie_tolerance": ("hardmax",),
        "attention.bias": ("sigmoid",),
    },
    "attention.mask": {"attention.window": ("window", "causal_window"), "attention.graph": ("graph",)},
    "normalisation.kind": {"normalisation.switch_time": ("mix_ln",), "normalisation.alpha": ("ngpt",)},
    "time.method": {
        "time.step": ("rk4", "rk4_frozen", "euler", "published", "layers"),
        "time.tolerance": ("ode",),
        "time.max_steps": ("ode",),
        "time.residual": ("layers",),
    },
    "starts.kind": {
        "starts.angle": ("cap",),
        "starts.cosine": ("equiangular", "correlated"),
        "starts.half_width": ("box",),
        "starts.scale": ("gaussian",),
        "starts.law": ("torch_cpu", "torch_cuda", "numpy"),
        "starts.points": ("points",),
        **{f"starts.{name}": ("wrapped_normals",) for name in ("centres", "width", "shares")},
    },
}
# What may not differ between the values of a sweep: they share one table
FIXED = ("title", "text", "observe", "sweep", "claims", "slabs", "time.records", "starts.runs", "starts.first_run")
# Keys whose values are counted
WHOLE = ("tokens", "dimension", "attention.window", "attention.heads", "weights.seed", "starts.seed", "noise.seed")


class Sweep(NamedTuple):
    """One swept key and its values, numbers or texts; ``spacing`` 'log' where they were asked for so."""

    key: str
    values: tuple[Any, ...]
    spacing: str

    @property
    def is_numeric(self) -> bool:
        return all(isinstance(value, int | float) and not isinstance(value, bool) for value in self.values)


class Question(NamedTuple):
    """An entry of ``experiments``, with what it leaves out filled in."""

    name: str
    title: str
    entry: Mapping[str, Any]
    sweeps: tuple[Sweep, ...]
    runs: int
    records: int
    observe: tuple[str, ...]

    def cells(self) -> list[tuple[Any, ...]]:
        """All combinations of the swept values, the first key slowest; one empty combination without a sweep."""
        return list(itertools.product(*(sweep.values for sweep in self.sweeps)))

    def cell_entry(self, values: tuple[Any, ...]) -> dict[str, Any]:
        """The entry with the swept keys at these values."""
        entry = copy.deepcopy(dict(self.entry))
        for sweep, value in zip(self.sweeps, values, strict=True):
            group = entry
            *path, last = sweep.key.split(".")
            for part in path:
                inner = group.get(part)
                group[part] = dict(inner) if isinstance(inner, Mapping) else _short_form(part, inner)
                group = group[part]
            group[last] = value
        for sweep, value in zip(self.sweeps, values, strict=True):
            for key, having in GOVERNS.get(sweep.key, {}).items():
                name, last = key.split(".")
                if value not in having and isinstance(entry.get(name), Mapping):
                    entry[name].pop(last, None)
        return entry

    @property
    def numbers(self) -> list[str]:
        """The observables with one number a record: all but the positions."""
        return [name for name in self.observe if name != "positions"]

    @property
    def has_snapshots(self) -> bool:
        """Whether the tokens of a run can be shown: in two or three dimensions, without a sweep."""
        return not self.sweeps and self.entry["dimension"] in (2, 3)


def _short_form(group: str, value: Any) -> dict[str, Any]:
    """``noise: 0.1`` and ``normalisation: pre_ln`` as groups."""
    return {} if value is None else {SHORT[group]: value}


def _sweep(key: str, given: Any) -> Sweep:
    known = {f"{group}.{name}" for group, pairs in ARGUMENTS.items() for name in pairs} | {
        "tokens",
        "dimension",
        "space",
    }
    known |= {f"starts.{name}" for name in ("kind", "seed", "radius", *GOVERNS["starts.kind"])}
    known |= set(GOVERNS["starts.kind"])
    if key in FIXED:
        raise AtlasError(f"sweep.{key}: it cannot be swept; give a key such as attention.beta, tokens or starts.cosine")
    if key not in known:
        near = [f"{key}.{SHORT[key]}"] if key in SHORT else [name for name in known if name.rpartition(".")[2] == key]
        near = near or difflib.get_close_matches(key, known, n=1)
        fix = f"did you mean {near[0]}?" if near else "give one such as attention.beta, tokens or starts.cosine"
        raise AtlasError(f"sweep.{key}: unknown key; {fix}")
    if isinstance(given, Mapping):
        spacing = given.get("spacing", "linear")
        first, last, count = float(given["first"]), float(given["last"]), int(given["count"])
        if spacing == "log" and not (first > 0 and last > 0):
            raise AtlasError(
                f"sweep.{key}: from {first:g} to {last:g} with the spacing log; give ends above 0, or linear"
            )
        found = np.geomspace(first, last, count) if spacing == "log" else np.linspace(first, last, count)
        if key in WHOLE:
            found = np.unique(np.round(found).astype(int))
        values = tuple(found.tolist())
    else:
        spacing, values = "linear", tuple(given)
        numbers = [value for value in values if isinstance(value, int | float)]
        if len(numbers) > 2 and len(numbers) == len(values) and min(numbers) > 0:
            steps = np.diff(np.log(numbers))
            spacing = "log" if np.allclose(steps, steps[0]) and abs(steps[0]) > 0.1 else "linear"
    if len(set(map(repr, values))) < len(values):
        raise AtlasError(f"sweep.{key}: a value stands there twice; give each once")
    return Sweep(key, values, spacing)


def question(name: str, entry: Mapping[str, Any]) -> Question:
    """The entry ``name`` of the block.

    Raises
    ------
    AtlasError
        A sweep that cannot be; the message begins with the key inside the entry.
    """
    sweeps = tuple(_sweep(key, given) for key, given in (entry.get("sweep") or {}).items())
    starts, time = entry.get("starts") or {}, entry.get("time") or {}
    observe = tuple(entry.get("observe") or ("clusters", "mean_inner_product"))
    return Question(
        name, entry.get("title", name), entry, sweeps, starts.get("runs", 1), time.get("records", 101), observe
    )


def loaded(value: Any, key: str) -> Any:
    """An array from ``{file: weights.npz, array: name}``; anything else as it is."""
    if not isinstance(value, Mapping) or "file" not in value:
        return value
    path = Path(value["file"])
    try:
        with np.load(path, allow_pickle=False) as archive:
            names = list(archive)
            name = value.get("array", names[0] if len(names) == 1 else None)
            if name not in names:
                raise AtlasError(f"{key}.array: {path} holds {', '.join(names)}; name one of them")
            return archive[name]
    except AtlasError:
        raise
    except OSError as error:
        raise AtlasError(
            f"{key}.file: {path} cannot be read ({error.strerror or 'it is no .npz'}); name an .npz file"
        ) from None
    except ValueError:
        raise AtlasError(f"{key}.file: {path} is no .npz of plain arrays; write it with numpy.savez") from None


def files_of(entry: Mapping[str, Any]) -> list[str]:
    """Files that an entry names, which its jobs read."""

    def found(value: Any) -> Iterator[str]:
        if isinstance(value, Mapping):
            if isinstance(value.get("file"), str):
                yield value["file"]
            for inner in value.values():
                yield from found(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from found(inner)

    return sorted(set(found(entry)))


def engine_arguments(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments of ``attention_flow``, without starts and observables; arrays are read from their files."""
    found: dict[str, Any] = {}
    for group, pairs in ARGUMENTS.items():
        content = entry.get(group)
        if content is not None and not isinstance(content, Mapping):
            content = _short_form(group, content)
        for key, value in (content or {}).items():
            found[pairs[key]] = loaded(value, f"{group}.{key}")
    if isinstance(found.get("heads"), list):
        found["heads"] = [
            {key: loaded(value, f"attention.heads[{place}].{key}") for key, value in head.items()}
            for place, head in enumerate(found["heads"])
        ]
    if "space" in entry:
        found["space"] = entry["space"]
    if not found.get("noise", 1.0):  # sigma 0, one value of a sweep perhaps, draws no numbers
        found.pop("seed", None)
    return found


def of_runs(arguments: Mapping[str, Any], chosen: np.ndarray, runs: int) -> dict[str, Any]:
    """Arguments for the runs ``chosen``: of a stack (runs, d, d) of matrices those of these runs.

    Raises
    ------
    AtlasError
        A stack has not one matrix for each run.
    """

    def cut(given: Any, key: str) -> Any:
        if not isinstance(given, np.ndarray) or given.ndim != 3:
            return given
        if len(given) != runs:
            raise AtlasError(f"{key}: {len(given)} matrices for {runs} runs; give one for each run, or one for all")
        return given[chosen]

    found = {name: cut(given, KEYS.get(name, name)) if name in MATRICES else given for name, given in arguments.items()}
    if isinstance(found.get("heads"), list):
        found["heads"] = [
            {name: cut(given, f"attention.heads[{place}].{name}") for name, given in head.items()}
            for place, head in enumerate(found["heads"])
        ]
    return found


def without_words(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry without what changes no number: another title or claim computes and draws nothing anew."""
    return {key: value for key, value in entry.items() if key not in ("title", "text", "claims")}


def setting_of(entry: Mapping[str, Any], runs: int, observe: tuple[str, ...], at_once: int = 1) -> Setting:
    """The engine's checked setting, for times and checks.

    Parameters
    ----------
    runs : of the entry
    at_once : how many of them one call of the engine follows

    Raises
    ------
    AtlasError
        What the engine refuses.
    """
    arguments = of_runs(engine_arguments(entry), np.arange(at_once), runs)
    return attention_setting((at_once, entry["tokens"], entry["dimension"]), **arguments, observe=observe)


def in_key(error: AtlasError, entry: Mapping[str, Any]) -> str:
    """The engine's message with its argument written as the key of the entry: ``beta: …`` as ``attention.beta: …``.

    A key that is swept is named as such: ``sweep.attention.beta: …``.
    """
    text = str(error)
    found = re.match(r"(\w+): ", text)
    if not found:
        return text
    key, heads = KEYS.get(found[1], found[1]), (entry.get("attention") or {}).get("heads")
    if found[1] in MATRICES and isinstance(heads, list):
        key = f"attention.heads[].{found[1]}"
    return ("sweep." if key in (entry.get("sweep") or {}) else "") + key + text[found.end(1) :]


def expected_seconds(entry: Mapping[str, Any], runs: int) -> float:
    """Roughly what the runs take on one processor: pairs, coordinates, heads and evaluations."""
    time, heads = entry.get("time") or {}, (entry.get("attention") or {}).get("heads", 1)
    count = len(heads) if isinstance(heads, list) else heads
    last, step = float(time.get("last", 10.0)), time.get("step")
    fixed = time.get("method", "ode") != "ode"
    evaluations = last / (step or 1.0) if fixed else 7 * (80 + 0.5 * min(last, 400.0))
    pair = 1.5e-9 + 0.2e-9 * entry["dimension"]
    return runs * float(entry["tokens"]) ** 2 * count * pair * max(1.0, math.ceil(evaluations))
