"""Numbers drawn from runs: outcomes, rates, spectra, claims."""
