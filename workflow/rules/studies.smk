# Studies: key figures and claims of seven further papers (docs/studies.md). Each job asks the engine of attention
# and writes its tables; claims and drawings read them.

STUDIES = config["studies"]


rule studies_hardmax_compute:
    output:
        **data_tables("studies", "hardmax_tokens", "hardmax_engine", "hardmax_softmax", "hardmax_random"),
    log:
        log_file("studies_hardmax_compute"),
    benchmark:
        cost_file("studies_hardmax_compute")
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("studies_hardmax"),
        runtime=minutes("studies_hardmax"),
    params:
        library=library("studies/compute_hardmax.py"),
        settings=STUDIES["hardmax"],
    script:
        "../../scripts/studies/compute_hardmax.py"


rule studies_causal_circle_compute:
    output:
        **data_tables("studies", "causal_capture", "causal_counts", "causal_centres", "causal_lemma", "causal_circle"),
    log:
        log_file("studies_causal_circle_compute"),
    benchmark:
        cost_file("studies_causal_circle_compute")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("studies_causal_circle"),
        runtime=minutes("studies_causal_circle"),
    params:
        library=library("studies/compute_causal_circle.py"),
        settings=STUDIES["causal"]["circle"],
    script:
        "../../scripts/studies/compute_causal_circle.py"


rule studies_causal_parking_compute:
    output:
        **data_tables("studies", "causal_parking"),
    log:
        log_file("studies_causal_parking_compute"),
    benchmark:
        cost_file("studies_causal_parking_compute")
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("studies_causal_parking"),
        runtime=minutes("studies_causal_parking"),
    params:
        library=library("studies/compute_causal_parking.py"),
        settings=STUDIES["causal"]["parking"],
    script:
        "../../scripts/studies/compute_causal_parking.py"


rule studies_causal_values_compute:
    output:
        **data_tables("studies", "causal_paths", "causal_ends", "causal_theorem"),
    log:
        log_file("studies_causal_values_compute"),
    benchmark:
        cost_file("studies_causal_values_compute")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("studies_causal_values"),
        runtime=minutes("studies_causal_values"),
    params:
        library=library("studies/compute_causal_values.py"),
        settings=STUDIES["causal"]["values"],
    script:
        "../../scripts/studies/compute_causal_values.py"


rule studies_norm_flows_compute:
    output:
        **data_tables(
            "studies",
            "norm_theory",
            "norm_times",
            "norm_start",
            "norm_particles",
            "norm_cone",
            "norm_clusters",
            "norm_first_step",
        ),
    log:
        log_file("studies_norm_flows_compute"),
    benchmark:
        cost_file("studies_norm_flows_compute")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("studies_norm_flows"),
        runtime=minutes("studies_norm_flows"),
    params:
        library=library("studies/compute_norm_flows.py"),
        settings=STUDIES["normalisation"]["flows"],
    script:
        "../../scripts/studies/compute_norm_flows.py"


rule studies_norm_random_compute:
    output:
        **data_tables("studies", "norm_random"),
    log:
        log_file("studies_norm_random_compute"),
    benchmark:
        cost_file("studies_norm_random_compute")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("studies_norm_random"),
        runtime=minutes("studies_norm_random"),
    params:
        library=library("studies/compute_norm_random.py"),
        settings=STUDIES["normalisation"]["random"],
    script:
        "../../scripts/studies/compute_norm_random.py"


rule studies_noise_states_compute:
    output:
        **data_tables("studies", "noise_branches", "noise_points", "noise_phase", "noise_dimension", "noise_growth"),
    log:
        log_file("studies_noise_states_compute"),
    benchmark:
        cost_file("studies_noise_states_compute")
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("studies_noise_states"),
        runtime=minutes("studies_noise_states"),
    params:
        library=library("studies/compute_noise_states.py"),
        settings=STUDIES["noise"]["states"],
    script:
        "../../scripts/studies/compute_noise_states.py"


rule studies_noise_particles_compute:
    output:
        **data_tables("studies", "noise_particles", "noise_density"),
    log:
        log_file("studies_noise_particles_compute"),
    benchmark:
        cost_file("studies_noise_particles_compute")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("studies_noise_particles"),
        runtime=minutes("studies_noise_particles"),
    params:
        library=library("studies/compute_noise_particles.py"),
        settings=STUDIES["noise"]["particles"],
    script:
        "../../scripts/studies/compute_noise_particles.py"


rule studies_long_context_compute:
    output:
        **data_tables(
            "studies",
            "long_angle",
            "long_gradient",
            "long_simplex",
            "long_gradient_sizes",
            "long_sampled",
            "long_sparse",
            "long_scaling",
            "long_layers",
        ),
    log:
        log_file("studies_long_context_compute"),
    benchmark:
        cost_file("studies_long_context_compute")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("studies_long_context"),
        runtime=minutes("studies_long_context"),
    params:
        library=library("studies/compute_long_context.py"),
        settings=STUDIES["long_context"],
    script:
        "../../scripts/studies/compute_long_context.py"


rule studies_multiscale_compute:
    output:
        **data_tables(
            "studies",
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
        ),
    log:
        log_file("studies_multiscale_compute"),
    benchmark:
        cost_file("studies_multiscale_compute")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("studies_multiscale"),
        runtime=minutes("studies_multiscale"),
    params:
        library=library("studies/compute_multiscale.py"),
        settings=STUDIES["multiscale"],
    script:
        "../../scripts/studies/compute_multiscale.py"


rule studies_emergence_compute:
    output:
        **data_tables(
            "studies",
            "emergence_paths",
            "emergence_frozen",
            "emergence_limits",
            "emergence_hulls",
            "emergence_groups",
            "emergence_mixed",
            "emergence_line",
            "emergence_ranks",
            "emergence_attention",
        ),
    log:
        log_file("studies_emergence_compute"),
    benchmark:
        cost_file("studies_emergence_compute")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("studies_emergence"),
        runtime=minutes("studies_emergence"),
    params:
        library=library("studies/compute_emergence.py"),
        settings=STUDIES["emergence"],
    script:
        "../../scripts/studies/compute_emergence.py"
