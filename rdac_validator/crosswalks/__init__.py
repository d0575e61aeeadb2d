"""Crosswalks from the codes of today's returns: the mapping that is published in SSSOM files is the one that runs."""

from __future__ import annotations

from rdac_validator.crosswalks.reading import CENSUS, NO_TERM, Crosswalk, CrosswalkError, Match, Status, load, names

__all__ = ["CENSUS", "NO_TERM", "Crosswalk", "CrosswalkError", "Match", "Status", "load", "names"]
