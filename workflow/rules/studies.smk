# Studies: key figures and claims of seven further papers (docs/studies.md). Each job asks the engine of attention
# and writes its tables; claims and drawings read them.

STUDIES = config["studies"]
# job -> settings, tables, whether it shares its work between threads
STUDY_JOBS = {
    "hardmax": (STUDIES["hardmax"], ["hardmax_tokens", "hardmax_engine", "hardmax_softmax", "hardmax_random"], False),
    "causal_circle": (
        STUDIES["causal"]["circle"],
        ["causal_capture", "causal_counts", "causal_centres", "causal_lemma", "causal_circle"],
        True,
    ),
    "causal_parking": (STUDIES["causal"]["parking"], ["causal_parking"], False),
    "causal_values": (STUDIES["causal"]["values"], ["causal_paths", "causal_ends", "causal_theorem"], True),
    "norm_flows": (
        STUDIES["normalisation"]["flows"],
        [
            "norm_theory",
            "norm_times",
            "norm_start",
            "norm_particles",
            "norm_cone",
            "norm_clusters",
            "norm_first_step",
        ],
        True,
    ),
    "norm_random": (STUDIES["normalisation"]["random"], ["norm_random"], True),
    "noise_states": (
        STUDIES["noise"]["states"],
        ["noise_branches", "noise_points", "noise_phase", "noise_dimension", "noise_growth"],
        False,
    ),
    "noise_particles": (STUDIES["noise"]["particles"], ["noise_particles", "noise_density"], True),
    "long_context": (
        STUDIES["long_context"],
        [
            "long_angle",
            "long_gradient",
            "long_simplex",
            "long_gradient_sizes",
            "long_sampled",
            "long_sparse",
            "long_scaling",
            "long_layers",
        ],
        True,
    ),
    "multiscale": (
        STUDIES["multiscale"],
        [
            "multi_alignment",
            "multi_errors",
            "multi_shares",
            "multi_backward",
            "multi_clusters",
            "multi_forward",
            "multi_forward_l1",
            "multi_variance",
            "multi_pairs",
            "multi_merging",
            "multi_energy",
        ],
        True,
    ),
    "emergence": (
        STUDIES["emergence"],
        [
            "emergence_paths",
            "emergence_frozen",
            "emergence_limits",
            "emergence_hulls",
            "emergence_groups",
            "emergence_mixed",
            "emergence_line",
            "emergence_ranks",
            "emergence_attention",
        ],
        True,
    ),
}


for _job, (_settings, _tables, _shared) in STUDY_JOBS.items():

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
            settings=_settings,
            job=_job,
        script:
            # a path is read when the job runs: the loop has ended then
            "../../scripts/studies/compute_{params.job}.py"
