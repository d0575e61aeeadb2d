"""The command ``rdac report``."""

from __future__ import annotations

from pathlib import Path

import click

from rdac_validator.cli.terminal import EXISTING, TARGET, examples, say
from rdac_validator.standard import load

ZEROS = {"shown": "zeros_shown", "suppressed": "zeros_suppressed"}
# the names stand here too: help waits for no heavy import
READERS = ("analyst", "head-of-service", "consultation")
CLASSES = ("bic", *map(str, range(1, 11)))


@click.command(
    short_help="Write the data-quality report, protected against disclosure.",
    epilog=examples(
        "rdac report return/ --out report/",
        "rdac report census.xml --out report/ --for head-of-service",
        "rdac report 2024/ 2025/ --out report/ --threshold 6 --zeros suppressed",
        "rdac report return/ --out report/ --populations children.csv",
        "rdac report return/ --out report/ --models bic",
        "rdac report census.xml --out report/ --benchmark c3_factors.csv",
    ),
)
@click.argument("sources", type=EXISTING, nargs=-1, required=True, metavar="RETURN...")
@click.option("--out", type=TARGET, required=True, help="The folder to write; it must be new.")
@click.option(
    "--for", "reader", type=click.Choice(READERS), default=READERS[0], show_default=True, help="How deep the page goes."
)
@click.option(
    "--threshold",
    type=click.IntRange(min=5),
    help="Hide counts below it.  [one above the largest count that the returns declare hidden, at least 5]",
)
@click.option("--zeros", type=click.Choice(list(ZEROS)), help="Noughts.  [what the returns declare]")
@click.option(
    "--rounding", type=click.IntRange(1, 100), default=1, show_default=True, help="Round counts to a multiple besides."
)
@click.option(
    "--models",
    type=click.Choice(CLASSES),
    is_flag=False,
    flag_value=CLASSES[0],
    help="Fit latent classes (so many; without a number as BIC has it) and regressions. Off by default: it needs the "
    "extra 'analysis', takes time, and its tables hide more of the others.",
)
@click.option(
    "--benchmark", type=EXISTING, help="DfE's published factors (data file C3): show the authority beside them."
)
@click.option(
    "--populations",
    type=EXISTING,
    help="A CSV file of the children in each deprivation tenth, for rates per 10,000.",
)
@click.option("--force", is_flag=True, help="Replace the folder if it holds a report.")
def report(  # noqa: PLR0913, PLR0917 one parameter for each option
    sources: tuple[Path, ...],
    out: Path,
    reader: str,
    threshold: int | None,
    zeros: str | None,
    rounding: int,
    models: str | None,
    benchmark: Path | None,
    populations: Path | None,
    force: bool,
) -> None:
    """Write what the data of a return, of several years or of a CIN census say on
    domestic abuse, and what they cannot: a page, JSON, CSV and a workbook.

    Small counts are hidden, with whatever they could be worked out from, in all
    tables together: the report can be shared once your own lead for disclosure has
    looked at it. Give several years in one run, never one after the other.
    """
    from rdac_validator.quality import running

    policy = ZEROS[zeros] if zeros else None
    say(
        running.run(
            sources,
            out,
            load(),
            threshold=threshold,
            zeros=policy,
            rounding=rounding,
            reader=reader,
            models=models,
            children=populations,
            force=force,
            benchmark=benchmark,
        )
    )
