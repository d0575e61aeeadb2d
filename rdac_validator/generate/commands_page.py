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
    root = click.Context(main, info_name="rdac", terminal_width=WIDTH, max_content_width=WIDTH)
    helps = {"rdac": main.get_help(root)}
    for name, command in main.commands.items():
        context = click.Context(command, parent=root, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
        helps[f"rdac {name}"] = command.get_help(context)
    sections = (f"## {name}\n\n```text\n{_trimmed(text)}\n```" for name, text in helps.items())
    return {"docs/commands.md": md.page("Commands", "the help texts of rdac_validator/cli.py", *sections)}


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())
