"""The command ``rdac``. Each command reads its options, calls one deep module and prints. Heavy imports wait.

Exit codes: 0 clean, 1 findings at or above ``--fail-on``, 2 wrong use or nothing to read, 3 our own fault.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from rdac_validator import __version__
from rdac_validator.crosswalk_cli import crosswalk
from rdac_validator.findings import InputError, Severity
from rdac_validator.map_cli import mapping
from rdac_validator.standard import PROFILES, load
from rdac_validator.terminal import EXISTING, HELP, TARGET, Commands, examples, say

NEVER = "never"
OUR_FAULT, INTERRUPTED, CANCELLED = 3, 130, 143
LONG = 200_000


def many(name: str, text: str) -> Callable[[Any], Any]:
    """An option that may be given several times, each time with codes or prefixes of codes, separated by commas."""
    return click.option(name, multiple=True, metavar="CODE[,CODE]", help=text)


@click.group(cls=Commands, context_settings=HELP)
@click.version_option(__version__, prog_name="rdac")
def main() -> None:
    """Check, convert and explain data on domestic violence and abuse in children's
    social care, against a proposed standard for England and Scotland.

    Start with: rdac demo. No value of a record is ever printed unless you ask for it
    on the terminal, and nothing is ever sent over a network.
    """


@main.command(
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
        rendered = reports.FORMATS[form](report)
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


def _put(rendered: str, output: Path | None) -> None:
    if output is None:
        click.echo(rendered, nl=False)
        return
    partial = output.with_name(output.name + ".partial")
    try:
        partial.write_text(rendered, encoding="utf-8")
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


@main.command(
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
    sys.exit(report.exit_code(None))


@main.command(
    short_help="Say what a rule, table, field or value means.",
    epilog=examples(
        "rdac explain RDAC201          a rule",
        "rdac explain harm_direction   a table",
        "rdac explain pattern          a field, in every table that has it",
        "rdac explain resistance       a value, in every list that has it",
        "rdac explain 3B               a CIN factor",
    ),
)
@click.argument("name", metavar="CODE|TABLE|FIELD|VALUE")
def explain(name: str) -> None:
    """Say what a rule, table, field, code list or value means, and what it rests on."""
    from rdac_validator import explanations

    found = explanations.explain(name, load())
    if not found:
        near = explanations.near(name, load())
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise click.UsageError(f"Nothing of the standard is called that.{hint}")
    click.echo("\n\n".join(found))


@main.command(
    short_help="List the rules.", epilog=examples("rdac rules", "rdac rules RDAC9", "rdac rules --format json")
)
@click.argument("prefix", default="")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rules(prefix: str, form: str) -> None:
    """List the rules: code, severity and what each looks for."""
    from rdac_validator import explanations

    listed = explanations.listing(prefix.upper(), form)
    if not listed:
        raise InputError("no code begins so; rdac rules lists them all")
    click.echo(listed, nl=False)


@main.command(
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


@main.command(
    short_help="Write a synthetic return or census.",
    epilog=examples(
        "rdac synth return/ --children 200 --seed 7",
        "rdac synth return/ --faults 50             and the answer key return.faults.json",
        "rdac synth census/ --format cin-xml",
    ),
)
@click.argument("out", type=TARGET)
@click.option("--children", type=click.IntRange(1, 1_000_000), help="How many.  [100, or five a fault]")
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same bytes.")
@click.option("--faults", type=click.IntRange(0), default=0, show_default=True, help="Plant so many known faults.")
@click.option("--format", "form", type=click.Choice(["csv", "parquet", "cin-xml"]), default="csv", show_default=True)
@click.option("--force", is_flag=True, help="Replace OUT if it is there.")
def synth(out: Path, children: int | None, seed: int, faults: int, form: str, force: bool) -> None:
    """Write a plausible synthetic return: no real child is behind it.

    It has no error and no warning; queries may stand, as they do in life. With
    --faults, known faults are planted and OUT.faults.json lists them.
    """
    from rdac_validator import commands

    say(commands.synth(out, load(), children=children, seed=seed, faults=faults, form=form, force=force))


main.add_command(crosswalk)
main.add_command(mapping)


@main.command(
    short_help="Compile the schema (in a checkout).", epilog=examples("rdac generate", "rdac generate --check")
)
@click.option("--check", is_flag=True, help="Change nothing; fail with a diff if something is out of date.")
def generate(check: bool) -> None:
    """Compile the schema into everything that is made from it. For a checkout of the
    project, with its extra 'build'.
    """
    from rdac_validator import generate as generator

    root = Path.cwd()
    if not (root / "schema" / "rdac.yaml").is_file():
        raise click.UsageError("Run rdac generate in a checkout of the project: schema/rdac.yaml is not here.")
    if not check:
        for path in generator.write(root):
            click.echo(str(path))
        return
    diff = generator.check(root)
    click.echo(diff, nl=False)
    sys.exit(bool(diff))


@main.command(short_help="See it work on a faulty synthetic return.")
def demo() -> None:
    """Make a faulty synthetic return, check it, show the findings, say what to try
    next. Works in a temporary folder and leaves nothing behind.
    """
    from rdac_validator import commands

    click.echo(commands.demo(load()))


def start() -> None:
    """Run the command; our own fault says so and ends with 3, without a traceback.

    An interrupted run removes what it had half written and ends with 130 (Ctrl-C) or 143 (a cancelled job).
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(CANCELLED))
    try:
        sys.exit(main(standalone_mode=False))
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; nothing was left half-written.", err=True)
        sys.exit(INTERRUPTED)
    except Exception as error:  # noqa: BLE001 the last door: a traceback may hold a child's data
        click.echo(
            f"Our fault, not yours: rdac stopped on {type(error).__name__} in {_place(error)}. "
            "Please report it with the command that you gave, without any data.",
            err=True,
        )
        sys.exit(OUR_FAULT)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "an unknown place"
