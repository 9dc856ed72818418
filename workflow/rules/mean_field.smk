# Mean-field map: self-attention with 1-bit tokens in the limit of infinite size (Poc-López and Aguilera).
# start -> compute (slabs) -> aggregate (CSV, compact npz) -> claims and plot.

MEAN_FIELD = config["mean_field"]
# bifurcation<suffix>.npz is drawn over lyapunov<suffix>.csv
MEAN_FIELD_SUFFIXES = [name.removeprefix("bifurcation") for name in MEAN_FIELD if name.startswith("bifurcation")]
MEAN_FIELD_CHAINS = {"full": "bifurcation", "zoom": "bifurcation_zoom", "bits5": "bifurcation_bits5"}
MEAN_FIELD_ORBITS = ["series", "planes", "spectra", "exponents"]
FIGURES["mean_field"] = {
    **{
        f"bifurcation{suffix}": [
            data_file("mean_field", f"bifurcation{suffix}.npz"),
            data_file("mean_field", f"lyapunov{suffix}.csv"),
            *figure_files("mean_field", f"bifurcation{suffix}"),
        ]
        for suffix in MEAN_FIELD_SUFFIXES
    },
    **{
        f"lyapunov{suffix}": [
            data_file("mean_field", f"lyapunov{suffix}.csv"),
            *figure_files("mean_field", f"lyapunov{suffix}"),
        ]
        for suffix in MEAN_FIELD_SUFFIXES
    },
    "trajectories": [
        data_file("mean_field", "trajectories.npz"),
        *[
            data_file("mean_field", f"trajectories_{kind}.csv")
            for kind in ("series", "spectra", "correlations", "exponents")
        ],
        *[path for kind in MEAN_FIELD_ORBITS for path in figure_files("mean_field", f"trajectories_{kind}")],
    ],
    "continuation": [
        path
        for name in MEAN_FIELD_CHAINS
        for path in (
            data_file("mean_field", f"continuation_{name}.csv"),
            *figure_files("mean_field", f"continuation_{name}"),
        )
    ],
    "coexistence": [
        data_file("mean_field", "coexistence.csv"),
        data_file("mean_field", "published_match.csv"),
        data_file("mean_field", "published_attractors.csv"),
        *figure_files("mean_field", "coexistence"),
    ],
    "phase_diagram": [
        data_file("mean_field", "phase_diagram.npz"),
        data_file("mean_field", "phase_diagram_classes.csv"),
        *figure_files("mean_field", "phase_diagram"),
    ],
    "finite_size": [
        data_file("mean_field", "finite_size.csv"),
        data_file("mean_field", "finite_size_trajectories.csv"),
        *figure_files("mean_field", "finite_size"),
    ],
}


include: "mean_field_functions.smk"


