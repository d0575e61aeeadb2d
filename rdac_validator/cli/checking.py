"""The command ``rdac validate``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rdac_validator.cli.terminal import EXISTING, FAIL_ON, NEVER, examples
from rdac_validator.findings import Severity
from rdac_validator.reports import FORMATS
from rdac_validator.standard import PROFILES, load
from rdac_validator.structure import ENGINES

if TYPE_CHECKING:
    from rdac_validator.settings import Settings

LONG = 200_000


def many(name: str, text: str) -> Callable[[Any], Any]:
    """An option that may be given several times, each time with codes or prefixes of codes, separated by commas."""
    return click.option(name, multiple=True, metavar="CODE[,CODE]", help=text)


@click.command(
    short_help="Check a return or a CIN census file.",
    epilog=examples(
        "rdac validate return/                      a folder, zip or workbook",
        "rdac validate case.json                    one case or many, as JSON or YAML",
        "rdac validate census.xml                   a CIN census, 2017-18 to 2026-27",
        "rdac validate return/ --profile starter    ask for less",
        "rdac validate return/ --fail-on warning    be strict in CI",
        "rdac validate return/ --ignore RDAC5       leave out a band of codes",
        "rdac validate return/ --output report.html --output report.xlsx",
        "rdac validate return/ --format json        print JSON instead of text",
    ),
)
@click.argument("source", type=EXISTING, metavar="RETURN")
@click.option("--profile", type=click.Choice(PROFILES), help="How much the return must hold.  [core; t0 for a census]")
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="What checks structure. frictionless and both are slow, to cross-check: a difference is our fault.  [pandera]",
)
@click.option(
    "--fail-on",
    type=FAIL_ON,
    help="Exit with 1 at findings of this severity or worse.  [error]",
)
@many("--select", "Look for these codes only; a prefix such as RDAC2 means all that begin so.")
@many("--ignore", "Leave these codes out.")
@click.option("--config", type=EXISTING, help="The settings file.  [rdac.toml beside the return, or in this folder]")
@click.option("--no-config", is_flag=True, help="Use no settings file: no waivers, nothing left out.")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day on which waivers are judged.  [today]",
)
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    help=f"What is printed: text, or {', '.join(sorted(FORMATS.keys() - {'text'}))}.  [default: text]",
)
@click.option(
    "--output",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Write a report to a file as well, once or more. FORMAT may be left out where the ending tells it.",
)
@click.option("--all", "everything", is_flag=True, help="List every row of a group, not the first few.")
@click.option("--local-only", is_flag=True, help="The return stays here: allow its free text (voice_text).")
@click.option("--show-values", is_flag=True, help="Show the cells at fault. Terminal only: they are a child's record.")
@click.option("--show-keys", is_flag=True, help="Show the keys of the rows at fault. Terminal only.")
def validate(  # noqa: PLR0913, PLR0917 one parameter for each option
    source: Path,
    profile: str | None,
    engine: str | None,
    fail_on: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    config: Path | None,
    no_config: bool,
    today: datetime | None,
    form: str | None,
    output: tuple[str, ...],
    everything: bool,
    local_only: bool,
    show_values: bool,
    show_keys: bool,
) -> None:
    """Check a return or a CIN census file, and say what is wrong, where, and how to
    mend it.

    A return is a folder or zip of CSV or Parquet files, one a table, a workbook
    with a sheet a table, or a JSON or YAML document with a list of records for each
    table. Settings and waivers are read from rdac.toml; what is said here wins. Exit
    codes: 0 clean, 1 findings, 2 wrong use or nothing to read, 3 our own fault.
    """
    from rdac_validator import commands, formats
    from rdac_validator.cli import outputs
    from rdac_validator.reports import text

    shown = show_values or show_keys
    if shown and (output or form or not sys.stdout.isatty()):
        raise click.UsageError("--show-values and --show-keys are for the terminal, not for a file, pipe or CI log")
    settings = _settings(source, config, no_config)
    # what the settings name are files, and cells are shown on the terminal only
    planned = outputs.plan(output or (() if shown else settings.outputs), form, source)
    chosen, left_out = _codes(select) or settings.select, _codes(ignore) or settings.ignore
    wanted = commands.chooser(chosen, left_out, local_only=local_only)
    profile, fail_on = commands.profile(source, profile, settings), fail_on or settings.fail_on or "error"
    engine = commands.engine(source, engine, settings)
    with formats.steady(source), progress() as tell:
        report, given = commands.validate(source, load(), profile=profile, engine=engine, wanted=wanted, progress=tell)
    # the one clock of the house, read only where a waiver asks for it
    day = today.date() if today else date.today() if settings.decisions else None
    report = commands.judged(report, settings, wanted, day, said=commands.asked(chosen, left_out))
    threshold = None if fail_on == NEVER else Severity(fail_on)
    report = replace(report, path=outputs.in_checkout(source), fail_on=threshold)
    if settings.file:
        report = replace(report, settings=outputs.in_checkout(settings.path) or settings.file)
    lookup = text.lookup(given, load(), values=show_values, keys=show_keys) if shown else None
    as_text = partial(text.render, everything=everything, lookup=lookup)
    for one in planned:
        outputs.put((as_text if one.form == "text" else FORMATS[one.form].render)(report), one)
    sys.exit(report.exit_code)


def _settings(source: Path, config: Path | None, no_config: bool) -> Settings:
    from rdac_validator import settings

    if config and no_config:
        raise click.UsageError("--config and --no-config exclude each other")
    if no_config:
        return settings.Settings()
    return settings.read(config, load()) if config else settings.look(source, load())


def _codes(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code.strip() for text in given for code in text.split(",") if code.strip())


@contextmanager
def progress() -> Iterator[Callable[[str, int], None]]:
    """A progress line on a terminal for long work, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _table, _rows: None
        return
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    done = 0
    with Progress(
        TextColumn("{task.description}"), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("reading", total=None)

        def tell(table: str, rows: int) -> None:
            nonlocal done
            done += rows
            if done >= LONG:
                bar.update(task, description=f"checked {done:,} rows, at {table}")

        yield tell
