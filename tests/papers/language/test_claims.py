"""Verdicts on tables whose right verdicts are known."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.claims import claims_table
from attention_atlas.papers.language.claims import claims

LAYERS = np.arange(97)


def rows(model, schedule, share, components, mean, prompts=2, heads=12, layers=LAYERS):
    """A model's table: functions of the layer for each measure."""
    parts = []
    for prompt in range(prompts):
        columns = {
            "model": model,
            "schedule": schedule,
            "heads": heads,
            "prompt": prompt,
            "layer": layers,
            "mean": [mean(layer) for layer in layers],
            "above_0_9": [share(layer) for layer in layers],
            "above_0_99": [share(layer) for layer in layers],
            "components": [components(layer) for layer in layers],
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts)


def tables(trained_components=lambda layer: max(2, 300 - 10 * layer), share=lambda layer: 1e-6 * layer**2):
    alone = LAYERS[:49]
    flat = lambda layer: 0.2  # noqa: E731
    parts = [
        rows("minilm", "cyclic", share, trained_components, flat),
        rows("minilm", "cyclic", share, trained_components, flat, heads=1),
        rows("shuffled", "cyclic", lambda layer: min(1, layer / 12), lambda layer: 384 if layer < 6 else 1, flat),
        rows("random", "cyclic", lambda layer: 0, lambda layer: 384 if layer < 70 else 1, flat),
        rows("mini-gpt-pre-ln", "cyclic", lambda layer: 0, lambda layer: 60, lambda layer: 0.3, heads=4, layers=alone),
        rows(
            "mini-gpt-post-ln-shared-shuffled",
            "cyclic",
            lambda layer: 0,
            lambda layer: 60,
            lambda layer: min(0.99, 0.1 * layer),
            heads=4,
            layers=alone,
        ),
        rows(
            "mini-gpt-post-ln-shared",
            "cyclic",
            lambda layer: 0,
            lambda layer: 60,
            lambda layer: min(0.9, 0.05 * layer),
            heads=4,
            layers=alone,
        ),
    ]
    parts += [
        rows("minilm", f"block{block}", share, lambda layer, end=end: end if layer > 40 else 300, flat, layers=alone)
        for block, end in enumerate((1, 2, 2))
    ]
    return pd.concat(parts, ignore_index=True)


LOSSES = pd.DataFrame(
    {
        "variant": ["pre_ln", "pre_ln", "post_ln_shared", "bigram"],
        "step": [1, 2, 2, 2],
        "validation_loss": [3.3, 2.2, 3.1, 2.53],
    }
)
SAMPLES = pd.DataFrame({"variant": ["pre_ln", "post_ln_shared", "bigram"], "entropy": 3.17, "counted": 2.5})


def verdicts(table=None, albert=None):
    read = {
        "inner_products": tables() if table is None else table,
        "mini_gpt_loss": LOSSES,
        "mini_gpt_samples": SAMPLES,
        "models": pd.DataFrame({"model": ["minilm", "albert"], "layers": [6, 24]}),
    }
    if albert is not None:
        read["albert_inner_products"] = albert
    found = claims_table(claims(read, tokens=384, gpt_depth=8))
    assert found["id"].str.startswith("language_").all()
    return found.set_index("id")


def test_a_table_like_the_prototype():
    found = verdicts()
    wanted = {
        "language_true_depth": "yes",
        "language_mass_grows": "yes",
        "language_monotone": "yes",
        "language_self_pairs": "no",
        "language_training_before_shuffled": "no",
        "language_training_before_random": "no",
        "language_several_clusters": "yes",
        "language_one_block": "yes",
        "language_bigram": "yes",
        "language_mini_gpt_beats_bigram_pre_ln": "yes",
        "language_mini_gpt_beats_bigram_post_ln_shared": "no",
        "language_mini_gpt_learns_pre_ln": "yes",
        "language_mini_gpt_learns_post_ln_shared": "no",
        "language_mini_gpt_inside": "yes",
        "language_mini_gpt_beyond": "yes",
        "language_mini_gpt_training": "no",
        "language_albert": "not judged",
    }
    assert found["holds"].to_dict() == wanted
    assert "language.albert.enabled" in found.loc["language_albert", "computed"]
    assert "trained not by 96, shuffled 6" in found.loc["language_training_before_shuffled", "computed"]


def test_a_model_that_clusters_first():
    found = verdicts(tables(trained_components=lambda layer: 384 if layer < 3 else 1))
    assert found.loc["language_training_before_shuffled", "holds"] == "yes"
    assert found.loc["language_training_before_random", "holds"] == "yes"
    assert found.loc["language_several_clusters", "holds"] == "no"


def test_mass_that_falls():
    found = verdicts(tables(share=lambda layer: 1e-3 * abs(np.sin(layer))))
    assert found.loc["language_mass_grows", "holds"] == "no"
    assert found.loc["language_monotone", "holds"] == "no"


@pytest.mark.parametrize(("at_48", "verdict"), [(0.5, "yes"), (0.1, "no")])
def test_albert_where_its_weights_are(at_48, verdict):
    share = lambda layer: {24: 0.2, 48: at_48}.get(layer, 0)  # noqa: E731
    one = [
        rows(name, "cyclic", share, lambda layer: 3, lambda layer: 0.5, heads=16)
        for name in ("albert", "albert-shuffled", "albert-random")
    ]
    found = verdicts(albert=pd.concat(one, ignore_index=True))
    assert found.loc["language_albert", "holds"] == verdict
    assert found.loc["language_albert", "computed"] == f"0: 0, 12: 0, 24: 0.2, 48: {at_48}, 96: 0"


def test_albert_in_small_is_not_judged():
    one = rows("albert-random", "cyclic", lambda layer: 0, lambda layer: 3, lambda layer: 0, layers=LAYERS[:25])
    albert = pd.concat([one, one.assign(model="albert")])
    assert verdicts(albert=albert).loc["language_albert", "holds"] == "not judged"
