# Language: do the tokens of a real transformer cluster? (arXiv 2312.10794, Figure 1)
# prompts -> compute (models x slabs of prompts) -> aggregate (CSV) -> claims and plot; the mini-GPT is trained on the way.
# ALBERT has its own rules at the end; they are part of the paper only with language.albert.enabled.

LANGUAGE = config["language"]
ALBERT = LANGUAGE["albert"]
LANGUAGE_MODELS = ["minilm", "shuffled", "random"]
ALBERT_MODELS = ["albert", "albert-shuffled", "albert-random"]
GPT_VARIANTS = ["pre_ln", "post_ln_shared"]
# The histograms of ALBERT are shown at its own depth of 24 layers and its multiples.
ALBERT_SHOWN = [layer for layer in (0, 6, 12, 24, 48, 96) if layer <= ALBERT["layers"]]
ALBERT_FOLDER = ALBERT["folder"] or "results/language/models/albert"
MODEL_FILES = ["config.json", "model.safetensors", "tokenizer.json"]
ALBERT_FILES = [f"{ALBERT_FOLDER}/{name}" for name in MODEL_FILES]

FIGURES["language"] = {
    "histograms": [
        data_file("language", "histograms.csv"),
        data_file("language", "passages.csv"),
        data_file("language", "models.csv"),
        *figure_files("language", "histograms"),
    ],
    "ridges": [data_file("language", "histograms.csv"), *figure_files("language", "ridges")],
    "depth": [
        data_file("language", "inner_products.csv"),
        data_file("language", "depth.csv"),
        *figure_files("language", "depth"),
    ],
    "blocks": [data_file("language", "depth.csv"), *figure_files("language", "blocks")],
    "gram": [data_file("language", "gram.npz"), *figure_files("language", "gram")],
    "tokens": [data_file("language", "tokens.csv"), *figure_files("language", "tokens")],
    "tokens_animation": animation_files("language", "tokens_animation"),
    "mini_gpt": [
        data_file("language", "mini_gpt_loss.csv"),
        data_file("language", "mini_gpt_samples.csv"),
        *figure_files("language", "mini_gpt"),
    ],
}
ALBERT_FIGURE = [
    data_file("language", "albert_inner_products.csv"),
    data_file("language", "albert_passages.csv"),
    *figure_files("language", "albert_depth"),
    *figure_files("language", "albert_histograms"),
]
if ALBERT["enabled"]:
    FIGURES["language"]["albert"] = ALBERT_FIGURE
else:

    rule language_albert:
        input:
            ALBERT_FIGURE,
        localrule: True


include: "language_functions.smk"


rule language_prompts_compute:
    input:
        texts=language_texts(LANGUAGE["texts"]),
        model=language_model_files(),
        library=library("language/choose_passages.py"),
    output:
        table=data_file("language", "passages.csv"),
        tokens=run_file("language", "prompts.npz"),
    log:
        log_file("language_prompts_compute"),
    benchmark:
        cost_file("language_prompts_compute")
    conda:
        "../../envs/language.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        model=LANGUAGE["model"],
        prompts=LANGUAGE["prompts"],
    script:
        "../../scripts/language/choose_passages.py"


rule language_models_aggregate:
    input:
        model=language_model_files(),
        albert=ALBERT_FILES if ALBERT["enabled"] else [],
        library=library("language/describe_models.py"),
    output:
        data_file("language", "models.csv"),
    log:
        log_file("language_models_aggregate"),
    benchmark:
        cost_file("language_models_aggregate")
    conda:
        "../../envs/language.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=minutes(10),
    params:
        model=LANGUAGE["model"],
        albert=ALBERT,
        albert_folder=ALBERT_FOLDER if ALBERT["enabled"] else None,
    script:
        "../../scripts/language/describe_models.py"


rule language_products_compute:
    input:
        prompts=run_file("language", "prompts.npz"),
        model=language_model_files(),
        library=library("language/compute_products.py"),
    output:
        run_file("language", "products/{model,minilm|shuffled|random}_{slab}.npz"),
    log:
        log_file("language_products_compute", "{model}_{slab}"),
    benchmark:
        cost_file("language_products_compute", "{model}_{slab}")
    conda:
        "../../envs/language.yaml"
    threads: 1
    resources:
        mem_mb=memory("language_slab"),
        runtime=minutes("language_slab"),
    params:
        settings=language_settings(LANGUAGE["model"], LANGUAGE),
    script:
        "../../scripts/language/compute_products.py"


