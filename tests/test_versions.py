"""Two versions of the standard: each kind of change has its level, and the working tree keeps to the last release."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from rdac_validator import versions
from rdac_validator.cli import main
from rdac_validator.findings import InputError
from rdac_validator.standard import CodeList, Column, Standard, Table, Value, load, schema_folder
from rdac_validator.versions import Level, changes
from rdac_validator.versions.levels import FIELDS, INSIDE, NOTES

NOW: dict[str, Any] = dict(versions.document(versions.CURRENT))
# a released version never changes: what it promised is what it promised
RELEASED = {"0.1.0": "fccc24cc1131970477fe35e5c16ed8b3c63a2459e4dfb99c91d2da2a91d52762"}
Edit = Callable[[dict[str, Any]], object]


def edited(edit: Edit) -> dict[str, Any]:
    """The standard as it is, changed."""
    new = copy.deepcopy(NOW)
    edit(new)
    return new


def level_of(edit: Edit) -> set[Level]:
    return {change.level for change in changes(NOW, edited(edit))}


def table(document: dict[str, Any], name: str = "harm_direction") -> dict[str, Any]:
    found: dict[str, Any] = next(t for t in (*document["tables"], *document["source_tables"]) if t["name"] == name)
    return found


def column(document: dict[str, Any], name: str = "pattern", of: str = "harm_direction") -> dict[str, Any]:
    found: dict[str, Any] = next(c for c in table(document, of)["columns"] if c["name"] == name)
    return found


def codes(document: dict[str, Any], name: str = "CinFactor") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document["lists"][name]["values"]
    return found


@pytest.mark.parametrize("version", versions.released())
def test_a_released_version_is_never_touched(version: str) -> None:
    text = (schema_folder() / "released" / f"standard-{version}.json").read_bytes()
    assert hashlib.sha256(text).hexdigest() == RELEASED[version]


def test_the_working_tree_raises_its_version_as_its_changes_since_the_last_release_ask() -> None:
    last = versions.document(versions.released()[-1])
    found = changes(last, NOW)
    assert versions.enough(last, NOW, found), versions.to_markdown(last, NOW, found)


@pytest.mark.parametrize(
    ("kind", "cls"),
    [("standard", Standard), ("table", Table), ("column", Column), ("list", CodeList), ("value", Value)],
)
def test_every_field_of_the_standard_has_a_level(kind: str, cls: type[Standard]) -> None:
    known = {*INSIDE[kind], *FIELDS[kind]}
    assert {field.name for field in fields(cls)} <= known


def parts() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "standard", NOW
    for one in (*NOW["tables"], *NOW["source_tables"]):
        yield "table", one
        yield from (("column", item) for item in one["columns"])
    for name, one in NOW["lists"].items():
        yield "list", one | {"name": name}
        yield from (("value", item) for item in one["values"])


def test_every_field_and_every_note_of_the_compiled_standard_has_a_level() -> None:
    unknown = {(kind, name) for kind, item in parts() for name in item if name not in {*INSIDE[kind], *FIELDS[kind]}}
    unknown |= {(kind, name) for kind, item in parts() for name in item.get("notes", ()) if name not in NOTES[kind]}
    assert unknown == set()


@pytest.mark.parametrize(
    ("what", "edit", "level"),
    [
        ("nothing", lambda _: None, set()),
        ("another order", lambda d: d["tables"].reverse(), set()),
        ("a table lost", lambda d: d["tables"].pop(), {Level.BREAKING}),
        ("a column lost", lambda d: table(d)["columns"].pop(), {Level.BREAKING}),
        ("a list lost", lambda d: d["lists"].pop("CinFactor"), {Level.BREAKING}),
        ("a code lost", lambda d: codes(d).pop(), {Level.BREAKING}),
        ("a code added", lambda d: codes(d).append(codes(d)[0] | {"code": "99Z"}), {Level.COMPATIBLE}),
        ("another title", lambda d: codes(d)[0].update(title="Other"), {Level.COMPATIBLE}),
        ("a code retired", lambda d: codes(d)[0]["notes"].update(last_year="2026-27"), {Level.DEPRECATING}),
        ("a code back again", lambda d: _retired(d)["notes"].pop("last_year"), {Level.COMPATIBLE}),
        ("a code later in use", lambda d: _dated(d)["notes"].update(first_year="2026-27"), {Level.BREAKING}),
        ("a code sooner in use", lambda d: _dated(d)["notes"].update(first_year="2000-01"), {Level.COMPATIBLE}),
        ("a code no longer about abuse", lambda d: _marked(d)["notes"].pop("dva"), {Level.BREAKING}),
        ("a list off a column", lambda d: column(d)["lists"].clear(), {Level.BREAKING}),
        ("a list more", lambda d: column(d)["lists"].append("Nation"), {Level.COMPATIBLE}),
        ("another list", lambda d: column(d).update(lists=["Nation"]), {Level.BREAKING}),
        ("the first list", lambda d: column(d, "harm_id").update(lists=["Nation"]), {Level.BREAKING}),
        ("a pattern lost", lambda d: column(d, "harm_id").update(pattern=""), {Level.BREAKING}),
        ("a pattern loosened", lambda d: column(d, "harm_id").update(pattern="^.*$"), {Level.BREAKING}),
        ("a key lost", lambda d: table(d)["key"].clear(), {Level.BREAKING}),
        ("a reference lost", lambda d: column(d, "assessment_id").update(references=""), {Level.BREAKING}),
        ("no longer required", lambda d: column(d, "harm_id").update(required=False), {Level.BREAKING}),
        ("no longer coded", lambda d: column(d).update(coded=False), {Level.BREAKING}),
        ("one choice only", lambda d: column(d, "abuse_types").update(multiple=False), {Level.BREAKING}),
        ("another type", lambda d: column(d).update(type="string"), {Level.BREAKING}),
        ("a bound lost", lambda d: _bounded(d).update(minimum=None), {Level.BREAKING}),
        ("a bound of nought", lambda d: _bounded(d).update(minimum=0), {Level.BREAKING}),
        ("asked of all", lambda d: column(d, "first_known_year").update(tier="T0"), {Level.BREAKING}),
        ("asked of fewer", lambda d: column(d).update(tier="T2"), {Level.DEPRECATING}),
        ("derived now", lambda d: column(d).update(derived=True), {Level.DEPRECATING}),
        ("optional now", lambda d: table(d).update(optional=True), {Level.DEPRECATING}),
        ("another privacy class", lambda d: column(d).update(privacy="publishable"), {Level.BREAKING}),
        ("a column of T0 more", lambda d: _more(d, tier="T0", required=False), {Level.BREAKING}),
        ("a column of T2 more", lambda d: _more(d, tier="T2", required=False), {Level.COMPATIBLE}),
        ("a required column of T2 more", lambda d: _more(d, tier="T2", required=True), {Level.BREAKING}),
        ("a table asked for more", lambda d: d["tables"].append(table(d) | {"name": "more"}), {Level.BREAKING}),
        (
            "an optional table more",
            lambda d: d["tables"].append(table(d) | {"name": "more", "optional": True}),
            {Level.COMPATIBLE},
        ),
    ],
    ids=lambda item: item.replace(" ", "-") if isinstance(item, str) else "",
)
def test_the_level_of(what: str, edit: Edit, level: set[Level]) -> None:
    assert level_of(edit) == level, what


def _retired(document: dict[str, Any]) -> dict[str, Any]:
    return next(value for value in codes(document) if "last_year" in value["notes"])


def _dated(document: dict[str, Any]) -> dict[str, Any]:
    return next(value for value in codes(document) if "first_year" in value["notes"])


def _marked(document: dict[str, Any]) -> dict[str, Any]:
    return next(value for value in codes(document) if "dva" in value["notes"])


def _bounded(document: dict[str, Any]) -> dict[str, Any]:
    return next(c for t in document["tables"] for c in t["columns"] if c["minimum"] is not None)


def _more(document: dict[str, Any], **said: object) -> None:
    table(document)["columns"].append(column(document) | {"name": "more", "derived": False, **said})


PLACES = [
    (kind, one["name"], item["name"], name)
    for kind in ("tables", "source_tables")
    for one in NOW[kind]
    for item in one["columns"]
    for name in FIELDS["column"]
]
OTHER: dict[type, Callable[[Any], object]] = {
    bool: lambda given: not given,
    str: lambda given: given + "x",
    list: lambda given: [*given, "x"],
}


@given(st.sampled_from(PLACES))
def test_a_change_of_any_field_of_any_column_is_found_there_and_nowhere_else(place: tuple[str, str, str, str]) -> None:
    kind, of, name, field = place
    one = column(NOW, name, of)
    before = one[field]
    other = {"tier": "T2" if before != "T2" else "T1", "type": "other"}.get(field)
    after = other or (7_777 if before is None or type(before) is int else OTHER[type(before)](before))
    new = {**NOW, kind: [t if t["name"] != of else {**t, "columns": _with(t, name, field, after)} for t in NOW[kind]]}
    (found,) = changes(NOW, new)
    assert (found.where, found.what.split()[0]) == (f"{of}.{name}", field)
    assert changes(new, NOW)[0].where == found.where


def _with(of: dict[str, Any], name: str, field: str, value: object) -> list[dict[str, Any]]:
    return [c if c["name"] != name else c | {field: value} for c in of["columns"]]


def test_a_field_that_a_version_does_not_have_yet_says_nothing() -> None:
    without = edited(lambda d: [c.pop("derived") for t in d["tables"] for c in t["columns"]])
    assert {change.what.split()[0] for change in changes(without, NOW)} == {"derived"}
    assert all(change.after is True for change in changes(without, NOW))


def test_a_field_that_rdac_does_not_know_is_told_and_never_passed_over() -> None:
    with pytest.raises(InputError, match="units at harm_direction"):
        changes(NOW, edited(lambda d: column(d).update(units="days")))


@pytest.mark.parametrize(
    ("old", "edit", "asks"),
    [
        ("0.1.0", lambda _: None, "0.1.0"),
        ("0.1.0", lambda d: codes(d)[0].update(title="Other"), "0.1.0"),
        ("0.1.0", lambda d: column(d).update(derived=True), "0.2.0"),
        ("0.1.0", lambda d: codes(d).pop(), "0.2.0"),
        ("1.4.2", lambda d: column(d).update(derived=True), "1.5.0"),
        ("1.4.2", lambda d: codes(d).pop(), "2.0.0"),
    ],
)
def test_the_version_that_changes_ask_for(old: str, edit: Edit, asks: str) -> None:
    new = edited(edit)
    assert versions.asks_for(old, changes(NOW, new)) == asks
    for version, right in (("0.1.0", asks == "0.1.0"), (asks, True), ("10.0.0", True)):
        assert versions.enough(NOW | {"version": old}, new | {"version": version}, changes(NOW, new)) is right


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["diff", *map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output


def test_the_command_writes_the_migration_table_and_fails_where_the_number_is_too_low(tmp_path: Path) -> None:
    lost, raised = tmp_path / "lost.json", tmp_path / "raised.json"
    new = edited(lambda d: d["lists"].pop("CinFactor"))
    lost.write_text(json.dumps(new))
    raised.write_text(json.dumps(new | {"version": "0.2.0"}))
    old = schema_folder() / "generated" / "standard.json"
    code, text = run(old, lost)
    assert code == 1
    assert "| `CinFactor` | list removed |" in text and "0.1.0 is too low" in text
    assert run(old, raised)[0] == 0
    told = json.loads(run(old, lost, "--format", "json")[1])
    assert told["summary"] == {"compatible": 0, "deprecating": 0, "breaking": 1} and told["enough"] is False


def test_a_released_version_goes_by_its_number_and_the_new_one_may_be_left_out() -> None:
    last = versions.released()[-1]
    assert run(last)[0] == 0
    assert run(last)[1].startswith(f"# From {last} to {load().version}")


@pytest.mark.parametrize("text", ["", "[]", '{"version": "0.1.0"}'])
def test_what_is_no_standard_is_told_in_one_message(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.json"
    file.write_text(text)
    for name in (file, "9.9.9"):
        code, output = run(name)
        assert code == 2 and "standard" in output and "Traceback" not in output
