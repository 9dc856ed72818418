"""Run a model on prompts under several schedules and measure the inner products of every layer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from attention_atlas.papers.language.encoder import Encoder
from attention_atlas.papers.language.forward_pass import hidden_states
from attention_atlas.papers.language.inner_product_tables import Rows
from attention_atlas.papers.language.inner_products import measure
from attention_atlas.papers.language.mini_gpt import GptSizes, Weights, apply_gpt_block, embed_characters
from attention_atlas.papers.language.schedules import cyclic_schedule

__all__ = ["Plan", "measure_encoder", "measure_gpt", "plans_of"]


class Plan(NamedTuple):
    """One schedule: its name in the table, the block of each layer, the number of heads."""

    schedule: str
    blocks: list[int]
    heads: int


def plans_of(encoder: Encoder, layers: int, alone_layers: int, heads: Iterable[int]) -> list[Plan]:
    """The blocks in turn for each number of heads, then each block alone with the first number of heads."""
    count = len(encoder.blocks)
    heads = list(heads)
    plans = [Plan("cyclic", cyclic_schedule(count, layers), number) for number in heads]
    if alone_layers:
        plans += [Plan(f"block{block}", [block] * alone_layers, heads[0]) for block in range(count)]
    return plans


def measure_encoder(
    model: str,
    encoder: Encoder,
    prompts: Mapping[int, np.ndarray],
    plans: Sequence[Plan],
    *,
    bins: int,
    with_self: bool,
    alone_prompts: int,
    progress: Callable[[int, int], None] | None = None,
) -> Rows:
    """Measure every layer of every plan on every prompt.

    Parameters
    ----------
    model
        Name in the table.
    prompts
        Token numbers (n,) by the number of the prompt.
    plans
        Schedules; those of a block alone run on the prompts 0 ... ``alone_prompts`` - 1 only.
    bins, with_self
        See :func:`attention_atlas.papers.language.inner_products.measure`.
    progress
        Called with the layers done and their total.
    """
    todo = [
        (plan, prompt, tokens)
        for prompt, tokens in prompts.items()
        for plan in plans
        if plan.schedule == "cyclic" or prompt < alone_prompts
    ]
    total = sum(len(plan.blocks) for plan, _, _ in todo)
    rows, done = Rows(), 0
    for plan, prompt, tokens in todo:
        for layer, states in enumerate(hidden_states(encoder, tokens, plan.blocks, plan.heads)):
            rows.add(model, plan.schedule, plan.heads, prompt, layer, measure(states, bins, with_self))
            if progress and layer:
                progress(done + layer, total)
        done += len(plan.blocks)
    return rows


def measure_gpt(
    model: str, weights: Weights, sizes: GptSizes, prompts: np.ndarray, layers: int, *, bins: int, with_self: bool
) -> Rows:
    """Measure a small GPT on prompts (count, n), its blocks in turn for ``layers`` layers."""
    rows = Rows()
    states = embed_characters(weights, prompts)
    for layer in range(layers + 1):
        if layer:
            states = apply_gpt_block(weights, (layer - 1) % sizes.blocks, states, sizes)
        for prompt, one in enumerate(states):
            rows.add(model, "cyclic", sizes.heads, prompt, layer, measure(one, bins, with_self))
    return rows
