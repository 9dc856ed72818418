# Spheres: particles that raise or lower an attention energy (arXiv 2501.03096).
# compute -> aggregate (CSV) -> claims and plot. One flow script serves figures 1, 2 (circles), 3 and 6.

SPHERES = config["spheres"]
# log-spaced pictures of a run, kept for animations and for the interactive views of the atlas
SPHERES_FRAMES = SPHERES["fig3"]["animation"]["frames"]
FIGURES["spheres"] = {
    **{
        f"fig1{panel}": [
            data_file("spheres", "fig1.csv"),
            *figure_files("spheres", f"fig1{panel}"),
        ]
        for panel in "ab"
    },
    "fig2": [data_file("spheres", "fig2.csv"), *figure_files("spheres", "fig2")],
    "fig2_circles": [
        data_file("spheres", "fig2_circles.csv"),
        *figure_files("spheres", "fig2_circles"),
    ],
    **{
        f"fig3{panel}": [
            data_file("spheres", "fig3.csv"),
            data_file("spheres", "fig3_energy.csv"),
            *figure_files("spheres", f"fig3{panel}"),
        ]
        for panel in "abcd"
    },
    "fig3_energy": [
        data_file("spheres", "fig3_energy.csv"),
        *figure_files("spheres", "fig3_energy"),
    ],
    **{f"fig3{panel}_animation": animation_files("spheres", f"fig3{panel}_animation") for panel in "abcd"},
    "fig4": [data_file("spheres", "fig4.csv"), *figure_files("spheres", "fig4")],
    "fig4_circles": [
        data_file("spheres", "fig4_circles.csv"),
        *figure_files("spheres", "fig4_circles"),
    ],
    "fig5": [data_file("spheres", "fig5.csv"), *figure_files("spheres", "fig5")],
    "fig5_errors": [
        data_file("spheres", "fig5_errors.csv"),
        *figure_files("spheres", "fig5_errors"),
    ],
    "fig5_upsilon": [
        data_file("spheres", "fig5_upsilon.csv"),
        *figure_files("spheres", "fig5_upsilon"),
    ],
    **{
        f"fig6{panel}": [
            data_file("spheres", "fig6.csv"),
            *figure_files("spheres", f"fig6{panel}"),
        ]
        for panel in "abc"
    },
    "fig7": [data_file("spheres", "fig7.csv"), *figure_files("spheres", "fig7")],
}


rule spheres_fig1_compute:
    input:
        library=library("spheres/compute_flow.py"),
    output:
        run_file("spheres", "fig1{panel,[ab]}.npz"),
    log:
        log_file("spheres_fig1_compute", "{panel}"),
    benchmark:
        cost_file("spheres_fig1_compute", "{panel}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=lambda wildcards: panel_settings(
            SPHERES["fig1"], wildcards.panel, direction="ascent", frames=SPHERES_FRAMES
        ),
    script:
        "../../scripts/spheres/compute_flow.py"