rule mean_field_start_compute:
    input:
        start=[MEAN_FIELD["start"]["file"]] if MEAN_FIELD["start"]["file"] else [],
        library=library("mean_field/compute_start.py"),
    output:
        data_file("mean_field", "start_window.csv"),
    log:
        log_file("mean_field_start_compute"),
    benchmark:
        cost_file("mean_field_start_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        model=MEAN_FIELD["model"],
        start=MEAN_FIELD["start"],
    script:
        "../../scripts/mean_field/compute_start.py"


rule mean_field_bifurcation_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
        library=library("mean_field/compute_diagram.py"),
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
        mem_mb=memory("mean_field_slab"),
        runtime=minutes("mean_field_slab"),
    params:
        name=lambda wildcards: f"bifurcation{wildcards.suffix}",
        blocks=lambda wildcards: mean_field_blocks(f"bifurcation{wildcards.suffix}"),
    script:
        "../../scripts/mean_field/compute_diagram.py"


rule mean_field_bifurcation_aggregate:
    input:
        slabs=lambda wildcards: mean_field_slabs(
            f"bifurcation{wildcards.suffix}", MEAN_FIELD[f"bifurcation{wildcards.suffix}"]
        ),
        library=library("mean_field/aggregate_diagram.py"),
    output:
        picture=data_file("mean_field", r"bifurcation{suffix,(_[a-z0-9]+)?}.npz"),
        table=data_file("mean_field", r"lyapunov{suffix,(_[a-z0-9]+)?}.csv"),
    log:
        log_file("mean_field_bifurcation_aggregate", "bifurcation{suffix}"),
    benchmark:
        cost_file("mean_field_bifurcation_aggregate", "bifurcation{suffix}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("mean_field_picture"),
        runtime=minutes("mean_field_picture"),
    params:
        settings=lambda wildcards: MEAN_FIELD[f"bifurcation{wildcards.suffix}"],
    script:
        "../../scripts/mean_field/aggregate_diagram.py"


rule mean_field_bifurcation_plot:
    input:
        picture=data_file("mean_field", "bifurcation{suffix}.npz"),
        table=data_file("mean_field", "lyapunov{suffix}.csv"),
        library=library("mean_field/draw_bifurcation.py"),
    output:
        png=report(
            "results/mean_field/figures/bifurcation{suffix,(_[a-z0-9]+)?}.png",
            caption="../report/mean_field_bifurcation.rst",
            category="Mean-field map",
            labels=lambda wildcards: labels(f"Bifurcation{wildcards.suffix.replace('_', ', ')}", "picture"),
        ),
        pdf="results/mean_field/figures/bifurcation{suffix,(_[a-z0-9]+)?}.pdf",
    log:
        log_file("mean_field_bifurcation_plot", "bifurcation{suffix}"),
    benchmark:
        cost_file("mean_field_bifurcation_plot", "bifurcation{suffix}")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory("mean_field_picture"),
        runtime=minutes("mean_field_picture"),
    params:
        settings=lambda wildcards: MEAN_FIELD[f"bifurcation{wildcards.suffix}"],
    script:
        "../../scripts/mean_field/draw_bifurcation.py"


rule mean_field_lyapunov_plot:
    input:
        table=data_file("mean_field", "lyapunov{suffix}.csv"),
        library=library("mean_field/draw_lyapunov.py"),
    output:
        png=report(
            "results/mean_field/figures/lyapunov{suffix,(_[a-z0-9]+)?}.png",
            caption="../report/mean_field_lyapunov.rst",
            category="Mean-field map",
            labels=lambda wildcards: labels(f"Lyapunov{wildcards.suffix.replace('_', ', ')}", "picture"),
        ),
        pdf="results/mean_field/figures/lyapunov{suffix,(_[a-z0-9]+)?}.pdf",
    log:
        log_file("mean_field_lyapunov_plot", "lyapunov{suffix}"),
    benchmark:
        cost_file("mean_field_lyapunov_plot", "lyapunov{suffix}")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory("mean_field_picture"),
        runtime=minutes("mean_field_picture"),
    params:
        parameter=lambda wildcards: MEAN_FIELD[f"bifurcation{wildcards.suffix}"]["parameter"],
    script:
        "../../scripts/mean_field/draw_lyapunov.py"


rule mean_field_trajectories_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
        library=library("mean_field/compute_trajectories.py"),
    output:
        data_file("mean_field", "trajectories.npz"),
    log:
        log_file("mean_field_trajectories_compute"),
    benchmark:
        cost_file("mean_field_trajectories_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        blocks=mean_field_blocks("trajectories"),
    script:
        "../../scripts/mean_field/compute_trajectories.py"


rule mean_field_trajectories_aggregate:
    input:
        runs=data_file("mean_field", "trajectories.npz"),
        library=library("mean_field/aggregate_trajectories.py"),
    output:
        series=data_file("mean_field", "trajectories_series.csv"),
        spectra=data_file("mean_field", "trajectories_spectra.csv"),
        correlations=data_file("mean_field", "trajectories_correlations.csv"),
        exponents=data_file("mean_field", "trajectories_exponents.csv"),
    log:
        log_file("mean_field_trajectories_aggregate"),
    benchmark:
        cost_file("mean_field_trajectories_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=MEAN_FIELD["trajectories"],
    script:
        "../../scripts/mean_field/aggregate_trajectories.py"


rule mean_field_trajectories_plot:
    input:
        runs=data_file("mean_field", "trajectories.npz"),
        series=data_file("mean_field", "trajectories_series.csv"),
        spectra=data_file("mean_field", "trajectories_spectra.csv"),
        correlations=data_file("mean_field", "trajectories_correlations.csv"),
        exponents=data_file("mean_field", "trajectories_exponents.csv"),
        library=library("mean_field/draw_trajectories.py"),
    output:
        series=[
            report(
                "results/mean_field/figures/trajectories_series.png",
                caption="../report/mean_field_trajectories.rst",
                category="Mean-field map",
                labels=labels("Trajectories, series", "picture"),
            ),
            "results/mean_field/figures/trajectories_series.pdf",
        ],
        planes=[
            report(
                "results/mean_field/figures/trajectories_planes.png",
                caption="../report/mean_field_trajectories.rst",
                category="Mean-field map",
                labels=labels("Trajectories, planes", "picture"),
            ),
            "results/mean_field/figures/trajectories_planes.pdf",
        ],
        spectra=[
            report(
                "results/mean_field/figures/trajectories_spectra.png",
                caption="../report/mean_field_trajectories.rst",
                category="Mean-field map",
                labels=labels("Trajectories, spectra", "picture"),
            ),
            "results/mean_field/figures/trajectories_spectra.pdf",
        ],
        exponents=[
            report(
                "results/mean_field/figures/trajectories_exponents.png",
                caption="../report/mean_field_trajectories.rst",
                category="Mean-field map",
                labels=labels("Trajectories, exponents", "picture"),
            ),
            "results/mean_field/figures/trajectories_exponents.pdf",
        ],
    log:
        log_file("mean_field_trajectories_plot"),
    benchmark:
        cost_file("mean_field_trajectories_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        shown=MEAN_FIELD["trajectories"]["shown"],
    script:
        "../../scripts/mean_field/draw_trajectories.py"


rule mean_field_continuation_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
        library=library("mean_field/compute_continuation.py"),
    output:
        run_file("mean_field", "continuation_{chain,full|zoom|bits5}/{slab}.npz"),
    log:
        log_file("mean_field_continuation_compute", "{chain}_{slab}"),
    benchmark:
        cost_file("mean_field_continuation_compute", "{chain}_{slab}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("mean_field_chains"),
        runtime=minutes("mean_field_chains"),
    params:
        name=lambda wildcards: wildcards.chain,
        blocks=lambda wildcards: {
            **mean_field_blocks(),
            "continuation": {
                wildcards.chain: MEAN_FIELD["continuation"][wildcards.chain],
                "half_width": MEAN_FIELD["continuation"]["half_width"],
            },
        },
    script:
        "../../scripts/mean_field/compute_continuation.py"


rule mean_field_continuation_aggregate:
    input:
        slabs=lambda wildcards: mean_field_slabs(
            f"continuation_{wildcards.chain}", MEAN_FIELD["continuation"][wildcards.chain]
        ),
        library=library("mean_field/aggregate_continuation.py"),
    output:
        picture=data_file("mean_field", "continuation_{chain,full|zoom|bits5}.npz"),
        table=data_file("mean_field", "continuation_{chain,full|zoom|bits5}.csv"),
    log:
        log_file("mean_field_continuation_aggregate", "{chain}"),
    benchmark:
        cost_file("mean_field_continuation_aggregate", "{chain}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("mean_field_chains"),
        runtime=minutes("mean_field_chains"),
    params:
        settings=lambda wildcards: MEAN_FIELD["continuation"][wildcards.chain],
    script:
        "../../scripts/mean_field/aggregate_continuation.py"


rule mean_field_continuation_plot:
    input:
        common=lambda wildcards: data_file("mean_field", f"{MEAN_FIELD_CHAINS[wildcards.chain]}.npz"),
        picture=data_file("mean_field", "continuation_{chain}.npz"),
        table=data_file("mean_field", "continuation_{chain}.csv"),
        library=library("mean_field/draw_continuation.py"),
    output:
        png=report(
            "results/mean_field/figures/continuation_{chain,full|zoom|bits5}.png",
            caption="../report/mean_field_continuation.rst",
            category="Mean-field map",
            labels=labels("Continuation, {chain}", "picture"),
        ),
        pdf="results/mean_field/figures/continuation_{chain,full|zoom|bits5}.pdf",
    log:
        log_file("mean_field_continuation_plot", "{chain}"),
    benchmark:
        cost_file("mean_field_continuation_plot", "{chain}")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory("mean_field_chain_picture"),
        runtime=minutes("mean_field_chain_picture"),
    script:
        "../../scripts/mean_field/draw_continuation.py"


rule mean_field_coexistence_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
        library=library("mean_field/compute_coexistence.py"),
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
        mem_mb=memory("mean_field_starts"),
        runtime=minutes("mean_field_starts"),
    params:
        blocks=mean_field_blocks(),
        settings=MEAN_FIELD["coexistence"],
    script:
        "../../scripts/mean_field/compute_coexistence.py"


rule mean_field_coexistence_aggregate:
    input:
        slabs=mean_field_slabs("coexistence", MEAN_FIELD["coexistence"]),
        library=library("mean_field/aggregate_coexistence.py"),
    output:
        data_file("mean_field", "coexistence.csv"),
    log:
        log_file("mean_field_coexistence_aggregate"),
    benchmark:
        cost_file("mean_field_coexistence_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("mean_field_starts"),
        runtime=minutes("mean_field_starts"),
    params:
        runs=MEAN_FIELD["coexistence"]["runs"],
    script:
        "../../scripts/mean_field/aggregate_coexistence.py"


rule mean_field_published_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
        published=published("mean_field/lyapunov_zoom.csv"),
        library=library("mean_field/compute_coexistence.py"),
    output:
        run_file("mean_field", "published.npz"),
    log:
        log_file("mean_field_published_compute"),
    benchmark:
        cost_file("mean_field_published_compute")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory(1500),
        runtime=minutes(20),
    params:
        blocks=mean_field_blocks(),
        settings=MEAN_FIELD["published_run"],
    script:
        "../../scripts/mean_field/compute_coexistence.py"


rule mean_field_published_aggregate:
    input:
        runs=run_file("mean_field", "published.npz"),
        published=published("mean_field/lyapunov_zoom.csv"),
        library=library("mean_field/match_published.py"),
    output:
        attractors=data_file("mean_field", "published_attractors.csv"),
        matches=data_file("mean_field", "published_match.csv"),
    log:
        log_file("mean_field_published_aggregate"),
    benchmark:
        cost_file("mean_field_published_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=MEAN_FIELD["published_run"],
    script:
        "../../scripts/mean_field/match_published.py"


rule mean_field_coexistence_plot:
    input:
        table=data_file("mean_field", "coexistence.csv"),
        matches=data_file("mean_field", "published_match.csv"),
        library=library("mean_field/draw_coexistence.py"),
    output:
        png=report(
            "results/mean_field/figures/coexistence.png",
            caption="../report/mean_field_coexistence.rst",
            category="Mean-field map",
            labels=labels("Coexistence", "picture"),
        ),
        pdf="results/mean_field/figures/coexistence.pdf",
    log:
        log_file("mean_field_coexistence_plot"),
    benchmark:
        cost_file("mean_field_coexistence_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/mean_field/draw_coexistence.py"


rule mean_field_phase_diagram_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
        library=library("mean_field/compute_phase.py"),
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
        mem_mb=memory("mean_field_plane_slab"),
        runtime=minutes("mean_field_plane_slab"),
    params:
        blocks=mean_field_blocks("phase_diagram"),
    script:
        "../../scripts/mean_field/compute_phase.py"


rule mean_field_phase_diagram_aggregate:
    input:
        slabs=mean_field_slabs("phase_diagram", MEAN_FIELD["phase_diagram"]),
        library=library("mean_field/aggregate_phase.py"),
    output:
        diagram=data_file("mean_field", "phase_diagram.npz"),
        classes=data_file("mean_field", "phase_diagram_classes.csv"),
    log:
        log_file("mean_field_phase_diagram_aggregate"),
    benchmark:
        cost_file("mean_field_phase_diagram_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("mean_field_plane"),
        runtime=minutes("mean_field_plane"),
    params:
        settings=MEAN_FIELD["phase_diagram"],
    script:
        "../../scripts/mean_field/aggregate_phase.py"


rule mean_field_phase_diagram_plot:
    input:
        diagram=data_file("mean_field", "phase_diagram.npz"),
        library=library("mean_field/draw_phase.py"),
    output:
        png=report(
            "results/mean_field/figures/phase_diagram.png",
            caption="../report/mean_field_phase_diagram.rst",
            category="Mean-field map",
            labels=labels("Phase diagram", "picture"),
        ),
        pdf="results/mean_field/figures/phase_diagram.pdf",
    log:
        log_file("mean_field_phase_diagram_plot"),
    benchmark:
        cost_file("mean_field_phase_diagram_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory("mean_field_plane"),
        runtime=minutes("mean_field_plane"),
    script:
        "../../scripts/mean_field/draw_phase.py"


rule mean_field_finite_size_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
        library=library("mean_field/compute_finite_size.py"),
    output:
        errors=data_file("mean_field", "finite_size.csv"),
        trajectories=data_file("mean_field", "finite_size_trajectories.csv"),
    log:
        log_file("mean_field_finite_size_compute"),
    benchmark:
        cost_file("mean_field_finite_size_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(20),
    params:
        blocks=mean_field_blocks("finite_size"),
    script:
        "../../scripts/mean_field/compute_finite_size.py"


rule mean_field_finite_size_plot:
    input:
        errors=data_file("mean_field", "finite_size.csv"),
        trajectories=data_file("mean_field", "finite_size_trajectories.csv"),
        library=library("mean_field/draw_finite_size.py"),
    output:
        png=report(
            "results/mean_field/figures/finite_size.png",
            caption="../report/mean_field_finite_size.rst",
            category="Mean-field map",
            labels=labels("Finite size", "picture"),
        ),
        pdf="results/mean_field/figures/finite_size.pdf",
    log:
        log_file("mean_field_finite_size_plot"),
    benchmark:
        cost_file("mean_field_finite_size_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        beta=MEAN_FIELD["finite_size"]["beta"],
    script:
        "../../scripts/mean_field/draw_finite_size.py"


rule mean_field_checks_compute:
    input:
        start=data_file("mean_field", "start_window.csv"),
        library=library("mean_field/check.py"),
    output:
        data_file("mean_field", "checks.csv"),
    log:
        log_file("mean_field_checks_compute"),
    benchmark:
        cost_file("mean_field_checks_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        blocks=mean_field_blocks("checks"),
    script:
        "../../scripts/mean_field/check.py"


rule mean_field_claims:
    input:
        tables=[
            data_file("mean_field", f"{name}.csv")
            for name in ("checks", "lyapunov", "lyapunov_zoom", "coexistence", "published_match", "finite_size")
        ],
        library=library("mean_field/judge.py"),
    output:
        report(
            claims_file("mean_field"),
            caption="../report/mean_field_claims.rst",
            category="Mean-field map",
            labels=labels("Claims", "table"),
        ),
    log:
        log_file("mean_field_claims"),
    benchmark:
        cost_file("mean_field_claims")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/mean_field/judge.py"
