# Studies: key figures and claims of seven further papers (docs/studies.md). Each job asks the engine of attention
# and writes its tables; claims and drawings read them.

STUDIES = config["studies"]
# job -> block of the configuration, tables, whether it shares its work between threads
STUDY_JOBS = {
    "hardmax": ("hardmax", ["hardmax_tokens", "hardmax_engine", "hardmax_softmax", "hardmax_random"], False),
}


for _job, (_block, _tables, _shared) in STUDY_JOBS.items():

    rule:
        name:
            f"studies_{_job}_compute"
        input:
            library=library(f"studies/compute_{_job}.py"),
        output:
            **{_table: data_file("studies", f"{_table}.csv") for _table in _tables},
        log:
            log_file(f"studies_{_job}_compute"),
        benchmark:
            cost_file(f"studies_{_job}_compute")
        conda:
            "../../envs/compute.yaml"
        threads: config["threads"] if _shared else 1
        resources:
            mem_mb=memory(f"studies_{_job}"),
            runtime=minutes(f"studies_{_job}"),
        params:
            settings=STUDIES[_block],
        script:
            f"../../scripts/studies/compute_{_job}.py"
