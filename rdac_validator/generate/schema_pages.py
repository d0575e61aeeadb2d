"""The references of the files that people write, the mapping file and the settings, each from its schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rdac_validator.generate import markdown as md
from rdac_validator.generate.model import Model

EXAMPLE = "examples/ci/rdac.toml"


def texts(model: Model) -> Mapping[str, str]:
    """Give a page for each file."""
    example = (model.schema.parent / EXAMPLE).read_text(encoding="utf-8")
    shown = f"`{EXAMPLE}`:\n\n```toml\n{example}```"
    return {
        "docs/mapping-file.md": _page(
            model, "mapping.schema.json", "[The tutorial](mapping-tutorial.md) uses its main parts."
        ),
        "docs/settings.md": _page(
            model, "settings.schema.json", "[In CI](ci.md) says how a team works with it.", shown
        ),
    }


def _page(model: Model, name: str, more: str, *parts: str) -> str:
    schema = json.loads((model.schema / name).read_text(encoding="utf-8"))
    table = _table(schema, schema) + "".join(
        f"\n\n## {part['title']}\n\n{part['description']}\n\n{_table(part, schema)}"
        for part in schema["$defs"].values()
    )
    return md.page(schema["title"], f"schema/{name}", f"{schema['description']} {more}", *parts, table)


def _table(part: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    required = part.get("required", ())
    rows = (
        (md.code(name), "yes" if name in required else "", _holds(said, schema), _resolved(said, schema)["description"])
        for name, said in part["properties"].items()
    )
    return md.table(("Setting", "Required", "Holds", "What it says"), rows)


def _resolved(said: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = said.get("$ref", "").rpartition("/")[2]
    return schema["$defs"][name] if name else said


def _holds(said: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """What a setting holds, in words."""
    return " or ".join(_kinds(said, schema))


def _kinds(said: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in said:
        title = _resolved(said, schema)["title"]
        yield f"[{title.lower()}](#{title.lower()})"
    elif "enum" in said:
        yield ", ".join(map(md.code, said["enum"]))
    elif said["type"] == "array":
        yield f"list of {_holds(said['items'], schema)}"
    elif said["type"] == "object":
        yield f"names, each with {_holds(said['additionalProperties'], schema)}"
    else:
        yield {"date": "day", "integer": "whole number"}.get(said.get("format", said["type"]), "text")
