"""The command ``rdac``. Each command reads its options, calls one deep module and prints. Heavy imports wait.

Exit codes: 0 clean, 1 findings at or above ``--fail-on``, 2 wrong use or nothing to read, 3 our own fault; 130 and 143
interrupted, 141 where nobody reads the output to the end.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from pathlib import Path

import click

from rdac_validator import __version__
from rdac_validator.cli.checking import validate
from rdac_validator.cli.comparing import compare
from rdac_validator.cli.crosswalk import crosswalk
from rdac_validator.cli.explaining import explain, rules
from rdac_validator.cli.making import convert, demo, synth, template
from rdac_validator.cli.mapping import mapping
from rdac_validator.cli.reporting import report
from rdac_validator.cli.standard import conformance, diff
from rdac_validator.cli.terminal import HELP, Commands, examples

# as a shell tells of a program whose reader went away: 1 would say findings, and 0 that there are none
UNREAD = 141
OUR_FAULT, INTERRUPTED, CANCELLED = 3, 130, 143
# a cancelled job, and a terminal that was closed, where the system has such a thing
STOPS = {"SIGTERM", "SIGHUP"}
# with these polars tells each step on the standard error stream, and in it the names of the files that it reads
TALKATIVE = ("POLARS_VERBOSE", "POLARS_VERBOSE_SENSITIVE")


@click.group(cls=Commands, context_settings=HELP)
@click.version_option(__version__, prog_name="rdac")
def main() -> None:
    """Check, convert and explain data on domestic violence and abuse in children's
    social care, against a proposed standard for England and Scotland.

    Start with: rdac demo. No value of a record is ever printed unless you ask for it
    on the terminal, and nothing is ever sent over a network.
    """


for command in (
    validate,
    compare,
    convert,
    report,
    explain,
    rules,
    template,
    synth,
    crosswalk,
    mapping,
    diff,
    conformance,
):
    main.add_command(command)


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


main.add_command(demo)


def start() -> None:
    """Run the command; our own fault says so and ends with 3, without a traceback.

    An interrupted run removes what it had half written and ends with 130 (Ctrl-C) or 143 (a cancelled job); one whose
    output nobody reads to the end, as with ``| head``, with 141.
    """
    for name in STOPS & {*signal.Signals.__members__}:
        signal.signal(signal.Signals[name], lambda *_: sys.exit(CANCELLED))
    for name in TALKATIVE:
        os.environ.pop(name, None)
    # what Python cannot raise, an interruption within an import, it would print with its traceback
    sys.unraisablehook = lambda _: None
    try:
        _run()
    except BrokenPipeError:
        # what could not be printed is not tried again at the end
        sys.stdout = sys.stderr = None
        sys.exit(UNREAD)


def _run() -> None:
    printed = sys.stdout
    try:
        try:
            sys.exit(main(standalone_mode=False))
        finally:
            # click puts another stream there only where a pipe is closed, and ends with 1
            if sys.stdout is not printed:
                raise BrokenPipeError
            sys.stdout.flush()
    except click.ClickException as wrong:
        said = io.StringIO()
        wrong.show(said)
        click.echo(_plain(said.getvalue()), nl=False, err=True)
        sys.exit(wrong.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; nothing was left half-written.", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        raise
    except OSError as refusal:
        click.echo(f"The system refused to read or write: {refusal.strerror}.", err=True)
        sys.stdout = None
        sys.exit(2)
    except Exception as error:  # noqa: BLE001 the last door: a traceback may hold a child's data
        click.echo(
            f"Our fault, not yours: rdac stopped on {type(error).__name__} in {_place(error)}. "
            "Please report it with the command that you gave, without any data.",
            err=True,
        )
        sys.exit(OUR_FAULT)


def _plain(message: str) -> str:
    """A message that repeats what was typed, a file name with line ends or escapes perhaps, for a terminal or a log."""
    from rdac_validator.reports.text import printable

    return "\n".join(printable(line) for line in message.split("\n"))


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "an unknown place"
