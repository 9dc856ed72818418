"""Figure 7: closed energies of three configurations for D = diag(first_entry, delta)."""

import _library  # noqa: F401
from attention_atlas.configuration.values import sweep_values
from attention_atlas.files import write_csv
from attention_atlas.jobs import job
from attention_atlas.theory.spheres import indefinite_energies

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        settings = snakemake.params.settings
        table = indefinite_energies(sweep_values(settings["deltas"]), settings["first_entry"], settings["beta"])
        write_csv(table, snakemake.output[0])
