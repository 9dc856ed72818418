"""Figure 7: closed energies of three configurations for D = diag(first_entry, delta)."""

from attention_atlas.files import write_csv
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.spheres.theory import indefinite_energies
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        settings = snakemake.params.settings
        table = indefinite_energies(sweep_values(settings["deltas"]), settings["first_entry"], settings["beta"])
        write_csv(table, snakemake.output[0])
