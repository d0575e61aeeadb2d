"""One measured process: does one thing and prints what it found as JSON. Started by :mod:`benchmarks.run`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a floor imports polars alone
    import polars as pl


def floor_csv(folder: Path) -> object:
    """The bare parse: polars reads every cell of the file as text, once."""
    import polars as pl

    frame = pl.scan_csv(folder / "harm_direction.csv", infer_schema=False)
    return frame.select(pl.all().str.len_bytes().sum()).collect(engine="streaming").width


def check_csv(folder: Path) -> object:
    """Read, check everything that concerns the table and its reference, write the JSON report; what was found."""
    from benchmarks.wide import TABLE, row_rules, standard
    from rdac_validator import formats
    from rdac_validator.check import check
    from rdac_validator.reports import json_

    given, rules = standard(), row_rules()
    report = check(formats.read(folder, given), given, profile="extended", rules=rules)
    (folder / "report.json").write_text(json_.render(report), encoding="utf-8")
    found = sorted((finding.code, finding.row) for finding in report.findings() if finding.table == TABLE)
    outcomes = {str(run.outcome) for run in report.runs}
    return {"rules": len(rules), "kinds": len(report.rules) - len(rules), "found": found, "outcomes": sorted(outcomes)}


# the eleven row rules, as near as a formula of frictionless comes to them
STRANGLED = "(strangulation == 'yes' or strangulation == 'suspected')"
UNMET = "(presence_in_assessment == 'described_only' or presence_in_assessment == 'absent')"
LEVEL = "(risk_level == 'standard' or risk_level == 'medium' or risk_level == 'high')"
FORMULAS = (
    "person_causing_id != person_experiencing_id",
    f"not ({STRANGLED} and severity == 'standard')",
    f"not ({STRANGLED} and risk_tool == 'none_used')",
    f"not ({LEVEL} and risk_tool == 'none_used')",
    "not (abuse_types == 'controlling_or_coercive' and control_behaviours == 'none_identified')",
    f"not (pattern == 'repeated_no_control_found' and ({STRANGLED} or risk_level == 'high'))",
    "not (presence_in_assessment == 'spoken_to' and absence_reason == 'not_attempted')",
    f"not ({UNMET} and absence_reason == 'not_applicable')",
    "not (absence_reason == 'language_barrier' and interpreter == 'not_needed')",
    "not (risk_level == 'not_applicable' and risk_tool == 'dash_2009')",
    "not (interpreter == 'not_applicable' and presence_in_assessment == 'spoken_to')",
)


def _described(name: str, key: tuple[str, ...], fields: list[Any]) -> dict[str, Any]:
    schema = {"fields": fields, "missingValues": [""], "primaryKey": list(key)}
    return {"name": name, "path": f"{name}.csv", "schema": schema}


def check_frictionless(folder: Path) -> object:
    """The same tables through frictionless, from the fields of the data package that the standard generates.

    With both keys, both references and a formula for each row rule; of the safety kinds it is asked for none.
    """
    import frictionless

    from benchmarks.wide import standard
    from rdac_validator.standard import schema_folder

    package = json.loads((schema_folder() / "generated" / "datapackage.json").read_text(encoding="utf-8"))
    fields = {field["name"]: field for resource in package["resources"] for field in resource["schema"]["fields"]}
    person, wide = (
        _described(table.name, table.key, [fields[name] for name in table.names]) for table in standard().tables
    )
    to = {"resource": "person", "fields": ["person_id"]}
    references = ("person_causing_id", "person_experiencing_id")
    wide["schema"]["foreignKeys"] = [{"fields": [name], "reference": to} for name in references]
    asked = frictionless.Checklist.from_descriptor(
        {"checks": [{"type": "row-constraint", "formula": formula} for formula in FORMULAS]}
    )
    given = frictionless.Package.from_descriptor({"resources": [person, wide]}, basepath=str(folder))
    report = given.get_resource(wide["name"]).validate(asked, limit_errors=10_000_000)
    errors = [(task.name, error.type) for task in report.tasks for error in task.errors]
    return {"wide": sum(name == wide["name"] for name, _ in errors), "kinds": sorted({kind for _, kind in errors})}


def floor_xml(file: Path) -> object:
    """Bare expat: the whole file, with handlers that do nothing."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _name, _attributes: None
    parser.EndElementHandler = lambda _name: None
    parser.CharacterDataHandler = lambda _text: None
    with file.open("rb") as stream:
        parser.ParseFile(stream)
    return parser.CurrentLineNumber


def convert_xml(file: Path) -> object:
    """Read a census, run the intake checks, convert it, write the return and check it at t0."""
    from rdac_validator import commands
    from rdac_validator.standard import load

    key = file.with_suffix(".key")
    key.write_bytes(b"a key for benchmarks only")
    report, said = commands.convert(file, file.parent / "out", load(), key_file=key, form="csv", force=True)
    return {"said": said[0], "findings": sum(1 for _ in report.findings())}


def write_wide(folder: Path) -> object:
    """Write the wide table and its people; the planted faults."""
    from benchmarks.wide import write

    return write(folder, int(sys.argv[3]))


def write_export(folder: Path) -> object:
    """Write the long export; its rows in all files."""
    from benchmarks.exports import write

    return write("long", int(sys.argv[3]), folder)


def floor_export(folder: Path) -> object:
    """The bare parse of every file of an export: polars reads every cell as text, once."""
    import polars as pl

    for file in sorted(folder.glob("*.csv")):
        frame = pl.scan_csv(file, infer_schema=False)
        frame.select(pl.all().str.len_bytes().sum()).collect(engine="streaming")
    return None


def floor_parquet(folder: Path) -> object:
    """The bare reading of every Parquet file of a return: every cell is decoded, once."""
    import polars as pl

    for file in sorted(folder.glob("*.parquet")):
        pl.scan_parquet(file).select(pl.all().drop_nulls().len()).collect(engine="streaming")
    return None


def write_return(folder: Path) -> object:
    """Write a full return of at least so many assessments, in a form; the rows of each table."""
    from benchmarks.report import write

    return write(folder, int(sys.argv[3]), sys.argv[4])


def map_export(folder: Path) -> object:
    """Map the long export with the mapping of the examples, and work out every cell of the return; its rows."""
    import polars as pl

    made = pl.collect_all(list(_mapped(folder).values()), engine="streaming")
    return sum(table.height for table in made)


def map_and_write(folder: Path) -> object:
    """Map the long export, and write the return with its provenance."""
    from rdac_validator import formats
    from rdac_validator.standard import load

    formats.write(_mapped(folder), folder.with_name("return"), "csv", load(), force=True)
    return None


def _mapped(folder: Path) -> Mapping[str, pl.LazyFrame]:
    from rdac_validator import mapping
    from rdac_validator.standard import load

    example = Path(__file__).parent.parent / "examples" / "exports" / "long" / "mapping.yaml"
    read = mapping.read(example, load())
    return mapping.apply(read, mapping.opened(read.inputs, [folder]), load(), b"a key for benchmarks only").tables


WORK = {
    work.__name__: work
    for work in (
        floor_csv,
        check_csv,
        check_frictionless,
        floor_xml,
        convert_xml,
        write_wide,
        write_export,
        floor_export,
        map_export,
        map_and_write,
        floor_parquet,
        write_return,
    )
}

if __name__ == "__main__":
    json.dump(WORK[sys.argv[1]](Path(sys.argv[2])), sys.stdout)
