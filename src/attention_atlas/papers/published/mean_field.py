"""Comparisons with the published Lyapunov spectra of the mean-field map: their points.

``published_match.csv`` says on which attractor each published run was, ``published_attractors.csv`` what
the exponents of the attractors are.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from attention_atlas.papers.published.points import Tables, differences

__all__ = ["distinct_values", "leading_exponents", "other_exponents", "seconds"]

MATCHES = "mean_field/data/published_match.csv"
ATTRACTORS = "mean_field/data/published_attractors.csv"
COSTS = "provenance/mean_field_jobs.csv"
COMPUTING_RULE = "mean_field_published_compute"
LEADING = 3
EXPONENTS = 12


def _exponents(table: pd.DataFrame) -> NDArray[np.float64]:
    return table[[f"lyapunov_{k + 1}" for k in range(EXPONENTS)]].to_numpy(dtype=np.float64)


def _chaotic_mean(attractors: pd.DataFrame) -> NDArray[np.float64]:
    """Mean exponents of the chaotic runs at all values of beta, as in the fit of the mixtures."""
    chaotic = attractors[(attractors["class"] == "chaotic") & (attractors["period"] == 0)]
    if chaotic.empty:
        return np.full(EXPONENTS, np.nan)
    return np.average(_exponents(chaotic), axis=0, weights=chaotic["runs"])


def _expected(tables: Tables) -> NDArray[np.float64]:
    """Twelve exponents for each published run: the attractor's, or the mixture's."""
    matches, attractors = tables[MATCHES], tables[ATTRACTORS]
    keys = matches[["beta", "attractor"]]
    found = keys.merge(attractors, on=["beta", "attractor"], how="left", validate="one_to_one")
    chaotic = _chaotic_mean(attractors)
    share = matches["chaotic_share"].where(matches["kind"] == "transient", 0.0).to_numpy()[:, None]
    orbit = _exponents(found)
    return orbit + np.where(share > 0, share * (chaotic - orbit), 0.0)


# what a row of the matches says of itself; its share of chaos stands in published_match.csv
NOTES = {
    "attractor": "",
    "transient": "chaotic at first, compared with the mixture",
    "none": "fits no attractor that nearby starts reach",
}


def _published(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Rows of the published table in the order of the matches."""
    return tables[MATCHES][["index"]].merge(published, on="index", how="left", validate="one_to_one")


def leading_exponents(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Exponents 1 to 3 of all published runs."""
    matches = tables[MATCHES]
    theirs, ours = _exponents(_published(published, tables)), _expected(tables)
    notes = matches["kind"].map(NOTES)
    parts = [
        differences(f"exponent {k + 1}", matches["beta"], theirs[:, k], ours[:, k], note=notes if k == 0 else "")
        for k in range(LEADING)
    ]
    points = pd.concat(parts, ignore_index=True)
    unmatched = np.tile((matches["kind"] == "none").to_numpy(), LEADING)
    points.loc[unmatched, ["difference", "relative_difference"]] = np.nan
    return points


def other_exponents(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Exponents 4 to 12 of the published runs that were on one attractor all along."""
    settled = (tables[MATCHES]["kind"] == "attractor").to_numpy()
    theirs, ours = _exponents(_published(published, tables))[settled], _expected(tables)[settled]
    beta = tables[MATCHES]["beta"].to_numpy()[settled]
    parts = [differences(f"exponent {k + 1}", beta, theirs[:, k], ours[:, k]) for k in range(LEADING, EXPONENTS)]
    return pd.concat(parts, ignore_index=True)


def distinct_values(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Distinct values of the first mean field to seven decimals against what the attractor, or the mixture, gives."""
    matches = tables[MATCHES]
    theirs = _published(published, tables)["distinct_values"]
    names = {"attractor": "settled", "transient": "chaotic at first", "none": "not matched"}
    late = (matches["kind"] == "attractor") & (matches["period"] > 0) & (theirs > 2 * matches["period"])
    notes = np.where(
        late, "the exponents are the orbit's, but the first saved steps had not settled to 7 decimals yet", ""
    )
    points = differences("", matches["beta"], theirs, matches["chaotic_values"], note=notes)
    points["series"] = matches["kind"].map(names)
    return points


def seconds(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Seconds of one run: theirs for each value, ours the time of the computing job divided by its runs."""
    costs = tables[COSTS]
    job = costs.loc[costs["rule"] == COMPUTING_RULE, "seconds"].sum()
    runs = tables[ATTRACTORS]["runs"].sum()
    each = job / runs if runs and job > 0 else np.nan
    return differences("one run", published["beta"], published["author_seconds"], np.full(len(published), each))