rule spheres_fig1_aggregate:
    input:
        runs=expand(run_file("spheres", "fig1{panel}.npz"), panel=list("ab")),
        library=library("spheres/aggregate_ends.py"),
    output:
        ends=data_file("spheres", "fig1.csv"),
        runs=data_file("spheres", "fig1_runs.csv"),
    log:
        log_file("spheres_fig1_aggregate"),
    benchmark:
        cost_file("spheres_fig1_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        panels=list("ab"),
    script:
        "../../scripts/spheres/aggregate_ends.py"


rule spheres_fig1_plot:
    input:
        ends=data_file("spheres", "fig1.csv"),
        runs=data_file("spheres", "fig1_runs.csv"),
        library=library("spheres/draw_fig1.py"),
    output:
        png=report(
            "results/spheres/figures/fig1{panel,[ab]}.png",
            caption="../report/spheres_fig1.rst",
            category="Spheres",
            labels=labels("Figure 1{panel}", "picture"),
        ),
        pdf="results/spheres/figures/fig1{panel,[ab]}.pdf",
    log:
        log_file("spheres_fig1_plot", "{panel}"),
    benchmark:
        cost_file("spheres_fig1_plot", "{panel}")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=lambda wildcards: panel_settings(SPHERES["fig1"], wildcards.panel),
    script:
        "../../scripts/spheres/draw_fig1.py"


rule spheres_fig2_compute:
    input:
        library=library("spheres/compute_split.py"),
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
        mem_mb=memory("spheres_split"),
        runtime=minutes("spheres_split"),
    params:
        settings=SPHERES["fig2"],
    script:
        "../../scripts/spheres/compute_split.py"


rule spheres_fig2_aggregate:
    input:
        slabs=expand(
            run_file("spheres", "fig2/{slab}.npz"),
            slab=range(SPHERES["fig2"]["slabs"]),
        ),
        library=library("spheres/aggregate_split.py"),
    output:
        outcomes=data_file("spheres", "fig2.csv"),
        runs=data_file("spheres", "fig2_runs.csv"),
    log:
        log_file("spheres_fig2_aggregate"),
    benchmark:
        cost_file("spheres_fig2_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=SPHERES["fig2"],
    script:
        "../../scripts/spheres/aggregate_split.py"


rule spheres_fig2_plot:
    input:
        outcomes=data_file("spheres", "fig2.csv"),
        library=library("spheres/draw_fig2.py"),
    output:
        png=report(
            "results/spheres/figures/fig2.png",
            caption="../report/spheres_fig2.rst",
            category="Spheres",
            labels=labels("Figure 2", "picture"),
        ),
        pdf="results/spheres/figures/fig2.pdf",
    log:
        log_file("spheres_fig2_plot"),
    benchmark:
        cost_file("spheres_fig2_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/spheres/draw_fig2.py"


rule spheres_fig2_circles_compute:
    input:
        library=library("spheres/compute_flow.py"),
    output:
        run_file("spheres", "fig2_circles.npz"),
    log:
        log_file("spheres_fig2_circles_compute"),
    benchmark:
        cost_file("spheres_fig2_circles_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=panel_settings(SPHERES["fig2_circles"], direction="ascent", frames=SPHERES_FRAMES),
    script:
        "../../scripts/spheres/compute_flow.py"


rule spheres_fig2_circles_aggregate:
    input:
        run=run_file("spheres", "fig2_circles.npz"),
        library=library("spheres/aggregate_split_circles.py"),
    output:
        circles=data_file("spheres", "fig2_circles.csv"),
    log:
        log_file("spheres_fig2_circles_aggregate"),
    benchmark:
        cost_file("spheres_fig2_circles_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/spheres/aggregate_split_circles.py"


rule spheres_fig2_circles_plot:
    input:
        circles=data_file("spheres", "fig2_circles.csv"),
        library=library("spheres/draw_fig2_circles.py"),
    output:
        png=report(
            "results/spheres/figures/fig2_circles.png",
            caption="../report/spheres_fig2_circles.rst",
            category="Spheres",
            labels=labels("Figure 2, circles", "picture"),
        ),
        pdf="results/spheres/figures/fig2_circles.pdf",
    log:
        log_file("spheres_fig2_circles_plot"),
    benchmark:
        cost_file("spheres_fig2_circles_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        D=SPHERES["fig2_circles"]["D"],
    script:
        "../../scripts/spheres/draw_fig2_circles.py"


rule spheres_fig3_compute:
    input:
        library=library("spheres/compute_flow.py"),
    output:
        run_file("spheres", "fig3{panel,[abcd]}.npz"),
    log:
        log_file("spheres_fig3_compute", "{panel}"),
    benchmark:
        cost_file("spheres_fig3_compute", "{panel}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
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
        library=library("spheres/aggregate_descents.py"),
    output:
        ends=data_file("spheres", "fig3.csv"),
        energy=data_file("spheres", "fig3_energy.csv"),
        runs=data_file("spheres", "fig3_runs.csv"),
    log:
        log_file("spheres_fig3_aggregate"),
    benchmark:
        cost_file("spheres_fig3_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        panels=list("abcd"),
    script:
        "../../scripts/spheres/aggregate_descents.py"


rule spheres_fig3_plot:
    input:
        ends=data_file("spheres", "fig3.csv"),
        runs=data_file("spheres", "fig3_runs.csv"),
        library=library("spheres/draw_fig3.py"),
    output:
        png=report(
            "results/spheres/figures/fig3{panel,[abcd]}.png",
            caption="../report/spheres_fig3.rst",
            category="Spheres",
            labels=labels("Figure 3{panel}", "picture"),
        ),
        pdf="results/spheres/figures/fig3{panel,[abcd]}.pdf",
    log:
        log_file("spheres_fig3_plot", "{panel}"),
    benchmark:
        cost_file("spheres_fig3_plot", "{panel}")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=lambda wildcards: panel_settings(SPHERES["fig3"], wildcards.panel),
    script:
        "../../scripts/spheres/draw_fig3.py"


rule spheres_fig3_energy_plot:
    input:
        energy=data_file("spheres", "fig3_energy.csv"),
        runs=data_file("spheres", "fig3_runs.csv"),
        library=library("spheres/draw_fig3_energy.py"),
    output:
        png=report(
            "results/spheres/figures/fig3_energy.png",
            caption="../report/spheres_fig3_energy.rst",
            category="Spheres",
            labels=labels("Figure 3, energies", "picture"),
        ),
        pdf="results/spheres/figures/fig3_energy.pdf",
    log:
        log_file("spheres_fig3_energy_plot"),
    benchmark:
        cost_file("spheres_fig3_energy_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/spheres/draw_fig3_energy.py"


rule spheres_fig3_animation_plot:
    input:
        run=run_file("spheres", "fig3{panel}.npz"),
        library=library("spheres/draw_fig3_animation.py"),
    output:
        gif=report(
            "results/spheres/figures/fig3{panel,[abcd]}_animation.gif",
            caption="../report/spheres_fig3_animation.rst",
            category="Spheres",
            labels=labels("Figure 3{panel}", "film"),
        ),
        mp4="results/spheres/figures/fig3{panel,[abcd]}_animation.mp4",
    log:
        log_file("spheres_fig3_animation_plot", "{panel}"),
    benchmark:
        cost_file("spheres_fig3_animation_plot", "{panel}")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(20),
    params:
        animation=SPHERES["fig3"]["animation"],
    script:
        "../../scripts/spheres/draw_fig3_animation.py"


rule spheres_fig4_compute:
    input:
        library=library("spheres/compute_four.py"),
    output:
        run_file("spheres", "fig4.npz"),
    log:
        log_file("spheres_fig4_compute"),
    benchmark:
        cost_file("spheres_fig4_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=SPHERES["fig4"],
    script:
        "../../scripts/spheres/compute_four.py"


rule spheres_fig4_aggregate:
    input:
        runs=run_file("spheres", "fig4.npz"),
        library=library("spheres/aggregate_four.py"),
    output:
        ratios=data_file("spheres", "fig4.csv"),
    log:
        log_file("spheres_fig4_aggregate"),
    benchmark:
        cost_file("spheres_fig4_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/spheres/aggregate_four.py"


rule spheres_fig4_plot:
    input:
        ratios=data_file("spheres", "fig4.csv"),
        library=library("spheres/draw_fig4.py"),
    output:
        png=report(
            "results/spheres/figures/fig4.png",
            caption="../report/spheres_fig4.rst",
            category="Spheres",
            labels=labels("Figure 4", "picture"),
        ),
        pdf="results/spheres/figures/fig4.pdf",
    log:
        log_file("spheres_fig4_plot"),
    benchmark:
        cost_file("spheres_fig4_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/spheres/draw_fig4.py"


rule spheres_fig4_circles_compute:
    input:
        library=library("spheres/compute_four_circles.py"),
    output:
        run_file("spheres", "fig4_circles.npz"),
    log:
        log_file("spheres_fig4_circles_compute"),
    benchmark:
        cost_file("spheres_fig4_circles_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=SPHERES["fig4"],
        circles=SPHERES["fig4_circles"],
        frames=SPHERES_FRAMES,
    script:
        "../../scripts/spheres/compute_four_circles.py"


rule spheres_fig4_circles_aggregate:
    input:
        runs=run_file("spheres", "fig4_circles.npz"),
        library=library("spheres/aggregate_four_circles.py"),
    output:
        circles=data_file("spheres", "fig4_circles.csv"),
    log:
        log_file("spheres_fig4_circles_aggregate"),
    benchmark:
        cost_file("spheres_fig4_circles_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/spheres/aggregate_four_circles.py"


rule spheres_fig4_circles_plot:
    input:
        circles=data_file("spheres", "fig4_circles.csv"),
        library=library("spheres/draw_fig4_circles.py"),
    output:
        png=report(
            "results/spheres/figures/fig4_circles.png",
            caption="../report/spheres_fig4_circles.rst",
            category="Spheres",
            labels=labels("Figure 4, circles", "picture"),
        ),
        pdf="results/spheres/figures/fig4_circles.pdf",
    log:
        log_file("spheres_fig4_circles_plot"),
    benchmark:
        cost_file("spheres_fig4_circles_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/spheres/draw_fig4_circles.py"


rule spheres_fig5_compute:
    input:
        library=library("spheres/compute_densities.py"),
    output:
        run_file("spheres", "fig5.npz"),
    log:
        log_file("spheres_fig5_compute"),
    benchmark:
        cost_file("spheres_fig5_compute")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=SPHERES["fig5"],
    script:
        "../../scripts/spheres/compute_densities.py"


rule spheres_fig5_aggregate:
    input:
        densities=run_file("spheres", "fig5.npz"),
        library=library("spheres/aggregate_densities.py"),
    output:
        weights=data_file("spheres", "fig5.csv"),
        errors=data_file("spheres", "fig5_errors.csv"),
        upsilon=data_file("spheres", "fig5_upsilon.csv"),
    log:
        log_file("spheres_fig5_aggregate"),
    benchmark:
        cost_file("spheres_fig5_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/spheres/aggregate_densities.py"


rule spheres_fig5_plot:
    input:
        weights=data_file("spheres", "fig5.csv"),
        library=library("spheres/draw_fig5.py"),
    output:
        png=report(
            "results/spheres/figures/fig5.png",
            caption="../report/spheres_fig5.rst",
            category="Spheres",
            labels=labels("Figure 5", "picture"),
        ),
        pdf="results/spheres/figures/fig5.pdf",
    log:
        log_file("spheres_fig5_plot"),
    benchmark:
        cost_file("spheres_fig5_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/spheres/draw_fig5.py"


rule spheres_fig5_errors_plot:
    input:
        errors=data_file("spheres", "fig5_errors.csv"),
        library=library("spheres/draw_fig5_errors.py"),
    output:
        png=report(
            "results/spheres/figures/fig5_errors.png",
            caption="../report/spheres_fig5_errors.rst",
            category="Spheres",
            labels=labels("Figure 5, errors", "picture"),
        ),
        pdf="results/spheres/figures/fig5_errors.pdf",
    log:
        log_file("spheres_fig5_errors_plot"),
    benchmark:
        cost_file("spheres_fig5_errors_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/spheres/draw_fig5_errors.py"


rule spheres_fig5_upsilon_plot:
    input:
        upsilon=data_file("spheres", "fig5_upsilon.csv"),
        library=library("spheres/draw_fig5_upsilon.py"),
    output:
        png=report(
            "results/spheres/figures/fig5_upsilon.png",
            caption="../report/spheres_fig5_upsilon.rst",
            category="Spheres",
            labels=labels("Figure 5, Υ", "picture"),
        ),
        pdf="results/spheres/figures/fig5_upsilon.pdf",
    log:
        log_file("spheres_fig5_upsilon_plot"),
    benchmark:
        cost_file("spheres_fig5_upsilon_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/spheres/draw_fig5_upsilon.py"


rule spheres_fig6_compute:
    input:
        library=library("spheres/compute_flow.py"),
    output:
        run_file("spheres", "fig6{panel,[abc]}.npz"),
    log:
        log_file("spheres_fig6_compute", "{panel}"),
    benchmark:
        cost_file("spheres_fig6_compute", "{panel}")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=lambda wildcards: panel_settings(SPHERES["fig6"], wildcards.panel, direction="ascent"),
    script:
        "../../scripts/spheres/compute_flow.py"


rule spheres_fig6_aggregate:
    input:
        runs=expand(run_file("spheres", "fig6{panel}.npz"), panel=list("abc")),
        library=library("spheres/aggregate_clusters.py"),
    output:
        clusters=data_file("spheres", "fig6.csv"),
        runs=data_file("spheres", "fig6_runs.csv"),
    log:
        log_file("spheres_fig6_aggregate"),
    benchmark:
        cost_file("spheres_fig6_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        panels=list("abc"),
        cluster_distance=SPHERES["fig6"]["cluster_distance"],
    script:
        "../../scripts/spheres/aggregate_clusters.py"


rule spheres_fig6_plot:
    input:
        clusters=data_file("spheres", "fig6.csv"),
        runs=data_file("spheres", "fig6_runs.csv"),
        library=library("spheres/draw_fig6.py"),
    output:
        png=report(
            "results/spheres/figures/fig6{panel,[abc]}.png",
            caption="../report/spheres_fig6.rst",
            category="Spheres",
            labels=labels("Figure 6{panel}", "picture"),
        ),
        pdf="results/spheres/figures/fig6{panel,[abc]}.pdf",
    log:
        log_file("spheres_fig6_plot", "{panel}"),
    benchmark:
        cost_file("spheres_fig6_plot", "{panel}")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=lambda wildcards: panel_settings(SPHERES["fig6"], wildcards.panel),
    script:
        "../../scripts/spheres/draw_fig6.py"


rule spheres_fig7_compute:
    input:
        library=library("spheres/compute_indefinite.py"),
    output:
        data_file("spheres", "fig7.csv"),
    log:
        log_file("spheres_fig7_compute"),
    benchmark:
        cost_file("spheres_fig7_compute")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=SPHERES["fig7"],
    script:
        "../../scripts/spheres/compute_indefinite.py"


rule spheres_fig7_plot:
    input:
        energies=data_file("spheres", "fig7.csv"),
        library=library("spheres/draw_fig7.py"),
    output:
        png=report(
            "results/spheres/figures/fig7.png",
            caption="../report/spheres_fig7.rst",
            category="Spheres",
            labels=labels("Figure 7", "picture"),
        ),
        pdf="results/spheres/figures/fig7.pdf",
    log:
        log_file("spheres_fig7_plot"),
    benchmark:
        cost_file("spheres_fig7_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=SPHERES["fig7"],
    script:
        "../../scripts/spheres/draw_fig7.py"


rule spheres_claims:
    input:
        tables=[
            data_file("spheres", f"{name}.csv")
            for name in (
                "fig1",
                "fig1_runs",
                "fig2",
                "fig2_runs",
                "fig3",
                "fig3_energy",
                "fig3_runs",
                "fig4",
                "fig5",
                "fig5_errors",
                "fig5_upsilon",
                "fig6",
                "fig6_runs",
                "fig7",
            )
        ],
        published=published(
            "spheres/split_sweep.csv",
            "spheres/four_particle_tau0.05.csv",
            "spheres/four_particle_tau0.0005.csv",
            "spheres/densities.csv",
            "spheres/density_errors.csv",
            "spheres/indefinite_energies.csv",
        ),
        library=library("spheres/judge.py"),
    output:
        report(
            claims_file("spheres"),
            caption="../report/spheres_claims.rst",
            category="Spheres",
            labels=labels("Claims", "table"),
        ),
    log:
        log_file("spheres_claims"),
    benchmark:
        cost_file("spheres_claims")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=SPHERES,
    script:
        "../../scripts/spheres/judge.py"
