"""Make the examples: whole returns, and for each code a small input with that one fault and what must be found in it.

``python -m tests.corpus`` writes them, and the manifest of the conformance corpus that they are;
``tests/test_examples.py`` makes them again and compares.
"""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import xlsxwriter

from rdac_validator import conformance, formats, mapping, synth
from rdac_validator.check import check
from rdac_validator.findings import Group, Report, Severity
from rdac_validator.formats import cin_faults, cin_write
from rdac_validator.formats import faults as reading
from rdac_validator.rules import RULES
from rdac_validator.rules.cin import CIN_RULES
from rdac_validator.rules.kinds import KINDS
from rdac_validator.standard import Standard, load
from rdac_validator.synth import faults
from rdac_validator.synth.families import Families
from rdac_validator.synth.recipes import Mark, Recipe
from rdac_validator.synth.shares import Draw
from tests import corpus_census, corpus_every, corpus_files, documents

EXAMPLES = Path(__file__).parent.parent / "examples"
EXPECTED = "expected.json"
MAPPING = "mapping.yaml"
# the faulty returns and censuses; an example with a mapping file in it is of an export, which gives no report
INVALID = sorted(path for path in (EXAMPLES / "invalid").iterdir() if path.is_dir() and not (path / MAPPING).is_file())
CHILDREN = 2
SEEDS = range(1, 20_000)
Files = dict[str, bytes]
Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Example:
    """A folder of examples: its name, its files and what must be found in it, as expected.json.

    ``expected`` names the ``input`` too: one file of the folder, or blank for the folder itself.
    """

    name: str
    files: Files
    expected: dict[str, Any]

    @property
    def contents(self) -> Files:
        """Every file of the folder."""
        return self.files | {EXPECTED: (json.dumps(self.expected, indent=1) + "\n").encode()}


def said_of(folder: Path) -> dict[str, Any]:
    """What expected.json says of the example in a folder."""
    said: dict[str, Any] = json.loads((folder / EXPECTED).read_text("utf-8"))
    return said


@cache
def checked(folder: Path) -> Report:
    """The report on a faulty example at the profile that it is made for; several tests look at it."""
    said = said_of(folder)
    return report_on(folder / said["input"], said["kind"], said["profile"])


def report_on(place: Path, kind: str, profile: str) -> Report:
    """The report on a return or a census."""
    if kind == "census":
        return corpus_census.checked(place)
    return check(formats.read(place, load()), load(), profile=profile)


def classes() -> dict[str, type[Any]]:
    """The class of every code that a check can find."""
    every: tuple[type[Any], ...] = (*reading.Fault.__subclasses__(), *cin_faults.FAULTS, *KINDS, *RULES, *CIN_RULES)
    return {item.code: item for item in every}


def folder_name(code: str) -> str:
    """Code and class name, as in RDAC201-harmed-themselves."""
    words = re.findall("[A-Z][a-z]*", classes()[code].__name__)
    return "-".join([code, *(word.lower() for word in words)])


def csv(frame: pl.DataFrame) -> bytes:
    """A table as its file."""
    buffer = io.BytesIO()
    frame.with_columns(pl.all().replace("", None)).write_csv(buffer, line_terminator="\n")
    return buffer.getvalue()


def files_of(tables: Tables) -> Files:
    """Tables as a folder of CSV files."""
    return {f"{name}.csv": csv(frame) for name, frame in tables.items()}


def quiet(tables: Tables) -> bool:
    """Whether nothing at all is found in a return: no query either."""
    return not check(faults.as_return(tables), load(), profile=faults.PROFILE).groups


# The faults planted in families


def planted(code: str, seeds: Iterable[int], sure: bool = False) -> Example:
    """The example of a code with a recipe, from the first of ``seeds`` that gives a place for it in a quiet return.

    ``sure`` says that the return is known to be quiet.
    """
    book = faults.recipe_book(load()) | faults.dataset_recipes()
    for seed in seeds:
        found = _plant(book[code], seed, load())
        if found and (sure or quiet(synth.make(CHILDREN, seed, load()))):
            home, marks = found
            profile = _profile(marks)
            frames = {name: f for name, f in home.frames().items() if name in _needed(marks, profile, load())}
            numbers = home.numbers(faults.FIRST["csv"])
            told = [_told(mark, numbers[id(mark.row)], profile) for mark in marks]
            return Example(folder_name(code), files_of(frames), expected(profile, told, seed))
    raise LookupError(f"no seed gives a place for {code}")


