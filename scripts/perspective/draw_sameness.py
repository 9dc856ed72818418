"""Published steps of usa beside the adaptive integrator."""

import pandas as pd

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.perspective.drawing.phase import draw_sameness
from attention_atlas.pipeline.jobs import job

COLUMNS = ["dimension", "beta", "time", "published", "adaptive"]

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        tables = [read_csv(path, COLUMNS) for path in snakemake.input.tables]
        save_figure(draw_sameness(pd.concat(tables, ignore_index=True)), *snakemake.output)
