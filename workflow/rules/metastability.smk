# Metastability: how many clusters, for how long (arXiv 2410.23228).
# compute -> aggregate (CSV) -> claims and plot. Tables of closed forms and of a few clusters are rows of workflow/figures/metastability.yaml.

METASTABILITY = config["metastability"]
SPHERE_CASES = sorted(METASTABILITY["sphere"]["cases"])


rule metastability_linear_phase_compute:
    output:
        run_file("metastability", "linear/{slab}.npz"),
    log:
        log_file("metastability_linear_phase_compute", "{slab}"),
    benchmark:
        cost_file("metastability_linear_phase_compute", "{slab}")
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("metastability_linear_phase_compute"),
        runtime=minutes("metastability_linear_phase_compute"),
    params:
        library=library("metastability/compute_linear.py"),
        settings=METASTABILITY["linear_phase"],
    script:
        "../../scripts/metastability/compute_linear.py"


rule metastability_linear_phase_aggregate:
    input:
        slabs=expand(run_file("metastability", "linear/{slab}.npz"), slab=range(METASTABILITY["linear_phase"]["slabs"])),
    output:
        rates=data_file("metastability", "linear_phase.csv"),
        gains=data_file("metastability", "linear_phase_gains.csv"),
    log:
        log_file("metastability_linear_phase_aggregate"),
    benchmark:
        cost_file("metastability_linear_phase_aggregate")
    group:
        "metastability_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("metastability/aggregate_linear.py"),
        settings=METASTABILITY["linear_phase"],
    script:
        "../../scripts/metastability/aggregate_linear.py"


rule metastability_metastable_clusters_compute:
    output:
        run_file("metastability", "space_time/{index,[0-9]+}.npz"),
    log:
        log_file("metastability_metastable_clusters_compute", "{index}"),
    benchmark:
        cost_file("metastability_metastable_clusters_compute", "{index}")
    group:
        "metastability_compute"
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("metastability_metastable_clusters_compute"),
        runtime=minutes("metastability_metastable_clusters_compute"),
    params:
        library=library("metastability/compute_space_time.py"),
        settings=METASTABILITY["space_time"],
        counting=METASTABILITY["counting"],
    script:
        "../../scripts/metastability/compute_space_time.py"


rule metastability_metastable_clusters_aggregate:
    input:
        runs=expand(
            run_file("metastability", "space_time/{index}.npz"), index=range(len(METASTABILITY["space_time"]["betas"]))
        ),
    output:
        data_file("metastability", "space_time.csv"),
    log:
        log_file("metastability_metastable_clusters_aggregate"),
    benchmark:
        cost_file("metastability_metastable_clusters_aggregate")
    group:
        "metastability_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("metastability/aggregate_space_time.py"),
    script:
        "../../scripts/metastability/aggregate_space_time.py"


rule metastability_plateau_histogram_compute:
    output:
        run_file("metastability", "plateaus/{slab}.npz"),
    log:
        log_file("metastability_plateau_histogram_compute", "{slab}"),
    benchmark:
        cost_file("metastability_plateau_histogram_compute", "{slab}")
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("metastability_plateau_histogram_compute"),
        runtime=minutes("metastability_plateau_histogram_compute"),
    params:
        library=library("metastability/compute_plateaus.py"),
        settings=METASTABILITY["plateau"],
        counting=METASTABILITY["counting"],
    script:
        "../../scripts/metastability/compute_plateaus.py"


rule metastability_plateau_histogram_aggregate:
    input:
        slabs=expand(run_file("metastability", "plateaus/{slab}.npz"), slab=range(METASTABILITY["plateau"]["slabs"])),
    output:
        runs=data_file("metastability", "plateau_clusters.csv"),
        summary=data_file("metastability", "plateau_summary.csv"),
    log:
        log_file("metastability_plateau_histogram_aggregate"),
    benchmark:
        cost_file("metastability_plateau_histogram_aggregate")
    group:
        "metastability_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("metastability/aggregate_plateaus.py"),
        settings=METASTABILITY["plateau"],
    script:
        "../../scripts/metastability/aggregate_plateaus.py"


