# Perspective: clustering of tokens in continuous-depth attention (arXiv 2312.10794).
# compute (slabs of beta) -> aggregate (arrays and CSV) -> claims and plot.

PERSPECTIVE = config["perspective"]
PERSPECTIVE_PHASE = PERSPECTIVE["phase"]
PERSPECTIVE_RANDOM = PERSPECTIVE["phase_random"]
PERSPECTIVE_FLOWS = ["sa", "usa"]
PERSPECTIVE_PHASES = [f"phase_{flow}_d{d}" for flow in PERSPECTIVE_FLOWS for d in PERSPECTIVE_PHASE["dimensions"]]
PERSPECTIVE_SAMENESS = [
    data_file("perspective", f"phase_sameness_d{d}.csv") for d in PERSPECTIVE["phase_sameness"]["dimensions"]
]
PERSPECTIVE_THEOREMS = [
    "theorems_zero_beta",
    "theorems_hemisphere",
    "theorems_hemisphere_rates",
    "theorems_high_dimension",
]
FIGURES["perspective"] = {
    **{
        name: [
            data_file("perspective", f"{name}.npz"),
            data_file("perspective", f"{name}.csv"),
            *figure_files("perspective", name),
        ]
        for name in PERSPECTIVE_PHASES
    },
    **{
        f"phase_random_d{d}": [
            data_file("perspective", f"phase_random_d{d}.npz"),
            data_file("perspective", f"phase_random_d{d}.csv"),
            *figure_files("perspective", f"phase_random_d{d}"),
        ]
        for d in PERSPECTIVE_RANDOM["dimensions"]
    },
    "phase_curve": [
        data_file("perspective", "phase_curve.csv"),
        data_file("perspective", "phase_curve_usa.csv"),
        data_file("perspective", "phase_curve_solutions.csv"),
        data_file("perspective", "phase_curve_boundaries.csv"),
        *figure_files("perspective", "phase_curve"),
    ],
    **{
        f"particles_{d}d": [
            data_file("perspective", f"particles_{d}d.csv"),
            data_file("perspective", f"particles_{d}d_clusters.csv"),
            *figure_files("perspective", f"particles_{d}d"),
            *[
                path
                for panel in PERSPECTIVE[f"particles_{d}d"]["panels"]
                for path in animation_files("perspective", f"particles_{d}d_{panel}")
            ],
        ]
        for d in (2, 3)
    },
    "particles_3d_pages": [
        f"results/perspective/figures/particles_3d_{panel}.html" for panel in PERSPECTIVE["particles_3d"]["panels"]
    ],
    "energy": [
        *[data_file("perspective", f"{name}.csv") for name in ("energy", "energy_merges", "energy_plateaus")],
        *figure_files("perspective", "energy"),
    ],
    "hypersphere": [
        data_file("perspective", "hypersphere.csv"),
        *figure_files("perspective", "hypersphere"),
        "results/perspective/figures/hypersphere.html",
    ],
    "deep_limit": [
        data_file("perspective", "deep_limit.csv"),
        data_file("perspective", "deep_limit_runs.csv"),
        *figure_files("perspective", "deep_limit"),
    ],
    "clustering_theorems": [
        *[data_file("perspective", f"{name}.csv") for name in PERSPECTIVE_THEOREMS],
        *figure_files("perspective", "clustering_theorems"),
    ],
    "phase_sameness": [*PERSPECTIVE_SAMENESS, *figure_files("perspective", "phase_sameness")],
}


rule perspective_phase_compute:
    input:
        library=library("perspective/compute_phase.py"),
    output:
        run_file("perspective", "phase_{kind,sa|usa}_d{dimension,[0-9]+}/{slab}.npz"),
    log:
        log_file("perspective_phase_compute", "{kind}_d{dimension}_{slab}"),
    benchmark:
        cost_file("perspective_phase_compute", "{kind}_d{dimension}_{slab}")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("perspective_slab"),
        runtime=minutes("perspective_slab"),
    params:
        settings=PERSPECTIVE_PHASE,
    script:
        "../../scripts/perspective/compute_phase.py"


