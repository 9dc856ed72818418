# Perspective: clustering of tokens in continuous-depth attention (arXiv 2312.10794).
# compute (slabs of beta) -> aggregate (arrays and CSV); claims and plot rules follow from workflow/figures/perspective.yaml.

PERSPECTIVE = config["perspective"]
PERSPECTIVE_PHASE = PERSPECTIVE["phase"]
PERSPECTIVE_RANDOM = PERSPECTIVE["phase_random"]


rule perspective_phase_compute:
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
        mem_mb=memory("perspective_phase_compute"),
        runtime=minutes("perspective_phase_compute"),
    params:
        library=library("perspective/compute_phase.py"),
        settings=PERSPECTIVE_PHASE,
    script:
        "../../scripts/perspective/compute_phase.py"


rule perspective_phase_aggregate:
    input:
        slabs=expand(
            run_file("perspective", "phase_{{kind}}_d{{dimension}}/{slab}.npz"), slab=range(PERSPECTIVE_PHASE["slabs"])
        ),
    output:
        arrays=data_file("perspective", "phase_{kind,sa|usa}_d{dimension,[0-9]+}.npz"),
        table=data_file("perspective", "phase_{kind,sa|usa}_d{dimension,[0-9]+}.csv"),
    log:
        log_file("perspective_phase_aggregate", "{kind}_d{dimension}"),
    benchmark:
        cost_file("perspective_phase_aggregate", "{kind}_d{dimension}")
    group:
        "perspective_aggregate"
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("perspective_phase_aggregate"),
        runtime=minutes("perspective_phase_aggregate"),
    params:
        library=library("perspective/aggregate_phase.py"),
        settings=PERSPECTIVE_PHASE,
    script:
        "../../scripts/perspective/aggregate_phase.py"


rule perspective_phase_curve_aggregate:
    input:
        tables=expand(
            data_file("perspective", "phase_{flow}_d{dimension}.csv"),
            flow=["sa", "usa"],
            dimension=PERSPECTIVE_PHASE["dimensions"],
        ),
    output:
        curve=data_file("perspective", "phase_curve.csv"),
        curve_usa=data_file("perspective", "phase_curve_usa.csv"),
        solutions=data_file("perspective", "phase_curve_solutions.csv"),
        more=data_file("perspective", "phase_curve_particles.csv"),
        boundaries=data_file("perspective", "phase_curve_boundaries.csv"),
    log:
        log_file("perspective_phase_curve_aggregate"),
    benchmark:
        cost_file("perspective_phase_curve_aggregate")
    group:
        "perspective_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("perspective/aggregate_curve.py"),
        phase=PERSPECTIVE_PHASE,
        curve=PERSPECTIVE["phase_curve"],
    script:
        "../../scripts/perspective/aggregate_curve.py"


rule perspective_phase_sameness_compute:
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
        mem_mb=memory("perspective_phase_sameness_compute"),
        runtime=minutes("perspective_phase_sameness_compute"),
    params:
        library=library("perspective/compute_sameness.py"),
        phase=PERSPECTIVE_PHASE,
        sameness=PERSPECTIVE["phase_sameness"],
    script:
        "../../scripts/perspective/compute_sameness.py"


rule perspective_seminar_compute:
    output:
        data_file("perspective", "seminar_sa_d{dimension,[0-9]+}.csv"),
    log:
        log_file("perspective_seminar_compute", "d{dimension}"),
    benchmark:
        cost_file("perspective_seminar_compute", "d{dimension}")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("perspective_seminar_compute"),
        runtime=minutes("perspective_seminar_compute"),
    params:
        library=library("perspective/compute_seminar.py"),
        settings=PERSPECTIVE["seminar"],
    script:
        "../../scripts/perspective/compute_seminar.py"


rule perspective_phase_random_compute:
    output:
        run_file("perspective", "phase_random_d{dimension,[0-9]+}/{slab}.npz"),
    log:
        log_file("perspective_phase_random_compute", "d{dimension}_{slab}"),
    benchmark:
        cost_file("perspective_phase_random_compute", "d{dimension}_{slab}")
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("perspective_phase_random_compute"),
        runtime=minutes("perspective_phase_random_compute"),
    params:
        library=library("perspective/compute_random.py"),
        settings=PERSPECTIVE_RANDOM,
    script:
        "../../scripts/perspective/compute_random.py"


rule perspective_phase_random_aggregate:
    input:
        slabs=expand(
            run_file("perspective", "phase_random_d{{dimension}}/{slab}.npz"), slab=range(PERSPECTIVE_RANDOM["slabs"])
        ),
    output:
        arrays=data_file("perspective", "phase_random_d{dimension,[0-9]+}.npz"),
        table=data_file("perspective", "phase_random_d{dimension,[0-9]+}.csv"),
    log:
        log_file("perspective_phase_random_aggregate", "d{dimension}"),
    benchmark:
        cost_file("perspective_phase_random_aggregate", "d{dimension}")
    group:
        "perspective_aggregate"
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("perspective_phase_random_aggregate"),
        runtime=minutes("perspective_phase_random_aggregate"),
    params:
        library=library("perspective/aggregate_random.py"),
        settings=PERSPECTIVE_RANDOM,
    script:
        "../../scripts/perspective/aggregate_random.py"


rule perspective_particles_compute:
    output:
        run_file("perspective", "particles_{dimension,[23]}d.npz"),
    log:
        log_file("perspective_particles_compute", "{dimension}d"),
    benchmark:
        cost_file("perspective_particles_compute", "{dimension}d")
    group:
        "perspective_compute"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("perspective/compute_particles.py"),
        settings=lambda wildcards: PERSPECTIVE[f"particles_{wildcards.dimension}d"],
    script:
        "../../scripts/perspective/compute_particles.py"


rule perspective_particles_aggregate:
    input:
        runs=run_file("perspective", "particles_{dimension}d.npz"),
    output:
        snapshots=data_file("perspective", "particles_{dimension,[23]}d.csv"),
        clusters=data_file("perspective", "particles_{dimension,[23]}d_clusters.csv"),
    log:
        log_file("perspective_particles_aggregate", "{dimension}d"),
    benchmark:
        cost_file("perspective_particles_aggregate", "{dimension}d")
    group:
        "perspective_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("perspective/aggregate_particles.py"),
        settings=lambda wildcards: PERSPECTIVE[f"particles_{wildcards.dimension}d"],
    script:
        "../../scripts/perspective/aggregate_particles.py"
