"""The block ``language`` of the configuration: checks across its keys, and what its jobs ask a cluster for."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attention_atlas.job_requests import JobRequest, job_request, largest_slab

__all__ = ["check", "encoder_settings", "sizes", "text_path", "token_settings"]

REPOSITORY = Path(__file__).resolve().parents[4]


def text_path(name: str) -> Path:
    """Path of a text: relative names lie in the repository."""
    return REPOSITORY / name


def _texts(key: str, names: Sequence[str]) -> Iterator[str]:
    for index, name in enumerate(names):
        if not text_path(name).is_file():
            yield f"{key}[{index}]: there is no file {name}; give a path that exists, relative ones start in the repository"


def _folder(key: str, folder: str | None) -> Iterator[str]:
    if folder and not (Path(folder) / "config.json").is_file():
        yield f"{key}: {folder} holds no config.json; give the folder of a saved model, or null"


def _slabs(key: str, block: Mapping[str, Any]) -> Iterator[str]:
    if block["slabs"] > block["prompts"]["count"]:
        yield (
            f"{key}slabs: {block['slabs']} is above the bound {key}prompts.count = {block['prompts']['count']}; "
            "set fewer slabs"
        )


def _mini_gpt(block: Mapping[str, Any]) -> Iterator[str]:
    if block["width"] % block["heads"]:
        yield f"mini_gpt.heads: {block['heads']} does not divide mini_gpt.width = {block['width']}; set a divisor of it"
    for name in ("warm_up", "measure_every"):
        if block[name] > block["steps"]:
            yield (
                f"mini_gpt.{name}: {block[name]} is above the bound mini_gpt.steps = {block['steps']}; "
                "set a smaller number"
            )
    if block["iterated_layers"] < block["layers"]:
        yield (
            f"mini_gpt.iterated_layers: {block['iterated_layers']} is below the bound mini_gpt.layers = "
            f"{block['layers']}; set a larger number"
        )


def check(block: Mapping[str, Any]) -> Iterator[str]:
    """One line, starting with the key, for each violation."""
    yield from _texts("texts", block["texts"])
    yield from _texts("albert.texts", block["albert"]["texts"] or [])
    yield from _folder("model.folder", block["model"]["folder"])
    yield from _folder("albert.folder", block["albert"]["folder"])
    yield from _slabs("", block)
    yield from _slabs("albert.", block["albert"])
    if block["shown"]["prompt"] >= block["prompts"]["count"]:
        yield (
            f"shown.prompt: {block['shown']['prompt']} is above the bound, there are {block['prompts']['count']} prompts; "
            f"set 0 to {block['prompts']['count'] - 1}"
        )
    most = max(block["shown"]["layers"])
    if most > block["layers"]:
        yield f"shown.layers: {most} is above the bound layers = {block['layers']}; show fewer layers or run more"
    if block["animation"]["layers"] > block["layers"]:
        yield (
            f"animation.layers: {block['animation']['layers']} is above the bound layers = {block['layers']}; "
            "set a smaller number"
        )
    yield from _mini_gpt(block["mini_gpt"])


def encoder_settings(block: Mapping[str, Any], model: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of the runs of a transformer.

    Parameters
    ----------
    block : ``language`` of the configuration
    model : where the model comes from, a ``folder`` or a ``package``
    part : prompts, layers, heads and slabs of the runs: the block itself, or its group ``albert``
    """
    return {
        "model": model,
        **block["controls"],
        "layers": part["layers"],
        "heads": part["heads"],
        "alone": part.get("alone", {"layers": 0, "prompts": 0}),
        **block["histogram"],
        "slabs": part["slabs"],
    }


def token_settings(block: Mapping[str, Any], models: Sequence[str]) -> dict[str, Any]:
    """Settings of the views of one prompt through depth."""
    return {
        "model": block["model"],
        "models": models,
        **block["controls"],
        "layers": block["layers"],
        "prompt": block["shown"]["prompt"],
        "shown": block["shown"]["layers"],
    }


def sizes(block: Mapping[str, Any]) -> dict[str, JobRequest]:
    """What a slab asks for: its prompts one after the other through all layers, the weights of the model, and scores of every head.

    A mini-GPT keeps what the gradient needs of every layer.
    """
    prompts = largest_slab(block["prompts"]["count"], block["slabs"])
    layers = block["layers"] * len(block["heads"]) + block["alone"]["layers"]
    tokens = block["prompts"]["tokens"]
    return {
        "language_products_compute": job_request(5e8 + 60 * tokens**2 * 8, 8e-5 * prompts * layers * tokens),
        "language_mini_gpt_compute": _gpt_size(block["mini_gpt"]),
        # panels and frames, a layer each
        "language_histograms_every_plot": job_request(0, 0.09 * block["layers"]),
        "language_tokens_animation_plot": job_request(0, 0.09 * block["animation"]["layers"]),
    }


def _gpt_size(gpt: Mapping[str, Any]) -> JobRequest:
    """Single precision: about 20 arrays of a layer's width and its scores wait for the gradient; validation takes twice the texts."""
    characters, width = gpt["batch"] * gpt["context"], gpt["width"]
    kept = 4 * gpt["layers"] * characters * (20 * width + 2 * gpt["heads"] * gpt["context"])
    weights = 12 * gpt["layers"] * width**2
    step = 6 * characters * weights / 1.85e11 + 7e-10 * kept
    return job_request(2 * kept + 6 * 4 * weights, gpt["steps"] * step)
