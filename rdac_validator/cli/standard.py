"""The command ``rdac diff``."""

from __future__ import annotations

import sys

import click

from rdac_validator.cli.terminal import examples


@click.command(
    short_help="Compare two versions of the standard.",
    epilog=examples(
        "rdac diff 0.1.0                               the released version and this one",
        "rdac diff old/standard.json new/standard.json",
        "rdac diff 0.1.0 --format json > changes.json",
    ),
)
@click.argument("old", metavar="OLD")
@click.argument("new", default="current", metavar="[NEW]")
@click.option("--format", "form", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True)
def diff(old: str, new: str, form: str) -> None:
    """Compare two versions of the standard and write the migration table: every
    change, and whether it is compatible, deprecating or breaking.

    OLD and NEW are files standard.json, or numbers of released versions; NEW is the
    version in this rdac if left out. Exit codes: 0 the version number is raised as
    the changes ask, 1 it is too low, 2 wrong use.
    """
    from rdac_validator import versions

    before, after = versions.document(old), versions.document(new)
    found = versions.changes(before, after)
    write = {"markdown": versions.to_markdown, "json": versions.to_json}[form]
    click.echo(write(before, after, found), nl=False)
    sys.exit(not versions.enough(before, after, found))
