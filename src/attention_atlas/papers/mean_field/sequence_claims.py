"""Claims about the sigma model and the manual memory of a sequence. No paper makes them: they are this project's own."""

from collections.abc import Iterator, Mapping

import pandas as pd

from attention_atlas.claims import Claim, judge, judge_at_most

__all__ = ["sequence_claims"]

SOURCE = "experimental code of the authors, no publication; expectation of this project"
# From here on attention chooses one token, whatever epsilon is.
ABOVE, BELOW = 1.1, 0.9


def sequence_claims(tables: Mapping[str, pd.DataFrame]) -> Iterator[Claim]:
    """Claims from the tables sigma and manual."""
    sigma, manual = tables["sigma"], tables["manual"]
    yield _sequence(
        sigma, "loop 4", (1, 2, 1, 0), False, "a symbol with two successors is remembered (loop 4, every ε above 0)"
    )
    yield _sequence(
        sigma, "no duplicate", (1, 2, 3, 0), True, "without a duplicate the four symbols follow each other at every ε"
    )
    yield _lost(sigma)
    gain = manual["beta"] * (1 - manual["epsilon"])
    for name, inside, text in (
        (
            "above",
            gain >= ABOVE,
            f"above the onset, β(1−ε) ≥ {ABOVE}, the amplitude of the memory is the root of m = tanh(β(1−ε)m)",
        ),
        ("below", gain <= BELOW, f"below the onset, β(1−ε) ≤ {BELOW}, the memory is forgotten"),
    ):
        rows = manual[inside]
        yield judge_at_most(
            f"mean_field_manual_{name}",
            "manual",
            f"{text} (largest difference of {len(rows)})",
            computed=float((rows["amplitude"] - rows["root"]).abs().max()),
            bound=1e-3,
            source=SOURCE,
        )


def _sequence(table: pd.DataFrame, name: str, word: tuple[int, ...], with_zero: bool, text: str) -> Claim:
    rows = table[table["configuration"] == name]
    rows = rows if with_zero else rows[rows["epsilon"] > 0]
    wanted = rows["step"].map(lambda step: word[step % len(word)])
    right = (rows["pattern"] == wanted).groupby(rows["epsilon"]).all()
    return judge(
        f"mean_field_sigma_{name.replace(' ', '_')}",
        "sigma",
        text,
        expected=", ".join(map(str, word)),
        computed=f"so for {int(right.sum())} of {len(right)} shares ε",
        tolerance="",
        holds=bool(len(right) and right.all()),
        source=SOURCE,
    )


def _lost(table: pd.DataFrame) -> Claim:
    rows = table[(table["configuration"] == "loop 4") & (table["epsilon"] == 0)]
    ties = int((rows["pattern"] < 0).sum())
    return judge(
        "mean_field_sigma_without_positions",
        "sigma",
        "without positions, ε = 0, the two successors tie and the sequence is lost (loop 4)",
        expected="every second step a tie",
        computed=f"{ties} of {len(rows)} steps",
        tolerance="",
        holds=bool(len(rows) and ties == len(rows) // 2),
        source=SOURCE,
    )