rule language_tokens_compute:
    input:
        prompts=run_file("language", "prompts.npz"),
        model=language_model_files(),
        library=library("language/compute_tokens.py"),
    output:
        grams=data_file("language", "gram.npz"),
        depth=data_file("language", "tokens.npz"),
        table=data_file("language", "tokens.csv"),
    log:
        log_file("language_tokens_compute"),
    benchmark:
        cost_file("language_tokens_compute")
    conda:
        "../../envs/language.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=minutes(30),
    params:
        settings={
            "model": LANGUAGE["model"],
            "models": LANGUAGE_MODELS,
            **LANGUAGE["controls"],
            "layers": LANGUAGE["layers"],
            "prompt": LANGUAGE["shown"]["prompt"],
            "shown": LANGUAGE["shown"]["layers"],
        },
    script:
        "../../scripts/language/compute_tokens.py"


rule language_mini_gpt_compute:
    input:
        texts=language_texts(LANGUAGE["texts"]),
        library=library("language/train_gpt.py"),
    output:
        run_file("language", "mini_gpt/{variant,pre_ln|post_ln_shared}.npz"),
    log:
        log_file("language_mini_gpt_compute", "{variant}"),
    benchmark:
        cost_file("language_mini_gpt_compute", "{variant}")
    conda:
        "../../envs/language.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=minutes(60),
    params:
        settings=LANGUAGE["mini_gpt"],
    script:
        "../../scripts/language/train_gpt.py"


rule language_mini_gpt_products_compute:
    input:
        weights=run_file("language", "mini_gpt/{variant}.npz"),
        library=library("language/compute_gpt_products.py"),
    output:
        run_file("language", "mini_gpt_products/{variant,pre_ln|post_ln_shared}.npz"),
    log:
        log_file("language_mini_gpt_products_compute", "{variant}"),
    benchmark:
        cost_file("language_mini_gpt_products_compute", "{variant}")
    conda:
        "../../envs/language.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        settings=gpt_settings(),
    script:
        "../../scripts/language/compute_gpt_products.py"


rule language_depth_aggregate:
    input:
        runs=[
            *expand(
                run_file("language", "products/{model}_{slab}.npz"),
                model=LANGUAGE_MODELS,
                slab=range(LANGUAGE["slabs"]),
            ),
            *expand(run_file("language", "mini_gpt_products/{variant}.npz"), variant=GPT_VARIANTS),
        ],
        library=library("language/aggregate.py"),
    output:
        products=data_file("language", "inner_products.csv"),
        depth=data_file("language", "depth.csv"),
        histograms=data_file("language", "histograms.npz"),
        densities=data_file("language", "histograms.csv"),
    log:
        log_file("language_depth_aggregate"),
    benchmark:
        cost_file("language_depth_aggregate")
    conda:
        "../../envs/language.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        drawn=LANGUAGE_MODELS,
    script:
        "../../scripts/language/aggregate.py"


rule language_mini_gpt_aggregate:
    input:
        weights=expand(run_file("language", "mini_gpt/{variant}.npz"), variant=GPT_VARIANTS),
        library=library("language/aggregate_gpt.py"),
    output:
        losses=data_file("language", "mini_gpt_loss.csv"),
        samples=data_file("language", "mini_gpt_samples.csv"),
    log:
        log_file("language_mini_gpt_aggregate"),
    benchmark:
        cost_file("language_mini_gpt_aggregate")
    conda:
        "../../envs/language.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        variants=GPT_VARIANTS,
    script:
        "../../scripts/language/aggregate_gpt.py"


rule language_claims:
    input:
        products=data_file("language", "inner_products.csv"),
        losses=data_file("language", "mini_gpt_loss.csv"),
        samples=data_file("language", "mini_gpt_samples.csv"),
        models=data_file("language", "models.csv"),
        albert=data_file("language", "albert_inner_products.csv") if ALBERT["enabled"] else [],
        library=library("language/judge.py"),
    output:
        report(
            claims_file("language"),
            caption="../report/language_claims.rst",
            category="Language",
            labels=labels("Claims", "table"),
        ),
    log:
        log_file("language_claims"),
    benchmark:
        cost_file("language_claims")
    conda:
        "../../envs/language.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        tokens=LANGUAGE["prompts"]["tokens"],
        gpt_depth=LANGUAGE["mini_gpt"]["layers"],
    script:
        "../../scripts/language/judge.py"


