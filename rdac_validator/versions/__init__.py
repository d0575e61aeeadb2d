"""Two versions of the standard: what changed, how much that asks of others, and the table to migrate by."""

from rdac_validator.versions.comparing import Change, changes
from rdac_validator.versions.levels import Level
from rdac_validator.versions.migration import to_json, to_markdown
from rdac_validator.versions.numbering import CURRENT, asks_for, document, enough, released

__all__ = [
    "CURRENT",
    "Change",
    "Level",
    "asks_for",
    "changes",
    "document",
    "enough",
    "released",
    "to_json",
    "to_markdown",
]
