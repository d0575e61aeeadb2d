"""The commands ``rdac map``: draft a mapping file, hold it against an export, and make a return with it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rdac_validator.cli.terminal import EXISTING, HELP, TARGET, Commands, examples, say
from rdac_validator.standard import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdac_validator.findings import Group

MANY = -1


@click.group("map", cls=Commands, context_settings=HELP, short_help="Turn a case system's export into a return.")
def mapping() -> None:
    """Turn the export of a case system into a return, by a mapping file that you
    write and keep.

    A mapping file says in YAML which column fills which field and what each local
    code stands for. Nothing is dropped without a line in the mapping report.
    """


@mapping.command(
    short_help="Draft a mapping file for an export.",
    epilog=examples(
        "rdac map init children.csv assessments.csv > mapping.yaml",
        "rdac map init export.xlsx --output mapping.yaml",
    ),
)
@click.argument("export", nargs=MANY, required=True, type=EXISTING, metavar="EXPORT...")
@click.option("--output", type=TARGET, help="Write the draft to a file, which must not be there yet.")
def init(export: tuple[Path, ...], output: Path | None) -> None:
    """Look at an export and draft a mapping file for it.

    EXPORT is CSV, XLSX or Parquet files, or a folder of them. Columns are matched by
    name and codes by their words, each with how alike they are; what matches nothing
    is listed. No free text and no value of fewer than five rows is in the draft.
    """
    from rdac_validator import formats
    from rdac_validator.mapping import drafting, exports

    places = exports.places(export)
    names = drafting.input_names([place.name for place in places])
    files = {name: (place.path.name, place.sheet) for name, place in zip(names, places, strict=True)}
    with formats.steady(*export):
        tables = {name: exports.read(place, name) for name, place in zip(names, places, strict=True)}
        drafted = drafting.draft(tables, files, load())
    if output is None:
        click.echo(drafted, nl=False)
        return
    if output.exists() or output.is_symlink():
        raise click.UsageError("the draft is not written: there is such a file already; name another, or delete it")
    formats.write_file(output, drafted.encode())
    name = click.format_filename(output)
    click.echo(f"Draft written to {name}. Correct it, then: rdac map check {name} EXPORT", err=True)


@mapping.command(
    short_help="Hold a mapping against an export; write nothing.",
    epilog=examples(
        "rdac map check mapping.yaml export/",
        "rdac map check mapping.yaml export/ --show-values    codes, on your screen",
    ),
)
@click.argument("file", type=EXISTING, metavar="MAPPING")
@click.argument("export", nargs=MANY, required=True, type=EXISTING, metavar="EXPORT...")
@click.option("--show-values", is_flag=True, help="Show codes that nothing maps. Terminal only: they are cells.")
@click.option("--all", "everything", is_flag=True, help="List every row of a finding, not the first few.")
def check(file: Path, export: tuple[Path, ...], show_values: bool, everything: bool) -> None:
    """Hold a mapping against the standard and an export, and write nothing.

    Lists columns that nothing reads, codes that nothing maps, and columns of the
    standard that nothing fills, by tier. Exit codes: 0 clean, 1 findings, 2 a mapping
    or an export that cannot be used.
    """
    from rdac_validator import formats
    from rdac_validator import mapping as mappings

    if show_values and not sys.stdout.isatty():
        raise click.UsageError("--show-values is for the terminal, not for a file, pipe or CI log")
    read = mappings.read(file, load())
    with formats.steady(*export):
        checked = mappings.check(read, mappings.opened(read.inputs, export), load(), values=show_values)
    say([*checked.said, *(("", *checked.codes) if checked.codes else ())])
    sys.exit(_tell(checked.groups, everything))


@mapping.command(
    short_help="Make a return of an export.",
    epilog=examples(
        "rdac map apply mapping.yaml export/ return/ --key-file keys/2026.key",
        "rdac map apply mapping.yaml export.csv return/ --strict",
        "rdac validate return/ --profile t0",
    ),
)
@click.argument("file", type=EXISTING, metavar="MAPPING")
@click.argument("export", nargs=MANY, required=True, type=EXISTING, metavar="EXPORT...")
@click.argument("out", type=TARGET)
@click.option("--key-file", type=EXISTING, help="Key of the pseudonyms; without it a fresh one is used once, and lost.")
@click.option("--deprivation", type=EXISTING, help="The official file of IMD, IoD or SIMD, if the mapping names areas.")
@click.option("--strict", is_flag=True, help="Write nothing if there is any error among the findings; exit with 1.")
@click.option("--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
@click.option("--force", is_flag=True, help="Replace OUT if it is there.")
@click.option("--all", "everything", is_flag=True, help="List every row of a finding, not the first few.")
def apply(  # noqa: PLR0913, PLR0917 one parameter for each option
    file: Path,
    export: tuple[Path, ...],
    out: Path,
    key_file: Path | None,
    deprivation: Path | None,
    strict: bool,
    form: str,
    force: bool,
    everything: bool,
) -> None:
    """Make a return of an export, with the provenance of every coded value, and tell
    the mapping report.

    A code that the mapping does not know is a finding: nothing is written for it, and
    provenance holds the place as not derivable. Exit codes: 0 clean, 1 errors among
    the findings (the return is written all the same, unless --strict), 2 wrong use.
    """
    from rdac_validator import commands, formats, place, pseudonyms
    from rdac_validator import mapping as mappings

    read = mappings.read(file, load())
    if out.resolve() in {place.resolve() for path in export for place in (path, path.parent)}:
        raise click.UsageError("OUT is where the export is: name another folder")
    formats.may_write(out, force)
    if read.has_areas != bool(deprivation):
        raise click.UsageError(
            "a mapping that names an area needs --deprivation, and one that names none cannot use it"
        )
    lookup = place.read(deprivation) if deprivation else None
    key = pseudonyms.read_key(key_file) if key_file else pseudonyms.fresh_key()
    with formats.steady(*export):
        applied = mappings.apply(read, mappings.opened(read.inputs, export), load(), key, lookup)
    say(applied.said)
    failed = _tell(applied.groups, everything)
    if strict and failed:
        click.echo("Nothing was written: --strict, and there are findings.")
        sys.exit(1)
    formats.write(applied.tables, out, form, load(), force=force)
    say([f"{len(applied.tables)} tables written to {out}.", commands.pseudonym_note(key_file)])
    say([f"Check it: rdac validate {out} --profile {read.profile}"])
    if failed:
        say(["There are errors above: what they are about is blank or doubled in the return."])
    sys.exit(failed)


def _tell(groups: Sequence[Group], everything: bool) -> int:
    """Print findings, and give 1 if one of them is an error, else 0."""
    from rdac_validator.findings import Severity
    from rdac_validator.formats import faults
    from rdac_validator.mapping import LOOKED_FOR
    from rdac_validator.reports import text

    if groups:
        rules = {info.code: info for info in (*faults.LOOKED_FOR, *LOOKED_FOR)}
        click.echo("\n" + text.findings(groups, rules, everything) + "\n")
    return int(any(group.severity is Severity.ERROR for group in groups))