def _plant(recipe: Recipe, seed: int, standard: Standard) -> tuple[Families, list[Mark]] | None:
    home, draw = Families(synth.make(CHILDREN, seed, standard), standard), Draw(seed)
    for case in (home.dataset,) if recipe.code in faults.dataset_recipes() else home.cases:
        planting = recipe.find(case, draw)
        marks = planting() if planting else []
        if marks and all(mark.code != "RDAC102" or _tier(mark) == "T0" for mark in marks):
            home.settle()
            return home, marks
        if marks:
            return None
    return None


def _tier(mark: Mark) -> str:
    return load().table(mark.table).column(mark.columns[0]).tier


def _profile(marks: list[Mark]) -> str:
    """The narrowest profile at which every mark is found in full."""
    lenient = any("t0" in getattr(classes()[mark.code], "lenient", {}) for mark in marks)
    return "starter" if lenient else "t0"


def _needed(marks: list[Mark], profile: str, standard: Standard) -> set[str]:
    """The tables that the profile asks for, those that the rules read, and those that they refer to."""
    wanted = {table.name for table in standard.tables if table.in_profile(profile)}
    for mark in marks:
        wanted |= {mark.table, *getattr(classes()[mark.code], "needs", {})}
    for name in sorted(wanted):
        wanted |= {column.references for column in standard.table(name).columns if column.references}
    return wanted


def _told(mark: Mark, row: int, profile: str) -> dict[str, Any]:
    kind = classes()[mark.code]
    severity = kind.lenient.get(profile, kind.severity) if hasattr(kind, "lenient") else kind.severity
    return finding(mark.code, severity, mark.table, row, mark.columns)


def finding(
    code: str, severity: Severity, table: str, row: int, columns: Iterable[str] = (), file: str | None = None
) -> dict[str, Any]:
    """One finding as expected.json lists it."""
    name = f"{table}.csv" if file is None else file
    return {"code": code, "severity": str(severity), "table": table, "file": name, "row": row, "columns": list(columns)}


def expected(
    profile: str, findings: Iterable[dict[str, Any]], seed: int, kind: str = "return", input_file: str = ""
) -> dict[str, Any]:
    """What must be found at a profile in an input of a kind: a return, a census, or a mapping with its export.

    ``seed`` is that of the return in which the fault was made; of a census, the number of the rule's bad case.
    """
    ordered = sorted(findings, key=lambda f: (f["code"], f["table"], f["row"], f["columns"]))
    return {"kind": kind, "input": input_file, "profile": profile, "seed": seed, "findings": ordered}


def told(groups: Iterable[Group]) -> list[dict[str, Any]]:
    """Findings as expected.json lists them; info only tells."""
    return [
        finding(f.code, f.severity, f.table, f.row, f.columns, f.file)
        for group in groups
        if group.severity is not Severity.INFO
        for f in group.findings()
    ]


# The faults of files, headers and whole tables

SEED = 3
Change = Callable[[Files], Files]
ERROR, WARNING = Severity.ERROR, Severity.WARNING


def clean() -> Files:
    """A small return with the tables that t0 asks for."""
    asked = {table.name for table in load().tables if table.in_profile("t0")}
    return files_of({name: frame for name, frame in synth.make(1, SEED, load()).items() if name in asked})


def lines(data: bytes) -> list[bytes]:
    """The lines of a file, with their ends."""
    return data.splitlines(keepends=True)


def in_file(name: str, change: Callable[[bytes], bytes]) -> Change:
    """Change the bytes of one file."""
    return lambda files: files | {name: change(files[name])}


def renamed(old: str, new: str) -> Change:
    """Give a file another name."""
    return lambda files: {new if name == old else name: data for name, data in files.items()}


def with_column(header: bytes, cell: bytes) -> Callable[[bytes], bytes]:
    """Add a column at the end."""

    def change(data: bytes) -> bytes:
        first, *rest = data.splitlines()
        return b"\n".join([first + b"," + header, *(line + b"," + cell for line in rest), b""])

    return change


def without_column(name: bytes) -> Callable[[bytes], bytes]:
    """Take a column away; no cell of these files is quoted."""

    def change(data: bytes) -> bytes:
        rows = [line.split(b",") for line in data.splitlines()]
        at = rows[0].index(name)
        return b"".join(b",".join(row[:at] + row[at + 1 :]) + b"\n" for row in rows)

    return change


