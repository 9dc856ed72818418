# Mean-field map: self-attention with 1-bit tokens in the limit of infinite size (Poc-López and Aguilera).
# start -> compute (slabs) -> aggregate (CSV, compact npz) -> claims and plot.
from attention_atlas.papers.mean_field.settings import CHAINS, blocks_of

MEAN_FIELD = config["mean_field"]


rule mean_field_start_compute:
    input:
        start=[MEAN_FIELD["start"]["file"]] if MEAN_FIELD["start"]["file"] else [],
    output:
        data_file("mean_field", "start_window.csv"),
    log:
        log_file("mean_field_start_compute"),
    benchmark:
        cost_file("mean_field_start_compute")
    group:
        "mean_field_compute"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("mean_field/compute_start.py"),
        model=MEAN_FIELD["model"],
        start=MEAN_FIELD["start"],
    script:
        "../../scripts/mean_field/compute_start.py"


rule mean_field_bifurcation_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
    output:
        run_file("mean_field", r"bifurcation{suffix,(_[a-z0-9]+)?}/{slab}.npz"),
    log:
        log_file("mean_field_bifurcation_compute", "bifurcation{suffix}_{slab}"),
    benchmark:
        cost_file("mean_field_bifurcation_compute", "bifurcation{suffix}_{slab}")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("mean_field_bifurcation_compute"),
        runtime=minutes("mean_field_bifurcation_compute"),
    params:
        library=library("mean_field/compute_diagram.py"),
        name=lambda wildcards: f"bifurcation{wildcards.suffix}",
        blocks=lambda wildcards: blocks_of(MEAN_FIELD, f"bifurcation{wildcards.suffix}"),
    script:
        "../../scripts/mean_field/compute_diagram.py"


rule mean_field_bifurcation_aggregate:
    input:
        slabs=lambda wildcards: expand(
            run_file("mean_field", "bifurcation{suffix}/{slab}.npz"),
            suffix=wildcards.suffix,
            slab=range(MEAN_FIELD[f"bifurcation{wildcards.suffix}"]["slabs"]),
        ),
    output:
        picture=data_file("mean_field", r"bifurcation{suffix,(_[a-z0-9]+)?}.npz"),
        table=data_file("mean_field", r"lyapunov{suffix,(_[a-z0-9]+)?}.csv"),
    log:
        log_file("mean_field_bifurcation_aggregate", "bifurcation{suffix}"),
    benchmark:
        cost_file("mean_field_bifurcation_aggregate", "bifurcation{suffix}")
    group:
        "mean_field_aggregate"
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("mean_field_bifurcation_aggregate"),
        runtime=minutes("mean_field_bifurcation_aggregate"),
    params:
        library=library("mean_field/aggregate_diagram.py"),
        settings=lambda wildcards: MEAN_FIELD[f"bifurcation{wildcards.suffix}"],
    script:
        "../../scripts/mean_field/aggregate_diagram.py"


rule mean_field_trajectories_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
    output:
        data_file("mean_field", "trajectories.npz"),
    log:
        log_file("mean_field_trajectories_compute"),
    benchmark:
        cost_file("mean_field_trajectories_compute")
    group:
        "mean_field_compute"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("mean_field/compute_trajectories.py"),
        blocks=blocks_of(MEAN_FIELD, "trajectories"),
    script:
        "../../scripts/mean_field/compute_trajectories.py"


rule mean_field_trajectories_aggregate:
    input:
        runs=data_file("mean_field", "trajectories.npz"),
    output:
        series=data_file("mean_field", "trajectories_series.csv"),
        spectra=data_file("mean_field", "trajectories_spectra.csv"),
        correlations=data_file("mean_field", "trajectories_correlations.csv"),
        exponents=data_file("mean_field", "trajectories_exponents.csv"),
        classes=data_file("mean_field", "trajectories_classes.csv"),
    log:
        log_file("mean_field_trajectories_aggregate"),
    benchmark:
        cost_file("mean_field_trajectories_aggregate")
    group:
        "mean_field_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("mean_field/aggregate_trajectories.py"),
        settings=MEAN_FIELD["trajectories"],
        cycle=2 ** MEAN_FIELD["model"]["positional_bits"],
    script:
        "../../scripts/mean_field/aggregate_trajectories.py"


