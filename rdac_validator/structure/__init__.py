"""Structure: what the schema declares, checked on the text of a return."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdac_validator.structure.engine import Maker

# the engines by the names that users give them, and what a report says of each; the first is the default
ENGINES = {
    "pandera": "pandera",
    "frictionless": "frictionless",
    "both": "pandera and frictionless, each cell compared",
}


def engine_called(name: str) -> Maker:
    """The engine that a user names; only that one is imported."""
    if name == "pandera":
        from rdac_validator.structure.pandera_ import Pandera

        return Pandera
    if name == "frictionless":
        from rdac_validator.structure.frictionless_ import Frictionless

        return Frictionless
    from rdac_validator.structure.both import Both

    return Both