rule metastability_plateau_noise_compute:
    output:
        run_file("metastability", "noise/{index,[0-9]+}.npz"),
    log:
        log_file("metastability_plateau_noise_compute", "{index}"),
    benchmark:
        cost_file("metastability_plateau_noise_compute", "{index}")
    group:
        "metastability_compute"
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("metastability_plateau_noise_compute"),
        runtime=minutes("metastability_plateau_noise_compute"),
    params:
        library=library("metastability/compute_noise.py"),
        settings=METASTABILITY["plateau_noise"],
        counting=METASTABILITY["counting"],
    script:
        "../../scripts/metastability/compute_noise.py"


rule metastability_plateau_noise_aggregate:
    input:
        runs=expand(
            run_file("metastability", "noise/{index}.npz"), index=range(len(METASTABILITY["plateau_noise"]["betas"]))
        ),
    output:
        data_file("metastability", "plateau_noise.csv"),
    log:
        log_file("metastability_plateau_noise_aggregate"),
    benchmark:
        cost_file("metastability_plateau_noise_aggregate")
    group:
        "metastability_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("metastability/aggregate_noise.py"),
        settings=METASTABILITY["plateau_noise"],
        ratio=METASTABILITY["plateau"]["ratio"],
    script:
        "../../scripts/metastability/aggregate_noise.py"


rule metastability_pde_compute:
    output:
        run_file("metastability", "pde.npz"),
    log:
        log_file("metastability_pde_compute"),
    benchmark:
        cost_file("metastability_pde_compute")
    group:
        "metastability_compute"
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("metastability_pde_compute"),
        runtime=minutes("metastability_pde_compute"),
    params:
        library=library("metastability/compute_pde.py"),
        settings=METASTABILITY["pde"],
    script:
        "../../scripts/metastability/compute_pde.py"


rule metastability_pde_aggregate:
    input:
        run=run_file("metastability", "pde.npz"),
    output:
        densities=data_file("metastability", "pde.csv"),
        checks=data_file("metastability", "pde_checks.csv"),
        order=data_file("metastability", "pde_order.csv"),
    log:
        log_file("metastability_pde_aggregate"),
    benchmark:
        cost_file("metastability_pde_aggregate")
    group:
        "metastability_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("metastability/aggregate_pde.py"),
        settings=METASTABILITY["pde"],
    script:
        "../../scripts/metastability/aggregate_pde.py"


rule metastability_mean_field_limit_compute:
    output:
        run_file("metastability", "mean_field/{index,[0-9]+}.npz"),
    log:
        log_file("metastability_mean_field_limit_compute", "{index}"),
    benchmark:
        cost_file("metastability_mean_field_limit_compute", "{index}")
    group:
        "metastability_compute"
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("metastability_mean_field_limit_compute"),
        runtime=minutes("metastability_mean_field_limit_compute"),
    params:
        library=library("metastability/compute_mean_field.py"),
        settings=METASTABILITY["mean_field_limit"],
    script:
        "../../scripts/metastability/compute_mean_field.py"


rule metastability_mean_field_limit_aggregate:
    input:
        runs=expand(
            run_file("metastability", "mean_field/{index}.npz"),
            index=range(len(METASTABILITY["mean_field_limit"]["particles"])),
        ),
    output:
        distances=data_file("metastability", "mean_field_limit.csv"),
        times=data_file("metastability", "mean_field_times.csv"),
        slope=data_file("metastability", "mean_field_slope.csv"),
    log:
        log_file("metastability_mean_field_limit_aggregate"),
    benchmark:
        cost_file("metastability_mean_field_limit_aggregate")
    group:
        "metastability_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("metastability/aggregate_mean_field.py"),
    script:
        "../../scripts/metastability/aggregate_mean_field.py"


