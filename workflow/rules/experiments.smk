# Experiments: questions of one's own, one entry of the configuration each (docs/experiments.md).
# compute (slabs of runs through the engine) -> aggregate (CSV, arrays) -> claims and plot, by the table that the entries make.

EXPERIMENTS = config["experiments"]


wildcard_constraints:
    experiment="|".join(EXPERIMENTS) or "none",


rule experiments_run_compute:
    input:
        files=lambda wildcards: files_of(EXPERIMENTS[wildcards.experiment]),
    output:
        run_file("experiments", "{experiment}/{slab}.npz"),
    log:
        log_file("experiments_run_compute", "{experiment}_{slab}"),
    benchmark:
        cost_file("experiments_run_compute", "{experiment}_{slab}")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=lambda wildcards, attempt: attempt * SIZES[f"experiments_{wildcards.experiment}"].megabytes,
        runtime=lambda wildcards, attempt: attempt * SIZES[f"experiments_{wildcards.experiment}"].minutes,
    params:
        library=library("experiments/compute_runs.py"),
        entry=lambda wildcards: without_words(EXPERIMENTS[wildcards.experiment]),
    script:
        "../../scripts/experiments/compute_runs.py"


rule experiments_run_aggregate:
    input:
        files=lambda wildcards: files_of(EXPERIMENTS[wildcards.experiment]),
        runs=lambda wildcards: expand(
            run_file("experiments", "{experiment}/{slab}.npz"),
            experiment=wildcards.experiment,
            slab=range(EXPERIMENTS[wildcards.experiment].get("slabs", 1)),
        ),
    output:
        table="results/experiments/{experiment}/{experiment}.csv",
        runs="results/experiments/{experiment}/{experiment}_runs.csv",
        arrays="results/experiments/{experiment}/{experiment}.npz",
    log:
        log_file("experiments_run_aggregate", "{experiment}"),
    benchmark:
        cost_file("experiments_run_aggregate", "{experiment}")
    group:
        "experiments_aggregate"
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: attempt * SIZES[f"experiments_{wildcards.experiment}_table"].megabytes,
        runtime=lambda wildcards, attempt: attempt * SIZES[f"experiments_{wildcards.experiment}_table"].minutes,
    params:
        library=library("experiments/aggregate_runs.py"),
        entry=lambda wildcards: without_words(EXPERIMENTS[wildcards.experiment]),
    script:
        "../../scripts/experiments/aggregate_runs.py"


rule experiments_run_claims:
    input:
        tables=["results/experiments/{experiment}/{experiment}.csv"],
    output:
        "results/experiments/{experiment}/{experiment}_claims.csv",
    log:
        log_file("experiments_run_claims", "{experiment}"),
    benchmark:
        cost_file("experiments_run_claims", "{experiment}")
    group:
        "experiments_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=function_library("judge.py", "papers.experiments.claims:claims"),
        function="papers.experiments.claims:claims",
        arguments=lambda wildcards: {"settings": {wildcards.experiment: EXPERIMENTS[wildcards.experiment]}},
        judges_published=False,
    script:
        "../../scripts/judge.py"
