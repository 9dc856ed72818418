"""Download the test part of WikiText-103 from its hub as plain text."""

from attention_atlas.files import write_text
from attention_atlas.papers.language.hub import WIKITEXT, download, wikitext_paragraphs
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        write_text(snakemake.output[0], wikitext_paragraphs(download(*WIKITEXT, kind="dataset")))
