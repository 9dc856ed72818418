# Metastability: how many clusters, for how long (arXiv 2410.23228).
# compute -> aggregate (CSV) -> claims and plot. Closed forms and runs of a few clusters write their tables at once.

METASTABILITY = config["metastability"]
SPHERE_CASES = sorted(METASTABILITY["sphere"]["cases"])
FIGURES["metastability"] = {
    name: [
        *[data_file("metastability", f"{table}.csv") for table in tables],
        *figure_files("metastability", name),
    ]
    for name, tables in {
        "growth_rates": ["growth_rates", "k_max"],
        "linear_phase": ["linear_phase", "linear_phase_gains"],
        "metastable_clusters": ["space_time", "symmetric"],
        "plateau_histogram": ["plateau_clusters", "plateau_summary"],
        "plateau_noise": ["plateau_noise"],
        "pde": ["pde", "pde_checks", "pde_order"],
        "mean_field_limit": ["mean_field_limit", "mean_field_times", "mean_field_slope"],
        "exit_time": ["exit_time", "exit_time_slopes"],
        "sphere_clusters": ["sphere_rates", "sphere_power", "sphere_leaders"],
        "plateau_lifetime": ["plateau_lifetime", "plateau_lifetime_slopes"],
        "staircase": ["staircase", "staircase_merges"],
        "multi_head": ["multi_head", "multi_head_runs"],
    }.items()
}
FIGURES["metastability"]["sphere_clusters_animation"] = animation_files("metastability", "sphere_clusters_animation")


