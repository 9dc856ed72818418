"""A topic of the authors' notebook and talk: the settings of its block, its table."""

from attention_atlas.files import write_csv
from attention_atlas.papers.metastability.talk.classes import classes_table
from attention_atlas.papers.metastability.talk.exits import exits_table
from attention_atlas.papers.metastability.talk.feed_forward import feed_forward_table
from attention_atlas.papers.metastability.talk.harmonics import harmonics_table
from attention_atlas.papers.metastability.talk.layers import layers_table
from attention_atlas.papers.metastability.talk.normalisation import normalisation_table
from attention_atlas.papers.metastability.talk.notebook_particles import particles_table
from attention_atlas.papers.metastability.talk.notebook_pde import pde_table
from attention_atlas.papers.metastability.talk.partition import partition_table
from attention_atlas.papers.metastability.talk.unfolding import unfolding_table
from attention_atlas.pipeline.jobs import job

TOPICS = {
    "particles": particles_table,
    "pde": pde_table,
    "layers": layers_table,
    "classes": classes_table,
    "normalisation": normalisation_table,
    "partition": partition_table,
    "feed_forward": feed_forward_table,
    "exits": exits_table,
    "unfolding": unfolding_table,
    "harmonics": harmonics_table,
}

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        write_csv(TOPICS[snakemake.wildcards.topic](snakemake.params.settings), snakemake.output[0])
