"""The command ``rdac compare``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rdac_validator.cli.terminal import EXISTING, FAIL_ON, NEVER, examples
from rdac_validator.findings import Severity


@click.command(
    short_help="Compare two reports: fail on new findings only.",
    epilog=examples(
        "rdac validate return/ --fail-on never --output json=new.json",
        "rdac compare baseline.json new.json",
        "rdac compare baseline.json new.json --fail-on warning",
    ),
)
@click.argument("old", type=EXISTING)
@click.argument("new", type=EXISTING)
@click.option(
    "--fail-on",
    type=FAIL_ON,
    default=str(Severity.ERROR),
    show_default=True,
    help="Exit with 1 at new findings of this severity or worse.",
)
def compare(old: Path, new: Path, fail_on: str) -> None:
    """Say which findings of the JSON report NEW are not in the JSON report OLD, which
    are gone, and which rules no longer run.

    Findings are compared by code, table, columns and message, and by number, because
    rows move from export to export: one that went hides another of its kind that
    came. Exit codes: 0 nothing new, 1 new findings or a rule that no longer runs, 2
    a file that is no report.
    """
    from rdac_validator import compare as comparing

    found = comparing.compare(comparing.read(old), comparing.read(new))
    click.echo(comparing.render(found), nl=False)
    sys.exit(found.exit_code(None if fail_on == NEVER else Severity(fail_on)))
