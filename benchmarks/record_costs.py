"""Write workflow/costs.csv, the weights behind the time left on the console, from finished runs.

    python benchmarks/record_costs.py results [more results folders]

Reads Snakemake's benchmark files below ``provenance/jobs`` of each folder and the logs beside it; where two folders know a rule, the first
one counts, so name the run at full size first. A cost is the mean processor time of the rule's jobs, which other work on the
machine does not change much.
"""

import sys
from pathlib import Path

import pandas as pd

from attention_atlas.pipeline.jobs import usage_from_log

TABLE = Path(__file__).resolve().parents[1] / "workflow" / "costs.csv"


def mean_costs(folder: Path) -> pd.Series:
    """Mean processor seconds of a job of each rule, from ``folder``/provenance/jobs/<rule>/<job>.tsv."""
    rows = []
    for path in sorted((folder / "provenance" / "jobs").glob("*/*.tsv")):
        sampled = pd.read_csv(path, sep="\t", na_values=["-", "NA"]).iloc[-1]["cpu_time"]
        used = usage_from_log(path, folder.parent / "logs")
        rows.append((path.parent.name, used[0] if used else sampled))
    return pd.DataFrame(rows, columns=["rule", "seconds"]).groupby("rule")["seconds"].mean()


def main(folders: list[Path]) -> None:
    known = pd.Series(dtype=float)
    for folder in folders:
        known = known.combine_first(mean_costs(folder))
    table = known.dropna().round(1).clip(lower=0.5).rename_axis("rule").rename("seconds").reset_index()
    table.to_csv(TABLE, index=False, lineterminator="\n")
    print(f"{TABLE}: {len(table)} rules")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("give the results folders of finished runs, the largest first")
    main([Path(argument) for argument in sys.argv[1:]])
