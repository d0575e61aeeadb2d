"""Synthetic returns and census files: plausible, seeded, with known faults where they are asked for."""

from __future__ import annotations

from rdac_validator.synth.cases import make
from rdac_validator.synth.census import census
from rdac_validator.synth.faults import Answer, plant, to_json

__all__ = ["Answer", "census", "make", "plant", "to_json"]