rule mean_field_slices_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
    output:
        data_file("mean_field", "slices.npz"),
    log:
        log_file("mean_field_slices_compute"),
    benchmark:
        cost_file("mean_field_slices_compute")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("mean_field_slices_compute"),
        runtime=minutes("mean_field_slices_compute"),
    params:
        library=library("mean_field/compute_slices.py"),
        blocks=blocks_of(MEAN_FIELD, "slices"),
    script:
        "../../scripts/mean_field/compute_slices.py"


rule mean_field_continuation_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
    output:
        run_file("mean_field", "continuation_{chain}/{slab}.npz"),
    log:
        log_file("mean_field_continuation_compute", "{chain}_{slab}"),
    benchmark:
        cost_file("mean_field_continuation_compute", "{chain}_{slab}")
    wildcard_constraints:
        chain="|".join(CHAINS),
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("mean_field_continuation_compute"),
        runtime=minutes("mean_field_continuation_compute"),
    params:
        library=library("mean_field/compute_continuation.py"),
        name=lambda wildcards: wildcards.chain,
        blocks=lambda wildcards: {
            **blocks_of(MEAN_FIELD),
            "continuation": {
                wildcards.chain: MEAN_FIELD["continuation"][wildcards.chain],
                "half_width": MEAN_FIELD["continuation"]["half_width"],
            },
        },
    script:
        "../../scripts/mean_field/compute_continuation.py"


rule mean_field_continuation_aggregate:
    input:
        slabs=lambda wildcards: expand(
            run_file("mean_field", "continuation_{chain}/{slab}.npz"),
            chain=wildcards.chain,
            slab=range(MEAN_FIELD["continuation"][wildcards.chain]["slabs"]),
        ),
    output:
        picture=data_file("mean_field", "continuation_{chain}.npz"),
        table=data_file("mean_field", "continuation_{chain}.csv"),
    log:
        log_file("mean_field_continuation_aggregate", "{chain}"),
    benchmark:
        cost_file("mean_field_continuation_aggregate", "{chain}")
    wildcard_constraints:
        chain="|".join(CHAINS),
    group:
        "mean_field_aggregate"
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("mean_field_continuation_compute"),
        runtime=minutes("mean_field_continuation_compute"),
    params:
        library=library("mean_field/aggregate_continuation.py"),
        settings=lambda wildcards: MEAN_FIELD["continuation"][wildcards.chain],
    script:
        "../../scripts/mean_field/aggregate_continuation.py"


rule mean_field_coexistence_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
    output:
        run_file("mean_field", "coexistence/{slab}.npz"),
    log:
        log_file("mean_field_coexistence_compute", "{slab}"),
    benchmark:
        cost_file("mean_field_coexistence_compute", "{slab}")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("mean_field_coexistence_compute"),
        runtime=minutes("mean_field_coexistence_compute"),
    params:
        library=library("mean_field/compute_coexistence.py"),
        blocks=blocks_of(MEAN_FIELD),
        settings=MEAN_FIELD["coexistence"],
    script:
        "../../scripts/mean_field/compute_coexistence.py"


rule mean_field_coexistence_aggregate:
    input:
        slabs=expand(
            run_file("mean_field", "coexistence/{slab}.npz"),
            slab=range(MEAN_FIELD["coexistence"]["slabs"]),
        ),
    output:
        attractors=data_file("mean_field", "coexistence.csv"),
    log:
        log_file("mean_field_coexistence_aggregate"),
    benchmark:
        cost_file("mean_field_coexistence_aggregate")
    group:
        "mean_field_aggregate"
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("mean_field_coexistence_compute"),
        runtime=minutes("mean_field_coexistence_compute"),
    params:
        library=library("mean_field/aggregate_coexistence.py"),
        settings=MEAN_FIELD["coexistence"],
    script:
        "../../scripts/mean_field/aggregate_coexistence.py"


