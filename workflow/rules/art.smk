# Art: convergence landscapes of a minimal attention map (Attention Dynamics Art, 2025).
# compute (slabs of rows) -> aggregate (one file a seed, tables) -> claims and plot; the gallery is a page with copies of all pictures.

ART = config["art"]
ART_SEEDS = ART["seeds"]
ART_BASE = {key: ART[key] for key in ART if key not in ("seeds", "images", "check", "dimension", "zoom")}
ART_IMAGE = {**ART_BASE, **{key: value for key, value in ART["images"].items() if key != "overrides"}}
# an image is a seed, or a seed with other matrices
ART_OVERRIDES = {f"{seed}_override": ART["images"]["overrides"][seed] for seed in overridden_seeds(ART)}
ART_ZOOM = {**ART_BASE, **ART["zoom"]}
# table of all seeds -> its parts
ART_TABLES = {"images": "summary", "classes": "shares", "check": "check", "overrides": "summary"}


rule art_image_compute:
    output:
        run_file("art", r"seed_{image,\d+(_override)?}/{slab}.npz"),
    log:
        log_file("art_image_compute", "{image}_{slab}"),
    benchmark:
        cost_file("art_image_compute", "{image}_{slab}")
    conda:
        "../../envs/compute.yaml"
    threads: config["threads"]
    resources:
        mem_mb=memory("art_image_compute"),
        runtime=minutes("art_image_compute"),
    params:
        library=library("art/compute_image.py"),
        # with its own matrices where the image has some
        settings=lambda wildcards: {**ART_IMAGE, **ART_OVERRIDES.get(wildcards.image, {})},
    script:
        "../../scripts/art/compute_image.py"


rule art_image_aggregate:
    input:
        slabs=lambda wildcards: [
            run_file("art", f"seed_{wildcards.image}/{slab}.npz") for slab in range(ART["images"]["slabs"])
        ],
    output:
        arrays=data_file("art", r"seed_{image,\d+(_override)?}.npz"),
        shares=run_file("art", r"shares_{image,\d+(_override)?}.csv"),
        summary=run_file("art", r"summary_{image,\d+(_override)?}.csv"),
    log:
        log_file("art_image_aggregate", "{image}"),
    benchmark:
        cost_file("art_image_aggregate", "{image}")
    group:
        "art_aggregate"
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("art_image_aggregate"),
        runtime=minutes("art_image_aggregate"),
    params:
        library=library("art/aggregate_image.py"),
    script:
        "../../scripts/art/aggregate_image.py"


rule art_tables_aggregate:
    input:
        tables=lambda wildcards: expand(
            run_file("art", f"{ART_TABLES[wildcards.table]}_{{seed}}.csv"),
            seed=ART_OVERRIDES if wildcards.table == "overrides" else ART_SEEDS,
        ),
    output:
        data_file("art", "{table,images|classes|check|overrides}.csv"),
    log:
        log_file("art_tables_aggregate", "{table}"),
    benchmark:
        cost_file("art_tables_aggregate", "{table}")
    group:
        "art_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("art/aggregate_tables.py"),
    script:
        "../../scripts/art/aggregate_tables.py"


rule art_random_numbers_compute:
    output:
        data_file("art", "random_numbers.csv"),
    log:
        log_file("art_random_numbers_compute"),
    benchmark:
        cost_file("art_random_numbers_compute")
    group:
        "art_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("art/compute_random_numbers.py"),
    script:
        "../../scripts/art/compute_random_numbers.py"


rule art_check_compute:
    output:
        run_file("art", r"check_{seed,\d+}.csv"),
    log:
        log_file("art_check_compute", "{seed}"),
    benchmark:
        cost_file("art_check_compute", "{seed}")
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("art_check_compute"),
        runtime=minutes("art_check_compute"),
    params:
        library=library("art/compute_check.py"),
        settings=ART_IMAGE,
        size=ART["check"]["size"],
    script:
        "../../scripts/art/compute_check.py"


