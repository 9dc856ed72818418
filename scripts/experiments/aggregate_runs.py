"""The runs of an experiment as tables: over runs at each time, the ends of the runs; and the arrays."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.files import read_npz, write_csv, write_npz
from attention_atlas.papers.experiments.question import question
from attention_atlas.papers.experiments.tables import ends_table, joined, over_runs, record_times_of
from attention_atlas.pipeline.jobs import job


def main(name: str, entry: Mapping[str, Any], paths: list[str], output: Mapping[str, str]) -> None:
    asked = question(name, entry)
    times, arrays = record_times_of(asked), joined((read_npz(path) for path in paths), asked)
    write_csv(over_runs(arrays, times, asked), output["table"])
    write_csv(ends_table(arrays, asked), output["runs"])
    swept = {f"sweep_{sweep.key}": list(sweep.values) for sweep in asked.sweeps}
    write_npz(output["arrays"], times=times, observables=asked.numbers, **swept, **arrays)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.wildcards.experiment, snakemake.params.entry, list(snakemake.input.runs), snakemake.output)
