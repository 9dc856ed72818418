"""Orbits of the mean-field map: time series, planes, spectra, running exponents."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv, read_npz
from attention_atlas.papers.mean_field.drawing.orbits import draw_exponents, draw_planes, draw_series, draw_spectra
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        source, output = snakemake.input, snakemake.output
        series = draw_series(read_csv(source.series, ["step"]), snakemake.params.shown)
        planes = draw_planes(read_npz(source.runs, ["betas", "observables", "attention"]))
        spectra = draw_spectra(read_csv(source.spectra, ["frequency"]), read_csv(source.correlations, ["lag"]))
        exponents = draw_exponents(read_csv(source.exponents, ["steps"]))
        for figure, paths in (
            (series, output.series),
            (planes, output.planes),
            (spectra, output.spectra),
            (exponents, output.exponents),
        ):
            save_figure(figure, *paths)
