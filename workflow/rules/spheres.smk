# Spheres: particles that raise or lower an attention energy (arXiv 2501.03096).
# compute -> aggregate (CSV) -> claims and plot. One flow script serves figures 1, 2 (circles), 3 and 6.

SPHERES = config["spheres"]
# log-spaced pictures of a run, kept for animations and for the interactive views of the atlas
SPHERES_FRAMES = SPHERES["fig3"]["animation"]["frames"]


rule spheres_fig1_compute:
    output:
        run_file("spheres", "fig1{panel,[ab]}.npz"),
    log:
        log_file("spheres_fig1_compute", "{panel}"),
    benchmark:
        cost_file("spheres_fig1_compute", "{panel}")
    group:
        "spheres_compute"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("spheres/compute_flow.py"),
        settings=lambda wildcards: panel_settings(
            SPHERES["fig1"], wildcards.panel, direction="ascent", frames=SPHERES_FRAMES
        ),
    script:
        "../../scripts/spheres/compute_flow.py"


rule spheres_fig1_aggregate:
    input:
        runs=expand(run_file("spheres", "fig1{panel}.npz"), panel=list("ab")),
    output:
        ends=data_file("spheres", "fig1.csv"),
        runs=data_file("spheres", "fig1_runs.csv"),
    log:
        log_file("spheres_fig1_aggregate"),
    benchmark:
        cost_file("spheres_fig1_aggregate")
    group:
        "spheres_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("spheres/aggregate_ends.py"),
        panels=list("ab"),
    script:
        "../../scripts/spheres/aggregate_ends.py"


rule spheres_fig2_compute:
    output:
        run_file("spheres", "fig2/{slab}.npz"),
    log:
        log_file("spheres_fig2_compute", "{slab}"),
    benchmark:
        cost_file("spheres_fig2_compute", "{slab}")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("spheres_fig2_compute"),
        runtime=minutes("spheres_fig2_compute"),
    params:
        library=library("spheres/compute_split.py"),
        settings=SPHERES["fig2"],
    script:
        "../../scripts/spheres/compute_split.py"


rule spheres_fig2_aggregate:
    input:
        slabs=expand(
            run_file("spheres", "fig2/{slab}.npz"),
            slab=range(SPHERES["fig2"]["slabs"]),
        ),
    output:
        outcomes=data_file("spheres", "fig2.csv"),
        runs=data_file("spheres", "fig2_runs.csv"),
    log:
        log_file("spheres_fig2_aggregate"),
    benchmark:
        cost_file("spheres_fig2_aggregate")
    group:
        "spheres_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("spheres/aggregate_split.py"),
        settings=SPHERES["fig2"],
    script:
        "../../scripts/spheres/aggregate_split.py"


rule spheres_fig2_circles_compute:
    output:
        run_file("spheres", "fig2_circles.npz"),
    log:
        log_file("spheres_fig2_circles_compute"),
    benchmark:
        cost_file("spheres_fig2_circles_compute")
    group:
        "spheres_compute"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("spheres/compute_flow.py"),
        settings=panel_settings(SPHERES["fig2_circles"], direction="ascent", frames=SPHERES_FRAMES),
    script:
        "../../scripts/spheres/compute_flow.py"


rule spheres_fig2_circles_aggregate:
    input:
        run=run_file("spheres", "fig2_circles.npz"),
    output:
        circles=data_file("spheres", "fig2_circles.csv"),
    log:
        log_file("spheres_fig2_circles_aggregate"),
    benchmark:
        cost_file("spheres_fig2_circles_aggregate")
    group:
        "spheres_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("spheres/aggregate_split_circles.py"),
    script:
        "../../scripts/spheres/aggregate_split_circles.py"


rule spheres_fig3_compute:
    output:
        run_file("spheres", "fig3{panel,[abcd]}.npz"),
    log:
        log_file("spheres_fig3_compute", "{panel}"),
    benchmark:
        cost_file("spheres_fig3_compute", "{panel}")
    group:
        "spheres_compute"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("spheres/compute_flow.py"),
        settings=lambda wildcards: panel_settings(
            SPHERES["fig3"],
            wildcards.panel,
            direction="descent",
            frames=SPHERES_FRAMES,
        ),
    script:
        "../../scripts/spheres/compute_flow.py"


