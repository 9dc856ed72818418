"""The row of an experiment in the table of figures: its pictures follow from the shape of the question."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.papers.experiments.question import Question, question, without_words

__all__ = ["rows"]

# Number of swept keys -> drawing function and what the picture shows
SHAPES = {
    0: (
        "over_time",
        "Observables against time over all runs: the median, and bands that hold half and nine tenths of the runs.",
    ),
    1: (
        "over_key",
        "Left the mean over the runs for each time and value of {0}; right the ends against {0}, with the same bands.",
    ),
    2: ("over_two_keys", "The mean over the runs at the last time, for each pair of {0} and {1}."),
}
NAMES = {
    "attention.beta": "beta",
    "attention.gamma": "gamma",
    "tokens": "the number of tokens",
    "noise.sigma": "the noise sigma",
    "normalisation.kind": "the normalisation",
    "starts.kind": "the kind of the starts",
    "time.last": "the last time",
}


def _described(asked: Question) -> str:
    """The question in a sentence, from what the entry says."""
    entry = asked.entry
    attention = entry.get("attention") or {}
    parts = [
        f"{entry['tokens']} tokens in dimension {entry['dimension']}",
        f"{attention.get('kernel', 'softmax')} attention",
    ]
    parts += [f"{key.replace('_', ' ')} {attention[key]}" for key in ("beta", "gamma", "mask") if key in attention]
    normalisation = entry.get("normalisation")
    if normalisation:
        parts.append(
            str(normalisation["kind"] if isinstance(normalisation, Mapping) else normalisation).replace("_", "-")
        )
    if entry.get("noise"):
        noise = entry["noise"]
        parts.append(f"noise {noise['sigma'] if isinstance(noise, Mapping) else noise:g}")
    kind = (entry.get("starts") or {}).get("kind", "uniform")
    parts.append(f"{asked.runs} run{'s' if asked.runs > 1 else ''} from starts of the kind {kind.replace('_', ' ')}")
    swept = " and ".join(sweep.key for sweep in asked.sweeps)
    return ", ".join(parts) + (f"; swept over {swept}." if swept else ".")


def _row(name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    asked = question(name, entry)
    keys = [NAMES.get(sweep.key, sweep.key.rpartition(".")[2].replace("_", " ")) for sweep in asked.sweeps]
    function, shows = SHAPES[len(keys)]
    common = {"entry": without_words(entry), "name": name}
    home = f"results/experiments/{name}"
    drawings: dict[str, Any] = {
        name: {
            "draw": f"papers.experiments.draw:{function}",
            "tables": {"table": f"{home}/{name}.csv"},
            "arguments": common,
        }
    }
    captions = {name: shows.format(*keys)}
    if asked.has_snapshots:
        arrays = {"tables": {"arrays": f"{home}/{name}.npz"}, "arguments": common}
        drawings[f"{name}_snapshots"] = {
            "rule": f"{name}_snapshots",
            "draw": "papers.experiments.draw:snapshots",
            **arrays,
        }
        drawings[f"{name}_film"] = {
            "rule": f"{name}_film",
            "draw": "papers.experiments.draw:film",
            "formats": ["gif", "mp4"],
            **arrays,
        }
        captions[f"{name}_snapshots"] = (
            "The tokens of the first run at six times; colour is a token's place in the sequence."
        )
        captions[f"{name}_film"] = "The tokens of the first run at all records."
    return {
        "title": entry["title"],
        "kind": "picture",
        "text": " ".join(filter(None, [entry.get("text"), _described(asked)])),
        "config": [f"experiments.{name}"],
        "data": [f"{home}/{name}{end}" for end in (".csv", "_runs.csv", "_claims.csv", ".npz")],
        "folder": name,
        "captions": captions,
        "drawings": drawings,
        "claims": [name],
        "made_by": [{"run": name}],
    }


def rows(config: Mapping[str, Any]) -> dict[str, Any]:
    """Name -> row, in the format of ``workflow/figures/<paper>.yaml``."""
    return {name: _row(name, entry) for name, entry in config["experiments"].items()}
