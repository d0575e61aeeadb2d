"""What every artefact is made from: the compiled standard, the sources, the traceability matrix, the rules."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from rdac_validator.findings import RuleInfo
from rdac_validator.generate.compiling import Json, compile_schema
from rdac_validator.standard import Standard, from_json

OURS = "RDAC"


@dataclass(frozen=True)
class Model:
    """The schema folder of a checkout, read once."""

    schema: Path

    @cached_property
    def document(self) -> Json:
        """What ``standard.json`` holds."""
        return compile_schema(self.schema)

    @cached_property
    def standard(self) -> Standard:
        """The same as objects."""
        return from_json(self.document)

    @cached_property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """Every document cited, by key."""
        sources: Mapping[str, Mapping[str, Any]] = yaml.safe_load((self.schema / "sources.yaml").read_text("utf-8"))
        return sources

    @cached_property
    def traceability(self) -> tuple[Mapping[str, str], ...]:
        """The rows of the traceability matrix: one a finding of the research."""
        with (self.schema / "traceability.csv").open(encoding="utf-8", newline="") as file:
            return tuple(csv.DictReader(file))

    @cached_property
    def rules(self) -> tuple[RuleInfo, ...]:
        """Everything that can be found: faults of reading, structural kinds, rules, the rules of the CIN census."""
        from rdac_validator import explanations  # rules read standard.json when imported

        return tuple(sorted(explanations.rules(), key=by_code))


def by_code(info: RuleInfo) -> tuple[bool, int, str]:
    """Order rules: our own first, then the Department's by number."""
    number = "".join(sign for sign in info.code if sign.isdigit())
    return (not info.code.startswith(OURS), int(number or 0), info.code)


def json_text(document: object) -> str:
    """JSON as it is committed: two spaces, the order of the document, a line feed at the end."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