rule language_histograms_plot:
    input:
        densities=data_file("language", "histograms.csv"),
        library=library("language/draw_histograms.py"),
    output:
        png=report(
            "results/language/figures/histograms.png",
            caption="../report/language_histograms.rst",
            category="Language",
            labels=labels("Histograms", "picture"),
        ),
        pdf="results/language/figures/histograms.pdf",
    log:
        log_file("language_histograms_plot"),
    benchmark:
        cost_file("language_histograms_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=minutes(10),
    params:
        models=LANGUAGE_MODELS,
        layers=LANGUAGE["shown"]["layers"],
        tokens=LANGUAGE["prompts"]["tokens"],
        self_pairs=LANGUAGE["histogram"]["self_pairs"],
    script:
        "../../scripts/language/draw_histograms.py"


rule language_ridges_plot:
    input:
        densities=data_file("language", "histograms.csv"),
        models=data_file("language", "models.csv"),
        library=library("language/draw_ridges.py"),
    output:
        png=report(
            "results/language/figures/ridges.png",
            caption="../report/language_ridges.rst",
            category="Language",
            labels=labels("Ridges", "picture"),
        ),
        pdf="results/language/figures/ridges.pdf",
    log:
        log_file("language_ridges_plot"),
    benchmark:
        cost_file("language_ridges_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=minutes(10),
    params:
        models=LANGUAGE_MODELS,
    script:
        "../../scripts/language/draw_ridges.py"


rule language_depth_plot:
    input:
        depth=data_file("language", "depth.csv"),
        models=data_file("language", "models.csv"),
        library=library("language/draw_depth.py"),
    output:
        png=report(
            "results/language/figures/depth.png",
            caption="../report/language_depth.rst",
            category="Language",
            labels=labels("Depth", "picture"),
        ),
        pdf="results/language/figures/depth.pdf",
    log:
        log_file("language_depth_plot"),
    benchmark:
        cost_file("language_depth_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=minutes(10),
    params:
        models=LANGUAGE_MODELS,
    script:
        "../../scripts/language/draw_depth.py"


rule language_blocks_plot:
    input:
        depth=data_file("language", "depth.csv"),
        library=library("language/draw_blocks.py"),
    output:
        png=report(
            "results/language/figures/blocks.png",
            caption="../report/language_blocks.rst",
            category="Language",
            labels=labels("One block alone", "picture"),
        ),
        pdf="results/language/figures/blocks.pdf",
    log:
        log_file("language_blocks_plot"),
    benchmark:
        cost_file("language_blocks_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=minutes(10),
    params:
        models=LANGUAGE_MODELS,
    script:
        "../../scripts/language/draw_blocks.py"


rule language_gram_plot:
    input:
        grams=data_file("language", "gram.npz"),
        library=library("language/draw_gram.py"),
    output:
        png=report(
            "results/language/figures/gram.png",
            caption="../report/language_gram.rst",
            category="Language",
            labels=labels("Gram matrices", "picture"),
        ),
        pdf="results/language/figures/gram.pdf",
    log:
        log_file("language_gram_plot"),
    benchmark:
        cost_file("language_gram_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=minutes(10),
    params:
        models=LANGUAGE_MODELS,
    script:
        "../../scripts/language/draw_gram.py"


rule language_tokens_plot:
    input:
        tokens=data_file("language", "tokens.csv"),
        library=library("language/draw_tokens.py"),
    output:
        png=report(
            "results/language/figures/tokens.png",
            caption="../report/language_tokens.rst",
            category="Language",
            labels=labels("Tokens", "picture"),
        ),
        pdf="results/language/figures/tokens.pdf",
    log:
        log_file("language_tokens_plot"),
    benchmark:
        cost_file("language_tokens_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=minutes(10),
    params:
        models=LANGUAGE_MODELS,
        layers=LANGUAGE["shown"]["layers"],
    script:
        "../../scripts/language/draw_tokens.py"


rule language_tokens_animation_plot:
    input:
        depth=data_file("language", "tokens.npz"),
        models=data_file("language", "models.csv"),
        library=library("language/draw_tokens_animation.py"),
    output:
        gif=report(
            "results/language/figures/tokens_animation.gif",
            caption="../report/language_tokens_animation.rst",
            category="Language",
            labels=labels("Tokens", "film"),
        ),
        mp4=report(
            "results/language/figures/tokens_animation.mp4",
            caption="../report/language_tokens_animation.rst",
            category="Language",
            labels=labels("Tokens", "film, MP4"),
        ),
    log:
        log_file("language_tokens_animation_plot"),
    benchmark:
        cost_file("language_tokens_animation_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(2000),
        runtime=minutes(10),
    params:
        models=LANGUAGE_MODELS,
        settings=LANGUAGE["animation"],
    script:
        "../../scripts/language/draw_tokens_animation.py"


rule language_mini_gpt_plot:
    input:
        losses=data_file("language", "mini_gpt_loss.csv"),
        samples=data_file("language", "mini_gpt_samples.csv"),
        depth=data_file("language", "depth.csv"),
        library=library("language/draw_mini_gpt.py"),
    output:
        png=report(
            "results/language/figures/mini_gpt.png",
            caption="../report/language_mini_gpt.rst",
            category="Language",
            labels=labels("Mini-GPT", "picture"),
        ),
        pdf="results/language/figures/mini_gpt.pdf",
    log:
        log_file("language_mini_gpt_plot"),
    benchmark:
        cost_file("language_mini_gpt_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1500),
        runtime=minutes(10),
    params:
        layers=LANGUAGE["mini_gpt"]["layers"],
    script:
        "../../scripts/language/draw_mini_gpt.py"


# ALBERT: files from the hub (or a folder), prompts from WikiText-103 (or files), then the same as above.


rule language_albert_fetch:
    input:
        library=library("language/fetch_albert.py"),
    output:
        [f"results/language/models/albert/{name}" for name in MODEL_FILES],
    log:
        log_file("language_albert_fetch"),
    benchmark:
        cost_file("language_albert_fetch")
    conda:
        "../../envs/language-extras.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(60),
    params:
        repository=ALBERT["repository"],
        revision=ALBERT["revision"],
    script:
        "../../scripts/language/fetch_albert.py"


rule language_wikitext_fetch:
    input:
        library=library("language/fetch_wikitext.py"),
    output:
        "results/language/models/wikitext103_test.txt",
    log:
        log_file("language_wikitext_fetch"),
    benchmark:
        cost_file("language_wikitext_fetch")
    conda:
        "../../envs/language-extras.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(30),
    script:
        "../../scripts/language/fetch_wikitext.py"


rule language_albert_prompts_compute:
    input:
        texts=(language_texts(ALBERT["texts"]) if ALBERT["texts"] else ["results/language/models/wikitext103_test.txt"]),
        model=ALBERT_FILES,
        library=library("language/choose_passages.py"),
    output:
        table=data_file("language", "albert_passages.csv"),
        tokens=run_file("language", "albert_prompts.npz"),
    log:
        log_file("language_albert_prompts_compute"),
    benchmark:
        cost_file("language_albert_prompts_compute")
    conda:
        "../../envs/language.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        model={"folder": ALBERT_FOLDER},
        prompts=ALBERT["prompts"],
    script:
        "../../scripts/language/choose_passages.py"


rule language_albert_compute:
    input:
        prompts=run_file("language", "albert_prompts.npz"),
        model=ALBERT_FILES,
        library=library("language/compute_products.py"),
    output:
        run_file("language", "products/{model,albert|albert-shuffled|albert-random}_{slab}.npz"),
    log:
        log_file("language_albert_compute", "{model}_{slab}"),
    benchmark:
        cost_file("language_albert_compute", "{model}_{slab}")
    conda:
        "../../envs/language.yaml"
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=minutes(240),
    params:
        settings=language_settings({"folder": ALBERT_FOLDER}, ALBERT),
    script:
        "../../scripts/language/compute_products.py"


rule language_albert_aggregate:
    input:
        runs=expand(
            run_file("language", "products/{model}_{slab}.npz"), model=ALBERT_MODELS, slab=range(ALBERT["slabs"])
        ),
        library=library("language/aggregate.py"),
    output:
        products=data_file("language", "albert_inner_products.csv"),
        depth=data_file("language", "albert_depth.csv"),
        histograms=data_file("language", "albert_histograms.npz"),
        densities=data_file("language", "albert_histograms.csv"),
    log:
        log_file("language_albert_aggregate"),
    benchmark:
        cost_file("language_albert_aggregate")
    conda:
        "../../envs/language.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        drawn=ALBERT_MODELS,
    script:
        "../../scripts/language/aggregate.py"


rule language_albert_depth_plot:
    input:
        depth=data_file("language", "albert_depth.csv"),
        config=ALBERT_FILES[0],
        library=library("language/draw_depth.py"),
    output:
        png=report(
            "results/language/figures/albert_depth.png",
            caption="../report/language_albert.rst",
            category="Language",
            labels=labels("ALBERT", "picture"),
        ),
        pdf="results/language/figures/albert_depth.pdf",
    log:
        log_file("language_albert_depth_plot"),
    benchmark:
        cost_file("language_albert_depth_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        models=ALBERT_MODELS,
    script:
        "../../scripts/language/draw_depth.py"


rule language_albert_histograms_plot:
    input:
        densities=data_file("language", "albert_histograms.csv"),
        library=library("language/draw_histograms.py"),
    output:
        png=report(
            "results/language/figures/albert_histograms.png",
            caption="../report/language_albert.rst",
            category="Language",
            labels=labels("ALBERT, histograms", "picture"),
        ),
        pdf="results/language/figures/albert_histograms.pdf",
    log:
        log_file("language_albert_histograms_plot"),
    benchmark:
        cost_file("language_albert_histograms_plot")
    conda:
        "../../envs/draw.yaml"
    threads: 1
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        models=ALBERT_MODELS,
        layers=ALBERT_SHOWN,
        tokens=ALBERT["prompts"]["tokens"],
        self_pairs=LANGUAGE["histogram"]["self_pairs"],
    script:
        "../../scripts/language/draw_histograms.py"
