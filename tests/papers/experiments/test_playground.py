"""Experiments in the playground."""

from attention_atlas.papers.experiments.playground import addresses


def test_experiments_lead_to_the_page_where_it_can_follow_them():
    causal = {
        "title": "x", "tokens": 50, "dimension": 2, "attention": {"beta": 4, "mask": "causal"},
        "weights": {"query_key": [1.0, 2.0], "value": [-1.0, -2.0]}, "starts": {"seed": 9, "runs": 20},
    }  # fmt: skip
    entries = {
        "causal": causal,
        "many": causal | {"tokens": 501},
        "swept": causal | {"sweep": {"attention.beta": [1, 2]}},
        "heads": causal | {"attention": {"beta": 4, "heads": 2}},
        "other": causal | {"weights": {"query_key": [1.0, 2.0], "value": [1.0, 1.0]}},
    }
    assert addresses({"experiments": entries}) == {
        "causal": {
            "flow": "sa", "d": 2, "n": 50, "beta": 4, "step": 0.1, "direction": -1, "causal": 1, "noise": 0.0,
            "seed": 9, "run": 0, "l1": 1.0, "l2": 2.0,
        }
    }  # fmt: skip
