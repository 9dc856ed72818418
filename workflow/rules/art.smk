# Art: convergence landscapes of a minimal attention map (Attention Dynamics Art, 2025).
# compute (slabs of rows) -> aggregate (one file a seed, tables) -> claims, plot and gallery.

ART = config["art"]
ART_SEEDS = ART["seeds"]
ART_BASE = {key: ART[key] for key in ART if key not in ("seeds", "images", "check", "dimension", "zoom")}
ART_IMAGE = {**ART_BASE, **ART["images"]}
ART_ZOOM = {**ART_BASE, **ART["zoom"]}
# table of all seeds -> its parts
ART_TABLES = {"images": "summary", "classes": "shares", "check": "check"}
FIGURES["art"] = {
    **{
        f"{seed}": [
            data_file("art", f"seed_{seed}.npz"),
            *figure_files("art", f"{seed}"),
            *figure_files("art", f"{seed}_details"),
        ]
        for seed in ART_SEEDS
    },
    "sheet": [
        data_file("art", "images.csv"),
        data_file("art", "classes.csv"),
        *figure_files("art", "sheet"),
    ],
    "sharing": [data_file("art", "sharing.csv"), *figure_files("art", "sharing")],
    "dimension": [
        data_file("art", "dimension.csv"),
        *figure_files("art", "dimension"),
    ],
    "zoom": [data_file("art", "zoom.csv"), *figure_files("art", "zoom")],
    "zoom_animation": animation_files("art", "zoom_animation"),
    "gallery": ["results/art/gallery/index.html"],
}


rule art_image_compute:
    input:
        library=library("art/compute_image.py"),
    output:
        run_file("art", r"seed_{seed,\d+}/{slab}.npz"),
    log:
        log_file("art_image_compute", "{seed}_{slab}"),
    benchmark:
        cost_file("art_image_compute", "{seed}_{slab}")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("art_slab"),
        runtime=minutes("art_slab"),
    params:
        settings=ART_IMAGE,
    script:
        "../../scripts/art/compute_image.py"