rule mean_field_published_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
        published=published("mean_field/lyapunov_zoom.csv"),
    output:
        run_file("mean_field", "published.npz"),
    log:
        log_file("mean_field_published_compute"),
    benchmark:
        cost_file("mean_field_published_compute")
    group:
        "mean_field_compute"
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory(1500),
        runtime=minutes(20),
    params:
        library=library("mean_field/compute_coexistence.py"),
        blocks=blocks_of(MEAN_FIELD),
        settings=MEAN_FIELD["published_run"],
    script:
        "../../scripts/mean_field/compute_coexistence.py"


rule mean_field_published_aggregate:
    input:
        slabs=[run_file("mean_field", "published.npz")],
        published=published("mean_field/lyapunov_zoom.csv"),
    output:
        attractors=data_file("mean_field", "published_attractors.csv"),
        matches=data_file("mean_field", "published_match.csv"),
    log:
        log_file("mean_field_published_aggregate"),
    benchmark:
        cost_file("mean_field_published_aggregate")
    group:
        "mean_field_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("mean_field/aggregate_coexistence.py"),
        settings=MEAN_FIELD["published_run"],
    script:
        "../../scripts/mean_field/aggregate_coexistence.py"


rule mean_field_phase_diagram_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
    output:
        run_file("mean_field", "phase_diagram/{slab}.npz"),
    log:
        log_file("mean_field_phase_diagram_compute", "{slab}"),
    benchmark:
        cost_file("mean_field_phase_diagram_compute", "{slab}")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("mean_field_phase_diagram_compute"),
        runtime=minutes("mean_field_phase_diagram_compute"),
    params:
        library=library("mean_field/compute_phase.py"),
        blocks=blocks_of(MEAN_FIELD, "phase_diagram"),
    script:
        "../../scripts/mean_field/compute_phase.py"


rule mean_field_phase_diagram_aggregate:
    input:
        slabs=expand(
            run_file("mean_field", "phase_diagram/{slab}.npz"),
            slab=range(MEAN_FIELD["phase_diagram"]["slabs"]),
        ),
    output:
        diagram=data_file("mean_field", "phase_diagram.npz"),
        classes=data_file("mean_field", "phase_diagram_classes.csv"),
    log:
        log_file("mean_field_phase_diagram_aggregate"),
    benchmark:
        cost_file("mean_field_phase_diagram_aggregate")
    group:
        "mean_field_aggregate"
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("mean_field_phase_diagram_aggregate"),
        runtime=minutes("mean_field_phase_diagram_aggregate"),
    params:
        library=library("mean_field/aggregate_phase.py"),
        settings=MEAN_FIELD["phase_diagram"],
    script:
        "../../scripts/mean_field/aggregate_phase.py"


rule mean_field_portraits_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
    output:
        arrays=data_file("mean_field", "{part}.npz"),
        table=data_file("mean_field", "{part}.csv"),
    log:
        log_file("mean_field_portraits_compute", "{part}"),
    benchmark:
        cost_file("mean_field_portraits_compute", "{part}")
    wildcard_constraints:
        part="tokens|neighbours|breakout|sigma|manual",
    group:
        "mean_field_compute"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("mean_field/compute_portraits.py"),
        blocks=lambda wildcards: blocks_of(MEAN_FIELD, wildcards.part),
    script:
        "../../scripts/mean_field/compute_portraits.py"


rule mean_field_finite_size_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
    output:
        errors=data_file("mean_field", "finite_size.csv"),
        trajectories=data_file("mean_field", "finite_size_trajectories.csv"),
    log:
        log_file("mean_field_finite_size_compute"),
    benchmark:
        cost_file("mean_field_finite_size_compute")
    group:
        "mean_field_compute"
    conda:
        "../../envs/compute.yaml"
    resources:
        runtime=minutes(20),
    params:
        library=library("mean_field/compute_finite_size.py"),
        blocks=blocks_of(MEAN_FIELD, "finite_size"),
    script:
        "../../scripts/mean_field/compute_finite_size.py"


rule mean_field_checks_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
    output:
        data_file("mean_field", "checks.csv"),
    log:
        log_file("mean_field_checks_compute"),
    benchmark:
        cost_file("mean_field_checks_compute")
    group:
        "mean_field_compute"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("mean_field/compute_checks.py"),
        blocks=blocks_of(MEAN_FIELD, "checks"),
    script:
        "../../scripts/mean_field/compute_checks.py"
