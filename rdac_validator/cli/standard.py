"""The commands on the standard itself: ``rdac diff`` and ``rdac conformance``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rdac_validator.cli.terminal import EXISTING, examples


@click.command(
    short_help="Compare two versions of the standard.",
    epilog=examples(
        "rdac diff 0.1.0                            the released version and this one",
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


@click.command(
    short_help="Hold another tool against the conformance corpus.",
    epilog=examples(
        'rdac conformance "mytool --profile {profile} {case}"',
        'rdac conformance "mytool {case} --to {out}" --only RDAC2',
        'rdac conformance "rdac validate {case} --profile {profile} --format json"',
    ),
)
@click.argument("command")
@click.option("--corpus", "folder", type=EXISTING, help="The corpus.  [examples/ of a checkout]")
@click.option("--only", multiple=True, metavar="CODE", help="Only cases whose name or code begins so.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(["return", "census", "mapping"]),
    help="Kinds of input that the tool reads.  [return, census]",
)
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), default=60, show_default=True, help="Seconds a case."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def conformance(
    command: str, folder: Path | None, only: tuple[str, ...], kinds: tuple[str, ...], timeout: float, form: str
) -> None:
    """Run COMMAND once for each case of the conformance corpus, and say what it missed
    and what it found beyond.

    {case}, {profile} and {kind} in COMMAND stand for the input, the profile and the
    kind of a case, {out} for a file to write findings to. It prints or writes JSON:
    the report of rdac, or a list of findings with code, table, row and columns. Exit
    codes: 0 it agreed on every case, 1 it did not, 2 wrong use.
    """
    from rdac_validator import conformance as corpus

    chosen = corpus.cases(folder or corpus.corpus(), only, kinds or corpus.READ)
    results = []
    for result in corpus.run(command, chosen, timeout):
        results.append(result)
        if form == "text":
            click.echo("\n".join(corpus.lines(result)))
    click.echo(corpus.to_json(results) if form == "json" else corpus.summary(results), nl=form == "text")
    sys.exit(any(result.outcome != corpus.AGREED for result in results))
