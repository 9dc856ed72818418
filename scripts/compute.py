"""Tables that one function makes of the configuration: call the function that the row names, write what it returns."""

from pathlib import Path

import pandas as pd

from attention_atlas.files import write_csv
from attention_atlas.pipeline.jobs import job, named_function

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        found = named_function(snakemake.params.function)(**snakemake.params.arguments)
        tables = {Path(snakemake.output[0]).stem: found} if isinstance(found, pd.DataFrame) else found
        for path in snakemake.output:
            write_csv(tables[Path(path).stem], path)
