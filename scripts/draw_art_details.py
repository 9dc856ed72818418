"""What one image hides: clusters left, time to converge, period."""

import _library  # noqa: F401
from attention_atlas.analysis.landscape_files import read_array
from attention_atlas.drawing.landscape_images import draw_details
from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.jobs import job

NAMES = ("clusters", "time", "period", "a", "b")
# pixels along a panel of 2.1 inches
PIXELS, RESOLUTION = 1500, 500

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        landscape = {name: read_array(snakemake.input.arrays, name) for name in NAMES}
        shares = read_csv(snakemake.input.shares, ["quantity", "value", "share"])
        figure = draw_details(landscape, shares, snakemake.params.settings, PIXELS)
        save_figure(figure, snakemake.output.png, snakemake.output.pdf, dpi=RESOLUTION)