def in_line(number: int, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Change one line, the header being line 1."""

    def whole(data: bytes) -> bytes:
        parts = lines(data)
        parts[number - 1] = change(parts[number - 1])
        return b"".join(parts)

    return whole


def swapped(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Write ``new`` for ``old``, wherever it stands."""
    return lambda data: data.replace(old, new)


BLANK = b"\n"


def _without_rows(files: Files) -> Files:
    """Every table but that of the return itself with its header line alone."""
    return {name: data.partition(b"\n")[0] + b"\n" for name, data in files.items() if name != "dataset.csv"}


PERSON, STATUS = "person.csv", "status_event.csv"
OF_A_FILE: dict[str, tuple[Change, list[dict[str, Any]]]] = {
    "RDAC002": (
        lambda files: files | {"holidays.csv": b"day\n2025-12-25\n"},
        [finding("RDAC002", WARNING, "", 0, file="folder")],
    ),
    "RDAC003": (
        lambda files: files | {"status event.csv": files[STATUS]},
        [
            finding("RDAC003", ERROR, "status_event", 0, file="folder"),
            finding("RDAC004", WARNING, "status_event", 0, file="folder"),
        ],
    ),
    "RDAC004": (renamed(PERSON, "Person.csv"), [finding("RDAC004", WARNING, "person", 0, file="folder")]),
    "RDAC011": (
        in_file("dataset.csv", lambda data: data.replace(b"synthetic", b"synth\xe9tique")),
        [finding("RDAC011", WARNING, "dataset", 2)],
    ),
    "RDAC012": (
        lambda files: files | {"kinship_arrangement.csv": b"kinship_id,child_id\n\x81\x8d,\x90\n"},
        [finding("RDAC012", ERROR, "kinship_arrangement", 2)],
    ),
    "RDAC013": (
        lambda files: files | {"kinship_arrangement.csv": b"kinship_id,child_id\n\x00,k\n"},
        [finding("RDAC013", ERROR, "kinship_arrangement", 2)],
    ),
    "RDAC014": (
        lambda files: files | {"kinship_arrangement.csv": b""},
        [finding("RDAC014", ERROR, "kinship_arrangement", 0)],
    ),
    "RDAC015": (
        lambda files: files | {"kinship_arrangement.csv": b"2025-01-01,yes\n2025-01-02,no\n"},
        [finding("RDAC015", ERROR, "kinship_arrangement", 1)],
    ),
    "RDAC016": (in_file(PERSON, swapped(b",", b";")), [finding("RDAC016", ERROR, "person", 1)]),
    "RDAC017": (
        in_file(PERSON, in_line(1, swapped(b"sex,", b" Sex ,"))),
        [finding("RDAC017", WARNING, "person", 1, ["sex"])],
    ),
    "RDAC018": (in_file(PERSON, with_column(b"sex", b"female")), [finding("RDAC018", ERROR, "person", 1, ["sex"])]),
    "RDAC019": (in_file(PERSON, with_column(b"shoe_size", b"37")), [finding("RDAC019", WARNING, "person", 1)]),
    "RDAC020": (
        lambda files: files | {"kinship_arrangement.csv": b"kinship_id,child_id\nk_0011223344556677\n"},
        [finding("RDAC020", ERROR, "kinship_arrangement", 2)],
    ),
    "RDAC021": (in_file(PERSON, in_line(2, lambda line: BLANK + line)), [finding("RDAC021", WARNING, "person", 2)]),
    "RDAC022": (
        lambda files: files | {"kinship_arrangement.csv": b'kinship_id,child_id\n"k_0011223344556677,p\n'},
        [finding("RDAC022", ERROR, "kinship_arrangement", 2)],
    ),
    "RDAC023": (
        lambda files: files | {"kinship_arrangement.txt": b"kinship_id,child_id\n"},
        [finding("RDAC023", WARNING, "", 0, file="folder")],
    ),
    "RDAC024": (
        lambda files: files | {"kinship_arangement.csv": b"kinship_id,child_id\n"},
        [finding("RDAC024", ERROR, "", 0, file="folder")],
    ),
    "RDAC376": (
        lambda files: files | _without_rows(files),
        [finding("RDAC376", ERROR, "dataset", 2, ["la_code"])],
    ),
    "RDAC113": (
        lambda files: {name: data for name, data in files.items() if name != STATUS},
        [finding("RDAC113", ERROR, "status_event", 0, file="")],
    ),
    "RDAC114": (
        in_file(PERSON, without_column(b"disability")),
        [finding("RDAC114", ERROR, "person", 0, ["disability"])],
    ),
    "RDAC901": (
        in_file(PERSON, with_column(b"surname", b"")),
        [finding("RDAC019", WARNING, "person", 1), finding("RDAC901", ERROR, "person", 0)],
    ),
    "RDAC904": (
        in_file(PERSON, with_column(b"notes", b"")),
        [finding("RDAC019", WARNING, "person", 1), finding("RDAC904", ERROR, "person", 0)],
    ),
}


def of_a_file(code: str) -> Example:
    """The example of a fault of a file, a header or a whole table."""
    change, told = OF_A_FILE[code]
    return Example(folder_name(code), change(clean()), expected("t0", told, SEED))


# The faults of other containers, of exports and of the census


def looked_at(folder: Path, kind: str, input_file: str, profile: str) -> tuple[Group, ...]:
    """What is found in the input of a folder."""
    if kind == "mapping":
        given = mapping.read(folder / MAPPING, load())
        return mapping.check(given, mapping.opened(given.inputs, [folder]), load()).groups
    report = report_on(folder / input_file, kind, profile)
    assert not report.crashed, report.crashed
    return report.groups


def seen(
    name: str, files: Files, also: frozenset[str], seed: int = SEED, kind: str = "return", input_file: str = ""
) -> Example:
    """An example of the code that its name begins with, with the rows that a check finds; the codes are stated."""
    with TemporaryDirectory() as temporary:
        put(Path(temporary) / "case", files)
        findings = told(looked_at(Path(temporary) / "case", kind, input_file, "t0"))
    codes = {item["code"] for item in findings}
    assert codes == {name.partition("-")[0], *also}, f"{name} shows {sorted(codes)}: say so in ALSO, or make it quieter"
    return Example(name, files, expected("t0", findings, seed, kind, input_file))


def of_other_format(code: str) -> Example:
    """The example of a fault that a folder of CSV cannot have."""
    change, input_file = corpus_files.OF_OTHER_FORMATS[code]
    return seen(folder_name(code), change(clean()), frozenset(), input_file=input_file)


def of_export(code: str) -> Example:
    """The example of a fault of an export, with the mapping that finds it."""
    return seen(folder_name(code), corpus_files.export(code), frozenset(), kind="mapping")


def of_census(code: str, number: int) -> Example:
    """The example of a fault of a census file; ``number`` is that of the rule's bad case, 0 for a fault of reading."""
    text = census_text(code, number)
    also = corpus_census.ALSO.get(code, frozenset())
    file = corpus_census.FILE
    return seen(folder_name(code), {file: text.encode()}, also, number, kind="census", input_file=file)


def census_text(code: str, number: int) -> str:
    """The text of a faulty census."""
    return corpus_census.of_rule(code, number) if code in corpus_census.BAD else corpus_census.of_reader(code)


# Every rule at once


def every_rule() -> Iterator[Example]:
    """The returns and the census that show every rule between them."""
    returns = {"return": corpus_every.every_return, "nothing-in-it": corpus_every.nothing_in_it}
    for name, make in returns.items():
        yield _whole_of(name, files_of(make()), corpus_every.PROFILE, "return", "")
    numbers = {code: said_of(EXAMPLES / "invalid" / folder_name(code))["seed"] for code in corpus_census.BAD}
    text = corpus_every.every_census(numbers)
    yield _whole_of("census", {corpus_census.FILE: text.encode()}, "t0", "census", corpus_census.FILE)


def _whole_of(name: str, files: Files, profile: str, kind: str, input_file: str) -> Example:
    with TemporaryDirectory() as temporary:
        put(Path(temporary) / name, files)
        findings = told(looked_at(Path(temporary) / name, kind, input_file, profile))
    return Example(name, files, expected(profile, findings, corpus_every.SEED, kind, input_file))


# Whole returns


def valid() -> dict[str, Files]:
    """The clean examples, by folder."""
    scotland = synth.make(6, 5, load(), "scotland")
    return {"valid/england-small": files_of(whole()), "valid/scotland-small": files_of(scotland)}


def narrower() -> dict[str, Files]:
    """Returns that hold just what a narrower profile asks for, by folder."""
    made = whole()
    return {f"profiles/{profile}": files_of(_asked(made, profile)) for profile in ("t0", "starter", "core")}


def _asked(made: Tables, profile: str) -> Tables:
    tables = [table for table in load().tables if table.in_profile(profile)]
    keep = {t.name: [c.name for c in t.columns if c.required or c.in_profile(profile) or not c.coded] for t in tables}
    derived = {t.name: {c.name for c in t.columns if c.derived or c.tier == "T2"} for t in tables}
    return {name: made[name].select(c for c in columns if c not in derived[name]) for name, columns in keep.items()}


def whole() -> dict[str, pl.DataFrame]:
    """The return of england-small, which stands as Parquet and as a workbook as well."""
    return synth.make(8, 11, load())


def workbook(path: Path) -> None:
    """Write the return as a workbook with a sheet a table, every cell text."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        book.set_properties({"created": datetime(2026, 4, 1, tzinfo=UTC)})
        for name, frame in whole().items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate([tuple(frame.columns), *frame.iter_rows()]):
                for column, cell in enumerate(row):
                    if cell:
                        sheet.write_string(number, column, cell)


def parquet(folder: Path) -> None:
    """Write the return as Parquet."""
    formats.write(whole(), folder, "parquet", load(), force=True)


def census(path: Path) -> None:
    """Write the small census file."""
    cin_write.write(synth.census(6, 4, load()), path, load())


def seeds_of(code: str) -> Iterator[int]:
    """The seed that the example was made from, then all others."""
    at = EXAMPLES / "invalid" / folder_name(code) / EXPECTED
    if at.is_file():
        yield json.loads(at.read_text(encoding="utf-8"))["seed"]
    yield from SEEDS


def put(folder: Path, files: Files) -> None:
    """Write a folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)


