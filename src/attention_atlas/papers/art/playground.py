"""Images of art in the playground."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["addresses", "data"]


def addresses(config: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Figure -> state of the page; only a square window is a state of the page."""
    art = config["art"]
    spans = [art["window"][name] for name in ("a", "b")]
    if spans[0] != spans[1] or (art["query"], art["value"]) != ("normal", "normal"):
        return {}
    state = {
        "a": (spans[0]["first"] + spans[0]["last"]) / 2,
        "b": (spans[0]["first"] + spans[0]["last"]) / 2,
        "width": spans[0]["last"] - spans[0]["first"],
        "n": art["n"],
        "iterations": art["iterations"],
    }
    found = {str(seed): {"landscape": seed, **state, "start": art["images"]["start"]} for seed in art["seeds"]}
    whole = {"landscape": art["zoom"]["seed"], **state}
    # pages of many images open the first one
    first = found[str(art["seeds"][0])] if art["seeds"] else whole
    return found | {"zoom": whole, "zoom_animation": whole, "gallery": first, "sheet": first}


def data(config: Mapping[str, Any], results: Path) -> dict[str, Any]:
    """The published seeds."""
    return {"seeds": list(config["art"]["seeds"])}