rule art_sharing_compute:
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
        mem_mb=memory("art_sharing_compute"),
        runtime=minutes("art_sharing_compute"),
    params:
        library=library("art/compute_sharing.py"),
        settings={**ART_BASE, **ART["dimension"]},
    script:
        "../../scripts/art/compute_sharing.py"


rule art_dimension_aggregate:
    input:
        runs=expand(run_file("art", "sharing_{seed}.npz"), seed=ART_SEEDS),
    output:
        shared=data_file("art", "dimension.csv"),
        separate=data_file("art", "dimension_pixel.csv"),
        sharing=data_file("art", "sharing.csv"),
    log:
        log_file("art_dimension_aggregate"),
    benchmark:
        cost_file("art_dimension_aggregate")
    group:
        "art_aggregate"
    conda:
        "../../envs/compute.yaml"
    resources:
        mem_mb=memory("art_sharing_compute"),
        runtime=minutes("art_sharing_compute"),
    params:
        library=library("art/aggregate_dimension.py"),
        settings=ART["dimension"],
        seeds=ART_SEEDS,
    script:
        "../../scripts/art/aggregate_dimension.py"


rule art_zoom_compute:
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
        mem_mb=memory("art_zoom_compute"),
        runtime=minutes("art_zoom_compute"),
    params:
        library=library("art/compute_zoom.py"),
        settings=ART_ZOOM,
        stages=ART["zoom"]["doublings"] + 1,
        pixels=ART["zoom"]["pixels"],
    script:
        "../../scripts/art/compute_zoom.py"


rule art_zoom_animation_compute:
    input:
        windows=run_file("art", "zoom.npz"),
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
        mem_mb=memory("art_zoom_animation_compute"),
        runtime=minutes("art_zoom_animation_compute"),
    params:
        library=library("art/compute_zoom.py"),
        settings=ART_ZOOM,
        stages=ART["zoom"]["animation"]["frames"],
        pixels=ART["zoom"]["animation"]["pixels"],
    script:
        "../../scripts/art/compute_zoom.py"


rule art_zoom_aggregate:
    input:
        windows=run_file("art", "zoom.npz"),
    output:
        data_file("art", "zoom.csv"),
    log:
        log_file("art_zoom_aggregate"),
    benchmark:
        cost_file("art_zoom_aggregate")
    group:
        "art_aggregate"
    conda:
        "../../envs/compute.yaml"
    params:
        library=library("art/aggregate_zoom.py"),
        seed=ART["zoom"]["seed"],
    script:
        "../../scripts/art/aggregate_zoom.py"


# Written by hand, since beside the page stand copies of pictures, thumbnails and a viewer.
rule art_gallery_plot:
    input:
        images=expand("results/art/figures/{image}.png", image=[*ART_SEEDS, *ART_OVERRIDES]),
        details=expand("results/art/figures/{image}_details.png", image=[*ART_SEEDS, *ART_OVERRIDES]),
        others=[f"results/art/figures/{name}.png" for name in ("sheet", "sharing", "dimension", "zoom")],
        video="results/art/figures/zoom_animation.mp4",
        animation="results/art/figures/zoom_animation.gif",
        summaries=[data_file("art", "images.csv"), *([data_file("art", "overrides.csv")] if ART_OVERRIDES else [])],
        dimension=data_file("art", "dimension.csv"),
    output:
        page="results/art/gallery/index.html",
        folder=directory("results/art/gallery/files"),
    log:
        log_file("art_gallery_plot"),
    benchmark:
        cost_file("art_gallery_plot")
    group:
        "art_plot"
    conda:
        "../../envs/draw.yaml"
    params:
        library=library("art/build_gallery.py", *web_files("gallery", "vendor/photoswipe", "atlas/assets")),
        settings=ART_IMAGE,
        zoom=ART["zoom"],
    script:
        "../../scripts/art/build_gallery.py"
