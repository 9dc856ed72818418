"""A start for each pixel beside one start for all."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.art.drawing.images import draw_shared_starts, shrink
from attention_atlas.papers.art.files import read_array
from attention_atlas.pipeline.jobs import job

SHOWN = 700  # pixels along a panel

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        shares = read_csv(snakemake.input.sharing, ["seed", "share_differ"]).set_index("seed")["share_differ"]
        pairs = {}
        for seed, path in zip(snakemake.params.seeds, snakemake.input.runs, strict=True):
            # made small at once: only one array of one seed is held in full
            separate, shared = (shrink(read_array(path, name), SHOWN, average=True) for name in ("separate", "shared"))
            pairs[seed] = (separate, shared)
        save_figure(draw_shared_starts(pairs, shares.to_dict()), *snakemake.output, dpi=400)
