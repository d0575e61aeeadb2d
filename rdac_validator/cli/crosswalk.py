"""The commands ``rdac crosswalk …``: what today's codes say in the terms of the standard, and what they cannot say."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rdac_validator.cli.terminal import EXISTING, HELP, Commands, examples, say
from rdac_validator.findings import InputError, Severity
from rdac_validator.standard import load as load_standard

if TYPE_CHECKING:
    from rdac_validator.crosswalks import Crosswalk
    from rdac_validator.crosswalks.applying import Said
    from rdac_validator.loss import Loss
    from rdac_validator.tables import Return


@click.group(cls=Commands, context_settings=HELP, short_help="Read, check and use the crosswalks.")
def crosswalk() -> None:
    """Read, check and use the crosswalks between today's codes and the standard.

    They are mapping sets in the form of SSSOM, in schema/crosswalks; rdac convert takes
    its mapping from the same files.
    """


@crosswalk.command("list", epilog=examples("rdac crosswalk list"))
def list_() -> None:
    """List the crosswalks: name, lines, what each is about."""
    from rdac_validator import crosswalks

    for name in crosswalks.names():
        found = crosswalks.load(name)
        say([f"{name}  ({len(found.matches)} lines, version {found.version})", f"  {found.title}"])


@crosswalk.command(
    short_help="Show a crosswalk line by line.",
    epilog=examples(
        "rdac crosswalk show scotland-concerns",
        "rdac crosswalk show cin-census --only AssessmentFactors",
    ),
)
@click.argument("name")
@click.option("--only", help="Lines from this element only.")
def show(name: str, only: str | None) -> None:
    """Show a crosswalk line by line: code, how well, to what, and what it cannot say."""
    found = _load(name)
    chosen = [line for line in found.matches if only in {None, line.element}]
    if not chosen:
        raise click.UsageError(f"{found.name} has no line from an element of that name.")
    say([f"{found.title}.", found.description, ""])
    for line in chosen:
        part = f" (about: {line.about.replace('_', ' ')})" if line.about else ""
        said = f"{line.status.replace('_', ' ')}: {line.term or 'nothing'}{part}"
        say([f"{line.source}  {line.label}", f"  {said}", f"    {line.comment}"])


@crosswalk.command(
    short_help="Check that crosswalks are complete and sound.",
    epilog=examples("rdac crosswalk verify", "rdac crosswalk verify cin-census my-own.sssom.tsv"),
)
@click.argument("names", nargs=-1, metavar="[NAME|FILE]...")
def verify(names: tuple[str, ...]) -> None:
    """Check crosswalks, all of them if none is named: every code of every list and
    census year has a line, exact matches agree, no line claims too much, targets
    exist, cardinalities are true. Exit codes: 0 all well, 1 problems.
    """
    from rdac_validator import crosswalks
    from rdac_validator.crosswalks import verifying

    standard, problems = load_standard(), 0
    for name in names or crosswalks.names():
        found = _load(name)
        wrong = verifying.verify(found, standard)
        spread = verifying.coverage(found, standard)
        say([f"{found.name}: {len(found.matches)} lines, {_spread(spread)}", *(f"  {problem}" for problem in wrong)])
        problems += len(wrong)
    if not names:
        wrong = list(_between())
        say([f"between crosswalks: {problem}" for problem in wrong])
        problems += len(wrong)
    click.echo(f"{problems} problems." if problems else "No problems.")
    sys.exit(bool(problems))


def _spread(found: Sequence[tuple[str, str, int, int]]) -> str:
    years = sorted({year for _, year, _, _ in found if year})
    elements = dict.fromkeys(element for element, _, _, wanted in found if wanted)
    if not elements:
        return "from a source without a code list"
    over = f", {years[0]} to {years[-1]}" if years else ""
    whole = all(lines == wanted for _, _, lines, wanted in found)
    return f"{'every code' if whole else 'not every code'} of {', '.join(elements)}{over}"


def _between() -> list[str]:
    from rdac_validator.crosswalks import load
    from rdac_validator.crosswalks.verifying import verify_chain, verify_pair

    england, scotland = load("cin-census"), load("scotland-concerns")
    there, back = load("cin-scotland"), load("scotland-cin")
    return [
        *verify_pair(there, back),
        *verify_chain(there, england, scotland),
        *verify_chain(back, scotland, england),
    ]


@crosswalk.command(
    short_help="Say what codes mean in the standard, and back.",
    epilog=examples(
        "rdac crosswalk apply cin-census 3B 18A           what codes say",
        "rdac crosswalk apply cin-census --codes codes.csv --format csv",
        "rdac crosswalk apply cin-scotland 3B             from nation to nation",
        "rdac crosswalk apply cin-census --back HarmDirection/abuse_types/economic",
        "                                                 what a return would carry",
    ),
)
@click.argument("name")
@click.argument("codes", nargs=-1, metavar="[CODE|TERM]...")
@click.option("--codes", "file", type=EXISTING, help="A CSV file with the columns code and, if you like, year.")
@click.option("--year", default="", metavar="2023-24", help="The census year of the codes.  [any]")
@click.option("--back", is_flag=True, help="From terms of the target to the codes that a return would carry.")
@click.option("--format", "form", type=click.Choice(["text", "csv"]), default="text", show_default=True)
def apply(name: str, codes: tuple[str, ...], file: Path | None, year: str, back: bool, form: str) -> None:
    """Say what codes mean in the terms of the standard, how well, and what they cannot
    say; or, with --back, which codes a return would carry for terms of the standard.

    A code may have its element before it (ReferralSource/3B), a term the part of a
    person behind it (…/dva_unspecified@parent_or_carer). A code that is not of the
    crosswalk ends with 1.
    """
    from rdac_validator.crosswalks import applying

    found, standard = _load(name), load_standard()
    if year not in {"", *standard.lists["CinCensusYear"].codes}:
        raise click.UsageError("The year is not one of 2017-18 to 2026-27.")
    wanted = [(code, year) for code in codes] + (_from_file(file, year) if file else [])
    if not wanted:
        raise click.UsageError("Give codes, or a file of them with --codes.")
    work = applying.backwards if back else applying.forwards
    _print_said(work(found, standard, wanted), form)
    strange = [] if back else [str(n) for n, (code, _) in enumerate(wanted, 1) if not applying.known(found, code)]
    if strange:
        click.echo(f"Not of {found.name}, by position: {', '.join(strange[:20])}{' …' * (len(strange) > 20)}", err=True)
    sys.exit(bool(strange))


def _from_file(file: Path, year: str) -> list[tuple[str, str]]:
    try:
        rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig", errors="replace")))
        if "code" not in (rows.fieldnames or ()):
            raise InputError(f"{file.name} has no column called code")
        return [(row["code"], row.get("year") or year) for row in rows if row["code"]]
    except (OSError, csv.Error):
        raise InputError(f"{file.name} cannot be read as a CSV file") from None


def _print_said(found: Sequence[Said], form: str) -> None:
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("source", "year", "target", "status", "note"))
        writer.writerows((one.source, one.year, one.target, one.status.value, one.note) for one in found)
        click.echo(out.getvalue(), nl=False)
        return
    for one in found:
        when = f" ({one.year})" if one.year else ""
        status = one.status.replace("_", " ")
        say([f"{one.source}{when} → {one.target or 'nothing'}: {status}", f"    {one.note}"])


@crosswalk.command(
    short_help="Count what your file says of the core answers.",
    epilog=examples(
        "rdac crosswalk loss census.xml",
        "rdac crosswalk loss return/ --format json",
    ),
)
@click.argument("source", type=EXISTING, metavar="CENSUS|RETURN")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def loss(source: Path, form: str) -> None:
    """Count what your own file says of the core answers: exactly, broadly, ambiguously
    or not at all, for each answer and for the rows on domestic abuse.

    Reads a CIN census file or a return. Prints counts, small ones too, and never an id:
    the output is for you, not for publication. What could not be read is told, not
    counted, and ends the command with 1.
    """
    from rdac_validator import formats
    from rdac_validator import loss as losses
    from rdac_validator.formats import cin_xml

    census = formats.is_census(source)
    with formats.steady(source):
        given = (cin_xml if census else formats).read(source, load_standard())
        found = _loss(given, census)
    if form == "json":
        click.echo(json.dumps(asdict(found), indent=2))
    else:
        say(found.number)
        click.echo("\n".join(losses.lines(found)))
    sys.exit(_unread(given))


def _loss(given: Return, census: bool) -> Loss:
    from rdac_validator import loss

    standard, england, scotland = load_standard(), _load("cin-census"), _load("scotland-concerns")
    if census:
        return loss.of_census(given, standard, england)
    beside = (("a census of some year", england), ("a Scottish return of concerns", scotland))
    return loss.of_return(given, standard, beside)


def _unread(given: Return) -> int:
    """Tell what is wrong with the files themselves, beside the counts: 1 if there is any such thing."""
    from rdac_validator.reports import text

    unread = [group for group in given.groups if group.severity is Severity.ERROR]
    if unread:
        told = text.findings(unread, {info.code: info for info in given.looked_for}, everything=False)
        click.echo(f"\nThe counts are not of the whole file, for it has faults:\n\n{told}", err=True)
    return int(bool(unread))


def _load(name: str) -> Crosswalk:
    from rdac_validator import crosswalks

    path = Path(name)
    if name in crosswalks.names():
        return crosswalks.load(name)
    if path.name.endswith(".sssom.tsv") and path.is_file():
        return crosswalks.load(path)
    raise InputError(f"No crosswalk has that name: there are {', '.join(crosswalks.names())}")