# The manifest

FOLDERS = ("invalid", "every-rule", "valid", "profiles", "census")


def manifest() -> str:
    """The manifest of everything under examples that a tool can be held against, from what is there."""
    cases = [case for folder in FOLDERS for case in _cases(EXAMPLES / folder)]
    document = {
        "format": conformance.FORMAT,
        "format_version": conformance.FORMAT_VERSION,
        "standard_version": load().version,
        "codes_without_case": dict(corpus_files.WITHOUT_FILE),
        "cases": sorted(cases, key=lambda case: str(case["name"])),
    }
    return json.dumps(document, indent=1) + "\n"


def _cases(folder: Path) -> Iterator[dict[str, Any]]:
    for item in sorted(folder.iterdir()):
        if (item / EXPECTED).is_file():
            said = json.loads((item / EXPECTED).read_text(encoding="utf-8"))
        else:
            kind = folder.name if folder.name == "census" else "return"
            profile = {"census": "t0", "profiles": item.name}.get(folder.name, "extended")
            said = expected(profile, told(looked_at(item, kind, "", profile)), 0, kind)
        files = [path for path in sorted(item.rglob("*")) if path.is_file() and path.name != EXPECTED] or [item]
        yield {
            "name": item.relative_to(EXAMPLES).as_posix(),
            "path": (item / said["input"]).relative_to(EXAMPLES).as_posix(),
            "kind": said["kind"],
            "profile": said["profile"],
            "files": {path.relative_to(EXAMPLES).as_posix(): conformance.fingerprint(path) for path in files},
            "findings": said["findings"],
        }


