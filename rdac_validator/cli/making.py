"""The commands that write: ``rdac convert``, ``template``, ``synth`` and ``demo``."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from rdac_validator.cli.terminal import EXISTING, TARGET, examples, say
from rdac_validator.standard import PROFILES, load


@click.command(
    short_help="Make a return of a CIN census file.",
    epilog=examples(
        "rdac convert census.xml return/ --key-file keys/2026.key",
        "rdac validate return/ --profile t0",
        "rdac convert census.xml return/ --areas areas.csv --deprivation file_7.csv",
    ),
)
@click.argument("source", type=EXISTING, metavar="CENSUS")
@click.argument("out", type=TARGET)
@click.option("--key-file", type=EXISTING, help="Key of the pseudonyms; without it a fresh one is used once, and lost.")
@click.option("--areas", type=EXISTING, help="Your own CSV file with the columns LAchildID and area_code (LSOA).")
@click.option("--deprivation", type=EXISTING, help="The official file of IMD 2019 or IoD 2025, told by its columns.")
@click.option("--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
@click.option("--force", is_flag=True, help="Replace OUT if it is there.")
def convert(
    source: Path,
    out: Path,
    key_file: Path | None,
    areas: Path | None,
    deprivation: Path | None,
    form: str,
    force: bool,
) -> None:
    """Turn a CIN census file into a return of the standard, and say what the census
    could not tell.

    Child ids become keyed pseudonyms, dates of birth become months; UPN is dropped.
    Nothing is guessed: what a census cannot say is not_collected_by_source, and the
    table provenance tells where every coded value comes from.

    With --areas and --deprivation each child's area becomes a deprivation decile;
    the area codes are used inside this run and are in no output. An address that is
    kept from someone needs the column address_safety in the areas file.
    """
    from rdac_validator import commands

    if bool(areas) != bool(deprivation):
        raise click.UsageError("--areas and --deprivation are of use only together: give both, or neither")
    places = (areas, deprivation) if areas and deprivation else None
    report, said = commands.convert(source, out, load(), key_file=key_file, form=form, force=force, places=places)
    say(said)
    sys.exit(replace(report, fail_on=None).exit_code)


@click.command(
    short_help="Write blank files with all headers.",
    epilog=examples("rdac template return/", "rdac template return/ --profile starter"),
)
@click.argument("out", type=TARGET)
@click.option("--profile", type=click.Choice(PROFILES), default="extended", show_default=True)
@click.option("--force", is_flag=True, help="Replace OUT if it is there.")
def template(out: Path, profile: str, force: bool) -> None:
    """Write blank CSV files with the headers of every table, to be filled in."""
    from rdac_validator import commands

    say(commands.template(out, load(), profile=profile, force=force))


@click.command(
    short_help="Write a synthetic return or census.",
    epilog=examples(
        "rdac synth return/ --children 200 --seed 7",
        "rdac synth return/ --faults 50        and the answer key return.faults.json",
        "rdac synth census/ --format cin-xml",
        "rdac synth study/ --like C1           the published figures of a study site",
    ),
)
@click.argument("out", type=TARGET)
@click.option("--children", type=click.IntRange(1, 1_000_000), help="How many.  [100, or five a fault]")
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same bytes.")
@click.option("--faults", type=click.IntRange(0), default=0, show_default=True, help="Plant so many known faults.")
@click.option("--like", type=click.Choice(["C1", "C2", "C3"]), help="Give it the published figures of a study site.")
@click.option("--format", "form", type=click.Choice(["csv", "parquet", "cin-xml"]), default="csv", show_default=True)
@click.option("--force", is_flag=True, help="Replace OUT if it is there.")
def synth(out: Path, children: int | None, seed: int, faults: int, like: str | None, form: str, force: bool) -> None:
    """Write a plausible synthetic return: no real child is behind it.

    It has no error and no warning; queries may stand, as they do in life. With
    --faults, known faults are planted and OUT.faults.json lists them.

    With --like the return has the published figures of a study site by exact
    quotas and not by chance; it holds what a census or an extract would say.
    """
    from rdac_validator import making

    if like:
        if children or faults or form == "cin-xml":
            raise click.UsageError("--like says how many children there are, has no faults, and makes csv or parquet")
        say(making.like(out, load(), site=like, seed=seed, form=form, force=force))
        return
    say(making.synth(out, load(), children=children, seed=seed, faults=faults, form=form, force=force))


@click.command(short_help="See it work on a faulty synthetic return.")
def demo() -> None:
    """Make a faulty synthetic return, check it, show the findings, say what to try
    next. Works in a temporary folder and leaves nothing behind.
    """
    from rdac_validator import making

    click.echo(making.demo(load()))
