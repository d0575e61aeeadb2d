"""The command reference, from the help texts themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

import click

from rdac_validator.cli import main
from rdac_validator.generate import markdown as md
from rdac_validator.generate.model import Model

WIDTH = 100


def texts(_model: Model) -> Mapping[str, str]:
    """Give the one page."""
    # the settings of the group too: click keeps the help option that the first context asked for
    settings = {**main.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    root = click.Context(main, info_name="rdac", **settings)
    helps = _helps("rdac", main, root, settings)
    sections = (f"## {name}\n\n```text\n{_trimmed(text)}\n```" for name, text in helps)
    return {"docs/commands.md": md.page("Commands", "the help texts of rdac_validator/cli", *sections)}


def _helps(
    path: str, command: click.Command, context: click.Context, settings: MutableMapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Give the help of a command and, if it is a group, of those in it."""
    yield path, command.get_help(context)
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _helps(f"{path} {name}", inner, click.Context(inner, context, name, **settings), settings)


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())
