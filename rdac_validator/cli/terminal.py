"""What the commands share: how they are listed, how wrong use ends, how a help text gives examples, how we speak."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from rdac_validator.findings import InputError, Severity


class Existing(click.Path):
    """A file or a folder that is there: a pipe or a device has no end that one could wait for."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 click's
        """The path, or wrong use."""
        path = Path(str(super().convert(value, param, ctx)))
        if not (path.is_file() or path.is_dir()):
            self.fail("this is a pipe or a device: give a file or a folder", param, ctx)
        return path


EXISTING = Existing(exists=True, path_type=Path)
TARGET = click.Path(path_type=Path)
NEVER = "never"
FAIL_ON = click.Choice([str(severity) for severity in Severity if severity is not Severity.INFO] + [NEVER])
HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


class WrongUse(click.ClickException):
    """What the user gave cannot be used, said in one message without the usage of a command that was right."""

    exit_code = 2


class Commands(click.Group):
    """The commands in the order in which people meet them; what is wrong with their input ends with 2."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; an input that cannot be used is told in one message."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            raise WrongUse(str(error)) from None

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click's signature
        """Order of definition."""
        return list(self.commands)


def examples(*lines: str) -> str:
    """The epilogue of a help text: examples, one a line, as they would be typed."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def say(sentences: Sequence[str]) -> None:
    """Print sentences, folded to the width of a terminal; one that begins indented stays so."""
    from rdac_validator.reports.text import wrapped

    for sentence in sentences:
        indent = " " * (len(sentence) - len(sentence.lstrip()))
        click.echo(wrapped(sentence.lstrip(), indent + "  ", indent))
