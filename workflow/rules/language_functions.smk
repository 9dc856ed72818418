# Functions of language.smk: settings and inputs of its jobs.


def language_settings(model_source, block):
    """Settings of a run of a transformer; ``block`` holds its prompts, layers, heads and slabs."""
    return {
        "model": model_source,
        **LANGUAGE["controls"],
        "layers": block["layers"],
        "heads": block["heads"],
        "alone": block.get("alone", {"layers": 0, "prompts": 0}),
        "bins": LANGUAGE["histogram"]["bins"],
        "self_pairs": LANGUAGE["histogram"]["self_pairs"],
        "slabs": block["slabs"],
    }


def language_texts(names):
    """Paths of texts; relative names lie in the repository."""
    return [str(HOME / name) for name in names]


def language_model_files():
    """Files of a model of the user's own, so that a change of them is noticed."""
    folder = LANGUAGE["model"]["folder"]
    return [f"{folder}/{name}" for name in MODEL_FILES] if folder else []


def gpt_settings():
    return {
        **LANGUAGE["mini_gpt"],
        "bins": LANGUAGE["histogram"]["bins"],
        "self_pairs": LANGUAGE["histogram"]["self_pairs"],
    }
