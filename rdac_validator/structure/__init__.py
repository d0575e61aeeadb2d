"""Structure: what the schema declares, checked on the text of a return."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdac_validator.structure.engine import Maker

ENGINES = ("pandera", "frictionless", "both")


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
