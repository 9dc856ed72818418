"""A start for each pixel beside one start for all."""

import _library  # noqa: F401
from attention_atlas.drawing.landscape_images import draw_shared_starts
from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv, read_npz
from attention_atlas.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        shares = read_csv(snakemake.input.sharing, ["seed", "share_differ"]).set_index("seed")["share_differ"]
        pairs = {}
        for seed, path in zip(snakemake.params.seeds, snakemake.input.runs, strict=True):
            arrays = read_npz(path, ["separate", "shared"])
            pairs[seed] = (arrays["separate"], arrays["shared"])
        save_figure(draw_shared_starts(pairs, shares.to_dict()), *snakemake.output, dpi=400)