rule metastability_growth_rates_compute:
    input:
        library=library("metastability/compute_rates.py"),
    output:
        rates=data_file("metastability", "growth_rates.csv"),
        staircase=data_file("metastability", "k_max.csv"),
    log:
        log_file("metastability_growth_rates_compute"),
    benchmark:
        cost_file("metastability_growth_rates_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["growth_rates"],
    script:
        "../../scripts/metastability/compute_rates.py"


rule metastability_growth_rates_plot:
    input:
        rates=data_file("metastability", "growth_rates.csv"),
        staircase=data_file("metastability", "k_max.csv"),
        library=library("metastability/draw_rates.py"),
    output:
        png=report(
            "results/metastability/figures/growth_rates.png",
            caption="../report/metastability_growth_rates.rst",
            category="Metastability",
            labels=labels("Growth rates", "picture"),
        ),
        pdf="results/metastability/figures/growth_rates.pdf",
    log:
        log_file("metastability_growth_rates_plot"),
    benchmark:
        cost_file("metastability_growth_rates_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/metastability/draw_rates.py"


rule metastability_linear_phase_compute:
    input:
        library=library("metastability/compute_linear.py"),
    output:
        run_file("metastability", "linear/{slab}.npz"),
    log:
        log_file("metastability_linear_phase_compute", "{slab}"),
    benchmark:
        cost_file("metastability_linear_phase_compute", "{slab}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("metastability_linear"),
        runtime=minutes("metastability_linear"),
    params:
        settings=METASTABILITY["linear_phase"],
    script:
        "../../scripts/metastability/compute_linear.py"


rule metastability_linear_phase_aggregate:
    input:
        slabs=expand(run_file("metastability", "linear/{slab}.npz"), slab=range(METASTABILITY["linear_phase"]["slabs"])),
        library=library("metastability/aggregate_linear.py"),
    output:
        rates=data_file("metastability", "linear_phase.csv"),
        gains=data_file("metastability", "linear_phase_gains.csv"),
    log:
        log_file("metastability_linear_phase_aggregate"),
    benchmark:
        cost_file("metastability_linear_phase_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["linear_phase"],
    script:
        "../../scripts/metastability/aggregate_linear.py"


rule metastability_linear_phase_plot:
    input:
        rates=data_file("metastability", "linear_phase.csv"),
        gains=data_file("metastability", "linear_phase_gains.csv"),
        library=library("metastability/draw_linear.py"),
    output:
        png=report(
            "results/metastability/figures/linear_phase.png",
            caption="../report/metastability_linear_phase.rst",
            category="Metastability",
            labels=labels("Linear phase", "picture"),
        ),
        pdf="results/metastability/figures/linear_phase.pdf",
    log:
        log_file("metastability_linear_phase_plot"),
    benchmark:
        cost_file("metastability_linear_phase_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/metastability/draw_linear.py"


rule metastability_metastable_clusters_compute:
    input:
        library=library("metastability/compute_space_time.py"),
    output:
        run_file("metastability", "space_time/{index,[0-9]+}.npz"),
    log:
        log_file("metastability_metastable_clusters_compute", "{index}"),
    benchmark:
        cost_file("metastability_metastable_clusters_compute", "{index}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("metastability_space_time"),
        runtime=minutes("metastability_space_time"),
    params:
        settings=METASTABILITY["space_time"],
        counting=METASTABILITY["counting"],
    script:
        "../../scripts/metastability/compute_space_time.py"


rule metastability_metastable_clusters_aggregate:
    input:
        runs=expand(
            run_file("metastability", "space_time/{index}.npz"), index=range(len(METASTABILITY["space_time"]["betas"]))
        ),
        library=library("metastability/aggregate_space_time.py"),
    output:
        data_file("metastability", "space_time.csv"),
    log:
        log_file("metastability_metastable_clusters_aggregate"),
    benchmark:
        cost_file("metastability_metastable_clusters_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/metastability/aggregate_space_time.py"


rule metastability_metastable_clusters_plot:
    input:
        runs=expand(
            run_file("metastability", "space_time/{index}.npz"), index=range(len(METASTABILITY["space_time"]["betas"]))
        ),
        library=library("metastability/draw_space_time.py"),
    output:
        png=report(
            "results/metastability/figures/metastable_clusters.png",
            caption="../report/metastability_metastable_clusters.rst",
            category="Metastability",
            labels=labels("Metastable clusters", "picture"),
        ),
        pdf="results/metastability/figures/metastable_clusters.pdf",
    log:
        log_file("metastability_metastable_clusters_plot"),
    benchmark:
        cost_file("metastability_metastable_clusters_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/metastability/draw_space_time.py"


rule metastability_symmetric_compute:
    input:
        library=library("metastability/compute_symmetric.py"),
    output:
        data_file("metastability", "symmetric.csv"),
    log:
        log_file("metastability_symmetric_compute"),
    benchmark:
        cost_file("metastability_symmetric_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["symmetric"],
        counting=METASTABILITY["counting"],
    script:
        "../../scripts/metastability/compute_symmetric.py"


rule metastability_plateau_histogram_compute:
    input:
        library=library("metastability/compute_plateaus.py"),
    output:
        run_file("metastability", "plateaus/{slab}.npz"),
    log:
        log_file("metastability_plateau_histogram_compute", "{slab}"),
    benchmark:
        cost_file("metastability_plateau_histogram_compute", "{slab}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("metastability_plateaus"),
        runtime=minutes("metastability_plateaus"),
    params:
        settings=METASTABILITY["plateau"],
        counting=METASTABILITY["counting"],
    script:
        "../../scripts/metastability/compute_plateaus.py"


rule metastability_plateau_histogram_aggregate:
    input:
        slabs=expand(run_file("metastability", "plateaus/{slab}.npz"), slab=range(METASTABILITY["plateau"]["slabs"])),
        library=library("metastability/aggregate_plateaus.py"),
    output:
        runs=data_file("metastability", "plateau_clusters.csv"),
        summary=data_file("metastability", "plateau_summary.csv"),
    log:
        log_file("metastability_plateau_histogram_aggregate"),
    benchmark:
        cost_file("metastability_plateau_histogram_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["plateau"],
    script:
        "../../scripts/metastability/aggregate_plateaus.py"


rule metastability_plateau_histogram_plot:
    input:
        runs=data_file("metastability", "plateau_clusters.csv"),
        summary=data_file("metastability", "plateau_summary.csv"),
        library=library("metastability/draw_plateaus.py"),
    output:
        png=report(
            "results/metastability/figures/plateau_histogram.png",
            caption="../report/metastability_plateau_histogram.rst",
            category="Metastability",
            labels=labels("Plateaus", "picture"),
        ),
        pdf="results/metastability/figures/plateau_histogram.pdf",
    log:
        log_file("metastability_plateau_histogram_plot"),
    benchmark:
        cost_file("metastability_plateau_histogram_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/metastability/draw_plateaus.py"


rule metastability_plateau_noise_compute:
    input:
        library=library("metastability/compute_noise.py"),
    output:
        run_file("metastability", "noise/{index,[0-9]+}.npz"),
    log:
        log_file("metastability_plateau_noise_compute", "{index}"),
    benchmark:
        cost_file("metastability_plateau_noise_compute", "{index}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("metastability_noise"),
        runtime=minutes("metastability_noise"),
    params:
        settings=METASTABILITY["plateau_noise"],
        counting=METASTABILITY["counting"],
    script:
        "../../scripts/metastability/compute_noise.py"


rule metastability_plateau_noise_aggregate:
    input:
        runs=expand(
            run_file("metastability", "noise/{index}.npz"), index=range(len(METASTABILITY["plateau_noise"]["betas"]))
        ),
        library=library("metastability/aggregate_noise.py"),
    output:
        data_file("metastability", "plateau_noise.csv"),
    log:
        log_file("metastability_plateau_noise_aggregate"),
    benchmark:
        cost_file("metastability_plateau_noise_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["plateau_noise"],
        ratio=METASTABILITY["plateau"]["ratio"],
    script:
        "../../scripts/metastability/aggregate_noise.py"


rule metastability_plateau_noise_plot:
    input:
        noise=data_file("metastability", "plateau_noise.csv"),
        library=library("metastability/draw_noise.py"),
    output:
        png=report(
            "results/metastability/figures/plateau_noise.png",
            caption="../report/metastability_plateau_noise.rst",
            category="Metastability",
            labels=labels("Plateaus and noise", "picture"),
        ),
        pdf="results/metastability/figures/plateau_noise.pdf",
    log:
        log_file("metastability_plateau_noise_plot"),
    benchmark:
        cost_file("metastability_plateau_noise_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/metastability/draw_noise.py"


rule metastability_pde_compute:
    input:
        library=library("metastability/compute_pde.py"),
    output:
        run_file("metastability", "pde.npz"),
    log:
        log_file("metastability_pde_compute"),
    benchmark:
        cost_file("metastability_pde_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("metastability_pde"),
        runtime=minutes("metastability_pde"),
    params:
        settings=METASTABILITY["pde"],
    script:
        "../../scripts/metastability/compute_pde.py"


rule metastability_pde_aggregate:
    input:
        run=run_file("metastability", "pde.npz"),
        library=library("metastability/aggregate_pde.py"),
    output:
        densities=data_file("metastability", "pde.csv"),
        checks=data_file("metastability", "pde_checks.csv"),
        order=data_file("metastability", "pde_order.csv"),
    log:
        log_file("metastability_pde_aggregate"),
    benchmark:
        cost_file("metastability_pde_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["pde"],
    script:
        "../../scripts/metastability/aggregate_pde.py"


rule metastability_pde_plot:
    input:
        densities=data_file("metastability", "pde.csv"),
        checks=data_file("metastability", "pde_checks.csv"),
        order=data_file("metastability", "pde_order.csv"),
        library=library("metastability/draw_pde.py"),
    output:
        png=report(
            "results/metastability/figures/pde.png",
            caption="../report/metastability_pde.rst",
            category="Metastability",
            labels=labels("Continuity equation", "picture"),
        ),
        pdf="results/metastability/figures/pde.pdf",
    log:
        log_file("metastability_pde_plot"),
    benchmark:
        cost_file("metastability_pde_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["pde"],
    script:
        "../../scripts/metastability/draw_pde.py"


rule metastability_mean_field_limit_compute:
    input:
        library=library("metastability/compute_mean_field.py"),
    output:
        run_file("metastability", "mean_field/{index,[0-9]+}.npz"),
    log:
        log_file("metastability_mean_field_limit_compute", "{index}"),
    benchmark:
        cost_file("metastability_mean_field_limit_compute", "{index}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("metastability_mean_field"),
        runtime=minutes("metastability_mean_field"),
    params:
        settings=METASTABILITY["mean_field_limit"],
    script:
        "../../scripts/metastability/compute_mean_field.py"


rule metastability_mean_field_limit_aggregate:
    input:
        runs=expand(
            run_file("metastability", "mean_field/{index}.npz"),
            index=range(len(METASTABILITY["mean_field_limit"]["particles"])),
        ),
        library=library("metastability/aggregate_mean_field.py"),
    output:
        distances=data_file("metastability", "mean_field_limit.csv"),
        times=data_file("metastability", "mean_field_times.csv"),
        slope=data_file("metastability", "mean_field_slope.csv"),
    log:
        log_file("metastability_mean_field_limit_aggregate"),
    benchmark:
        cost_file("metastability_mean_field_limit_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/metastability/aggregate_mean_field.py"


rule metastability_mean_field_limit_plot:
    input:
        distances=data_file("metastability", "mean_field_limit.csv"),
        times=data_file("metastability", "mean_field_times.csv"),
        slope=data_file("metastability", "mean_field_slope.csv"),
        library=library("metastability/draw_mean_field.py"),
    output:
        png=report(
            "results/metastability/figures/mean_field_limit.png",
            caption="../report/metastability_mean_field_limit.rst",
            category="Metastability",
            labels=labels("Mean-field limit", "picture"),
        ),
        pdf="results/metastability/figures/mean_field_limit.pdf",
    log:
        log_file("metastability_mean_field_limit_plot"),
    benchmark:
        cost_file("metastability_mean_field_limit_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["mean_field_limit"],
    script:
        "../../scripts/metastability/draw_mean_field.py"


rule metastability_exit_time_compute:
    input:
        library=library("metastability/compute_exit.py"),
    output:
        run_file("metastability", "exit/{index,[0-9]+}.npz"),
    log:
        log_file("metastability_exit_time_compute", "{index}"),
    benchmark:
        cost_file("metastability_exit_time_compute", "{index}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("metastability_exit"),
        runtime=minutes("metastability_exit"),
    params:
        settings=METASTABILITY["exit_time"],
    script:
        "../../scripts/metastability/compute_exit.py"


rule metastability_exit_time_aggregate:
    input:
        runs=expand(
            run_file("metastability", "exit/{index}.npz"), index=range(len(METASTABILITY["exit_time"]["betas"]))
        ),
        library=library("metastability/aggregate_exit.py"),
    output:
        exits=data_file("metastability", "exit_time.csv"),
        slopes=data_file("metastability", "exit_time_slopes.csv"),
    log:
        log_file("metastability_exit_time_aggregate"),
    benchmark:
        cost_file("metastability_exit_time_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["exit_time"],
    script:
        "../../scripts/metastability/aggregate_exit.py"


rule metastability_exit_time_plot:
    input:
        exits=data_file("metastability", "exit_time.csv"),
        slopes=data_file("metastability", "exit_time_slopes.csv"),
        library=library("metastability/draw_exit.py"),
    output:
        png=report(
            "results/metastability/figures/exit_time.png",
            caption="../report/metastability_exit_time.rst",
            category="Metastability",
            labels=labels("Exit time", "picture"),
        ),
        pdf="results/metastability/figures/exit_time.pdf",
    log:
        log_file("metastability_exit_time_plot"),
    benchmark:
        cost_file("metastability_exit_time_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["exit_time"],
    script:
        "../../scripts/metastability/draw_exit.py"


rule metastability_sphere_clusters_compute:
    input:
        library=library("metastability/compute_sphere.py"),
    output:
        run_file("metastability", "sphere/{case,[abcd]}.npz"),
    log:
        log_file("metastability_sphere_clusters_compute", "{case}"),
    benchmark:
        cost_file("metastability_sphere_clusters_compute", "{case}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("metastability_sphere"),
        runtime=minutes("metastability_sphere"),
    params:
        settings=METASTABILITY["sphere"],
    script:
        "../../scripts/metastability/compute_sphere.py"


rule metastability_sphere_clusters_aggregate:
    input:
        runs=expand(run_file("metastability", "sphere/{case}.npz"), case=SPHERE_CASES),
        library=library("metastability/aggregate_sphere.py"),
    output:
        rates=data_file("metastability", "sphere_rates.csv"),
        powers=data_file("metastability", "sphere_power.csv"),
        leaders=data_file("metastability", "sphere_leaders.csv"),
    log:
        log_file("metastability_sphere_clusters_aggregate"),
    benchmark:
        cost_file("metastability_sphere_clusters_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        cases=SPHERE_CASES,
    script:
        "../../scripts/metastability/aggregate_sphere.py"


rule metastability_sphere_clusters_plot:
    input:
        runs=expand(run_file("metastability", "sphere/{case}.npz"), case=SPHERE_CASES),
        powers=data_file("metastability", "sphere_power.csv"),
        rates=data_file("metastability", "sphere_rates.csv"),
        library=library("metastability/draw_sphere.py"),
    output:
        png=report(
            "results/metastability/figures/sphere_clusters.png",
            caption="../report/metastability_sphere_clusters.rst",
            category="Metastability",
            labels=labels("Clusters on spheres", "picture"),
        ),
        pdf="results/metastability/figures/sphere_clusters.pdf",
    log:
        log_file("metastability_sphere_clusters_plot"),
    benchmark:
        cost_file("metastability_sphere_clusters_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        cases=SPHERE_CASES,
    script:
        "../../scripts/metastability/draw_sphere.py"


rule metastability_sphere_clusters_animation_plot:
    input:
        run=run_file("metastability", f"sphere/{METASTABILITY['sphere']['animation']['case']}.npz"),
        library=library("metastability/draw_sphere_animation.py"),
    output:
        gif=report(
            "results/metastability/figures/sphere_clusters_animation.gif",
            caption="../report/metastability_sphere_clusters_animation.rst",
            category="Metastability",
            labels=labels("Clusters on a sphere", "film"),
        ),
        mp4="results/metastability/figures/sphere_clusters_animation.mp4",
    log:
        log_file("metastability_sphere_clusters_animation_plot"),
    benchmark:
        cost_file("metastability_sphere_clusters_animation_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=minutes(10),
    params:
        animation=METASTABILITY["sphere"]["animation"],
    script:
        "../../scripts/metastability/draw_sphere_animation.py"


rule metastability_plateau_lifetime_compute:
    input:
        library=library("metastability/compute_lifetime.py"),
    output:
        lifetimes=data_file("metastability", "plateau_lifetime.csv"),
        slopes=data_file("metastability", "plateau_lifetime_slopes.csv"),
    log:
        log_file("metastability_plateau_lifetime_compute"),
    benchmark:
        cost_file("metastability_plateau_lifetime_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["plateau_lifetime"],
    script:
        "../../scripts/metastability/compute_lifetime.py"


rule metastability_plateau_lifetime_plot:
    input:
        lifetimes=data_file("metastability", "plateau_lifetime.csv"),
        plateaus=data_file("metastability", "plateau_clusters.csv"),
        library=library("metastability/draw_lifetime.py"),
    output:
        png=report(
            "results/metastability/figures/plateau_lifetime.png",
            caption="../report/metastability_plateau_lifetime.rst",
            category="Metastability",
            labels=labels("Lifetimes", "picture"),
        ),
        pdf="results/metastability/figures/plateau_lifetime.pdf",
    log:
        log_file("metastability_plateau_lifetime_plot"),
    benchmark:
        cost_file("metastability_plateau_lifetime_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/metastability/draw_lifetime.py"


rule metastability_staircase_compute:
    input:
        library=library("metastability/compute_staircase.py"),
    output:
        steps=data_file("metastability", "staircase.csv"),
        merges=data_file("metastability", "staircase_merges.csv"),
    log:
        log_file("metastability_staircase_compute"),
    benchmark:
        cost_file("metastability_staircase_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["staircase"],
    script:
        "../../scripts/metastability/compute_staircase.py"


rule metastability_staircase_plot:
    input:
        steps=data_file("metastability", "staircase.csv"),
        merges=data_file("metastability", "staircase_merges.csv"),
        library=library("metastability/draw_staircase.py"),
    output:
        png=report(
            "results/metastability/figures/staircase.png",
            caption="../report/metastability_staircase.rst",
            category="Metastability",
            labels=labels("Staircase", "picture"),
        ),
        pdf="results/metastability/figures/staircase.pdf",
    log:
        log_file("metastability_staircase_plot"),
    benchmark:
        cost_file("metastability_staircase_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["staircase"],
    script:
        "../../scripts/metastability/draw_staircase.py"


rule metastability_multi_head_compute:
    input:
        library=library("metastability/compute_heads.py"),
    output:
        run_file("metastability", "heads/{map,repulsion|turned}_{slab}.npz"),
    log:
        log_file("metastability_multi_head_compute", "{map}_{slab}"),
    benchmark:
        cost_file("metastability_multi_head_compute", "{map}_{slab}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("metastability_heads"),
        runtime=minutes("metastability_heads"),
    params:
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
        library=library("metastability/aggregate_heads.py"),
    output:
        maps=data_file("metastability", "multi_head.csv"),
        runs=data_file("metastability", "multi_head_runs.csv"),
    log:
        log_file("metastability_multi_head_aggregate"),
    benchmark:
        cost_file("metastability_multi_head_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["multi_head"],
    script:
        "../../scripts/metastability/aggregate_heads.py"


rule metastability_multi_head_plot:
    input:
        maps=data_file("metastability", "multi_head.csv"),
        runs=data_file("metastability", "multi_head_runs.csv"),
        library=library("metastability/draw_heads.py"),
    output:
        png=report(
            "results/metastability/figures/multi_head.png",
            caption="../report/metastability_multi_head.rst",
            category="Metastability",
            labels=labels("Two heads", "picture"),
        ),
        pdf="results/metastability/figures/multi_head.pdf",
    log:
        log_file("metastability_multi_head_plot"),
    benchmark:
        cost_file("metastability_multi_head_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY["multi_head"],
    script:
        "../../scripts/metastability/draw_heads.py"


rule metastability_claims:
    input:
        tables=[
            data_file("metastability", f"{name}.csv")
            for name in (
                "k_max",
                "linear_phase",
                "plateau_summary",
                "plateau_noise",
                "symmetric",
                "pde_checks",
                "pde_order",
                "mean_field_slope",
                "exit_time",
                "exit_time_slopes",
                "sphere_rates",
                "sphere_leaders",
                "plateau_lifetime_slopes",
                "staircase_merges",
                "multi_head",
                "multi_head_runs",
            )
        ],
        library=library("metastability/judge.py"),
    output:
        report(
            claims_file("metastability"),
            caption="../report/metastability_claims.rst",
            category="Metastability",
            labels=labels("Claims", "table"),
        ),
    log:
        log_file("metastability_claims"),
    benchmark:
        cost_file("metastability_claims")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=METASTABILITY,
    script:
        "../../scripts/metastability/judge.py"
