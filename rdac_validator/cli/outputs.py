"""Where reports go: ``--output [FORMAT=]PATH`` is read, refused before the work is done, and written whole or not."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import click

from rdac_validator import formats
from rdac_validator.findings import InputError
from rdac_validator.reports import FORMATS

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Output:
    """A report that was asked for: the name of its format, and the file; ``None`` is the standard output."""

    form: str
    path: Path | None


def parse(text: str) -> Output:
    """Read ``sarif=out.sarif``, ``report.json`` or ``csv=-``; the ending tells the format that is left out.

    Raises :class:`~rdac_validator.findings.InputError` where no format is named, or one that does not exist.
    """
    name, equals, rest = text.partition("=")
    # a path may hold the sign as well; before it, a word alone is meant for a format
    if equals and "/" not in name and "." not in name:
        return Output(_known(name), None if rest == STDOUT else Path(rest))
    ending = PurePosixPath(text).suffix.lower()
    found = [known for known, form in FORMATS.items() if ending in form.endings]
    if not found:
        raise InputError("the ending does not tell the format of the report: say --output FORMAT=PATH, as in json=out")
    return Output(found[0], Path(text))


def _known(name: str) -> str:
    if name not in FORMATS:
        raise InputError(f"there is no report format of that name; there are {', '.join(FORMATS)}")
    return name


def plan(texts: Sequence[str], form: str | None, source: Path) -> list[Output]:
    """All reports of a run, the one on the standard output first; refuses those that cannot or must not be written.

    ``form`` is what ``--format`` names for the standard output; without it text, or what an output ``-`` asks for.
    Raises :class:`~rdac_validator.findings.InputError`, before any work is done.
    """
    outputs = [parse(text) for text in texts]
    shown = [Output(_known(form), None)] if form else []
    shown += [output for output in outputs if output.path is None]
    if len(shown) > 1:
        raise InputError("only one report fits on the standard output: give the others a file")
    if shown and FORMATS[shown[0].form].binary and sys.stdout.isatty():
        raise InputError(f"{shown[0].form} is no text for a terminal: give it a file, as in --output report.xlsx")
    files = [output.path for output in outputs if output.path is not None]
    for path in files:
        _may_write(path, source)
    if len({path.resolve() for path in files}) < len(files):
        raise InputError("two reports would go to one file: name a file for each")
    return [*(shown or [Output("text", None)]), *(output for output in outputs if output.path is not None)]


def _may_write(path: Path, source: Path) -> None:
    """Refuse a report that would fall upon the return or could not be written."""
    folder = path.absolute().parent
    if not folder.is_dir() or not path.name or (path.exists() and not path.is_file()):
        raise InputError("a report needs the name of a file in a folder that is there")
    if path.resolve() == source.resolve() or (source.is_dir() and folder.resolve().is_relative_to(source.resolve())):
        raise InputError("a report would fall upon the return or lie in its folder: name a place outside")


def put(rendered: str | bytes, output: Output) -> None:
    """Print a report, or write it to its file whole: a run that is interrupted leaves the file as it was."""
    # what no encoding can hold, half a surrogate pair, is written out
    data = rendered if isinstance(rendered, bytes) else rendered.encode(errors="backslashreplace")
    if output.path is None:
        click.echo(data, nl=False)
        return
    try:
        kept = output.path.read_bytes() if FORMATS[output.form].appended and output.path.exists() else b""
    except OSError as refusal:
        raise InputError(f"the report cannot be added to: {refusal.strerror}") from refusal
    formats.write_file(output.path, kept + data)
    click.echo(f"Report written to {click.format_filename(output.path)}.", err=True)


def in_checkout(source: Path) -> str:
    """The path of a return from the root of the git checkout that it lies in, a folder's with ``/``; else nothing.

    There everybody who may see the build knows the path. Elsewhere a folder's name may say whom it is about.
    """
    whole = source.resolve()
    for root in _above(whole):
        if (root / ".git").exists():
            path = whole.relative_to(root).as_posix()
            return "" if path == "." else path + "/" * whole.is_dir()
    return ""


def _above(path: Path) -> Iterator[Path]:
    yield path
    yield from path.parents
