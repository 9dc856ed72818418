"""Figure 4: ratio and convergence of each run."""

from attention_atlas.dynamics.energy_flow.record import EnergyFlow
from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.spheres.four_particles import four_particle_table
from attention_atlas.papers.spheres.particle_tables import energy_histories
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        runs = read_npz(snakemake.input.runs, ["deltas", "step_sizes", "matrices", *EnergyFlow._fields])
        flow = EnergyFlow(*(runs[name] for name in EnergyFlow._fields))
        write_csv(
            four_particle_table(flow, runs["deltas"], runs["step_sizes"], runs["matrices"]), snakemake.output.ratios
        )
        table = energy_histories(runs, "fig4").drop(columns="panel")
        table["delta"], table["tau"] = runs["deltas"][table["run"]], runs["step_sizes"][table["run"]]
        write_csv(table, snakemake.output.energy)