rule metastability_exit_time_compute:
    output:
        run_file("metastability", "exit/{index,[0-9]+}.npz"),
    log:
        log_file("metastability_exit_time_compute", "{index}"),
    benchmark:
        cost_file("metastability_exit_time_compute", "{index}")
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("metastability_exit_time_compute"),
        runtime=minutes("metastability_exit_time_compute"),
    params:
        library=library("metastability/compute_exit.py"),
        settings=METASTABILITY["exit_time"],
    script:
        "../../scripts/metastability/compute_exit.py"


rule metastability_exit_time_aggregate:
    input:
        runs=expand(
            run_file("metastability", "exit/{index}.npz"), index=range(len(METASTABILITY["exit_time"]["betas"]))
        ),
    output:
        exits=data_file("metastability", "exit_time.csv"),
        slopes=data_file("metastability", "exit_time_slopes.csv"),
    log:
        log_file("metastability_exit_time_aggregate"),
    benchmark:
        cost_file("metastability_exit_time_aggregate")
    group:
        "metastability_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("metastability/aggregate_exit.py"),
        settings=METASTABILITY["exit_time"],
    script:
        "../../scripts/metastability/aggregate_exit.py"


rule metastability_sphere_clusters_compute:
    output:
        run_file("metastability", "sphere/{case,[abcd]}.npz"),
    log:
        log_file("metastability_sphere_clusters_compute", "{case}"),
    benchmark:
        cost_file("metastability_sphere_clusters_compute", "{case}")
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("metastability_sphere_clusters_compute"),
        runtime=minutes("metastability_sphere_clusters_compute"),
    params:
        library=library("metastability/compute_sphere.py"),
        settings=METASTABILITY["sphere"],
    script:
        "../../scripts/metastability/compute_sphere.py"


rule metastability_sphere_clusters_aggregate:
    input:
        runs=expand(run_file("metastability", "sphere/{case}.npz"), case=SPHERE_CASES),
    output:
        rates=data_file("metastability", "sphere_rates.csv"),
        powers=data_file("metastability", "sphere_power.csv"),
        leaders=data_file("metastability", "sphere_leaders.csv"),
    log:
        log_file("metastability_sphere_clusters_aggregate"),
    benchmark:
        cost_file("metastability_sphere_clusters_aggregate")
    group:
        "metastability_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("metastability/aggregate_sphere.py"),
        cases=SPHERE_CASES,
    script:
        "../../scripts/metastability/aggregate_sphere.py"


rule metastability_multi_head_compute:
    output:
        run_file("metastability", "heads/{map,repulsion|turned}_{slab}.npz"),
    log:
        log_file("metastability_multi_head_compute", "{map}_{slab}"),
    benchmark:
        cost_file("metastability_multi_head_compute", "{map}_{slab}")
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("metastability_multi_head_compute"),
        runtime=minutes("metastability_multi_head_compute"),
    params:
        library=library("metastability/compute_heads.py"),
        settings=METASTABILITY["multi_head"],
        counting=METASTABILITY["counting"],
    script:
        "../../scripts/metastability/compute_heads.py"


rule metastability_multi_head_aggregate:
    input:
        slabs=expand(
            run_file("metastability", "heads/{map}_{slab}.npz"),
            map=["repulsion", "turned"],
            slab=range(METASTABILITY["multi_head"]["slabs"]),
        ),
    output:
        maps=data_file("metastability", "multi_head.csv"),
        runs=data_file("metastability", "multi_head_runs.csv"),
    log:
        log_file("metastability_multi_head_aggregate"),
    benchmark:
        cost_file("metastability_multi_head_aggregate")
    group:
        "metastability_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("metastability/aggregate_heads.py"),
        settings=METASTABILITY["multi_head"],
    script:
        "../../scripts/metastability/aggregate_heads.py"
