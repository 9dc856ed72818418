"""Views of the mean-field map: bifurcation diagrams over Lyapunov exponents, continuations, the phase diagram."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.atlas.views.candidate import Candidate, Content, plain, require_shape
from attention_atlas.atlas.views.typed_data import array_record
from attention_atlas.files import read_csv, read_npz

__all__ = ["candidates"]

# as in the figures
CLASS_COLOURS = {
    "fixed": "#C9CED6",
    "periodic": "#56B4E9",
    "quasi-periodic": "#009E73",
    "chaotic": "#D55E00",
    "2-torus": "#F0E442",
    "hyperchaotic": "#CC79A7",
}
CLASSES = list(CLASS_COLOURS)
NAMES = {"beta": "β", "beta_att": "β_att", "both": "β = β_att", "epsilon": "ε"}


def candidates(config: Mapping[str, Any]) -> list[Candidate]:
    """Views of ``config["mean_field"]``."""
    settings = config["mean_field"]
    return [*_diagrams(settings), *_continuations(settings), _phase_diagram()]


def _diagrams(settings: Mapping[str, Any]) -> list[Candidate]:
    found = []
    for key in (key for key in settings if key.startswith("bifurcation")):
        suffix = key.removeprefix("bifurcation")
        block = settings[key]
        parameter = NAMES[block["parameter"]]
        values = block["values"]
        found.append(
            Candidate(
                name=f"mean_field_{key}",
                paper="mean_field",
                figures=(key, f"lyapunov{suffix}"),
                component="bifurcation",
                title=f"Diagram over {parameter}, zoomed from the data",
                description=f"Values of m₁ on the attractor for {values['count']} values of {parameter} from {plain(values['first'])} to "
                f"{plain(values['last'])}, the class of the attractor, and the largest Lyapunov exponents, all on one axis.",
                inputs=(f"mean_field/data/{key}.npz", f"mean_field/data/lyapunov{suffix}.csv"),
                read=partial(read_diagram, parameter=block["parameter"], half_width=block["half_width"]),
            )
        )
    return found


def _continuations(settings: Mapping[str, Any]) -> list[Candidate]:
    chains = [key for key, block in settings["continuation"].items() if isinstance(block, Mapping)]
    return [
        Candidate(
            name=f"mean_field_continuation_{chain}",
            paper="mean_field",
            figures=("continuation",),
            component="bifurcation",
            title=f"Followed attractors, {chain}",
            description="One chain at a time: the attractor followed from one value of β to the next, to the right or to the left.",
            inputs=(f"mean_field/data/continuation_{chain}.npz", f"mean_field/data/continuation_{chain}.csv"),
            read=read_continuation,
        )
        for chain in chains
    ]


def _phase_diagram() -> Candidate:
    return Candidate(
        name="mean_field_phase_diagram",
        paper="mean_field",
        figures=("phase_diagram",),
        component="heatmap",
        title="Every attractor of the plane, read out",
        description="Class, period, number of distinct values and largest Lyapunov exponent, cell by cell.",
        inputs=("mean_field/data/phase_diagram.npz",),
        read=read_phase_diagram,
    )


def read_phase_diagram(paths: list[Path]) -> Content | None:
    """Four quantities over (beta_att, beta)."""
    diagram = read_npz(paths[0], ["beta", "beta_att", "classes", "distinct_slice", "code", "period", "lyapunov_1"])
    shape = (len(diagram["beta"]), len(diagram["beta_att"]))
    for name in ("distinct_slice", "code", "period", "lyapunov_1"):
        require_shape(paths[0], name, diagram[name], shape)
    if min(shape) < 2:
        return None
    classes = [str(name) for name in diagram["classes"]]
    exponents = np.where(np.isfinite(diagram["lyapunov_1"]), diagram["lyapunov_1"], np.nan).astype(np.float32)
    largest = max(float(np.nanquantile(np.abs(exponents), 0.98)), 0.01) if np.isfinite(exponents).any() else 0.1
    distinct = np.where(diagram["distinct_slice"] > 0, diagram["distinct_slice"], np.nan).astype(np.float32)
    period = np.where(diagram["period"] > 0, diagram["period"], np.nan).astype(np.float32)
    layers = [
        {
            "label": "class of the attractor",
            "name": "class",
            "classes": classes,
            "colours": [CLASS_COLOURS[name] for name in classes],
            "values": array_record(diagram["code"]),
        },
        _logarithmic("distinct values on the slice", distinct),
        _logarithmic("period", period),
        {
            "label": "largest Lyapunov exponent",
            "name": "λ₁",
            "kind": "diverging",
            "range": [-largest, largest],
            "values": array_record(exponents),
        },
    ]
    plane = {
        "label": "attractors",
        "square": True,
        "x": {"name": "β_att", "values": array_record(diagram["beta_att"])},
        "y": {"name": "β", "values": array_record(diagram["beta"])},
        "layers": layers,
    }
    return {"label": "Attractors over β_att and β", "maps": [plane]}


def _logarithmic(label: str, values: np.ndarray) -> dict[str, Any]:
    top = float(np.nanmax(values)) if np.isfinite(values).any() else 2.0
    return {
        "label": label,
        "kind": "sequential",
        "range": [1.0, max(2.0, top)],
        "log": True,
        "values": array_record(values),
    }


def read_diagram(paths: list[Path], parameter: str, half_width: float) -> Content | None:
    """One diagram from the common start: histograms of all values and of the slice, and the table."""
    picture = read_npz(paths[0], ["values", "all", "sliced", "few", "low", "high"])
    values = picture["values"]
    require_shape(paths[0], "all", picture["all"], (len(values), None))
    require_shape(paths[0], "sliced", picture["sliced"], picture["all"].shape)
    column = "beta" if parameter == "both" else parameter
    table = read_csv(paths[1], ["class", "period", "lyapunov_1"])
    column = column if column in table else str(table.columns[0])
    order = table.sort_values(column, kind="stable")
    if len(order) > len(values):
        # a finer sweep than the picture has columns: the row in the middle of each column's values
        order = order.iloc[np.searchsorted(order[column].to_numpy(), values).clip(max=len(order) - 1)]
    require_shape(paths[1], column, order[column].to_numpy(), (len(values),))
    diagram = {
        **_table(order),
        "values": array_record(values),
        "all": array_record(picture["all"]),
        "sliced": array_record(picture["sliced"]),
        "few": array_record(picture["few"]),
        "low": float(picture["low"]),
        "high": float(picture["high"]),
        "halfWidth": half_width,
        "label": "common start",
    }
    return {"parameter": parameter, "classes": CLASSES, "diagrams": [diagram]}


def read_continuation(paths: list[Path]) -> Content | None:
    """A diagram for each chain: start and direction."""
    picture = read_npz(paths[0], ["chain", "beta", "all", "low", "high"])
    table = read_csv(paths[1], ["chain", "start_beta", "direction", "beta", "class", "period", "lyapunov_1"])
    require_shape(paths[0], "all", picture["all"], (len(picture["chain"]), None))
    diagrams = []
    for chain, rows in table.groupby("chain"):
        rows = rows.sort_values("beta", kind="stable")
        mine = np.flatnonzero(picture["chain"] == chain)
        mine = mine[np.argsort(picture["beta"][mine], kind="stable")]
        require_shape(paths[1], f"chain {chain}", rows["beta"].to_numpy(), (len(mine),))
        if len(mine) < 2:
            continue
        start, direction = rows["start_beta"].iloc[0], rows["direction"].iloc[0]
        diagrams.append(
            {
                **_table(rows),
                "values": array_record(picture["beta"][mine]),
                "all": array_record(picture["all"][mine]),
                "low": float(picture["low"]),
                "high": float(picture["high"]),
                "label": f"from β = {plain(start)} to the {direction}",
            }
        )
    if not diagrams:
        return None
    return {"parameter": "beta", "classes": CLASSES, "choice": "Chain", "diagrams": diagrams}


def _table(table: pd.DataFrame) -> dict[str, Any]:
    """Exponents (values, number of exponents), error of the first, class codes (255: none) and periods."""
    columns = [f"lyapunov_{k}" for k in range(1, 1 + sum(name.startswith("lyapunov_") for name in table.columns))]
    codes = table["class"].map({name: code for code, name in enumerate(CLASSES)}).fillna(255)
    content = {
        "exponents": array_record(table[columns].to_numpy(np.float32)),
        "codes": array_record(codes.to_numpy(np.uint8)),
        "periods": array_record(table["period"].fillna(0).to_numpy(np.int64)),
    }
    if "error_1" in table:
        content["errors"] = array_record(table["error_1"].to_numpy(np.float32))
    return content
