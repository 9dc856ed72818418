# Language: do the tokens of a real transformer cluster? (arXiv 2312.10794, Figure 1)
# prompts -> compute (models x slabs of prompts) -> aggregate (CSV) -> claims and plot; the mini-GPT is trained on the way.
# ALBERT has its own rules at the end; they are part of the paper only with language.albert.enabled.
from attention_atlas.papers.language.settings import encoder_settings, text_path, token_settings

LANGUAGE = config["language"]
ALBERT = LANGUAGE["albert"]
LANGUAGE_TEXTS = [str(text_path(name)) for name in LANGUAGE["texts"]]
LANGUAGE_MODELS = ["minilm", "shuffled", "random"]
ALBERT_MODELS = ["albert", "albert-shuffled", "albert-random"]
GPT_VARIANTS = ["pre_ln", "post_ln_shared"]
MODEL_FILES = ["config.json", "model.safetensors", "tokenizer.json"]
# the files of a model of the user's own, so that a change of them is noticed
OWN_MODEL = [f"{LANGUAGE['model']['folder']}/{name}" for name in MODEL_FILES if LANGUAGE["model"]["folder"]]
ALBERT_FOLDER = ALBERT["folder"] or "results/language/models/albert"
ALBERT_FILES = [f"{ALBERT_FOLDER}/{name}" for name in MODEL_FILES]


rule language_prompts_compute:
    input:
        texts=LANGUAGE_TEXTS,
        model=OWN_MODEL,
    output:
        table=data_file("language", "passages.csv"),
        tokens=run_file("language", "prompts.npz"),
    log:
        log_file("language_prompts_compute"),
    benchmark:
        cost_file("language_prompts_compute")
    group:
        "language_compute"
    conda:
        "../../envs/language.yaml"
    params:
        library=library("language/choose_passages.py"),
        model=LANGUAGE["model"],
        prompts=LANGUAGE["prompts"],
    script:
        "../../scripts/language/choose_passages.py"


rule language_models_aggregate:
    input:
        model=OWN_MODEL,
        albert=ALBERT_FILES if ALBERT["enabled"] else [],
    output:
        data_file("language", "models.csv"),
    log:
        log_file("language_models_aggregate"),
    benchmark:
        cost_file("language_models_aggregate")
    group:
        "language_aggregate"
    conda:
        "../../envs/language.yaml"
    params:
        library=library("language/describe_models.py"),
        model=LANGUAGE["model"],
        albert=ALBERT,
    script:
        "../../scripts/language/describe_models.py"


rule language_products_compute:
    input:
        prompts=run_file("language", "prompts.npz"),
        model=OWN_MODEL,
    output:
        run_file("language", "products/{model,minilm|shuffled|random}_{slab}.npz"),
    log:
        log_file("language_products_compute", "{model}_{slab}"),
    benchmark:
        cost_file("language_products_compute", "{model}_{slab}")
    conda:
        "../../envs/language.yaml"
    resources:
        mem_mb=memory("language_products_compute"),
        runtime=minutes("language_products_compute"),
    params:
        library=library("language/compute_products.py"),
        settings=encoder_settings(LANGUAGE, LANGUAGE["model"], LANGUAGE),
    script:
        "../../scripts/language/compute_products.py"


rule language_tokens_compute:
    input:
        prompts=run_file("language", "prompts.npz"),
        model=OWN_MODEL,
    output:
        grams=data_file("language", "gram.npz"),
        depth=data_file("language", "tokens.npz"),
        table=data_file("language", "tokens.csv"),
    log:
        log_file("language_tokens_compute"),
    benchmark:
        cost_file("language_tokens_compute")
    group:
        "language_compute"
    conda:
        "../../envs/language.yaml"
    resources:
        mem_mb=memory(2000),
        runtime=minutes(30),
    params:
        library=library("language/compute_tokens.py"),
        settings=token_settings(LANGUAGE, LANGUAGE_MODELS),
    script:
        "../../scripts/language/compute_tokens.py"


rule language_mini_gpt_compute:
    input:
        texts=LANGUAGE_TEXTS,
    output:
        run_file("language", "mini_gpt/{variant,pre_ln|post_ln_shared|bigram}.npz"),
    log:
        log_file("language_mini_gpt_compute", "{variant}"),
    benchmark:
        cost_file("language_mini_gpt_compute", "{variant}")
    conda:
        "../../envs/language.yaml"
    resources:
        mem_mb=memory("language_mini_gpt_compute"),
        runtime=minutes("language_mini_gpt_compute"),
    params:
        library=library("language/train_gpt.py"),
        settings=LANGUAGE["mini_gpt"],
    script:
        "../../scripts/language/train_gpt.py"


