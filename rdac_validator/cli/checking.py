"""The command ``rdac validate``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from rdac_validator.cli.terminal import EXISTING, TARGET, examples
from rdac_validator.findings import InputError, Severity
from rdac_validator.standard import PROFILES, load

NEVER = "never"
LONG = 200_000


def many(name: str, text: str) -> Callable[[Any], Any]:
    """An option that may be given several times, each time with codes or prefixes of codes, separated by commas."""
    return click.option(name, multiple=True, metavar="CODE[,CODE]", help=text)


@click.command(
    short_help="Check a return or a CIN census file.",
    epilog=examples(
        "rdac validate return/                      a folder, zip or workbook",
        "rdac validate census.xml                   a CIN census, 2017-18 to 2026-27",
        "rdac validate return/ --profile starter    ask for less",
        "rdac validate return/ --fail-on warning    be strict in CI",
        "rdac validate return/ --ignore RDAC5       leave out a band of codes",
        "rdac validate return/ --format json --output report.json",
    ),
)
@click.argument("source", type=EXISTING, metavar="RETURN")
@click.option("--profile", type=click.Choice(PROFILES), help="How much the return must hold.  [core; t0 for a census]")
@click.option(
    "--fail-on",
    type=click.Choice([str(s) for s in Severity if s is not Severity.INFO] + [NEVER]),
    default=str(Severity.ERROR),
    show_default=True,
    help="Exit with 1 at findings of this severity or worse.",
)
@many("--select", "Look for these codes only; a prefix such as RDAC2 means all that begin so.")
@many("--ignore", "Leave these codes out.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--output", type=TARGET, help="Write the report to a file instead.")
@click.option("--all", "everything", is_flag=True, help="List every row of a group, not the first few.")
@click.option("--local-only", is_flag=True, help="The return stays here: allow its free text (voice_text).")
@click.option("--show-values", is_flag=True, help="Show the cells at fault. Terminal only: they are a child's record.")
@click.option("--show-keys", is_flag=True, help="Show the keys of the rows at fault. Terminal only.")
def validate(  # noqa: PLR0913, PLR0917 one parameter for each option
    source: Path,
    profile: str | None,
    fail_on: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    form: str,
    output: Path | None,
    everything: bool,
    local_only: bool,
    show_values: bool,
    show_keys: bool,
) -> None:
    """Check a return or a CIN census file, and say what is wrong, where, and how to
    mend it.

    A return is a folder or zip of CSV or Parquet files, one a table, or a workbook
    with a sheet a table. Exit codes: 0 clean, 1 findings, 2 wrong use or nothing to
    read, 3 our own fault.
    """
    from rdac_validator import commands, reports

    shown = show_values or show_keys
    if shown and (output or form != "text" or not sys.stdout.isatty()):
        raise click.UsageError("--show-values and --show-keys are for the terminal, not for a file, pipe or CI log")
    if output is not None:
        _may_write(output, source)
    wanted = commands.chooser(_codes(select), _codes(ignore), local_only=local_only)
    with progress() as tell:
        report, given = commands.validate(source, load(), profile=profile, wanted=wanted, progress=tell)
    if form == "text":
        lookup = reports.text.lookup(given, load(), values=show_values, keys=show_keys) if shown else None
        rendered = reports.text.render(report, everything=everything, lookup=lookup)
    else:
        rendered = reports.FORMATS[form].render(report)
    _put(rendered, output)
    sys.exit(report.exit_code(None if fail_on == NEVER else Severity(fail_on)))


def _may_write(output: Path, source: Path) -> None:
    """Refuse, before the work is done, a report that would fall upon the return or could not be written."""
    place = output.absolute().parent
    if not place.is_dir() or output.is_dir():
        raise InputError("the report needs the name of a file in a folder that is there")
    if output.resolve() == source.resolve() or (source.is_dir() and place.resolve().is_relative_to(source.resolve())):
        raise InputError("the report would fall upon the return or lie in its folder: name a place outside")


def _codes(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code.strip() for text in given for code in text.split(",") if code.strip())


def _put(rendered: str | bytes, output: Path | None) -> None:
    if output is None:
        click.echo(rendered, nl=False)
        return
    partial = output.with_name(output.name + ".partial")
    try:
        partial.write_bytes(rendered if isinstance(rendered, bytes) else rendered.encode())
        partial.replace(output)
    except OSError as refusal:
        partial.unlink(missing_ok=True)
        raise InputError(f"the report cannot be written there: {refusal.strerror}") from refusal
    click.echo(f"Report written to {click.format_filename(output)}.", err=True)


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
