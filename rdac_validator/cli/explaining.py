"""The commands ``rdac explain`` and ``rdac rules``."""

from __future__ import annotations

import click

from rdac_validator.cli.terminal import examples
from rdac_validator.findings import InputError
from rdac_validator.standard import load


@click.command(
    short_help="Say what a rule, metric, table, field or value means.",
    epilog=examples(
        "rdac explain RDAC201          a rule",
        "rdac explain M13              a metric of the data-quality report",
        "rdac explain harm_direction   a table",
        "rdac explain pattern          a field, in every table that has it",
        "rdac explain resistance       a value, in every list that has it",
        "rdac explain 3B               a CIN factor",
    ),
)
@click.argument("name", metavar="CODE|METRIC|TABLE|FIELD|VALUE")
def explain(name: str) -> None:
    """Say what a rule, metric, table, field, code list or value means, and what it rests on."""
    from rdac_validator import explanations

    found = explanations.explain(name, load())
    if not found:
        near = explanations.near(name, load())
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise click.UsageError(f"Nothing of the standard is called that.{hint}")
    click.echo("\n\n".join(found))


@click.command(
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
