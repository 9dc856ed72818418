# Where the results come from: configuration, versions, commit, machine, cost of every job.


rule provenance_run:
    output:
        config="results/provenance/config.yaml",
        run="results/provenance/run.json",
    log:
        log_file("provenance_run"),
    group:
        "provenance"
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(5),
    params:
        library=library("record_run.py"),
        config=config,
        commit=commit_of(HOME),
    script:
        "../../scripts/record_run.py"


rule provenance_jobs:
    input:
        lambda wildcards: [path for files in FIGURES[wildcards.paper].values() for path in files],
        lambda wildcards: claims_file(wildcards.paper),
    output:
        "results/provenance/{paper}_jobs.csv",
    log:
        log_file("provenance_jobs", "{paper}"),
    group:
        "provenance"
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(500),
        runtime=minutes(5),
    params:
        library=library("collect_costs.py"),
        folder="results/provenance/jobs",
        logs="logs",
    script:
        "../../scripts/collect_costs.py"