rule perspective_phase_aggregate:
    input:
        slabs=expand(
            run_file("perspective", "phase_{{kind}}_d{{dimension}}/{slab}.npz"), slab=range(PERSPECTIVE_PHASE["slabs"])
        ),
        library=library("perspective/aggregate_phase.py"),
    output:
        arrays=data_file("perspective", "phase_{kind,sa|usa}_d{dimension,[0-9]+}.npz"),
        table=data_file("perspective", "phase_{kind,sa|usa}_d{dimension,[0-9]+}.csv"),
    log:
        log_file("perspective_phase_aggregate", "{kind}_d{dimension}"),
    benchmark:
        cost_file("perspective_phase_aggregate", "{kind}_d{dimension}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("perspective_plane"),
        runtime=minutes("perspective_plane"),
    params:
        settings=PERSPECTIVE_PHASE,
    script:
        "../../scripts/perspective/aggregate_phase.py"


rule perspective_phase_plot:
    input:
        arrays=data_file("perspective", "phase_{kind}_d{dimension}.npz"),
        table=data_file("perspective", "phase_{kind}_d{dimension}.csv"),
        library=library("perspective/draw_phase.py"),
    output:
        png=report(
            "results/perspective/figures/phase_{kind,sa|usa}_d{dimension,[0-9]+}.png",
            caption="../report/perspective_phase.rst",
            category="Perspective",
            labels=lambda wildcards: labels(
                f"Phase diagram {wildcards.kind.upper()}, d = {wildcards.dimension}", "picture"
            ),
        ),
        pdf="results/perspective/figures/phase_{kind,sa|usa}_d{dimension,[0-9]+}.pdf",
    log:
        log_file("perspective_phase_plot", "{kind}_d{dimension}"),
    benchmark:
        cost_file("perspective_phase_plot", "{kind}_d{dimension}")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory("perspective_plane"),
        runtime=minutes("perspective_plane"),
    params:
        settings=PERSPECTIVE_PHASE,
    script:
        "../../scripts/perspective/draw_phase.py"


rule perspective_phase_curve_aggregate:
    input:
        tables=[data_file("perspective", f"{name}.csv") for name in PERSPECTIVE_PHASES],
        library=library("perspective/aggregate_curve.py"),
    output:
        curve=data_file("perspective", "phase_curve.csv"),
        curve_usa=data_file("perspective", "phase_curve_usa.csv"),
        solutions=data_file("perspective", "phase_curve_solutions.csv"),
        boundaries=data_file("perspective", "phase_curve_boundaries.csv"),
    log:
        log_file("perspective_phase_curve_aggregate"),
    benchmark:
        cost_file("perspective_phase_curve_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        phase=PERSPECTIVE_PHASE,
        curve=PERSPECTIVE["phase_curve"],
    script:
        "../../scripts/perspective/aggregate_curve.py"


rule perspective_phase_curve_plot:
    input:
        curve=data_file("perspective", "phase_curve.csv"),
        curve_usa=data_file("perspective", "phase_curve_usa.csv"),
        solutions=data_file("perspective", "phase_curve_solutions.csv"),
        boundaries=data_file("perspective", "phase_curve_boundaries.csv"),
        library=library("perspective/draw_curve.py"),
    output:
        png=report(
            "results/perspective/figures/phase_curve.png",
            caption="../report/perspective_phase_curve.rst",
            category="Perspective",
            labels=labels("Reduced equation", "picture"),
        ),
        pdf="results/perspective/figures/phase_curve.pdf",
    log:
        log_file("perspective_phase_curve_plot"),
    benchmark:
        cost_file("perspective_phase_curve_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/perspective/draw_curve.py"


rule perspective_phase_sameness_compute:
    input:
        library=library("perspective/compute_sameness.py"),
    output:
        data_file("perspective", "phase_sameness_d{dimension,[0-9]+}.csv"),
    log:
        log_file("perspective_phase_sameness_compute", "d{dimension}"),
    benchmark:
        cost_file("perspective_phase_sameness_compute", "d{dimension}")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("perspective_slab"),
        runtime=minutes("perspective_slab"),
    params:
        phase=PERSPECTIVE_PHASE,
        sameness=PERSPECTIVE["phase_sameness"],
    script:
        "../../scripts/perspective/compute_sameness.py"


rule perspective_phase_sameness_plot:
    input:
        tables=PERSPECTIVE_SAMENESS,
        library=library("perspective/draw_sameness.py"),
    output:
        png=report(
            "results/perspective/figures/phase_sameness.png",
            caption="../report/perspective_phase_sameness.rst",
            category="Perspective",
            labels=labels("Published steps and adaptive integrator", "picture"),
        ),
        pdf="results/perspective/figures/phase_sameness.pdf",
    log:
        log_file("perspective_phase_sameness_plot"),
    benchmark:
        cost_file("perspective_phase_sameness_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/perspective/draw_sameness.py"


rule perspective_phase_random_compute:
    input:
        library=library("perspective/compute_random.py"),
    output:
        run_file("perspective", "phase_random_d{dimension,[0-9]+}/{slab}.npz"),
    log:
        log_file("perspective_phase_random_compute", "d{dimension}_{slab}"),
    benchmark:
        cost_file("perspective_phase_random_compute", "d{dimension}_{slab}")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("perspective_random"),
        runtime=minutes("perspective_random"),
    params:
        settings=PERSPECTIVE_RANDOM,
    script:
        "../../scripts/perspective/compute_random.py"


rule perspective_phase_random_aggregate:
    input:
        slabs=expand(
            run_file("perspective", "phase_random_d{{dimension}}/{slab}.npz"), slab=range(PERSPECTIVE_RANDOM["slabs"])
        ),
        library=library("perspective/aggregate_random.py"),
    output:
        arrays=data_file("perspective", "phase_random_d{dimension,[0-9]+}.npz"),
        table=data_file("perspective", "phase_random_d{dimension,[0-9]+}.csv"),
    log:
        log_file("perspective_phase_random_aggregate", "d{dimension}"),
    benchmark:
        cost_file("perspective_phase_random_aggregate", "d{dimension}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("perspective_random_plane"),
        runtime=minutes("perspective_random_plane"),
    params:
        settings=PERSPECTIVE_RANDOM,
    script:
        "../../scripts/perspective/aggregate_random.py"


rule perspective_phase_random_plot:
    input:
        arrays=data_file("perspective", "phase_random_d{dimension}.npz"),
        library=library("perspective/draw_random.py"),
    output:
        png=report(
            "results/perspective/figures/phase_random_d{dimension,[0-9]+}.png",
            caption="../report/perspective_phase_random.rst",
            category="Perspective",
            labels=labels("Random weights, d = {dimension}", "picture"),
        ),
        pdf="results/perspective/figures/phase_random_d{dimension,[0-9]+}.pdf",
    log:
        log_file("perspective_phase_random_plot", "d{dimension}"),
    benchmark:
        cost_file("perspective_phase_random_plot", "d{dimension}")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory("perspective_random_plane"),
        runtime=minutes("perspective_random_plane"),
    params:
        settings=PERSPECTIVE_RANDOM,
    script:
        "../../scripts/perspective/draw_random.py"


rule perspective_particles_compute:
    input:
        library=library("perspective/compute_particles.py"),
    output:
        run_file("perspective", "particles_{dimension,[23]}d.npz"),
    log:
        log_file("perspective_particles_compute", "{dimension}d"),
    benchmark:
        cost_file("perspective_particles_compute", "{dimension}d")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=lambda wildcards: PERSPECTIVE[f"particles_{wildcards.dimension}d"],
    script:
        "../../scripts/perspective/compute_particles.py"


rule perspective_particles_aggregate:
    input:
        runs=run_file("perspective", "particles_{dimension}d.npz"),
        library=library("perspective/aggregate_particles.py"),
    output:
        snapshots=data_file("perspective", "particles_{dimension,[23]}d.csv"),
        clusters=data_file("perspective", "particles_{dimension,[23]}d_clusters.csv"),
    log:
        log_file("perspective_particles_aggregate", "{dimension}d"),
    benchmark:
        cost_file("perspective_particles_aggregate", "{dimension}d")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=lambda wildcards: PERSPECTIVE[f"particles_{wildcards.dimension}d"],
    script:
        "../../scripts/perspective/aggregate_particles.py"


rule perspective_particles_plot:
    input:
        runs=run_file("perspective", "particles_{dimension}d.npz"),
        library=library("perspective/draw_particles.py"),
    output:
        png=report(
            "results/perspective/figures/particles_{dimension,[23]}d.png",
            caption="../report/perspective_particles.rst",
            category="Perspective",
            labels=labels("Particles, d = {dimension}", "picture"),
        ),
        pdf="results/perspective/figures/particles_{dimension,[23]}d.pdf",
    log:
        log_file("perspective_particles_plot", "{dimension}d"),
    benchmark:
        cost_file("perspective_particles_plot", "{dimension}d")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=lambda wildcards: PERSPECTIVE[f"particles_{wildcards.dimension}d"],
    script:
        "../../scripts/perspective/draw_particles.py"


rule perspective_energy_compute:
    input:
        library=library("perspective/compute_energy.py"),
    output:
        energy=data_file("perspective", "energy.csv"),
        merges=data_file("perspective", "energy_merges.csv"),
        plateaus=data_file("perspective", "energy_plateaus.csv"),
    log:
        log_file("perspective_energy_compute"),
    benchmark:
        cost_file("perspective_energy_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=PERSPECTIVE["energy"],
    script:
        "../../scripts/perspective/compute_energy.py"


rule perspective_energy_plot:
    input:
        energy=data_file("perspective", "energy.csv"),
        merges=data_file("perspective", "energy_merges.csv"),
        library=library("perspective/draw_energy.py"),
    output:
        png=report(
            "results/perspective/figures/energy.png",
            caption="../report/perspective_energy.rst",
            category="Perspective",
            labels=labels("Energy", "picture"),
        ),
        pdf="results/perspective/figures/energy.pdf",
    log:
        log_file("perspective_energy_plot"),
    benchmark:
        cost_file("perspective_energy_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=PERSPECTIVE["energy"],
    script:
        "../../scripts/perspective/draw_energy.py"


rule perspective_hypersphere_compute:
    input:
        library=library("perspective/compute_hypersphere.py"),
    output:
        table=data_file("perspective", "hypersphere.csv"),
    log:
        log_file("perspective_hypersphere_compute"),
    benchmark:
        cost_file("perspective_hypersphere_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=PERSPECTIVE["hypersphere"],
    script:
        "../../scripts/perspective/compute_hypersphere.py"


rule perspective_hypersphere_plot:
    input:
        table=data_file("perspective", "hypersphere.csv"),
        library=library("perspective/draw_hypersphere.py"),
    output:
        png=report(
            "results/perspective/figures/hypersphere.png",
            caption="../report/perspective_hypersphere.rst",
            category="Perspective",
            labels=labels("Hypersphere", "picture"),
        ),
        pdf="results/perspective/figures/hypersphere.pdf",
    log:
        log_file("perspective_hypersphere_plot"),
    benchmark:
        cost_file("perspective_hypersphere_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=PERSPECTIVE["hypersphere"],
    script:
        "../../scripts/perspective/draw_hypersphere.py"


rule perspective_deep_limit_compute:
    input:
        library=library("perspective/compute_deep_limit.py"),
    output:
        table=data_file("perspective", "deep_limit.csv"),
        runs=data_file("perspective", "deep_limit_runs.csv"),
    log:
        log_file("perspective_deep_limit_compute"),
    benchmark:
        cost_file("perspective_deep_limit_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=PERSPECTIVE["deep_limit"],
    script:
        "../../scripts/perspective/compute_deep_limit.py"


rule perspective_deep_limit_plot:
    input:
        table=data_file("perspective", "deep_limit.csv"),
        runs=data_file("perspective", "deep_limit_runs.csv"),
        library=library("perspective/draw_deep_limit.py"),
    output:
        png=report(
            "results/perspective/figures/deep_limit.png",
            caption="../report/perspective_deep_limit.rst",
            category="Perspective",
            labels=labels("Deep limit", "picture"),
        ),
        pdf="results/perspective/figures/deep_limit.pdf",
    log:
        log_file("perspective_deep_limit_plot"),
    benchmark:
        cost_file("perspective_deep_limit_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/perspective/draw_deep_limit.py"


rule perspective_clustering_theorems_compute:
    input:
        library=library("perspective/compute_theorems.py"),
    output:
        zero_beta=data_file("perspective", "theorems_zero_beta.csv"),
        hemisphere=data_file("perspective", "theorems_hemisphere.csv"),
        rates=data_file("perspective", "theorems_hemisphere_rates.csv"),
        high_dimension=data_file("perspective", "theorems_high_dimension.csv"),
    log:
        log_file("perspective_clustering_theorems_compute"),
    benchmark:
        cost_file("perspective_clustering_theorems_compute")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=PERSPECTIVE["clustering_theorems"],
    script:
        "../../scripts/perspective/compute_theorems.py"


rule perspective_clustering_theorems_plot:
    input:
        zero_beta=data_file("perspective", "theorems_zero_beta.csv"),
        hemisphere=data_file("perspective", "theorems_hemisphere.csv"),
        rates=data_file("perspective", "theorems_hemisphere_rates.csv"),
        high_dimension=data_file("perspective", "theorems_high_dimension.csv"),
        library=library("perspective/draw_theorems.py"),
    output:
        png=report(
            "results/perspective/figures/clustering_theorems.png",
            caption="../report/perspective_clustering_theorems.rst",
            category="Perspective",
            labels=labels("Clustering theorems", "picture"),
        ),
        pdf="results/perspective/figures/clustering_theorems.pdf",
    log:
        log_file("perspective_clustering_theorems_plot"),
    benchmark:
        cost_file("perspective_clustering_theorems_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/perspective/draw_theorems.py"


rule perspective_symmetries_compute:
    input:
        library=library("perspective/compute_symmetries.py"),
    output:
        table=data_file("perspective", "symmetries.csv"),
    log:
        log_file("perspective_symmetries_compute"),
    benchmark:
        cost_file("perspective_symmetries_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=PERSPECTIVE["symmetries"],
    script:
        "../../scripts/perspective/compute_symmetries.py"


rule perspective_particles_2d_animation_plot:
    input:
        runs=run_file("perspective", "particles_2d.npz"),
        library=library("perspective/draw_animation.py"),
    output:
        gif=[
            report(
                f"results/perspective/figures/particles_2d_{panel}.gif",
                caption="../report/perspective_particles_animation.rst",
                category="Perspective",
                labels=labels(f"Particles, d = 2, {panel}", "film"),
            )
            for panel in PERSPECTIVE["particles_2d"]["panels"]
        ],
        mp4=[f"results/perspective/figures/particles_2d_{panel}.mp4" for panel in PERSPECTIVE["particles_2d"]["panels"]],
    log:
        log_file("perspective_particles_2d_animation_plot"),
    benchmark:
        cost_file("perspective_particles_2d_animation_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(20),
    params:
        settings=PERSPECTIVE["particles_2d"],
        animation=PERSPECTIVE["animation"],
    script:
        "../../scripts/perspective/draw_animation.py"


rule perspective_particles_3d_animation_plot:
    input:
        runs=run_file("perspective", "particles_3d.npz"),
        library=library("perspective/draw_animation.py"),
    output:
        gif=[
            report(
                f"results/perspective/figures/particles_3d_{panel}.gif",
                caption="../report/perspective_particles_animation.rst",
                category="Perspective",
                labels=labels(f"Particles, d = 3, {panel}", "film"),
            )
            for panel in PERSPECTIVE["particles_3d"]["panels"]
        ],
        mp4=[f"results/perspective/figures/particles_3d_{panel}.mp4" for panel in PERSPECTIVE["particles_3d"]["panels"]],
    log:
        log_file("perspective_particles_3d_animation_plot"),
    benchmark:
        cost_file("perspective_particles_3d_animation_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(20),
    params:
        settings=PERSPECTIVE["particles_3d"],
        animation=PERSPECTIVE["animation"],
    script:
        "../../scripts/perspective/draw_animation.py"


rule perspective_pages_plot:
    input:
        runs=run_file("perspective", "particles_3d.npz"),
        table=data_file("perspective", "hypersphere.csv"),
        library=library("perspective/build_page.py"),
    output:
        particles=[
            report(
                f"results/perspective/figures/particles_3d_{panel}.html",
                caption="../report/perspective_particles_page.rst",
                category="Perspective",
                labels=labels(f"Particles, d = 3, {panel}", "page"),
            )
            for panel in PERSPECTIVE["particles_3d"]["panels"]
        ],
        hypersphere=report(
            "results/perspective/figures/hypersphere.html",
            caption="../report/perspective_hypersphere.rst",
            category="Perspective",
            labels=labels("Hypersphere", "page"),
        ),
    log:
        log_file("perspective_pages_plot"),
    benchmark:
        cost_file("perspective_pages_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        particles=PERSPECTIVE["particles_3d"],
        hypersphere=PERSPECTIVE["hypersphere"],
    script:
        "../../scripts/perspective/build_page.py"


rule perspective_claims:
    input:
        tables=[
            *[data_file("perspective", f"{name}.csv") for name in PERSPECTIVE_PHASES],
            *PERSPECTIVE_SAMENESS,
            *[
                data_file("perspective", f"{name}.csv")
                for name in (
                    "symmetries",
                    "energy",
                    "energy_plateaus",
                    "particles_2d_clusters",
                    "particles_3d_clusters",
                    "deep_limit",
                    *PERSPECTIVE_THEOREMS,
                )
            ],
        ],
        library=library("perspective/judge.py"),
    output:
        report(
            claims_file("perspective"),
            caption="../report/perspective_claims.rst",
            category="Perspective",
            labels=labels("Claims", "table"),
        ),
    log:
        log_file("perspective_claims"),
    benchmark:
        cost_file("perspective_claims")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=PERSPECTIVE,
    script:
        "../../scripts/perspective/judge.py"
