"""The web atlas: pages about all figures, from finished results. Knows the rest of the library, nothing of Snakemake."""
