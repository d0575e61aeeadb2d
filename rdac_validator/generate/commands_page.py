"""The command reference, from the help texts themselves."""

from __future__ import annotations

from collections.abc import Mapping

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
    helps = {"rdac": main.get_help(root)}
    for name, command in main.commands.items():
        helps[f"rdac {name}"] = command.get_help(click.Context(command, root, name, **settings))
    sections = (f"## {name}\n\n```text\n{_trimmed(text)}\n```" for name, text in helps.items())
    return {"docs/commands.md": md.page("Commands", "the help texts of rdac_validator/cli.py", *sections)}


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())