rule spheres_fig3_aggregate:
    input:
        runs=expand(run_file("spheres", "fig3{panel}.npz"), panel=list("abcd")),
    output:
        ends=data_file("spheres", "fig3.csv"),
        energy=data_file("spheres", "fig3_energy.csv"),
        runs=data_file("spheres", "fig3_runs.csv"),
    log:
        log_file("spheres_fig3_aggregate"),
    benchmark:
        cost_file("spheres_fig3_aggregate")
    group:
        "spheres_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("spheres/aggregate_descents.py"),
        panels=list("abcd"),
    script:
        "../../scripts/spheres/aggregate_descents.py"


rule spheres_fig4_compute:
    output:
        run_file("spheres", "fig4.npz"),
    log:
        log_file("spheres_fig4_compute"),
    benchmark:
        cost_file("spheres_fig4_compute")
    group:
        "spheres_compute"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("spheres/compute_four.py"),
        settings=SPHERES["fig4"],
    script:
        "../../scripts/spheres/compute_four.py"


rule spheres_fig4_aggregate:
    input:
        runs=run_file("spheres", "fig4.npz"),
    output:
        ratios=data_file("spheres", "fig4.csv"),
        energy=data_file("spheres", "fig4_energy.csv"),
    log:
        log_file("spheres_fig4_aggregate"),
    benchmark:
        cost_file("spheres_fig4_aggregate")
    group:
        "spheres_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("spheres/aggregate_four.py"),
    script:
        "../../scripts/spheres/aggregate_four.py"


rule spheres_fig4_circles_compute:
    output:
        run_file("spheres", "fig4_circles.npz"),
    log:
        log_file("spheres_fig4_circles_compute"),
    benchmark:
        cost_file("spheres_fig4_circles_compute")
    group:
        "spheres_compute"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("spheres/compute_four_circles.py"),
        settings=SPHERES["fig4"],
        circles=SPHERES["fig4_circles"],
        frames=SPHERES_FRAMES,
    script:
        "../../scripts/spheres/compute_four_circles.py"


rule spheres_fig4_circles_aggregate:
    input:
        runs=run_file("spheres", "fig4_circles.npz"),
    output:
        circles=data_file("spheres", "fig4_circles.csv"),
    log:
        log_file("spheres_fig4_circles_aggregate"),
    benchmark:
        cost_file("spheres_fig4_circles_aggregate")
    group:
        "spheres_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("spheres/aggregate_four_circles.py"),
    script:
        "../../scripts/spheres/aggregate_four_circles.py"


rule spheres_fig5_compute:
    output:
        run_file("spheres", "fig5.npz"),
    log:
        log_file("spheres_fig5_compute"),
    benchmark:
        cost_file("spheres_fig5_compute")
    group:
        "spheres_compute"
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    params:
        library=library("spheres/compute_densities.py"),
        settings=SPHERES["fig5"],
    script:
        "../../scripts/spheres/compute_densities.py"


rule spheres_fig5_aggregate:
    input:
        densities=run_file("spheres", "fig5.npz"),
    output:
        weights=data_file("spheres", "fig5.csv"),
        errors=data_file("spheres", "fig5_errors.csv"),
        upsilon=data_file("spheres", "fig5_upsilon.csv"),
        curves=data_file("spheres", "fig5_curves.csv"),
    log:
        log_file("spheres_fig5_aggregate"),
    benchmark:
        cost_file("spheres_fig5_aggregate")
    group:
        "spheres_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("spheres/aggregate_densities.py"),
    script:
        "../../scripts/spheres/aggregate_densities.py"


rule spheres_fig6_compute:
    output:
        run_file("spheres", "fig6{panel,[abc]}.npz"),
    log:
        log_file("spheres_fig6_compute", "{panel}"),
    benchmark:
        cost_file("spheres_fig6_compute", "{panel}")
    group:
        "spheres_compute"
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    params:
        library=library("spheres/compute_flow.py"),
        settings=lambda wildcards: panel_settings(SPHERES["fig6"], wildcards.panel, direction="ascent"),
    script:
        "../../scripts/spheres/compute_flow.py"


rule spheres_fig6_aggregate:
    input:
        runs=expand(run_file("spheres", "fig6{panel}.npz"), panel=list("abc")),
    output:
        clusters=data_file("spheres", "fig6.csv"),
        runs=data_file("spheres", "fig6_runs.csv"),
        energy=data_file("spheres", "fig6_energy.csv"),
    log:
        log_file("spheres_fig6_aggregate"),
    benchmark:
        cost_file("spheres_fig6_aggregate")
    group:
        "spheres_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("spheres/aggregate_clusters.py"),
        panels=list("abc"),
        cluster_distance=SPHERES["fig6"]["cluster_distance"],
    script:
        "../../scripts/spheres/aggregate_clusters.py"
