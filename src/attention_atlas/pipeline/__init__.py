"""All that knows Snakemake: jobs, console, kernel cache, library inputs, sizes of jobs."""