rule language_mini_gpt_products_compute:
    input:
        weights=run_file("language", "mini_gpt/{variant}.npz"),
    output:
        run_file("language", "mini_gpt_products/{variant,pre_ln|post_ln_shared}.npz"),
    log:
        log_file("language_mini_gpt_products_compute", "{variant}"),
    benchmark:
        cost_file("language_mini_gpt_products_compute", "{variant}")
    conda:
        "../../envs/language.yaml"
    params:
        library=library("language/compute_gpt_products.py"),
        settings={**LANGUAGE["mini_gpt"], **LANGUAGE["histogram"]},
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
    output:
        products=data_file("language", "inner_products.csv"),
        depth=data_file("language", "depth.csv"),
        histograms=data_file("language", "histograms.npz"),
        densities=data_file("language", "histograms.csv"),
    log:
        log_file("language_depth_aggregate"),
    benchmark:
        cost_file("language_depth_aggregate")
    group:
        "language_aggregate"
    conda:
        "../../envs/language.yaml"
    params:
        library=library("language/aggregate.py"),
        drawn=LANGUAGE_MODELS,
    script:
        "../../scripts/language/aggregate.py"


rule language_mini_gpt_aggregate:
    input:
        weights=expand(run_file("language", "mini_gpt/{variant}.npz"), variant=[*GPT_VARIANTS, "bigram"]),
    output:
        losses=data_file("language", "mini_gpt_loss.csv"),
        samples=data_file("language", "mini_gpt_samples.csv"),
    log:
        log_file("language_mini_gpt_aggregate"),
    benchmark:
        cost_file("language_mini_gpt_aggregate")
    group:
        "language_aggregate"
    conda:
        "../../envs/language.yaml"
    params:
        library=library("language/aggregate_gpt.py"),
        variants=[*GPT_VARIANTS, "bigram"],
    script:
        "../../scripts/language/aggregate_gpt.py"


# ALBERT: files from the hub (or a folder), prompts from WikiText-103 (or files), then the same as above.


rule language_albert_fetch:
    output:
        [f"results/language/models/albert/{name}" for name in MODEL_FILES],
    log:
        log_file("language_albert_fetch"),
    benchmark:
        cost_file("language_albert_fetch")
    conda:
        "../../envs/language-extras.yaml"
    resources:
        mem_mb=memory(1000),
        runtime=minutes(60),
    params:
        library=library("language/fetch_albert.py"),
        repository=ALBERT["repository"],
        revision=ALBERT["revision"],
    script:
        "../../scripts/language/fetch_albert.py"


rule language_wikitext_fetch:
    output:
        "results/language/models/wikitext103_test.txt",
    log:
        log_file("language_wikitext_fetch"),
    benchmark:
        cost_file("language_wikitext_fetch")
    conda:
        "../../envs/language-extras.yaml"
    resources:
        mem_mb=memory(1000),
        runtime=minutes(30),
    params:
        library=library("language/fetch_wikitext.py"),
    script:
        "../../scripts/language/fetch_wikitext.py"


use rule language_prompts_compute as language_albert_prompts_compute with:
    input:
        texts=[str(text_path(name)) for name in ALBERT["texts"] or []] or rules.language_wikitext_fetch.output,
        model=ALBERT_FILES,
    output:
        table=data_file("language", "albert_passages.csv"),
        tokens=run_file("language", "albert_prompts.npz"),
    log:
        log_file("language_albert_prompts_compute"),
    benchmark:
        cost_file("language_albert_prompts_compute")
    params:
        library=library("language/choose_passages.py"),
        model={"folder": ALBERT_FOLDER},
        prompts=ALBERT["prompts"],


use rule language_models_aggregate as language_albert_models_aggregate with:
    input:
        albert=ALBERT_FILES,
    output:
        data_file("language", "albert_models.csv"),
    log:
        log_file("language_albert_models_aggregate"),
    benchmark:
        cost_file("language_albert_models_aggregate")
    params:
        library=library("language/describe_models.py"),
        model=None,
        albert=ALBERT,


use rule language_products_compute as language_albert_compute with:
    input:
        prompts=run_file("language", "albert_prompts.npz"),
        model=ALBERT_FILES,
    output:
        run_file("language", "products/{model,albert|albert-shuffled|albert-random}_{slab}.npz"),
    log:
        log_file("language_albert_compute", "{model}_{slab}"),
    benchmark:
        cost_file("language_albert_compute", "{model}_{slab}")
    resources:
        mem_mb=memory(4000),
        runtime=minutes(240),
    params:
        library=library("language/compute_products.py"),
        settings=encoder_settings(LANGUAGE, {"folder": ALBERT_FOLDER}, ALBERT),


use rule language_depth_aggregate as language_albert_aggregate with:
    input:
        runs=expand(
            run_file("language", "products/{model}_{slab}.npz"), model=ALBERT_MODELS, slab=range(ALBERT["slabs"])
        ),
    output:
        products=data_file("language", "albert_inner_products.csv"),
        depth=data_file("language", "albert_depth.csv"),
        histograms=data_file("language", "albert_histograms.npz"),
        densities=data_file("language", "albert_histograms.csv"),
    log:
        log_file("language_albert_aggregate"),
    benchmark:
        cost_file("language_albert_aggregate")
    params:
        library=library("language/aggregate.py"),
        drawn=ALBERT_MODELS,
