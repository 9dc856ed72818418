# Attention Atlas: every figure, number and claim from one command.
#   snakemake --cores all               everything
#   snakemake --cores 2 spheres_fig4    one figure
#   snakemake --list-target-rules       what can be asked for
from snakemake.utils import min_version

min_version("9.0")


configfile: f"{workflow.current_basedir}/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/spheres.smk"
include: "workflow/rules/art.smk"
include: "workflow/rules/language.smk"
include: "workflow/rules/metastability.smk"
include: "workflow/rules/mean_field.smk"
include: "workflow/rules/perspective.smk"
include: "workflow/rules/experiments.smk"
include: "workflow/rules/published.smk"
include: "workflow/rules/provenance.smk"
include: "workflow/rules/atlas.smk"


rule all:
    default_target: True
    input:
        [path for figures in FIGURES.values() for files in figures.values() for path in files],
        rules.claims.input,
        rules.published.input,
        rules.published_printed_aggregate.output,
        rules.provenance_run.output,
        [f"results/provenance/{paper}_jobs.csv" for paper in FIGURES],
        rules.atlas_pages.output,
    localrule: True