rule art_image_aggregate:
    input:
        slabs=lambda wildcards: [
            run_file("art", f"seed_{wildcards.seed}/{slab}.npz") for slab in range(ART["images"]["slabs"])
        ],
        library=library("art/aggregate_image.py"),
    output:
        arrays=data_file("art", r"seed_{seed,\d+}.npz"),
        shares=run_file("art", r"shares_{seed,\d+}.csv"),
        summary=run_file("art", r"summary_{seed,\d+}.csv"),
    log:
        log_file("art_image_aggregate", "{seed}"),
    benchmark:
        cost_file("art_image_aggregate", "{seed}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("art_image"),
        runtime=minutes("art_image"),
    params:
        settings=ART_IMAGE,
    script:
        "../../scripts/art/aggregate_image.py"


rule art_tables_aggregate:
    input:
        tables=lambda wildcards: expand(
            run_file("art", f"{ART_TABLES[wildcards.table]}_{{seed}}.csv"),
            seed=ART_SEEDS,
        ),
        library=library("art/aggregate_tables.py"),
    output:
        data_file("art", "{table,images|classes|check}.csv"),
    log:
        log_file("art_tables_aggregate", "{table}"),
    benchmark:
        cost_file("art_tables_aggregate", "{table}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/art/aggregate_tables.py"


rule art_image_plot:
    input:
        arrays=data_file("art", "seed_{seed}.npz"),
        library=library("art/draw_image.py"),
    output:
        png=report(
            r"results/art/figures/{seed,\d+}.png",
            caption="../report/art_image.rst",
            category="Art",
            labels=labels("Seed {seed}", "picture"),
        ),
        pdf=r"results/art/figures/{seed,\d+}.pdf",
    log:
        log_file("art_image_plot", "{seed}"),
    benchmark:
        cost_file("art_image_plot", "{seed}")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory("art_image"),
        runtime=minutes("art_image"),
    params:
        settings=ART_IMAGE,
    script:
        "../../scripts/art/draw_image.py"


rule art_details_plot:
    input:
        arrays=data_file("art", "seed_{seed}.npz"),
        shares=run_file("art", "shares_{seed}.csv"),
        library=library("art/draw_details.py"),
    output:
        png=report(
            r"results/art/figures/{seed,\d+}_details.png",
            caption="../report/art_details.rst",
            category="Art",
            labels=labels("Seed {seed}, details", "picture"),
        ),
        pdf=r"results/art/figures/{seed,\d+}_details.pdf",
    log:
        log_file("art_details_plot", "{seed}"),
    benchmark:
        cost_file("art_details_plot", "{seed}")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory("art_image"),
        runtime=minutes("art_image"),
    params:
        settings=ART_IMAGE,
    script:
        "../../scripts/art/draw_details.py"


rule art_sheet_plot:
    input:
        arrays=expand(data_file("art", "seed_{seed}.npz"), seed=ART_SEEDS),
        summary=data_file("art", "images.csv"),
        library=library("art/draw_sheet.py"),
    output:
        png=report(
            "results/art/figures/sheet.png",
            caption="../report/art_sheet.rst",
            category="Art",
            labels=labels("Contact sheet", "picture"),
        ),
        pdf="results/art/figures/sheet.pdf",
    log:
        log_file("art_sheet_plot"),
    benchmark:
        cost_file("art_sheet_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory("art_image"),
        runtime=minutes("art_image"),
    params:
        settings=ART_IMAGE,
        seeds=ART_SEEDS,
    script:
        "../../scripts/art/draw_sheet.py"


rule art_check_compute:
    input:
        library=library("art/compute_check.py"),
    output:
        run_file("art", r"check_{seed,\d+}.csv"),
    log:
        log_file("art_check_compute", "{seed}"),
    benchmark:
        cost_file("art_check_compute", "{seed}")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("art_check"),
        runtime=minutes("art_check"),
    params:
        settings=ART_IMAGE,
        size=ART["check"]["size"],
    script:
        "../../scripts/art/compute_check.py"


rule art_sharing_compute:
    input:
        library=library("art/compute_sharing.py"),
    output:
        run_file("art", r"sharing_{seed,\d+}.npz"),
    log:
        log_file("art_sharing_compute", "{seed}"),
    benchmark:
        cost_file("art_sharing_compute", "{seed}")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("art_sharing"),
        runtime=minutes("art_sharing"),
    params:
        settings={**ART_BASE, **ART["dimension"]},
    script:
        "../../scripts/art/compute_sharing.py"


rule art_dimension_aggregate:
    input:
        runs=expand(run_file("art", "sharing_{seed}.npz"), seed=ART_SEEDS),
        library=library("art/aggregate_dimension.py"),
    output:
        shared=data_file("art", "dimension.csv"),
        separate=data_file("art", "dimension_pixel.csv"),
        sharing=data_file("art", "sharing.csv"),
    log:
        log_file("art_dimension_aggregate"),
    benchmark:
        cost_file("art_dimension_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory("art_sharing"),
        runtime=minutes("art_sharing"),
    params:
        settings=ART["dimension"],
        seeds=ART_SEEDS,
    script:
        "../../scripts/art/aggregate_dimension.py"


rule art_sharing_plot:
    input:
        runs=expand(run_file("art", "sharing_{seed}.npz"), seed=ART_SEEDS),
        sharing=data_file("art", "sharing.csv"),
        library=library("art/draw_sharing.py"),
    output:
        png=report(
            "results/art/figures/sharing.png",
            caption="../report/art_sharing.rst",
            category="Art",
            labels=labels("One start for all", "picture"),
        ),
        pdf="results/art/figures/sharing.pdf",
    log:
        log_file("art_sharing_plot"),
    benchmark:
        cost_file("art_sharing_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory("art_sharing"),
        runtime=minutes("art_sharing"),
    params:
        seeds=ART_SEEDS,
    script:
        "../../scripts/art/draw_sharing.py"


rule art_dimension_plot:
    input:
        shared=data_file("art", "dimension.csv"),
        separate=data_file("art", "dimension_pixel.csv"),
        library=library("art/draw_dimension.py"),
    output:
        png=report(
            "results/art/figures/dimension.png",
            caption="../report/art_dimension.rst",
            category="Art",
            labels=labels("Box counting", "picture"),
        ),
        pdf="results/art/figures/dimension.pdf",
    log:
        log_file("art_dimension_plot"),
    benchmark:
        cost_file("art_dimension_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/art/draw_dimension.py"


rule art_zoom_compute:
    input:
        library=library("art/compute_zoom.py"),
    output:
        run_file("art", "zoom.npz"),
    log:
        log_file("art_zoom_compute"),
    benchmark:
        cost_file("art_zoom_compute")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("art_zoom"),
        runtime=minutes("art_zoom"),
    params:
        settings=ART_ZOOM,
        stages=ART["zoom"]["doublings"] + 1,
        pixels=ART["zoom"]["pixels"],
    script:
        "../../scripts/art/compute_zoom.py"


rule art_zoom_animation_compute:
    input:
        windows=run_file("art", "zoom.npz"),
        library=library("art/compute_zoom.py"),
    output:
        run_file("art", "zoom_animation.npz"),
    log:
        log_file("art_zoom_animation_compute"),
    benchmark:
        cost_file("art_zoom_animation_compute")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("art_film"),
        runtime=minutes("art_film"),
    params:
        settings=ART_ZOOM,
        stages=ART["zoom"]["animation"]["frames"],
        pixels=ART["zoom"]["animation"]["pixels"],
    script:
        "../../scripts/art/compute_zoom.py"


rule art_zoom_aggregate:
    input:
        windows=run_file("art", "zoom.npz"),
        library=library("art/aggregate_zoom.py"),
    output:
        data_file("art", "zoom.csv"),
    log:
        log_file("art_zoom_aggregate"),
    benchmark:
        cost_file("art_zoom_aggregate")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        seed=ART["zoom"]["seed"],
    script:
        "../../scripts/art/aggregate_zoom.py"


rule art_zoom_plot:
    input:
        windows=run_file("art", "zoom.npz"),
        library=library("art/draw_zoom.py"),
    output:
        png=report(
            "results/art/figures/zoom.png",
            caption="../report/art_zoom.rst",
            category="Art",
            labels=labels("Zoom", "picture"),
        ),
        pdf="results/art/figures/zoom.pdf",
    log:
        log_file("art_zoom_plot"),
    benchmark:
        cost_file("art_zoom_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/art/draw_zoom.py"


rule art_zoom_animation_plot:
    input:
        windows=run_file("art", "zoom_animation.npz"),
        library=library("art/draw_zoom_animation.py"),
    output:
        gif=report(
            "results/art/figures/zoom_animation.gif",
            caption="../report/art_zoom.rst",
            category="Art",
            labels=labels("Zoom", "film"),
        ),
        mp4="results/art/figures/zoom_animation.mp4",
    log:
        log_file("art_zoom_animation_plot"),
    benchmark:
        cost_file("art_zoom_animation_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory("art_film"),
        runtime=minutes("art_film"),
    params:
        settings=ART_ZOOM,
        frames_per_second=ART["zoom"]["animation"]["frames_per_second"],
    script:
        "../../scripts/art/draw_zoom_animation.py"


rule art_claims:
    input:
        tables=[
            data_file("art", f"{name}.csv")
            for name in ("check", "images", "dimension", "dimension_pixel", "sharing", "zoom")
        ],
        library=library("art/judge.py"),
    output:
        report(
            claims_file("art"),
            caption="../report/art_claims.rst",
            category="Art",
            labels=labels("Claims", "table"),
        ),
    log:
        log_file("art_claims"),
    benchmark:
        cost_file("art_claims")
    conda:
        "../../envs/compute.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    script:
        "../../scripts/art/judge.py"


rule art_gallery_plot:
    input:
        images=expand("results/art/figures/{seed}.png", seed=ART_SEEDS),
        details=expand("results/art/figures/{seed}_details.png", seed=ART_SEEDS),
        others=[f"results/art/figures/{name}.png" for name in ("sheet", "sharing", "dimension", "zoom")],
        video="results/art/figures/zoom_animation.mp4",
        animation="results/art/figures/zoom_animation.gif",
        summary=data_file("art", "images.csv"),
        dimension=data_file("art", "dimension.csv"),
        web=[str(HOME / "web" / "atlas" / "assets" / "icon.svg")]
        + [
            str(path)
            for folder in ("gallery", "vendor/photoswipe")
            for path in sorted((HOME / "web" / folder).glob("*"))
        ],
        library=library("art/build_gallery.py"),
    output:
        page="results/art/gallery/index.html",
        folder=directory("results/art/gallery/files"),
    log:
        log_file("art_gallery_plot"),
    benchmark:
        cost_file("art_gallery_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=minutes(10),
    params:
        settings=ART_IMAGE,
        seeds=ART_SEEDS,
        zoom=ART["zoom"],
        web=lambda wildcards, input: os.path.commonpath(input.web),
    script:
        "../../scripts/art/build_gallery.py"