def main() -> None:
    """Write every example."""
    for name, files in (valid() | narrower()).items():
        put(EXAMPLES / name, files)
    workbook(EXAMPLES / "valid" / "england-workbook.xlsx")
    parquet(EXAMPLES / "valid" / "england-parquet")
    documents.write(EXAMPLES / "documents")
    (EXAMPLES / "census").mkdir(exist_ok=True)
    census(EXAMPLES / "census" / "small.xml")
    made = [planted(code, seeds_of(code)) for code in faults.recipe_book(load()) | faults.dataset_recipes()]
    made += [of_a_file(code) for code in OF_A_FILE]
    made += [of_other_format(code) for code in corpus_files.OF_OTHER_FORMATS]
    made += [of_export(code) for code in corpus_files.OF_EXPORTS]
    made += [of_census(code, corpus_census.quietest(code)) for code in corpus_census.BAD]
    made += [of_census(code, 0) for code in corpus_census.TEXTS]
    shutil.rmtree(EXAMPLES / "invalid", ignore_errors=True)
    for example in made:
        put(EXAMPLES / "invalid" / example.name, example.contents)
    for example in every_rule():
        put(EXAMPLES / "every-rule" / example.name, example.contents)
    (EXAMPLES / conformance.MANIFEST).write_text(manifest(), encoding="utf-8")


if __name__ == "__main__":
    main()
