"""Time series, power spectra, autocorrelations and running exponents of the orbits, as tables with a column an orbit."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.mean_field.classes import CLASSES, classify
from attention_atlas.papers.mean_field.signals import autocorrelation, averaged_spectrum, running_exponents
from attention_atlas.pipeline.jobs import job

NAMES = ["betas", "observables", "running_steps", "running_logs", "period"]
SHOWN_EXPONENTS = 3


def classes(betas: np.ndarray, period: np.ndarray, running: pd.DataFrame, cycle: int) -> pd.DataFrame:
    """Class of each orbit from its period and its leading exponents; their errors are the drifts over the second half of the run."""
    half = int(np.argmin(np.abs(running["steps"] - running["steps"].iloc[-1] / 2)))
    names = [f"lyapunov_{k + 1}" for k in range(2) if f"beta_{betas[0]:g}_lyapunov_{k + 1}" in running]
    columns = [f"beta_{beta:g}_{name}" for beta in betas for name in names]
    last, earlier = (running[columns].to_numpy()[row].reshape(len(betas), -1) for row in (-1, half))
    code = classify(period, last, np.abs(last - earlier), cycle)
    return pd.DataFrame({"beta": betas, "class": np.array(CLASSES)[code], "period": period, "lyapunov_1": last[:, 0]})


def main(path: str, settings: Mapping[str, Any], cycle: int, output: Any) -> None:
    arrays = read_npz(path, NAMES)
    labels = [f"beta_{beta:g}" for beta in arrays["betas"]]
    first = arrays["observables"][:, :, 0].astype(float)
    shown = max(settings["shown"])
    series = pd.DataFrame({"step": np.arange(shown)} | dict(zip(labels, first[:, :shown], strict=True)))
    spectra = [averaged_spectrum(signal, settings["segment"]) for signal in first]
    power = {"frequency": spectra[0][0]} | {name: found[1] for name, found in zip(labels, spectra, strict=True)}
    lags = {"lag": np.arange(settings["lags"] + 1)}
    lags |= {name: autocorrelation(signal, settings["lags"]) for name, signal in zip(labels, first, strict=True)}
    ends = arrays["running_steps"]
    running: dict[str, np.ndarray] = {"steps": ends}
    for number, name in enumerate(labels):
        averages = running_exponents(arrays["running_logs"][:, number], np.diff(ends, prepend=0).astype(float))
        running |= {f"{name}_lyapunov_{k + 1}": averages[:, k] for k in range(min(SHOWN_EXPONENTS, averages.shape[1]))}
    write_csv(series, output.series)
    write_csv(pd.DataFrame(power), output.spectra)
    write_csv(pd.DataFrame(lags), output.correlations)
    write_csv(pd.DataFrame(running), output.exponents)
    write_csv(classes(arrays["betas"], arrays["period"], pd.DataFrame(running), cycle), output.classes)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.input.runs, snakemake.params.settings, snakemake.params.cycle, snakemake.output)
